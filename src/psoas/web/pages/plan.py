"""The plan of a visit: choose, order, dose, check, save. Every step works as a plain form."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from psoas import figures
from psoas.care.offers import DOSE_RANGES, ChoiceError
from psoas.report.handout import client_words, working_side
from psoas.web.access import Practitioner, records_of
from psoas.web.computed.plans import (
    Basis,
    Draft,
    basis_of,
    checked,
    content_of,
    draft_of,
    first_draft,
    plan_of,
    stepped,
    words_of,
)
from psoas.web.computed.results import Latest, latest_of
from psoas.web.render import fragment, is_htmx, page, see_other

router = APIRouter()

_DOSE_WORDS = {
    "reps": "Times", "sets": "Rounds", "hold_s": "Hold, s", "minutes_per_session": "Minutes", "per_week": "Days/week",
    "weeks": "Weeks",
}  # fmt: skip
KINDS = {
    "education": "Understanding", "exercise": "Exercises", "self care": "For oneself", "hands on": "Hands-on and tape",
    "needling": "Needling", "mind": "Mind and habits", "medicine": "Medicines", "supplement": "Supplements",
    "programme": "Programmes",
}  # fmt: skip


async def _form(request: Request) -> FormData:
    return await request.form()


Form = Annotated[FormData, Depends(_form)]


@router.get("/visits/{visit_id}/plan")
def show(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """The plan as it was saved last, or as Psoas proposes it."""
    with records_of(request).work(visitor.scope) as work:
        latest = latest_of(work, visit_id)
    _, _, result, kept = latest
    if result is None:
        return see_other(f"/visits/{visit_id}/result")
    try:
        basis = basis_of(result)
    except ChoiceError as err:
        plan = kept.content["plan"] if kept is not None else result.page["plan"]
        return page(request, "plan/kept.html", visitor, **latest._asdict(), plan=plan, why=str(err))
    draft = first_draft(basis, kept)
    return page(request, "plan/show.html", visitor, **_context(latest, basis, checked(draft, basis)))


@router.post("/visits/{visit_id}/plan")
def change(request: Request, visitor: Practitioner, visit_id: str, form: Form) -> Response:
    """One step of choosing (`do`), or saving (`do=save`)."""
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    ids = [value for value in form.getlist("id") if isinstance(value, str)]
    step = given.get("do", "check")
    with records_of(request).work(visitor.scope) as work:
        latest = latest_of(work, visit_id)
        if latest.result is None:
            return see_other(f"/visits/{visit_id}/result")
        try:
            basis = basis_of(latest.result)
        except ChoiceError:
            return see_other(f"/visits/{visit_id}/plan")
        draft = draft_of(given, ids, basis)
        if step == "save":
            draft = checked(draft, basis)
            if not draft.problem:
                work.plans.keep(visit_id, latest.result.id, content_of(draft, basis))
                return see_other(f"/visits/{visit_id}/plan?said=plan-kept")
        elif not draft.problem:
            draft = stepped(draft, step, basis)
    render, template = (fragment, "plan/form.html") if is_htmx(request) else (page, "plan/show.html")
    status = 422 if draft.problem else 200
    return render(request, template, visitor, status=status, **_context(latest, basis, draft))


def _context(latest: Latest, basis: Basis, draft: Draft) -> dict[str, Any]:
    """Everything the form shows; a draft that the plan refuses is shown without its refused doses."""
    try:
        plan = plan_of(draft, basis)
    except ChoiceError:
        plan = plan_of(Draft(tuple(type(one)(one.id, note=one.note) for one in draft.choices)), basis)
    names = set(draft.ids)
    return {
        **latest._asdict(),
        "draft": draft,
        "plan": words_of(plan, basis),
        "notes": {one.id: one.note for one in draft.choices},
        "dose_words": _DOSE_WORDS,
        "dose_ranges": DOSE_RANGES,
        "how": {**{item.id: client_words()["how"].get(item.id, "") for item in plan.items}},
        "pictures": {item.id: _pictures(item.id) for item in plan.items},
        "mirrored": working_side(basis.answer.case) == "left",
        "on_offer": _on_offer(basis, names),
        "kinds": KINDS,
    }


def _pictures(name: str) -> tuple[str, ...]:
    return figures.steps(name) if name in figures.available() else ()


def _on_offer(basis: Basis, names: set[str]) -> dict[str, list[dict[str, str]]]:
    """What may still be added, by kind, best first."""
    found: dict[str, list[dict[str, str]]] = {}
    for item in basis.offers.items:
        if item.id not in names:
            row = {"id": item.id, "name": item.name, "certainty": item.certainty.replace("_", " ")}
            found.setdefault(item.kind.replace("_", " "), []).append(row)
    return {kind: found[kind] for kind in KINDS if kind in found}
