"""Scores of questionnaires that were filled in elsewhere: entered, and shown over time."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from psoas.records.clock import today
from psoas.records.ids import canonical
from psoas.web.access import Practitioner, Visitor, records_of
from psoas.web.follow_up.forms import SentForm
from psoas.web.follow_up.scores import read_score, scored
from psoas.web.render import page, see_other

router = APIRouter()


@router.get("/people/{person_id}/scores")
def show(request: Request, visitor: Practitioner, person_id: str) -> Response:
    """Every score so far, and a form for another."""
    return _scores(request, visitor, person_id, {}, [])


@router.post("/people/{person_id}/scores")
def add(request: Request, visitor: Practitioner, person_id: str, form: SentForm) -> Response:
    """Keep a score; the very same sent twice is one."""
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    told, problems = read_score(given, today())
    if told is None:
        return _scores(request, visitor, person_id, given, problems)
    with records_of(request).work(visitor.scope) as work:
        work.entries.add(person_id, "score", [(_key(told), told)])
    return see_other(f"/people/{person_id}/scores?said=score-kept")


def _key(told: dict[str, Any]) -> str:
    """What makes it this score: everything that was told of it."""
    import hashlib

    return hashlib.sha256(canonical(told).encode()).hexdigest()


def _scores(
    request: Request, visitor: Visitor, person_id: str, values: dict[str, str], problems: list[tuple[str, str]]
) -> Response:
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        all_scores = scored(work.entries.of(person_id, "score"))
    return page(
        request, "people/scores.html", visitor, status=422 if problems else 200, person=person, scores=all_scores,
        values=values, problems=dict(problems), today=today().isoformat(),
    )  # fmt: skip
