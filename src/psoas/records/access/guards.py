"""Failed tries to sign in: counted in the store, for the login, its address and both together.

Each further failure makes the next wait twice as long. A browser that has signed in to an account before holds a mark,
and its tries are counted for that browser alone: strangers who guess at a login cannot lock out whose it is. The
figures are our choice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, text, update

from psoas.records.access.tokens import fold_login
from psoas.records.database.tables import sign_in_guard
from psoas.records.errors import Paused
from psoas.records.ids import now

FREE_TRIES = {"login and address": 5, "address": 20, "login": 30}
FREE_FOR_A_KNOWN_BROWSER = 10
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(hours=24)
LOCK = 0x50534F42
"""Number of the advisory lock under which PostgreSQL counts tries."""
_HALF = 32
_NONE = "0" * _HALF


def count_try(connection: Connection, login: str, address: str, known_browser: str | None = None) -> None:
    """Counts a try as failed before its password is looked at, so that many at once are counted too.

    Within a write transaction; a success takes it back.

    Args:
        known_browser: the mark of a browser that has signed in to this account before, already found genuine.

    Raises:
        Paused: too many have failed.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    moment, guards = now(), dict(_guards(login, address, known_browser))
    rows = {row.key: row for row in connection.execute(select(sign_in_guard).where(sign_in_guard.c.key.in_(guards)))}
    until = max((_locked_until(row, moment) for row in rows.values()), default=moment)
    if until > moment:
        raise Paused((until - moment).total_seconds())
    for key, free in guards.items():
        row = rows.get(key)
        failures = 1 if row is None or abs(moment - row.last_at) > FORGOTTEN_AFTER else row.failures + 1
        over = failures - free
        wait = min(FIRST_WAIT * 2 ** min(over, 20), LONGEST_WAIT) if over >= 0 else None
        values = {"failures": failures, "last_at": moment, "locked_until": moment + wait if wait else None}
        if row is None:
            connection.execute(insert(sign_in_guard).values(key=key, **values))
        else:
            connection.execute(update(sign_in_guard).where(sign_in_guard.c.key == key).values(**values))


def forgive(connection: Connection, login: str, address: str, known_browser: str | None = None) -> None:
    """After a success nothing is held against the login; against the address, where others may try, one try less."""
    lift_lock(connection, login)
    if known_browser is not None:
        return
    key = _NONE + _half("address", address)
    left = connection.execute(select(sign_in_guard.c.failures).where(sign_in_guard.c.key == key)).scalar_one_or_none()
    if left is not None:
        until: dict[str, Any] = {} if left - 1 >= FREE_TRIES["address"] else {"locked_until": None}
        connection.execute(update(sign_in_guard).where(sign_in_guard.c.key == key).values(failures=left - 1, **until))


def lift_lock(connection: Connection, login: str) -> None:
    """Forget every failure for a login, from wherever: its holder was here, or has a new password."""
    connection.execute(delete(sign_in_guard).where(sign_in_guard.c.key.startswith(_half("login", fold_login(login)))))


def _locked_until(row: Row[Any], moment: datetime) -> datetime:
    """When a rest is over. Where the clock has stepped back since it was given, it is counted from now: a rest of half
    a minute does not become one of five days."""
    if row.locked_until is None:
        return moment
    begun = min(row.last_at, moment)
    wait = min(row.locked_until - row.last_at, LONGEST_WAIT)
    until: datetime = begun + wait
    return until


def _guards(login: str, address: str, known_browser: str | None) -> Iterator[tuple[str, int]]:
    """A key for each thing that tries are counted for, and how many are free; it tells neither of the two."""
    mine = _half("login", fold_login(login))
    if known_browser is not None:
        yield mine + _half("browser", known_browser), FREE_FOR_A_KNOWN_BROWSER
        return
    yield mine + _half("address", address), FREE_TRIES["login and address"]
    yield _NONE + _half("address", address), FREE_TRIES["address"]
    yield mine + _NONE, FREE_TRIES["login"]


def _half(kind: str, about: str) -> str:
    return hashlib.sha256(f"{kind}\n{about}".encode("utf-8", "replace")).hexdigest()[:_HALF]
