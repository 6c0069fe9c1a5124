"""Checks of the figures: within sane bounds, in order, in agreement with each other, and with a citation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeGuard

from psoas.knowledge.checks.walk import Node, Place, get, is_number, parts_of, places, texts
from psoas.knowledge.packs import (
    anatomy,
    care,
    danger_scripts,
    entry,
    exercises,
    findings,
    frequencies,
    hip_flexor_tests,
    outcomes,
    prognosis,
    red_flags,
    sources,
)
from psoas.knowledge.packs.entry import Entry
from psoas.knowledge.problems import Problem

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge

_FRACTIONS = {
    "sensitivity", "specificity", "ppv", "auc", "c_statistic", "probability", "share", "sens_ci", "spec_ci", "ppv_ci",
    "npv_ci", "sensitivity_ci", "specificity_ci", "sensitivity_range", "specificity_range", "ppv_range", "npv_range",
    "location_ppv_range",
}  # fmt: skip
_AGREEMENT = {"kappa", "kappa_min", "icc", "icc_min", "icc_ci", "between_instruments_icc"}
_NOT_NEGATIVE = {
    "lr_pos", "lr_neg", "lr_positive", "lr_negative", "lr_pos_ci", "lr_neg_ci", "lr_pos_range", "lr_neg_range",
    "odds_ratio", "diagnostic_odds_ratio", "diagnostic_odds_ratio_ci", "hazard_ratio", "sd", "weeks", "hold_s",
    "compression_n", "pct_mvc", "time_to_complete_s",
}  # fmt: skip
_POSITIVE = {"n", "lr_pos_cap", "reps", "sets", "per_week"}
_BOUNDS = {
    **dict.fromkeys(_FRACTIONS, (0.0, 1.0)),
    **dict.fromkeys(_AGREEMENT, (-1.0, 1.0)),
    **dict.fromkeys(_NOT_NEGATIVE, (0.0, float("inf"))),
    **dict.fromkeys(_POSITIVE, (1.0, float("inf"))),
}
_INTERVAL_OF = {
    "ci": "value",
    "sens_ci": "sensitivity", "spec_ci": "specificity", "lr_pos_ci": "lr_pos", "lr_neg_ci": "lr_neg",
    "sensitivity_ci": "sensitivity", "specificity_ci": "specificity", "crude_ci": "crude", "adjusted_ci": "adjusted",
    "diagnostic_odds_ratio_ci": "diagnostic_odds_ratio", "ppv_ci": "ppv", "icc_ci": "icc",
}  # fmt: skip
_OWN_CHOICES = ("diagnosis_choices", "plan_choices")
"""Packs that say in their heading that every figure in them is our own choice."""

LR_TOLERANCE = 0.15
"""Relative difference allowed between a published ratio and the one its sensitivity and specificity give.

