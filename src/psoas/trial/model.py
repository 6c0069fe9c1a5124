"""The days of one person as a model, and its exact posterior.

For day t of a trial, with y the pain (0 to 10) and x = 1 on the days of the treatment's blocks,

    y_t = level + effect * z_t + trend * (t - middle) / 28 + weekday + e_t
    z_t = z_{t-1} + (1 - 2^(-1/h)) (x_t - z_{t-1}),   z before the first day 0;  h = 0: z_t = x_t
    e   a stationary AR(1): standard deviation s, correlation r with the day before

Level, effect, trend and weekdays have normal priors; s, r and the half-life h run over grids with equal weight. Given
(s, r, h) everything is linear and normal, so the posterior is an exact mixture of normals: no sampler, no tuning, the
same answer every time. Days that are missing leave gaps; an AR(1) with gaps is whitened exactly by

    (e_i - r^g e_{i-1}) / sqrt(1 - r^(2g)),   g days apart.

A library for sampling (PyMC, NumPyro) would bring 100 to 500 MB and seconds of start-up for what is closed here;
statsmodels' state-space models give no posterior over s and r. Sources: `data/trial.yaml`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from psoas.trial.choices import Priors
from psoas.trial.choices import priors as default_priors

Floats = NDArray[np.float64]

WEEKDAYS = 7
EFFECT, TREND = 1, 2
"""Columns of the design matrix: level, effect, trend, then the seven weekdays."""


class TrialError(ValueError):
    """Days that cannot be analysed; the message says which field, what came and what is allowed."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """The posterior of one coefficient: a mixture of normals.

    Attributes:
        weight, mean, sd: one entry per point of the grid; the weights sum to 1.
    """

    weight: Floats
    mean: Floats
    sd: Floats

    def below(self, value: float) -> float:
        """P(coefficient < value)."""
        z = (value - self.mean) / self.sd
        return float(self.weight @ normal_cdf(z))

    @property
    def average(self) -> float:
        """Posterior mean."""
        return float(self.weight @ self.mean)

    def quantile(self, p: float) -> float:
        """The value below which the coefficient lies with probability `p`; by bisection to 1e-6."""
        low, high = float(np.min(self.mean - 10 * self.sd)), float(np.max(self.mean + 10 * self.sd))
        while high - low > 1e-6:
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.below(middle) < p else (low, middle)
        return 0.5 * (low + high)

    def interval(self, share: float) -> tuple[float, float]:
        """The central interval that holds `share` of the posterior."""
        return self.quantile(0.5 - share / 2), self.quantile(0.5 + share / 2)


@dataclass(frozen=True, eq=False)
class Posterior:
    """What the days say: of the effect, the level and the trend, and of how this person's days swing.

    Attributes:
        effect: difference of mean daily pain on the treatment against off it, points; negative: less pain.
        level: mean daily pain without the treatment; trend: change in four weeks that has nothing to do with it.
        day_sd, correlation, half_life_days: posterior means of the grid.
        log_evidence: natural logarithm of the marginal likelihood of the days.
    """

    effect: Mixture
    level: Mixture
    trend: Mixture
    day_sd: float
    correlation: float
    half_life_days: float
    log_evidence: float


def exposure(on_treatment: Floats, half_life_days: float) -> Floats:
    """How much of the treatment's effect is there on each day, 0 to 1; `on_treatment` (n,) is 1 on its days."""
    if half_life_days <= 0:
        return on_treatment.astype(float)
    step = 1.0 - 2.0 ** (-1.0 / half_life_days)
    there, now = np.empty(len(on_treatment)), 0.0
    for day, on in enumerate(on_treatment):
        now += step * (float(on) - now)
        there[day] = now
    return there


def design_matrix(on_treatment: Floats, first_weekday: int, half_life_days: float) -> Floats:
    """The matrix (n, 10) of level, effect, trend and seven weekdays for n days in a row."""
    days = np.arange(len(on_treatment), dtype=float)
    weekday = (np.arange(len(on_treatment)) + first_weekday) % WEEKDAYS
    columns = [np.ones_like(days), exposure(on_treatment, half_life_days), (days - days.mean()) / 28.0]
    return np.column_stack([*columns, np.eye(WEEKDAYS)[weekday]])


def whitened(rows: Floats, at: NDArray[np.intp], correlation: float) -> tuple[Floats, float]:
    """Rows (n, ...) of an AR(1) of unit variance made independent, and ln of the determinant of its root."""
    if len(at) == 0:
        return rows, 0.0
    carried = correlation ** np.diff(at).astype(float) if correlation > 0 else np.zeros(len(at) - 1)
    scale = np.sqrt(1.0 - carried**2)
    shape = (-1,) + (1,) * (rows.ndim - 1)
    rest = (rows[1:] - carried.reshape(shape) * rows[:-1]) / scale.reshape(shape)
    return np.concatenate([rows[:1], rest]), float(np.sum(np.log(scale)))


def _prior(priors: Priors) -> tuple[Floats, Floats]:
    rows = [priors.level, priors.effect, priors.trend_per_4_weeks, *[priors.weekday] * WEEKDAYS]
    return np.array([row.mean for row in rows]), np.array([row.sd for row in rows])


