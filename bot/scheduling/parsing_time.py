"""A time of day as people write it: understood, or refused with examples."""

from __future__ import annotations

import re
import unicodedata
from datetime import time

from bot.errors import ScheduleError

EXAMPLES = "write it like 09:00, 21:30, 9am or 9:30 pm"
NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}
LAST_HOUR = 23
LAST_MINUTE = 59
HALF_DAY = 12

_TIME = re.compile(
    r"""(?P<hour>\d{1,2})
        (?:\s*[:.h]\s*(?P<minute>\d{2})|(?P<run_on>\d{2})|(?P<oclock>\s*o'clock|h)?)
        \s*(?P<half>[ap])?(?(half)\.?m?\.?)""",
    re.VERBOSE,
)


def read_time(text: str) -> time:
    """Read a wall time, to the minute.

    Raises:
        ScheduleError: it is no time of day, or could mean two; the message says which and how
            to write it.
    """
    typed = (
        unicodedata.normalize("NFKC", text)
        .strip()
        .casefold()
        .replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )
    if typed in NAMED:
        return NAMED[typed]
    found = _TIME.fullmatch(typed)
    if found is None:
        raise ScheduleError(f"'{_shown(text)}' is not a time of day; {EXAMPLES}.")
    hour = int(found["hour"])
    minute = int(found["minute"] or found["run_on"] or 0)
    if minute > LAST_MINUTE:
        raise ScheduleError(f"'{_shown(text)}' has {minute} minutes, an hour has 60; {EXAMPLES}.")
    if found["half"]:
        return time(_of_half_day(text, hour, afternoon=found["half"] == "p"), minute)
    if hour > LAST_HOUR:
        remedy = "midnight is 00:00" if (hour, minute) == (LAST_HOUR + 1, 0) else EXAMPLES
        raise ScheduleError(f"'{_shown(text)}' has hour {hour}, a day ends at 23:59; {remedy}.")
    if typed.isdigit() and len(typed) <= len("12") and 0 < hour <= HALF_DAY:
        raise ScheduleError(
            f"'{_shown(text)}' could be morning or evening; "
            f"write {hour:02}:00, {hour}am or {hour}pm.",
        )
    return time(hour, minute)


def _of_half_day(text: str, hour: int, *, afternoon: bool) -> int:
    if not 1 <= hour <= HALF_DAY:
        raise ScheduleError(
            f"'{_shown(text)}' mixes hour {hour} with am or pm, which go from 1 to 12; {EXAMPLES}.",
        )
    return hour % HALF_DAY + (HALF_DAY if afternoon else 0)


def _shown(text: str) -> str:
    """Keep what was typed short and on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"  # noqa: PLR2004 - enough to recognise it
