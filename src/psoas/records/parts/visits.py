"""Visits: the case as it is filled in, step by step, by one or several people at once."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update

from psoas.records.database.tables import client_link, visit
from psoas.records.errors import Conflict, Invalid, Refused
from psoas.records.ids import canonical, new_id, now
from psoas.records.model import CLOSED_STATES, Visit
from psoas.records.parts.part import CLINICAL, Part

MOST_BYTES = 2_000_000
"""The longest case, as JSON: our choice; a full one has about 50 kB."""
WHAT = re.compile(r"[A-Za-z0-9_ ,.:/()-]{1,80}")


class Visits(Part):
    """Visits of the practice's people. A client with an intake link sees and fills in the visit it is for."""

    _begun = ""

    def start(self, person_id: str, *, case: dict[str, Any]) -> Visit:
        """A new visit; a person has at most one open one."""
        self._may_write()
        text = _text(case)
        self._work.begin_write()
        self._person_row(person_id)
        if self._open_row(person_id, of_anybody=True) is not None:
            raise Conflict("This person already has an open visit; go on with it, or finish it first.")
        moment, id_ = now(), new_id()
        self._work.connection.execute(
            insert(visit).values(
                id=id_,
                practice_id=self._scope.practice_id,
                person_id=person_id,
                started_at=moment,
                changed_at=moment,
                state="open",
                step=None,
                version=1,
                case=text,
                by=self._scope.account_id,
            )
        )
        if self._scope.role == "client":
            self._begun = id_
            self._bind_link(id_)
        return self._noted("visit.start", id_)

    def get(self, id_: str) -> Visit:
        """One visit."""
        self._may_read()
        return _visit(self._row(visit, id_, "visit"))

    def of(self, person_id: str) -> tuple[Visit, ...]:
        """Every visit of a person, the newest first."""
        self._may_read()
        self._person_row(person_id)
        found = select(visit).where(*self._own(visit), visit.c.person_id == person_id)
        return tuple(_visit(row) for row in self._all(found.order_by(visit.c.started_at.desc(), visit.c.id.desc())))

    def open_of(self, person_id: str) -> Visit | None:
        """The open visit of a person, if there is one."""
        self._may_read()
        self._person_row(person_id)
        row = self._open_row(person_id)
        return _visit(row) if row is not None else None

    def save(
        self,
        id_: str,
        case: dict[str, Any],
        *,
        version: int,
        step: str | None = None,
        what: str,
    ) -> Visit:
        """Keeps the case as it is now.

        Args:
            version: of the visit as the caller read it.
            step: where to go on; None leaves it as it was.
            what: which part changed, for the audit trail: a few plain words without personal content.

        Raises:
            Conflict: somebody else saved it meanwhile, or it is closed.
        """
        self._may_write()
        if not WHAT.fullmatch(what):
            raise Invalid(
                "what", f"what is {what!r}; expected 1 to 80 letters, digits and ,.:/()-_ without personal content."
            )
        text = _text(case)
        self._work.begin_write()
        row = self._row(visit, id_, "visit")
        _must_be_open(row)
        if row.version != version:
            raise Conflict(
                f"The visit was changed meanwhile (version {row.version}, you had {version}); "
                "read it again, so that nobody's answers are lost."
            )
        self._work.connection.execute(
            update(visit)
            .where(*self._own(visit), visit.c.id == id_, visit.c.version == version)
            .values(case=text, version=version + 1, step=row.step if step is None else step, changed_at=now())
        )
        return self._noted(f"visit.save: {what}", id_)

    def close(self, id_: str, state: str) -> Visit:
        """Ends the visit: `finished`, or `stopped` for a danger."""
        self._may_write()
        if state not in CLOSED_STATES:
            raise Invalid("state", f"state is {state!r}; expected one of {', '.join(CLOSED_STATES)}.")
        self._work.begin_write()
        row = self._row(visit, id_, "visit")
        _must_be_open(row)
        self._work.connection.execute(
            update(visit).where(*self._own(visit), visit.c.id == id_).values(state=state, changed_at=now())
        )
        return self._noted(f"visit.{state}", id_)

    def _noted(self, action: str, id_: str) -> Visit:
        self._note_row(visit, id_, action)
        return _visit(self._row(visit, id_, "visit"))

    def _bind_link(self, id_: str) -> None:
        """The link that this visit was begun with is for no other from now on."""
        if self._scope.link_id is None:
            return
        link = (*self._own(client_link), client_link.c.id == self._scope.link_id, client_link.c.visit_id.is_(None))
        self._work.connection.execute(update(client_link).where(*link).values(visit_id=id_))
        self._note_row(client_link, self._scope.link_id, "client_link.begin")

    def _open_row(self, person_id: str, *, of_anybody: bool = False) -> Row[Any] | None:
        own = super()._own(visit) if of_anybody else self._own(visit)
        found = select(visit).where(*own, visit.c.person_id == person_id, visit.c.state == "open")
        return self._work.connection.execute(found.order_by(visit.c.started_at.desc()).limit(1)).one_or_none()

    def _own(self, table: Any) -> list[ColumnElement[bool]]:
        own = super()._own(table)
        if table is visit and self._scope.purpose == "intake":  # one visit: the one named, or the one begun with it
            own.append(visit.c.id == (self._scope.visit_id or self._begun))
        return own

    def _may_read(self) -> None:
        self._allow("A visit", *CLINICAL, "client")

    def _may_write(self) -> None:
        self._may_read()
        if self._scope.role == "client" and self._scope.purpose != "intake":
            raise Refused("This link is not for filling in a visit; ask the practice for one that is.")


def _must_be_open(row: Row[Any]) -> None:
    if row.state != "open":
        raise Conflict(f"The visit is {row.state} and is not changed any more; start a new one.")


def _text(case: Any) -> str:
    if not isinstance(case, dict):
        raise Invalid("case", f"case is {type(case).__name__}; expected an object in the form of a case file.")
    text = canonical(case, "case")
    if len(text) > MOST_BYTES:
        raise Invalid("case", f"case has {len(text)} bytes; expected at most {MOST_BYTES}.")
    return text


def _visit(row: Row[Any]) -> Visit:
    return Visit(
        row.id,
        row.person_id,
        row.started_at,
        row.changed_at,
        row.state,
        row.step,
        row.version,
        json.loads(row.case),
        row.by,
    )
