"""The time of the daily post, verified against two other clocks.

A clock may be wrong for seconds or for years: a machine without a clock battery, a restored
virtual machine, a typing error. So wall time is held against monotonic time, which nobody sets,
and against the `Date` of Discord's answers. Two of the three must agree: a step of the wall clock
alone moves nothing, and a clock that was wrong from the start is corrected by Discord's.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.localization.messages import message, plural_message

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.localization.messages import Message

log = structlog.stdlib.get_logger("bot.scheduling")

MAX_CLOCK_ERROR = timedelta(seconds=10)
"""How far a clock may be off: less than anybody notices, more than a slow answer makes of it."""
TELLINGS = 3
"""How often in a row Discord must say so before it is believed against both clocks of this machine.

Once or twice may be an error of theirs, or of a proxy on the way.
"""
FRESH_SECONDS = 300.0
"""How long Discord's word is relied on: half the shortest window, so that no post is missed."""
UNINTERRUPTED_SECONDS = 0.5
SECONDS_OF_A_DAY, SECONDS_OF_AN_HOUR, SECONDS_OF_A_MINUTE = 86_400, 3_600, 60
TRIES = 5
"""Two clocks are read again if the process was held up between them."""


class Trust(StrEnum):
    """How far the time is confirmed by a second source."""

    CONFIRMED = "confirmed"
    STALE = "stale"
    """It was confirmed, but not lately."""
    DOUBTED = "doubted"
    """It was never confirmed, or two clocks have disagreed since."""
    UNTOLD = "untold"
    """Discord answers without a date, so there is nothing to confirm it by."""


class AdjustableClock(Protocol):
    """A clock that can be moved forward."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        ...

    def forward(self, by: timedelta) -> None:
        """Move it forward."""
        ...


class SystemClock:
    """The system's time, plus an offset that only tests and demonstrations set."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return datetime.now(UTC) + self._ahead

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    def forward(self, by: timedelta) -> None:
        """Move the time forward.

        A worker that rests until then must be woken.
        """
        self._ahead += by


class TrustedTime:
    """The time check of a test's or demonstration's clock."""

    trust = Trust.CONFIRMED
    problem = None
    jumps = 0


@dataclass(frozen=True, slots=True)
class _Reading:
    """Both clocks of this machine at one moment."""

    wall: datetime
    monotonic: float


@dataclass(frozen=True, slots=True)
class _Told:
    """Discord's time, with the monotonic time of its arrival."""

    theirs: datetime
    monotonic: float


def read_wall() -> datetime:
    """Return the system's wall time, in UTC."""
    return datetime.now(UTC)


