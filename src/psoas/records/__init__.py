"""People, visits, results, plans and check-ins of a practice: encrypted, audited, never lost once confirmed.

    records = open_records("sqlite:///practice.db", key=passphrase)
    with records.work(session.scope) as work:
        person = work.people.add(given_name="Anna", family_name="Berg")

The database library is loaded when a name is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

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
        Consent,
        Entry,
        File,
        Note,
        Overview,
        Person,
        Plan,
        Response,
        Result,
        Scope,
        Session,
        StoredTrial,
        TrialEntry,
        Visit,
    )
    from psoas.records.opening import Opened, open_store
    from psoas.records.parts.work import Work
    from psoas.records.store import Records, open_records

_HOMES = {
    "errors": (
        *("Conflict", "Damaged", "Full", "Invalid", "KeyNeeded", "Locked", "NotFound", "Paused", "ReadOnly"),
        *("RecordsError", "Refused", "StoreError", "TooNew", "Unreachable", "WrongKey"),
    ),
    "model": (
        *(
            "Account",
            "Alarmed",
            "AuditEntry",
            "CheckIn",
            "ClientLink",
            "Consent",
            "Entry",
            "File",
            "Note",
            "Overview",
            "Person",
            "Plan",
            "Response",
            "Result",
            "Scope",
            "Session",
            "StoredTrial",
            "TrialEntry",
        ),
        "Visit",
    ),
    "opening": ("Opened", "open_store"),
    "store": ("Records", "open_records"),
    "parts.work": ("Work",),
}

__all__ = [
    "Account",
    "Alarmed",
    "AuditEntry",
    "CheckIn",
    "ClientLink",
    "Conflict",
    "Consent",
    "Damaged",
    "Entry",
    "File",
    "Full",
    "Invalid",
    "KeyNeeded",
    "Locked",
    "NotFound",
    "Note",
    "Opened",
    "Overview",
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
    "StoredTrial",
    "TooNew",
    "TrialEntry",
    "Unreachable",
    "Visit",
    "Work",
    "WrongKey",
    "open_records",
    "open_store",
]

# Names are brought in when they are first used.
__getattr__, __dir__, _ = lazy_loader.attach(__name__, submod_attrs=_HOMES)
