"""What the prior's people would read: normal legs varied, simulated once per body and manoeuvre, with slopes.

A relaxed muscle is slack over part of its range, so a reading is no straight line of a shortening. The prior of one leg
is cut into pieces: narrow Gaussians around people drawn from it, in each of which a straight line does. Updating every
piece and weighing it by how well it foresaw the readings gives the estimate (a Gaussian sum).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Vector
from psoas.body.flexibility.hanging_leg import SimulatedTest, simulate_length_test
from psoas.body.flexibility.leg_tissue import UNKNOWNS, Legs
from psoas.body.flexibility.pelvis_tilt import tilt_in
from psoas.body.flexibility.readings import MEASURES
from psoas.body.subject.scaling import Person

_SAMPLED = ("iliopsoas", "rectus_femoris", "tensor_fasciae_latae", "capsule_deg")


@dataclass(frozen=True)
class Pieces:
    """The prior of one leg in K pieces: centres (K, 7) and the variance (7,) of each, percent and degrees."""

    centres: Vector
    variance: Vector


@dataclass(frozen=True)
class Foreseen:
    """What one measure would read in every piece: value (K,) degrees, slope (K, 7), by_tilt (K,)."""

    value_deg: Vector
    slope: Vector
    by_tilt: Vector


def prior_sd() -> Vector:
    """(7,) between-person sd of every unknown."""
    data = load_data("tightness.yaml")["prior_sd"]
    return np.array([float(data[name]) for name in UNKNOWNS])


@cache
def prior_pieces() -> Pieces:
    """The pieces of the prior. Only unknowns that bend a reading are cut; the others stay whole."""
    rules = load_data("tightness.yaml")["estimate"]
    count, share = int(rules["pieces"]), float(rules["piece_share"])
    sd = prior_sd()
    columns = [UNKNOWNS.index(name) for name in _SAMPLED]
    centres = np.zeros((count, len(UNKNOWNS)))
    centres[:, columns] = np.sqrt(1.0 - share) * sd[columns] * _spread_evenly(count, len(columns))
    variance = sd**2
    variance[columns] *= share
    return Pieces(centres, variance)


def _spread_evenly(count: int, dimensions: int) -> Vector:
    """Normal draws (count, dimensions) spread evenly (an additive recurrence), with mean 0 and covariance 1 exactly."""
    root = 1.5
    for _ in range(60):  # the positive root of x^(d+1) = x + 1, which spreads a recurrence best
        root = (1.0 + root) ** (1.0 / (dimensions + 1))
    steps = (1.0 / root) ** np.arange(1, dimensions + 1)
    even = (0.5 + np.arange(1, count + 1)[:, None] * steps) % 1.0
    normal = np.vectorize(NormalDist().inv_cdf)(np.clip(even, 1e-6, 1 - 1e-6))
    normal = normal - normal.mean(axis=0)
    lower = np.linalg.cholesky(np.cov(normal.T, ddof=0))
    return np.asarray(np.linalg.solve(lower, normal.T).T)


@dataclass
class Foresight:
    """Simulates manoeuvres for one person, each once, when first asked for."""

    person: Person

    def __post_init__(self) -> None:
        self._leg = Legs.of([self.person])
        self._settled: dict[str, SimulatedTest] = {}

    def of(self, name: str, manoeuvre: str) -> Foreseen:
        """What measure `name` would read in every piece."""
        if manoeuvre not in self._settled:
            self._settled[manoeuvre] = self.settled(manoeuvre, prior_pieces().centres)
        return foreseen(name, self._settled[manoeuvre], held_tilt_deg(name))

    def settled(self, manoeuvre: str, unknowns: Vector) -> SimulatedTest:
        """The manoeuvre with the pelvis held, for (N, 7) unknowns."""
        legs = self._leg.take(np.zeros(len(unknowns), dtype=int))
        position = next(m.position for m in MEASURES.values() if manoeuvre in (m.manoeuvre, m.other_knee))
        return simulate_length_test(legs, manoeuvre, unknowns, np.full(len(unknowns), tilt_in(position, held=True)[0]))


def foreseen(name: str, at: SimulatedTest, tilt_deg: float) -> Foreseen:
    """What measure `name` reads of settled legs, for a pelvis tilted by `tilt_deg`."""
    measure = MEASURES[name]
    j, sign = measure.coordinate, measure.sign
    return Foreseen(
        value_deg=sign * at.q_deg[:, j] + measure.tilt * tilt_deg,
        slope=sign * at.by_unknown[:, j],
        by_tilt=sign * at.by_tilt[:, j] + measure.tilt,
    )


def held_tilt_deg(name: str) -> float:
    """Tilt of the held pelvis in the position of a measure."""
    return tilt_of(name, held=True)[0]


def tilt_of(name: str, *, held: bool) -> tuple[float, float]:
    """Mean and sd of the pelvis's backward tilt in the position of a measure, degrees."""
    return tilt_in(MEASURES[name].position, held=held)


def stacked(foresight: Foresight, rows: Sequence[tuple[str, str, bool]]) -> tuple[Vector, Vector, Vector]:
    """Foreseen values (K, R), slopes (K, R, 7) and the pelvis's covariance (K, R, R); rows: (id, manoeuvre, held)."""
    pieces = len(prior_pieces().centres)
    value = np.zeros((pieces, len(rows)))
    slope = np.zeros((pieces, len(rows), len(UNKNOWNS)))
    covariance = np.zeros((pieces, len(rows), len(rows)))
    by_tilt = np.zeros((pieces, len(rows)))
    for column, (name, manoeuvre, held) in enumerate(rows):
        one = foresight.of(name, manoeuvre)
        shift = tilt_of(name, held=held)[0] - held_tilt_deg(name)
        value[:, column] = one.value_deg + shift * one.by_tilt
        slope[:, column] = one.slope
        by_tilt[:, column] = one.by_tilt
    for i, (name, _, held) in enumerate(rows):
        for j, (other, _, other_held) in enumerate(rows):
            if MEASURES[name].position == MEASURES[other].position and held == other_held:
                covariance[:, i, j] = tilt_of(name, held=held)[1] ** 2 * by_tilt[:, i] * by_tilt[:, j]
    return value, slope, covariance
