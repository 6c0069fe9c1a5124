"""The alarm that a check-in raised, so that a list of people can show it without reading what was told."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Check-ins kept before raise none here; the page of progress judges them as ever."""
    op.add_column("check_in", sa.Column("alarm", sa.String(length=30), nullable=True))
