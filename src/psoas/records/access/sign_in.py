"""Signing in and out. Failed tries are counted by `psoas.records.access.guards`."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select, update

from psoas.records.access.guards import forgive
from psoas.records.access.tokens import Passwords, csrf_of, fold_login, new_token
from psoas.records.database.tables import account, session
from psoas.records.ids import now
from psoas.records.model import Account, Session
from psoas.records.parts import accounts
from psoas.records.parts.accounts import account_of, find_account, is_as_sealed
from psoas.records.seals.chain import Chain

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
TOUCH_EVERY = timedelta(minutes=5)
"""A session ends after eight hours without use and after a week in any case; its use is noted every five minutes."""


def find_login(connection: Connection, chain: Chain, login: str) -> tuple[Account | None, str | None]:
    """The account of a login and its hash; the hash of one that is disabled, or not as Psoas wrote it, is not given."""
    row = find_account(connection, login=fold_login(login))
    if row is None:
        return None, None
    return account_of(row), row.password_hash if row.disabled_at is None and is_as_sealed(chain, row) else None


def password_fits(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; no hash takes the same time."""
    return Passwords(accounts.COST).matches(kept, password)


def note_failure(connection: Connection, chain: Chain, known: Account | None) -> None:
    """A failed try in the audit trail of the practice it concerns, if there is one."""
    if known is not None:
        chain.append(connection, known.scope, "account.sign_in_failed", "account", known.id)


def begin_session(
    connection: Connection, chain: Chain, known: Account, login: str, address: str, known_browser: str | None
) -> Session:
    """A new session; within a write transaction."""
    token, moment = new_token(), now()
    forgive(connection, login, address, known_browser)
    connection.execute(delete(session).where(session.c.seen_at < moment - IDLE))
    connection.execute(
        insert(session).values(
            token_hash=chain.token_hash(token), account_id=known.id, started_at=moment, seen_at=moment
        )
    )
    chain.append(connection, known.scope, "account.sign_in", "account", known.id)
    return Session(token, csrf_of(token), known, moment + IDLE)


def find_session(connection: Connection, chain: Chain, token: str) -> tuple[Session | None, bool]:
    """The session of a token if it still holds, and whether its use should be noted.

    One that was used in the future is over: the clock has stepped back, and how long it may last cannot be told.
    """
    moment = now()
    row = connection.execute(
        select(session.c.account_id, session.c.seen_at, session.c.started_at).where(
            session.c.token_hash == chain.token_hash(token)
        )
    ).one_or_none()
    if row is None or moment - row.seen_at > IDLE or moment - row.started_at > LONGEST:
        return None, False
    if row.seen_at - moment > TOUCH_EVERY:
        return None, False
    known = find_account(connection, id=row.account_id)
    if known is None or known.disabled_at is not None or not is_as_sealed(chain, known):
        return None, False
    ends = min(row.seen_at + IDLE, row.started_at + LONGEST)
    return Session(token, csrf_of(token), account_of(known), ends), moment - row.seen_at > TOUCH_EVERY


def find_ended_session(connection: Connection, chain: Chain, token: str) -> str | None:
    """The id of the account that a session belonged to, for as long as its row is kept; it gives no rights."""
    found = connection.execute(
        select(session.c.account_id).where(session.c.token_hash == chain.token_hash(token))
    ).scalar_one_or_none()
    return None if found is None else str(found)


def touch_session(connection: Connection, chain: Chain, token: str) -> None:
    """Notes that the session is in use."""
    connection.execute(update(session).where(session.c.token_hash == chain.token_hash(token)).values(seen_at=now()))


def end_session(connection: Connection, chain: Chain, token: str) -> None:
    """Ends a session; within a write transaction."""
    owner = connection.execute(
        select(session.c.account_id).where(session.c.token_hash == chain.token_hash(token))
    ).scalar_one_or_none()
    if owner is None:
        return
    known = account_of(connection.execute(accounts._accounts().where(account.c.id == owner)).one())
    connection.execute(delete(session).where(session.c.token_hash == chain.token_hash(token)))
    chain.append(connection, known.scope, "account.sign_out", "account", known.id)
