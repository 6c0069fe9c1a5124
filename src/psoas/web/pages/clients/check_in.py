"""A check-in on the client's own telephone, by a private link: one page, danger first, then what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas.case import Case
from psoas.errors import CaseError
from psoas.follow_up import CheckIn, Danger, danger_groups, look_for_danger
from psoas.knowledge import load
from psoas.records.clock import today
from psoas.web.access import Client, Visitor, records_of
from psoas.web.follow_up.forms import SentForm, read, read_graver
from psoas.web.follow_up.record import Course, as_told, course_of, graver_of, keep_check_in, last_told
from psoas.web.follow_up.words import asked, words
from psoas.web.pages.follow_up import NO_CASE, named
from psoas.web.render import page, see_other

router = APIRouter()


@router.get("/c/{token}/check-in")
def show(request: Request, visitor: Client, token: str) -> Response:
    """The questions."""
    return _questions(request, visitor, {}, ())


@router.post("/c/{token}/check-in")
def send(request: Request, visitor: Client, token: str, form: SentForm) -> Response:
    """Keep the answers; a danger among them decides what comes next."""
    with records_of(request).work(visitor.scope) as work:
        course = course_of(work, _person(visitor))
    case = course.case if course else NO_CASE
    try:
        told = read(form, danger_groups(case, load()), (), today())
    except CaseError as err:
        return _questions(request, visitor, form, err.problems)
    with records_of(request).work(visitor.scope) as work:
        keep_check_in(work, _person(visitor), told, course)
    danger = _now(request, visitor).danger
    return see_other(f"/c/{token}/check-in/{'stop' if danger.alarms else 'thanks'}")


@router.get("/c/{token}/check-in/stop")
def show_stop(request: Request, visitor: Client, token: str) -> Response:
    """What to do about a danger, and what could make it graver."""
    return _stop(request, visitor, {}, ())


@router.post("/c/{token}/check-in/stop")
def take_stop(request: Request, visitor: Client, token: str, form: SentForm) -> Response:
    """Keep what could make the danger graver, and show what to do now."""
    now = _now(request, visitor)
    if now.danger.alarms:
        try:
            more = read_graver(form, as_told(now.case, now.told), today(), now.told[-1] if now.told else None)
        except CaseError as err:
            return _stop(request, visitor, form, err.problems)
        if more is not None:
            with records_of(request).work(visitor.scope) as work:
                keep_check_in(work, _person(visitor), more, now.course)
    return see_other(f"/c/{token}/check-in/stop")


def _stop(request: Request, visitor: Visitor, values: Any, problems: tuple[tuple[str, str], ...]) -> Response:
    now = _now(request, visitor)
    if not now.danger.alarms:
        return see_other(f"/c/{request.path_params['token']}/check-in")
    return page(
        request, "follow_up/stop.html", visitor, status=422 if problems else 200, words=words(),
        urgency=now.danger.urgency, ticked=_ticked(request, visitor), safety_net=load().red_flags.safety_net,
        ask=graver_of(now.case, now.told), values=values, problems=problems,
    )  # fmt: skip


@router.get("/c/{token}/check-in/thanks")
def show_thanks(request: Request, visitor: Client, token: str) -> Response:
    """A word of thanks, and what the answers mean."""
    now = _now(request, visitor)
    if now.danger.alarms:
        return see_other(f"/c/{token}/check-in/stop")
    return _thanks(request, visitor, now, {}, ())


@router.post("/c/{token}/check-in/thanks")
def take_left(request: Request, visitor: Client, token: str, form: SentForm) -> Response:
    """Keep the danger signs that were not looked at before."""
    now = _now(request, visitor)
    try:
        told = read(form, danger_groups(now.case, load()), (), today())
    except CaseError as err:
        return _thanks(request, visitor, now, form, err.problems)
    last = now.told[-1] if now.told else None
    earlier = last.danger if last is not None and last.on == told.on else {}
    told = CheckIn(on=told.on, danger={**earlier, **told.danger})
    with records_of(request).work(visitor.scope) as work:
        keep_check_in(work, _person(visitor), told, now.course)
    return see_other(f"/c/{token}/check-in/thanks")


def _thanks(
    request: Request, visitor: Visitor, now: _Now, values: Any, problems: tuple[tuple[str, str], ...]
) -> Response:
    answered = now.told[-1].danger if now.told else {}
    left = tuple(
        group for group in danger_groups(now.case, load()) if not any(name in answered for name, _ in group.questions)
    )
    return page(
        request, "follow_up/thanks.html", visitor, status=422 if problems else 200, words=words(), left=left,
        values=values, problems=problems,
        verdict=now.course.judged().verdict if now.course else "unknown", safety_net=load().red_flags.safety_net,
    )  # fmt: skip


def _questions(request: Request, visitor: Visitor, values: Any, problems: tuple[tuple[str, str], ...]) -> Response:
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(_person(visitor))
        course = course_of(work, person.id)
    return page(
        request, "follow_up/by_link.html", visitor, status=422 if problems else 200, person=person, words=words(),
        groups=danger_groups(course.case if course else NO_CASE, load()), activities=named(course, more=False),
        angles=(), values=values, problems=problems, client=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Now:
    """The course, what was told in it, and what the screen says of the person after the last check-in."""

    course: Course | None
    case: Case
    told: tuple[CheckIn, ...]
    danger: Danger


def _now(request: Request, visitor: Visitor) -> _Now:
    with records_of(request).work(visitor.scope) as work:
        course = course_of(work, _person(visitor))
        told = course.check_ins if course else last_told(work, _person(visitor))
    case = course.case if course else NO_CASE
    return _Now(course, case, told, look_for_danger(case, told, load()))


def _ticked(request: Request, visitor: Visitor) -> tuple[str, ...]:
    """What the person ticked last, in the words of the questions."""
    with records_of(request).work(visitor.scope) as work:
        told = last_told(work, _person(visitor))
    return tuple(asked(name) for one in told for name, answer in one.danger.items() if answer == "yes")


def _person(visitor: Visitor) -> str:
    if visitor.link is None or visitor.link.purpose not in ("check_in", "trial"):
        raise HTTPException(404)
    return visitor.link.person_id
