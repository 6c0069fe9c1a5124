"""Signing in and out.

Failed tries are counted in the store, for the login, its address and both together, and each further one makes the next
wait twice as long. The figures are our choice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select, text, update

from psoas.records.chain import Chain
from psoas.records.database.tables import account, session, sign_in_guard
from psoas.records.errors import Paused
from psoas.records.ids import now
from psoas.records.model import Account, Session
from psoas.records.parts import accounts
from psoas.records.parts.accounts import account_of, find_account, fold_login
from psoas.records.tokens import Passwords, csrf_of, hash_of_token, new_token

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
TOUCH_EVERY = timedelta(minutes=5)
"""A session ends after eight hours without use and after a week in any case; its use is noted every five minutes."""
FREE_TRIES = {"login and address": 5, "address": 20, "login": 30}
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(hours=24)
LOCK = 0x50534F42
"""Number of the advisory lock under which PostgreSQL counts tries."""


def count_try(connection: Connection, login: str, address: str) -> None:
    """Counts a try as failed before its password is looked at, so that many at once are counted too.

    Within a write transaction; a success takes it back.

    Raises:
        Paused: too many have failed.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    moment, guards = now(), dict(_guards(login, address))
    rows = {row.key: row for row in connection.execute(select(sign_in_guard).where(sign_in_guard.c.key.in_(guards)))}
    until = max((row.locked_until for row in rows.values() if row.locked_until is not None), default=moment)
    if until > moment:
        raise Paused((until - moment).total_seconds())
    for key, free in guards.items():
        row = rows.get(key)
        failures = 1 if row is None or moment - row.last_at > FORGOTTEN_AFTER else row.failures + 1
        over = failures - free
        wait = min(FIRST_WAIT * 2 ** min(over, 20), LONGEST_WAIT) if over >= 0 else None
        values = {"failures": failures, "last_at": moment, "locked_until": moment + wait if wait else None}
        if row is None:
            connection.execute(insert(sign_in_guard).values(key=key, **values))
        else:
            connection.execute(update(sign_in_guard).where(sign_in_guard.c.key == key).values(**values))


def find_login(connection: Connection, login: str) -> tuple[Account | None, str | None]:
    """The account of a login and its hash; the hash of a disabled one is not given."""
    row = find_account(connection, login=fold_login(login))
    if row is None:
        return None, None
    return account_of(row), row.password_hash if row.disabled_at is None else None


def password_fits(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; no hash takes the same time."""
    return Passwords(accounts.COST).matches(kept, password)


def note_failure(connection: Connection, chain: Chain, known: Account | None) -> None:
    """A failed try in the audit trail of the practice it concerns, if there is one."""
    if known is not None:
        chain.append(connection, known.scope, "account.sign_in_failed", "account", known.id)


def begin_session(connection: Connection, chain: Chain, known: Account, login: str, address: str) -> Session:
    """A new session; within a write transaction."""
    token, moment = new_token(), now()
    _forgive(connection, login, address)
    connection.execute(delete(session).where(session.c.seen_at < moment - IDLE))
    connection.execute(
        insert(session).values(token_hash=hash_of_token(token), account_id=known.id, started_at=moment, seen_at=moment)
    )
    chain.append(connection, known.scope, "account.sign_in", "account", known.id)
    return Session(token, csrf_of(token), known, moment + IDLE)


def _forgive(connection: Connection, login: str, address: str) -> None:
    """After a success nothing is held against the login; against the address, where others may try, one try less."""
    for kind, (key, free) in zip(FREE_TRIES, _guards(login, address), strict=True):
        mine = sign_in_guard.c.key == key
        if kind != "address":
            connection.execute(delete(sign_in_guard).where(mine))
            continue
        left = connection.execute(select(sign_in_guard.c.failures).where(mine)).scalar_one_or_none()
        if left is not None:
            until = {} if left - 1 >= free else {"locked_until": None}
            connection.execute(update(sign_in_guard).where(mine).values(failures=left - 1, **until))


def find_session(connection: Connection, token: str) -> tuple[Session | None, bool]:
    """The session of a token if it still holds, and whether its use should be noted."""
    moment = now()
    row = connection.execute(
        select(session.c.account_id, session.c.seen_at, session.c.started_at).where(
            session.c.token_hash == hash_of_token(token)
        )
    ).one_or_none()
    if row is None or moment - row.seen_at > IDLE or moment - row.started_at > LONGEST:
        return None, False
    known = find_account(connection, id=row.account_id)
    if known is None or known.disabled_at is not None:
        return None, False
    ends = min(row.seen_at + IDLE, row.started_at + LONGEST)
    return Session(token, csrf_of(token), account_of(known), ends), moment - row.seen_at > TOUCH_EVERY


def touch_session(connection: Connection, token: str) -> None:
    """Notes that the session is in use."""
    connection.execute(update(session).where(session.c.token_hash == hash_of_token(token)).values(seen_at=now()))


def end_session(connection: Connection, chain: Chain, token: str) -> None:
    """Ends a session; within a write transaction."""
    owner = connection.execute(
        select(session.c.account_id).where(session.c.token_hash == hash_of_token(token))
    ).scalar_one_or_none()
    if owner is None:
        return
    known = account_of(connection.execute(accounts._accounts().where(account.c.id == owner)).one())
    connection.execute(delete(session).where(session.c.token_hash == hash_of_token(token)))
    chain.append(connection, known.scope, "account.sign_out", "account", known.id)


def _guards(login: str, address: str) -> Iterator[tuple[str, int]]:
    """A key for each thing that tries are counted for, in the order of FREE_TRIES; it tells neither of the two."""
    login = fold_login(login)
    for kind, about in (("login and address", f"{login}\n{address}"), ("address", address), ("login", login)):
        yield hashlib.sha256(f"{kind}\n{about}".encode("utf-8", "replace")).hexdigest(), FREE_TRIES[kind]
