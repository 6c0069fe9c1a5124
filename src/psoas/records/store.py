"""The records of one or several practices: opening them, signing in, and units of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from psoas.records.access import sign_in
from psoas.records.access.first_start import alone_at_first
from psoas.records.access.guards import count_try
from psoas.records.access.tokens import fold_login
from psoas.records.address import file_of
from psoas.records.database.engine import HEADS, Database, open_database
from psoas.records.database.log_check import check, copy_log, missing_from
from psoas.records.database.schema import ensure, take_server_key
from psoas.records.database.tables import account, practice
from psoas.records.database.translate import BROKEN, translated
from psoas.records.errors import Conflict, Invalid, NotFound
from psoas.records.ids import new_id, now
from psoas.records.model import Account, ClientLink, Scope, Session
from psoas.records.parts.accounts import account_of, find_account, insert_account, new_account, seal_account
from psoas.records.parts.links import end_link, link_of
from psoas.records.parts.work import Work
from psoas.records.seals.chain import Chain
from psoas.records.seals.stamp import seal_practices, stamp
from psoas.records.seals.verify import broken_pages, heads, missing_heads, problems


def open_records(url: str, *, key: str | None = None, accept_loss: bool = False) -> Records:
    """Opens the records, making the store if it is new.

    Args:
        url: `sqlite:///file.db` (SQLCipher), `sqlite://` (in memory) or `postgresql+psycopg://user@host/name`.
        key: the passphrase or recovery code; needed for a file, for PostgreSQL it signs the audit trail.
        accept_loss: go on with a file that lacks changes that were confirmed; the audit trail says so from then on.

    Raises:
        StoreError: it cannot be opened; the kind and the sentence say why and what to do.
    """
    path = file_of(url) if url.startswith("sqlite") and "://" in url else None
    with alone_at_first(path) if path is not None else nullcontext():
        log = copy_log(path) if path is not None else None
        database = open_database(url, key)
        try:
            with translated(database.where):
                lost = _check_confirmed(database, log, accept_loss=accept_loss)
                ensure(database)
                if not database.is_sqlite:
                    take_server_key(database, key)
                stamp(database)
            records = Records(database)
            if lost:
                records._note_loss()
        except BaseException:
            database.close()
            raise
    return records


def _check_confirmed(database: Database, log: Path | None, *, accept_loss: bool) -> bool:
    """Whether confirmed changes are missing, and that is accepted.

    Raises:
        Damaged: they are, and it is not.
    """
    if database.confirmed is None:
        return False
    noted = database.confirmed.read()
    if accept_loss and missing_from(database, noted):
        database.confirmed.forget()
        return True
    check(database, database.confirmed, noted, log)
    return False


class Records:
    """An open store. Safe to share between threads; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._chain = Chain(database.key)

    @property
    def where(self) -> str:
        """The store as a person knows it: a path, or host and database."""
        return self._database.where

    @property
    def path(self) -> Path | None:
        """The file; None for memory and PostgreSQL."""
        return self._database.path

    def close(self) -> None:
        """Closes every connection."""
        self._database.close()

    def __enter__(self) -> Records:
        """For `with open_records(...) as records`."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()

    @contextmanager
    def work(self, scope: Scope) -> Iterator[Work]:
        """One transaction within a scope: commits at the end, rolls back on any exception."""
        with (
            translated(self.where),
            ExitStack() as held,
            self._database.engine.connect() as connection,
        ):
            connection.info.pop(HEADS, None)
            yield Work(connection, scope, self._chain, lambda: held.enter_context(self._database.turn_to_write()))
            connection.commit()
            self._database.confirm(connection)

    def is_new(self) -> bool:
        """Whether nobody can sign in yet."""
        with self._reading() as connection:
            return not connection.execute(select(func.count()).select_from(account)).scalar_one()

    def set_up(self, *, practice: str, name: str, login: str, password: str) -> Account:
        """The first practice and its owner, in a store that is new."""
        return self._new_practice(practice, name, login, password, only_first=True)

    def add_practice(self, *, practice: str, name: str, login: str, password: str) -> Account:
        """One more practice in the same store, with its owner; for whoever runs the server.

        Raises:
            Conflict: the store holds a practice of that name, or the login is taken.
        """
        return self._new_practice(practice, name, login, password, only_first=False)

    def sign_in(self, login: str, password: str, *, address: str, browser: str = "") -> Session | None:
        """A session, or None where login and password do not fit.

        Args:
            address: where the try comes from; failures are counted for it too.
            browser: what `browser_mark` gave this browser after an earlier sign-in, if it holds that.

        Raises:
            Paused: too many tries have failed; says how long to wait.
        """
        mark = browser if self._chain.is_mark_of(browser, fold_login(login)) else None
        with self._writing() as connection:
            count_try(connection, login, address, mark)
        with self._reading() as connection:
            known, kept = sign_in.find_login(connection, self._chain, login)
        fits = sign_in.password_fits(kept, password)  # slow: no connection is held meanwhile
        with self._writing() as connection:
            if fits and known is not None:
                return sign_in.begin_session(connection, self._chain, known, login, address, mark)
            sign_in.note_failure(connection, self._chain, known)
        return None

    def browser_mark(self, login: str) -> str:
        """What a browser keeps that has signed in to this account: strangers cannot lock it out then."""
        return self._chain.new_mark(fold_login(login))

    def session(self, token: str) -> Session | None:
        """The session of a token, if it still holds; its use keeps it alive."""
        with self._reading() as connection:
            found, touch = sign_in.find_session(connection, self._chain, token)
        if found is not None and touch:
            with self._writing() as connection:
                sign_in.touch_session(connection, self._chain, token)
        return found

    def ended_session(self, token: str) -> str | None:
        """The account that a session belonged to, also where it is over: for giving back what was typed, no rights."""
        with self._reading() as connection:
            return sign_in.find_ended_session(connection, self._chain, token)

    def sign_out(self, token: str) -> None:
        """Ends a session; one that is unknown is no error."""
        with self._writing() as connection:
            sign_in.end_session(connection, self._chain, token)

    def client_link(self, token: str) -> ClientLink | None:
        """The link of a token, if it is neither expired nor revoked."""
        with self._reading() as connection:
            found, over = link_of(connection, self._chain, token)
        if over is not None:
            with self._writing() as connection:
                end_link(connection, self._chain, over)
        return found

    def verify(self) -> list[str]:
        """A sentence for everything in the records that is not as it was written; empty when they are whole."""
        confirmed = self._database.confirmed
        noted = confirmed.read() if confirmed is not None else {}
        with self._reading(one_moment=True) as connection:
            broken = broken_pages(connection) if self.path else []
            if broken:
                return [f"{self.where} is damaged: {text}; {BROKEN}." for text in broken]
            found = problems(connection, self._chain)
        return [*found, *missing_from(self._database, noted)]

    def heads(self) -> dict[str, str]:
        """The end of each practice's audit trail, as `seq:hash`: note it elsewhere to find out a store put back."""
        with self._reading() as connection:
            return heads(connection)

    def backup(self, path: str | Path) -> None:
        """Writes an encrypted copy with the same key, whole and proven, while others go on working.

        Raises:
            Conflict: something is there already.
        """
        from psoas.records.backup import back_up

        back_up(self._database, Path(path))

    @staticmethod
    def restore(path: str | Path, url: str, key: str, *, overwrite: bool = False) -> Path | None:
        """Puts a backup back; see `psoas.records.backup.restore`."""
        from psoas.records.backup import restore

        return restore(Path(path), url, key, overwrite=overwrite)

    def export_person(self, scope: Scope, person_id: str) -> bytes:
        """A person's whole record as a ZIP file: JSON, a page to read, and the files."""
        from psoas.records.bundle import bundle

        with self.work(scope) as work:
            return bundle(work, person_id)

    def export_fhir(self, scope: Scope, person_id: str, *, named: bool = False) -> dict[str, Any]:
        """A person's record, without files, as a FHIR R4 Bundle.

        Args:
            named: with name and day of birth; otherwise with the id and the year of birth.
        """
        from psoas.records.bundle import fhir

        with self.work(scope) as work:
            return fhir(work, person_id, named=named)

    def practices(self) -> dict[str, str]:
        """The names of the practices by their id."""
        with self._reading() as connection:
            return _names(connection)

    def operator(self, named: str | None = None) -> Scope:
        """The scope of whoever holds the key and works at the terminal: an owner without an account.

        Args:
            named: the practice; needed where the store holds several.
        """
        found = self.practices()
        fitting = [id_ for id_, name in found.items() if named in (None, name)]
        if len(fitting) == 1:
            return Scope(fitting[0], None, "owner", name="terminal")
        names = ", ".join(found.values()) or "none yet"
        raise NotFound(f"practice is {named or 'not named'}; expected one of: {names}.")

    def behind(self, noted: dict[str, str]) -> list[str]:
        """Whether heads that were noted earlier are still in the audit trail; empty when they are."""
        with self._reading() as connection:
            return missing_heads(connection, noted)

    def _new_practice(self, practice_name: str, name: str, login: str, password: str, *, only_first: bool) -> Account:
        title = practice_name.strip()
        if not 1 <= len(title) <= 120:
            raise Invalid("practice", f"practice has {len(title)} characters; expected 1 to 120.")
        values = new_account(title, name, login, password)
        practice_id = new_id()
        with self._writing() as connection:
            if not self._database.is_sqlite:  # two browsers may both be at the first page
                connection.exec_driver_sql("LOCK TABLE practice IN EXCLUSIVE MODE")
            there = _names(connection)
            if only_first and there:
                raise Conflict("The practice is already set up; sign in, or ask its owner for an account.")
            if title in there.values():
                raise Conflict(f"There is a practice named {title} already; choose another name.")
            connection.execute(insert(practice).values(id=practice_id, name=title, created_at=now()))
            self._chain.begin(connection, practice_id)
            seal_practices(connection, self._chain)
            id_ = insert_account(connection, practice_id, "owner", values)
            digest = seal_account(connection, self._chain, id_)
            row = find_account(connection, id=id_)
            assert row is not None
            made = account_of(row)
            self._chain.append(connection, made.scope, "practice.set_up", "account", id_, digest)
        return made

    @contextmanager
    def _reading(self, *, one_moment: bool = False) -> Iterator[Connection]:
        """A connection to read from; `one_moment`: nothing that others write meanwhile is seen, as always on SQLite."""
        with translated(self.where), self._database.engine.connect() as connection:
            if one_moment and not self._database.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with (
            translated(self.where),
            self._database.turn_to_write(),
            self._database.engine.connect() as connection,
        ):
            connection.info.pop(HEADS, None)
            with connection.execution_options(psoas_write=True).begin():
                yield connection
            self._database.confirm(connection)

    def _note_loss(self) -> None:
        """What whoever runs the store has accepted stands in every practice's audit trail."""
        for practice_id in self.practices():
            with self._writing() as connection:
                self._chain.lock(connection, practice_id)
                scope = Scope(practice_id, None, "owner", name="terminal")
                self._chain.append(connection, scope, "store.loss_accepted", "practice", practice_id)


def _names(connection: Connection) -> dict[str, str]:
    """The names of the practices by their id."""
    rows = connection.execute(select(practice.c.id, practice.c.name).order_by(practice.c.name)).all()
    return {row.id: row.name for row in rows}
