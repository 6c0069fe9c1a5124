"""The tables that the checks, the fact sheet and the list of doubts look things up in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge
    from psoas.knowledge.packs.red_flags import Combination, Flag, Threshold


def flag_entries(k: Knowledge) -> Iterator[tuple[str, Flag]]:
    """Every flag with the cause it stands under, findings used by the screen included."""
    for condition in k.red_flags.conditions.values():
        for flag in condition.flags.values():
            yield condition.id, flag


def own_flags(k: Knowledge) -> dict[str, Flag]:
    """Flags that the screen defines itself."""
    return {flag.id: flag for _, flag in flag_entries(k) if flag.defined_in is None}


def combinations(k: Knowledge) -> dict[str, Combination]:
    """Every combination: of the causes, of vital signs, of laboratory values."""
    found: dict[str, Combination] = {}
    for condition in k.red_flags.conditions.values():
        found.update(condition.combinations)
    found.update(k.red_flags.vital_signs.combinations)
    found.update(k.red_flags.laboratory.combinations)
    return found


def thresholds(k: Knowledge) -> dict[str, Threshold]:
    """Every threshold, of vital signs and of laboratory values."""
    return {**k.red_flags.vital_signs.thresholds, **k.red_flags.laboratory.thresholds}


def answer_ids(k: Knowledge) -> set[str]:
    """What a rule may name: findings, flags and combinations."""
    return {*k.findings.findings, *own_flags(k), *combinations(k)}


def sided_regions(k: Knowledge) -> set[str]:
    """Regions of the pain drawing with their side, as a case writes them."""
    return {f"{r.id}_{side}" for r in k.terminology.pain_drawing_regions.values() for side in r.sides}
