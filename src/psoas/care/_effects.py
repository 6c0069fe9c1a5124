"""Effect sizes in plain words, beside the smallest change that people notice.

An average difference between two groups and the change one person notices are not the same thing; the comparison is the
usual way to show size, and the words say "on average".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from psoas.care.types import EffectWords, Noticeable
from psoas.knowledge import Effect, Intervention, Knowledge

_OUTCOMES = {"pain": "pain", "leg_pain": "leg pain", "function": "daily function"}
_BELIEVED = {
    "high": "The evidence is strong.",
    "moderate": "The evidence is fair: more trials may shift the figure.",
    "low": "The evidence is weak: the true figure may be quite different.",
    "very_low": "The evidence is very weak: nobody can be sure of any effect.",
    "none": "No usable trial in low-back pain was found.",
}


@dataclass(frozen=True, slots=True)
class Scale:
    """How a figure is read: the width of its scale, and the smallest change people notice on it."""

    width: float
    noticed: float
    words: str


@lru_cache(maxsize=2)
def _scales(knowledge: Knowledge) -> dict[tuple[str, str], Scale]:
    """(scale, outcome) -> how it is read. An empty outcome stands for any."""
    worth = knowledge.interventions.meta.worthwhile_difference_0_100
    noticed = {one.measure: one.minimal_important_change or 0.0 for one in knowledge.prognosis.meaningful_change}
    return {
        ("points_100", "pain"): Scale(100, worth.pain, "points of 100"),
        ("points_100", "leg_pain"): Scale(100, worth.pain, "points of 100"),
        ("points_100", "function"): Scale(100, worth.function, "points of 100"),
        ("points_10", ""): Scale(10, noticed["pain_nrs_0_10"], "points of 10"),
        ("roland_morris", ""): Scale(24, noticed["rmdq_0_24"], "points of 24 (Roland-Morris)"),
        ("oswestry", ""): Scale(100, noticed["odi_0_100"], "points of 100 (Oswestry)"),
    }


def _scale_of(effect: Effect, knowledge: Knowledge) -> Scale | None:
    scales = _scales(knowledge)
    name = effect.scale_id or ""
    return scales.get((name, effect.outcome)) or scales.get((name, ""))


def describe(effect: Effect, knowledge: Knowledge) -> EffectWords:
    """One effect as a sentence or two."""
    little = not effect.active_comparator
    if effect.metric not in ("mean_difference", "smd", "weighted_mean_difference"):
        return EffectWords(_counted(effect), "unknown", None, little)
    if effect.outcome not in _OUTCOMES:
        return EffectWords(_counted(effect), "unknown", None, little)
    gain = _gain(effect)
    outcome, against = _OUTCOMES[effect.outcome], f"than with {effect.comparator}{_when(effect)}"
    if effect.scale_id == "smd":
        return _standardised(effect, gain, outcome, f"{effect.comparator}{_when(effect)}", little)
    scale = _scale_of(effect, knowledge)
    if scale is None:
        width = 5.0 if effect.scale_id == "points_5" else None
        words = f"On average {_better(gain, outcome)} by {abs(gain):g} ({effect.scale}) {against}{_interval(effect)}."
        words += " How much people notice on this scale is not known."
        return EffectWords(words, "unknown", None if width is None else 100 * gain / width, little)
    words = f"On average {_better(gain, outcome)} by {abs(gain):g} {scale.words} {against}{_interval(effect)}."
    return EffectWords(
        f"{words} {_beside(gain, effect, scale)}",
        _noticeable(gain, effect, scale.noticed),
        100 * gain / scale.width,
        little,
    )


def _gain(effect: Effect) -> float:
    """The effect with better as positive: the packs write treatment minus comparator, less pain being better."""
    return effect.value if effect.positive_is_better else -effect.value


def _crosses_zero(effect: Effect) -> bool:
    return effect.ci is not None and effect.ci[0] <= 0 <= effect.ci[1]


def _noticeable(gain: float, effect: Effect, noticed: float) -> Noticeable:
    if gain <= 0 or _crosses_zero(effect):
        return "unclear"
    return "yes" if gain >= noticed else "no"


def _beside(gain: float, effect: Effect, scale: Scale) -> str:
    noticed = f"People notice a change of about {scale.noticed:g}"
    match _noticeable(gain, effect, scale.noticed):
        case "unclear":
            return f"{noticed}; here there may be no difference at all."
        case "yes":
            return f"{noticed}, so on average this can be felt."
    return f"{noticed}, so on average this is smaller than what people notice."


def _standardised(effect: Effect, gain: float, outcome: str, against: str, little: bool) -> EffectWords:
    """Standardised differences in the bands that the pack gives; in points only to rank."""
    if gain <= 0 or _crosses_zero(effect):
        words = f"{outcome.capitalize()}: no clear difference from {against} (SMD {gain:g}{_interval(effect, ', ')})."
        return EffectWords(words, "unclear", points_of_smd(gain), little)
    size = "hardly any" if gain < 0.2 else "a small" if gain < 0.5 else "a medium" if gain < 0.8 else "a large"
    words = (
        f"{outcome.capitalize()}: {size} gain over {against} (SMD {gain:g}{_interval(effect, ', ')}). "
        + ("Small gains are mostly below what people notice." if gain < 0.5 else "Such a gain can be felt.")
    )  # fmt: skip
    return EffectWords(words, "no" if gain < 0.5 else "yes", points_of_smd(gain), little)


def points_of_smd(smd: float) -> float:
    """Points of 100 for a standardised difference, along the edges of the pack's bands: 0.5 is 10, 0.8 is 20."""
    if smd <= 0.5:
        return 20 * smd
    return min(20.0, 10 + (smd - 0.5) / 0.3 * 10)


