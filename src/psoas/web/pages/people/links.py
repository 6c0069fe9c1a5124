"""Private links for a client's own telephone: made, shown once with a code to scan, withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from psoas.records import Invalid
from psoas.web.access import Signed, Visitor, records_of
from psoas.web.pictures.qr import qr_svg
from psoas.web.render import page, see_other
from psoas.web.settings import Settings

router = APIRouter()

PURPOSES = {
    "intake": "Before a visit: where it hurts, and the questions",
    "check_in": "Between visits: how it goes",
    "plan": "At home: the plan with pictures, a tick for each day",
    "trial": "A trial over weeks: two taps a day",
}
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
DAYS = {"3": "3 days", "14": "2 weeks", "42": "6 weeks", "90": "3 months"}


@router.get("/people/{person_id}/links")
def show_all(request: Request, visitor: Signed, person_id: str) -> Response:
    """The links of a person, and a form for a new one."""
    return _links(request, visitor, person_id)


@router.post("/people/{person_id}/links")
def make(
    request: Request,
    visitor: Signed,
    person_id: str,
    purpose: Annotated[str, Form()] = "",
    days: Annotated[int, Form()] = 14,
) -> Response:
    """Make a link and show it, this once: what is kept of it cannot be turned back into an address."""
    if purpose not in _purposes(visitor):
        return _links(request, visitor, person_id, problem="Choose what the link is for.")
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        under_way = work.visits.open_of(person_id) if purpose == "intake" and visitor.is_clinical else None
        try:
            visit_id = under_way.id if under_way else None
            if purpose == "plan" and not work.plans.of_person(person_id):
                return _links(request, visitor, person_id, problem="There is no plan yet. Save one first.")
            link, token = work.links.make(person_id, purpose, visit_id=visit_id, days=days)
        except Invalid as err:
            return _links(request, visitor, person_id, problem=str(err))
    address = f"{_base(request)}/c/{token}"
    return page(
        request, "people/new_link.html", visitor, person=person, link=link, address=address,
        picture=None if _only_here(request) else qr_svg(address), words=PURPOSES[purpose],
        only_here=_only_here(request),
    )  # fmt: skip


@router.post("/people/{person_id}/links/{link_id}/withdraw")
def withdraw(request: Request, visitor: Signed, person_id: str, link_id: str) -> Response:
    """End a link now."""
    with records_of(request).work(visitor.scope) as work:
        work.people.get(person_id)
        work.links.revoke(link_id)
    return see_other(f"/people/{person_id}/links?said=withdrawn")


def _links(request: Request, visitor: Visitor, person_id: str, problem: str = "") -> Response:
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        links = work.links.of(person_id)
    now = datetime.now(UTC)
    rows = [(link, _state(link.revoked_at, link.expires_at, now)) for link in links]
    return page(
        request, "people/links.html", visitor, status=422 if problem else 200, person=person, rows=rows,
        problem=problem, purposes=PURPOSES, offered=_purposes(visitor), days=DAYS,
    )  # fmt: skip


def _purposes(visitor: Visitor) -> dict[str, str]:
    """What this visitor may make links for: a check-in shows what was told before, which is not for the front desk."""
    return PURPOSES if visitor.is_clinical else {"intake": PURPOSES["intake"]}


def _state(revoked_at: datetime | None, expires_at: datetime, now: datetime) -> str:
    if revoked_at is not None:
        return "withdrawn"
    return "over" if expires_at <= now else "open"


def _base(request: Request) -> str:
    """The address under which a telephone reaches the app: a name given with --name, or the one asked for now."""
    settings: Settings = request.app.state.settings
    asked = request.url.hostname
    reached = [*settings.names, *([] if settings.is_local or settings.host in EVERYWHERE else [settings.host])]
    if reached and asked not in reached:  # the practice's own machine asks for localhost, which a telephone is not
        return f"{request.url.scheme}://{reached[0]}" + (f":{request.url.port}" if request.url.port else "")
    return str(request.base_url).rstrip("/")


def _only_here(request: Request) -> bool:
    settings: Settings = request.app.state.settings
    return settings.is_local and not settings.is_secure
