"""From a visit to its result: computed once, kept, and shown from then on as it was kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from psoas.case import Case
from psoas.web.computed.result_cache import ResultCache, as_json
from psoas.web.computed.workers import WORKER_POOL
from psoas.web.pictures.body_scene import AT_EASE, activity_of, ease_of, scene_of

if TYPE_CHECKING:
    from psoas.assessment import Assessment
    from psoas.records import Person, Plan, Result, Visit, Work

SCENES: ResultCache[bytes] = ResultCache(64)
"""Scenes shown last, about 0.3 MB each at most."""


def answer_of(case: dict[str, Any]) -> Assessment:
    """The answer to a visit's case as it stands.

    Raises:
        CaseError: a case that cannot be taken as it stands.
    """
    from psoas.assessment import assess

    return assess(case)


def pages_of(work: Work, visit_id: str) -> tuple[Result, ...]:
    """The results of a visit that have a page, the newest first; a program may keep a bare answer through the API."""
    return tuple(one for one in work.results.of(visit_id) if "format" in one.page)


class Latest(NamedTuple):
    """A visit, whose it is, its newest result that has a page, and the plan saved last, if the plan page chose it."""

    visit: Visit
    person: Person
    result: Result | None
    kept: Plan | None


def latest_of(work: Work, visit_id: str) -> Latest:
    """What a plan is made, changed and printed from.

    Raises:
        NotFound: no such visit in this practice.
    """
    visit, plan = work.visits.get(visit_id), work.plans.latest(visit_id)
    return Latest(
        visit,
        work.people.get(visit.person_id),
        next(iter(pages_of(work, visit_id)), None),
        plan if plan is not None and "choices" in plan.content else None,
    )


class Computed(NamedTuple):
    """What is kept of an answer: its data, and what its page shows."""

    answer: dict[str, Any]
    page: dict[str, Any]


def result_of(case: dict[str, Any]) -> Computed:
    """The answer to a case with its page and body: about a second, so it is a job for a worker.

    Raises:
        CaseError: a case that cannot be taken as it stands.
    """
    from psoas.knowledge import load
    from psoas.report.text import report_of

    answer = answer_of(case)
    page = report_of(answer, load())
    page["body"] = None if page["waits"] else body_of(answer.case)
    return Computed(answer.to_json(), page)


def keep_result(work: Work, visit: Visit, computed: Computed | None = None) -> Result:
    """Keeps the answer to a visit; what was kept of the same visit by the same version stands for a second one.

    Args:
        computed: what `computed_of` gave for this visit; without it, it is computed now, while `work` stays open.
    """
    answer, found = computed or computed_of(visit)
    page = {**found, "visit_version": visit.version, "case": visit.case}
    work.begin_write()
    if (made := next(iter(pages_of(work, visit.id)), None)) is not None and _is_the_same(made, visit, page):
        return made  # somebody else, or a second press of the button, was first
    return work.results.keep(visit.id, answer, page=page)


def computed_of(visit: Visit) -> Computed:
    """The answer to a visit as it stands, from a worker. To be asked for while no transaction is open.

    Raises:
        Busy: too many ask at once.
    """
    return WORKER_POOL.run(result_of, visit.case)


def _is_the_same(made: Result, visit: Visit, page: dict[str, Any]) -> bool:
    """Whether a kept result answers the same case by the same version and evidence: it would be the same to the bit."""
    by = (page["psoas_version"], page["knowledge_sha256"])
    return made.page["visit_version"] == visit.version and (made.psoas_version, made.knowledge_sha256) == by


def body_of(case: Case) -> dict[str, Any] | None:
    """What the page shows beside the 3D view: the highest load of each level in each activity, and whose body it is.

    `at_ease` says how it would stand with the measured flexors. None where the body model is not installed or cannot be
    scaled to the person.
    """
    from psoas.assessment.body_findings import is_installed
    from psoas.report.flexor_words import at_ease_words

    if not is_installed():
        return None
    try:
        scene, eased = scene_of(case), ease_of(case)
        names = [name for name in scene["activities"] if name != AT_EASE or eased is not None]
        activities = {name: activity_of(case, name) for name in names}
    except (ValueError, ArithmeticError):
        return None
    return {
        "person": scene["person"],
        "measured": scene["measured"],
        "levels": scene["levels"],
        "at_ease": None if eased is None else at_ease_words(eased),
        "highest_n": {
            name: {state: _highest(activity, state) for state in activity["states"]}
            for name, activity in activities.items()
        },
    }


def scene_of_result(page: dict[str, Any], activity: str | None) -> bytes:
    """The scene, or one activity of it, of a kept result, as JSON: from the person and angles it was computed from.

    Raises:
        KeyError: the result has no body, or there is no such activity.
    """
    if page["body"] is None:
        raise KeyError("body")
    key = json.dumps([activity, page["case"]], sort_keys=True)
    return SCENES.get(key, lambda: WORKER_POOL.run(drawn, page["case"], activity))


def drawn(case: dict[str, Any], activity: str | None) -> bytes:
    """The scene of a case, or one activity of it, as JSON. A job for a worker."""
    from psoas.assessment import read_case

    read = read_case(case)
    return as_json(scene_of(read) if activity is None else activity_of(read, activity))


def _highest(activity: dict[str, Any], state: str) -> list[int]:
    """The highest of each level over the frames, or that of the frame in which this state stands."""
    frames: list[list[int]] = activity["states"][state]["compression_n"]
    if activity["stands_at"] is not None:
        return frames[activity["stands_at"][state]]
    return [max(values) for values in zip(*frames, strict=True)]
