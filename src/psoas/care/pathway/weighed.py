"""What a plan needs to know of the answer: its own small view, so that it does not hang on how sources are ranked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from psoas.diagnosis.types import Diagnosis
from psoas.knowledge import Knowledge

NONSPECIFIC = "nonspecific_lumbar_strain"
"""The pathway of a pain of no single source in the back."""
AsSource = Literal["probably", "possibly", "probably_not", "cannot_tell_yet"]


@dataclass(frozen=True, slots=True)
class Told:
    """One answer that speaks for a source: its id, the answer, and its weight in bits."""

    finding: str
    answer: str
    bits: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that a person can work on."""

    source: str
    probability: float
    responsibility: float
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """The ranking as a plan reads it.

    Attributes:
        ranked: specific sources, best first; what waits for a danger to be excluded is left out.
        no_single_source: probability that no specific source is at work.
        psoas: whether the hip flexors come into question as a source; None where nobody has said.
        psoas_probability: of the hip-flexor sources taken together.
    """

    ranked: tuple[Candidate, ...]
    no_single_source: float
    psoas: AsSource | None = None
    psoas_probability: float = 0.0

    @classmethod
    def of(cls, diagnosis: Diagnosis) -> Weighed:
        """Read the differential; `no_single_source` and plain strain are one and the same here."""
        ranked = tuple(
            Candidate(
                one.source,
                one.probability,
                one.responsibility,
                tuple(
                    Told(weight.finding, weight.answer, weight.log2_odds)
                    for weight in sorted(one.for_, key=lambda weight: (-weight.log2_odds, weight.finding))
                ),
            )
            for one in sorted(diagnosis.differential, key=lambda one: one.rank)
            if one.source != NONSPECIFIC and one.source not in diagnosis.withheld
        )
        said = getattr(diagnosis, "psoas", None)
        return cls(ranked, diagnosis.no_single_source, _verdict(said), getattr(said, "probability", None) or 0.0)


def _verdict(said: Any) -> AsSource | None:
    """The verdict on the hip flexors, where the ranking gives one and does not withhold it."""
    if said is None or getattr(said, "withheld", None):
        return None
    found: AsSource | None = getattr(said, "as_source", None)
    return found


@dataclass(frozen=True, slots=True)
class Target:
    """The sources that a plan is made for.

    Attributes:
        first: the pathway; that of plain strain when nothing leads.
        leads: whether a specific source leads.
        best: the most probable specific source, leading or not.
        second: another one close behind.
        flexors: the hip-flexor source to settle by treating it and testing again, when the verdict asks for it.
        probable: whether the verdict is `probably`: then that step keeps its place where there is little room.
        in_the_back: whether the pain is in the back.
    """

    first: str
    leads: bool
    best: Candidate | None
    second: Candidate | None
    flexors: str | None
    probable: bool = False
    in_the_back: bool = True

    @property
    def tries_best(self) -> bool:
        """Whether no source leads and the plan tries what helps the likeliest."""
        return not self.leads and self.best is not None and self.first == self.best.source


def target_of(
    weighed: Weighed, knowledge: Knowledge, *, in_the_back: bool, possible: frozenset[str], hurts: Collection[str] = (),
    by_place: str | None = None,
) -> Target:  # fmt: skip
    """For what the plan is.

    Args:
        possible: sources that this person can have (pregnancy).
        hurts: loads that hurt.
        by_place: the pathway of the place that hurts, outside the back; followed where no source leads.
    """
    edges = knowledge.plan_choices.leads
    ranked = [one for one in weighed.ranked if one.source in possible]
    best = ranked[0] if ranked else None
    needed = edges.probability if in_the_back else edges.away_from_back
    # Where 'no single source' is likelier than any, a plan for the back follows what hurts, not the first guess.
    beaten = in_the_back and best is not None and best.probability < weighed.no_single_source
    leads = best is not None and best.probability >= needed and not beaten
    second = None
    if leads and best is not None:
        close = [one for one in ranked[1:] if one.probability >= max(needed, edges.close * best.probability)]
        second = close[0] if close else None
    flexor_sources = knowledge.interventions.condition_map["hip_flexor_psoas"]
    flexors = None
    if weighed.psoas in ("probably", "possibly"):
        flexors = next((one.source for one in ranked if one.source in flexor_sources), flexor_sources[0])
    otherwise = _pattern(hurts, knowledge) if in_the_back else by_place or NONSPECIFIC
    if not leads and otherwise == NONSPECIFIC:
        tried = _flexors_first(weighed, ranked, knowledge) or _stands_out(ranked, knowledge)
        best, otherwise = tried or best, tried.source if tried else otherwise
    first = best.source if leads and best is not None else otherwise
    flexors = None if flexors == first else flexors
    return Target(first, leads, best, second, flexors, weighed.psoas == "probably", in_the_back)


def _stands_out(ranked: list[Candidate], knowledge: Knowledge) -> Candidate | None:
    """The likeliest source, though none leads, where it is tried first: far enough ahead, with a reason for it."""
    edges = knowledge.plan_choices.try_first
    if not ranked or ranked[0].probability < edges.probability or not ranked[0].told:
        return None
    ahead = all(ranked[0].probability >= edges.ahead * one.probability for one in ranked[1:])
    return ranked[0] if ahead else None


def _flexors_first(weighed: Weighed, ranked: list[Candidate], knowledge: Knowledge) -> Candidate | None:
    """The likeliest hip-flexor source, where all of them together stand further ahead than any other and something was
    found on examination: one treatment serves them, and a re-test tells."""
    edges, flexors = knowledge.plan_choices.try_first, knowledge.interventions.condition_map["hip_flexor_psoas"]
    own = next((one for one in ranked if one.source in flexors), None)
    found = knowledge.findings.findings
    examined = own is not None and any(
        one.answer == "yes" and one.finding in found and found[one.finding].kind != "history" for one in own.told
    )
    if own is None or not examined or weighed.psoas not in ("probably", "possibly"):
        return None
    others = [one.probability for one in ranked if one.source not in flexors]
    together = weighed.psoas_probability
    is_ahead = together >= edges.probability and all(together >= edges.ahead * one for one in others)
    return own if is_ahead else None


def _pattern(hurts: Collection[str], knowledge: Knowledge) -> str:
    """The pathway whose loads hurt, where one has more of them than any other; plain strain otherwise."""
    counted = sorted(
        ((sum(load in hurts for load in one.loads), one.pathway) for one in knowledge.plan_choices.patterns),
        reverse=True,
    )
    if len(counted) < 2 or counted[0][0] == counted[1][0]:
        return NONSPECIFIC
    return counted[0][1]
