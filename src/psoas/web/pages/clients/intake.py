"""The first part of a visit on the client's own telephone, under a private link: about, pain, safety, questions."""

from __future__ import annotations

import secrets

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas.records import Visit
from psoas.web.access import Client, LinkInUse, Visitor, claim_of, records_of
from psoas.web.render import page, see_other
from psoas.web.security import cookies
from psoas.web.steps.begin import begin_visit
from psoas.web.steps.context import CLIENT_STEPS, VisitContext
from psoas.web.steps.forms import SentForm, asked_for
from psoas.web.steps.show import show
from psoas.web.steps.stop import stop_page
from psoas.web.steps.take import take, take_graver

router = APIRouter()


@router.get("/c/{token}/intake")
def welcome(request: Request, visitor: Client, token: str) -> Response:
    """What this is, and a button to begin; a visit that is open goes on where it was left."""
    visit = _visit(request, visitor)
    if visit is None:
        return page(request, "visit/client_start.html", visitor, base=_base(token))
    desk = VisitContext(visitor, visit, _base(token), True)
    at = visit.step if visit.step in CLIENT_STEPS else "questions" if visit.step else "about"
    return see_other(f"{desk.base}/stop" if desk.stops else f"{desk.base}/{at}")


@router.post("/c/{token}/intake")
def begin(request: Request, visitor: Client, token: str) -> Response:
    """Begin, or go on."""
    person_id, link = _person_of(visitor), visitor.link
    if link is None:
        raise HTTPException(404)
    secret = cookies.read(request, cookies.LINK) or secrets.token_urlsafe(32)
    with records_of(request).work(visitor.scope) as work:
        if not work.links.claim(claim_of(request, link, secret) or ""):
            raise LinkInUse
        if link.visit_id is None:
            begin_visit(work, person_id, "follow_up")
    answer = see_other(f"{_base(token)}/about")
    cookies.put(request, answer, cookies.LINK, secret, keep=True)
    return answer


@router.get("/c/{token}/intake/stop")
def show_stop(request: Request, visitor: Client, token: str) -> Response:
    """Plain words: get help, and how soon."""
    desk = _desk(request, visitor, token)
    return see_other(_base(token)) if desk is None or not desk.stops else stop_page(request, desk)


@router.post("/c/{token}/intake/stop")
def take_stop(request: Request, visitor: Client, token: str, form: SentForm) -> Response:
    """Keep what could make it graver."""
    desk = _desk(request, visitor, token)
    if desk is None:
        return see_other(_base(token))
    return take_graver(request, desk, form, lambda sent, wrong: stop_page(request, desk, sent=sent, problems=wrong))


@router.get("/c/{token}/intake/{step}")
def show_step(request: Request, visitor: Client, token: str, step: str) -> Response:
    """One step."""
    desk = _desk(request, visitor, token)
    return see_other(_base(token)) if desk is None else show(request, desk, step, **asked_for(request, step))


@router.post("/c/{token}/intake/{step}")
def take_step(request: Request, visitor: Client, token: str, step: str, form: SentForm) -> Response:
    """Keep one step."""
    desk = _desk(request, visitor, token)
    return see_other(_base(token)) if desk is None else take(request, desk, step, form)


def _base(token: str) -> str:
    return f"/c/{token}/intake"


def _desk(request: Request, visitor: Visitor, token: str) -> VisitContext | None:
    visit = _visit(request, visitor)
    return None if visit is None else VisitContext(visitor, visit, _base(token), True)


def _visit(request: Request, visitor: Visitor) -> Visit | None:
    """The visit that was begun with the link in this browser; nothing is shown before somebody has begun."""
    _person_of(visitor)
    link = visitor.link
    if link is None or link.claimed is None or link.visit_id is None:
        return None
    with records_of(request).work(visitor.scope) as work:
        return work.visits.get(link.visit_id)


def _person_of(visitor: Visitor) -> str:
    if visitor.link is None or visitor.link.purpose != "intake":
        raise HTTPException(404)
    return visitor.link.person_id
