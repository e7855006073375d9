"""The tables of the state database.

A change here needs a migration, and a test says so.

Instants are microseconds since 1970 in UTC: they sort, compare exactly, and mean the same in
SQLite and PostgreSQL.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
    update,
)

from bot.localization.messages import Message
from bot.scheduling.reasons import decode_reason, encode_reason

if TYPE_CHECKING:
    from sqlalchemy import Update
    from sqlalchemy.engine import Dialect
    from sqlalchemy.ext.asyncio import AsyncConnection

REVISION = "0008"
"""The newest migration; the number only rises."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
"""No stored moment is later; what is reckoned from one must still be a moment."""
MICROSECOND = timedelta(microseconds=1)
MOST_COUNTED = 2**30
"""No counter goes further; what is reckoned from one must still fit its column."""


class Instant(TypeDecorator[datetime]):
    """An aware moment as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """Count the microseconds, exactly."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: object, _dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, or raise ValueError if it is none."""
        if value is None:
            return None
        if not isinstance(value, int) or not 0 <= value <= (LATEST - EPOCH) // MICROSECOND:
            raise ValueError(f"{value!r} is no moment")
        return EPOCH + value * MICROSECOND


class PackNames(TypeDecorator[frozenset[str]]):
    """A set of packs as a JSON list; NULL for all packs."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, _dialect: Dialect) -> str | None:
        """Write the names in order, so that equal sets are equal texts."""
        return None if value is None else json.dumps(sorted(value))

    def process_result_value(self, value: str | None, _dialect: Dialect) -> frozenset[str] | None:
        """Return the set, or raise ValueError if it is none."""
        if value is None:
            return None
        names = json.loads(value)
        if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
            raise ValueError(f"{value!r} is no list of packs")
        return frozenset(names)


class StoredReason(TypeDecorator[Message]):
    """A reason as JSON of its code and places, or as its sentence."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Message | None, _dialect: Dialect) -> str | None:
        """Write the same text for the same reason."""
        return None if value is None else encode_reason(value)

    def process_result_value(self, value: object, _dialect: Dialect) -> Message | None:
        """Return the reason, or raise ValueError if it is not even text."""
        if value is None:
            return None
        if not isinstance(value, str):
            # As of any other damaged value.
            raise ValueError(f"{value!r} is no reason")  # noqa: TRY004
        return decode_reason(value)


schema = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)

guilds = Table(
    "guilds",
    schema,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("packs", PackNames),
    Column("alerts_channel_id", BigInteger),
    Column("left_at", Instant),
    Column("keeps_gaps", Boolean, nullable=False, server_default=false()),
    Column("takes_suggestions", Boolean, nullable=False, server_default=false()),
)

