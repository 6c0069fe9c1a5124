"""What every part of a unit of work shares: who may, which rows, and under which salt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, insert, or_, select

from psoas.records.database.tables import check_in, person, trial_entry, visit
from psoas.records.errors import NotFound, Refused
from psoas.records.ids import new_id, now
from psoas.records.model import Scope
from psoas.records.seals.chain import Chain, digest_of
from psoas.records.seals.row_seal import row_content

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

    @property
    def chain(self) -> Chain:
        """Where the audit trail is written, and what seals rows."""

    def note(self, action: str, subject: str, subject_id: str, digest: str = "") -> None:
        """Appends to the audit trail."""

    def note_all(self, told: Sequence[tuple[str, str, str, str]]) -> None:
        """Appends several entries to the audit trail."""


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
            if table is person:
                own.append(table.c.id == self._scope.person_id)
            else:
                own.append(self._theirs(table, str(self._scope.person_id)))
        return own

    def _theirs(self, table: Table, person_id: str) -> ColumnElement[bool]:
        """Rows of this person, and of those who were merged into them."""
        ids = select(person.c.id).where(
            person.c.practice_id == self._scope.practice_id,
            or_(person.c.id == person_id, person.c.merged_into_id == person_id),
        )
        return table.c.person_id.in_(ids)

    def _survivor(self, person_id: str) -> str:
        """The person themself, or the one they were merged into."""
        found = select(person.c.merged_into_id).where(
            person.c.practice_id == self._scope.practice_id, person.c.id == person_id
        )
        return self._work.connection.execute(found).scalar_one_or_none() or person_id

    def _is_of(self, row: Row[Any], person_id: str) -> bool:
        """Whether a row belongs to this person, or to one merged into them."""
        return row.person_id == person_id or self._survivor(row.person_id) == person_id

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

    def _note_row(self, table: Table, id_: str, action: str) -> None:
        """An entry in the audit trail with the digest of the row as it stands now."""
        row = self._row(table, id_, table.name)
        person_id = row.id if table is person else row.person_id
        self._work.note(action, table.name, id_, digest_of(self._person_row(person_id).salt, row_content(table, row)))

    def _moment(self, person_id: str) -> datetime:
        """Now, but never before what is kept of this person already.

        A clock that ran fast, or was set back, would else put a check-in before its visit, and a danger with it.
        """
        last: list[datetime | None] = [
            self._work.connection.execute(select(func.max(column)).where(table.c.person_id == person_id)).scalar_one()
            for table, column in (
                (visit, visit.c.started_at),
                (check_in, check_in.c.made_at),
                (trial_entry, trial_entry.c.made_at),
            )
        ]
        latest: datetime = max([now(), *(moment + A_MOMENT for moment in last if moment is not None)])
        return latest

    def _keep(self, table: Table, person_id: str, action: str, /, **columns: Any) -> str:
        """Insert a row that is never changed again, with its entry in the audit trail; returns its new id."""
        id_ = new_id()
        own = {"id": id_, "practice_id": self._scope.practice_id, "person_id": person_id}
        values = {**own, "made_at": self._moment(person_id), "by": self._scope.account_id, **columns}
        self._work.connection.execute(insert(table).values(**values))
        digest = digest_of(self._person_row(person_id).salt, row_content(table, values))
        self._work.note(f"{table.name}.{action}", table.name, id_, digest)
        return id_
