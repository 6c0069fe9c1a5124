"""The practice's records over the wire: people, visits, results, plans, check-ins.

Every query is within the scope of whoever asks; another practice's id is a thing that does not exist (404).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query
from starlette.requests import Request

from psoas.assessment import read_case
from psoas.follow_up import CheckIn
from psoas.interview import Interview
from psoas.knowledge.index import vocabulary
from psoas.web.access import records_of
from psoas.web.api import _shapes as shapes
from psoas.web.api._entry import Caller, fails, made
from psoas.web.api._shapes import Id
from psoas.web.computed.results import computed_of, keep_result
from psoas.web.follow_up.record import course_of, keep_check_in
from psoas.web.steps.context import stop_trials

if TYPE_CHECKING:
    from psoas.records import Visit, Work

router = made(tag="records")
READS = fails(401, 403, 404, 503)
WRITES = fails(401, 403, 404, 409, 503)


def _fields(value: Any, shape: type[shapes.Shape]) -> dict[str, Any]:
    """What a shape shows of a record."""
    return {name: getattr(value, name) for name in shape.model_fields}


@router.get("/people", response_model=shapes.People, responses=READS)
def people(
    request: Request,
    caller: Caller,
    search: Annotated[str, Query(max_length=120, pattern=r"^[^\x00]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Any:
    """People by name."""
    with records_of(request).work(caller) as work:
        found = work.people.search(search, limit=limit, offset=offset)
        count = work.people.count(search)
    return {"people": [_fields(one, shapes.Person) for one in found], "count": count}


@router.post("/people", status_code=201, response_model=shapes.Person, responses=WRITES)
def add_person(request: Request, caller: Caller, given: shapes.PersonIn) -> Any:
    """Add a person."""
    with records_of(request).work(caller) as work:
        return _fields(work.people.add(**given.model_dump()), shapes.Person)


@router.get("/people/{person_id}", response_model=shapes.Person, responses=READS)
def person(request: Request, caller: Caller, person_id: Id) -> Any:
    """One person."""
    with records_of(request).work(caller) as work:
        return _fields(work.people.get(person_id), shapes.Person)


@router.patch("/people/{person_id}", response_model=shapes.Person, responses=WRITES)
def change_person(request: Request, caller: Caller, person_id: Id, given: shapes.PersonIn) -> Any:
    """Change the fields that are given."""
    with records_of(request).work(caller) as work:
        return _fields(work.people.change(person_id, **given.model_dump(exclude_unset=True)), shapes.Person)


@router.get("/people/{person_id}/visits", response_model=shapes.Visits, responses=READS)
def visits(request: Request, caller: Caller, person_id: Id) -> Any:
    """The visits of a person, the newest first."""
    with records_of(request).work(caller) as work:
        return {"visits": [_fields(one, shapes.Visit) for one in work.visits.of(person_id)]}


@router.post("/people/{person_id}/visits", status_code=201, response_model=shapes.Visit, responses=WRITES)
def start_visit(request: Request, caller: Caller, person_id: Id, given: shapes.StartVisit) -> Any:
    """Start a visit; a person has at most one that is open."""
    case = read_case(given.case).to_data()
    with records_of(request).work(caller) as work:
        started = work.visits.start(person_id, case=case)
        _heed(work, started)
        return _fields(started, shapes.Visit)


@router.get("/visits/{visit_id}", response_model=shapes.Visit, responses=READS)
def visit(request: Request, caller: Caller, visit_id: Id) -> Any:
    """One visit."""
    with records_of(request).work(caller) as work:
        return _fields(work.visits.get(visit_id), shapes.Visit)


@router.put("/visits/{visit_id}", response_model=shapes.Visit, responses=WRITES)
def save_visit(request: Request, caller: Caller, visit_id: Id, given: shapes.VisitIn) -> Any:
    """Keep the case as it is now; 409 when somebody else changed it since it was read."""
    case = read_case(given.case).to_data()
    with records_of(request).work(caller) as work:
        saved = work.visits.save(visit_id, case, version=given.version, what="case, by the API")
        _heed(work, saved)
        return _fields(saved, shapes.Visit)


def _heed(work: Work, visit: Visit) -> None:
    """A danger that stops a visit stops what is being tried on its person, whoever wrote it down."""
    if Interview(visit.case).stops:
        stop_trials(work, visit.person_id)


@router.put("/visits/{visit_id}/state", response_model=shapes.Visit, responses=WRITES)
def close_visit(request: Request, caller: Caller, visit_id: Id, given: shapes.CloseVisit) -> Any:
    """End a visit."""
    with records_of(request).work(caller) as work:
        return _fields(work.visits.close(visit_id, given.state), shapes.Visit)


@router.get("/visits/{visit_id}/results", response_model=shapes.Results, responses=READS)
def results(request: Request, caller: Caller, visit_id: Id) -> Any:
    """The answers that were given, the newest first; none is ever computed again."""
    with records_of(request).work(caller) as work:
        return {"results": [_fields(one, shapes.Result) for one in work.results.of(visit_id)]}


@router.post("/visits/{visit_id}/results", status_code=201, response_model=shapes.Result, responses=WRITES)
def assess_visit(request: Request, caller: Caller, visit_id: Id) -> Any:
    """Assess the visit as it stands, and keep the answer."""
    with records_of(request).work(caller) as work:
        visit = work.visits.get(visit_id)
    computed = computed_of(visit)
    with records_of(request).work(caller) as work:
        return _fields(keep_result(work, visit, computed), shapes.Result)


@router.get("/people/{person_id}/plans", response_model=shapes.Plans, responses=READS)
def plans(request: Request, caller: Caller, person_id: Id) -> Any:
    """Every version of every plan, the newest first."""
    with records_of(request).work(caller) as work:
        return {"plans": [_fields(one, shapes.Plan) for one in work.plans.of_person(person_id)]}


@router.post("/visits/{visit_id}/plans", status_code=201, response_model=shapes.Plan, responses=WRITES)
def keep_plan(request: Request, caller: Caller, visit_id: Id, given: shapes.PlanIn) -> Any:
    """Keep the next version of the plan of a visit."""
    with records_of(request).work(caller) as work:
        return _fields(work.plans.keep(visit_id, given.result_id, given.content), shapes.Plan)


@router.get("/people/{person_id}/check-ins", response_model=shapes.CheckIns, responses=READS)
def check_ins(request: Request, caller: Caller, person_id: Id) -> Any:
    """What a person told between visits, the oldest first."""
    with records_of(request).work(caller) as work:
        return {"check_ins": [_fields(one, shapes.CheckInStored) for one in work.check_ins.of(person_id)]}


@router.post("/people/{person_id}/check-ins", status_code=201, response_model=shapes.CheckInStored, responses=WRITES)
def add_check_in(request: Request, caller: Caller, person_id: Id, given: dict[str, Any]) -> Any:
    """Keep a check-in (GET /api/v1/schema/check_in has its shape), and look at GET .../progress afterwards."""
    told = CheckIn.of(given, vocabulary())
    with records_of(request).work(caller) as work:
        kept = keep_check_in(work, person_id, told, course_of(work, person_id))
        return _fields(kept, shapes.CheckInStored)


@router.get("/people/{person_id}/progress", response_model=shapes.Progress | None, responses=READS)
def progress(request: Request, caller: Caller, person_id: Id) -> Any:
    """How it goes, danger first; null before the first visit."""
    with records_of(request).work(caller) as work:
        course = course_of(work, person_id)
    if course is None:
        return None
    found = course.judged()
    return {
        **{name: getattr(found, name) for name in shapes.Progress.model_fields if hasattr(found, name)},
        "urgency": found.danger.urgency,
        "beside": list(found.beside),
        "why": [
            {
                "words": why.words,
                "threshold": why.threshold.value if why.threshold else None,
                "what": why.threshold.what if why.threshold else None,
                "source": [one.id for one in why.threshold.cited] if why.threshold else [],
                "read_in": [read for one in why.threshold.cited for read in one.read_in] if why.threshold else [],
            }
            for why in found.why
        ],
    }
