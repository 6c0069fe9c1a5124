"""A unit of work: one transaction, one scope, and what may be done in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, insert, or_, select

from psoas.records.chain import Chain, digest_of
from psoas.records.errors import NotFound, Refused
from psoas.records.ids import new_id, now
from psoas.records.model import Scope
from psoas.records.tables import person

if TYPE_CHECKING:
    from psoas.records.accounts import Accounts
    from psoas.records.clinical import CheckIns, Files, Plans, Results
    from psoas.records.links import Links
    from psoas.records.notes import Consents, Notes
    from psoas.records.people import People
    from psoas.records.trail import Trail
    from psoas.records.visits import Visits

CLINICAL = ("owner", "practitioner")
STAFF = (*CLINICAL, "front_desk")
EVERYONE = (*STAFF, "client")
PLAIN = {
    "front_desk": "the front desk",
    "practitioner": "a practitioner",
    "client": "a client link",
    "owner": "an owner",
}


class Work:
    """Everything that `Records.work` hands out. Reads share a snapshot; the first write takes the write lock."""

    people: People
    visits: Visits
    results: Results
    plans: Plans
    check_ins: CheckIns
    files: Files
    notes: Notes
    consents: Consents
    links: Links
    accounts: Accounts
    audit: Trail

    def __init__(self, connection: Connection, scope: Scope, chain: Chain, take_turn: Callable[[], None]) -> None:
        from psoas.records.accounts import Accounts
        from psoas.records.clinical import CheckIns, Files, Plans, Results
        from psoas.records.links import Links
        from psoas.records.notes import Consents, Notes
        from psoas.records.people import People
        from psoas.records.trail import Trail
        from psoas.records.visits import Visits

        self.connection, self.scope, self._chain, self._take_turn = connection, scope, chain, take_turn
        self._writing = False
        self.people, self.visits = People(self), Visits(self)
        self.results, self.plans, self.check_ins, self.files = Results(self), Plans(self), CheckIns(self), Files(self)
        self.notes, self.consents = Notes(self), Consents(self)
        self.links, self.accounts, self.audit = Links(self), Accounts(self), Trail(self)

    def begin_write(self) -> None:
        """Takes the write lock of the practice.

        SQLite cannot turn a read snapshot into a write when somebody else has written since, so the snapshot is ended
        first; what a write depends on (a version, a state, an owner) is read again under the lock.
        """
        if self._writing:
            return
        if self.connection.dialect.name == "sqlite":
            self.connection.commit()
            self._take_turn()
            self.connection.execution_options(psoas_write=True)
        else:
            self._chain.lock(self.connection, self.scope.practice_id)
        self._writing = True

    def note(self, action: str, subject: str, subject_id: str, digest: str = "") -> None:
        """Appends to the audit trail."""
        self._chain.append(self.connection, self.scope, action, subject, subject_id, digest)


class Part:
    """What every part of a unit of work shares: who may, which rows, and under which salt."""

    def __init__(self, work: Work) -> None:
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

    def _digest(self, person_id: str, content: str | bytes) -> str:
        return digest_of(self._person_row(person_id).salt, content)

    def _keep(self, table: Table, person_id: str, action: str, digested: str | bytes, /, **columns: Any) -> str:
        """Insert a row that is never changed again, with its entry in the audit trail; returns its new id."""
        id_ = new_id()
        own = {"id": id_, "practice_id": self._scope.practice_id, "person_id": person_id}
        made = {"made_at": now(), "by": self._scope.account_id}
        self._work.connection.execute(insert(table).values(**own, **made, **columns))
        self._work.note(f"{table.name}.{action}", table.name, id_, self._digest(person_id, digested))
        return id_
