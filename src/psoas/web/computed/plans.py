"""The plan of a visit while it is being chosen: a draft in the form, checked at each step, kept when it is saved."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from psoas.care.offers import DOSE_RANGES, Choice, ChoiceError, Offers, chosen, offers_for

if TYPE_CHECKING:
    from psoas.assessment import Assessment
    from psoas.care import Plan as CarePlan
    from psoas.records import Plan, Result

PLAN_FORMAT = 1
LONGEST_NOTE = 400


@dataclass(frozen=True, slots=True)
class Draft:
    """What is chosen so far, in order; `problem` is why the last step was not taken, in a sentence."""

    choices: tuple[Choice, ...]
    problem: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the things chosen."""
        return tuple(one.id for one in self.choices)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan is chosen from: the answer that a result was kept for, and what is on offer for it.

    `computed`: by id, what the body model added to an item when the result was made.
    """

    answer: Assessment
    offers: Offers
    computed: Mapping[str, str]


def basis_of(result: Result) -> Basis:
    """The answer behind a kept result: the same case on the same evidence gives the same answer, to the bit.

    Raises:
        ChoiceError: this Psoas, or its evidence, is another one than the result was made with.
    """
    from psoas import __version__
    from psoas.knowledge import load

    if (result.psoas_version, result.knowledge_sha256) != (__version__, load().sha256):
        raise ChoiceError(
            "This result was made by another version of Psoas or its evidence. It and its plan are kept as they are; "
            "compute the result again to choose a new plan."
        )
    answer, offers = _answered(json.dumps(result.page["case"], sort_keys=True))
    return Basis(answer, offers, {item["id"]: item["computed"] for item in result.page["plan"]["chosen"]})


@lru_cache(maxsize=64)
def _answered(case: str) -> tuple[Assessment, Offers]:
    from psoas.assessment import assess
    from psoas.knowledge import load

    answer = assess(json.loads(case))
    offers = offers_for(answer.case, answer.facts, load(), answer.screen, answer.diagnosis)
    return answer, offers


def first_draft(basis: Basis, kept: Plan | None) -> Draft:
    """What was saved last, or what Psoas proposes."""
    if kept is not None:
        held = kept.content["choices"]
        choices = tuple(Choice(one["id"], dict(one["dose"]), one["note"]) for one in held)
        return Draft(tuple(one for one in choices if basis.offers.of(one.id)))
    proposed = (item.id for item in basis.answer.plan.items if item.kind != "referral")
    return Draft(tuple(Choice(name) for name in proposed))


def draft_of(form: Mapping[str, str], ids: Iterable[str], basis: Basis) -> Draft:
    """The draft as the form holds it; a dose that is no number is told and left as it was."""
    problem, choices = "", []
    for name in ids:
        item = basis.offers.of(name)
        if item is None:
            problem = _why_not(name, basis)
            continue
        dose = {}
        for part in DOSE_RANGES:
            given = form.get(f"dose.{name}.{part}", "").strip()
            if not given or not isinstance(item.dose.get(part), int | float):
                continue
            try:
                value = float(given)
            except ValueError:
                problem = f"{part.replace('_', ' ')} of {item.name} is {given!r}; expected a number."
                continue
            if value != item.dose[part]:
                dose[part] = value
        choices.append(Choice(name, dose, form.get(f"note.{name}", "").strip()[:LONGEST_NOTE]))
    return Draft(tuple(choices), problem)


def stepped(draft: Draft, step: str, basis: Basis) -> Draft:
    """The draft after a button: `up:ID`, `down:ID`, `out:ID`, `add:ID`; unchanged, with the problem, when it cannot."""
    move, _, name = step.partition(":")
    found = list(draft.choices)
    at = draft.ids.index(name) if name in draft.ids else None
    if move == "out" and at is not None:
        del found[at]
    elif move in ("up", "down") and at is not None:
        to = max(0, min(len(found) - 1, at + (-1 if move == "up" else 1)))
        found.insert(to, found.pop(at))
    elif move == "add" and at is None:
        found.append(Choice(name))
    return checked(replace(draft, choices=tuple(found)), basis, before=draft)


def checked(draft: Draft, basis: Basis, *, before: Draft | None = None) -> Draft:
    """The draft if the plan takes it; else `before`, or the draft itself, with the reason."""
    try:
        plan_of(draft, basis)
    except ChoiceError as err:
        return replace(before or draft, problem=str(err))
    return draft


def plan_of(draft: Draft, basis: Basis) -> CarePlan:
    """The plan that a draft makes.

    Raises:
        ChoiceError: it cannot be.
    """
    from psoas.knowledge import load

    return chosen(basis.answer.plan, basis.offers, draft.choices, load())


def content_of(draft: Draft, basis: Basis) -> dict[str, Any]:
    """What is kept of a plan: the choices, to go on from, and all of it in words, as it stood.

    Raises:
        ChoiceError: the plan does not take it.
    """
    return {
        "format": PLAN_FORMAT,
        "choices": [{"id": one.id, "dose": dict(one.dose), "note": one.note} for one in draft.choices],
        "plan": words_of(plan_of(draft, basis), basis),
        "client": _client_words(plan_of(draft, basis), basis),
    }


def _client_words(plan: CarePlan, basis: Basis) -> dict[str, Any]:
    """A plan in the client's words, for the own telephone."""
    from psoas.knowledge import load
    from psoas.knowledge.words import Words
    from psoas.report.handout import pocket_data

    return pocket_data(plan, basis.answer.case, Words(load()), load())


def words_of(plan: CarePlan, basis: Basis) -> dict[str, Any]:
    """A plan in words, for a page."""
    from psoas.knowledge import load
    from psoas.report.text.citing import Citing
    from psoas.report.text.plan import plan_report

    return plan_report(plan, Citing(load()), basis.computed)


def _why_not(name: str, basis: Basis) -> str:
    try:
        plan_of(Draft((Choice(name),)), basis)
    except ChoiceError as err:
        return str(err)
    return ""
