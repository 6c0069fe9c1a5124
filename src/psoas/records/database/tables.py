"""The tables. Content is canonical JSON text, so that a digest and a stored answer stay the same to the bit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


class Utc(TypeDecorator[datetime]):
    """Aware UTC on both sides; SQLite keeps it without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """To UTC; a time without a zone is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; expected an aware time.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(32), primary_key=True)


def _of(table: str, *, required: bool = True, index: bool = False) -> Column[str]:
    return Column(f"{table}_id", String(32), ForeignKey(f"{table}.id"), nullable=not required, index=index)


def _by() -> Column[str]:
    return Column("by", String(32), ForeignKey("account.id"))


def _time(name: str, *, required: bool = True) -> Column[datetime]:
    return Column(name, Utc(), nullable=not required)


def _text(name: str, *, required: bool = True) -> Column[str]:
    return Column(name, Text(), nullable=not required)


store_info = Table("store_info", metadata, Column("name", String(40), primary_key=True), _text("value"))

practice = Table("practice", metadata, _id(), _text("name"), _time("created_at"))

account = Table(
    "account",
    metadata,
    _id(),
    _of("practice", index=True),
    _text("name"),
    Column("login", String(120), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    _text("password_hash"),
    _time("created_at"),
    _time("disabled_at", required=False),
    _time("must_change_at", required=False),
    Column("seal", String(64)),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _of("account", index=True),
    _time("started_at"),
    _time("seen_at"),
)

sign_in_guard = Table(
    "sign_in_guard",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    _time("last_at"),
    _time("locked_until", required=False),
)

person = Table(
    "person",
    metadata,
    _id(),
    _of("practice"),
    _text("given_name"),
    _text("family_name"),
    Column("birth_date", Date),
    Column("sex", String(20), nullable=False),
    _text("contact"),
    _text("note"),
    _text("search"),
    _text("salt"),
    _time("created_at"),
    _time("erased_at", required=False),
    Column("merged_into_id", String(32), index=True),
    Index("ix_person_practice_id_search", "practice_id", "search"),
)

visit = Table(
    "visit",
    metadata,
    _id(),
    _of("practice"),
    _of("person", index=True),
    _time("started_at"),
    _time("changed_at"),
    Column("state", String(20), nullable=False),
    Column("step", String(60)),
    Column("version", Integer, nullable=False),
    _text("case"),
    _by(),
    Column("kind", String(20), nullable=False, server_default="assessment"),
    Column("previous_id", String(32)),
    Column("next_on", Date),
    Index(
        "uq_visit_one_open",
        "person_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

result = Table(
    "result",
    metadata,
    _id(),
    _of("practice"),
    _of("person", index=True),
    _of("visit", index=True),
    _time("made_at"),
    _by(),
    Column("psoas_version", String(40), nullable=False),
    Column("knowledge_sha256", String(64), nullable=False),
    _text("content"),
)

plan = Table(
    "plan",
    metadata,
    _id(),
    _of("practice"),
    _of("person", index=True),
    _of("visit"),
    _of("result"),
    Column("number", Integer, nullable=False),
    _time("made_at"),
    _by(),
    _text("content"),
    UniqueConstraint("visit_id", "number"),
)

check_in = Table(
    "check_in",
    metadata,
    _id(),
    _of("practice"),
    _of("person", index=True),
    _of("plan", required=False),
    _time("made_at"),
    _by(),
    _text("content"),
    Column("alarm", String(30)),
)

response = Table(
    "response",
    metadata,
    _id(),
    _of("practice"),
    _of("person", index=True),
    _of("check_in", index=True),
    _time("made_at"),
    _by(),
    _text("content"),
)

note = Table(
    "note",
    metadata,
    _id(),
    _of("practice"),
    _of("person", index=True),
    _of("visit", index=True),
    Column("number", Integer, nullable=False),
    _time("made_at"),
    _by(),
    _text("content"),
    UniqueConstraint("visit_id", "number"),
)

consent = Table(
    "consent",
    metadata,
    _id(),
    _of("practice"),
    _of("person", index=True),
    _time("made_at"),
    _by(),
    _text("content"),
)

entry = Table(
    "entry",
    metadata,
    _id(),
    _of("practice"),
    _of("person", index=True),
    Column("kind", String(20), nullable=False),
    Column("key", String(64), nullable=False),
    _time("made_at"),
    _by(),
    _text("content"),
    UniqueConstraint("person_id", "kind", "key"),
)

file = Table(
    "file",
    metadata,
    _id(),
    _of("practice"),
    _of("person", index=True),
    _of("visit", index=True),
    _text("name"),
    Column("media_type", String(120), nullable=False),
    _time("made_at"),
    _by(),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

client_link = Table(
    "client_link",
    metadata,
    _id(),
    _of("practice"),
    _of("person", index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("purpose", String(20), nullable=False),
    _of("visit", required=False),
    _of("plan", required=False),
    _by(),
    _time("made_at"),
    _time("expires_at"),
    _time("revoked_at", required=False),
    Column("claimed", String(64)),
)

trial = Table(
    "trial",
    metadata,
    _id(),
    _of("practice"),
    _of("person", index=True),
    _of("visit", required=False),
    Column("kind", String(20), nullable=False),
    _time("made_at"),
    _by(),
    _text("content"),
)

trial_entry = Table(
    "trial_entry",
    metadata,
    _id(),
    _of("practice"),
    _of("person", index=True),
    _of("trial", index=True),
    _time("made_at"),
    _by(),
    _text("content"),
)

audit = Table(
    "audit",
    metadata,
    Column("practice_id", String(32), ForeignKey("practice.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("by", String(32)),
    Column("role", String(20), nullable=False),
    Column("action", String(120), nullable=False),
    Column("subject", String(20), nullable=False),
    Column("subject_id", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_subject_id", "subject_id"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("practice_id", String(32), ForeignKey("practice.id"), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
)

UNCHANGING = ("audit", "result", "plan", "check_in", "file", "response", "note", "consent", "trial",
               "trial_entry", "entry")  # fmt: skip
"""Tables whose rows are never updated; the triggers refuse it."""
PERSONAL = (
    "client_link",
    "entry",
    "trial_entry",
    "trial",
    "response",
    "check_in",
    "file",
    "note",
    "consent",
    "plan",
    "result",
    "visit",
)
"""What hangs on a person, in an order in which it can be erased: links hang on plans, plans on results, and so on."""
