"""Opening the database: SQLCipher by default, PostgreSQL by URL, and one kept in memory for a demo.

SQLite runs in WAL mode with `synchronous=FULL`: a commit that returned survives a kill and a power cut, and readers do
not wait for a writer. Python's own transaction handling is off; SQLAlchemy's `begin` says BEGIN, or BEGIN IMMEDIATE for
a unit of work that writes (the execution option `psoas_write`).
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import QueuePool

from psoas.errors import MissingExtraError
from psoas.records.database.confirmed import Confirmed, Head
from psoas.records.database.frozen import watch
from psoas.records.database.translate import BROKEN, translated
from psoas.records.errors import Damaged, Invalid, KeyNeeded, Locked, ReadOnly, Unreachable, WrongKey
from psoas.records.keys import SALT_BYTES, StoreKey, check_passphrase, new_salt, spellings, store_key

BUSY_TIMEOUT_MS = 10_000
STATEMENT_MS, IDLE_IN_TRANSACTION_MS = 15_000, 120_000
CONNECT_S, POOL_WAIT_S = 5, 8
"""A statement, a transaction in which nothing happens, a connection, a place in the pool: our choice."""
KEPT_CONNECTIONS, MOST_CONNECTIONS = 8, 48
"""Our choice: FastAPI runs 40 handlers side by side."""
HEADS = "psoas_heads"
"""Where a connection keeps the ends of audit trails that its transaction has written."""
SIDECAR = ".key.json"
"""Beside a SQLite store: its salt, and a mark that tells a wrong key from a damaged file. Not needed to open it."""


@dataclass
class Database:
    """An open database.

    Attributes:
        where: the store as a person knows it.
        path: the file; None for memory and PostgreSQL.
        key: None only for a PostgreSQL store without one.
    """

    engine: Engine
    where: str
    path: Path | None
    key: StoreKey | None
    anchor: Any = None
    confirmed: Confirmed | None = None
    one_writer: Lock = field(default_factory=Lock)
    waiting: int = 0

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def turn_to_write(self) -> Iterator[None]:
        """On SQLite, one thread after the other: its own waiting sleeps in ever longer steps.

        Raises:
            Locked: another thread has been writing for too long.
        """
        if not self.is_sqlite:
            yield
            return
        self.waiting += 1
        try:
            is_mine = self.one_writer.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
        finally:
            self.waiting -= 1
        if not is_mine:
            raise Locked(f"{self.where} is busy with another change; try again in a moment.")
        try:
            yield
        finally:
            self.one_writer.release()

    def confirm(self, connection: Connection) -> None:
        """After a commit: note what is confirmed now, and fold the log into the file, where every page is signed.

        Folding does not wait for those who read, and is left to the last of several who write: what stays in the log is
        folded after a later change.
        """
        heads: dict[str, Head] = connection.info.pop(HEADS, {})
        if not heads or self.confirmed is None:
            return
        for practice_id, head in heads.items():
            self.confirmed.note(practice_id, head)
        if self.waiting:
            return
        cursor = connection.connection.cursor()
        try:
            cursor.execute("PRAGMA busy_timeout = 0")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except Exception as err:
            # The change is confirmed and in the log; a disk that is full now is told with the next one.
            if not type(err).__module__.startswith("sqlcipher3"):
                raise
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            cursor.close()

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()
        if self.anchor is not None:
            self.anchor.close()


def open_database(url: str, key: str | None) -> Database:
    """Opens, or makes, the database; the tables are not its business."""
    try:
        parsed = make_url(url)
    except ArgumentError as err:
        raise Invalid("url", f"url is {url!r}; expected sqlite:///file.db or postgresql+psycopg://host/name.") from err
    if parsed.get_backend_name() == "postgresql":
        return _open_postgresql(url)
    if parsed.get_backend_name() != "sqlite":
        raise Invalid(
            "url",
            f"url begins with {parsed.drivername!r}; expected sqlite:///file.db or postgresql+psycopg://host/name.",
        )
    if parsed.database in (None, "", ":memory:"):
        return _open_memory()
    return _open_file(Path(str(parsed.database)), key)


def _open_memory() -> Database:
    name = f"file:/psoas-{secrets.token_hex(8)}?vfs=memdb"
    secret = StoreKey(secrets.token_bytes(32), new_salt())
    connect = _connector(name, None, uri=True)
    return Database(_sqlite_engine(connect), "the store in memory", None, secret, anchor=connect())


def _open_file(path: Path, key: str | None) -> Database:
    if not key:
        raise KeyNeeded(f"{path} is encrypted and needs its key: a passphrase, or the recovery code of its key store.")
    if path.is_dir():
        raise Unreachable(f"{path} is a folder; expected a file, such as {path / 'practice.db'}.")
    is_new = not path.exists() or path.stat().st_size == 0
    if is_new and _read_sidecar(path):
        state = "empty" if path.exists() else "gone"
        raise Damaged(f"{path} is {state}, but {path.name}{SIDECAR} tells of a store; {BROKEN}.")
    if not is_new and not (os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK)):
        raise ReadOnly(f"{path} cannot be written; give yourself the right to write it and its folder.")
    secret = _key_of_new(path, key) if is_new else _key_of_old(path, key)
    if is_new:
        make_private(path)
    return open_with(path, secret)


def open_with(path: Path, key: StoreKey) -> Database:
    """Opens, or makes, a file whose key is known."""
    database = Database(
        _sqlite_engine(_connector(str(path), key)), str(path), path, key, confirmed=Confirmed(path, key)
    )
    try:
        with translated(str(path)):
            _check_first_page(database, path)
        if _read_sidecar(path) != _sidecar(key):
            _write_sidecar(path, key)
    except BaseException:
        database.close()
        raise
    return database


def _key_of_new(path: Path, key: str) -> StoreKey:
    check_passphrase(key)
    if not path.parent.is_dir():
        raise Unreachable(f"The folder {path.parent} is not there; make it, or choose another place for the store.")
    return store_key(key, new_salt())


def _key_of_old(path: Path, key: str) -> StoreKey:
    """The salt is the file's own first sixteen bytes; the mark beside it tells a wrong key from a damaged file."""
    try:
        with path.open("rb") as stored:
            first = stored.read(SALT_BYTES)
    except PermissionError as err:
        raise ReadOnly(f"{path} cannot be read; give yourself the right to read and write it.") from err
    if first.startswith(b"SQLite format 3"):
        raise Damaged(f"{path} is a SQLite file without encryption, which Psoas does not write; choose another file.")
    salt, mark = first.ljust(SALT_BYTES, b"\0"), _read_sidecar(path)
    if not mark or mark["salt"] != salt.hex():
        return store_key(key, salt)
    for spelling in spellings(key):
        if (secret := store_key(spelling, salt, as_typed=True)).check == mark["check"]:
            return secret
    raise WrongKey(f"The key does not open {path}; give its passphrase or its recovery code.")


