"""The life of a visit: one open visit for each person, follow-ups, session notes, consents, and people merged."""

import sqlalchemy as sa
from alembic import op

from psoas.records.database.triggers import statements
from psoas.records.fold import fold_name

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Visits kept before are assessments; names are folded anew, so that they are found however they are typed."""
    op.add_column("person", sa.Column("merged_into_id", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_person_merged_into_id"), "person", ["merged_into_id"], unique=False)
    op.add_column(
        "visit", sa.Column("kind", sa.String(length=20), nullable=False, server_default=sa.text("'assessment'"))
    )
    op.add_column("visit", sa.Column("previous_id", sa.String(length=32), nullable=True))
    op.add_column("visit", sa.Column("next_on", sa.Date(), nullable=True))
    only_open = sa.text("state = 'open'")
    op.create_index(
        "uq_visit_one_open", "visit", ["person_id"], unique=True, sqlite_where=only_open, postgresql_where=only_open
    )
    _make_note()
    _make_consent()
    for statement in statements(op.get_bind().dialect.name, ("note", "consent")):
        op.execute(statement)
    _fold_names()


def _make_note() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("visit_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_note_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_note_person_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_note_practice_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_note_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("visit_id", "number", name=op.f("uq_note_visit_id")),
    )
    op.create_index(op.f("ix_note_person_id"), "note", ["person_id"], unique=False)
    op.create_index(op.f("ix_note_visit_id"), "note", ["visit_id"], unique=False)


def _make_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_consent_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_consent_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_person_id"), "consent", ["person_id"], unique=False)


def _fold_names() -> None:
    person = sa.table("person", *(sa.column(name) for name in ("id", "given_name", "family_name", "search")))
    connection = op.get_bind()
    alive = sa.select(person).where((person.c.given_name != "") | (person.c.family_name != ""))
    for row in connection.execute(alive).all():
        folded = fold_name(row.family_name, row.given_name)
        connection.execute(person.update().where(person.c.id == row.id).values(search=folded))
