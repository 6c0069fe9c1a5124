"""Answers to a step, written into the case: what was ticked, what was not, and what was left open.

A form is what a browser sends: names with lists of words. A checklist has `tick` (ids that are true), `unsure` (ids not
known), `side.<id>` (left, right), `none` (none of these) and `skip` (nothing is known of any); a single question has
`answer`; signs and tests have `a.<id>`, or `a.<id>.left` and `a.<id>.right`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psoas.assessment import read_case
from psoas.errors import CaseError
from psoas.interview.fields import Data, Form, apply_pain, apply_person
from psoas.interview.gateways import SCREEN, corrected, denied, reopened
from psoas.interview.sheets import open_sheets
from psoas.interview.types import Part, Step
from psoas.knowledge import Knowledge, load
from psoas.screening import facts_of

SIDES = ("left", "right")


def apply(case: Mapping[str, Any], step: Step, form: Form, knowledge: Knowledge | None = None) -> Data:
    """The case with this answer; the case itself stays as it is.

    Raises:
        CaseError: an answer that cannot be taken, with a sentence for each field.
    """
    match step.kind:
        case "person":
            return apply_person(case, form, knowledge)
        case "pain":
            return apply_pain(case, form, knowledge)
        case "checklist":
            answers = _ticked(step.parts, form)
            if step.id == SCREEN:
                return _through_the_gateways(case, answers, knowledge or load())
            answers |= corrected(answers, case.get("findings", {}))
        case "question":
            answers = {step.parts[0].id: _single(step.parts[0], form)}
        case "signs":
            answers = {part.id: answer or "unknown" for part, answer in _entered(step.parts, form)}
        case _:
            raise CaseError(step.id, "there is nothing to answer here.")
    return _with(case, answers, knowledge)


def _through_the_gateways(case: Mapping[str, Any], answers: Mapping[str, Any], knowledge: Knowledge) -> Data:
    """The case with the gateways answered, what they deny denied, and what they no longer deny open again."""
    said = case.get("findings", {})
    again = reopened(answers, said)
    open_ = {**case, "findings": {name: word for name, word in said.items() if name not in again}}
    return _with(open_, {**answers, **denied(answers, facts_of(read_case(open_, knowledge), knowledge))}, knowledge)


def apply_answers(
    case: Mapping[str, Any], parts: Iterable[Part], form: Form, knowledge: Knowledge | None = None
) -> Data:
    """The case with the tests that were entered; a test left empty is taken out, for it was not done.

    Raises:
        CaseError: an answer that cannot be taken.
    """
    entered = {part.id: answer for part, answer in _entered(parts, form)}
    kept = {name: held for name, held in case.get("findings", {}).items() if entered.get(name, held) is not None}
    return _with(
        {**case, "findings": kept}, {name: held for name, held in entered.items() if held is not None}, knowledge
    )


def apply_graver(case: Mapping[str, Any], form: Form, knowledge: Knowledge | None = None) -> Data:
    """The case with what was answered at a stop. It only fills in what is open: an answer that stands is never changed.

    `shown` names what the page asked; what somebody else answered meanwhile stays as it is.

    Raises:
        CaseError: an answer that cannot be taken.
    """
    held = knowledge or load()
    facts = facts_of(read_case(case, held), held)
    shown = set(form.get("shown", ()))
    parts = [part for sheet in open_sheets(facts, held) for part in sheet.parts if part.id in shown]
    open_ = {part.id for part in parts}
    only = {name: [word for word in form.get(name, ()) if word in open_] for name in ("tick", "unsure")}
    return _with(case, _ticked(parts, {**form, **only}) if parts else {}, held)


def _with(case: Mapping[str, Any], answers: Mapping[str, Any], knowledge: Knowledge | None) -> Data:
    found = {**case, "findings": {**case.get("findings", {}), **answers}}
    read_case(found, knowledge)
    return found


def _ticked(parts: Sequence[Part], form: Form) -> dict[str, Any]:
    names = [part.id for part in parts]
    ticked, unsure = set(form.get("tick", ())), set(form.get("unsure", ()))
    ticked |= {part.id for part in parts if form.get(f"side.{part.id}")}
    if strange := sorted((ticked | unsure) - set(names)):
        raise CaseError("tick", f"{', '.join(strange)} is not on this sheet; choose among {', '.join(names)}.")
    if form.get("skip"):
        return dict.fromkeys(names, "unknown")
    if form.get("none") and ticked:
        raise CaseError("none", "'none of these' is chosen and something is ticked; keep one of them.")
    if not ticked and not unsure and not form.get("none"):
        raise CaseError("tick", "nothing is ticked; tick what is true, or choose 'none of these', or skip the sheet.")
    answers: dict[str, Any] = {}
    for part in parts:
        if part.id in ticked:
            answers[part.id] = _side(part, form)
        else:
            answers[part.id] = "unknown" if part.id in unsure else "no"
    return answers


def _side(part: Part, form: Form) -> Any:
    """Yes, or the sides that were named. The other side was not asked, so nothing is said of it."""
    named = [side for side in form.get(f"side.{part.id}", ()) if side]
    if not named:
        return "yes"
    if not part.sided or set(named) - set(SIDES):
        raise CaseError(f"side.{part.id}", f"is {', '.join(named)}; expected left or right where there are sides.")
    return dict.fromkeys(sorted(named), "yes")


def _single(part: Part, form: Form) -> Any:
    if form.get("skip"):
        return "unknown"
    answer = next(iter(form.get("answer", ())), "")
    if part.sided and answer in SIDES:
        return {answer: "yes"}
    if part.sided and answer == "both":
        return {"left": "yes", "right": "yes"}
    if not answer:
        raise CaseError("answer", "nothing is chosen; choose an answer, or 'I do not know'.")
    return answer


def _entered(parts: Iterable[Part], form: Form) -> Iterable[tuple[Part, Any]]:
    """What was entered for each; None for what was left empty."""
    for part in parts:
        whole = next(iter(form.get(f"a.{part.id}", ())), "")
        sides = {side: word for side in SIDES if (word := next(iter(form.get(f"a.{part.id}.{side}", ())), ""))}
        if whole and sides:
            raise CaseError(f"a.{part.id}", "is answered as a whole and by side; keep one of them.")
        yield part, sides or whole or None