schedules = Table(
    "schedules",
    schema,
    Column("id", String(32), primary_key=True),
    Column("guild_id", ForeignKey("guilds.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(64), nullable=False),
    Column("name_key", String(128), nullable=False),  # the case-folded name, or an id once removed
    Column("channel_id", BigInteger, nullable=False),
    Column("minute", Integer, nullable=False),  # of the day, in local wall time
    Column("zone", String(64), nullable=False),
    Column("days", Integer, nullable=False),  # a bit a day, Monday the lowest
    Column("pack", String(128)),
    Column("speaker", String(128)),
    Column("role_id", BigInteger),
    Column("window_seconds", Integer, nullable=False),
    Column("seed", String(32), nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_day", String(10)),
    Column("next_due", Instant),
    Column("paused_until", Instant),
    Column("stopped", String(16)),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("revision", Integer, nullable=False, server_default=text("0")),
    Column(
        "uncertain_until", Instant
    ),  # a restored backup does not know what was posted until then
    Column("kind", String(16), nullable=False, server_default="quotes"),
    Column("title", String(64)),
    Column("colour", Integer),
    Column("opens_thread", Boolean, nullable=False, server_default=false()),
    Column("publishes", Boolean, nullable=False, server_default=false()),
    Column("removed_at", Instant),
    Column("language", String(16)),
    UniqueConstraint("guild_id", "name_key"),
    CheckConstraint("minute BETWEEN 0 AND 1439", name="minute"),
    CheckConstraint("days BETWEEN 1 AND 127", name="days"),
    CheckConstraint("stopped IN ('paused', 'suspended')", name="stopped"),
    CheckConstraint("(stopped IS NULL) = (next_due IS NOT NULL)", name="stopped_or_due"),
    Index(None, "next_due"),
)

draws = Table(
    "draws",
    schema,
    Column("schedule_id", ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True),
    Column("quote_id", String(128), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("round", Integer, nullable=False),
)

deliveries = Table(
    "deliveries",
    schema,
    Column("id", String(25), primary_key=True),
    Column("schedule_id", ForeignKey("schedules.id", ondelete="CASCADE"), nullable=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("trigger", String(16), nullable=False),
    Column("occurrence", String(32), nullable=False),  # a local date, or an interaction's id
    Column("scheduled_for", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("quote_id", String(128)),
    Column("draw_number", Integer),
    Column("payload", Text),  # JSON; dropped once there is an outcome
    Column("role_id", BigInteger),
    Column("locked_by", String(32)),
    Column("available_at", Instant),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("first_attempt_at", Instant),
    Column("uncertain_since", Instant),
    Column("outcome", String(16)),
    Column("message_id", BigInteger),
    Column("reason", StoredReason),
    Column("finished_at", Instant),
    UniqueConstraint("schedule_id", "occurrence"),
    CheckConstraint("trigger IN ('scheduled', 'on_demand')", name="trigger"),
    CheckConstraint("(outcome IS NULL) = (available_at IS NOT NULL)", name="open_is_available"),
    CheckConstraint("(outcome IS NULL) = (finished_at IS NULL)", name="completed_is_finished"),
    CheckConstraint("outcome <> 'sent' OR message_id IS NOT NULL", name="sent_names_message"),
    Index(None, "available_at"),
    Index(None, "schedule_id", "scheduled_for"),
    Index(None, "finished_at"),
)

follow_ups = Table(
    "follow_ups",
    schema,
    Column("id", String(25), primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("available_at", Instant),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("status", String(16), nullable=False, server_default="pending"),
    Column("reason", StoredReason),
    CheckConstraint(
        "(status = 'pending') = (available_at IS NOT NULL)", name="pending_is_available"
    ),
    Index(None, "available_at"),
    Index(None, "delivery_id"),
)

alerts = Table(
    "alerts",
    schema,
    Column("id", String(25), primary_key=True),
    Column("guild_id", ForeignKey("guilds.id", ondelete="CASCADE"), nullable=False),
    Column("schedule_id", ForeignKey("schedules.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("available_at", Instant),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("status", String(16), nullable=False, server_default="pending"),
    Column("reason", StoredReason),
    CheckConstraint(
        "(status = 'pending') = (available_at IS NOT NULL)", name="pending_is_available"
    ),
    Index(None, "available_at"),
    Index(None, "schedule_id", "created_at"),
)

gaps = Table(  # who asked, where and at what hour is in no column
    "gaps",
    schema,
    Column("id", String(32), primary_key=True),  # a hash of the server, the kind and the words
    Column("guild_id", ForeignKey("guilds.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("words", Text, nullable=False),
    Column("pack", String(128)),
    Column("fact", String(128)),
    Column("last_day", String(10), nullable=False),
    Column("times", Integer, nullable=False),
    Index(None, "guild_id", "kind"),
    Index(None, "last_day"),
)

suggestion_counts = Table(  # of today alone, and without its key nobody can be told by it
    "suggestion_counts",
    schema,
    Column("guild_id", ForeignKey("guilds.id", ondelete="CASCADE"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("member", String(32), primary_key=True),  # a hash under a key of that day
    Column("count", Integer, nullable=False),
)

rate_limits = Table(  # one row a limit, shared by every process
    "rate_limits",
    schema,
    Column("bucket", String(32), primary_key=True),
    Column("recent_slots", Text, nullable=False),  # JSON: the reserved moments of the last second
)

invalid_requests = Table(
    "invalid_requests",
    schema,
    Column("minute", BigInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)

metadata = Table(  # facts about the database as a whole, by name
    "metadata",
    schema,
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)


def upsert(connection: AsyncConnection, table: Table) -> Any:
    """Begin an `INSERT … ON CONFLICT` in the dialect of the database in use.

    Both databases spell it alike, but SQLAlchemy has one per dialect.
    """
    # Only the dialect in use: PostgreSQL's costs a start a tenth of a second.
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    return dialect.insert(table)


def update_sound(table: Table) -> Update:
    """Begin an `UPDATE` that passes over rows which break a constraint already.

    In SQLite a damaged row may, and would keep the statement from changing any other.
    """
    return update(table).prefix_with("OR IGNORE", dialect="sqlite")
