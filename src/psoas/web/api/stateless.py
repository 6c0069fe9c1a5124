"""The jobs of the command line over the wire. Nothing is kept: a case goes in, an answer comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Body, Depends, Path
from starlette.exceptions import HTTPException
from starlette.responses import Response

from psoas import __version__
from psoas.assessment import read_case
from psoas.assessment.as_json import screen_to_json
from psoas.assessment.schema import AnswerShape, ScreenShape, answer_schema, case_schema
from psoas.case import Case
from psoas.errors import CaseError
from psoas.follow_up import CheckIn
from psoas.knowledge import load
from psoas.knowledge.catalogue import as_data, citations, facts
from psoas.knowledge.checks.remarks import conflicts_of, words_about
from psoas.knowledge.index import index_of, vocabulary
from psoas.knowledge.readers.nearest import nearest_ids
from psoas.screening import facts_of, screen
from psoas.web.api._entry import fails, made, stateless_caller
from psoas.web.api._shapes import About, CaseData, Check, Entry, Next
from psoas.web.computed.result_cache import ResultCache, as_json, key_of
from psoas.web.computed.workers import WORKER_POOL, asked_next, assessed

router = made(tag="stateless")

GivenCase = Annotated[CaseData, Body()]
Setting = Literal["studio", "primary_care", "pain_clinic", "referred"]
Who = Literal["self", "bodyworker", "physiotherapist"]
ANSWERS: ResultCache[bytes] = ResultCache()
"""Answers of this process, about 20 kB each."""
OPEN = [Depends(stateless_caller)]


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


def _once(job: str, case: Case, compute: Callable[[], dict[str, Any]], *options: str) -> Response:
    return _json(ANSWERS.get(key_of(job, case, *options), lambda: as_json(compute())))


@router.post("/assess", responses={200: {"model": AnswerShape}, **fails(401)}, dependencies=OPEN)
def assess_case(case: GivenCase, setting: Setting = "studio", who: Who = "physiotherapist") -> Response:
    """Screened, ranked and planned: what `psoas assess CASE --json` prints."""
    read = read_case(case)
    return _once("assess", read, lambda: WORKER_POOL.run(assessed, read.to_data(), setting, who), setting, who)


@router.post("/screen", responses={200: {"model": ScreenShape}, **fails(401)}, dependencies=OPEN)
def screen_case(case: GivenCase) -> Response:
    """The danger screen alone."""
    read = read_case(case)
    return _once("screen", read, lambda: screen_to_json(screen(read, load())))


@router.post("/next", responses={200: {"model": Next}, **fails(401)}, dependencies=OPEN)
def next_questions(case: GivenCase, setting: Setting = "studio", who: Who = "physiotherapist") -> Response:
    """What to ask or test next. Danger signs that are open come before everything else."""
    read = read_case(case)

    return _once("next", read, lambda: WORKER_POOL.run(asked_next, read.to_data(), setting, who), setting, who)


@router.post("/check", response_model=Check, responses=fails(401), dependencies=OPEN)
def check_case(case: GivenCase) -> Any:
    """Every problem of a case at once, and what is worth a look."""
    try:
        read = read_case(case)
    except CaseError as err:
        problems = [{"field": place, "message": text} for place, text in err.problems]
        return {"ok": False, "problems": problems, "remarks": []}
    remarks = (*conflicts_of(read, facts_of(read, load())), *words_about(read, index_of(load()).reader))
    return {"ok": True, "problems": [], "remarks": [{"field": one.field, "message": one.says} for one in remarks]}


@router.get("/schema/{name}", responses=fails(401, 404), dependencies=OPEN)
def schema(name: Annotated[Literal["case", "answer", "check_in"], Path()]) -> dict[str, Any]:
    """JSON schema of what goes in and what comes out, with the ids that this version knows."""
    makers = {"case": case_schema, "answer": answer_schema, "check_in": CheckIn.model_json_schema}
    return makers[name]()


@router.get("/knowledge", response_model=About, responses=fails(401), dependencies=OPEN)
def about() -> Any:
    """The evidence that answers rest on: its hash, and the ids it knows."""
    held = load()
    words = vocabulary()
    return {
        "psoas_version": __version__,
        "knowledge_sha256": held.sha256,
        "findings": sorted(held.findings.findings),
        "sources_of_pain": sorted(held.sources_of_pain.sources),
        "red_flags": sorted(set(words.findings) - set(held.findings.findings)),
        "measurements": sorted(words.measurements),
    }


@router.get("/knowledge/{fact_id}", response_model=Entry, responses=fails(401, 404), dependencies=OPEN)
def fact(fact_id: Annotated[str, Path(max_length=200)]) -> Any:
    """Everything the evidence holds under one id, with its sources."""
    held = load()
    everything = facts(held)
    if fact_id not in everything:
        near = ", ".join(nearest_ids(fact_id, everything))
        raise HTTPException(404, f"The evidence has no {fact_id!r}." + (f" Nearest: {near}." if near else ""))
    return {
        "id": fact_id,
        "facts": [
            {
                "kind": one.kind,
                "pack": one.pack,
                "record": as_data(one.record),
                "sources": [
                    {"id": cited.source.id, "citation": cited.source.citation, "read_in": list(cited.read_in)}
                    for cited in citations(held, one)
                ],
            }
            for one in everything[fact_id]
        ],
    }
