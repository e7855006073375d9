"""Servers, schedules, deliveries, alerts and gaps: the frozen data of the state.

A schedule says when and where to post. A delivery is one due post of it, written down before
anything is sent; completed deliveries are the history. An alert tells an admin what went wrong.
Ids of servers, channels, roles, people and messages are Discord's, as integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from bot.localization.messages import sentence
from bot.scheduling.recurrence import Occurrence

if TYPE_CHECKING:
    from datetime import date

    from bot.localization.messages import Message
    from bot.scheduling.recurrence import Timetable

Payload = Mapping[str, Any]
"""A message as it is sent to Discord: JSON, opaque to everything in this folder."""

DEFAULT_WINDOW = timedelta(hours=6)


FACT, RELEASE = "fact/", "release/"
"""The beginnings of the ids of entries that are no quotes."""

QUOTE_HEADING, FACT_HEADING = sentence("Quote of the day"), sentence("Fact of the day")
DAY_HEADING = sentence("On this day")
"""The headings of posts, unless an admin chose another."""


class PostKind(StrEnum):
    """The kind of entries that a schedule posts."""

    QUOTES = "quotes"
    FACTS = "facts"
    BOTH = "both"
    """A quote and a fact in turn."""


class Stopped(StrEnum):
    """Reason why a schedule is due no more, until somebody resumes it."""

    PAUSED = "paused"
    SUSPENDED = "suspended"


class Trigger(StrEnum):
    """Origin of a delivery."""

    SCHEDULED = "scheduled"
    ON_DEMAND = "on_demand"
    """An admin asked for it with `/daily now`: a refusal never counts against the schedule."""


class Outcome(StrEnum):
    """How a delivery ended."""

    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"
    """Discord refused, or the window closed: it was certainly not posted."""
    MISSED = "missed"
    """Nothing was running, or nothing could be tried, until the window had closed."""
    UNKNOWN = "unknown"
    """It may have been posted; that cannot be known, so it is never sent again."""


class AlertKind(StrEnum):
    """Subject of an alert."""

    FAILED = "failed"
    SUSPENDED = "suspended"
    MISSED = "missed"
    UNKNOWN = "unknown"
    ROLE_GONE = "role_gone"
    THREAD_FAILED = "thread_failed"
    PUBLISH_FAILED = "publish_failed"


class FollowUpKind(StrEnum):
    """The kind of a follow-up of a post."""

    THREAD = "thread"
    """A thread is opened below it."""
    PUBLISH = "publish"
    """It is published to the followers of its announcement channel."""


class FollowUpStatus(StrEnum):
    """Progress of a follow-up."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class AlertStatus(StrEnum):
    """Whether an alert is still to be sent, or how sending ended."""

    PENDING = "pending"
    SENT_TO_CHANNEL = "sent_to_channel"
    SENT_TO_USER = "sent_to_user"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Guild:
    """A server's settings.

    `packs` is None where all of the host's packs answer.
    """

    id: int
    packs: frozenset[str] | None = None
    alerts_channel_id: int | None = None
    left_at: datetime | None = None
    keeps_gaps: bool = False
    """Whether what its members ask in vain is kept."""
    takes_suggestions: bool = False
    """Whether its members may suggest questions and corrections."""


class GapKind(StrEnum):
    """The way in which members found something missing or wrong."""

    UNANSWERED = "unanswered"
    """A question that got no answer, or only suggestions."""
    NOT_RIGHT = "not_right"
    """"Not right?" below an answer."""
    SUGGESTED = "suggested"
    """`/suggest`."""


