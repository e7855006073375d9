"""A limit for each member, so that nobody floods a channel."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from cachetools import TTLCache
from discord import app_commands

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
    """Counts the answers each member has posted of late, in memory alone.

    discord.py's own check sweeps all of its members at every use, which costs an overloaded bot a
    millisecond each time; so only its counter for one member is used here.
    """

    def __init__(self, limit: Cooldown, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._members: TTLCache[int, app_commands.Cooldown] = TTLCache(
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
        counter = self._members.get(member)
        if counter is None:
            counter = app_commands.Cooldown(self._limit.uses, self._limit.seconds)
            self._members[member] = counter
        wait = counter.update_rate_limit(self._monotonic())
        if wait is not None:
            raise UserFacingError(TOO_MANY, seconds=math.ceil(wait))
