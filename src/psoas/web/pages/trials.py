"""A trial over weeks on one person, for the practitioner: design, start, the looks when they are due, its end."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from psoas.errors import CaseError
from psoas.records import Conflict, NotFound, Work
from psoas.records.clock import today
from psoas.report.sources import percent_words
from psoas.trial import Course, Swings, Trial, TrialError, swings_of, typical_swings
from psoas.web.access import Practitioner, Visitor, records_of
from psoas.web.render import fragment, is_htmx, page, see_other
from psoas.web.steps.forms import Sent, SentForm, first
from psoas.web.trials.choices import WEEKS_COMPARISONS, Treatment, treatments
from psoas.web.trials.designing import designing
from psoas.web.trials.drawn import drawn_of
from psoas.web.trials.store import Weeks, all_weeks, settled_by_weeks, weeks_of, with_settled
from psoas.web.trials.taps import from_0_to_10

router = APIRouter()

HALF_LIVES = {"0": "at once", "1": "in a day", "3": "in three days"}
"""In how long half of the effect should come and go, as the model's grid has it."""
OWN = "own"
WAY = re.compile(r"(\d{1,2})-(\d{1,2})")


@router.get("/people/{person_id}/trials")
def show_all(request: Request, visitor: Practitioner, person_id: str) -> Response:
    """The trials of a person, and a form for a new one."""
    return _all(request, visitor, person_id, {}, ())


@router.post("/people/{person_id}/trials")
def start(request: Request, visitor: Practitioner, person_id: str, form: SentForm) -> Response:
    """Draw the lot and begin with the run-in."""
    day = today()
    try:
        with records_of(request).work(visitor.scope) as work:
            work.people.get(person_id)
            _is_free(work, person_id, day)
            visits = work.visits.of(person_id)
            content = _content(form, _offered(visits), day)
            stored = work.trials.start(person_id, "weeks", content, visit_id=visits[0].id if visits else None)
    except CaseError as err:
        return _all(request, visitor, person_id, form, err.problems)
    return see_other(f"/people/{person_id}/trials/{stored.id}")


@router.get("/people/{person_id}/trials/design")
def design(request: Request, visitor: Practitioner, person_id: str, pains: str = "", half_life: str = "1") -> Response:
    """How likely each length is to settle it, simulated for swings like these; a part of the page while it runs."""
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
    problem = ""
    try:
        swings, assumed = _swings(pains)
    except CaseError as err:
        swings, assumed, problem = typical_swings(), True, str(err)
    half = half_life if half_life in HALF_LIVES else "1"
    made = designing(swings, float(half))
    render, template = (fragment, "trial/options.html") if is_htmx(request) else (page, "trial/design.html")
    return render(
        request, template, visitor, person=person, made=made, swings=swings, assumed=assumed, problem=problem,
        pains=pains[:200], half_life=half, half_lives=HALF_LIVES, trial_id="", here_of=_address(person_id, pains, half),
    )  # fmt: skip


@router.get("/people/{person_id}/trials/{trial_id}")
def show(request: Request, visitor: Practitioner, person_id: str, trial_id: str) -> Response:
    """How far it is; what the days say once a look was opened."""
    return _one(request, visitor, person_id, trial_id, "", 200)


@router.post("/people/{person_id}/trials/{trial_id}")
def take(request: Request, visitor: Practitioner, person_id: str, trial_id: str, form: SentForm) -> Response:
    """Open a look that is due, tell a day, choose another length before the first block, or stop it."""
    day = today()
    with records_of(request).work(visitor.scope) as work:
        weeks, seen = _weeks(work, person_id, trial_id), len(work.trials.entries(trial_id))
    try:
        entry = _entry(form, weeks, day)
    except (CaseError, TrialError) as err:
        return _one(request, visitor, person_id, trial_id, str(err), 422)
    try:
        with records_of(request).work(visitor.scope) as work:
            work.trials.add(trial_id, entry, after=seen)
            row = settled_by_weeks(_weeks(work, person_id, trial_id))
            visit = work.visits.open_of(person_id)
            if row is not None and visit is not None:
                case = with_settled(visit.case, [row])
                if case != visit.case:
                    work.visits.save(visit.id, case, version=visit.version, step=visit.step, what="a trial was settled")
    except Conflict as err:
        return _one(request, visitor, person_id, trial_id, str(err), 409)
    return see_other(f"/people/{person_id}/trials/{trial_id}?said=added")