MAX_GAPS = 1_000
"""Gaps that a server keeps at most."""
GAP_DAYS = 60
"""Days for which a gap is kept after it was last asked."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Words that members found missing or wrong in the notes, and how often."""

    kind: GapKind
    words: str
    last_day: date
    times: int = 1
    pack: str | None = None
    """The pack of the fact that is said to be wrong."""
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class PostStyle:
    """The look of a schedule's posts, None where it is usual."""

    title: str | None = None
    colour: int | None = None
    language: str | None = None
    """Of the posts' own words and of alerts; English where there is none."""


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """An admin's choices for a schedule."""

    channel_id: int
    timetable: Timetable
    pack: str | None = None
    speaker: str | None = None
    role_id: int | None = None
    window: timedelta = DEFAULT_WINDOW
    kind: PostKind = PostKind.QUOTES
    style: PostStyle = PostStyle()
    opens_thread: bool = False
    publishes: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """A named schedule of a server, with its state.

    `next_due` is None while it is stopped. `revision` counts every change to the row; every
    writer compares it, so that a delivery and an edit never overwrite each other. What came due
    until `uncertain_until` may have been posted without this state knowing: a backup was restored.
    One that was removed is kept for a day as it was, due no more and without its name.
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
    uncertain_until: datetime | None = None
    stopped: Stopped | None = None
    failures: int = 0
    revision: int = 0
    removed_at: datetime | None = None

    @property
    def next_occurrence(self) -> Occurrence:
        """Return the next occurrence of a schedule that is not stopped."""
        if self.next_day is None or self.next_due is None:
            raise AssertionError("a schedule that is stopped has no next time")
        return Occurrence(self.next_day, self.next_due)

    def is_paused(self, now: datetime) -> bool:
        """Return whether an admin has paused it."""
        until = self.paused_until
        return self.stopped is Stopped.PAUSED or (until is not None and now < until)

    def is_uncertain(self, due: datetime) -> bool:
        """Return whether a post due then may precede a restored backup."""
        return self.uncertain_until is not None and due <= self.uncertain_until


@dataclass(frozen=True, slots=True)
class Delivery:
    """One due post: its message, the process that holds it, its outcome.

    `quote_id` names its entry: a quote, or a fact or release by the beginning of the id.
    `occurrence` names it within its schedule: the local date, or the interaction that asked for
    it. `available_at` is when any process may take it up: the end of its lease, or the next try;
    None once there is an outcome. `uncertain_since` is the first attempt whose fate is not known;
    while it is None, the post is certainly not in the channel.

    `bot.scheduling.worker.deliveries` draws how these change.
    """

    id: str
    schedule_id: str
    guild_id: int
    channel_id: int
    trigger: Trigger
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
    reason: Message | None = field(default=None, hash=False)
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A post's thread or publication, made after the post."""

    id: str
    delivery_id: str
    kind: FollowUpKind
    created_at: datetime
    available_at: datetime | None
    attempts: int = 0
    status: FollowUpStatus = FollowUpStatus.PENDING
    reason: Message | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class Alert:
    """A message to an admin about a problem, with its status."""

    id: str
    guild_id: int
    schedule_id: str
    kind: AlertKind
    text: str
    created_at: datetime
    available_at: datetime | None
    attempts: int = 0
    status: AlertStatus = AlertStatus.PENDING
    reason: Message | None = field(default=None, hash=False)


def new_scheduled_delivery(schedule: Schedule, occurrence: Occurrence) -> Delivery:
    """Make the delivery of a due occurrence, which waits as long as its schedule says."""
    return new_delivery(
        schedule, occurrence.day.isoformat(), occurrence.instant, schedule.settings.window
    )


def new_delivery(
    schedule: Schedule,
    occurrence: str,
    scheduled_for: datetime,
    window: timedelta,
    trigger: Trigger = Trigger.SCHEDULED,
) -> Delivery:
    """Make the delivery of an occurrence, without a quote or a holder."""
    return Delivery(
        id=delivery_id(schedule.id, occurrence),
        schedule_id=schedule.id,
        guild_id=schedule.guild_id,
        channel_id=schedule.settings.channel_id,
        trigger=trigger,
        occurrence=occurrence,
        scheduled_for=scheduled_for,
        expires_at=scheduled_for + window,
        role_id=schedule.settings.role_id,
    )


def delivery_id(schedule_id: str, occurrence: str) -> str:
    """Derive a delivery's id from its schedule and occurrence.

    It has 20 characters, as it serves as Discord's nonce (25 at most) and stands in the custom id
    of the post's button.
    """
    return blake2b(f"{schedule_id}/{occurrence}".encode(), digest_size=10).hexdigest()


def follow_up_id(kind: FollowUpKind, of_delivery: str) -> str:
    """Derive a follow-up's unique id from its kind and delivery."""
    return blake2b(f"{kind}/{of_delivery}".encode(), digest_size=10).hexdigest()


def alert_id(kind: AlertKind, about: str) -> str:
    """Derive an alert's id from its subject, so that it is unique."""
    return blake2b(f"{kind}/{about}".encode(), digest_size=10).hexdigest()


def damage_alert_id(kind: AlertKind, row_id: str | None) -> str:
    """Derive the id of an alert of a damaged row."""
    return alert_id(kind, f"damaged/{row_id}")
