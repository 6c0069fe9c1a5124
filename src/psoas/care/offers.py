"""What a practitioner may choose from, and a plan with another choice: nothing that is held back can come in.

The plan of `plan_for` is a proposal. `offers_for` gives everything that nothing in the case stands against, as whole
items, best first; `chosen` puts some of them, in an order and with doses of the practitioner's, into the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from psoas.care import _catalogue as catalogue
from psoas.care._items import dose_words_of, item_of
from psoas.care._scoring import Complaint
from psoas.care._selection import in_order
from psoas.care.pathway.five import more_of
from psoas.care.plan import proposal, stage_of
from psoas.care.safety.interactions import Held, clashes_of, words_of
from psoas.care.types import Clash, Dropped, Item, Plan
from psoas.case import Case
from psoas.diagnosis.types import Diagnosis
from psoas.errors import PsoasError
from psoas.knowledge import Knowledge
from psoas.knowledge.rules.facts import Facts
from psoas.screening import Screen

MOST_CHOSEN = 8
"""More than the five that are proposed, fewer than nobody can follow; our choice."""
DOSE_RANGES: Mapping[str, tuple[float, float]] = {
    "reps": (1, 100),
    "sets": (1, 10),
    "hold_s": (0, 300),
    "minutes_per_session": (1, 120),
    "per_week": (1, 7),
    "weeks": (1, 52),
}
"""What a dose may be changed to: our choice, wide enough for anything published."""


class ChoiceError(PsoasError):
    """A choice that the plan does not accept; the message says why and what it does accept."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Everything that fits this stage: what may be chosen, best first, and what may not, with the reasons."""

    items: tuple[Item, ...]
    dropped: tuple[Dropped, ...]
    not_offered: tuple[Dropped, ...]

    def of(self, name: str) -> Item | None:
        """An item that may be chosen, by its id."""
        return next((item for item in self.items if item.id == name), None)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing chosen, with the parts of its dose that were changed and a word of the practitioner's own."""

    id: str
    dose: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


def offers_for(case: Case, facts: Facts, knowledge: Knowledge, screen: Screen, diagnosis: Diagnosis) -> Offers:
    """Everything that may be chosen for one visit; arguments as in `plan_for`. Nothing while a doctor comes first."""
    stage = stage_of(case)
    complaint = Complaint.of(diagnosis)
    made = proposal(case, facts, knowledge, screen, diagnosis)
    own = [item for item in made.five.items if item.kind != "referral"]
    if not screen.at_least("urgent_referral"):
        own += more_of(made.person, {item.id for item in own})
    named = {item.id for item in own}
    general = tuple(
        item_of(one.candidate, one.score, complaint, stage, screen, facts, knowledge)
        for one in in_order(made.pool.free)
        if one.candidate.id not in named
    )
    return Offers((*own, *general), (*made.five.dropped, *made.pool.dropped), made.pool.not_offered)


def chosen(plan: Plan, offers: Offers, choices: Sequence[Choice], knowledge: Knowledge) -> Plan:
    """The plan with other things to do; a referral stays, first, whatever is chosen.

    Raises:
        ChoiceError: something that is not on offer, twice the same, too many, or a dose outside `DOSE_RANGES`.
    """
    names = [one.id for one in choices]
    if len(names) > MOST_CHOSEN:
        raise ChoiceError(f"The plan holds {len(names)} things; expected at most {MOST_CHOSEN}. Leave some out.")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ChoiceError(f"{twice} stands in the plan twice; leave one out.")
    items = tuple(_dosed(_on_offer(one.id, offers), one) for one in choices)
    referrals = tuple(item for item in plan.items if item.kind == "referral")
    return replace(plan, items=(*referrals, *items), clashes=(*clashes_within(items, knowledge), *plan.clashes))


def clashes_within(items: Sequence[Item], knowledge: Knowledge) -> tuple[Clash, ...]:
    """What does not go together among the chosen things themselves, as a heat pad and a hot-pepper cream."""
    found: dict[tuple[str, str], Clash] = {}
    for first, second in combinations(items, 2):
        held = [
            tuple(Held(name, words_of(name, knowledge)) for name in catalogue.OFFERS[one.id].products)
            for one in (first, second)
            if one.id in catalogue.OFFERS
        ]
        if len(held) == 2:
            for a in held[0]:
                for b in held[1]:
                    for clash in clashes_of((a, b), knowledge):
                        found.setdefault((clash.first, clash.second), clash)
    return tuple(found.values())


def _on_offer(name: str, offers: Offers) -> Item:
    if item := offers.of(name):
        return item
    for held in (*offers.dropped, *offers.not_offered):
        if held.id == name:
            raise ChoiceError(f"{held.name} cannot be added: {held.reasons[0].words}")
    raise ChoiceError(f"{name} is not on offer for this visit; expected one of the things listed.")


def _dosed(item: Item, choice: Choice) -> Item:
    """The item with the changed parts of its dose; a dose that was changed says so."""
    dose: dict[str, Any] = dict(item.dose)
    for part, value in choice.dose.items():
        if part not in dose or part not in DOSE_RANGES:
            raise ChoiceError(f"{item.name} has no {part.replace('_', ' ')} to change.")
        low, high = DOSE_RANGES[part]
        if not low <= value <= high:
            raise ChoiceError(f"{part} of {item.name} is {value:g}; expected {low:g} to {high:g}.")
        dose[part] = float(value) if part in ("hold_s", "minutes_per_session") else int(value)
    note = " ".join(part for part in (choice.note.strip(), item.note) if part)
    if dose == dict(item.dose):
        return replace(item, note=note)
    dose["basis"] = "practitioner"
    for part in ("note", "minutes", "intensity"):  # what the pathway said of its own dose
        dose.pop(part, None)
    return replace(item, dose=dose, dose_words=dose_words_of(dose), note=note)


def works_on_hip_flexors(name: str, knowledge: Knowledge) -> bool:
    """Whether a thing of a plan, by its id, works on a hip flexor: only then trying it bears on the verdict on them."""
    exercise = knowledge.exercises.exercises.get(name)
    if exercise is not None:
        return exercise.group in catalogue.HIP_FLEXOR_GROUPS or name in catalogue.HIP_FLEXOR_EXERCISES
    return name in catalogue.HIP_FLEXOR_INTERVENTIONS
