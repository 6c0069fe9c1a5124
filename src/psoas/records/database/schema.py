"""The tables at open: made in a new store, brought forward in an old one, refused in one that is newer than we are."""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select, text

from psoas.records.database.engine import Database
from psoas.records.database.tables import metadata, practice, store_info
from psoas.records.database.triggers import statements
from psoas.records.errors import KeyNeeded, WrongKey
from psoas.records.keys import new_salt, store_key

HEAD = "0007"
"""The newest revision in `migrations/versions`."""
TO_STAMP = "to_stamp"
"""Name in `store_info` under which stands why the rows have to be sealed as they are (`psoas.records.seals.stamp`)."""
LOCK = 0x50534F41
"""Number of the advisory lock under which a PostgreSQL store is made or brought forward."""


def ensure(database: Database) -> None:
    """Makes the tables current, all or nothing: a kill leaves the store as it was.

    Raises:
        TooNew: a later Psoas wrote the store.
    """
    with database.engine.connect() as connection:
        found = revision(connection)
    if found == HEAD:
        return
    with database.engine.connect() as connection:
        connection.execution_options(psoas_write=True)
        with connection.begin():
            if not database.is_sqlite:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            found = revision(connection)  # somebody else may have been first
            if found is None:
                make(connection)
            elif found != HEAD:
                from psoas.records.database.migrate import bring_forward

                bring_forward(connection, found, database.where)


def revision(connection: Connection) -> str | None:
    """The revision of the store; None where there is none yet. Alembic itself, slow to import, is not asked."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return str(found) if found is not None else None


def make(connection: Connection) -> None:
    """Every table and trigger of the newest revision."""
    metadata.create_all(connection)
    for statement in statements(connection.dialect.name):
        connection.execute(text(statement))
    version = "version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)"
    connection.execute(text(f"CREATE TABLE alembic_version ({version})"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def take_server_key(database: Database, key: str | None) -> None:
    """The key of a PostgreSQL store, which signs the head of the audit trail. The first one given is the store's own.

    Raises:
        WrongKey: another key has been taken before.
        KeyNeeded: there is one, and none was given.
    """
    with database.engine.connect() as connection:
        kept = {row.name: row.value for row in connection.execute(select(store_info))}
        if not key:
            if "check" in kept:
                raise KeyNeeded(f"The audit trail of {database.where} is signed with a key; give it: PSOAS_PASSPHRASE.")
            return
        database.key = store_key(key, bytes.fromhex(kept["salt"]) if "salt" in kept else new_salt())
        if "check" not in kept:
            for name, value in (("salt", database.key.salt.hex()), ("check", database.key.check)):
                connection.execute(insert(store_info).values(name=name, value=value))
            if connection.execute(select(practice.c.id).limit(1)).one_or_none() and TO_STAMP not in kept:
                connection.execute(insert(store_info).values(name=TO_STAMP, value="the first key"))
            connection.commit()
        elif kept["check"] != database.key.check:
            raise WrongKey(f"The key is not that of {database.where}; give the one its audit trail is signed with.")
