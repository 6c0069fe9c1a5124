"""Lines that are told of a person one by one, each kept once under its own key, however often it is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, get_args

from sqlalchemy import Row, select

from psoas.records.database.tables import entry
from psoas.records.errors import Invalid, Refused
from psoas.records.ids import canonical
from psoas.records.model import Entry, EntryKind
from psoas.records.parts.part import CLINICAL, Part

KINDS: tuple[str, ...] = get_args(EntryKind)
MOST_BYTES = 4000
"""The longest line, as JSON: our choice."""
KEY = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class Entries(Part):
    """Entries of the practice's people. A client's plan link reaches the own diary and nothing else."""

    def add(self, person_id: str, kind: EntryKind, told: Sequence[tuple[str, dict[str, Any]]]) -> tuple[Entry, ...]:
        """Keeps lines under their keys, and gives back each as it is kept: one whose key is known stays as it was.

        Raises:
            Invalid: a key or a line is not as it has to be; nothing is kept then.
        """
        self._may(kind)
        for key, content in told:
            if not KEY.fullmatch(key):
                raise Invalid("key", f"key is {key!r}; expected 1 to 64 letters, digits or marks.")
            if len(canonical(content)) > MOST_BYTES:
                raise Invalid("content", f"A line is too long; expected at most {MOST_BYTES} bytes.")
        self._work.begin_write()
        self._person_row(person_id)
        kept = {one.key: one for one in self.of(person_id, kind)}
        found = []
        for key, content in told:
            if key not in kept:
                made = self._keep(entry, person_id, "add", kind=kind, key=key, content=canonical(content))
                kept[key] = _entry(self._row(entry, made, "entry"))
            found.append(kept[key])
        return tuple(found)

    def of(self, person_id: str, kind: EntryKind) -> tuple[Entry, ...]:
        """The lines of a person, in the order in which they came."""
        self._may(kind)
        self._person_row(person_id)
        found = select(entry).where(*self._own(entry), self._theirs(entry, person_id), entry.c.kind == kind)
        return tuple(_entry(row) for row in self._all(found.order_by(entry.c.made_at, entry.c.id)))

    def _may(self, kind: str) -> None:
        if kind not in KINDS:
            raise Invalid("kind", f"kind is {kind!r}; expected one of {', '.join(KINDS)}.")
        if self._scope.role == "client":
            if kind != "diary" or self._scope.purpose != "plan":
                raise Refused("This link is not for that; ask the practice for one that is.")
            return
        self._allow("What is told day by day", *CLINICAL)


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.id, row.person_id, row.kind, row.key, row.made_at, row.by, json.loads(row.content))
