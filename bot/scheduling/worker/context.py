"""What all parts of the poster work with: the state, the time, the limits; and when to retry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.scheduling.limits import Limits
    from bot.scheduling.models import Delivery
    from bot.scheduling.ports import Clock
    from bot.scheduling.storage.database import State
    from bot.scheduling.worker.breaker import Breaker
    from bot.scheduling.worker.rate_limiter import Pace


@dataclass(frozen=True, slots=True)
class Means:
    """What claiming, delivering, telling and tidying up need, handed to each as one."""

    state: State
    clock: Clock
    limits: Limits
    pace: Pace
    breaker: Breaker
    chance: Callable[[], float]
    ended: Callable[[Delivery], None]

    def retry_at(self, attempts: int, at_least: float = 0.0) -> datetime:
        """Say when to try again: twice as long each time, with jitter, never sooner than asked."""
        doubled = self.limits.first_retry * (1 << min(attempts, 20))
        wait = min(doubled, self.limits.longest_retry) * (0.5 + self.chance() / 2)
        return self.clock.now() + max(wait, timedelta(seconds=at_least))
