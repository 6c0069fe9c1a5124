"""The first part of a visit on the client's own telephone, under a private link: about, pain, safety, questions."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas.records import Visit, Work
from psoas.web.access import Visitor, records_of
from psoas.web.render import page, see_other
from psoas.web.visit.desk import CLIENT_STEPS, Desk
from psoas.web.visit.forms import asked_for, words_of
from psoas.web.visit.show import show as show_step
from psoas.web.visit.show import visit_page
from psoas.web.visit.stop import stop_of, words_for_client
from psoas.web.visit.take import STOPPED, take


def show(request: Request, visitor: Visitor, step: str) -> Response:
    """A page under the link; the first says what this is, and leads on where it was left."""
    base = _base(request)
    with records_of(request).work(visitor.scope) as work:
        visit = _visit(work, visitor)
    if visit is None:
        return see_other(base) if step else page(request, "visit/client_start.html", visitor, base=base)
    desk = Desk(visitor, visit, base, True)
    if step == STOPPED:
        if not desk.stops:
            return see_other(base)
        stop = stop_of(desk)
        return visit_page(request, desk, "client_stop", STOPPED, stop=stop, words_for=words_for_client(stop))
    if not step:
        at = visit.step if visit.step in CLIENT_STEPS else "questions" if visit.step else "about"
        return see_other(f"{base}/stop" if desk.stops else f"{base}/{at}")
    return show_step(request, desk, step, **asked_for(request, step))


def send(request: Request, visitor: Visitor, step: str, form: FormData) -> Response:
    """Begin, or keep a step."""
    base = _base(request)
    with records_of(request).work(visitor.scope) as work:
        visit = _visit(work, visitor)
        if visit is None and not step:
            work.visits.start(_person_of(visitor), case={"psoas_case": 1})
    if visit is None or not step:
        return see_other(f"{base}/about" if not step else base)
    return take(request, Desk(visitor, visit, base, True), step, words_of(form))


def _base(request: Request) -> str:
    return f"/c/{request.path_params['token']}"


def _person_of(visitor: Visitor) -> str:
    if visitor.link is None or visitor.link.purpose != "intake":
        raise HTTPException(404)
    return visitor.link.person_id


def _visit(work: Work, visitor: Visitor) -> Visit | None:
    person_id = _person_of(visitor)
    if visitor.link is not None and visitor.link.visit_id is not None:
        visit = work.visits.get(visitor.link.visit_id)
        return visit if visit.state == "open" else None
    return work.visits.open_of(person_id)
