"""What every part of a unit of work shares: who may, which rows, and under which salt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, insert, select

from psoas.records.chain import digest_of
from psoas.records.database.tables import check_in, person, visit
from psoas.records.errors import NotFound, Refused
from psoas.records.ids import new_id, now
from psoas.records.model import Scope

A_MOMENT = timedelta(milliseconds=1)
CLINICAL = ("owner", "practitioner")
STAFF = (*CLINICAL, "front_desk")
EVERYONE = (*STAFF, "client")
PLAIN = {
    "front_desk": "the front desk",
    "practitioner": "a practitioner",
    "client": "a client link",
    "owner": "an owner",
}


class Unit(Protocol):
    """The unit of work as its parts see it: one connection, one scope, and the audit trail."""

    connection: Connection
    scope: Scope

    def begin_write(self) -> None:
        """Takes the write lock of the practice."""

    def note(self, action: str, subject: str, subject_id: str, digest: str = "") -> None:
        """Appends to the audit trail."""


class Part:
    """What every part of a unit of work shares: who may, which rows, and under which salt."""

    def __init__(self, work: Unit) -> None:
        self._work = work

    @property
    def _scope(self) -> Scope:
        return self._work.scope

    def _allow(self, what: str, *roles: str) -> None:
        if self._scope.role not in roles:
            allowed = ", ".join(PLAIN[role] for role in roles)
            raise Refused(f"{what} is not open to {PLAIN[self._scope.role]}; it is to {allowed}.")

    def _own(self, table: Table) -> list[ColumnElement[bool]]:
        """The rows of this practice; for a client, of this person alone."""
        own = [table.c.practice_id == self._scope.practice_id]
        if self._scope.role == "client":
            column = table.c.id if table is person else table.c.person_id
            own.append(column == self._scope.person_id)
        return own

    def _all(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        return self._work.connection.execute(statement).all()

    def _row(self, table: Table, id_: str, what: str) -> Row[Any]:
        """The row with this id within the scope."""
        row = self._work.connection.execute(select(table).where(*self._own(table), table.c.id == id_)).one_or_none()
        if row is None:
            raise NotFound(f"There is no such {what} in this practice.")
        return row

    def _person_row(self, person_id: str) -> Row[Any]:
        """A person of the scope who has not been erased."""
        row = self._row(person, person_id, "person")
        if row.erased_at is not None:
            raise NotFound("There is no such person in this practice.")
        return row

    def _digest(self, person_id: str, content: str | bytes) -> str:
        return digest_of(self._person_row(person_id).salt, content)

    def _moment(self, person_id: str) -> datetime:
        """Now, but never before what is kept of this person already.

        A clock that ran fast, or was set back, would else put a check-in before its visit, and a danger with it.
        """
        last: list[datetime | None] = [
            self._work.connection.execute(select(func.max(column)).where(table.c.person_id == person_id)).scalar_one()
            for table, column in ((visit, visit.c.started_at), (check_in, check_in.c.made_at))
        ]
        return max([now(), *(moment + A_MOMENT for moment in last if moment is not None)])

    def _keep(self, table: Table, person_id: str, action: str, digested: str | bytes, /, **columns: Any) -> str:
        """Insert a row that is never changed again, with its entry in the audit trail; returns its new id."""
        id_ = new_id()
        own = {"id": id_, "practice_id": self._scope.practice_id, "person_id": person_id}
        made = {"made_at": self._moment(person_id), "by": self._scope.account_id}
        self._work.connection.execute(insert(table).values(**own, **made, **columns))
        self._work.note(f"{table.name}.{action}", table.name, id_, self._digest(person_id, digested))
        return id_
