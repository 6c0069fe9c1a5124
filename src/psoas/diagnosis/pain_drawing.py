"""Where it hurts: the pain drawing as evidence, and as the complaint that a source is responsible for.

Each marked region is a noisy-OR over the sources that typically hurt there, on top of how often the region is marked
by people without a single source. No publication gives these numbers; they are our own choice, stated in
`diagnosis_choices.yaml`, and only their order and the regions themselves come from the evidence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from psoas.case import Pain
from psoas.diagnosis.states import Floats, States
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.choices import PlaceChoices

SIDES_OF_LUMBAR = ("lumbar_left", "lumbar_right")


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A marked place with its model.

    Attributes:
        key: the mark of the case (`buttock_left`).
        places: the places it may stand for; `lumbar_side` for both sides beside the spine.
        weight: its share in the complaint, by rated intensity; all marks sum to 1.
        leak: P(marked) in people without a single source.
        power: per source how much likelier it makes this mark, as a noisy-OR probability; shape `(sources,)`.
        causes: per source the probability that, present, it makes this place hurt; shape `(sources,)`.
        counts: exponent of its likelihood, for the damping and for marks that name only a whole.
    """

    key: str
    places: tuple[str, ...]
    weight: float
    leak: float
    power: Floats
    causes: Floats
    counts: float

    def on(self, states: States, power: Floats | None = None) -> Floats:
        """P(this place is marked) in each state."""
        return _noisy_or(self.leak, self.power if power is None else power, states)

    def ln_ratio(self, source: int) -> float:
        """Logarithm of the ratio applied when that source alone is present."""
        return self.counts * math.log((1 - (1 - self.leak) * (1 - float(self.power[source]))) / self.leak)


def _noisy_or(leak: float, power: Floats, states: States) -> Floats:
    found: Floats = 1.0 - (1.0 - leak) * np.exp(np.log1p(-power) @ states.member)
    return found


def _place(region: str) -> str:
    """The two sides beside the spine are one place: a person marks either or both."""
    return "lumbar_side" if region in SIDES_OF_LUMBAR else region


def _typical(knowledge: Knowledge, source: str) -> dict[str, float]:
    """P(marked | the source alone) of its typical places, the main place first."""
    choices = knowledge.diagnosis_choices.place
    regions = knowledge.sources_of_pain.conditions[source].typical_pain_regions
    places = list(dict.fromkeys(_place(region) for region in regions))
    expected = choices.marks * math.sqrt(len(places))
    weights = [1.0 / (1.0 + choices.falloff * position) for position in range(len(places))]
    return {
        place: min(choices.most, expected * weight / sum(weights))
        for place, weight in zip(places, weights, strict=True)
    }


def _parts(region: str, side: str, knowledge: Knowledge) -> tuple[list[str], bool]:
    """The places a mark stands for, and whether it names only a whole, some part of which hurts."""
    if region == "lumbar":
        return {"centre": ["lumbar_centre"], "unspecified": ["lumbar_centre", "lumbar_side"]}.get(
            side, ["lumbar_side"]
        ), False  # fmt: skip
    entry = knowledge.terminology.pain_drawing_regions[region]
    return (list(entry.whole_of), True) if entry.whole_of else ([region], False)


