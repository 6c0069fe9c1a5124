"""Backups: one encrypted file with the same key, taken while the app runs; and putting one back.

The backup of a PostgreSQL store is such a file too, so a practice can move from one database to the other.
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, insert, select

from psoas.records.address import file_of
from psoas.records.database.confirmed import SUFFIX
from psoas.records.database.engine import SIDECAR, Database, make_private, open_database, open_with
from psoas.records.database.schema import ensure
from psoas.records.database.tables import account, metadata, session, sign_in_guard, store_info
from psoas.records.database.translate import translated
from psoas.records.errors import Conflict, Damaged, KeyNeeded, Unreachable, WrongKey
from psoas.records.ids import now
from psoas.records.keys import StoreKey
from psoas.records.stamp import PRACTICES
from psoas.records.verify import broken_pages

AT_ONCE = 200
"""Rows copied at once; a file can have twenty megabytes."""
COMPANIONS = ("", "-wal", "-shm", SIDECAR, SUFFIX)


def back_up(database: Database, path: Path) -> None:
    """Writes the backup and proves it: it is whole before it gets its name.

    Raises:
        Conflict: something is there already; nothing is overwritten.
        KeyNeeded: the store has no key, so the backup could not be encrypted.
    """
    if path.exists():
        raise Conflict(f"{path} is already there and is not overwritten; choose another name.")
    if not path.parent.is_dir():
        raise Unreachable(f"The folder {path.parent} is not there; make it, or choose another place.")
    if database.key is None or (database.is_sqlite and database.path is None):
        raise KeyNeeded(
            f"{database.where} has no key, so its backup could not be encrypted; open it with a passphrase."
        )
    part = _part_of(path)
    _remove(part)
    try:
        make_private(part)
        with translated(str(path)):
            if database.is_sqlite:
                with database.engine.connect() as connection:
                    connection.connection.execute("VACUUM INTO ?", (str(part),))
            else:
                with closing(open_with(part, database.key)) as target:
                    ensure(target)
                    _copy(database, target)
            with closing(open_with(part, database.key)) as copy:
                _must_be_whole(copy, str(path))
                _one_file(copy)
        _into_place(part, path)
    finally:
        _remove(part)


def restore(path: Path, url: str, key: str, *, overwrite: bool = False) -> Path | None:
    """Puts a backup back.

    Args:
        path: the backup; it is read and left as it is.
        url: where to; a PostgreSQL database must be empty.
        overwrite: whether a store that is there may give way; it is kept beside, under another name.

    Returns:
        Where the store that was there is now; None if there was none.

    Raises:
        Conflict: there is a store, and `overwrite` is False, or an app has it open.
        Damaged: the backup is not whole; nothing was changed.
    """
    if not path.is_file():
        raise Unreachable(f"There is no backup at {path}.")
    target = file_of(url)
    if target is None:
        _restore_to_server(path, url, key)
        return None
    if target.exists() and not overwrite:
        raise Conflict(f"There is a store at {target}; --replace puts the backup in its place and keeps the old one.")
    part = _part_of(target)
    try:
        _proven_copy(path, part, key)
        kept = _set_aside(target, key) if target.exists() else None
        _into_place(part, target)
    finally:
        _remove(part)
    return kept


def _proven_copy(path: Path, part: Path, key: str) -> None:
    """A copy beside the target, opened, checked, brought forward, and without anybody signed in."""
    _remove(part)
    for suffix in COMPANIONS:
        if (source := Path(f"{path}{suffix}")).exists():
            shutil.copyfile(source, f"{part}{suffix}")
            Path(f"{part}{suffix}").chmod(0o600)
    with translated(str(path)), closing(open_database(f"sqlite:///{part}", key)) as copy:
        ensure(copy)
        _must_be_whole(copy, str(path))
        with copy.engine.connect() as connection:
            connection.execution_options(psoas_write=True)
            connection.execute(delete(session))
            connection.execute(delete(sign_in_guard))
            connection.commit()
        _one_file(copy)


def _restore_to_server(path: Path, url: str, key: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "backup"
        _proven_copy(path, part, key)
        with (
            closing(open_database(f"sqlite:///{part}", key)) as source,
            closing(open_database(url, key)) as target,
            translated(target.where),
        ):
            ensure(target)
            with target.engine.connect() as connection:
                if connection.execute(select(func.count()).select_from(account)).scalar_one():
                    raise Conflict(f"{target.where} holds a practice already; name an empty database.")
            _copy(source, target)


def _copy(source: Database, target: Database) -> None:
    """Every row of every table, as one moment shows it, in one transaction."""
    assert source.key is not None
    with source.engine.connect() as reading, target.engine.connect() as writing:
        if not source.is_sqlite:
            reading = reading.execution_options(isolation_level="REPEATABLE READ")
        writing.execution_options(psoas_write=True)
        with writing.begin():
            for table in metadata.sorted_tables:
                if table in (session, sign_in_guard):
                    continue
                rows = reading.execution_options(yield_per=AT_ONCE).execute(_kept_of(table))
                for some in rows.mappings().partitions(AT_ONCE):
                    writing.execute(insert(table), [dict(row) for row in some])
            _note_key(writing, source.key)


def _kept_of(table: Table) -> Select[Any]:
    """The rows that a copy holds: all of them, but of what is known of the store itself only which practices it has."""
    return select(table).where(table.c.name == PRACTICES) if table is store_info else select(table)


def _note_key(writing: Connection, key: StoreKey) -> None:
    """The copy has the key of its source: the same passphrase opens it and signs its audit trail."""
    writing.execute(delete(store_info).where(store_info.c.name.not_in((PRACTICES,))))
    for name, value in (("salt", key.salt.hex()), ("check", key.check)):
        writing.execute(insert(store_info).values(name=name, value=value))


def _must_be_whole(database: Database, where: str) -> None:
    """Every page as it was signed. Whether the audit trail is whole is for `verify` to say: it can be put back too."""
    with database.engine.connect() as connection:
        if found := broken_pages(connection):
            raise Damaged(f"{where} is not whole and is not used: {found[0]}.")


def _one_file(database: Database) -> None:
    """Folds the write-ahead log into the file.

    Raises:
        Locked: an app has it open.
    """
    with database.engine.connect() as connection:
        connection.connection.execute("PRAGMA journal_mode = DELETE").fetchone()


def _set_aside(target: Path, key: str) -> Path:
    """Gives the old store another name; one with another key, or a broken one, goes with all that belongs to it."""
    try:
        with translated(str(target)), closing(open_database(f"sqlite:///{target}", key)) as old:
            _one_file(old)
    except (WrongKey, Damaged):
        pass
    aside = target.with_name(f"{target.stem}-before-{now():%Y%m%dT%H%M%S%f}{target.suffix}")
    for suffix in COMPANIONS:
        if Path(f"{target}{suffix}").exists():
            Path(f"{target}{suffix}").rename(f"{aside}{suffix}")
    return aside


def _part_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _into_place(part: Path, path: Path) -> None:
    """The names change last, once everything is on the disk."""
    for suffix in (SIDECAR, ""):
        with Path(f"{part}{suffix}").open("rb") as written:
            os.fsync(written.fileno())
        Path(f"{part}{suffix}").replace(f"{path}{suffix}")
    Path(f"{path}{SUFFIX}").unlink(missing_ok=True)  # what was confirmed there was confirmed of another store
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _remove(part: Path) -> None:
    for suffix in COMPANIONS:
        Path(f"{part}{suffix}").unlink(missing_ok=True)
