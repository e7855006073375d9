"""The context that every part of the worker is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.scheduling.clock import Trust

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.scheduling.limits import Limits
    from bot.scheduling.models import Delivery
    from bot.scheduling.ports import Clock, TimeCheck
    from bot.scheduling.storage.database import State
    from bot.scheduling.worker.breaker import CircuitBreaker
    from bot.scheduling.worker.rate_limiter import RateLimiter

MAX_DOUBLINGS = 20  # far beyond the longest wait, and no number too large to compute


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """The state, the time and the shared limits of one worker process."""

    worker_id: str
    """A random name of this process: it marks the deliveries that it holds."""
    state: State
    clock: Clock
    time_check: TimeCheck
    limits: Limits
    rate_limiter: RateLimiter
    breaker: CircuitBreaker
    chance: Callable[[], float]
    on_completed: Callable[[Delivery], None]

    @property
    def may_give_up(self) -> bool:
        """Return whether the time is certain enough to end what is too late."""
        return self.time_check.trust in {Trust.CONFIRMED, Trust.UNTOLD}

    def retry_at(self, attempts: int, at_least: float = 0.0) -> datetime:
        """Return when to try again: twice as late each time, with jitter.

        Never sooner than `at_least` seconds from now, as Discord's Retry-After asks.
        """
        doubled = self.limits.first_retry * (1 << min(attempts, MAX_DOUBLINGS))
        wait = min(doubled, self.limits.longest_retry) * (0.5 + self.chance() / 2)
        return self.clock.now() + max(wait, timedelta(seconds=at_least))
