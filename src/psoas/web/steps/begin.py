"""How a visit begins: with what the record knows, and with what the visit before knew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psoas.interview import Interview
from psoas.knowledge import load
from psoas.records import Conflict
from psoas.records.clock import today
from psoas.web.ages import age_years
from psoas.web.follow_up.record import told_since
from psoas.web.steps.carry import carried_over
from psoas.web.steps.context import STOPPED, stop_trials
from psoas.web.trials.store import settled_of, with_settled

if TYPE_CHECKING:
    from psoas.records import Person, Visit, Work


def begin_visit(work: Work, person_id: str, kind: str) -> Visit:
    """The open visit of a person, or a new one; a second press of the button, or a second tab, starts no second one.

    Args:
        kind: `follow_up`, `treatment`, or `assessment`: a new complaint, for which only facts are taken over.
            Without an earlier visit a follow-up is an assessment.
    """
    if (there := work.visits.open_of(person_id)) is not None:
        return there
    person, previous = work.people.get(person_id), work.visits.last_held(person_id)
    case, step = known_of(person), None
    if previous is not None:
        told = told_since(work, person_id, previous.started_at)
        case = carried_over(
            previous, told, case, load(), today=today(), same_complaint=kind != "assessment"
        )  # fmt: skip
        step = STOPPED if Interview(case).stops else None
    elif kind == "follow_up":
        kind = "assessment"
    if work.scope.role != "client":
        case = with_settled(case, settled_of(work, person_id))
    if step == STOPPED:
        stop_trials(work, person_id)
    try:
        return work.visits.start(
            person_id, case=case, kind=kind, previous_id=previous.id if previous else None, step=step
        )  # fmt: skip
    except Conflict:
        there = work.visits.open_of(person_id)
        if there is None:
            raise
        return there


def known_of(person: Person) -> dict[str, Any]:
    """What the record of a person already says of the case."""
    known: dict[str, Any] = {}
    if person.birth_date is not None:
        known["age_years"] = age_years(person.birth_date, today())
    if person.sex != "unknown":
        known["sex"] = person.sex if person.sex in ("female", "male") else "unspecified"
    return {"psoas_case": 1} | ({"person": known} if known else {})
