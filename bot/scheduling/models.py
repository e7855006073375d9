"""What the daily post is made of: servers' settings, schedules, claims, notices. Frozen.

A schedule says when and where. A claim is one due post of it, written down before anything is
sent. The claims with an outcome are the ledger. A notice is what an admin is told.
Ids of servers, channels, roles, people and messages are Discord's, as integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from bot.scheduling.recurrence import Timetable

Payload = Mapping[str, Any]
"""A message as it is sent to Discord: JSON, opaque to everything in this folder."""

DEFAULT_WINDOW = timedelta(hours=6)


class Stopped(StrEnum):
    """Why a schedule is due no more, until somebody resumes it."""

    PAUSED = "paused"
    SUSPENDED = "suspended"


class Outcome(StrEnum):
    """How a claim ended."""

    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"
    """Discord refused, or the window closed: it was certainly not posted."""
    MISSED = "missed"
    """Nothing was running, or nothing could be tried, until the window had closed."""
    UNKNOWN = "unknown"
    """It may have been posted; that cannot be known, so it is never sent again."""


class AlertKind(StrEnum):
    """What an admin is told."""

    FAILED = "failed"
    SUSPENDED = "suspended"
    MISSED = "missed"
    UNKNOWN = "unknown"


class AlertStatus(StrEnum):
    """How telling an admin ended."""

    IN_CHANNEL = "in channel"
    IN_PERSON = "in person"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Guild:
    """A server's settings; `packs` is None where all of the host's packs answer."""

    id: int
    packs: frozenset[str] | None = None
    alerts_channel_id: int | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """What an admin chooses for a schedule."""

    channel_id: int
    timetable: Timetable
    pack: str | None = None
    speaker: str | None = None
    role_id: int | None = None
    window: timedelta = DEFAULT_WINDOW


@dataclass(frozen=True, slots=True)
class Schedule:
    """A named schedule of a server, with where it stands.

    `next_due` is None while it is stopped. `revision` counts every change to the row; whoever
    claims compares it, so that a claim and an edit never overwrite each other.
    """

    id: str
    guild_id: int
    name: str
    settings: ScheduleSettings
    seed: str
    created_by: int
    created_at: datetime
    next_day: date | None = None
    next_due: datetime | None = None
    paused_until: datetime | None = None
    stopped: Stopped | None = None
    failures: int = 0
    revision: int = 0

    def is_paused(self, now: datetime) -> bool:
        """Say whether an admin has paused it, for now or until it is resumed."""
        until = self.paused_until
        return self.stopped is Stopped.PAUSED or (until is not None and now < until)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One due post: what will be sent, by whom until when, and how it ended.

    `free_at` is when anybody may take the claim up: the end of its lease, or the next try; None
    once there is an outcome. `doubt_since` is the first attempt whose fate is not known; while
    it is None, the post is certainly not in the channel.
    """

    id: str
    schedule_id: str
    guild_id: int
    channel_id: int
    occurrence: str
    scheduled_for: datetime
    expires_at: datetime
    quote_id: str | None = None
    draw_number: int | None = None
    payload: Payload | None = field(default=None, hash=False)
    role_id: int | None = None
    locked_by: str | None = None
    available_at: datetime | None = None
    attempts: int = 0
    first_attempt_at: datetime | None = None
    uncertain_since: datetime | None = None
    outcome: Outcome | None = None
    message_id: int | None = None
    reason: str | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """Something an admin is told, once it could be told, and how that ended."""

    id: str
    guild_id: int
    schedule_id: str
    kind: AlertKind
    text: str
    created_at: datetime
    free_at: datetime | None
    attempts: int = 0
    told: AlertStatus | None = None
    reason: str | None = None


def new_delivery(
    schedule: Schedule, occurrence: str, scheduled_for: datetime, window: timedelta
) -> Delivery:
    """Make the claim of a schedule's occurrence, which nobody holds and nothing is chosen for."""
    return Delivery(
        id=delivery_id(schedule.id, occurrence),
        schedule_id=schedule.id,
        guild_id=schedule.guild_id,
        channel_id=schedule.settings.channel_id,
        occurrence=occurrence,
        scheduled_for=scheduled_for,
        expires_at=scheduled_for + window,
        role_id=schedule.settings.role_id,
    )


def delivery_id(schedule_id: str, occurrence: str) -> str:
    """Name a claim by what it is for: 20 characters, the same in every process and restart.

    It serves as Discord's nonce (25 characters at most) and stands in the button's `custom_id`.
    """
    return blake2b(f"{schedule_id}/{occurrence}".encode(), digest_size=10).hexdigest()


def alert_id(kind: AlertKind, delivery: str) -> str:
    """Name a notice by what it is about, so that it is written once."""
    return blake2b(f"{kind}/{delivery}".encode(), digest_size=10).hexdigest()
