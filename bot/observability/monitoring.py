"""The monitoring of one process, if a port is given."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import ConfigError
from bot.observability.health import Health
from bot.observability.meter import NoMeter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.observability.meter import Meter


@dataclass(frozen=True, slots=True)
class Monitoring:
    """The meter and the health of a process."""

    meter: Meter
    health: Health
    port: int | None = None
    """The port of the pages; None where they are off."""


@asynccontextmanager
async def start_monitoring(port: int | None) -> AsyncIterator[Monitoring]:
    """Serve metrics and health on a local port, or on none.

    Raises:
        ConfigError: The port is taken, or the extra is not installed.
    """
    if port is None:
        yield Monitoring(NoMeter(), Health())
        return
    # Imported here: a host without metrics needs neither the extra nor its memory.
    try:
        from bot.observability.prometheus import PrometheusMeter  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigError(
            "LINERNOTES_METRICS_PORT is set, which needs an extra: install it with "
            "pip install 'linernotes[metrics]', or unset the port."
        ) from error
    from bot.observability.listener import serve_pages  # noqa: PLC0415

    meter, health = PrometheusMeter(), Health()
    async with serve_pages(port, meter, health) as bound:
        yield Monitoring(meter, health, bound)
