"""Within one visit: treat, test again, and compare with another touch of the same length.

What is measured is the pain (0 to 10) on the movement that reproduces it. Reading j, after T_j treatments and C_j
comparisons,

    y_j = level + drift * j + treatment * T_j + comparison * C_j + e_j,   e_j independent, standard deviation s.

Any touch may ease for a while, so what counts is the specific part, treatment - comparison. Two models of the person
differ in it alone: if the treated muscle takes part in the pain it is likely well below zero, if not it is near zero.
The ratio of their evidence, exact for every s of a grid, is the likelihood ratio of the visit; it is held between
limits that `data/trial.yaml` states, since one visit never proves a source. The danger screen is not asked here and
never moved by it: who may be treated at all is settled before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from psoas.trial.choices import Normal, normal, table
from psoas.trial.model import Floats, Mixture, TrialError

Did = Literal["before", "treatment", "comparison"]
DID: tuple[Did, ...] = ("before", "treatment", "comparison")


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading: what was done since the last one, and the pain on the movement now, 0 to 10."""

    after: Did
    pain: float


@dataclass(frozen=True, slots=True)
class Retest:
    """What one visit's treat and re-test says.

    Attributes:
        treatment, comparison: posterior means of the change each brought, points, negative is relief.
        specific: posterior mean of their difference; `interval_90` its central 90 %.
        specific_relief: P(specific < 0).
        likelihood_ratio: how many times likelier the readings are if the treated muscle takes part, within its limits.
        uncapped_ratio: before the limits.
    """

    treatment: float
    comparison: float
    specific: float
    interval_90: tuple[float, float]
    specific_relief: float
    likelihood_ratio: float
    uncapped_ratio: float

    def moved(self, probability: float) -> float:
        """The probability that the muscle takes part, after the visit, from the one before it.

        Raises:
            TrialError: outside 0 to 1.
        """
        if not 0.0 <= probability <= 1.0:
            raise TrialError(f"probability is {probability}; expected 0 to 1.")
        if probability in (0.0, 1.0):
            return probability
        odds = self.likelihood_ratio * probability / (1.0 - probability)
        return odds / (1.0 + odds)

    @property
    def sentence(self) -> str:
        """What the visit says, as a client reads it."""
        more = f"{abs(self.specific):.1f} points {'more' if self.specific < 0 else 'less'} relief than the comparison"
        if self.likelihood_ratio >= 2.0:
            return f"Treating it brought {more}: a sign that it takes part."
        if self.likelihood_ratio <= 0.5:
            return f"Treating it brought {more}: a sign that it does not take part."
        return f"Treating it brought {more}: this settles nothing yet."


def retest(readings: Sequence[Reading]) -> Retest:
    """Analyse the readings of one visit, in the order in which they were taken.

    Raises:
        TrialError: fewer than two readings before, none after a treatment or none after a comparison, or a pain
            outside 0 to 10.
    """
    _check(readings)
    y = np.array([reading.pain for reading in readings])
    matrix = _matrix(readings)
    row = table()["retest"]
    source, other = (_evidence(y, matrix, normal(row[name])) for name in ("specific_if_source", "specific_if_not"))
    ratio = math.exp(source.ln_evidence - other.ln_evidence)
    # The estimate of the effects belongs to neither model: both, equally likely.
    weight = np.concatenate([source.weight * ratio, other.weight]) / (1.0 + ratio)
    mean = np.concatenate([source.mean, other.mean])
    cov = np.concatenate([source.covariance, other.covariance])
    # Columns: level, drift, comparison, specific.
    specific = Mixture(weight, mean[:, 3], np.sqrt(cov[:, 3, 3]))
    return Retest(
        treatment=float(weight @ (mean[:, 2] + mean[:, 3])),
        comparison=float(weight @ mean[:, 2]),
        specific=specific.average,
        interval_90=specific.interval(0.9),
        specific_relief=specific.below(0.0),
        likelihood_ratio=min(max(ratio, float(row["ratio_least"])), float(row["ratio_most"])),
        uncapped_ratio=ratio,
    )


@dataclass(frozen=True, eq=False)
class _Fit:
    """Of one model: weights (grid,), means (grid, 4), covariances (grid, 4, 4) and its log evidence."""

    weight: Floats
    mean: Floats
    covariance: Floats
    ln_evidence: float


