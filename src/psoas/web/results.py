"""From a visit to its result: computed once, kept, and shown from then on as it was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from psoas.case import Case
from psoas.web.body_scene import AT_EASE, activity_of, ease_of, scene_of

if TYPE_CHECKING:
    from psoas.assessment import Assessment
    from psoas.records import Person, Plan, Result, Visit, Work


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


def keep_result(work: Work, visit: Visit) -> Result:
    """Computes the answer to a visit and keeps it. Called outside of any writing: computing takes about a second."""
    from psoas.knowledge import load
    from psoas.report.text import report_of

    answer = answer_of(visit.case)
    page = report_of(answer, load())
    page["visit_version"] = visit.version
    page["case"] = visit.case
    page["body"] = None if page["waits"] else body_of(answer.case)
    return work.results.keep(visit.id, answer.to_json(), page=page)


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


def scene_of_result(page: dict[str, Any], activity: str | None) -> dict[str, Any]:
    """The scene, or one activity of it, of a kept result: from the person and angles that it was computed from.

    Raises:
        KeyError: the result has no body, or there is no such activity.
    """
    from psoas.assessment import read_case

    if page["body"] is None:
        raise KeyError("body")
    case = read_case(page["case"])
    return scene_of(case) if activity is None else activity_of(case, activity)


def _highest(activity: dict[str, Any], state: str) -> list[int]:
    """The highest of each level over the frames, or that of the frame in which this state stands."""
    frames: list[list[int]] = activity["states"][state]["compression_n"]
    if activity["stands_at"] is not None:
        return frames[activity["stands_at"][state]]
    return [max(values) for values in zip(*frames, strict=True)]
