"""Threads below posts, publishing, and the follow-ups that do them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the settings, all off, and the table."""
    for setting in ("opens_thread", "publishes"):
        op.add_column(
            "schedules",
            sa.Column(setting, sa.Boolean(), server_default=sa.false(), nullable=False),
        )
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.String(length=25), nullable=False),
        sa.Column("delivery_id", sa.String(length=25), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("available_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("status", sa.String(length=16), server_default="pending", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'pending') = (available_at IS NOT NULL)",
            name=op.f("ck_follow_ups_pending_is_available"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_follow_ups_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    op.create_index(op.f("ix_follow_ups_available_at"), "follow_ups", ["available_at"])
    op.create_index(op.f("ix_follow_ups_delivery_id"), "follow_ups", ["delivery_id"])
