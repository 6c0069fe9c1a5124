"""From published accuracy rows to ratios: what a study says of one finding and one source, before judgement is asked.

A row gives the ratio of a yes and of a no in people with the source against people without it. Rows that print only a
ratio act only in the direction that was printed: a ratio for the positive answer leaves the negative one without
effect, and the other way round. A row that prints no figure, and an untested one, says nothing here. `table` joins
these ratios with the judged frequencies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from psoas.knowledge import Accuracy, Knowledge

Z90 = 1.6448536269514722
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """What one finding says of one source.

    Attributes:
        sensitivity, false_positive_rate: of the row in use after its cap; None when only ratios are known.
        ln_yes, ln_no: natural logarithm of the ratio of a yes and of a no; None when that answer has none.
        sd_first, sd_second: standard deviations of logit sensitivity and logit false-positive rate, or of `ln_yes`
            and `ln_no` where only ratios are known.
        row: the published row, for its citation.
    """

    finding: str
    condition: str
    sensitivity: float | None
    false_positive_rate: float | None
    ln_yes: float | None
    ln_no: float | None
    sd_first: float
    sd_second: float
    people: float
    row: Accuracy

    def ln_ratio(self, answer: str) -> float:
        """Logarithm of the ratio for `yes` or `no`; 0 when that answer says nothing."""
        return (self.ln_yes if answer == "yes" else self.ln_no) or 0.0

    def sd_ln(self, answer: str) -> float:
        """Standard deviation of that logarithm."""
        if self.sensitivity is None or self.false_positive_rate is None:
            return self.sd_first if answer == "yes" else self.sd_second
        p, rate = self.sensitivity, self.false_positive_rate
        if answer == "yes":  # d ln p / d logit p = 1 - p
            return math.hypot((1 - p) * self.sd_first, (1 - rate) * self.sd_second)
        return math.hypot(p * self.sd_first, rate * self.sd_second)


def logit(p: float) -> float:
    """ln(p / (1 - p))."""
    return math.log(p / (1.0 - p))


@lru_cache(maxsize=2)
def figures_of(knowledge: Knowledge) -> dict[str, tuple[Figure, ...]]:
    """Every finding with a published figure, with its figure for each source."""
    found: dict[str, tuple[Figure, ...]] = {}
    for finding in knowledge.findings.findings.values():
        rows = [row for row in finding.accuracy if row.prefer and not row.untested and row.target is None]
        figures = [
            figure
            for row in rows
            if not finding.untested
            and (figure := _figure(finding.id, row, [o for o in finding.accuracy if o is not row], knowledge))
        ]
        if figures:
            found[finding.id] = tuple(figures)
    return found


def _figure(finding: str, row: Accuracy, others: list[Accuracy], knowledge: Knowledge) -> Figure | None:
    choices = knowledge.diagnosis_choices.figures
    people = float(row.n or choices.people_without_n[row.quality])
    between = _spread([row, *(one for one in others if one.condition == row.condition and one.target is None)])
    limit = next((one for one in choices.limits if (one.finding, one.condition) == (finding, row.condition)), None)
    if limit and limit.scored is False:
        return None
    rates = _rates(row, people, (limit and limit.lr_neg_floor) or choices.lr_neg_floor)
    if rates:
        p, fpr = rates
        sd_p = math.hypot(_sd_of_rate(p, row.sens_ci, people), between / 2)
        sd_fpr = math.hypot(_sd_of_rate(fpr, row.spec_ci, people), between / 2)
        ln_yes: float | None = math.log(p / fpr)
        ln_no: float | None = math.log((1 - p) / (1 - fpr))
        # A sign of one root level, or one the source says to ignore when absent: its absence says nothing.
        ln_no = None if row.ignore_if_absent or row.level else ln_no
        return Figure(finding, row.condition, p, fpr, ln_yes, ln_no, sd_p, sd_fpr, people, row)
    yes, no = _printed(row.lr_pos, row.lr_pos_range), _printed(row.lr_neg, row.lr_neg_range)
    if yes is not None or no is not None:
        if yes is not None and row.lr_pos_cap:
            yes = min(yes, row.lr_pos_cap)
        spare = choices.ratio_sd_without_interval[row.quality]
        return Figure(
            finding, row.condition, None, None,
            None if yes is None else math.log(max(yes, choices.lr_neg_floor)),
            None if no is None else math.log(max(no, choices.lr_neg_floor)),
            math.hypot(_sd_of_ratio(row.lr_pos_ci, spare), between),
            math.hypot(_sd_of_ratio(row.lr_neg_ci, spare), between),
            people, row,
        )  # fmt: skip
    return None


def _rates(row: Accuracy, people: float, floor: float) -> tuple[float, float] | None:
    """Sensitivity and false-positive rate, kept off 0 and 1 by half a person, with cap and floor applied."""
    if row.sensitivity is not None and row.specificity is not None:
        p, fpr = row.sensitivity, 1.0 - row.specificity
    elif row.lr_pos is not None and row.lr_neg is not None and (row.lr_pos - 1) * (1 - row.lr_neg) > 0:
        fpr = (1 - row.lr_neg) / (row.lr_pos - row.lr_neg)
        p = row.lr_pos * fpr
    else:
        return None
    half = 0.5 / (people / 2 + 1)
    p, fpr = min(max(p, half), 1 - half), min(max(fpr, half), 1 - half)
    if row.lr_pos_cap and p / fpr > row.lr_pos_cap:
        fpr = p / row.lr_pos_cap
    if (1 - p) / (1 - fpr) < floor:
        p = 1 - floor * (1 - fpr)
    return p, fpr


def _printed(value: float | None, span: tuple[float, float] | None) -> float | None:
    """A printed ratio; of a range the end nearer to 1."""
    if value is None and span is not None:
        return min(span, key=lambda end: abs(math.log(max(end, 1e-9))))
    return value


def _sd_of_rate(p: float, interval: tuple[float, float] | None, people: float) -> float:
    """Standard deviation of logit(p), from its 95 % interval or from half the people studied."""
    if interval and 0 < interval[0] < interval[1] < 1:
        return (logit(interval[1]) - logit(interval[0])) / (2 * Z95)
    return 1.0 / math.sqrt(people / 2 * p * (1 - p) + 0.5)


def _sd_of_ratio(interval: tuple[float, float] | None, spare: float) -> float:
    if interval and 0 < interval[0] < interval[1]:
        return math.log(interval[1] / interval[0]) / (2 * Z95)
    return spare


def _spread(rows: list[Accuracy]) -> float:
    """Standard deviation of ln LR+ between published rows that disagree; 0 for one row."""
    ratios = [math.log(min(max(row.lr_pos, 0.05), 50.0)) for row in rows if row.lr_pos]
    return float(np.std(ratios)) if len(ratios) > 1 else 0.0
