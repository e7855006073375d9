"""Daily posts as the meter hears of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.observability.meter import Meter
    from bot.scheduling.models import Claim

ON_THE_SPOT = "now:"
"""How the occurrence of a post begins that an admin asked for: it is never late."""


def post_recorder(meter: Meter) -> Callable[[Claim], None]:
    """Return what the poster calls with every claim that ended."""

    def ended(claim: Claim) -> None:
        is_sent = claim.message_id is not None and claim.finished_at is not None
        is_daily = not claim.occurrence.startswith(ON_THE_SPOT)
        lateness = None
        if is_sent and is_daily and claim.finished_at is not None:
            lateness = max(0.0, (claim.finished_at - claim.due).total_seconds())
        meter.post(str(claim.outcome), lateness)

    return ended
