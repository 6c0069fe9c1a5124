"""What the database itself refuses: to change the audit trail, a result, a plan, a check-in, a response, a
file, a note, a consent or an entry.

Rows that hang on a person can be deleted once the person is erased; the audit trail never.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psoas.records.database.tables import PERSONAL, UNCHANGING

ALIVE = "(SELECT erased_at FROM person WHERE id = OLD.person_id) IS NULL"


def statements(dialect: str, tables: Sequence[str] = UNCHANGING) -> Iterator[str]:
    """The statements that make the triggers of these tables, for `sqlite` or `postgresql`."""
    if dialect != "sqlite" and "audit" in tables:
        yield from _functions()
    for name in tables:
        yield from _of_sqlite(name) if dialect == "sqlite" else _of_postgresql(name)


def _of_sqlite(name: str) -> Iterator[str]:
    yield (
        f"CREATE TRIGGER {name}_is_not_changed BEFORE UPDATE ON {name} "
        f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
    )
    when = f"WHEN {ALIVE} " if name in PERSONAL else ""
    yield (
        f"CREATE TRIGGER {name}_is_not_deleted BEFORE DELETE ON {name} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
    )


def _functions() -> Iterator[str]:
    yield (
        "CREATE FUNCTION psoas_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    yield (
        "CREATE FUNCTION psoas_only_when_erased() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {ALIVE} THEN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END IF; RETURN OLD; END $$"
    )


def _of_postgresql(name: str) -> Iterator[str]:
    yield (
        f"CREATE TRIGGER {name}_is_not_changed BEFORE UPDATE ON {name} "
        "FOR EACH ROW EXECUTE FUNCTION psoas_is_append_only()"
    )
    yield (
        f"CREATE TRIGGER {name}_is_not_truncated BEFORE TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION psoas_is_append_only()"
    )
    refuses = "psoas_only_when_erased" if name in PERSONAL else "psoas_is_append_only"
    yield (f"CREATE TRIGGER {name}_is_not_deleted BEFORE DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION {refuses}()")