Papers round each figure by itself; with a specificity near one a rounded third digit moves the ratio by this much.
"""

_OWN_WORD = (
    entry.Source, exercises.LegPose, exercises.Posture, exercises.ExercisesMeta, exercises.Exercise,
    findings.Measurement, red_flags.VitalSigns, red_flags.Laboratory, red_flags.Combination, red_flags.Flag,
    outcomes.Measure, outcomes.MinimalSet, prognosis.CourseRatio, prognosis.Checkpoint, anatomy.FascicleTotals,
    hip_flexor_tests.FlexorSign, care.InterventionsMeta, sources.SourcesMeta,
    danger_scripts.FactGroup,
)  # fmt: skip
"""Records whose own numbers need no citation: definitions, accepted ranges, our poses and doses (`angle_basis`,
`dose_basis`), counts inside rules, and sums or ratios of cited rows that stand beside them."""


def check_figures(k: Knowledge) -> Iterator[Problem]:
    """Every figure of every pack."""
    for pack, tree in k.packs().items():
        for place in places(tree):
            if isinstance(place.node, entry.Source):
                continue
            if isinstance(place.node, frequencies.FrequencyRow | frequencies.FrequencyCell):
                continue  # in percent, and checked by themselves
            yield from _bounds(pack, place)
            yield from _ratios(pack, place)
            if place.above and pack not in _OWN_CHOICES:
                yield from _uncited(pack, place)
    for finding in k.findings.findings.values():
        rated = [row for row in finding.accuracy if row.lr_pos is not None or row.lr_neg is not None]
        if finding.untested and rated:
            where = f"findings/{finding.id}/accuracy/{rated[0].condition}"
            yield Problem("findings", where, rated[0].lr_pos, "no ratio, since the finding is marked untested")
        for row in rated:
            if row.untested:
                where = f"findings/{finding.id}/accuracy/{row.condition}"
                yield Problem("findings", where, row.lr_pos, "no ratio, since the row is marked untested")


def _bounds(pack: str, place: Place) -> Iterator[Problem]:
    """Figures within their bounds, intervals in order and around their figure."""
    for key, value in parts_of(place.node):
        low, high = _BOUNDS.get(key, (float("-inf"), float("inf")))
        if not isinstance(value, Mapping) and any(not low <= figure <= high for figure in _figures(value)):
            allowed = f"{low:g} to {high:g}" if high < float("inf") else f"{low:g} or more"
            yield Problem(pack, f"{place.where}/{key}", value, allowed)
    for key, (lower, upper), about in _intervals(place.node):
        if lower > upper:
            yield Problem(pack, f"{place.where}/{key}", (lower, upper), "the lower end first")
        elif is_number(about) and not lower <= about <= upper:
            yield Problem(pack, f"{place.where}/{key}", (lower, upper), f"an interval that holds {about}")
    yield from _shares(pack, place)


def _intervals(node: Node) -> Iterator[tuple[str, tuple[float, float], object]]:
    """Every pair of ends in a record: its key, the pair, and the figure it is the interval of, where that is clear."""
    for key, value in parts_of(node):
        if key == "ci" and isinstance(value, Mapping):
            for name, pair in value.items():
                if _is_pair(pair):
                    yield f"ci/{name}", pair, get(node, name)
        elif (key == "ci" or key.endswith(("_ci", "_range")) or key in ("range", "pct_mvc")) and _is_pair(value):
            figure = _INTERVAL_OF.get(key)
            yield key, value, get(node, figure) if figure else None


def _shares(pack: str, place: Place) -> Iterator[Problem]:
    """Shares and base rates: fractions, low to high, the best figure between."""
    if not isinstance(place.node, sources.Share | red_flags.BaseRate | red_flags.Overall):
        return
    node = place.node
    figures = [figure for figure in (node.low, node.value, node.high) if figure is not None]
    if figures != sorted(figures):
        yield Problem(pack, place.where, figures, "low, value and high in rising order")
    for figure in figures:
        if not 0 <= figure <= 1:
            yield Problem(pack, place.where, figure, "a fraction from 0 to 1")


def _ratios(pack: str, place: Place) -> Iterator[Problem]:
    """Likelihood ratios agree with sensitivity and specificity where all are given."""
    node = place.node
    se, sp = get(node, "sensitivity"), get(node, "specificity")
    if not (is_number(se) and is_number(sp)):
        return
    for key in ("lr_pos", "lr_positive"):
        lr = get(node, key)
        if is_number(lr) and sp < 1 and abs(se / (1 - sp) - lr) > LR_TOLERANCE * max(lr, 1e-9):
            said = f"about {se / (1 - sp):.3g}, as sensitivity {se} and specificity {sp} give"
            yield Problem(pack, f"{place.where}/{key}", lr, said)
    for key in ("lr_neg", "lr_negative"):
        lr = get(node, key)
        if is_number(lr) and sp > 0 and abs((1 - se) / sp - lr) > max(LR_TOLERANCE * lr, 0.011):
            said = f"about {(1 - se) / sp:.3g}, as sensitivity {se} and specificity {sp} give"
            yield Problem(pack, f"{place.where}/{key}", lr, said)


def _uncited(pack: str, place: Place) -> Iterator[Problem]:
    """A figure has a source and how it was read, in its own record or in one that holds it."""
    node = place.node
    if not isinstance(node, Entry) or isinstance(node, _OWN_WORD):
        return
    named = [key for key, value in parts_of(node) if key not in ("version", "rule", "parts") and _figures(value)]
    if named and not any(_is_cited(holder) for holder in (node, *place.above)):
        yield Problem(pack, f"{place.where}/{named[0]}", get(node, named[0]), "a source and read_in for this figure")


def _is_cited(node: Node) -> bool:
    return bool(texts(get(node, "read_in")))


def _figures(value: object) -> list[float]:
    """The numbers of a field that holds a number, a row of numbers, or rows by name."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [value]
    if isinstance(value, tuple):
        return [figure for item in value for figure in _figures(item)]
    if isinstance(value, Mapping) and all(is_number(item) or isinstance(item, tuple) for item in value.values()):
        return [figure for item in value.values() for figure in _figures(item)]
    return []


def _is_pair(value: object) -> TypeGuard[tuple[float, float]]:
    return isinstance(value, tuple) and len(value) == 2 and all(map(is_number, value))
