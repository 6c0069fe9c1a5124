"""Each step of a visit as a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas.interview import METHODS, WHO, Part, Step, asked_back, illness_groups, remarks, takes_none, understood
from psoas.interview.gateways import closed_lines
from psoas.report.phrases import conflict_words, medicine_words
from psoas.web.pictures.figure import body_views
from psoas.web.render import see_other
from psoas.web.steps.carry import again_of
from psoas.web.steps.context import NEXT_SHEET, VisitContext
from psoas.web.steps.forms import Sent, pain_values, person_values
from psoas.web.steps.frame import visit_page
from psoas.web.steps.review import answer_words, summary_of
from psoas.web.steps.since import COURSES as SINCE_COURSES
from psoas.web.steps.since import STILL, since_of
from psoas.web.steps.story import show_story
from psoas.web.steps.tests_to_do import tests_for
from psoas.web.words.visit import (
    ACTIVITIES,
    COURSES,
    EFFECTS,
    ONSETS,
    PLACES_OF_BODY,
    SEXES,
    UNITS,
    YES_NO,
    angle_groups,
)

Problems = Mapping[str, str]
Show = Callable[..., Response]


def show(
    request: Request,
    desk: VisitContext,
    step: str,
    *,
    sent: Sent | None = None,
    problems: Problems | None = None,
    **more: Any,
) -> Response:
    """The page of a step; with what was sent and what is wrong with it, when it could not be taken."""
    if not desk.has(step):
        raise HTTPException(404)
    if desk.stops and step not in ("since", "about", "pain", "danger", "review"):
        return see_other(f"{desk.base}/stop")
    if step == "story":
        return show_story(request, desk)
    return _PAGES[step](request, desk, sent, problems or {}, **more)


def _status(problems: Problems) -> int:
    return 422 if problems else 200


def _since(request: Request, desk: VisitContext, sent: Sent | None, problems: Problems) -> Response:
    return visit_page(
        request, desk, "since", "since", status=_status(problems), problems=problems, since=since_of(desk),
        values=sent if sent is not None else pain_values(desk.visit.case), courses=SINCE_COURSES, still=STILL,
    )  # fmt: skip


def _about(request: Request, desk: VisitContext, sent: Sent | None, problems: Problems) -> Response:
    return visit_page(
        request, desk, "about", "about", status=_status(problems), problems=problems, sexes=SEXES, yes_no=YES_NO,
        values=sent if sent is not None else person_values(desk.visit.case), activities=ACTIVITIES,
    )  # fmt: skip


def _pain(request: Request, desk: VisitContext, sent: Sent | None, problems: Problems) -> Response:
    values = sent if sent is not None else _pain_held(desk)
    views, width, height = body_views()
    regions = desk.knowledge.terminology.pain_drawing_regions
    groups = [
        (heading, [(f"{name}_{side}", desk.words.region(f"{name}_{side}")) for name in names for side in
                   regions[name].sides])
        for heading, names in PLACES_OF_BODY.items()
    ]  # fmt: skip
    return visit_page(
        request, desk, "pain", "pain", status=_status(problems), problems=problems, values=values, groups=groups,
        views=views, width=width, height=height, onsets=ONSETS, courses=COURSES, units=UNITS, effects=EFFECTS,
        marked=set(values.get("mark", ())), last=_pain_last(desk),
    )  # fmt: skip


def _pain_last(desk: VisitContext) -> Mapping[str, str]:
    """What each place was given at the visit before, in words."""
    pain = desk.previous.case.get("pain", {}) if desk.previous is not None else {}
    return {name: "marked" if rating is None else f"{rating:g}" for name, rating in pain.get("regions", {}).items()}


def _pain_held(desk: VisitContext) -> Sent:
    """What was said; at a follow-up that has no drawing yet, the places of the visit before stand ready, unrated."""
    values = pain_values(desk.visit.case)
    if not values.get("mark") and not desk.is_client:
        values["mark"] = list(_pain_last(desk))
    return values


def _danger(
    request: Request, desk: VisitContext, sent: Sent | None, problems: Problems, *, sheet: str = "", then: str = ""
) -> Response:
    every = desk.interview.all_sheets
    if sheet == NEXT_SHEET and not desk.interview.first_sheets:
        return see_other(f"{desk.base}/questions")
    if sheet in ("", NEXT_SHEET):
        if desk.interview.first_sheets:
            return see_other(f"{desk.base}/danger?sheet={desk.interview.first_sheets[0].id}")
        return _danger_overview(request, desk, every)
    found = next((one for one in every if one.id == sheet), None)
    if found is None:
        raise HTTPException(404)
    closed = closed_lines(desk.interview.facts)  # such sheets are not on the way, only in the overview
    of_kind = [
        one for one in every if one.first == found.first and (one is found or not closed.issuperset(_ids(one)))
    ]  # fmt: skip
    place = [one.id for one in of_kind].index(sheet)
    back = f"danger?sheet={of_kind[place - 1].id}" if place else "pain" if found.first else "danger"
    return visit_page(
        request, desk, "sheet", "danger", status=_status(problems), problems=problems, sheet=found, then=then,
        back=f"{desk.base}/{back}", number=place + 1, count=len(of_kind), answers=answers_of(found, desk, sent),
        action=f"{desk.base}/danger", left=desk.interview.progress,
    )  # fmt: skip


def _ids(step: Step) -> set[str]:
    return {part.id for part in step.parts}


def _danger_overview(request: Request, desk: VisitContext, every: tuple[Step, ...]) -> Response:
    findings = desk.visit.case.get("findings", {})
    rows = []
    for sheet in every:
        said = [part for part in sheet.parts if _is_yes(findings.get(part.id))]
        told = [part for part in sheet.parts if part.id in findings]
        unsure = [part for part in sheet.parts if findings.get(part.id) == "unknown"]
        rows.append((sheet, said, unsure, len(told) > 0))
    return visit_page(request, desk, "danger", "danger", rows=rows, left=desk.interview.progress)


def _is_yes(answer: Any) -> bool:
    return any(one not in ("no", "unknown", "not_possible") for one in answer.values()) if isinstance(
        answer, dict
    ) else answer not in (None, "no", "unknown", "not_possible")  # fmt: skip


def answers_of(step: Step, desk: VisitContext, sent: Sent | None = None) -> dict[str, Any]:
    """Per part what stands in the form: ticked, unsure, the sides; `none` and `told` for the whole."""
    if sent is not None:
        ticked, unsure = set(sent.get("tick", ())), set(sent.get("unsure", ()))
        sides = {part.id: sent.get(f"side.{part.id}", []) for part in step.parts}
        return {"tick": ticked, "unsure": unsure, "side": sides, "none": bool(sent.get("none")),
                "answer": next(iter(sent.get("answer", ())), "")}  # fmt: skip
    findings = desk.visit.case.get("findings", {})
    held = {part.id: findings.get(part.id) for part in step.parts}
    told = [value for value in held.values() if value is not None]
    single = held[step.parts[0].id] if len(step.parts) == 1 else None
    if isinstance(single, dict):
        yes = [side for side, value in single.items() if value == "yes"]
        single = "both" if len(yes) == 2 else yes[0] if yes else "no"
    return {
        "tick": {name for name, value in held.items() if _is_yes(value)},
        "unsure": {name for name, value in held.items() if value == "unknown"},
        "side": {name: list(value) if isinstance(value, dict) else [] for name, value in held.items()},
        "none": bool(told) and all(value == "no" for value in told),
        "answer": single or "",
    }


def _questions(
    request: Request,
    desk: VisitContext,
    sent: Sent | None,
    problems: Problems,
    *,
    q: str = "",
    after: str = "",
    more: str = "",
) -> Response:
    interview = desk.interview
    if not q:
        if interview.first_sheets:
            return see_other(f"{desk.base}/danger")
        if more:
            return _go_on(desk, after)
        if interview.progress.answer_ready:
            return _enough(request, desk)
        return see_other(f"{desk.base}/questions?q={interview.questions[0].id}{f'&after={after}' if after else ''}")
    about = desk.knowledge.findings.findings.get(q)
    if about is None or (desk.is_client and about.mode not in ("ask", "self_test")):
        raise HTTPException(404)  # what an examiner finds is no question for a client
    step = interview.question(q)
    back = f"questions?q={after}" if after in desk.knowledge.findings.findings else "danger"
    return visit_page(
        request, desk, "question", "questions", status=_status(problems), problems=problems, sheet=step, more=more,
        back=f"{desk.base}/{back}", answers=answers_of(step, desk, sent), left=interview.progress,
        action=f"{desk.base}/questions",
    )  # fmt: skip


def _go_on(desk: VisitContext, after: str) -> Response:
    """Past the first answer: the other sheets, then whatever still tells something."""
    interview = desk.interview
    if interview.sheets:
        return see_other(f"{desk.base}/danger?sheet={interview.sheets[0].id}&then=more")
    if interview.questions:
        return see_other(f"{desk.base}/questions?q={interview.questions[0].id}&more=1&after={after}")
    return see_other(f"{desk.base}/questions")


def _enough(request: Request, desk: VisitContext) -> Response:
    template = "client_done" if desk.is_client else "enough"
    answered = [
        desk.interview.question(name) for name in desk.visit.case.get("findings", {})
        if name in desk.knowledge.findings.findings and desk.knowledge.findings.findings[name].mode != "hands_on"
    ]  # fmt: skip
    return visit_page(request, desk, template, "questions", left=desk.interview.progress, answered=answered)


def _tests(
    request: Request, desk: VisitContext, sent: Sent | None, problems: Problems, *, who: str = "", test: str = ""
) -> Response:
    asker = who if who in WHO[1:] else "physiotherapist"
    chosen = tests_for(desk, asker, test)
    return visit_page(
        request, desk, "tests", "tests", status=_status(problems), problems=problems, who=asker, chosen=chosen,
        held=_held(chosen.shown, desk, sent), last=_tests_last(desk),
    )  # fmt: skip


def _tests_last(desk: VisitContext) -> Mapping[str, str]:
    """What each test gave at the visit before, in words."""
    tests = again_of(desk.previous, desk.knowledge).tests if desk.previous is not None else {}
    return {name: answer_words(answer) for name, answer in tests.items()}


def _angles_last(desk: VisitContext) -> Mapping[str, str]:
    """What each angle was at the visit before, by the name of its field."""
    found: dict[str, list[str]] = {}
    for one in again_of(desk.previous, desk.knowledge).measurements if desk.previous is not None else ():
        field = f"m.{one['id']}.{one['side']}" if one.get("side") else f"m.{one['id']}"
        value = next(held for name, held in one.items() if name.startswith("value_"))
        found.setdefault(field, []).append(f"{value:g}".replace("-", "\u2212"))
    return {field: ", ".join(values) for field, values in found.items()}


def _held(parts: tuple[Part, ...], desk: VisitContext, sent: Sent | None) -> dict[str, str]:
    """The words that stand in the fields `a.<id>` and `a.<id>.<side>`."""
    found: dict[str, str] = {}
    findings = desk.visit.case.get("findings", {})
    for part in parts:
        for side in ("", ".left", ".right"):
            name = f"a.{part.id}{side}"
            if sent is not None:
                found[name] = next(iter(sent.get(name, ())), "")
                continue
            held = findings.get(part.id)
            value = held.get(side[1:]) if isinstance(held, dict) else held if not side else None
            if part.sided and isinstance(held, str) and side:
                value = held  # answered as a whole: it is shown on both sides
            found[name] = value if isinstance(value, str) and value != "unknown" else ""
    return found


def _angles(
    request: Request, desk: VisitContext, sent: Sent | None, problems: Problems, *, ask: tuple[str, ...] = ()
) -> Response:
    case = desk.interview.case
    values: Sent = sent if sent is not None else {}
    if sent is None:
        for one in case.measurements:
            field = f"m.{one.id}.{one.side}" if one.side else f"m.{one.id}"
            values.setdefault(field, []).append(f"{next(iter(one.values().values())):g}")
            for name in ("pelvis", "method"):
                if held := getattr(one, name):
                    values[f"{name}.{one.id}"] = [held]
    return visit_page(
        request, desk, "angles", "angles", status=_status(problems), problems=problems, values=values,
        ask=[_in_words(text, desk) for text in ask], groups=angle_groups(desk.knowledge), methods=METHODS,
        remarks=() if ask else [_in_words(text, desk) for text in remarks(case)],
        asked=asked_back(case) if sent is None else ask, last=_angles_last(desk),
    )  # fmt: skip


def _in_words(text: str, desk: VisitContext) -> str:
    """A sentence of the body model with the names of measurements in place of their ids."""
    for name, about in desk.knowledge.findings.measurement_ids.items():
        text = text.replace(name, about.plain[:1].lower() + about.plain[1:])
    return text[:1].upper() + text[1:]


def _medicines(request: Request, desk: VisitContext, sent: Sent | None, problems: Problems) -> Response:
    case = desk.visit.case
    if sent is None:
        takes = "these" if case.get("medicines") else "none" if takes_none(case, desk.knowledge) else ""
        has = "these" if case.get("conditions") else "none" if "conditions" in case else ""
        sent = {
            "takes": [takes], "has": [has], "medicine": _shown(case.get("medicines", ())),
            "supplement": _shown(case.get("supplements", ())), "illness": list(case.get("conditions", ())),
        }  # fmt: skip
    groups = illness_groups(desk.knowledge)
    known = {name for group in groups for name, _ in group.illnesses}
    interactions = desk.knowledge.interactions
    names = {name for members in interactions.medicine_names.values() for name in members}
    names |= {one.id for one in interactions.partners.values() if one.kind == "drug"}
    names |= {name for group in desk.knowledge.medicines.groups for name in group.names}
    return visit_page(
        request, desk, "medicines", "medicines", status=_status(problems), problems=problems, values=sent,
        groups=groups, others=[name for name in sent.get("illness", ()) if name not in known],
        understood=understood(case, desk.knowledge), medicines=sorted(_shown(names)),
        supplements=sorted(_shown(interactions.products)),
    )  # fmt: skip


def _shown(names: Any) -> list[str]:
    return [str(name).replace("_", " ") for name in names]


def _goals(request: Request, desk: VisitContext, sent: Sent | None, problems: Problems) -> Response:
    case = desk.visit.case
    values: Sent = sent or {"goal": list(case.get("goals", ())), "notes": [case.get("notes", "")]}
    return visit_page(request, desk, "goals", "goals", status=_status(problems), problems=problems, values=values)


def _review(request: Request, desk: VisitContext, sent: Sent | None, problems: Problems) -> Response:
    screen = desk.interview.screen
    return visit_page(
        request, desk, "review", "review", summary=summary_of(desk), left=desk.interview.progress,
        unread=[medicine_words(one) for one in screen.medicines if not one.understood],
        conflicts=[conflict_words(one, desk.words) for one in screen.conflicts],
    )  # fmt: skip


_PAGES: dict[str, Show] = {
    "since": _since, "about": _about, "pain": _pain, "danger": _danger, "questions": _questions, "tests": _tests,
    "angles": _angles, "medicines": _medicines, "goals": _goals, "review": _review,
}  # fmt: skip
