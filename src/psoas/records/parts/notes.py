"""What a practitioner writes of a session, and what a person agreed to: each kept once, never changed.

A note is written further as a new version; the earlier ones stay. A consent is taken back by a new record.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Row, func, select

from psoas.records.database.tables import consent, note, visit
from psoas.records.errors import Conflict, Invalid
from psoas.records.ids import canonical
from psoas.records.model import Consent, Note
from psoas.records.parts.part import CLINICAL, Part

MOST_BYTES = 4_000_000
"""The longest note or consent, as JSON: our choice. It is refused as a whole, and never cut."""


class Notes(Part):
    """Notes of sessions. They may be written after the visit is closed, as practitioners do."""

    def keep(self, visit_id: str, content: dict[str, Any], *, after: int = 0) -> Note:
        """Keeps the next version of the note of a visit; the same words once more change nothing.

        Args:
            after: the number of the version that the caller read; 0 where there was none.

        Raises:
            Conflict: somebody else wrote a later version meanwhile.
        """
        self._allow("To write a note", *CLINICAL)
        text = _text(content)
        self._work.begin_write()
        row = self._row(visit, visit_id, "visit")
        last = self.latest(visit_id)
        if last is not None and canonical(last.content) == text:
            return last
        if after != (last.number if last else 0):
            raise Conflict("Somebody else wrote this note meanwhile; read theirs, and put both together.")
        kept = {"visit_id": visit_id, "number": (last.number if last else 0) + 1, "content": text}
        return self.get(self._keep(note, row.person_id, "keep", **kept))

    def get(self, id_: str) -> Note:
        """One version of a note."""
        self._may_read()
        return _note(self._row(note, id_, "note"))

    def latest(self, visit_id: str) -> Note | None:
        """The newest version of the note of a visit, if there is one."""
        self._may_read()
        self._row(visit, visit_id, "visit")
        found = select(note).where(*self._own(note), note.c.visit_id == visit_id)
        rows = self._all(found.order_by(note.c.number.desc()).limit(1))
        return _note(rows[0]) if rows else None

    def of(self, visit_id: str) -> tuple[Note, ...]:
        """Every version of the note of a visit, the newest first."""
        self._may_read()
        self._row(visit, visit_id, "visit")
        found = select(note).where(*self._own(note), note.c.visit_id == visit_id)
        return tuple(_note(row) for row in self._all(found.order_by(note.c.number.desc())))

    def of_person(self, person_id: str) -> tuple[Note, ...]:
        """The newest version of the note of each visit of a person, the newest first."""
        self._may_read()
        self._person_row(person_id)
        latest = (
            select(note.c.visit_id, func.max(note.c.number).label("number"))
            .where(*self._own(note), self._theirs(note, person_id))
            .group_by(note.c.visit_id)
            .subquery()
        )
        found = (
            select(note)
            .join(latest, (latest.c.visit_id == note.c.visit_id) & (latest.c.number == note.c.number))
            .where(*self._own(note))
            .order_by(note.c.made_at.desc(), note.c.id.desc())
        )
        return tuple(_note(row) for row in self._all(found))

    def _may_read(self) -> None:
        self._allow("A note", *CLINICAL)


class Consents(Part):
    """What people agreed to."""

    def keep(self, person_id: str, content: dict[str, Any]) -> Consent:
        """Keeps a consent, or that one was taken back."""
        self._allow("To keep a consent", *CLINICAL)
        text = _text(content)
        self._work.begin_write()
        self._person_row(person_id)
        return self.get(self._keep(consent, person_id, "keep", content=text))

    def get(self, id_: str) -> Consent:
        """One consent."""
        self._may_read()
        return _consent(self._row(consent, id_, "consent"))

    def of(self, person_id: str) -> tuple[Consent, ...]:
        """Every consent of a person, the newest first."""
        self._may_read()
        self._person_row(person_id)
        found = select(consent).where(*self._own(consent), self._theirs(consent, person_id))
        return tuple(_consent(row) for row in self._all(found.order_by(consent.c.made_at.desc(), consent.c.id.desc())))

    def _may_read(self) -> None:
        self._allow("A consent", *CLINICAL)


def _text(content: Any) -> str:
    if not isinstance(content, dict):
        raise Invalid("content", f"content is {type(content).__name__}; expected an object.")
    text = canonical(content)
    if len(text) > MOST_BYTES:
        raise Invalid("content", f"content has {len(text)} bytes; expected at most {MOST_BYTES}. Nothing was kept.")
    return text


def _note(row: Row[Any]) -> Note:
    return Note(row.id, row.visit_id, row.person_id, row.number, row.made_at, row.by, json.loads(row.content))


def _consent(row: Row[Any]) -> Consent:
    return Consent(row.id, row.person_id, row.made_at, row.by, json.loads(row.content))
