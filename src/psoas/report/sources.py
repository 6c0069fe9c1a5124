"""How a ranking is said: the headline, how sure it is, the verdict on the hip flexors, the reasons that matter most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psoas.diagnosis.types import Chances, Diagnosis, HipFlexorVerdict, RankedSource, Weight

if TYPE_CHECKING:
    from psoas.case.types import Settled
    from psoas.knowledge.words import Words

CHANCE_WORDS = {"clear": "Clear", "likely": "Likely", "leading": "Leading, but open", "open": "Open"}
"""The one scale of words for how sure an answer is; `diagnosis_choices.yaml` chances says from when each holds."""
VERDICT_WORDS = {
    "probably": "The hip flexors are probably part of it",
    "possibly": "The hip flexors are possibly part of it",
    "probably_not": "The hip flexors are probably not part of it",
    "cannot_tell_yet": "Whether the hip flexors are part of it cannot be told yet",
}
MOST_REASONS = 3


def chance_words(chances: Chances) -> str:
    """How sure the answer is, in a word or two: clear, likely, leading but open, open."""
    return CHANCE_WORDS[chances.word]


def percent_words(share: float) -> str:
    """A probability as whole percent; never 0 or 100, which no answer is sure enough for."""
    if share >= 0.995:
        return "over 99%"
    return "under 1%" if share < 0.005 else f"{share:.0%}"


def headline(diagnosis: Diagnosis, words: Words) -> str:
    """The ranking in a sentence. What is named first is the most probable source, and only if it is that."""
    chances = diagnosis.chances
    leader, said = _small(words.source(chances.leader)), chance_words(chances)
    if chances.none_leads:
        return (
            f"No single source stands out ({percent_words(chances.none)}). The most probable one: {leader} "
            f"({percent_words(chances.probability)})."
        )
    none = f"no single source: {percent_words(chances.none)}"
    if chances.word in ("clear", "likely"):
        return f"{said}: {leader} ({percent_words(chances.probability)}); {none}."
    second = sorted(diagnosis.differential, key=lambda one: (-one.probability, one.source))[1]
    beside = f"{_small(words.source(second.source))} ({percent_words(second.probability)})"
    if chances.word == "leading":
        return f"{said}: {leader} ({percent_words(chances.probability)}) before {beside}; {none}."
    return f"{said}: {leader} ({percent_words(chances.probability)}) and {beside} are near each other; {none}."


def judged_words(diagnosis: Diagnosis) -> str:
    """How much of the ranking rests on judgement, as a sentence."""
    return (
        f"{diagnosis.judged:.0%} of what speaks for and against the first sources rests on judgement, which nobody has "
        "published; the rest on published figures."
    )


@dataclass(frozen=True, slots=True)
class TopReasons:
    """The facts that matter most for and against a source, and the rest, folded."""

    for_: tuple[Weight, ...]
    against: tuple[Weight, ...]
    more_for: tuple[Weight, ...]
    more_against: tuple[Weight, ...]


def top_reasons(source: RankedSource, most: int = MOST_REASONS) -> TopReasons:
    """The three facts that matter most, each way."""
    return TopReasons(source.for_[:most], source.against[:most], source.for_[most:], source.against[most:])


def hip_flexor_words(verdict: HipFlexorVerdict, words: Words) -> str:
    """The verdict on the hip flexors as a source, with its reason and what would settle it."""
    low, high = verdict.interval_90
    if verdict.withheld:
        causes = "; ".join(words.condition(name) for name in verdict.withheld)
        return (
            f"{VERDICT_WORDS['cannot_tell_yet']}: first a doctor must exclude what looks like a tight psoas ({causes})."
        )
    said = f"{VERDICT_WORDS[verdict.as_source]} ({percent_words(verdict.probability)}, {low:.0%} to {high:.0%})."
    because = "; ".join(words.answered(one) for one in verdict.because)
    tried = "".join(f" {settled_words(one, words)}" for one in verdict.tried)
    return f"{said}{f' Because: {because}.' if because else ''}{tried} {settle_words(verdict, words)}"


def settled_words(row: Settled, words: Words) -> str:
    """What was tried on this person alone and settled, with the trial as its source, as a sentence."""
    name = words.thing(row.what)
    when = f", ended {row.ended}" if row.ended else ""
    if row.by == "trial":
        says = {"helps": "helps", "does_not": "does not help by what people notice", "cannot_tell_yet": "is undecided"}
        return f"Tried over weeks by this person alone{when}: {name} {says[row.verdict]}."
    says = {"helps": "eased", "does_not": "did not ease", "cannot_tell_yet": "was undecided whether it eased"}
    ratio = f" (likelihood ratio {row.likelihood_ratio:.2g}, simulated)" if row.likelihood_ratio else ""
    return f"Treated and tested again in a visit{when}: {name} {says[row.verdict]} beyond the comparison{ratio}."


def settle_words(verdict: HipFlexorVerdict, words: Words) -> str:
    """What would settle whether the hip flexors are part of it."""
    if verdict.settle_by == "retest" and any(one.verdict != "cannot_tell_yet" for one in verdict.tried):
        return "More is not asked to settle it: it was treated and tested again."
    if verdict.settle_by == "retest":
        return "To settle it: work on them for two weeks, then test again."
    return f"To settle it, ask or test next: {words.of(verdict.settle_by)}."


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]
