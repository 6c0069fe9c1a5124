"""Where the evidence is weak: figures that were recalled, quoted, worked out or contradicted, and what each can move.

Five kinds of figure move something, each in its own way:

* an accuracy row moves the log odds of a source, at most by the larger of |log2 LR+| and |log2 LR-| (after the cap of
  the row and the floor of `diagnosis_choices`);
* a judged frequency moves them by what its finding is expected to say for that source: the bits of a yes and of a no,
  by how often each is the answer in people with the source and without any;
* a starting share moves them by the distance between its low and its high end, log2(odds(high) / odds(low));
* a flag, combination or threshold moves the urgency, whatever its figures are;
* what care rests on moves the plan, no probability and no urgency.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations as pairs
from typing import TYPE_CHECKING, Literal

from psoas.knowledge.checks import tables
from psoas.knowledge.checks.walk import places
from psoas.knowledge.frequencies import OTHER, frequencies_of, ranked_sources
from psoas.knowledge.packs.entry import Cited, ReadIn
from psoas.knowledge.packs.treatment.care import Intervention
from psoas.knowledge.packs.treatment.interactions import Interaction

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge
    from psoas.knowledge.packs.findings import Accuracy, Finding
    from psoas.knowledge.packs.red_flags import Flag

Area = Literal["accuracy", "judged", "share", "screen", "care", "other"]
Why = Literal["recalled", "secondary", "reasoned", "computed", "contradicted"]

AREAS: tuple[Area, ...] = ("accuracy", "judged", "share", "screen", "care", "other")
DISAGREE = math.log2(1.5)
"""Two likelihood ratios disagree when they differ by half or more, or point in opposite directions; our choice."""

_GRAVEST: tuple[Why, ...] = ("contradicted", "recalled", "reasoned", "secondary", "computed")
_STEPS = ("watch", "routine_referral", "urgent_referral", "same_day", "emergency_now")
_WEAK: dict[ReadIn, Why] = {
    "recalled": "recalled", "secondary": "secondary", "reasoned": "reasoned", "proposal": "reasoned",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Doubt:
    """One weak figure."""

    area: Area
    why: tuple[Why, ...]
    pack: str
    id: str
    """The finding, source, flag or other fact that holds the figure."""
    about: str | None
    """For an accuracy row the source of pain it bears on."""
    says: str
    """The figure in words."""
    source: tuple[str, ...]
    bits: float | None = None
    """How far it can move the log2 odds of a source; None where it moves none."""
    urgency: str | None = None
    """What a flag, combination or threshold asks for by itself."""
    urgency_with_others: str | None = None
    """The most urgent combination that a flag takes part in."""
    against: str | None = None
    """The figure that contradicts it, with its source."""

    @property
    def weight(self) -> tuple[float, float, float]:
        """Sorts doubts within an area: the greatest mover first, of equal movers the one in most doubt."""
        alone = _STEPS.index(self.urgency) if self.urgency in _STEPS else -1.0
        joined = _STEPS.index(self.urgency_with_others) if self.urgency_with_others in _STEPS else -1.0
        return (self.bits or 0.0) + alone, joined, -float(min(_GRAVEST.index(word) for word in self.why))


def doubts(k: Knowledge) -> tuple[Doubt, ...]:
    """Every doubt, by area, and within an area by what it can move, greatest first."""
    found = [*_accuracy(k), *_contradicted(k), *_judged(k), *_shares(k), *_screen(k), *_care(k), *_other(k)]
    return tuple(sorted(found, key=lambda doubt: (AREAS.index(doubt.area), *(-part for part in doubt.weight))))


# ---------------------------------------------------------------- accuracy of findings
def _accuracy(k: Knowledge) -> Iterator[Doubt]:
    floor = k.diagnosis_choices.figures.lr_neg_floor
    for finding in k.findings.findings.values():
        for row in finding.accuracy:
            why = _why(row.read_in)
            if row.lr_derived_here or row.figures_from:
                why = (*why, "computed")
            bits = _bits(row, floor)
            if why and bits is not None:
                yield Doubt("accuracy", why, "findings", finding.id, row.condition, _ratios(row), row.source, bits)


def _contradicted(k: Knowledge) -> Iterator[Doubt]:
    """Two figures for the same finding and source, at the same level and cut-off, that disagree."""
    floor = k.diagnosis_choices.figures.lr_neg_floor
    for finding in k.findings.findings.values():
        for one, other in pairs(finding.accuracy, 2):
            if _same_thing(one, other) and (apart := _apart(one, other, floor)):
                first, second = (one, other) if one.prefer or not other.prefer else (other, one)
                yield _contradiction(finding, first, second, apart)


def _contradiction(finding: Finding, row: Accuracy, other: Accuracy, apart: float) -> Doubt:
    why: tuple[Why, ...] = ("contradicted", *_why(row.read_in))
    against = f"{_ratios(other)} ({', '.join(other.source)}, {', '.join(other.read_in)})"
    says = _ratios(row)
    return Doubt("accuracy", why, "findings", finding.id, row.condition, says, row.source, apart, against=against)


def _same_thing(one: Accuracy, other: Accuracy) -> bool:
    return all(getattr(one, key) == getattr(other, key) for key in ("condition", "level", "threshold", "target"))


def _bits(row: Accuracy, floor: float) -> float | None:
    """The most that a row can move the log2 odds, cap and floor kept; None where it moves nothing."""
    if row.untested:
        return None
    found = []
    if row.lr_pos is not None:
        found.append(abs(math.log2(max(floor, min(row.lr_pos, row.lr_pos_cap or math.inf)))))
    if row.lr_neg is not None and not row.ignore_if_absent:
        found.append(abs(math.log2(max(floor, row.lr_neg))))
    return max(found, default=None)


def _apart(one: Accuracy, other: Accuracy, floor: float) -> float:
    """How many bits two rows disagree by, 0 where they agree well enough or cannot be compared."""
    worst = 0.0
    for key in ("lr_pos", "lr_neg"):
        a, b = getattr(one, key), getattr(other, key)
        if a is None or b is None or one.untested or other.untested:
            continue
        distance = abs(math.log2(max(floor, a)) - math.log2(max(floor, b)))
        if distance >= DISAGREE or (a - 1) * (b - 1) < 0:
            worst = max(worst, distance)
    return worst


def _ratios(row: Accuracy) -> str:
    said = [f"{name} {ratio:g}" for name, ratio in (("LR+", row.lr_pos), ("LR-", row.lr_neg)) if ratio is not None]
    cap = f", capped at {row.lr_pos_cap:g}" if row.lr_pos_cap is not None else ""
    return ", ".join(said) + cap


# ---------------------------------------------------------------- judged frequencies
def _judged(k: Knowledge) -> Iterator[Doubt]:
    """Of every judged row the cell that is expected to move most."""
    frequencies = frequencies_of(k)
    sources = ranked_sources(k)
    for name, cells in frequencies.rows.items():
        none = cells[OTHER].p
        judged = [source for source in sources if not cells[source].source]
        if judged:
            source = max(judged, key=lambda one: (_expected_bits(cells[one].p, none), one))
            says = f"{cells[source].p:.0%} of people with it, {none:.0%} without a specific source"
            bits = _expected_bits(cells[source].p, none)
            yield Doubt("judged", ("reasoned",), frequencies.pack_of[name], name, source, says, ("reasoned",), bits)


def _expected_bits(p: float, none: float) -> float:
    """What one finding is expected to say for a source, asked in equal parts of people with it and without any."""
    yes = (p + none) / 2
    return yes * abs(math.log2(p / none)) + (1 - yes) * abs(math.log2((1 - p) / (1 - none)))


# ---------------------------------------------------------------- starting shares
def _shares(k: Knowledge) -> Iterator[Doubt]:
    for source in k.sources_of_pain.conditions.values():
        share = source.prevalence
        why = _why(share.read_in)
        if share.value_from:
            why = (*why, "computed")
        if why and share.value is not None:
            says = _range(share.value, share.low, share.high)
            bits = _spread(share.low, share.high)
            yield Doubt("share", why, "sources_of_pain", source.id, None, says, share.source, bits)
    for prior in k.diagnosis_choices.priors.values():
        for setting in k.diagnosis_choices.settings:
            chosen = getattr(prior, setting)
            says = f"{setting}: {_range(chosen.value, chosen.low, chosen.high)}"
            bits = _spread(chosen.low, chosen.high)
            yield Doubt("share", ("reasoned",), "diagnosis_choices", prior.id, None, says, ("choice",), bits)


def _range(value: float, low: float | None, high: float | None) -> str:
    ends = f" ({low:g} to {high:g})" if low is not None and high is not None else ""
    return f"{value:g}{ends}"


def _spread(low: float | None, high: float | None) -> float | None:
    """Distance between the ends of a share in bits of log odds."""
    if low is None or high is None or not 0 < low <= high < 1:
        return None
    return math.log2(high / (1 - high)) - math.log2(low / (1 - low))


# ---------------------------------------------------------------- the danger screen
def _screen(k: Knowledge) -> Iterator[Doubt]:
    joined = tables.combinations(k)
    for condition, flag in tables.flag_entries(k):
        if why := _screen_why(flag.read_in, flag.derived_fields):
            with_others = max((joined[name].action for name in flag.combinations), key=_STEPS.index, default=None)
            yield Doubt(
                "screen", why, "red_flags", flag.id, condition, _flag_says(flag), flag.source,
                urgency=flag.action_if_alone, urgency_with_others=with_others,
            )  # fmt: skip
    for combination in joined.values():
        if why := _why(combination.read_in):
            said, source, urgency = combination.says, combination.source, combination.action
            yield Doubt("screen", why, "red_flags", combination.id, None, said, source, urgency=urgency)
    for threshold in tables.thresholds(k).values():
        if why := _why(threshold.read_in):
            said, source, urgency = threshold.when, threshold.source, threshold.action
            yield Doubt("screen", why, "red_flags", threshold.id, None, said, source, urgency=urgency)


def _screen_why(read_in: Sequence[ReadIn], derived: Sequence[str]) -> tuple[Why, ...]:
    worked_out: tuple[Why, ...] = ("computed",) if derived else ()
    return (*_why(read_in), *worked_out)


def _flag_says(flag: Flag) -> str:
    figures = [
        f"{name} {value:g}"
        for name, value in (
            ("sensitivity", flag.sensitivity),
            ("specificity", flag.specificity),
            ("LR+", flag.lr_pos),
            ("LR-", flag.lr_neg),
        )
        if value is not None
    ]
    return ", ".join(figures) or flag.strength


# ---------------------------------------------------------------- care and the rest
def _care(k: Knowledge) -> Iterator[Doubt]:
    for item in k.interventions.interventions.values():
        yield from _effects(item)
    for clash in k.interactions.interactions:
        if why := _why(clash.read_in):
            yield Doubt("care", why, "interactions", _pair(clash), None, clash.severity, clash.source)


def _effects(item: Intervention) -> Iterator[Doubt]:
    for effect in item.effect:
        if why := _why(effect.read_in):
            says = f"{effect.outcome}: {effect.value:g} {effect.scale}"
            yield Doubt("care", why, "interventions", item.id, None, says, effect.source)
    for stance in item.guideline:
        if why := _why(stance.read_in):
            says = f"{stance.body}: {stance.stance}"
            yield Doubt("care", why, "interventions", item.id, None, says, stance.source)


def _pair(clash: Interaction) -> str:
    return f"{clash.a}+{clash.b}"


def _other(k: Knowledge) -> Iterator[Doubt]:
    """Recalled figures of the remaining packs: shown, and they set or check the body model or the words used."""
    done = {"findings", "sources_of_pain", "red_flags", "interventions", "interactions", "diagnosis_choices"}
    for pack, tree in k.packs().items():
        for place in places(tree) if pack not in done else ():
            record = place.node
            if isinstance(record, Cited) and "recalled" in record.read_in:
                name = getattr(record, "id", None) or place.where
                yield Doubt("other", ("recalled",), pack, str(name), None, _first_words(record), record.source)


def _first_words(record: Cited) -> str:
    for key in ("what", "fact", "quantity", "text", "rule", "task", "name", "origin", "measure", "muscle"):
        if said := getattr(record, key, None):
            value = getattr(record, "value", None)
            return f"{said}: {value}" if isinstance(value, int | float | str) else str(said)
    return ""


def _why(read_in: Sequence[ReadIn]) -> tuple[Why, ...]:
    return tuple(dict.fromkeys(_WEAK[word] for word in read_in if word in _WEAK))