def marks_of(pain: Pain, knowledge: Knowledge, states: States) -> tuple[Mark, ...]:
    """The marks of a drawing; left and right of one region are one mark, whole strips are the places they cover."""
    choices = knowledge.diagnosis_choices.place
    typical = [_typical(knowledge, source) for source in states.sources]
    drawn: dict[str, tuple[str, str, list[float]]] = {}
    for key, rating in sorted(pain.regions.items()):  # the order of drawing changes nothing, not even the last bit
        region, _, side = key.rpartition("_")
        covers = knowledge.terminology.pain_drawing_regions[region].covers
        for one in covers or (region,):
            name = f"{one}_{side}" if one == "lumbar" and side in ("centre", "unspecified") else one
            held = drawn.setdefault(name, (key, side, []))
            if rating is not None:
                held[2].append(rating)
    effective = sum(1.0 / (1.0 + choices.damping * k) for k in range(len(drawn)))
    intensity = {name: max(ratings) if ratings else None for name, (_, _, ratings) in drawn.items()}
    known = [value for value in intensity.values() if value]
    mean = sum(known) / len(known) if known else 1.0
    total = sum(value or mean for value in intensity.values())
    marks = []
    for name, (key, side, _) in drawn.items():
        region = "lumbar" if name.startswith("lumbar") else name
        parts, is_whole = _parts(region, side, knowledge)
        base = choices.base
        leak = max(base.get("lumbar" if part.startswith("lumbar") else part, base["other"]) for part in parts)
        power = np.array([_power(source, parts, leak, choices) for source in typical])
        causes = np.array([
            choices.causes_typical if any(part in source for part in parts) else choices.causes_other
            for source in typical
        ])  # fmt: skip
        counts = effective / len(drawn) * (choices.whole if is_whole else 1.0)
        marks.append(Mark(key, tuple(parts), (intensity[name] or mean) / total, leak, power, causes, counts))
    return tuple(marks)


def _power(typical: dict[str, float], parts: list[str], leak: float, choices: PlaceChoices) -> float:
    """How strongly a source makes this place hurt, beyond the leak."""
    wanted = min(max((typical.get(part, 0.0) for part in parts), default=0.0), choices.ratio_most * leak, 0.95)
    return max((wanted - leak) / (1.0 - leak), choices.elsewhere)


def ln_unmarked(
    pain: Pain, marks: tuple[Mark, ...], knowledge: Knowledge, states: States, said: frozenset[tuple[str, str]]
) -> Floats:
    """Log-likelihood ratio of the places left free, when the person drew the whole map; otherwise 0.

    Args:
        said: pairs (source, place) for which a published ratio of the same place is scored already.
    """
    if pain.map_complete != "yes":
        return np.zeros(len(states.sets))
    choices = knowledge.diagnosis_choices.place
    drawn = {place for mark in marks for place in mark.places}
    off = np.zeros(len(states.sources))
    for number, source in enumerate(states.sources):
        for place, p in _typical(knowledge, source).items():
            if place not in drawn and (source, place) not in said:
                base = choices.base.get("lumbar" if place.startswith("lumbar") else place, choices.base["other"])
                off[number] += math.log1p(-max(0.0, (min(p, choices.ratio_most * base, 0.95) - base) / (1 - base)))
    found: Floats = choices.unmarked * (off @ states.member)
    return found


def ln_place(marks: tuple[Mark, ...], states: States, said: frozenset[tuple[str, str]]) -> Floats:
    """Log-likelihood ratio of the drawing in each state.

    Args:
        said: pairs (source, place) for which a published ratio of the same place is scored already.
    """
    ln = np.zeros(len(states.sets))
    for mark in marks:
        silent = np.array([any((source, place) in said for place in mark.places) for source in states.sources])
        ln += mark.counts * np.log(mark.on(states, np.where(silent, 0.0, mark.power)) / mark.leak)
    return ln


def vanishing(marks: tuple[Mark, ...], knowledge: Knowledge, states: States) -> Floats:
    """Share of the complaint that goes when one source is cured, in each state; shape `(sources, states)`.

    Expected disablement in the twin network of a noisy-OR (Richens, Lee and Johri 2020): a place that hurts stops
    hurting with probability 1 - P(on without the source) / P(on). A complaint without a drawing is one place in which
    every source can hurt.
    """
    choices = knowledge.diagnosis_choices.place
    anywhere = np.full(len(states.sources), choices.causes_typical)
    places = [(mark.weight, mark.causes) for mark in marks] or [(1.0, anywhere)]
    gone = np.zeros((len(states.sources), len(states.sets)))
    for weight, causes in places:
        on = _noisy_or(choices.remains, causes, states)
        gone += weight * (1.0 - on[states.without] / on)
    return gone
