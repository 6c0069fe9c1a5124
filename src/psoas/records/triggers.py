"""What the database itself refuses: to change the audit trail, a result, a plan, a check-in or a file.

Rows that hang on a person can be deleted once the person is erased; the audit trail never.
"""

from __future__ import annotations

from collections.abc import Iterator

from psoas.records.tables import PERSONAL, UNCHANGING

ERASABLE = tuple(name for name in UNCHANGING if name in PERSONAL)
ALIVE = "(SELECT erased_at FROM person WHERE id = OLD.person_id) IS NULL"


def statements(dialect: str) -> Iterator[str]:
    """The statements that make the triggers, for `sqlite` or `postgresql`."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    for name in UNCHANGING:
        yield (
            f"CREATE TRIGGER {name}_is_not_changed BEFORE UPDATE ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )
    yield (
        "CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    )
    for name in ERASABLE:
        guard = f"CREATE TRIGGER {name}_is_not_deleted BEFORE DELETE ON {name}"
        yield f"{guard} WHEN {ALIVE} BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"


def _postgresql() -> Iterator[str]:
    yield (
        "CREATE FUNCTION psoas_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    yield (
        "CREATE FUNCTION psoas_only_when_erased() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {ALIVE} THEN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END IF; RETURN OLD; END $$"
    )
    for name in UNCHANGING:
        yield (
            f"CREATE TRIGGER {name}_is_not_changed BEFORE UPDATE ON {name} "
            "FOR EACH ROW EXECUTE FUNCTION psoas_is_append_only()"
        )
        yield (
            f"CREATE TRIGGER {name}_is_not_truncated BEFORE TRUNCATE ON {name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION psoas_is_append_only()"
        )
    yield (
        "CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION psoas_is_append_only()"
    )
    for name in ERASABLE:
        yield (
            f"CREATE TRIGGER {name}_is_not_deleted BEFORE DELETE ON {name} "
            "FOR EACH ROW EXECUTE FUNCTION psoas_only_when_erased()"
        )
