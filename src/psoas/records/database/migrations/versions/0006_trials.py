"""Trials on one person: treat and re-test within a visit, and blocks over weeks, with every reading kept by itself."""

import sqlalchemy as sa
from alembic import op

from psoas.records.database.triggers import statements

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing that was kept before changes."""
    op.create_table(
        "trial",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("visit_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_trial_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_trial_person_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_trial_practice_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_trial_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial")),
    )
    op.create_index(op.f("ix_trial_person_id"), "trial", ["person_id"], unique=False)
    op.create_table(
        "trial_entry",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("trial_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_trial_entry_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_trial_entry_person_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_trial_entry_practice_id")),
        sa.ForeignKeyConstraint(["trial_id"], ["trial.id"], name=op.f("fk_trial_entry_trial_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_entry")),
    )
    op.create_index(op.f("ix_trial_entry_person_id"), "trial_entry", ["person_id"], unique=False)
    op.create_index(op.f("ix_trial_entry_trial_id"), "trial_entry", ["trial_id"], unique=False)
    for statement in statements(op.get_bind().dialect.name, ("trial", "trial_entry")):
        op.execute(statement)
