"""The visit, for the practitioner: start it, go through its steps, stop at a danger."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas.web.access import Practitioner, Visitor, records_of
from psoas.web.render import see_other
from psoas.web.steps.begin import begin_visit
from psoas.web.steps.context import VisitContext, desk_of, go_on, stop_trials
from psoas.web.steps.forms import SentForm, asked_for, first
from psoas.web.steps.show import show
from psoas.web.steps.stop import stop_page
from psoas.web.steps.take import take, take_graver

router = APIRouter()


@router.post("/people/{person_id}/visits")
def start(request: Request, visitor: Practitioner, person_id: str, form: SentForm) -> Response:
    """Start a visit with what is known of the person, or go on with the open one."""
    kind = first(form, "kind") or "follow_up"
    with records_of(request).work(visitor.scope) as work:
        visit = begin_visit(work, person_id, kind)
    return see_other(f"/visits/{visit.id}")


@router.get("/visits/pictures/{name}.svg")
def picture(visitor: Practitioner, name: str) -> Response:
    """How a hands-on test is done. It says nothing of anybody."""
    from psoas.figures import available_tests, test_svg

    if name not in available_tests():
        raise HTTPException(404)
    return Response(test_svg(name), media_type="image/svg+xml", headers={"cache-control": "private, max-age=86400"})


@router.get("/visits/{visit_id}")
def resume(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """Where it was left."""
    desk = _desk(request, visitor, visit_id)
    begins = desk.visit.version == 1 and "since" in desk.names
    if desk.is_open and begins:
        return see_other(f"{desk.base}/since")
    if desk.stops or desk.visit.state == "stopped":
        return see_other(f"{desk.base}/stop")
    if desk.visit.kind == "treatment":
        return see_other(f"{desk.base}/note")
    step = desk.visit.step if desk.visit.step and desk.has(desk.visit.step) else "about"
    return see_other(f"{desk.base}/{step if desk.is_open else 'review'}")


@router.get("/visits/{visit_id}/stop")
def show_stop(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """What, why, whom to see, how soon."""
    return stop_page(request, _desk(request, visitor, visit_id))


@router.post("/visits/{visit_id}/stop")
def take_stop(request: Request, visitor: Practitioner, visit_id: str, form: SentForm) -> Response:
    """Keep what could make it graver, end the visit here, or go on past the danger with a reason that is kept."""
    if first(form, "do") == "graver":
        desk = _desk(request, visitor, visit_id)
        return take_graver(request, desk, form, lambda sent, wrong: stop_page(request, desk, sent=sent, problems=wrong))
    reason = first(form, "reason")
    with records_of(request).work(visitor.scope) as work:
        desk = desk_of(work, visitor, visit_id)
        if first(form, "do") == "end":
            work.visits.close(visit_id, "stopped")
            stop_trials(work, desk.visit.person_id)
            return see_other(f"{desk.base}/stop")
        if len(reason) >= SHORTEST_REASON and desk.stops:
            go_on(work, desk, reason)
            return see_other(f"{desk.base}/danger" if desk.interview.first_sheets else f"{desk.base}/questions")
    if not desk.stops:
        return see_other(desk.base)
    return stop_page(
        request, desk, problem=f"Say why, in {SHORTEST_REASON} letters or more; it is kept with the visit."
    )


SHORTEST_REASON = 10
"""A reason has at least so many letters. Our choice."""


@router.get("/visits/{visit_id}/since")
@router.get("/visits/{visit_id}/story")
@router.get("/visits/{visit_id}/about")
@router.get("/visits/{visit_id}/pain")
@router.get("/visits/{visit_id}/danger")
@router.get("/visits/{visit_id}/questions")
@router.get("/visits/{visit_id}/tests")
@router.get("/visits/{visit_id}/angles")
@router.get("/visits/{visit_id}/medicines")
@router.get("/visits/{visit_id}/goals")
@router.get("/visits/{visit_id}/review")
def show_step(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """One step."""
    step = request.url.path.rpartition("/")[2]
    return show(request, _desk(request, visitor, visit_id), step, **asked_for(request, step))


@router.post("/visits/{visit_id}/since")
@router.post("/visits/{visit_id}/story")
@router.post("/visits/{visit_id}/about")
@router.post("/visits/{visit_id}/pain")
@router.post("/visits/{visit_id}/danger")
@router.post("/visits/{visit_id}/questions")
@router.post("/visits/{visit_id}/tests")
@router.post("/visits/{visit_id}/angles")
@router.post("/visits/{visit_id}/medicines")
@router.post("/visits/{visit_id}/goals")
def take_step(request: Request, visitor: Practitioner, visit_id: str, form: SentForm) -> Response:
    """Keep one step."""
    return take(request, _desk(request, visitor, visit_id), request.url.path.rpartition("/")[2], form)


def _desk(request: Request, visitor: Visitor, visit_id: str) -> VisitContext:
    with records_of(request).work(visitor.scope) as work:
        return desk_of(work, visitor, visit_id)
