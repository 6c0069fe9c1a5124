"""Treat and test again within a visit, a step at a time: every reading is kept as it comes, the result is sealed."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from psoas.errors import CaseError
from psoas.records import Conflict, NotFound, StoredTrial
from psoas.report.sources import percent_words
from psoas.trial import LaidDown, State
from psoas.trial.choices import table
from psoas.web.access import Practitioner, Visitor, records_of
from psoas.web.computed.results import pages_of
from psoas.web.render import page, see_other
from psoas.web.steps.context import VisitContext, begun, desk_of
from psoas.web.steps.forms import Sent, SentForm, first
from psoas.web.steps.missing import gate_of
from psoas.web.trials.choices import ANGLES, COMPARISONS, MOVEMENTS, treatments
from psoas.web.trials.store import retest_of, settled_by_retest, with_settled, word_of
from psoas.web.trials.taps import from_0_to_10

router = APIRouter()

SIDES = {"left": "Left", "right": "Right", "both": "Both"}
OWN = "own"
"""The choice of something in the practitioner's own words."""


@router.get("/visits/{visit_id}/retest")
def choose(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """What reproduces the pain, what is treated, what it is held against; or the re-test that is under way."""
    with records_of(request).work(visitor.scope) as work:
        desk = desk_of(work, visitor, visit_id)
        under_way = next((one for one in work.trials.of_visit(visit_id) if not retest_of(work, one).is_over), None)
    if desk.is_open and under_way is not None and not desk.stops:
        return see_other(f"{desk.base}/retest/{under_way.id}")
    return _choose(request, visitor, desk, {}, ())


@router.post("/visits/{visit_id}/retest")
def start(request: Request, visitor: Practitioner, visit_id: str, form: SentForm) -> Response:
    """Keep what was chosen, draw the lot, and begin with the first reading."""
    with records_of(request).work(visitor.scope) as work:
        desk = desk_of(work, visitor, visit_id)
    if not desk.is_open or desk.stops or not gate_of(desk).is_open:
        return _choose(request, visitor, desk, form, ())
    try:
        laid_down = _laid_down(form, desk)
    except CaseError as err:
        return _choose(request, visitor, desk, form, err.problems)
    with records_of(request).work(visitor.scope) as work:
        stored = work.trials.start(
            desk.visit.person_id, "retest", laid_down.model_dump(mode="json"), visit_id=visit_id
        )  # fmt: skip
    return see_other(f"{desk.base}/retest/{stored.id}")


@router.get("/visits/{visit_id}/retest/{retest_id}")
def show(request: Request, visitor: Practitioner, visit_id: str, retest_id: str) -> Response:
    """The step that is due, or the result once it is done."""
    return _step(request, visitor, visit_id, retest_id, "", 200)


@router.post("/visits/{visit_id}/retest/{retest_id}")
def take(request: Request, visitor: Practitioner, visit_id: str, retest_id: str, form: SentForm) -> Response:
    """Keep one reading, that something was done, or that it was stopped; a second press keeps nothing twice."""
    with records_of(request).work(visitor.scope) as work:
        desk = desk_of(work, visitor, visit_id)
        state = retest_of(work, _stored(work, visit_id, retest_id))
    if desk.stops:
        return see_other(f"{desk.base}/stop")
    here = f"{desk.base}/retest/{retest_id}"
    if state.is_over:
        return see_other(here)
    try:
        entry = _entry(form, state)
    except CaseError as err:
        return _step(request, visitor, visit_id, retest_id, str(err), 422)
    seen = first(form, "seen")
    try:
        with records_of(request).work(visitor.scope) as work:
            work.trials.add(retest_id, entry, after=int(seen) if seen.isdecimal() and len(seen) < 5 else -1)
    except Conflict:
        return see_other(here)
    _into_case(request, desk, retest_id)
    return see_other(here)


def _into_case(request: Request, desk: VisitContext, trial_id: str) -> None:
    """Once it is over, what it says goes into the case of the visit, so that the answer knows it.

    Where others save at this very moment it is tried again; at worst the next visit takes it over from the record.
    """
    for _ in range(3):
        try:
            with records_of(request).work(desk.visitor.scope) as work:
                stored, visit = work.trials.get(trial_id), work.visits.get(desk.visit.id)
                row = settled_by_retest(stored, retest_of(work, stored))
                if row is None or visit.state != "open":
                    return
                case = with_settled(begun(visit.case), [row])
                work.visits.save(visit.id, case, version=visit.version, step=visit.step, what="treated, tested again")
                return
        except Conflict:
            continue


def _stored(work: Any, visit_id: str, retest_id: str) -> StoredTrial:
    stored: StoredTrial = work.trials.get(retest_id)
    if stored.visit_id != visit_id or stored.kind != "retest":
        raise NotFound("There is no such re-test of this visit.")
    return stored


def _entry(form: Sent, state: State) -> dict[str, Any]:
    """What was sent, as it is kept.

    Raises:
        CaseError: it does not fit the step.
    """
    if first(form, "do") == "stop":
        return {"stopped": first(form, "why")[:200] or "stopped by the practitioner"}
    if state.step.what == "do":
        return {"done": state.step.after}
    pain = first(form, "pain")
    if (rated := from_0_to_10(pain)) is None:
        raise CaseError("The pain", f"is {pain[:20]!r}; expected a whole number from 0 to 10.")
    told: dict[str, Any] = {"pain_0_10": rated}
    if angle := first(form, "angle").replace(",", ".").replace("−", "-"):
        try:
            told["angle_deg"] = float(angle)
        except ValueError:
            raise CaseError("The angle", f"is {angle[:20]!r}; expected degrees, such as -4.") from None
        if not -180 <= told["angle_deg"] <= 180:
            raise CaseError("The angle", f"is {angle[:20]}; expected -180 to 180 degrees.")
    return {"reading": told}


def _laid_down(form: Sent, desk: VisitContext) -> LaidDown:
    """What was chosen.

    Raises:
        CaseError: something is missing or is not on offer.
    """
    chosen, own = first(form, "treatment"), first(form, "own")
    offered = {one.id: one for one in treatments(desk.visit.case)}
    if chosen in offered:
        about: dict[str, Any] = {
            "treatment": offered[chosen].name, "treatment_id": chosen, "hip_flexor": offered[chosen].hip_flexor,
        }  # fmt: skip
    elif chosen == OWN and own:
        about = {"treatment": own[:200], "hip_flexor": first(form, "own_hip_flexor") == "yes"}
        if about["hip_flexor"] and not desk.interview.screen.gate.open:
            raise CaseError("The hip flexors", "wait until what looks like a tight psoas is excluded.")
    else:
        raise CaseError("What is treated", "is not chosen; choose one thing, or write it in your own words.")
    seconds, side = first(form, "seconds"), first(form, "side")
    missing = [
        what for name, what in (("movement", "The movement"), ("comparison", "The comparison")) if not first(form, name)
    ]
    if missing:
        raise CaseError(missing[0], "is missing; say it in a few words.")
    return LaidDown.of(
        {
            **about,
            "movement": first(form, "movement")[:200],
            "comparison": first(form, "comparison")[:200],
            "seconds": int(seconds) if seconds.isdecimal() and len(seconds) < 5 else 90,
            "side": side if side in SIDES else "both",
            "angle": first(form, "angle") if first(form, "angle") in ANGLES else "",
        }
    )


def _choose(
    request: Request, visitor: Visitor, desk: VisitContext, values: Any, problems: tuple[tuple[str, str], ...]
) -> Response:
    gate = gate_of(desk)
    free = desk.is_open and not desk.stops and gate.is_open
    offered = treatments(desk.visit.case) if free else ()
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(desk.visit.person_id)
        earlier = [(one, retest_of(work, one)) for one in work.trials.of_visit(desk.visit.id)]
    return page(
        request, "trial/choose.html", visitor, status=422 if problems else 200, visit=desk.visit, person=person,
        desk=desk, gate=gate, free=free, offered=offered, movements=MOVEMENTS, comparisons=COMPARISONS, angles=ANGLES,
        sides=SIDES, values={name: given[0] for name, given in values.items() if given}, problems=problems,
        earlier=earlier, word_of=word_of, screen=desk.interview.screen, words=desk.words, own=OWN,
    )  # fmt: skip


def _step(request: Request, visitor: Visitor, visit_id: str, retest_id: str, problem: str, status: int) -> Response:
    with records_of(request).work(visitor.scope) as work:
        desk = desk_of(work, visitor, visit_id)
        person = work.people.get(desk.visit.person_id)
        stored = _stored(work, visit_id, retest_id)
        state, seen = retest_of(work, stored), len(work.trials.entries(retest_id))
        result = next(iter(pages_of(work, visit_id)), None)
    if desk.stops and not state.is_over:
        return see_other(f"{desk.base}/stop")
    before = result.answer.get("psoas", {}).get("probability") if result is not None else None
    has_row = any(row.get("origin") == retest_id for row in result.page["case"].get("settled", ())) if result else False
    offered = {one.id: one for one in treatments(desk.visit.case)} if not state.is_over else {}
    treatment = offered.get(state.laid_down.treatment_id)
    return page(
        request, "trial/step.html", visitor, status=status, visit=desk.visit, person=person, state=state,
        laid_down=state.laid_down, step=state.step, seen=seen, problem=problem, angle_words=ANGLES,
        pictures=treatment.pictures if treatment else (), least_pain=table()["retest"]["least_pain"],
        percent=percent_words, before=None if has_row else before, word_of=word_of,
        after=state.result.moved(before) if state.result and before is not None and not has_row else None,
    )  # fmt: skip
