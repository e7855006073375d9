"""Rename tables and columns to the field's words.

A delivery gets a column for its trigger, and a rate limit one row.

Tables whose constraints change their names are made anew, filled and swapped, which SQLite and
PostgreSQL do alike. `guilds` and `schedules` are altered where they stand: to drop them would
erase, by their foreign keys, all that hangs on them.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SECOND = 1_000_000  # in the microseconds that instants are kept in


def upgrade() -> None:
    """Rename, and keep every row."""
    op.execute("ALTER TABLE guilds RENAME COLUMN alerts_channel TO alerts_channel_id")
    move_deliveries()
    move_alerts()
    move_metadata()
    move_rate_limit()


def move_deliveries() -> None:
    """Copy `claims` to `deliveries`, the prefix `now:` becoming a trigger."""
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=25), nullable=False),
        sa.Column("schedule_id", sa.String(length=32), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("occurrence", sa.String(length=32), nullable=False),
        sa.Column("scheduled_for", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("quote_id", sa.String(length=128), nullable=True),
        sa.Column("draw_number", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("role_id", sa.BigInteger(), nullable=True),
        sa.Column("locked_by", sa.String(length=32), nullable=True),
        sa.Column("available_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("first_attempt_at", sa.BigInteger(), nullable=True),
        sa.Column("uncertain_since", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "trigger IN ('scheduled', 'on_demand')", name=op.f("ck_deliveries_trigger")
        ),
        sa.CheckConstraint(
            "outcome <> 'sent' OR message_id IS NOT NULL",
            name=op.f("ck_deliveries_sent_names_message"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (finished_at IS NULL)",
            name=op.f("ck_deliveries_completed_is_finished"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (available_at IS NOT NULL)",
            name=op.f("ck_deliveries_open_is_available"),
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedules.id"],
            name=op.f("fk_deliveries_schedule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "schedule_id", "occurrence", name=op.f("uq_deliveries_schedule_id_occurrence")
        ),
    )
    op.execute(
        """
        INSERT INTO deliveries (
            id, schedule_id, guild_id, channel_id, trigger, occurrence, scheduled_for, expires_at,
            quote_id, draw_number, payload, role_id, locked_by, available_at, attempts,
            first_attempt_at, uncertain_since, outcome, message_id, reason, finished_at
        )
        SELECT
            id, schedule_id, guild_id, channel_id,
            CASE WHEN substr(occurrence, 1, 4) = 'now:' THEN 'on_demand' ELSE 'scheduled' END,
            CASE WHEN substr(occurrence, 1, 4) = 'now:' THEN substr(occurrence, 5)
                ELSE occurrence END,
            due, closes,
            quote_id, draw_number, payload, role_id, owner, free_at, attempts,
            first_attempt, doubt_since, outcome, message_id, reason, finished_at
        FROM claims
        """
    )
    op.drop_table("claims")
    op.create_index(op.f("ix_deliveries_available_at"), "deliveries", ["available_at"])
    op.create_index(op.f("ix_deliveries_finished_at"), "deliveries", ["finished_at"])
    op.create_index(
        op.f("ix_deliveries_schedule_id_scheduled_for"),
        "deliveries",
        ["schedule_id", "scheduled_for"],
    )


def move_alerts() -> None:
    """Copy `notices` to `alerts`, with a status that is never missing."""
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=25), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("schedule_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("available_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("status", sa.String(length=16), server_default="pending", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'pending') = (available_at IS NOT NULL)",
            name=op.f("ck_alerts_pending_is_available"),
        ),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["guilds.id"], name=op.f("fk_alerts_guild_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedules.id"],
            name=op.f("fk_alerts_schedule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.execute(
        """
        INSERT INTO alerts (
            id, guild_id, schedule_id, kind, text, created_at, available_at, attempts, status,
            reason
        )
        SELECT
            id, guild_id, schedule_id, kind, text, created_at, free_at, attempts,
            CASE told WHEN 'in channel' THEN 'sent_to_channel' WHEN 'in person' THEN 'sent_to_user'
                ELSE coalesce(told, 'pending') END,
            reason
        FROM notices
        """
    )
    op.drop_table("notices")
    op.create_index(op.f("ix_alerts_available_at"), "alerts", ["available_at"])
    op.create_index(
        op.f("ix_alerts_schedule_id_created_at"), "alerts", ["schedule_id", "created_at"]
    )


def move_metadata() -> None:
    """Copy `marks` to `metadata`.

    The moment of a restore moves to every schedule there is.
    """
    op.create_table(
        "metadata",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_metadata")),
    )
    op.execute(
        """
        INSERT INTO metadata (key, value)
        SELECT
            CASE WHEN substr(key, 1, 5) = 'turn ' THEN 'advisory_lock ' || substr(key, 6)
                WHEN key = 'roll_call' THEN 'guilds_reconciled_at'
                WHEN key = 'zone_rules' THEN 'zone_rules_version'
                WHEN key = 'checked' THEN 'write_check'
                ELSE key END,
            value
        FROM marks
        WHERE key <> 'restored_at'
        """
    )
    op.add_column("schedules", sa.Column("uncertain_until", sa.BigInteger(), nullable=True))
    op.execute(
        """
        UPDATE schedules SET uncertain_until =
            (SELECT CAST(value AS BIGINT) FROM marks WHERE key = 'restored_at')
        """
    )
    op.drop_table("marks")


def move_rate_limit() -> None:
    """Replace the rows of a second's requests by one row."""
    op.create_table(
        "rate_limits",
        sa.Column("bucket", sa.String(length=32), nullable=False),
        sa.Column("recent_slots", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_rate_limits")),
    )
    # A row said when its place in a second is free again: one second after the moment it gave.
    rows = op.get_bind().execute(sa.text("SELECT next_slot FROM pace WHERE next_slot > 0"))
    slots = sorted(moment - SECOND for (moment,) in rows)
    if slots:  # a new database stays empty: a state may be copied into it
        op.bulk_insert(
            sa.table("rate_limits", sa.column("bucket"), sa.column("recent_slots")),
            [{"bucket": "requests", "recent_slots": json.dumps(slots)}],
        )
    op.drop_table("pace")
