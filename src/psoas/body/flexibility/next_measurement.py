"""Which further reading would tell most of the flexors, before anything is measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Vector
from psoas.body.flexibility.flexor_pieces import Foresight, foreseen, held_tilt_deg, tilt_of
from psoas.body.flexibility.leg_tissue import FLEXORS, UNKNOWNS
from psoas.body.flexibility.readings import MEASURES, SIDES, Row
from psoas.body.flexibility.tightness_result import NextMeasurement
from psoas.knowledge.angle_error import error_sd_deg

_N = len(UNKNOWNS)


def next_measurements(
    foresight: Foresight, rows: Sequence[Row], mean: Vector, covariance: Vector
) -> tuple[NextMeasurement, ...]:
    """The readings that would lower the flexors' uncertainty most, best first.

    mean (14,) and covariance (14, 14) of both legs' unknowns, left first. Every candidate is taken with the pelvis held
    and an instrument; what was read in that way already is no candidate. `settles` is the flexor whose sd falls most.
    """
    taken = {(row.side, row.id) for row in rows if row.held and not row.home}
    legs = mean.reshape(2, _N)
    settled = {one.manoeuvre: foresight.settled(one.manoeuvre, legs) for one in MEASURES.values()}
    found: list[tuple[float, NextMeasurement]] = []
    for number, side in enumerate(SIDES):
        for name, measure in MEASURES.items():
            if (side, name) in taken:
                continue
            seen = foreseen(name, settled[measure.manoeuvre], held_tilt_deg(name))
            direction = np.zeros(2 * _N)
            direction[number * _N : (number + 1) * _N] = seen.slope[number]
            noise = _noise_variance(name, float(seen.by_tilt[number]))
            found.append(_gain(name, side, number, direction, noise, covariance))
    found.sort(key=lambda item: -item[0])
    return tuple(one for _, one in found[: int(load_data("tightness.yaml")["estimate"]["next_shown"])])


def _noise_variance(name: str, by_tilt: float) -> float:
    protocol = float(load_data("tightness.yaml")["protocol_sd_deg"][name])
    tilt = tilt_of(name, held=True)[1] * by_tilt
    own = float(load_data("tightness.yaml")["person_sd_deg"][name])
    return error_sd_deg(name, held=True, home=False, instrument=True) ** 2 + own**2 + protocol**2 + tilt**2


def _gain(
    name: str, side: str, number: int, direction: Vector, noise: float, covariance: Vector
) -> tuple[float, NextMeasurement]:
    """How much the logarithms of the flexors' sds would fall together, and the flexor that gains most."""
    with_unknowns = covariance @ direction
    after = np.diag(covariance) - with_unknowns**2 / (direction @ with_unknowns + noise)
    columns = slice(number * _N, number * _N + len(FLEXORS))
    now, then = np.sqrt(np.diag(covariance)[columns]), np.sqrt(np.maximum(after[columns], 1e-12))
    fall = np.log(now / then)
    best = int(np.argmax(fall))
    return float(fall.sum()), NextMeasurement(name, side, FLEXORS[best], float(now[best]), float(then[best]))
