"""Visits: the case as it is filled in, step by step, by one or several people at once."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update

from psoas.records.database.tables import client_link, visit
from psoas.records.errors import Conflict, Invalid, NotFound, Refused
from psoas.records.ids import canonical, new_id, now
from psoas.records.model import CLOSED_STATES, HELD_STATES, KINDS, Visit
from psoas.records.parts.part import CLINICAL, Part

MOST_BYTES = 2_000_000
"""The longest case, as JSON: our choice; a full one has about 50 kB."""
WHAT = re.compile(r"[A-Za-z0-9_ ,.:/()-]{1,80}")


class Visits(Part):
    """Visits of the practice's people. A client with an intake link sees and fills in the visit it is for."""

    _begun = ""

    def start(
        self,
        person_id: str,
        *,
        case: dict[str, Any],
        kind: str = "assessment",
        previous_id: str | None = None,
        step: str | None = None,
    ) -> Visit:
        """A new visit; a person has at most one open one, which the database holds as well.

        Args:
            kind: `assessment`, `follow_up` or `treatment`.
            previous_id: the visit of the same person that this one carries over from.
            step: where to begin; a visit that carries a danger over begins at the stop, which the practice sees.
        """
        self._may_write()
        if kind not in KINDS:
            raise Invalid("kind", f"kind is {kind!r}; expected one of {', '.join(KINDS)}.")
        text = _text(case)
        self._work.begin_write()
        if self._person_row(person_id).merged_into_id is not None:
            raise Conflict("This person was merged into another; start the visit there, or undo the merge first.")
        if previous_id is not None and not self._is_of(self._earlier_row(previous_id), person_id):
            raise NotFound("There is no such earlier visit of this person.")
        if self._open_row(person_id, of_anybody=True) is not None:
            raise Conflict("This person already has an open visit; go on with it, or finish it first.")
        moment, id_ = self._moment(person_id), new_id()
        self._work.connection.execute(
            insert(visit).values(
                id=id_,
                practice_id=self._scope.practice_id,
                person_id=person_id,
                started_at=moment,
                changed_at=moment,
                state="open",
                step=step,
                version=1,
                case=text,
                by=self._scope.account_id,
                kind=kind,
                previous_id=previous_id,
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
        return self._seen(person_id, self._own(visit))

    def _seen(self, person_id: str, own: list[ColumnElement[bool]]) -> tuple[Visit, ...]:
        found = select(visit).where(*own, self._theirs(visit, person_id))
        return tuple(_visit(row) for row in self._all(found.order_by(visit.c.started_at.desc(), visit.c.id.desc())))

    def open_of(self, person_id: str) -> Visit | None:
        """The open visit of a person, if there is one."""
        self._may_read()
        self._person_row(person_id)
        row = self._open_row(person_id)
        return _visit(row) if row is not None else None

    def last_held(self, person_id: str, *, before: str | None = None) -> Visit | None:
        """The last visit that took place and was closed, sessions without an assessment left out.

        Args:
            before: only those that began before this visit.
        """
        self._may_read()
        self._person_row(person_id)
        seen = self._seen(person_id, self._earlier())
        if before is not None:
            ids = [one.id for one in seen]
            seen = seen[ids.index(before) + 1 :] if before in ids else ()
        return next((one for one in seen if one.state in HELD_STATES and one.kind != "treatment"), None)

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

    def close(self, id_: str, state: str, *, version: int | None = None, next_on: date | None = None) -> Visit:
        """Ends the visit: `finished`, `stopped` for a danger, or `cancelled` where it did not take place.

        To end it twice in the same way is no error: a button may be pressed twice.

        Args:
            version: of the visit as the caller read it; None ends it whatever was saved meanwhile.
            next_on: the day agreed for the next visit.

        Raises:
            Conflict: it was ended in another way, or changed since it was read.
        """
        self._allow("To end a visit", *CLINICAL)
        if state not in CLOSED_STATES:
            raise Invalid("state", f"state is {state!r}; expected one of {', '.join(CLOSED_STATES)}.")
        self._work.begin_write()
        row = self._row(visit, id_, "visit")
        if row.state == state:
            return _visit(row)
        _must_be_open(row)
        if version is not None and row.version != version:
            raise Conflict("The visit was changed meanwhile; look over it once more before it is ended.")
        values: dict[str, Any] = {"state": state, "changed_at": now()}
        if next_on is not None:
            values["next_on"] = next_on
        self._work.connection.execute(update(visit).where(*self._own(visit), visit.c.id == id_).values(**values))
        return self._noted(f"visit.{state}", id_)

    def reopen(self, id_: str) -> Visit:
        """Opens a closed visit again, with all it holds. One that is open already stays as it is.

        Raises:
            Conflict: the person has another visit open.
        """
        self._allow("To reopen a visit", *CLINICAL)
        self._work.begin_write()
        row = self._row(visit, id_, "visit")
        if row.state == "open":
            return _visit(row)
        if self._open_row(self._survivor(row.person_id)) is not None:
            raise Conflict("This person has another visit open; finish or cancel that one first.")
        self._work.connection.execute(
            update(visit).where(*self._own(visit), visit.c.id == id_).values(state="open", changed_at=now())
        )
        return self._noted("visit.reopened", id_)

    def _noted(self, action: str, id_: str) -> Visit:
        self._note_row(visit, id_, action)
        return _visit(self._row(visit, id_, "visit"))

    def _earlier(self) -> list[ColumnElement[bool]]:
        """Visits that a new one may carry over from: for a client, only where whoever made the link may see them."""
        return super()._own(visit) if self._scope.sees_earlier else self._own(visit)

    def _earlier_row(self, id_: str) -> Row[Any]:
        found = select(visit).where(*self._earlier(), visit.c.id == id_)
        row = self._work.connection.execute(found).one_or_none()
        if row is None:
            raise NotFound("There is no such visit in this practice.")
        return row

    def _bind_link(self, id_: str) -> None:
        """The link that this visit was begun with is for no other from now on."""
        if self._scope.link_id is None:
            return
        link = (*self._own(client_link), client_link.c.id == self._scope.link_id, client_link.c.visit_id.is_(None))
        self._work.connection.execute(update(client_link).where(*link).values(visit_id=id_))
        self._note_row(client_link, self._scope.link_id, "client_link.begin")

    def _open_row(self, person_id: str, *, of_anybody: bool = False) -> Row[Any] | None:
        own = super()._own(visit) if of_anybody else self._own(visit)
        found = select(visit).where(*own, self._theirs(visit, person_id), visit.c.state == "open")
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
        raise Conflict(f"The visit is {row.state} and is not changed any more; reopen it, or start a new one.")


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
        row.kind,
        row.previous_id,
        row.next_on,
    )
