"""Everything that could be offered at this stage: interventions and exercises in one form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from psoas.care import _catalogue as catalogue
from psoas.care.types import Kind, Stage, Who
from psoas.knowledge import Exercise, Intervention, Knowledge
from psoas.knowledge.rules.conditions import evaluate
from psoas.knowledge.rules.facts import Facts

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
        indirect: why it is lower than graded; empty when it is not.
        technique: keys of the screen's techniques.
        contraindications: words that forbid it.
        targeted_only: only when the leading source or a finding asks for it.
        act_on: findings of this case that ask for it.
        towards: something in the case asks for the direction that it bends the spine in.
    """

    id: str
    kind: Kind
    intervention: Intervention
    exercise: Exercise | None
    sources: frozenset[str]
    general: bool
    certainty: str
    indirect: str
    technique: tuple[str, ...]
    contraindications: tuple[str, ...]
    act_on: tuple[str, ...]
    towards: bool
    products: tuple[str, ...]
    hip_flexor: bool
    group: str
    targeted_only: bool = False

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
            yield exercise_candidate(exercise, family, twist, carrier, stage, facts, knowledge)


def _fits(stages: tuple[str, ...], stage: Stage | None) -> bool:
    """Whether trials cover the stage. When nobody said how long it has lasted, they must cover all of them."""
    if "any" in stages or all(one in stages for one in STAGES):
        return True
    return stage in stages


def _parent(family: catalogue.Family, stage: Stage | None) -> str | None:
    # When nobody said how long, the weakest of the evidence counts: that of a fresh episode, where there is any.
    return family.parents.get(stage) if stage else family.parents.get("acute", family.parents.get("subacute"))


def _met(rule: catalogue.Rule | None, facts: Facts) -> bool:
    return rule is None or evaluate(rule, facts) is True


def _sources(one: Intervention, knowledge: Knowledge) -> tuple[frozenset[str], bool]:
    named = {source for group in one.for_ for source in knowledge.interventions.condition_map[group]}
    return frozenset(named - {"nonspecific_lumbar_strain"}), "nonspecific_lbp" in one.for_


def _of_intervention(one: Intervention, offer: catalogue.Offer, facts: Facts, knowledge: Knowledge) -> Candidate:
    sources, general = _sources(one, knowledge)
    return Candidate(
        id=one.id, kind=offer.kind, intervention=one, exercise=None, sources=sources, general=general,
        certainty=one.certainty, indirect="", technique=(one.technique,) if one.technique else (),
        contraindications=one.contraindications, act_on=_seen(offer.act_on, facts), towards=False,
        products=offer.products,
        hip_flexor=one.id in catalogue.HIP_FLEXOR_INTERVENTIONS, group=offer.kind,
    )  # fmt: skip


def exercise_candidate(
    exercise: Exercise, family: catalogue.Family, twist: catalogue.Twist, parent: Intervention, stage: Stage | None,
    facts: Facts, knowledge: Knowledge,
) -> Candidate:  # fmt: skip
    """One exercise as something that could be offered, its evidence that of `parent`."""
    sources, general = _sources(parent, knowledge)
    direct = _fits(parent.stage, stage)
    return Candidate(
        id=exercise.id,
        kind="exercise",
        intervention=parent,
        exercise=exercise,
        sources=sources | frozenset(family.sources) | frozenset(twist.sources),
        general=general and family.for_general,
        certainty=_lowered(parent.certainty, (not direct) + family.drill),
        indirect=_why_lower(parent, direct=direct, drill=family.drill),
        technique=tuple(dict.fromkeys(one for one in (family.technique, parent.technique) if one)),
        contraindications=tuple(dict.fromkeys((*exercise.contraindications, *parent.contraindications))),
        act_on=_seen((*family.act_on, *twist.act_on), facts),
        towards=bool(_seen(catalogue.ASKS_FOR.get(exercise.directional_bias, ()), facts)),
        products=(),
        hip_flexor=exercise.group in catalogue.HIP_FLEXOR_GROUPS or exercise.id in catalogue.HIP_FLEXOR_EXERCISES,
        group=exercise.group,
        targeted_only=not family.for_general or (stage is None and "acute" not in family.parents),
    )


def _lowered(certainty: str, steps: int) -> str:
    for _ in range(steps):
        certainty = _LOWER[certainty]
    return certainty


def _why_lower(parent: Intervention, *, direct: bool, drill: bool) -> str:
    reasons = [] if direct else [f"one step lower: the trials are of {' and '.join(parent.stage)} pain"]
    if drill:
        reasons.append("one step lower: a single movement, the trials are of whole programmes")
    return "; ".join(reasons)


def _seen(names: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
    return tuple(name for name in names if facts.yes(name))
