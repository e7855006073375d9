"""The tables of the state. A change here needs a migration, and a test says so.

Instants are microseconds since 1970 in UTC: they sort, compare exactly, and mean the same in
SQLite and PostgreSQL.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
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
    text,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

REVISION = "0001"
"""The newest migration; the number only rises."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware moment as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """Count the microseconds, exactly."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        """Give the moment in UTC."""
        return None if value is None else EPOCH + value * MICROSECOND


metadata = MetaData(
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
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("packs", Text),  # a JSON list; NULL: all of the host's
    Column("alerts_channel", BigInteger),
    Column("left_at", Instant),
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("guild_id", ForeignKey("guilds.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(64), nullable=False),
    Column("name_key", String(128), nullable=False),  # the name with its case folded
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
    UniqueConstraint("guild_id", "name_key"),
    CheckConstraint("minute BETWEEN 0 AND 1439", name="minute"),
    CheckConstraint("days BETWEEN 1 AND 127", name="days"),
    CheckConstraint("stopped IN ('paused', 'suspended')", name="stopped"),
    CheckConstraint("(stopped IS NULL) = (next_due IS NOT NULL)", name="stopped_or_due"),
    Index(None, "next_due"),
)

draws = Table(
    "draws",
    metadata,
    Column("schedule_id", ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True),
    Column("quote_id", String(128), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("round", Integer, nullable=False),
)

deliveries = Table(
    "claims",
    metadata,
    Column("id", String(25), primary_key=True),
    Column("schedule_id", ForeignKey("schedules.id", ondelete="CASCADE"), nullable=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("occurrence", String(32), nullable=False),  # a local date, or now:<interaction>
    Column("due", Instant, nullable=False),
    Column("closes", Instant, nullable=False),
    Column("quote_id", String(128)),
    Column("draw_number", Integer),
    Column("payload", Text),  # JSON; dropped once there is an outcome
    Column("role_id", BigInteger),
    Column("owner", String(32)),
    Column("free_at", Instant),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("first_attempt", Instant),
    Column("doubt_since", Instant),
    Column("outcome", String(16)),
    Column("message_id", BigInteger),
    Column("reason", Text),
    Column("finished_at", Instant),
    UniqueConstraint("schedule_id", "occurrence"),
    CheckConstraint("(outcome IS NULL) = (free_at IS NOT NULL)", name="done_or_free_at"),
    CheckConstraint("(outcome IS NULL) = (finished_at IS NULL)", name="done_or_open"),
    CheckConstraint("outcome <> 'sent' OR message_id IS NOT NULL", name="sent_names_message"),
    Index(None, "free_at"),
    Index(None, "schedule_id", "due"),
    Index(None, "finished_at"),
)

alerts = Table(
    "notices",
    metadata,
    Column("id", String(25), primary_key=True),
    Column("guild_id", ForeignKey("guilds.id", ondelete="CASCADE"), nullable=False),
    Column("schedule_id", ForeignKey("schedules.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("free_at", Instant),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("told", String(16)),
    Column("reason", Text),
    CheckConstraint("(told IS NULL) = (free_at IS NOT NULL)", name="told_or_free_at"),
    Index(None, "free_at"),
    Index(None, "schedule_id", "created_at"),
)

pace = Table(  # a row for each request that a second may hold, and when it may hold the next
    "pace",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("next_slot", Instant, nullable=False),
)

invalid_requests = Table(
    "invalid_requests",
    metadata,
    Column("minute", BigInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
