"""Questions asked in vain, and members' suggestions, where a server keeps them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the settings, both off, and the tables."""
    for setting in ("keeps_gaps", "takes_suggestions"):
        op.add_column(
            "guilds",
            sa.Column(setting, sa.Boolean(), server_default=sa.false(), nullable=False),
        )
    op.create_table(
        "gaps",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("pack", sa.String(length=128), nullable=True),
        sa.Column("fact", sa.String(length=128), nullable=True),
        sa.Column("last_day", sa.String(length=10), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["guilds.id"], name=op.f("fk_gaps_guild_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
    )
    op.create_index(op.f("ix_gaps_guild_id_kind"), "gaps", ["guild_id", "kind"])
    op.create_index(op.f("ix_gaps_last_day"), "gaps", ["last_day"])
    op.create_table(
        "suggestion_counts",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("member", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["guilds.id"],
            name=op.f("fk_suggestion_counts_guild_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "day", "member", name=op.f("pk_suggestion_counts")),
    )