def _entry(form: Sent, weeks: Weeks, day: date) -> dict[str, Any]:
    """What was asked for, as it is kept.

    Raises:
        CaseError: it cannot be done now.
    """
    course, what = weeks.course, first(form, "do")
    trial = course.trial
    if what == "look":
        until = course.due(day)
        if until is None:
            raise CaseError("The look", "is not due; looking early and stopping when it suits would fool both of you.")
        return {"look": course.look(until).to_data()}
    if what == "stop":
        why = first(form, "why")[:200]
        if not why:
            raise CaseError("Why", "is missing; say in a few words why it stops.")
        if course.is_over(day):
            raise CaseError("The trial", "is over already.")
        return {"stopped": why, "on": day.isoformat()}
    if what == "redesign" and (way := WAY.fullmatch(first(form, "way"))):
        if (day - trial.starts).days >= trial.run_in_days or course.is_over(day):
            raise CaseError("The length", "is settled once the first block has begun.")
        Trial.of({**_laid_down(trial), "block_days": int(way[1]), "pairs": int(way[2])})
        return {"redesign": {"block_days": int(way[1]), "pairs": int(way[2])}}
    if what == "day":
        return _day(form, trial, day)
    raise CaseError("The form", "says nothing that can be done; choose one of the buttons.")


def _laid_down(trial: Trial) -> dict[str, Any]:
    return trial.model_dump(mode="json", exclude={"days", "stopped", "stopped_on"})


def _day(form: Sent, trial: Trial, day: date) -> dict[str, Any]:
    """A day from a paper diary."""
    given, pain = first(form, "day"), first(form, "pain")
    try:
        told = date.fromisoformat(given)
    except ValueError:
        raise CaseError("The day", f"is {given[:20]!r}; expected a day like 2026-11-30.") from None
    if not trial.starts <= told <= min(day, trial.last):
        raise CaseError("The day", f"is {told}; expected {trial.starts} to {min(day, trial.last)}.")
    if (rated := from_0_to_10(pain)) is None:
        raise CaseError("The pain", f"is {pain[:20]!r}; expected a whole number from 0 to 10.")
    return {"day": told.isoformat(), "pain_0_10": rated, "from": "paper"}


def _is_free(work: Work, person_id: str, day: date) -> None:
    """Whether a trial may begin.

    Raises:
        CaseError: a danger waits, or another one runs.
    """
    if work.people.alarms(person_id=person_id):
        raise CaseError("A danger sign", "waits for somebody; nothing is tried until it is dealt with.")
    if any(not weeks.course.is_over(day) for weeks in all_weeks(work, person_id)):
        raise CaseError("Another trial", "is under way; one thing is tried at a time.")


def _offered(visits: tuple[Any, ...]) -> tuple[Treatment, ...]:
    """What may be tried by the latest visit that says something of the pain."""
    case = next((visit.case for visit in visits if visit.state != "cancelled" and visit.case.get("pain")), None)
    return treatments(case, exercises_only=False) if case is not None else ()


def _content(form: Sent, offered: tuple[Treatment, ...], day: date) -> dict[str, Any]:
    """How the trial is laid down.

    Raises:
        CaseError: something is missing.
    """
    chosen, own = first(form, "treatment"), first(form, "own")[:200]
    found = next((one for one in offered if one.id == chosen), None)
    if found is None and not (chosen == OWN and own):
        raise CaseError("What is tried", "is not chosen; choose one thing, or write it in your own words.")
    way = WAY.fullmatch(first(form, "way") or "7-3")
    if way is None:
        raise CaseError("The length", "is not one of those listed.")
    trial = Trial.of(
        {
            "treatment": found.name if found else own,
            "comparison": first(form, "comparison")[:200] or "nothing",
            "activity": first(form, "activity")[:200],
            "starts": day.isoformat(),
            "block_days": int(way[1]),
            "pairs": int(way[2]),
        }
    )
    about = {"treatment_id": found.id if found else "", "hip_flexor": bool(found and found.hip_flexor)}
    return {**_laid_down(trial), **about}


