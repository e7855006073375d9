"""Daily posts as the meter hears of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.observability.meter import Meter
    from bot.scheduling.models import Delivery

ON_THE_SPOT = "now:"
"""How the occurrence of a post begins that an admin asked for: it is never late."""


def post_recorder(meter: Meter) -> Callable[[Delivery], None]:
    """Return what the poster calls with every claim that ended."""

    def ended(delivery: Delivery) -> None:
        is_sent = delivery.message_id is not None and delivery.finished_at is not None
        is_daily = not delivery.occurrence.startswith(ON_THE_SPOT)
        lateness = None
        if is_sent and is_daily and delivery.finished_at is not None:
            lateness = max(0.0, (delivery.finished_at - delivery.scheduled_for).total_seconds())
        meter.post(str(delivery.outcome), lateness)

    return ended
