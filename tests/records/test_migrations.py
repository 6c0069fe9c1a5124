"""Stores of another age: brought forward whole, left alone when that fails, refused when they are newer than we are."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from psoas.records import TooNew, open_records
from psoas.records.database import migrate, schema
from psoas.records.database.engine import open_database
from psoas.records.database.tables import metadata

from .conftest import KEY, fill

HEAD = schema.HEAD
NEXT = f"{int(HEAD) + 1:04d}"
ADD_COLUMN = f'''"""A revision of a Psoas to come."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{NEXT}", "{HEAD}"
def upgrade():
    with op.batch_alter_table("practice") as table:
        table.add_column(sa.Column("address", sa.Text(), nullable=False, server_default="none"))
    {{then}}
'''


def shape(connection: Connection) -> dict[str, Any]:
    """Every table, column, index, foreign key and trigger."""
    found = inspect(connection)
    triggers = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    )
    tables = {
        name: (
            [(one["name"], str(one["type"]), one["nullable"]) for one in found.get_columns(name)],
            sorted(_index(one) for one in found.get_indexes(name)),
            sorted(str(one) for one in found.get_foreign_keys(name)),
            str(found.get_pk_constraint(name)),
            sorted(str(one) for one in found.get_unique_constraints(name)),
        )
        for name in found.get_table_names()
    }
    return {"tables": tables, "triggers": [tuple(row) for row in connection.execute(text(triggers))]}


def _index(one: Any) -> str:
    """An index in words; the condition of a partial one as its text."""
    options = {name: str(value) for name, value in one.get("dialect_options", {}).items()}
    return str({**one, "dialect_options": options})


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pretends that this Psoas has one more revision; returns the file to write it to."""
    scripts = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, scripts)
    original = migrate.bring_forward
    monkeypatch.setattr(schema, "HEAD", NEXT)
    monkeypatch.setattr(
        migrate, "bring_forward", lambda connection, found, where: original(connection, found, where, scripts)
    )
    return scripts / "versions" / f"{NEXT}_address.py"


def test_every_revision_run_one_by_one_gives_the_tables_of_a_new_store(url: str) -> None:
    database = open_database(url, KEY)
    with database.engine.connect() as connection, connection.begin() as never_kept:
        migrate.bring_forward(connection, None, "here")
        stepped = shape(connection)
        assert schema.revision(connection) == schema.HEAD
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
        never_kept.rollback()
    with database.engine.connect() as connection, connection.begin():
        schema.make(connection)
        assert shape(connection) == stepped
    database.close()


def test_an_old_store_is_brought_forward_with_all_it_holds(url: str, older: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "HEAD", HEAD)
        with open_records(url, key=KEY) as records:
            practice = fill(records, "Birch")
    older.write_text(ADD_COLUMN.format(then=""), encoding="utf-8")
    with open_records(url, key=KEY) as records:
        with records.work(practice.owner) as work:
            assert work.people.get(practice.person).family_name == "Berg"
            assert work.connection.execute(text("SELECT address FROM practice")).scalar_one() == "none"
        assert records.verify() == []


@pytest.fixture
def store_before(url: str) -> str:
    """A filled store of this Psoas, closed."""
    with open_records(url, key=KEY) as records:
        fill(records, "Birch")
    return url


def test_a_migration_that_breaks_half_way_leaves_the_store_as_it_was(
    store_before: str, older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older.write_text(ADD_COLUMN.format(then="raise RuntimeError('power')"), encoding="utf-8")
    with pytest.raises(RuntimeError, match="power"):
        open_records(store_before, key=KEY)
    monkeypatch.setattr(schema, "HEAD", HEAD)
    with open_records(store_before, key=KEY) as records:
        assert records.verify() == []
        with records._reading() as connection:
            assert "address" not in {one["name"] for one in inspect(connection).get_columns("practice")}
    older.write_text(ADD_COLUMN.format(then=""), encoding="utf-8")
    monkeypatch.setattr(schema, "HEAD", NEXT)
    with open_records(store_before, key=KEY) as records:
        assert records.verify() == []


def test_a_store_of_a_later_psoas_is_refused_and_left_alone(store_before: str) -> None:
    database = open_database(store_before, KEY)
    with database.engine.connect() as connection:
        connection.execution_options(psoas_write=True)
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
        connection.commit()
    database.close()
    with pytest.raises(TooNew, match=r"later Psoas \(revision 0999\); update Psoas to open it"):
        open_records(store_before, key=KEY)