def _swings(pains: str) -> tuple[Swings, bool]:
    """Swings of the days that were typed; those assumed where none were.

    Raises:
        CaseError: what was typed is not days of pain.
    """
    if not pains.strip():
        return typical_swings(), True
    words = pains.replace(",", " ").split()[:60]
    if not all(word == "-" or from_0_to_10(word) is not None for word in words):
        raise CaseError("The days", f"are {pains[:40]!r}; expected 0 to 10, and - for a day without.")
    try:
        return swings_of([None if word == "-" else float(word) for word in words], starts=today()), False
    except TrialError as err:
        raise CaseError("The days", str(err)) from None


def _address(person_id: str, pains: str, half_life: str) -> str:
    from urllib.parse import urlencode

    return f"/people/{person_id}/trials/design?{urlencode({'pains': pains[:200], 'half_life': half_life})}"


def _weeks(work: Work, person_id: str, trial_id: str) -> Weeks:
    stored = work.trials.get(trial_id)
    work.people.get(person_id)
    if stored.kind != "weeks" or stored.id not in {one.id for one in work.trials.of(person_id)}:
        raise NotFound("There is no such trial of this person.")
    return weeks_of(work, stored)


def _all(
    request: Request, visitor: Visitor, person_id: str, values: Any, problems: tuple[tuple[str, str], ...]
) -> Response:
    day = today()
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        trials = all_weeks(work, person_id)
        offered = _offered(work.visits.of(person_id))
        waits = bool(work.people.alarms(person_id=person_id))
    typed = {name: given[0] for name, given in values.items() if given}
    way = request.query_params.get("way", "")
    return page(
        request, "trial/all.html", visitor, status=422 if problems else 200, person=person, trials=trials, day=day,
        running=any(not weeks.course.is_over(day) for weeks in trials), offered=offered, waits=waits, own=OWN,
        comparisons=WEEKS_COMPARISONS, values={"way": way if WAY.fullmatch(way) else "7-3", **typed},
        problems=problems, half_lives=HALF_LIVES,
    )  # fmt: skip


def _drawn(course: Course, day: date) -> str:
    """The raw days, once they may be seen: those of the last look, or of a trial that was stopped."""
    if course.is_sealed(day):
        return ""
    until = course.trial.stopped_on or (course.looks[-1].until if course.looks else None)
    return drawn_of(course, until) if until is not None else ""


def _one(request: Request, visitor: Visitor, person_id: str, trial_id: str, problem: str, status: int) -> Response:
    day = today()
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        weeks = _weeks(work, person_id, trial_id)
        links = [link for link in work.links.of(person_id) if link.purpose == "trial" and link.revoked_at is None]
    course, trial = weeks.course, weeks.course.trial
    in_run_in = (day - trial.starts).days < trial.run_in_days and not course.is_over(day)
    run_in = trial.pain_until(day)[: trial.run_in_days]
    pains = " ".join("-" if value is None else f"{value:g}" for value in run_in)
    last = course.looks[-1] if course.looks else None
    return page(
        request, "trial/one.html", visitor, status=status, person=person, weeks=weeks, course=course, trial=trial,
        day=day, problem=problem, due=course.due(day), next_look=course.next_look(day), missing=course.missing(day),
        told=sum(one.pain_0_10 is not None for one in trial.days.values()), in_run_in=in_run_in, last=last,
        adherence=course.adherence(), links=links,
        drawn=_drawn(course, day),
        sealed=course.is_sealed(day), percent=percent_words,
        design=_address(person_id, pains, "1") if sum(value is not None for value in run_in) >= 5 else "",
    )  # fmt: skip
