"""The values that columns may hold, and stand-ins for damaged ones.

SQLite keeps any value in any column, and one of the right type may still be none of ours: a kind
that no program knows, a window of minus five seconds, half a payload.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, Integer, String

from bot.localization.languages import TRANSLATED
from bot.localization.messages import Message, sentence
from bot.scheduling.models import (
    DEFAULT_WINDOW,
    AlertKind,
    AlertStatus,
    FollowUpKind,
    FollowUpStatus,
    GapKind,
    Outcome,
    PostKind,
    Stopped,
    Trigger,
)
from bot.scheduling.storage.tables import (
    MOST_COUNTED,
    Instant,
    PackNames,
    StoredReason,
    alerts,
    deliveries,
    follow_ups,
    gaps,
    schedules,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Column, Row, Table
    from sqlalchemy.types import TypeEngine

EVERY_DAY_BITS = 127
MINUTES_OF_A_DAY = 24 * 60
SECONDS_OF_A_DAY = 24 * 60 * 60
COLOURS = 2**24
TEXT_LOST = sentence(
    "The words of this alert were damaged. `/daily history` shows how each post ended."
)
"""Stands in for an alert's text, so that its admin is told something."""


def check_values(table: Table, row: Row[Any]) -> None:
    """Raise ValueError unless each column may hold its value.

    The table's columns come first in the row.
    """
    for column, value in zip(table.c, row, strict=False):
        if not may_hold(column, value):
            raise ValueError(f"{column.name} is {value!r}")


def may_hold(column: Column[Any], value: object) -> bool:
    """Return whether a value is of a column's type, range and choices."""
    if value is None:
        return bool(column.nullable)
    kinds = (kind for kind in _HOLDS if isinstance(column.type, kind))
    python, most = _HOLDS[next(kinds)]
    if not isinstance(value, python) or (isinstance(value, int) and not 0 <= value <= most):
        return False
    return column not in _CHECKS or _CHECKS[column](value)


def stand_in(column: Column[Any], row_key: object, now: datetime) -> object:
    """Return a readable value for a column whose own is damaged."""
    if column in _STAND_INS:
        return _STAND_INS[column]
    if column.nullable:
        return None
    if column.primary_key or column in _UNIQUE:
        return f"row {row_key}"
    kinds = (kind for kind in _HOLDS if isinstance(column.type, kind))
    python, _ = _HOLDS[next(kinds)]
    return now if python is datetime else python()


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_payload(value: str) -> bool:
    try:
        return isinstance(json.loads(value), dict)
    except (ValueError, RecursionError):
        return False


_HOLDS: dict[type[TypeEngine[Any]], tuple[type, int]] = {  # the more special type comes first
    Instant: (datetime, 0),
    PackNames: (frozenset, 0),
    StoredReason: (Message, 0),
    Boolean: (bool, 1),
    BigInteger: (int, 2**63 - 1),
    Integer: (int, MOST_COUNTED),
    String: (str, 0),
}
_CHECKS: dict[Column[Any], Callable[[Any], bool]] = {
    schedules.c.minute: range(MINUTES_OF_A_DAY).__contains__,
    schedules.c.days: range(1, EVERY_DAY_BITS + 1).__contains__,
    schedules.c.window_seconds: range(1, SECONDS_OF_A_DAY).__contains__,
    schedules.c.next_day: _is_date,
    schedules.c.stopped: frozenset(Stopped).__contains__,
    schedules.c.kind: frozenset(PostKind).__contains__,
    schedules.c.colour: range(COLOURS).__contains__,
    schedules.c.language: frozenset(TRANSLATED).__contains__,
    deliveries.c.trigger: frozenset(Trigger).__contains__,
    deliveries.c.payload: _is_payload,
    deliveries.c.outcome: frozenset(Outcome).__contains__,
    follow_ups.c.kind: frozenset(FollowUpKind).__contains__,
    follow_ups.c.status: frozenset(FollowUpStatus).__contains__,
    gaps.c.kind: frozenset(GapKind).__contains__,
    alerts.c.kind: frozenset(AlertKind).__contains__,
    alerts.c.status: frozenset(AlertStatus).__contains__,
}
_UNIQUE = frozenset({schedules.c.name, schedules.c.name_key, deliveries.c.occurrence})
_STAND_INS: dict[Column[Any], object] = {
    schedules.c.zone: "UTC",
    schedules.c.days: EVERY_DAY_BITS,
    schedules.c.window_seconds: DEFAULT_WINDOW // timedelta(seconds=1),
    schedules.c.kind: PostKind.QUOTES,
    deliveries.c.trigger: Trigger.SCHEDULED,
    deliveries.c.outcome: Outcome.UNKNOWN,
    follow_ups.c.kind: FollowUpKind.THREAD,
    follow_ups.c.status: FollowUpStatus.FAILED,
    alerts.c.kind: AlertKind.FAILED,
    alerts.c.status: AlertStatus.REFUSED,
    alerts.c.text: TEXT_LOST,
}
