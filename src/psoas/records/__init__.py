"""People, visits, results, plans and check-ins of a practice: encrypted, audited, never lost once confirmed.

    records = open_records("sqlite:///practice.db", key=passphrase)
    with records.work(session.scope) as work:
        person = work.people.add(given_name="Anna", family_name="Berg")

The database library is loaded when a name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psoas.records.errors import (
        Conflict,
        Damaged,
        Full,
        Invalid,
        KeyNeeded,
        Locked,
        NotFound,
        Paused,
        ReadOnly,
        RecordsError,
        Refused,
        StoreError,
        TooNew,
        Unreachable,
        WrongKey,
    )
    from psoas.records.model import (
        Account,
        Alarmed,
        AuditEntry,
        CheckIn,
        ClientLink,
        File,
        Person,
        Plan,
        Response,
        Result,
        Scope,
        Session,
        Visit,
    )
    from psoas.records.opening import Opened, open_store
    from psoas.records.parts.work import Work
    from psoas.records.store import Records, open_records

_HOMES = {
    "psoas.records.errors": (
        *("Conflict", "Damaged", "Full", "Invalid", "KeyNeeded", "Locked", "NotFound", "Paused", "ReadOnly"),
        *("RecordsError", "Refused", "StoreError", "TooNew", "Unreachable", "WrongKey"),
    ),
    "psoas.records.model": (
        *(
            "Account",
            "Alarmed",
            "AuditEntry",
            "CheckIn",
            "ClientLink",
            "File",
            "Person",
            "Plan",
            "Response",
            "Result",
            "Scope",
            "Session",
        ),
        "Visit",
    ),
    "psoas.records.opening": ("Opened", "open_store"),
    "psoas.records.store": ("Records", "open_records"),
    "psoas.records.parts.work": ("Work",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Account",
    "Alarmed",
    "AuditEntry",
    "CheckIn",
    "ClientLink",
    "Conflict",
    "Damaged",
    "File",
    "Full",
    "Invalid",
    "KeyNeeded",
    "Locked",
    "NotFound",
    "Opened",
    "Paused",
    "Person",
    "Plan",
    "ReadOnly",
    "Records",
    "RecordsError",
    "Refused",
    "Response",
    "Result",
    "Scope",
    "Session",
    "StoreError",
    "TooNew",
    "Unreachable",
    "Visit",
    "Work",
    "WrongKey",
    "open_records",
    "open_store",
]


def __getattr__(name: str) -> Any:
    """Names are brought in when they are first used."""
    if home := _HOME_OF.get(name):
        return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
