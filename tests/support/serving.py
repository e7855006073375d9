"""The real client, started over a sandbox and closed again."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import TYPE_CHECKING

from bot.client.adapters.wiring import equip
from bot.client.app import App
from bot.client.endpoint import use_endpoint
from bot.scheduling.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.client.identify_gate import IdentifyGate
    from bot.client.services import Services
    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox
    from bot.scheduling.limits import Limits
    from bot.scheduling.ports import Clock
    from bot.scheduling.storage.database import State
    from bot.settings import Shards


@contextlib.asynccontextmanager
async def serving(  # noqa: PLR0913 - a client has this many edges
    sandbox: Sandbox,
    services: Services,
    endpoint: Endpoint,
    *,
    shards: Shards | None = None,
    state: State | None = None,
    clock: Clock | None = None,
    limits: Limits | None = None,
    identifying: IdentifyGate | None = None,
) -> AsyncIterator[App]:
    """Serve until the block ends; with a state, post as well. A failing start raises here."""
    with use_endpoint(endpoint):
        async with App(services, endpoint=endpoint, shards=shards, identifying=identifying) as app:
            if state is not None:
                chance = random.Random(5).random
                equip(app, state, clock or SystemClock(), chance, limits)
            running = asyncio.create_task(app.start(sandbox.token))
            ready = asyncio.create_task(app.wait_until_ready())
            await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
            yield app
            await app.close()
            await running
