"""The language of a schedule's posts and alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; schedules that are there go on in English."""
    op.add_column("schedules", sa.Column("language", sa.String(length=16), nullable=True))
