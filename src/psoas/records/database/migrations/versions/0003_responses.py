"""What a practitioner did about a check-in, kept beside it."""

import sqlalchemy as sa
from alembic import op

from psoas.records.database.triggers import statements

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Alarms raised before still wait for one."""
    op.create_table(
        "response",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("check_in_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_response_by")),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name=op.f("fk_response_check_in_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_response_person_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_response_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
    )
    op.create_index(op.f("ix_response_check_in_id"), "response", ["check_in_id"], unique=False)
    op.create_index(op.f("ix_response_person_id"), "response", ["person_id"], unique=False)
    for statement in statements(op.get_bind().dialect.name, ("response",)):
        op.execute(statement)
