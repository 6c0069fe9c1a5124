"""The life of a visit: look it over and finish it, reopen it, cancel it; questions left open; what changed."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from psoas.records import Conflict
from psoas.records.clock import today
from psoas.web.access import Practitioner, Visitor, records_of
from psoas.web.render import page, see_other
from psoas.web.steps.compare import comparison_of
from psoas.web.steps.context import desk_of, leave_open
from psoas.web.steps.forms import SentForm, first, version_of
from psoas.web.steps.missing import gate_of, missing_at_the_end

router = APIRouter()


@router.get("/visits/{visit_id}/finish")
def show_finish(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """What is missing, the next visit, and the button that ends it."""
    return _finish(request, visitor, visit_id, "")


@router.post("/visits/{visit_id}/finish")
def finish(request: Request, visitor: Practitioner, visit_id: str, form: SentForm) -> Response:
    """End the visit. Pressed twice, or after going back, it stays ended; a danger is met on its own page first."""
    given = first(form, "next_on")
    try:
        next_on = date.fromisoformat(given) if given else None
    except ValueError:
        return _finish(request, visitor, visit_id, f"{given} is not a date; expected year-month-day.", status=422)
    if next_on is not None and next_on < today():
        return _finish(request, visitor, visit_id, f"{given} is past; the next visit lies ahead.", status=422)
    try:
        with records_of(request).work(visitor.scope) as work:
            desk = desk_of(work, visitor, visit_id)
            if desk.is_open and desk.stops:
                return see_other(f"{desk.base}/stop")
            work.visits.close(visit_id, "finished", version=version_of(form), next_on=next_on)
    except Conflict as err:
        return _finish(request, visitor, visit_id, str(err), status=409)
    return see_other(f"/people/{desk.visit.person_id}?said=finished")


@router.post("/visits/{visit_id}/cancel")
def cancel(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """The visit did not take place. What it holds is kept, and nothing is taken over from it."""
    with records_of(request).work(visitor.scope) as work:
        desk = desk_of(work, visitor, visit_id)
        if desk.is_open and desk.stops:
            return see_other(f"{desk.base}/stop")
        work.visits.close(visit_id, "cancelled")
    return see_other(f"/people/{desk.visit.person_id}?said=cancelled")


@router.post("/visits/{visit_id}/reopen")
def reopen(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """Go on with a visit that had ended."""
    with records_of(request).work(visitor.scope) as work:
        work.visits.reopen(visit_id)
    return see_other(f"/visits/{visit_id}")


@router.post("/visits/{visit_id}/left-open")
def leave(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """Keep that the practitioner goes on to the result without the open danger questions."""
    with records_of(request).work(visitor.scope) as work:
        desk = desk_of(work, visitor, visit_id)
        if gate_of(desk).safety:
            sheets = (*desk.interview.first_sheets, *desk.every_sheet)
            leave_open(work, desk, {part.id for sheet in sheets for part in sheet.parts})
    return see_other(f"/visits/{visit_id}/result")


@router.get("/visits/{visit_id}/compare")
def compare(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """This visit beside the one before."""
    with records_of(request).work(visitor.scope) as work:
        desk = desk_of(work, visitor, visit_id)
        person = work.people.get(desk.visit.person_id)
        before = desk.previous or work.visits.last_held(desk.visit.person_id, before=visit_id)
        found = comparison_of(work, before, desk.visit, desk.knowledge) if before is not None else None
    return page(
        request, "visit/compare.html", visitor, visit=desk.visit, person=person, before=before, found=found
    )  # fmt: skip


def _finish(request: Request, visitor: Visitor, visit_id: str, problem: str, *, status: int = 200) -> Response:
    with records_of(request).work(visitor.scope) as work:
        desk = desk_of(work, visitor, visit_id)
        missing = missing_at_the_end(work, desk)
        person = work.people.get(desk.visit.person_id)
    return page(
        request, "visit/finish.html", visitor, status=status, desk=desk, visit=desk.visit, person=person,
        missing=missing, problem=problem, today=today(),
    )  # fmt: skip
