"""Where it hurts: the pain drawing as evidence, and as the complaint that a source is responsible for.

Each marked region is an observation with a frequency for every source (rows mark_<region>): a noisy-OR over the sources
on top of how often people without a specific source mark it. Places left free count only on a map drawn complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from psoas.case import Pain
from psoas.diagnosis.evidence import Item
from psoas.diagnosis.likelihood.knobs import Knobs
from psoas.diagnosis.likelihood.table import MOST, Chance
from psoas.diagnosis.states import Floats, States
from psoas.knowledge import Knowledge

MARK = "mark_"
ONE_SIDE = "one_side_only"
Table = Mapping[tuple[str, str], Chance]


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A marked place.

    Attributes:
        key: the mark of the case (`buttock_left`).
        places: the places it may stand for; `lumbar_side` for both sides beside the spine.
        weight: its share in the complaint, by rated intensity; all marks sum to 1.
        is_whole: it names a whole (hip, thigh, leg), some part of which hurts.
        chance: how often people with each source mark it.
    """

    key: str
    places: tuple[str, ...]
    weight: float
    is_whole: bool
    chance: Chance


def marks_of(pain: Pain, knowledge: Knowledge, table: Table) -> tuple[Mark, ...]:
    """The marks of a drawing; left and right of one region are one mark, whole strips are the places they cover."""
    drawn: dict[str, tuple[str, str, list[float]]] = {}
    for key, rating in sorted(pain.regions.items()):  # the order of drawing changes nothing, not even the last bit
        region, _, side = key.rpartition("_")
        covers = knowledge.terminology.pain_drawing_regions[region].covers
        for one in covers or (region,):
            name = f"{one}_{side}" if one == "lumbar" and side in ("centre", "unspecified") else one
            held = drawn.setdefault(name, (key, side, []))
            if rating is not None:
                held[2].append(rating)
    intensity = {name: max(ratings) if ratings else None for name, (_, _, ratings) in drawn.items()}
    known = [value for value in intensity.values() if value]
    mean = sum(known) / len(known) if known else 1.0
    total = sum(value or mean for value in intensity.values())
    marks = []
    for name, (key, side, _) in drawn.items():
        region = "lumbar" if name.startswith("lumbar") else name
        parts, is_whole = _parts(region, side, knowledge)
        chance = _any_of([table[MARK + part, "yes"] for part in parts if (MARK + part, "yes") in table])
        if chance is not None:
            marks.append(Mark(key, tuple(parts), (intensity[name] or mean) / total, is_whole, chance))
    return tuple(marks)


def _parts(region: str, side: str, knowledge: Knowledge) -> tuple[list[str], bool]:
    """The places a mark stands for, and whether it names only a whole, some part of which hurts."""
    if region == "lumbar":
        return {"centre": ["lumbar_centre"], "unspecified": ["lumbar_centre", "lumbar_side"]}.get(
            side, ["lumbar_side"]
        ), False  # fmt: skip
    entry = knowledge.terminology.pain_drawing_regions[region]
    return (list(entry.whole_of), True) if entry.whole_of else ([region], False)


def _any_of(chances: list[Chance]) -> Chance | None:
    """That at least one of several places is marked, each by itself."""
    if len(chances) < 2:
        return chances[0] if chances else None
    leak = min(1.0 - float(np.prod([1.0 - one.leak for one in chances])), MOST)
    present = np.minimum(1.0 - np.prod([1.0 - one.present for one in chances], axis=0), MOST)
    first = chances[0]
    return Chance(leak, present, first.sd_leak, np.mean([one.sd for one in chances], axis=0), first.births)


def items_of_drawing(
    pain: Pain, marks: tuple[Mark, ...], knowledge: Knowledge, table: Table, knobs: Knobs
) -> list[Item]:  # fmt: skip
    """What the drawing says: its marks, whether they are all on one side, and on a complete map what is left free."""
    if not marks or not knobs.marks:
        return []
    choices = knowledge.diagnosis_choices.place
    effective = sum(1.0 / (1.0 + knobs.drawing * k) for k in range(len(marks))) / len(marks)
    counts = knobs.temperature * effective
    items = [
        Item(
            MARK + "+".join(mark.places), mark.key, "yes",
            counts * (choices.whole if mark.is_whole else 1.0), mark.chance,
        )
        for mark in marks
    ]  # fmt: skip
    if (side := _one_side(pain)) and (MARK + ONE_SIDE, side) in table:
        chance = table[MARK + ONE_SIDE, side]
        items.append(Item(MARK + ONE_SIDE, MARK + ONE_SIDE, side, knobs.temperature, chance))
    if pain.map_complete == "yes":
        drawn = {place for mark in marks for place in mark.places}
        for (name, answer), chance in table.items():
            place = name.removeprefix(MARK)
            if answer == "no" and place != name and place not in drawn and place != ONE_SIDE:
                items.append(Item(name, name, "no", knobs.temperature * choices.unmarked, chance))
    return items


def _one_side(pain: Pain) -> str | None:
    """Whether all marks are on one side; unknown while a side was not stated."""
    sides = {side for _, side in pain.marks()}
    if "unspecified" in sides:
        return None
    return "yes" if sides in ({"left"}, {"right"}) else "no" if {"left", "right"} <= sides else None


def vanishing(marks: tuple[Mark, ...], knowledge: Knowledge, states: States) -> Floats:
    """Share of the complaint that goes when one source is cured, in each state; shape `(sources, states)`.

    Expected disablement in the twin network of a noisy-OR (Richens, Lee and Johri 2020): a place that hurts stops
    hurting with probability 1 - P(on without the source) / P(on). A complaint without a drawing is one place in which
    every source can hurt.
    """
    choices = knowledge.diagnosis_choices.place
    anywhere = np.full(len(states.sources), choices.causes_typical)
    places = [(mark.weight, _causes(mark.chance, choices.causes_other)) for mark in marks] or [(1.0, anywhere)]
    gone = np.zeros((len(states.sources), len(states.sets)))
    for weight, causes in places:
        on = 1.0 - (1.0 - choices.remains) * np.exp(np.log1p(-causes) @ states.member)
        gone += weight * (1.0 - on[states.without] / on)
    return gone


def _causes(chance: Chance, least: float) -> Floats:
    """How surely each source makes the place hurt: as often as people with it mark the place."""
    found: Floats = np.clip(chance.present, least, MOST)
    return found
