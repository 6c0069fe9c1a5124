"""What a database driver raises, in sentences that tell what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from psoas.records.errors import (
    Conflict,
    Damaged,
    Full,
    Locked,
    ReadOnly,
    RecordsError,
    StoreError,
    Unreachable,
    WrongKey,
)

BROKEN = "restore a backup with `psoas records restore`, and keep the broken file"


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Within it, errors of the driver become `RecordsError`s that name the store.

    Args:
        where: the store as a person knows it: a path, or host and database.
    """
    try:
        yield
    except DBAPIError as err:
        raise sentence(where, err.orig if isinstance(err.orig, Exception) else err) from err
    except PoolTimeout as err:
        raise Locked(f"{where} is busy: no connection became free in time; try again in a moment.") from err
    except Exception as err:
        if type(err).__module__.startswith(("sqlcipher3", "psycopg")):
            raise sentence(where, err) from err
        raise


def sentence(where: str, err: Exception) -> RecordsError:
    """The error for what the driver says."""
    code = getattr(err, "sqlite_errorname", None)
    if code is not None or type(err).__module__.startswith("sqlcipher3"):
        return _sqlite(where, code or "", str(err))
    return _postgresql(where, getattr(err, "sqlstate", None) or "", str(err))


def _sqlite(where: str, code: str, text: str) -> RecordsError:
    if "append-only" in text:
        return StoreError(f"{where} refused it: {_short(text)}.")
    known: list[tuple[str, RecordsError]] = [
        (
            "SQLITE_BUSY|SQLITE_LOCKED",
            Locked(f"{where} is locked by another program; close it, or wait and try again."),
        ),
        (
            "SQLITE_FULL",
            Full(f"No room left for {where}; nothing was changed. Free some space on the disk and try again."),
        ),
        (
            "SQLITE_READONLY|SQLITE_PERM",
            ReadOnly(f"{where} cannot be written; give yourself the right to write it and its folder."),
        ),
        (
            "SQLITE_CANTOPEN",
            Unreachable(
                f"{where} cannot be opened; check that the folder is there and that you may read and write it."
            ),
        ),
        (
            "SQLITE_NOTADB",
            WrongKey(
                f"The key does not open {where}, or it is no Psoas store; give its passphrase or its recovery code."
            ),
        ),
        ("SQLITE_CORRUPT", Damaged(f"{where} is damaged: {_short(text)}; {BROKEN}.")),
        ("SQLITE_CONSTRAINT", Conflict(f"It does not fit what is already kept: {_short(text)}.")),
        (
            "SQLITE_IOERR",
            Damaged(f"{where} could not be read or written: {_short(text)}; check the disk, then {BROKEN}."),
        ),
    ]
    for pattern, error in known:
        if re.match(pattern, code):
            return error
    return StoreError(f"{where} could not be used: {_short(text)}.")


def _postgresql(where: str, state: str, text: str) -> RecordsError:
    if state == "53100":
        return Full(f"No room left for {where}; nothing was changed. Free some space on the server and try again.")
    if state in ("55P03", "40001", "40P01"):
        return Locked(f"{where} is busy with another change; try again in a moment.")
    if state == "25006":
        return ReadOnly(f"{where} is read-only; connect to a server that takes changes.")
    if state.startswith("XX"):
        return Damaged(f"{where} is damaged: {_short(text)}; {BROKEN}.")
    if state == "P0001":
        return StoreError(f"{where} refused it: {_short(text)}.")
    if state.startswith("23"):
        return Conflict(f"It does not fit what is already kept: {_short(text)}.")
    if not state or state.startswith(("08", "28", "3D", "57")):
        return Unreachable(f"{where} does not answer: {_short(text)}; check that the server runs and who may connect.")
    return StoreError(f"{where} could not be used: {_short(text)}.")


def _short(text: str) -> str:
    """The first line, without a full stop: drivers add the row, which may hold personal content."""
    lines = text.strip().splitlines()
    return lines[0].rstrip(".") if lines else "no reason given"
