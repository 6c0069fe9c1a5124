"""An angle that is measured again within a visit: what the treatment changed beyond measuring error and any touch.

The model is that of `psoas.trial.retest` in degrees. It moves no probability: how much an angle changes when the muscle
is the source of the pain is not published. Positive is what the measurement calls positive.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from psoas.trial.choices import normal, table
from psoas.trial.model import Mixture
from psoas.trial.retest import Did


@dataclass(frozen=True, slots=True)
class AngleReading:
    """One reading: what was done since the last one, and the angle now, degrees."""

    after: Did
    degrees: float


@dataclass(frozen=True, slots=True)
class AngleChange:
    """Posterior means in degrees: what each brought, their difference, and its central 90 %."""

    treatment: float
    comparison: float
    specific: float
    interval_90: tuple[float, float]

    @property
    def sentence(self) -> str:
        """What the angle says, as a practitioner reads it."""
        low, high = self.interval_90
        span = f"{self.specific:+.0f}° beyond the comparison, 90 % between {low:+.0f}° and {high:+.0f}°"
        return f"The angle changed by {span}{'' if low > 0 or high < 0 else ': no more than measuring can err'}."


def angle_change(readings: Sequence[AngleReading]) -> AngleChange | None:
    """What the angles of a visit say; None without one before, one after the treatment and one after the comparison.

    Args:
        readings: in the order in which they were taken.
    """
    if {reading.after for reading in readings} != {"before", "treatment", "comparison"}:
        return None
    row = table()["retest"]["angle"]
    priors = [normal(row[name]) for name in ("level", "drift_per_reading", "any_touch", "specific")]
    mean0, sd0 = np.array([one.mean for one in priors]), np.array([one.sd for one in priors])
    treated = np.cumsum([reading.after == "treatment" for reading in readings])
    compared = np.cumsum([reading.after == "comparison" for reading in readings])
    order = np.arange(len(readings))
    matrix = np.column_stack([np.ones(len(readings)), order, treated + compared, treated]).astype(float)
    y = np.array([reading.degrees for reading in readings])
    means, sds, ln = [], [], []
    for sd in row["reading_sd"]:
        spread = (matrix * sd0**2) @ matrix.T + sd**2 * np.eye(len(y))
        off = y - matrix @ mean0
        gain = np.linalg.solve(spread, matrix * sd0**2).T
        covariance = np.diag(sd0**2) - gain @ (matrix * sd0**2)
        means.append(mean0 + gain @ off)
        sds.append(math.sqrt(covariance[3, 3]))
        ln.append(-0.5 * (float(off @ np.linalg.solve(spread, off)) + float(np.linalg.slogdet(spread)[1])))
    weight = np.exp(np.array(ln) - max(ln))
    weight /= weight.sum()
    mean = np.array(means)
    specific = Mixture(weight, mean[:, 3], np.array(sds))
    return AngleChange(
        treatment=float(weight @ (mean[:, 2] + mean[:, 3])),
        comparison=float(weight @ mean[:, 2]),
        specific=specific.average,
        interval_90=specific.interval(0.9),
    )
