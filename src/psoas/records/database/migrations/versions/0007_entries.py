"""What is told of a person line by line: ticks and pain of the plan at home, scores of questionnaires."""

import sqlalchemy as sa
from alembic import op

from psoas.records.database.triggers import statements

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing that was kept before changes."""
    op.create_table(
        "entry",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_entry_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_entry_person_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_entry_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("person_id", "kind", "key", name=op.f("uq_entry_person_id")),
    )
    op.create_index(op.f("ix_entry_person_id"), "entry", ["person_id"], unique=False)
    for statement in statements(op.get_bind().dialect.name, ("entry",)):
        op.execute(statement)
