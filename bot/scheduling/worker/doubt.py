"""How long a post has been in doubt, and from when on it may stand in its channel: pure.

Clocks are not trusted: Discord's differs from ours, and ours may have been set back meanwhile.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.scheduling.models import Delivery

CLOCKS_APART = timedelta(minutes=5)  # between Discord's and ours, when history is searched
SET_BACK = timedelta(days=1)  # how far back to look when our clock was set back meanwhile


def age(moment: datetime, now: datetime) -> timedelta:
    """Give how long ago a moment was; for ever, if the clock was set back behind it."""
    return now - moment if moment <= now else timedelta.max


def searched_from(delivery: Delivery, now: datetime) -> datetime:
    """Say from when on a claim in doubt may stand in its channel, by Discord's clock."""
    first = delivery.first_attempt_at or delivery.scheduled_for
    return (first if first <= now else now - SET_BACK) - CLOCKS_APART
