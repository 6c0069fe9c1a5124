"""What is printed: the sheet for the client and the letter for a doctor, as PDF; and the pictures of exercises."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas import figures
from psoas.care.offers import ChoiceError
from psoas.records.clock import today
from psoas.web.access import Practitioner, Visitor, records_of
from psoas.web.computed.plans import basis_of, first_draft, plan_of
from psoas.web.computed.results import answer_of, latest_of
from psoas.web.render import see_other
from psoas.web.steps.note import done_in_short

router = APIRouter()

A_DAY = "private, max-age=86400"


@router.get("/visits/{visit_id}/handout.pdf")
def handout(
    request: Request,
    visitor: Practitioner,
    visit_id: str,
    shape: Literal["slim", "broad"] = "slim",
    skin: Literal["0", "1", "2", "3", "4"] = "1",
    side: Literal["left", "right", ""] = "",
) -> Response:
    """Two pages to take home, from the plan saved last, or from the proposal."""
    from psoas.knowledge import load
    from psoas.knowledge.words import Words
    from psoas.report.handout import Options, Practice, client_pdf

    with records_of(request).work(visitor.scope) as work:
        _, person, result, kept = latest_of(work, visit_id)
    if result is None:
        return see_other(f"/visits/{visit_id}/result")
    try:
        basis = basis_of(result)
        plan = plan_of(first_draft(basis, kept), basis)
    except ChoiceError as err:
        raise HTTPException(409, str(err)) from None
    made = client_pdf(
        plan,
        basis.answer.case,
        Words(load()),
        person_name=f"{person.given_name} {person.family_name}".strip(),
        practice=Practice(_practice(visitor)),
        today=today(),
        options=Options(shape=shape, skin=int(skin), side=side or None),
    )
    return _pdf(made, "plan.pdf")


@router.get("/visits/{visit_id}/letter.pdf")
def letter(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """One page for a clinician, from the visit as it stands now."""
    from psoas.report.handout import Clinician, Patient, Practice, doctor_letter_pdf

    with records_of(request).work(visitor.scope) as work:
        visit = work.visits.get(visit_id)
        person = work.people.get(visit.person_id)
        note = work.notes.latest(visit_id)
    made = doctor_letter_pdf(
        answer_of(visit.case),
        person=Patient(f"{person.given_name} {person.family_name}".strip(), person.birth_date, person.contact),
        practice=Practice(_practice(visitor)),
        clinician=Clinician(visitor.scope.name),
        today=today(),
        done=done_in_short(note.content) if note else (),
    )
    return _pdf(made, "letter.pdf")


@router.get("/figures/{id}/{step}.svg")
def figure(
    exercise_id: Annotated[str, Path(alias="id")],
    step: str,
    view: str = "side",
    shape: str = "slim",
    skin: Literal["0", "1", "2", "3", "4"] = "1",
    mirrored: bool = False,
) -> Response:
    """The picture of one step of an exercise. It says nothing of anybody, so that a client's page may show it too."""
    try:
        drawn = figures.exercise_svg(exercise_id, step, view, shape, int(skin), mirrored)
    except figures.FigureError:
        raise HTTPException(404) from None
    return Response(drawn, media_type="image/svg+xml", headers={"cache-control": A_DAY})


def _practice(visitor: Visitor) -> str:
    return visitor.account.practice if visitor.account is not None else ""


def _pdf(content: bytes, name: str) -> Response:
    return Response(
        content, media_type="application/pdf", headers={"content-disposition": f'inline; filename="{name}"'}
    )
