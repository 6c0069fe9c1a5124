"""The note of a session, to write and to print; and what a person agreed to."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from psoas.records import Conflict, Consent
from psoas.records.clock import day_of, today
from psoas.web.access import Practitioner, Visitor, records_of
from psoas.web.render import page, see_other
from psoas.web.steps.context import desk_of
from psoas.web.steps.forms import Sent, SentForm, WholeForm, first
from psoas.web.steps.note import (
    HINTS,
    PARTS,
    REACTIONS,
    SIDES,
    TECHNIQUES,
    content_of,
    hands_words,
    lines_of,
    prefilled,
)

router = APIRouter()

MOST_NOTE_BYTES = 8_000_000
AGREED_TO = {
    "hands_on": "Hands-on treatment, as it was explained",
    "records": "That the practice keeps this record",
    "letter": "That a letter goes to the doctor",
    "photos": "Photos or films for measuring",
}
"""What is offered; the practice's own words may be added. Our choice."""
STROKES = re.compile(r"[0-9 ,;.]{0,200000}")
"""A signature: strokes parted by semicolons, points by spaces, `x,y` in the pad's units."""


@router.get("/visits/{visit_id}/note")
def show(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """The note as it was saved last, or a draft from the visit."""
    return _note(request, visitor, visit_id, None, "")


@router.post("/visits/{visit_id}/note", max_body_size=MOST_NOTE_BYTES)
def keep(request: Request, visitor: Practitioner, visit_id: str, form: WholeForm) -> Response:
    """Keep the note. The same words once more change nothing; somebody else's are not written over."""
    content, number = content_of(form), first(form, "number")
    try:
        with records_of(request).work(visitor.scope) as work:
            work.notes.keep(visit_id, content, after=int(number) if number.isdigit() and len(number) < 9 else 0)
    except Conflict as err:
        return _note(request, visitor, visit_id, content, str(err))
    return see_other(f"/visits/{visit_id}/note?said=noted")


@router.get("/people/{person_id}/consent")
def show_consents(request: Request, visitor: Practitioner, person_id: str) -> Response:
    """What was agreed to, and a form for more."""
    return _consents(request, visitor, person_id, {}, "")


@router.post("/people/{person_id}/consent")
def keep_consent(request: Request, visitor: Practitioner, person_id: str, form: SentForm) -> Response:
    """Keep what a person agreed to, or took back, dated now."""
    to = [name for name in form.get("to", ()) if name in AGREED_TO]
    more, name, signature = first(form, "more"), first(form, "name"), first(form, "signature")
    if first(form, "do") != "withdraw" and not (to or more):
        return _consents(request, visitor, person_id, form, "Say what is agreed to.")
    if not name:
        return _consents(request, visitor, person_id, form, "Write the name of whoever agrees.")
    content = {
        "agreed": first(form, "do") != "withdraw",
        "to": [AGREED_TO[one] for one in to] + ([more] if more else []),
        "name": name,
        "signature": signature if STROKES.fullmatch(signature) else "",
        "explained_by": visitor.scope.name,
    }
    with records_of(request).work(visitor.scope) as work:
        last = next(iter(work.consents.of(person_id)), None)
        if last is None or last.content != content or day_of(last.made_at) != today():
            work.consents.keep(person_id, content)
    return see_other(f"/people/{person_id}/consent?said=agreed")


def _note(request: Request, visitor: Visitor, visit_id: str, mine: dict[str, Any] | None, problem: str) -> Response:
    with records_of(request).work(visitor.scope) as work:
        desk = desk_of(work, visitor, visit_id)
        person = work.people.get(desk.visit.person_id)
        kept = work.notes.of(visit_id)
        content = mine or (kept[0].content if kept else prefilled(desk, work.plans.latest(visit_id)))
        earlier = [one for one in work.notes.of_person(desk.visit.person_id) if one.visit_id != visit_id]
    return page(
        request, "visit/note.html", visitor, status=409 if problem else 200, visit=desk.visit, person=person,
        kept=kept, content=content, parts_of_note=PARTS, hints=HINTS, techniques=TECHNIQUES, sides=SIDES,
        reactions=REACTIONS, lines=lines_of(content), hands_words=hands_words, problem=problem, earlier=earlier[:1],
    )  # fmt: skip


def _consents(request: Request, visitor: Visitor, person_id: str, values: Sent, problem: str) -> Response:
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        kept = work.consents.of(person_id)
    return page(
        request, "people/consent.html", visitor, status=422 if problem else 200, person=person, offered=AGREED_TO,
        kept=[(one, _strokes(one)) for one in kept], values=values, problem=problem,
    )  # fmt: skip


def _strokes(consent: Consent) -> list[str]:
    """The strokes of a signature as the points of polylines."""
    return [stroke.strip() for stroke in str(consent.content.get("signature", "")).split(";") if stroke.strip()]
