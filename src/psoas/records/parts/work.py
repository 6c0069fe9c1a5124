"""A unit of work: one transaction, one scope, and what may be done in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from psoas.records.model import Scope
from psoas.records.parts.accounts import Accounts
from psoas.records.parts.clinical import CheckIns, Files, Plans, Results
from psoas.records.parts.entries import Entries
from psoas.records.parts.links import Links
from psoas.records.parts.notes import Consents, Notes
from psoas.records.parts.people import People
from psoas.records.parts.trail import Trail
from psoas.records.parts.trials import Trials
from psoas.records.parts.visits import Visits
from psoas.records.seals.chain import Chain


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
    entries: Entries
    trials: Trials
    links: Links
    accounts: Accounts
    audit: Trail

    def __init__(self, connection: Connection, scope: Scope, chain: Chain, take_turn: Callable[[], None]) -> None:
        self.connection, self.scope, self._chain, self._take_turn = connection, scope, chain, take_turn
        self._writing = False
        self.people, self.visits = People(self), Visits(self)
        self.results, self.plans, self.check_ins, self.files = Results(self), Plans(self), CheckIns(self), Files(self)
        self.notes, self.consents, self.entries = Notes(self), Consents(self), Entries(self)
        self.trials = Trials(self)
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

    @property
    def chain(self) -> Chain:
        """Where the audit trail is written, and what seals rows."""
        return self._chain

    def note(self, action: str, subject: str, subject_id: str, digest: str = "") -> None:
        """Appends to the audit trail."""
        self._chain.append(self.connection, self.scope, action, subject, subject_id, digest)

    def note_all(self, told: Sequence[tuple[str, str, str, str]]) -> None:
        """Appends several entries to the audit trail."""
        self._chain.append_all(self.connection, self.scope, told)
