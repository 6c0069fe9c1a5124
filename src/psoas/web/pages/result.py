"""The result of a visit: computed once, kept, shown; again only when asked."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas import __version__
from psoas.records import Person, Result, Visit
from psoas.web.access import Practitioner, Visitor, records_of
from psoas.web.computed.results import computed_of, keep_result, pages_of, scene_of_result
from psoas.web.pictures.body_scene import ACTIVITIES
from psoas.web.pictures.pain_picture import PainPicture, picture_of_pain
from psoas.web.render import page, see_other
from psoas.web.steps.context import VisitContext, desk_of
from psoas.web.steps.missing import Gate, gate_of

router = APIRouter()

SHOWN_SOURCES = 6
SHOWN_QUESTIONS = 5
_AXIS_STEP = 20


@router.get("/visits/{visit_id}/result")
def show(request: Request, visitor: Practitioner, visit_id: str, of: str = "") -> Response:
    """The newest result, or an older one (`?of=`); computed now if there is none."""
    with records_of(request).work(visitor.scope) as work:
        visit = work.visits.get(visit_id)
        person = work.people.get(visit.person_id)
        kept = pages_of(work, visit_id)
        if of and all(one.id != of for one in kept):
            raise HTTPException(404)
        desk = desk_of(work, visitor, visit_id)
    gate = gate_of(desk)
    if not kept:
        if visit.kind == "treatment" or not gate.is_open:
            return _not_yet(request, visitor, desk, person, gate)
        kept = (_computed(request, visitor, visit),)
    chosen = next((one for one in kept if one.id == of), kept[0])
    report = chosen.page
    return page(
        request,
        "result/show.html",
        visitor,
        visit=visit,
        person=person,
        result=chosen,
        report=report,
        kept=kept,
        stale=chosen.id == kept[0].id and report["visit_version"] != visit.version,
        open_count=gate.count,
        left_open=bool(desk.left_open),
        picture=_picture(report),
        picture_words=_picture_words(report, desk),
        other_version=chosen.psoas_version != __version__,
        axis=_axis(report),
        activities=ACTIVITIES,
        shown_sources=SHOWN_SOURCES,
        shown_questions=SHOWN_QUESTIONS,
    )


@router.post("/visits/{visit_id}/result")
def compute_again(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """A new result from the visit as it stands; the earlier ones stay."""
    with records_of(request).work(visitor.scope) as work:
        desk = desk_of(work, visitor, visit_id)
        person = work.people.get(desk.visit.person_id)
        before = {one.id for one in work.results.of(visit_id)}
    gate = gate_of(desk)
    if desk.visit.kind == "treatment" or not gate.is_open:
        return _not_yet(request, visitor, desk, person, gate)
    made = _computed(request, visitor, desk.visit)
    return see_other(f"/visits/{visit_id}/result?said={'unchanged' if made.id in before else 'computed'}")


def _not_yet(request: Request, visitor: Visitor, desk: VisitContext, person: Person, gate: Gate) -> Response:
    """What is missing, and the way there."""
    return page(
        request, "result/not_yet.html", visitor, visit=desk.visit, person=person, gate=gate, previous=desk.previous
    )  # fmt: skip


@router.get("/visits/{visit_id}/body.json")
def body(request: Request, visitor: Practitioner, visit_id: str, of: str = "", activity: str = "") -> Response:
    """The scene of a result's body, or one activity of it, for the 3D view."""
    with records_of(request).work(visitor.scope) as work:
        kept = next((one for one in pages_of(work, visit_id) if of in ("", one.id)), None)
    if kept is None:
        raise HTTPException(404)
    try:
        scene = scene_of_result(kept.page, activity or None)
    except KeyError:
        raise HTTPException(404) from None
    return Response(scene, media_type="application/json")


def _computed(request: Request, visitor: Visitor, visit: Visit) -> Result:
    """The answer to a visit as it was read, computed while no transaction is open, and kept."""
    computed = computed_of(visit)
    with records_of(request).work(visitor.scope) as work:
        return keep_result(work, visit, computed)


def _picture(report: dict[str, Any]) -> PainPicture | None:
    """The drawing of the pain of the case that was answered, with the first two sources on it."""
    return picture_of_pain(report["case"], [one["id"] for one in report.get("top", {}).get("sources", ())])


def _picture_words(report: dict[str, Any], desk: VisitContext) -> str:
    """The picture for those who cannot see it."""
    regions = report["case"].get("pain", {}).get("regions", {})
    told = [f"{desk.words.region(name)}{'' if rate is None else f' {rate:g} of 10'}" for name, rate in regions.items()]
    return f"Pain: {'; '.join(told) or 'nowhere marked'}."


def _axis(report: dict[str, Any]) -> dict[str, Any]:
    """The axis of the bars: to the next twenty percent above everything shown."""
    shown = report["sources"][:SHOWN_SOURCES]
    most = max(report["no_single"]["percent"], *(source["high"] for source in shown))
    end = min(100, -(-most // _AXIS_STEP) * _AXIS_STEP)
    return {"end": end, "ticks": list(range(0, end + 1, _AXIS_STEP))}