def _better(gain: float, outcome: str) -> str:
    if outcome.endswith("function"):
        return "better daily function" if gain > 0 else "worse daily function"
    return f"less {outcome}" if gain > 0 else f"more {outcome}"


def _when(effect: Effect) -> str:
    if effect.at:
        return f" ({effect.at})"
    return f" (at {effect.at_weeks:g} weeks)" if effect.at_weeks else ""


def _interval(effect: Effect, lead: str = "; 95 % interval ") -> str:
    if effect.ci is None:
        return ""
    low, high = sorted(effect.ci if effect.positive_is_better else (-effect.ci[1], -effect.ci[0]))
    return f"{lead}{low:g} to {high:g}"


def _counted(effect: Effect) -> str:
    """Shares, hazards and days, as they were published."""
    outcome = effect.outcome.replace("_", " ")
    interval = f" ({effect.ci[0]:g} to {effect.ci[1]:g})" if effect.ci else ""
    match effect.metric:
        case "hazard_ratio":
            return f"{outcome.capitalize()}: {1 - effect.value:.0%} less often than with {effect.comparator}{interval}."
        case "proportion_responding":
            return f"{outcome.capitalize()}: {effect.value:.0%} got clearly better; {effect.comparator}."
    return f"{outcome.capitalize()}: {effect.value:g}{interval} {effect.scale}; {effect.comparator}."


@lru_cache(maxsize=256)
def effects_of(intervention: Intervention, knowledge: Knowledge) -> tuple[EffectWords, ...]:
    """The first effect on pain, the first on anything else, and one against a sham or placebo where there is one."""
    chosen: list[Effect] = []
    pain = [one for one in intervention.effect if one.outcome in ("pain", "leg_pain")]
    other = [one for one in intervention.effect if one not in pain]
    sham = [one for one in intervention.effect if one.sham]
    for group in (pain, other, sham):
        if group and group[0] not in chosen:
            chosen.append(group[0])
    words = tuple(describe(one, knowledge) for one in chosen)
    if intervention.effect_in_words:
        words += (EffectWords(intervention.effect_in_words, "unknown", None, True),)
    return words or (EffectWords("No size of effect was read.", "unknown", None, True),)


def ranking_points(effects: tuple[EffectWords, ...]) -> float | None:
    """Points of 100 of the first effect against little or nothing; None when no size is known."""
    return next((one.points for one in effects if one.points is not None and one.against_little), None)


def certainty_words(certainty: str, why: str | None = None) -> str:
    """What a grade means, and where it comes from."""
    return f"{_BELIEVED[certainty].rstrip('.')} ({why})." if why else _BELIEVED[certainty]
