"""Follow-up on the practitioner's screen: the progress of a person, a check-in, and beginning again."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from psoas.case import Case
from psoas.errors import CaseError
from psoas.follow_up import Reopened, danger_groups
from psoas.follow_up.types import Judgement
from psoas.knowledge import load
from psoas.knowledge.words import Words
from psoas.records import Invalid, NotFound
from psoas.records.clock import today
from psoas.web.access import Practitioner, Visitor, records_of
from psoas.web.follow_up.chart import activity_chart, pain_chart
from psoas.web.follow_up.diary import diary_of
from psoas.web.follow_up.forms import ACTIVITIES, SentForm, angles_of, read, read_graver
from psoas.web.follow_up.record import Course, as_told, course_of, graver_of, keep_check_in
from psoas.web.follow_up.words import asked, question, words
from psoas.web.render import page, see_other
from psoas.web.trials.store import all_weeks, settled_of, with_settled

router = APIRouter()

NO_CASE = Case.model_validate({"psoas_case": 1})
TONES = {
    "danger": "alarm", "worsening": "alarm", "no_lasting_response": "alarm", "slower": "sun", "unknown": "",
    "as_expected": "sky", "improving": "leaf", "recovered": "leaf",
}  # fmt: skip
MOST_ASKED, MOST_NEXT = 8, 5
"""Questions and tests shown of a reopened case; the visit that follows asks them all."""


@router.get("/people/{person_id}/progress")
def progress(request: Request, visitor: Practitioner, person_id: str) -> Response:
    """How it goes: verdict and reasons, chart beside the average, angles, everything that was told."""
    return _progress(request, visitor, person_id, {}, ())


@router.post("/people/{person_id}/check-ins/stop")
def take_stop(request: Request, visitor: Practitioner, person_id: str, form: SentForm) -> Response:
    """Keep what could make the danger of the last check-in graver."""
    with records_of(request).work(visitor.scope) as work:
        course = course_of(work, person_id)
    if course is not None and course.check_ins:
        last = course.check_ins[-1]
        try:
            more = read_graver(form, as_told(course.case, course.check_ins), today(), last)
        except CaseError as err:
            return _progress(request, visitor, person_id, form, err.problems)
        if more is not None:
            with records_of(request).work(visitor.scope) as work:
                keep_check_in(work, person_id, more, course)
    return see_other(f"/people/{person_id}/progress")


@router.post("/people/{person_id}/check-ins/{check_in_id}/done")
def take_response(
    request: Request, visitor: Practitioner, person_id: str, check_in_id: str, form: SentForm
) -> Response:
    """Keep what was done about a check-in, so that its alarm waits for nobody any more."""
    try:
        with records_of(request).work(visitor.scope) as work:
            if work.check_ins.get(check_in_id).person_id != person_id:
                raise NotFound("There is no such check-in of this person.")
            work.check_ins.respond(check_in_id, str(form.get("done", "")))
    except Invalid as err:
        why = str(err) if form.get("done") else "Say in a few words what was done."
        return _progress(request, visitor, person_id, form, (("done", why),))
    return see_other(f"/people/{person_id}/progress?said=dealt-with")


def _progress(
    request: Request, visitor: Visitor, person_id: str, values: Any, problems: tuple[tuple[str, str], ...]
) -> Response:
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        course = course_of(work, person_id)
        open_visit = work.visits.open_of(person_id)
        waits = next((one.check_in_id for one in work.people.alarms(person_id=person_id)), None)
        responses = work.check_ins.responses(person_id)
        trials = all_weeks(work, person_id)
        entries, plans = work.entries.of(person_id, "diary"), work.plans.of_person(person_id)
    items = (plans[0].content.get("client") or {"items": ()})["items"] if plans else ()
    diary = diary_of(entries, items, today())
    if course is None:
        return page(
            request, "follow_up/none.html", visitor, status=422 if problems else 200, person=person, waits=waits,
            responses=responses, values=values, problems=problems,
        )  # fmt: skip
    found = course.judged()
    again = course.reopened(found) if found.verdict in ("worsening", "no_lasting_response") else None
    return page(
        request, "follow_up/progress.html", visitor, status=422 if problems else 200, values=values, problems=problems,
        ask_now=graver_of(course.case, course.check_ins) if found.verdict == "danger" else None,
        person=person, course=course, found=found, words=words(),
        tone=TONES[found.verdict], expected=course.expected(), pain=pain_chart(course, _pain_says(course, found)),
        activity=activity_chart(course, _activity_says(course)), angles=course.angles(), again=again,
        ask=_questions(again), next=_next(again), open_visit=open_visit, standing=_standing(found), waits=waits,
        responses=responses, say=Words(load()).of, trials=trials, diary=diary,
    )  # fmt: skip


@router.get("/people/{person_id}/check-ins/new")
def show_new(request: Request, visitor: Practitioner, person_id: str) -> Response:
    """An empty check-in."""
    return _form(request, visitor, person_id, {}, ())


@router.post("/people/{person_id}/check-ins/new")
def add(request: Request, visitor: Practitioner, person_id: str, form: SentForm) -> Response:
    """Keep a check-in, and show what it means."""
    with records_of(request).work(visitor.scope) as work:
        course = course_of(work, person_id)
    case = course.case if course else NO_CASE
    try:
        told = read(form, danger_groups(case, load()), angles_of(case), today())
    except CaseError as err:
        return _form(request, visitor, person_id, form, err.problems)
    with records_of(request).work(visitor.scope) as work:
        keep_check_in(work, person_id, told, course)
    return see_other(f"/people/{person_id}/progress?said=added")


@router.post("/people/{person_id}/reopen")
def begin_again(request: Request, visitor: Practitioner, person_id: str) -> Response:
    """A new visit that begins with everything known, the plan so far among what was tried."""
    with records_of(request).work(visitor.scope) as work:
        course = course_of(work, person_id)
        visit = work.visits.open_of(person_id)
    if visit is None:
        case = {"psoas_case": 1} if course is None else course.reopened(course.judged()).case.to_data()
        with records_of(request).work(visitor.scope) as work:
            visit = work.visits.start(person_id, case=with_settled(case, settled_of(work, person_id)))
    return see_other(f"/visits/{visit.id}")


def _form(
    request: Request, visitor: Visitor, person_id: str, values: Any, problems: tuple[tuple[str, str], ...]
) -> Response:
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        course = course_of(work, person_id)
    case = course.case if course else NO_CASE
    return page(
        request, "follow_up/new.html", visitor, status=422 if problems else 200, person=person, words=words(),
        groups=danger_groups(case, load()), activities=named(course, more=True), angles=angles_of(case), values=values,
        problems=problems, client=False,
    )  # fmt: skip


def named(course: Course | None, *, more: bool) -> tuple[str, ...]:
    """The activities to rate, with empty places for further ones where none is known yet or `more` may be named."""
    known = course.activities[:ACTIVITIES] if course else ()
    return known if known and not more else (*known, *("" for _ in range(ACTIVITIES - len(known))))


def _questions(again: Reopened | None) -> tuple[str, ...]:
    """Single questions only: a group without words of its own is asked by its parts."""
    found = (words_of for name in (again.ask if again else ()) if (words_of := question(name)) is not None)
    return tuple(dict.fromkeys(found))[:MOST_ASKED]


def _next(again: Reopened | None) -> tuple[str, ...]:
    return tuple(asked(one.finding) for one in again.next[:MOST_NEXT]) if again else ()


def _standing(found: Judgement) -> tuple[str, ...]:
    """The causes for which the visit sent to a doctor and nothing of today says more."""
    acted_on = {alarm.condition for alarm in found.danger.alarms}
    names = dict.fromkeys(alarm.condition for alarm in found.danger.standing if alarm.condition not in acted_on)
    said = Words(load())
    return tuple(said.condition(name) for name in names)


def _pain_says(course: Course, found: Judgement) -> str:
    """The chart in words, for those who cannot see it."""
    if found.pain is None:
        return "No reading of pain since the visit yet."
    start = f"{course.baseline.pain:g}" if course.baseline.pain is not None else "not said"
    told = f"Pain was {start} at the start and {found.pain:g} at the last reading, week {found.week:.0f}."
    if found.expected_pain is not None:
        told += f" People who began alike had {found.expected_pain:.1f} on average by then."
    return told


def _activity_says(course: Course) -> str:
    means = [one.mean_activity for one in course.check_ins if one.mean_activity is not None]
    if not means:
        return "No activity was rated yet."
    return f"Rated {means[0]:.1f} first and {means[-1]:.1f} last, of 10."