def read_monotonic() -> float:
    """Return the seconds since the machine's start, those in suspension included."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)  # Linux alone has it
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


class VerifiedClock:
    """A clock that goes by wall time until another contradicts it."""

    def __init__(
        self,
        wall: Callable[[], datetime] = read_wall,
        monotonic: Callable[[], float] = read_monotonic,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._correction = timedelta()
        self._last = self._read()
        self._told: _Told | None = None
        self._tellings = 0
        """How many answers in a row told of one time that goes on."""
        self._confirmed_at: float | None = None
        self._is_doubted = True
        self._is_untold = False
        self._ahead = timedelta()
        self.jumps = 0
        """How often the time was found to have been wrong, and was corrected."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return self._follow().wall + self._correction

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    def note_reference(self, theirs: datetime | None) -> None:
        """Hold the time against Discord's; None if its answer tells none."""
        reading = self._follow()
        if theirs is None:
            self._is_untold = self._is_untold or self._is_doubted
            return
        before, self._told = self._told, _Told(theirs, reading.monotonic)
        is_same_time = before is not None and _is_consistent(before, self._told)
        self._tellings = self._tellings + 1 if is_same_time else 1
        self._is_untold = False
        ahead = reading.wall - theirs
        if abs(ahead) <= MAX_CLOCK_ERROR:
            self._confirm(reading, timedelta(), timedelta())
        elif abs(ahead + self._correction) <= MAX_CLOCK_ERROR:
            self._confirm(reading, self._correction, ahead)
        elif self._tellings >= TELLINGS:  # and monotonic time agrees with Discord's
            self._confirm(reading, -ahead, ahead)
        else:
            self._is_doubted = True

    @property
    def trust(self) -> Trust:
        """How far the present time is confirmed."""
        reading = self._follow()
        if self._is_untold:
            return Trust.UNTOLD
        if self._is_doubted or self._confirmed_at is None:
            return Trust.DOUBTED
        # Monotonic time may lie as well, on a machine that was restored: then it is far ahead.
        age = reading.monotonic - self._confirmed_at
        return Trust.CONFIRMED if 0 <= age < FRESH_SECONDS else Trust.STALE

    @property
    def problem(self) -> Message | None:
        """A sentence on this machine's clock and its remedy, or None."""
        trust = self.trust
        if self._ahead > timedelta():
            return message(
                "This machine's clock is {offset} ahead of Discord's, so posts go by Discord's. "
                "Let NTP set it: timedatectl set-ntp true.",
                offset=_describe_offset(self._ahead),
            )
        if self._ahead:
            return message(
                "This machine's clock is {offset} behind Discord's, so posts go by Discord's. "
                "Let NTP set it: timedatectl set-ntp true.",
                offset=_describe_offset(self._ahead),
            )
        if trust is Trust.DOUBTED:
            return message(
                "This machine's clock is not confirmed: Discord has not told the time yet, or the "
                "clock was moved since. Nothing is posted until Discord has told it."
            )
        return None

    def _follow(self) -> _Reading:
        """Read the clocks, without a step that Discord has not confirmed."""
        reading = self._read()
        passed = timedelta(seconds=reading.monotonic - self._last.monotonic)
        step = reading.wall - self._last.wall - passed
        self._last = reading
        if passed < timedelta():  # monotonic time itself has lied: what was written meanwhile?
            self.jumps += 1
            self._is_doubted = True
        if abs(step) > MAX_CLOCK_ERROR:
            self._correction -= step
            self._is_doubted = True
            log.warning("this machine's clock was moved", by=str(step))
        return reading

    def _read(self) -> _Reading:
        for _ in range(TRIES):
            before, wall = self._monotonic(), self._wall()
            if self._monotonic() - before < UNINTERRUPTED_SECONDS:
                break
        return _Reading(wall, before)

    def _confirm(self, reading: _Reading, correction: timedelta, ahead: timedelta) -> None:
        if bool(ahead) != bool(self._ahead):
            if ahead:
                side = "ahead" if ahead > timedelta() else "behind"
                log.error("this machine's clock is off", off=f"{_describe_offset(ahead)} {side}")
            else:
                log.info("this machine's clock is right again")
        if abs(correction - self._correction) > MAX_CLOCK_ERROR:
            self.jumps += 1
        self._correction, self._ahead = correction, ahead
        self._confirmed_at = reading.monotonic
        self._is_doubted = False


def _is_consistent(before: _Told, after: _Told) -> bool:
    """Return whether Discord's clock has moved as monotonic time has."""
    passed = timedelta(seconds=after.monotonic - before.monotonic)
    return abs(after.theirs - before.theirs - passed) <= MAX_CLOCK_ERROR


def _describe_offset(ahead: timedelta) -> Message:
    seconds = int(abs(ahead).total_seconds())
    if seconds >= SECONDS_OF_A_DAY:
        return plural_message("{number} day", "{number} days", seconds // SECONDS_OF_A_DAY)
    if seconds >= SECONDS_OF_AN_HOUR:
        return plural_message("{number} hour", "{number} hours", seconds // SECONDS_OF_AN_HOUR)
    if seconds >= SECONDS_OF_A_MINUTE:
        return plural_message("{number} minute", "{number} minutes", seconds // SECONDS_OF_A_MINUTE)
    return plural_message("{number} second", "{number} seconds", seconds)
