"""The kind, title and colour of a schedule's posts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; schedules that are there go on to post quotes."""
    kind = sa.Column("kind", sa.String(length=16), server_default="quotes", nullable=False)
    op.add_column("schedules", kind)
    op.add_column("schedules", sa.Column("title", sa.String(length=64), nullable=True))
    op.add_column("schedules", sa.Column("colour", sa.Integer(), nullable=True))