def posterior(
    pain: Sequence[float | None],
    on_treatment: Sequence[bool | int],
    *,
    starts: date,
    priors: Priors | None = None,
) -> Posterior:
    """The exact posterior of one person's days.

    Args:
        pain: (n,) pain of each day in a row, 0 to 10; None where none was given.
        on_treatment: (n,) whether the day lies in a block of the treatment, as the lot fell, whatever was done.
        starts: the first day, for the weekdays.
        priors: those of `data/trial.yaml` unless given.

    Raises:
        TrialError: lengths that differ, a value outside 0 to 10, or fewer than two days with a value.
    """
    chosen = priors or default_priors()
    if len(pain) != len(on_treatment):
        raise TrialError(f"pain has {len(pain)} days and the schedule {len(on_treatment)}; they must be as many.")
    for number, value in enumerate(pain, 1):
        if value is not None and not 0 <= value <= 10:
            raise TrialError(f"pain of day {number} is {value}; expected 0 to 10.")
    at = np.array([day for day, value in enumerate(pain) if value is not None], dtype=np.intp)
    if len(at) < 2:
        raise TrialError(f"{len(at)} days have a value; at least two are needed.")
    values = np.array([pain[day] for day in at], dtype=float)
    batch = posterior_of_many(values[None, :], at, np.asarray(on_treatment, dtype=float), starts.weekday(), chosen)
    return batch.one(0)


@dataclass(frozen=True, eq=False)
class Batch:
    """Posteriors of N people who share a schedule and the days on which they answered; arrays (N, grid)."""

    weight: Floats
    mean: Floats
    variance: Floats
    log_evidence: Floats
    grid: Floats

    def one(self, person: int) -> Posterior:
        """The posterior of one of them."""
        weight = self.weight[person]
        mixtures = [
            Mixture(weight, self.mean[person, :, column], np.sqrt(self.variance[:, column])) for column in range(3)
        ]
        day_sd, correlation, half_life = (float(weight @ self.grid[:, column]) for column in range(3))
        return Posterior(
            level=mixtures[0],
            effect=mixtures[EFFECT],
            trend=mixtures[TREND],
            day_sd=day_sd,
            correlation=correlation,
            half_life_days=half_life,
            log_evidence=float(self.log_evidence[person]),
        )

    def effect_below(self, value: float | Floats) -> Floats:
        """P(effect < value) for each person, (N,)."""
        limit = np.broadcast_to(np.asarray(value, dtype=float), (len(self.weight),))[:, None]
        z = (limit - self.mean[:, :, EFFECT]) / np.sqrt(self.variance[None, :, EFFECT])
        found: Floats = np.sum(self.weight * normal_cdf(z), axis=1)
        return found


def posterior_of_many(
    values: Floats, at: NDArray[np.intp], on_treatment: Floats, first_weekday: int, priors: Priors
) -> Batch:
    """Posteriors of N people at once; `values` (N, answered days), `at` the days answered, the rest as `posterior`."""
    prior_mean, prior_sd = _prior(priors)
    precision0 = np.diag(prior_sd**-2)
    pull0 = prior_mean / prior_sd**2
    sds = np.array(priors.day_sd)
    grid, means, variances, evidences = [], [], [], []
    for half_life in priors.half_life_days:
        matrix = design_matrix(on_treatment, first_weekday, half_life)[at]
        for correlation in priors.correlation:
            x, ln_scale = whitened(matrix, at, correlation)
            y = whitened(values.T, at, correlation)[0].T
            precision = (x.T @ x) / sds[:, None, None] ** 2 + precision0
            covariance = np.linalg.inv(precision)
            pull = (y @ x) / sds[:, None, None] ** 2 + pull0
            mean = pull @ covariance
            fit = np.sum(y * y, axis=1) / sds[:, None] ** 2 + float(prior_mean @ pull0) - np.sum(pull * mean, axis=2)
            ln_ratio = np.linalg.slogdet(precision)[1] + 2.0 * np.sum(np.log(prior_sd))
            evidences.append(-0.5 * (fit + ln_ratio[:, None]) - (len(at) * np.log(sds) + ln_scale)[:, None])
            means.append(mean[:, :, :3])
            variances.append(np.diagonal(covariance, axis1=1, axis2=2)[:, :3])
            grid += [(sd, correlation, half_life) for sd in priors.day_sd]
    evidence = np.concatenate(evidences).T - 0.5 * len(at) * math.log(2.0 * math.pi)
    most = evidence.max(axis=1, keepdims=True)
    weight = np.exp(evidence - most)
    total = weight.sum(axis=1, keepdims=True)
    log_evidence = (most + np.log(total / len(grid)))[:, 0]
    mean_of = np.concatenate(means).transpose(1, 0, 2)
    return Batch(weight / total, mean_of, np.concatenate(variances), log_evidence, np.array(grid))


_erf = np.frompyfunc(math.erf, 1, 1)


def normal_cdf(z: Floats) -> Floats:
    """Standard normal distribution function, elementwise."""
    found: Floats = 0.5 * (1.0 + np.asarray(_erf(np.asarray(z) / math.sqrt(2.0)), dtype=float))
    return found
