"""Everything that could be offered at this stage: interventions and exercises in one form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from psoas.care import _catalogue as catalogue
from psoas.care.types import Kind, Stage, Who
from psoas.knowledge import Exercise, Intervention, Knowledge
from psoas.knowledge.facts import Facts
from psoas.knowledge.rules import evaluate

_LOWER = {"high": "moderate", "moderate": "low", "low": "very_low", "very_low": "very_low", "none": "none"}
STAGES: tuple[Stage, ...] = ("acute", "subacute", "chronic")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that could be offered.

    Attributes:
        intervention: the entry itself, or for an exercise the intervention that carries its evidence.
        exercise: the exercise, or None.
        sources: sources of pain that it is meant for, `nonspecific_lumbar_strain` left out.
        general: it helps back pain of no single source.
        certainty: as graded, one step lower when the trials are of another stage.
        indirect: the stage of the trials, when it is not the person's.
        technique: keys of the screen's techniques.
        contraindications: words that forbid it.
        act_on: findings of this case that ask for it.
    """

    id: str
    kind: Kind
    intervention: Intervention
    exercise: Exercise | None
    sources: frozenset[str]
    general: bool
    certainty: str
    indirect: str | None
    technique: tuple[str, ...]
    contraindications: tuple[str, ...]
    act_on: tuple[str, ...]
    products: tuple[str, ...]
    hip_flexor: bool
    group: str

    @property
    def who(self) -> Who:
        """Who does it."""
        return "self" if self.exercise else self.intervention.who_does_it

    @property
    def name(self) -> str:
        """For the person."""
        return self.exercise.name if self.exercise else self.intervention.plain_name


def candidates(stage: Stage | None, facts: Facts, knowledge: Knowledge) -> Iterator[Candidate]:
    """Interventions and exercises that fit the stage and whose needs are met; in the order of the packs."""
    for one in knowledge.interventions.interventions.values():
        offer = catalogue.OFFERS[one.id]
        if not offer.by_exercises and _fits(one.stage, stage) and _met(offer.needs, facts):
            yield _of_intervention(one, offer, facts, knowledge)
    for exercise in knowledge.exercises.exercises.values():
        family, twist = catalogue.FAMILIES[exercise.group], catalogue.TWISTS.get(exercise.id, catalogue.Twist())
        parent = twist.parent or _parent(family, stage)
        if parent and _met(family.needs, facts) and _met(twist.needs, facts):
            carrier = knowledge.interventions.interventions[parent]
            yield _of_exercise(exercise, family, twist, carrier, stage, facts, knowledge)


def _fits(stages: tuple[str, ...], stage: Stage | None) -> bool:
    """Whether trials cover the stage. When nobody said how long it has lasted, they must cover all of them."""
    if "any" in stages or all(one in stages for one in STAGES):
        return True
    return stage in stages


def _parent(family: catalogue.Family, stage: Stage | None) -> str | None:
    if stage:
        return family.parents.get(stage)
    # Unknown: a group that is given at every stage, with the weakest of its evidence.
    return family.parents["acute"] if all(one in family.parents for one in STAGES) else None


def _met(rule: catalogue.Rule | None, facts: Facts) -> bool:
    return rule is None or evaluate(rule, facts) is True


def _sources(one: Intervention, knowledge: Knowledge) -> tuple[frozenset[str], bool]:
    named = {source for group in one.for_ for source in knowledge.interventions.condition_map[group]}
    return frozenset(named - {"nonspecific_lumbar_strain"}), "nonspecific_lbp" in one.for_


def _of_intervention(one: Intervention, offer: catalogue.Offer, facts: Facts, knowledge: Knowledge) -> Candidate:
    sources, general = _sources(one, knowledge)
    return Candidate(
        id=one.id, kind=offer.kind, intervention=one, exercise=None, sources=sources, general=general,
        certainty=one.certainty, indirect=None, technique=(one.technique,) if one.technique else (),
        contraindications=one.contraindications, act_on=_seen(offer.act_on, facts), products=offer.products,
        hip_flexor=one.id in catalogue.HIP_FLEXOR_INTERVENTIONS, group=offer.kind,
    )  # fmt: skip


def _of_exercise(
    exercise: Exercise, family: catalogue.Family, twist: catalogue.Twist, parent: Intervention, stage: Stage | None,
    facts: Facts, knowledge: Knowledge,
) -> Candidate:  # fmt: skip
    sources, general = _sources(parent, knowledge)
    direct = _fits(parent.stage, stage)
    return Candidate(
        id=exercise.id,
        kind="exercise",
        intervention=parent,
        exercise=exercise,
        sources=sources | frozenset(family.sources) | frozenset(twist.sources),
        general=general,
        certainty=parent.certainty if direct else _LOWER[parent.certainty],
        indirect=None if direct else " and ".join(parent.stage),
        technique=tuple(dict.fromkeys(one for one in (family.technique, parent.technique) if one)),
        contraindications=tuple(dict.fromkeys((*exercise.contraindications, *parent.contraindications))),
        act_on=_seen((*family.act_on, *twist.act_on), facts),
        products=(),
        hip_flexor=exercise.group in catalogue.HIP_FLEXOR_GROUPS or exercise.id in catalogue.HIP_FLEXOR_EXERCISES,
        group=exercise.group,
    )


def _seen(names: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
    return tuple(name for name in names if facts.yes(name))