def _evidence(y: Floats, matrix: Floats, specific: Normal) -> _Fit:
    row = table()["retest"]
    parts = [normal(row[name]) for name in ("level", "drift_per_reading", "any_touch")] + [specific]
    mean0, sd0 = np.array([part.mean for part in parts]), np.array([part.sd for part in parts])
    means, covariances, ln = [], [], []
    for sd in row["reading_sd"]:
        # The marginal of y is normal: mean X m0, covariance X S0 X' + s^2 I; seven readings make it small.
        spread = (matrix * sd0**2) @ matrix.T + sd**2 * np.eye(len(y))
        off = y - matrix @ mean0
        gain = np.linalg.solve(spread, matrix * sd0**2).T
        means.append(mean0 + gain @ off)
        covariances.append(np.diag(sd0**2) - gain @ (matrix * sd0**2))
        sign_ln = np.linalg.slogdet(spread)[1]
        ln.append(-0.5 * (float(off @ np.linalg.solve(spread, off)) + sign_ln + len(y) * math.log(2 * math.pi)))
    logs = np.array(ln)
    weight = np.exp(logs - logs.max())
    whole = float(logs.max() + math.log(weight.mean()))
    return _Fit(weight / weight.sum(), np.array(means), np.array(covariances), whole)


def _matrix(readings: Sequence[Reading]) -> Floats:
    """Rows: 1, number of the reading, touches so far, treatments so far."""
    treated = np.cumsum([reading.after == "treatment" for reading in readings])
    compared = np.cumsum([reading.after == "comparison" for reading in readings])
    order = np.arange(len(readings), dtype=float)
    return np.column_stack([np.ones_like(order), order, treated + compared, treated]).astype(float)


def _check(readings: Sequence[Reading]) -> None:
    for number, reading in enumerate(readings, 1):
        if reading.after not in DID:
            raise TrialError(f"reading {number} comes after {reading.after!r}; expected one of {', '.join(DID)}.")
        if not 0.0 <= reading.pain <= 10.0:
            raise TrialError(f"pain of reading {number} is {reading.pain}; expected 0 to 10.")
    before = [reading for reading in readings if reading.after == "before"]
    if [reading.after for reading in readings[: len(before)]] != ["before"] * len(before):
        raise TrialError("a reading 'before' stands after a treatment; take those first.")
    if len(before) < 2:
        raise TrialError(f"{len(before)} readings were taken before; two are needed, so that the noise is known.")
    for what in ("treatment", "comparison"):
        if not any(reading.after == what for reading in readings):
            raise TrialError(f"no reading was taken after the {what}; without it nothing can be compared.")


@dataclass(frozen=True, slots=True)
class Characteristics:
    """How often people whose muscle is the source, and others, look like what, in simulated visits.

    Attributes:
        median_ratio: median likelihood ratio; `speaks_for` and `speaks_against`: shares with a ratio of 2 or more,
            and of one half or less.
    """

    median_ratio: float
    speaks_for: float
    speaks_against: float


def characteristics(
    *, source: bool, cycles: int = 2, reading_sd: float = 0.8, visits: int = 2000, seed: int = 7
) -> Characteristics:
    """Simulate visits of people whose treated muscle takes part in the pain, or does not.

    A visit goes as the guided loop does: only a pain that is strong enough to fall is tested, and there is another
    cycle only while the readings settle nothing and there is pain left to change.

    Args:
        source: whether it takes part.
        cycles: at most so many pairs of treatment and comparison in a visit, their order drawn by lot.
        reading_sd: standard deviation of one reading, points.
    """
    specific = normal(table()["retest"]["specific_if_source" if source else "specific_if_not"])
    rng = np.random.default_rng(seed)
    ratios = np.array([_visit(rng, specific, cycles, reading_sd) for _ in range(visits)])
    return Characteristics(float(np.median(ratios)), float(np.mean(ratios >= 2.0)), float(np.mean(ratios <= 0.5)))


def goes_on(readings: Sequence[Reading], cycles: int) -> bool:
    """Whether another pair of treatment and comparison is worth it after those that were read."""
    least = float(table()["retest"]["least_pain"])
    done = sum(reading.after == "treatment" for reading in readings)
    if done == 0:
        return readings[-1].pain >= least
    return done < cycles and readings[-1].pain >= least and 0.5 < retest(readings).likelihood_ratio < 2.0


def _visit(rng: np.random.Generator, specific: Normal, cycles: int, reading_sd: float) -> float:
    """The likelihood ratio of one simulated visit."""
    row = table()["retest"]
    drift, touch, part = (
        rng.normal(of.mean, of.sd) for of in (normal(row["drift_per_reading"]), normal(row["any_touch"]), specific)
    )
    pain = 0.0
    while pain < row["least_pain"]:
        pain = min(rng.normal(row["level"]["mean"], row["level"]["sd"]), 10.0)
    readings: list[Reading] = []

    def read(after: Did) -> None:
        nonlocal pain
        pain += drift + (touch if after != "before" else 0.0) + (part if after == "treatment" else 0.0)
        told = float(np.clip(np.rint(pain + rng.normal(0.0, reading_sd)), 0.0, 10.0))
        readings.append(Reading(after, told))

    read("before")
    read("before")
    while sum(reading.after == "treatment" for reading in readings) < cycles:
        pair: tuple[Did, Did] = ("treatment", "comparison") if rng.random() < 0.5 else ("comparison", "treatment")
        for after in pair:
            read(after)
        if not goes_on(readings, cycles):
            break
    return retest(readings).likelihood_ratio
