"""When a schedule was removed: it is kept for a day, to be brought back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; no schedule that is there was removed."""
    op.add_column("schedules", sa.Column("removed_at", sa.BigInteger(), nullable=True))
