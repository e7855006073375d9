"""A limit for each member, so that nobody floods a channel."""

from __future__ import annotations

import math
import time
from collections import deque
from typing import TYPE_CHECKING

from cachetools import TTLCache

from bot.errors import UserFacingError
from bot.localization.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Cooldown

MAX_MEMBERS = 10_000
"""Members counted at the same time; beyond it, those counted longest ago begin anew."""
TOO_MANY = sentence(
    "That was a lot at once! So that others can read along, please wait {seconds} s before the "
    "next. Answers of `/ask` with `private: True` are for you alone and need no wait."
)


class MemberCooldown:
    """Counts the answers each member has posted of late, in memory alone."""

    def __init__(self, limit: Cooldown, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._members: TTLCache[int, deque[float]] = TTLCache(
            MAX_MEMBERS, limit.seconds, timer=monotonic
        )

    @property
    def member_count(self) -> int:
        """The number of members counted now."""
        self._members.expire()
        return len(self._members)

    def count(self, member: int) -> None:
        """Count an answer that a member posts.

        Raises:
            UserFacingError: It is one too many for now.
        """
        if self._limit.is_off:
            return
        now = self._monotonic()
        posted = self._members.get(member) or deque()
        while posted and now - posted[0] >= self._limit.seconds:
            posted.popleft()
        if len(posted) >= self._limit.uses:
            wait = posted[0] + self._limit.seconds - now
            raise UserFacingError(TOO_MANY, seconds=math.ceil(wait))
        posted.append(now)
        self._members[member] = posted  # put there anew, so that it is kept as long as it counts

    def uncount(self, member: int) -> None:
        """Take back the newest count of a member, whose answer nobody else sees."""
        if posted := self._members.get(member):
            posted.pop()
