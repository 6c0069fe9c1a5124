"""What can go wrong with the records, as one tree.

    RecordsError
    ├── NotFound      no such record within the caller's practice (an app answers 404)
    ├── Refused       this role may not do this (403)
    │   └── Paused    too many failed sign-ins; says how long to wait
    ├── Conflict      somebody else changed it first, or its state forbids it (409)
    ├── Invalid       a value that cannot be kept as it stands (422)
    └── StoreError    the store itself (503)
        ├── KeyNeeded   an encrypted store was opened without a key
        ├── WrongKey    the key does not open this store
        ├── Damaged     the file is cut short or its content is broken
        ├── Locked      another program holds the store
        ├── Full        no room left on the disk
        ├── ReadOnly    the file or its folder cannot be written
        ├── TooNew      the store was written by a later Psoas
        └── Unreachable the store is not there or the database server does not answer

Every message says what came, what was expected and what to do. None holds what a person told.
"""

from __future__ import annotations

from psoas.errors import PsoasError


class RecordsError(PsoasError):
    """Base of every error of the records."""


class NotFound(RecordsError):  # noqa: N818 - the names are the answer an app gives
    """No such record within the caller's practice (or, for a client, about the client)."""


class Refused(RecordsError):  # noqa: N818
    """The role of the caller may not do this."""


class Paused(Refused):
    """Too many failed sign-ins.

    Attributes:
        wait_s: seconds until the next try is taken.
    """

    def __init__(self, wait_s: float) -> None:
        self.wait_s = wait_s
        minutes = max(1, round(wait_s / 60 + 0.49))
        unit = "minute" if minutes == 1 else "minutes"
        super().__init__(f"Too many failed sign-ins; wait {minutes} {unit} and try again.")


class Conflict(RecordsError):  # noqa: N818
    """Somebody else changed the record first, or its state does not allow the change."""


class Invalid(RecordsError):  # noqa: N818
    """A value that cannot be kept as it stands.

    Attributes:
        field: the field that the sentence is about.
    """

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


class StoreError(RecordsError):
    """The store itself cannot be used."""


class KeyNeeded(StoreError):  # noqa: N818
    """An encrypted store was opened without a key."""


class WrongKey(StoreError):  # noqa: N818
    """The key does not open this store."""


class Damaged(StoreError):  # noqa: N818
    """The file is cut short, is something else, or its content is broken."""


class Locked(StoreError):  # noqa: N818
    """Another program holds the store for longer than we wait."""


class Full(StoreError):  # noqa: N818
    """No room left on the disk."""


class ReadOnly(StoreError):  # noqa: N818
    """The file or its folder cannot be written."""


class TooNew(StoreError):  # noqa: N818
    """The store was written by a later version of Psoas."""


class Unreachable(StoreError):  # noqa: N818
    """The store is not there, or its database server does not answer."""
