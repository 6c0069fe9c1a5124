"""Which of the candidates make the plan: places first, then the best of the rest, never more than five."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psoas.care import _catalogue as catalogue
from psoas.care import weights
from psoas.care._candidates import Candidate
from psoas.care.safety.interactions import Held, words_of, worst
from psoas.care.types import Kind, Score, Stage
from psoas.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its points."""

    candidate: Candidate
    score: Score


def in_order(scored: Sequence[Scored]) -> list[Scored]:
    """Best first; of equals the one with fewer contraindications, then the one that the packs list first."""
    return sorted(scored, key=lambda one: (-one.score.total, len(one.candidate.contraindications)))


def choose(
    scored: Sequence[Scored], stage: Stage | None, most: int, knowledge: Knowledge
) -> tuple[list[Scored], list[Scored]]:
    """The chosen ones in the order of the plan, and the rest, best first."""
    ordered = in_order(scored)
    chosen: list[Scored] = []
    places = weights.PLACES[stage] if stage else weights.UNKNOWN_STAGE_PLACES
    for number, kind in enumerate(places):
        if number == weights.PLACES_BEFORE_HIP_FLEXORS:
            chosen += _tested(ordered, chosen, most, knowledge)
        first = next(
            (one for one in ordered if one.candidate.kind == kind and _goes(one, chosen, most, knowledge)), None
        )
        if first:
            chosen.append(first)
    chosen += _tested(ordered, chosen, most, knowledge)
    for one in ordered:
        if one.score.total >= weights.LEAST_SCORE and _goes(one, chosen, most, knowledge):
            chosen.append(one)
    rest = [one for one in ordered if one not in chosen]
    return sorted(in_order(chosen), key=lambda one: _tier(one.candidate.kind)), rest


def _tested(ordered: Sequence[Scored], chosen: Sequence[Scored], most: int, knowledge: Knowledge) -> list[Scored]:
    """The best item at the hip flexors for a finding there, unless one is chosen: a re-test tells if they matter."""
    if any(_settles(one.candidate) for one in chosen):
        return []
    found = (one for one in ordered if _settles(one.candidate) and _goes(one, chosen, most, knowledge))
    return [one] if (one := next(found, None)) else []


def _settles(one: Candidate) -> bool:
    return bool(one.act_on) and one.group in catalogue.HIP_FLEXOR_GROUPS


def _tier(kind: Kind) -> int:
    """Education, then what the person does alone, then the rest."""
    return weights.FIRST_KINDS.index(kind) if kind in weights.FIRST_KINDS else len(weights.FIRST_KINDS)


def _goes(one: Scored, chosen: Sequence[Scored], most: int, knowledge: Knowledge) -> bool:
    """Whether there is room for it beside what is chosen, and it goes together with all of that."""
    if len(chosen) >= most or one in chosen:
        return False
    new = one.candidate
    held = [other.candidate for other in chosen]
    if sum(other.kind == new.kind for other in held) >= weights.MOST_OF_A_KIND.get(new.kind, 1):
        return False
    if new.kind in weights.PASSIVE and sum(other.kind in weights.PASSIVE for other in held) >= weights.MOST_PASSIVE:
        return False
    if new.kind in weights.COMFORT and sum(other.kind in weights.COMFORT for other in held) >= weights.MOST_COMFORT:
        return False
    if any(other.group == new.group and other.kind == "exercise" and new.kind == "exercise" for other in held):
        return False
    return not any(_clash(new, other, knowledge) for other in held)


def _clash(first: Candidate, second: Candidate, knowledge: Knowledge) -> bool:
    """Two offers that must not meet, as a hot-pepper cream and a heat pad."""
    return any(
        (rule := worst(Held(a, words_of(a, knowledge)), Held(b, words_of(b, knowledge)), knowledge)) is not None
        and rule.severity != "minor"
        for a in first.products
        for b in second.products
    )