def _check_first_page(database: Database, path: Path) -> None:
    """Reads the first page; a right key that does not read it, or a file shorter than it says, is damage."""
    try:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            expected = int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    except DBAPIError as err:
        mark = _read_sidecar(path)
        if mark is None or getattr(err.orig, "sqlite_errorname", "") != "SQLITE_NOTADB":
            raise
        if mark["salt"] == (database.key.salt.hex() if database.key else ""):
            raise Damaged(f"{path} is damaged: the key is right, but its first page cannot be read; {BROKEN}.") from err
        raise Damaged(f"{path} is damaged at its beginning, or is another store than it was; {BROKEN}.") from err
    log, size = Path(f"{path}-wal"), path.stat().st_size
    if (not log.exists() or log.stat().st_size == 0) and size < expected:
        raise Damaged(f"{path} is cut short: it has {size} bytes, expected {expected}; {BROKEN}.")


def make_private(path: Path) -> None:
    """Made by us with mode 0600, so that it is never, not even for a moment, readable by others."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except PermissionError as err:
        raise ReadOnly(
            f"{path} cannot be written; give yourself the right to write its folder, or choose another place."
        ) from err
    except OSError as err:
        raise ReadOnly(f"{path} cannot be made: {err.strerror}; choose another place for the store.") from err


def _read_sidecar(path: Path) -> dict[str, str] | None:
    try:
        mark = json.loads(Path(f"{path}{SIDECAR}").read_text(encoding="utf-8"))
        return (
            {"salt": mark["salt"], "check": mark["check"]} if len(bytes.fromhex(mark["salt"])) == SALT_BYTES else None
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sidecar(key: StoreKey) -> dict[str, str]:
    return {"salt": key.salt.hex(), "check": key.check}


def _write_sidecar(path: Path, key: StoreKey) -> None:
    mark = {"format": 1, "kdf": "argon2id or recovery code"} | _sidecar(key)
    beside = Path(f"{path}{SIDECAR}")
    handle = os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(json.dumps(mark, indent=2) + "\n")


def _connector(name: str, key: StoreKey | None, *, uri: bool = False) -> Callable[[], Any]:
    from sqlcipher3 import dbapi2

    def connect() -> Any:
        connection = dbapi2.connect(
            name, isolation_level=None, check_same_thread=False, uri=uri, timeout=BUSY_TIMEOUT_MS / 1000
        )
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            if key is not None:
                connection.execute(f"PRAGMA key = {key.pragma}")
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
            for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON", "trusted_schema = OFF"):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection

    return connect


def _sqlite_engine(connect: Callable[[], Any]) -> Engine:
    from sqlcipher3 import dbapi2

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=connect,
        poolclass=QueuePool,
        hide_parameters=True,
        pool_size=KEPT_CONNECTIONS,
        max_overflow=MOST_CONNECTIONS - KEPT_CONNECTIONS,
        pool_timeout=POOL_WAIT_S,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("psoas_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _open_postgresql(url: str) -> Database:
    try:
        import psycopg  # noqa: F401
    except ModuleNotFoundError as err:
        raise MissingExtraError(
            f"PostgreSQL needs {err.name}, which is not installed: pip install 'psoas[postgres]'."
        ) from err
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    where = f"{parsed.host or 'this machine'}/{parsed.database}"
    engine = create_engine(
        parsed,
        pool_size=KEPT_CONNECTIONS,
        max_overflow=MOST_CONNECTIONS - KEPT_CONNECTIONS,
        pool_pre_ping=True,
        hide_parameters=True,
        pool_timeout=POOL_WAIT_S,
        connect_args={
            "options": f"-c lock_timeout={BUSY_TIMEOUT_MS} -c statement_timeout={STATEMENT_MS} "
            f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS} -c timezone=UTC",
            "connect_timeout": CONNECT_S, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
        },
    )  # fmt: skip
    watch(engine, STATEMENT_MS / 1000 + 1)
    return Database(engine, where, None, None)
