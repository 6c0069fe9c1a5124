"""Signing in and out. Failed tries are counted in the store, for the login, its address and both together, and each
further one makes the next wait twice as long. The figures are our choice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select, update

from psoas.records import accounts
from psoas.records.accounts import account_of, find_account, fold_login
from psoas.records.chain import Chain
from psoas.records.errors import Paused
from psoas.records.ids import now
from psoas.records.model import Account, Session
from psoas.records.tables import account, session, sign_in_guard
from psoas.records.tokens import Passwords, csrf_of, hash_of_token, new_token

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
TOUCH_EVERY = timedelta(minutes=5)
"""A session ends after eight hours without use and after a week in any case; its use is noted every five minutes."""
FREE_TRIES = {"login and address": 5, "address": 20, "login": 30}
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(hours=24)


def check_guard(connection: Connection, login: str, address: str) -> None:
    """Whether a try is taken now.

    Raises:
        Paused: too many have failed.
    """
    keys = [key for key, _ in _guards(login, address)]
    found = connection.execute(select(sign_in_guard.c.locked_until).where(sign_in_guard.c.key.in_(keys)))
    until = max((moment for moment in found.scalars() if moment is not None), default=None)
    if until is not None and until > now():
        raise Paused((until - now()).total_seconds())


def password_matches(connection: Connection, login: str, password: str) -> Account | None:
    """The account, if the password is its own; an unknown login takes the same time."""
    row = find_account(connection, login=fold_login(login))
    kept = row.password_hash if row is not None and row.disabled_at is None else None
    return account_of(row) if Passwords(accounts.COST).matches(kept, password) and row is not None else None


def count_failure(connection: Connection, chain: Chain, login: str, address: str) -> None:
    """One more failed try; within a write transaction."""
    moment = now()
    for key, free in _guards(login, address):
        row = connection.execute(
            select(sign_in_guard).where(sign_in_guard.c.key == key).with_for_update()
        ).one_or_none()
        fresh = row is None or moment - row.last_at > FORGOTTEN_AFTER
        failures = 1 if fresh or row is None else row.failures + 1
        over = failures - free
        wait = min(FIRST_WAIT * 2 ** min(over, 20), LONGEST_WAIT) if over >= 0 else None
        values = {"failures": failures, "last_at": moment, "locked_until": moment + wait if wait else None}
        if row is None:
            connection.execute(insert(sign_in_guard).values(key=key, **values))
        else:
            connection.execute(update(sign_in_guard).where(sign_in_guard.c.key == key).values(**values))
    found = find_account(connection, login=fold_login(login))
    if found is not None:
        known = account_of(found)
        chain.append(connection, known.scope, "account.sign_in_failed", "account", known.id)


def begin_session(connection: Connection, chain: Chain, known: Account, login: str, address: str) -> Session:
    """A new session; within a write transaction."""
    token, moment = new_token(), now()
    keys = [key for key, _ in _guards(login, address)]
    connection.execute(delete(sign_in_guard).where(sign_in_guard.c.key.in_(keys)))
    connection.execute(delete(session).where(session.c.seen_at < moment - IDLE))
    connection.execute(
        insert(session).values(token_hash=hash_of_token(token), account_id=known.id, started_at=moment, seen_at=moment)
    )
    chain.append(connection, known.scope, "account.sign_in", "account", known.id)
    return Session(token, csrf_of(token), known, moment + IDLE)


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
    login = fold_login(login)
    for kind, about in (("login and address", f"{login}\n{address}"), ("address", address), ("login", login)):
        yield hashlib.sha256(f"{kind}\n{about}".encode("utf-8", "replace")).hexdigest(), FREE_TRIES[kind]
