"""A person's whole record: taken out as one file, or erased."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from psoas.web.access import Owner, Practitioner, Visitor, records_of
from psoas.web.render import page, see_other

router = APIRouter()


@router.get("/people/{person_id}/export")
def export(request: Request, visitor: Practitioner, person_id: str) -> Response:
    """Everything kept about a person, readable, in a ZIP file."""
    data = records_of(request).export_person(visitor.scope, person_id)
    headers = {"content-disposition": f'attachment; filename="psoas-{person_id}.zip"'}
    return Response(data, media_type="application/zip", headers=headers)


@router.get("/people/{person_id}/erase")
def ask(request: Request, visitor: Owner, person_id: str) -> Response:
    """What erasing means, and a field for the name."""
    return _ask(request, visitor, person_id, "")


@router.post("/people/{person_id}/erase")
def erase(
    request: Request, visitor: Owner, person_id: str, name: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """Erase a person whose full name was typed."""
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        expected = f"{person.given_name} {person.family_name}".strip()
        if " ".join(name.split()) != expected:
            return _ask(
                request, visitor, person_id, "The name typed is not the name of this person; nothing is erased."
            )
        work.people.erase(person_id)
    return see_other("/people?said=erased")


def _ask(request: Request, visitor: Visitor, person_id: str, problem: str) -> Response:
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        counts = (len(work.visits.of(person_id)), len(work.check_ins.of(person_id)))
    return page(
        request, "people/erase.html", visitor, status=422 if problem else 200, person=person, problem=problem,
        counts=counts,
    )  # fmt: skip
