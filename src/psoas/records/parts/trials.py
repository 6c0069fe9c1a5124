"""Trials on one person: what was laid down before, and every reading, day and look, each kept once and never changed.

A client's link for a trial reaches the own trials over weeks, and may add what was told of a day and a danger.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, get_args

from sqlalchemy import Row, func, select

from psoas.records.database.tables import trial, trial_entry, visit
from psoas.records.errors import Conflict, Invalid, NotFound, Refused
from psoas.records.ids import canonical
from psoas.records.model import StoredTrial, TrialEntry, TrialKind
from psoas.records.parts.part import CLINICAL, Part

MOST_BYTES = 20_000
MOST_ENTRIES = 2000
"""The longest start or entry, and the most entries of a trial: our choice; twelve weeks make about a hundred."""


class Trials(Part):
    """Trials and their entries."""

    def start(
        self, person_id: str, kind: str, content: dict[str, Any], *, visit_id: str | None = None
    ) -> StoredTrial:  # fmt: skip
        """Keeps how a trial is laid down, before it begins.

        Args:
            kind: `retest` within a visit, or `weeks`.
            visit_id: the visit it belongs to; needed for a re-test.
        """
        self._allow("To start a trial", *CLINICAL)
        kinds = get_args(TrialKind)
        if kind not in kinds:
            raise Invalid("kind", f"kind is {kind!r}; expected one of {', '.join(kinds)}.")
        text = _text(content)
        self._work.begin_write()
        self._person_row(person_id)
        if visit_id is not None and not self._is_of(self._row(visit, visit_id, "visit"), person_id):
            raise NotFound("There is no such visit of this person.")
        made = self._keep(trial, person_id, "start", kind=kind, visit_id=visit_id, content=text)
        return _trial(self._row(trial, made, "trial"))

    def add(self, trial_id: str, content: dict[str, Any], *, after: int | None = None) -> TrialEntry:
        """Keeps one thing that was told or done.

        Args:
            after: how many entries the caller has seen; None where the order does not matter.

        Raises:
            Conflict: there are more or fewer by now: a second press of a button, or another browser.
        """
        self._may_read()
        text = _text(content)
        self._work.begin_write()
        row = self._row(trial, trial_id, "trial")
        self._is_for_a_client(row)
        there = self._count(trial_id)
        if after is not None and after != there:
            raise Conflict("Something was kept in this trial meanwhile; look at it as it stands now.")
        if there >= MOST_ENTRIES:
            raise Invalid("trial", f"The trial holds {there} entries; expected at most {MOST_ENTRIES}.")
        made = self._keep(trial_entry, row.person_id, "add", trial_id=trial_id, content=text)
        return _entry(self._row(trial_entry, made, "entry"))

    def stop_all(self, person_id: str, why: str, on: date) -> int:
        """Stops every trial over weeks of a person that was not stopped; returns how many. For a danger sign.

        Whoever may tell a danger may stop them: nothing is to be tried while somebody must be seen.
        """
        self._allow("To stop a trial", *CLINICAL, "client")
        self._work.begin_write()
        self._person_row(person_id)
        found = select(trial.c.id, trial.c.person_id).where(
            *self._own(trial), self._theirs(trial, person_id), trial.c.kind == "weeks"
        )
        stopped = 0
        for row in self._all(found):
            entries = select(trial_entry.c.content).where(trial_entry.c.trial_id == row.id)
            if not any("stopped" in json.loads(text) for (text,) in self._all(entries)):
                content = _text({"stopped": why, "on": on.isoformat(), "danger": True})
                self._keep(trial_entry, row.person_id, "stop", trial_id=row.id, content=content)
                stopped += 1
        return stopped

    def get(self, id_: str) -> StoredTrial:
        """One trial."""
        self._may_read()
        row = self._row(trial, id_, "trial")
        self._is_for_a_client(row)
        return _trial(row)

    def of(self, person_id: str) -> tuple[StoredTrial, ...]:
        """Every trial of a person, the newest first; for a client those over weeks."""
        self._may_read()
        self._person_row(person_id)
        found = select(trial).where(*self._own(trial), self._theirs(trial, person_id))
        if self._scope.role == "client":
            found = found.where(trial.c.kind == "weeks")
        return tuple(_trial(row) for row in self._all(found.order_by(trial.c.made_at.desc(), trial.c.id.desc())))

    def of_visit(self, visit_id: str) -> tuple[StoredTrial, ...]:
        """The re-tests of a visit, the newest first."""
        self._allow("A re-test", *CLINICAL)
        self._row(visit, visit_id, "visit")
        found = select(trial).where(*self._own(trial), trial.c.visit_id == visit_id, trial.c.kind == "retest")
        return tuple(_trial(row) for row in self._all(found.order_by(trial.c.made_at.desc(), trial.c.id.desc())))

    def entries(self, trial_id: str) -> tuple[TrialEntry, ...]:
        """Everything told or done in a trial, in order."""
        self._may_read()
        self._is_for_a_client(self._row(trial, trial_id, "trial"))
        found = select(trial_entry).where(*self._own(trial_entry), trial_entry.c.trial_id == trial_id)
        return tuple(_entry(row) for row in self._all(found.order_by(trial_entry.c.made_at, trial_entry.c.id)))

    def every(self) -> tuple[StoredTrial, ...]:
        """Every trial of the practice, the oldest first; for what the practice learns."""
        self._allow("The trials of the practice", *CLINICAL)
        return tuple(_trial(row) for row in self._all(select(trial).where(*self._own(trial)).order_by(trial.c.made_at)))

    def _count(self, trial_id: str) -> int:
        found = select(func.count()).where(*self._own(trial_entry), trial_entry.c.trial_id == trial_id)
        return int(self._work.connection.execute(found).scalar_one())

    def _may_read(self) -> None:
        self._allow("A trial", *CLINICAL, "client")
        if self._scope.role == "client" and self._scope.purpose != "trial":
            raise Refused("This link is not for a trial; ask the practice for one that is.")

    def _is_for_a_client(self, row: Row[Any]) -> None:
        if self._scope.role == "client" and row.kind != "weeks":
            raise NotFound("There is no such trial in this practice.")


def _text(content: Any) -> str:
    if not isinstance(content, dict):
        raise Invalid("content", f"content is {type(content).__name__}; expected an object.")
    text = canonical(content)
    if len(text) > MOST_BYTES:
        raise Invalid("content", f"content has {len(text)} bytes; expected at most {MOST_BYTES}.")
    return text


def _trial(row: Row[Any]) -> StoredTrial:
    return StoredTrial(row.id, row.person_id, row.visit_id, row.kind, row.made_at, row.by, json.loads(row.content))


def _entry(row: Row[Any]) -> TrialEntry:
    return TrialEntry(row.id, row.trial_id, row.person_id, row.made_at, row.by, json.loads(row.content))
