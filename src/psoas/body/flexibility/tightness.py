"""From measured angles to the flexor that is short: a Bayesian estimate per muscle and side.

Unknown of each leg: the shortening of the four flexors, and of what could be mistaken for one (vasti, abductors, the
front of the capsule). Prior: the spread of healthy people. Readings: the simulated tests with the published error of
the method; the pelvis unknown where it was not held; one protocol's offset shared by both sides, so that it blurs how
short a muscle is and not the difference between the sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Vector
from psoas.body.flexibility.flexor_pieces import Foresight, prior_pieces, prior_sd, stacked
from psoas.body.flexibility.leg_tissue import FLEXORS, UNKNOWNS
from psoas.body.flexibility.next_measurement import next_measurements
from psoas.body.flexibility.readings import SIDES, Reading, Row, TightnessError, readings_of, remarks_on, rows_of
from psoas.body.flexibility.tightness_result import Difference, FlexorEstimate, NextMeasurement, Tightness
from psoas.body.subject.scaling import Person, person_of
from psoas.case import Case

if TYPE_CHECKING:
    from psoas.body.subject.model import Body

_N = len(UNKNOWNS)
_AT_ONCE = 64
"""People of a batch whose mixtures are held in memory at a time."""


@dataclass(frozen=True)
class Posterior:
    """A Gaussian sum over both legs, left first: weights (P, C), means (P, C, 14), covariances (P, C, 14, 14)."""

    weights: Vector
    means: Vector
    covariances: Vector

    def moments(self) -> tuple[Vector, Vector]:
        """Mean (P, 14) and covariance (P, 14, 14)."""
        mean = np.einsum("pc,pci->pi", self.weights, self.means)
        off = self.means - mean[:, None]
        spread = np.einsum("pc,pci,pcj->pij", self.weights, off, off)
        return mean, spread + np.einsum("pc,pcij->pij", self.weights, self.covariances)


def estimate(source: Case | Iterable[Reading], body: Body | None = None) -> Tightness:
    """Which hip flexor is short, on which side, by how much and how sure.

    Args:
        source: a case, or readings.
        body: whose leg it is; without it the person of the case, or the mean adult for bare readings.

    Returns:
        Shortening of each flexor and side in percent of slack length (+ is shorter than the average adult), with its 90
        % range, the difference of the sides, what these readings leave open, and what to measure next.

    Raises:
        TightnessError: nothing measured that reads a hip flexor, or a reading that must be asked back.
    """
    readings = readings_of(source) if isinstance(source, Case) else tuple(source)
    rows = rows_of(readings)
    if not rows:
        raise TightnessError(
            "Nothing measured here reads a hip flexor. Measure, with the pelvis held, modified_thomas.thigh_angle, "
            "modified_thomas.knee_angle and modified_thomas.abduction on both sides."
        )
    person, notes = _person(source, body)
    foresight = Foresight(person)
    posterior = _posterior(foresight, rows, np.array([[row.value_deg for row in rows]]))
    mean, covariance = posterior.moments()
    further = next_measurements(foresight, rows, mean[0], covariance[0])
    return _result(person, rows, posterior, 0, further, (*remarks_on(rows), *notes))


def estimate_batch(
    sources: Sequence[Case | Iterable[Reading]], person: Person | None = None
) -> list[Tightness | TightnessError]:
    """Many people at once, for studies; a person whose readings cannot be taken is the error that says why.

    People with alike bodies who were measured alike are solved together. `measure_next` is left out.

    Args:
        sources: cases, or lists of readings.
        person: whose leg it is for everybody; None takes each case's own person.

    Returns:
        One entry for each source, in their order: its tightness, or the error that says why there is none.
    """
    results: list[Tightness | TightnessError | None] = [None] * len(sources)
    groups: dict[tuple[Person, object], list[tuple[int, tuple[Row, ...]]]] = {}
    remarks: dict[int, tuple[str, ...]] = {}
    for number, source in enumerate(sources):
        try:
            rows = rows_of(readings_of(source) if isinstance(source, Case) else tuple(source))
            if not rows:
                raise TightnessError("Nothing measured here reads a hip flexor.")
            whose, remarks[number] = (person, ()) if person else _person(source, None)
            key = (whose, tuple((*row.kind, row.sd_deg) for row in rows))
            groups.setdefault(key, []).append((number, rows))
        except ValueError as error:
            results[number] = TightnessError(str(error))
    foresights: dict[Person, Foresight] = {}
    for (whose, _), members in groups.items():
        foresight = foresights.setdefault(whose, Foresight(whose))
        for first in range(0, len(members), _AT_ONCE):
            some = members[first : first + _AT_ONCE]
            values = np.array([[row.value_deg for row in rows] for _, rows in some])
            posterior = _posterior(foresight, some[0][1], values)
            for place, (number, rows) in enumerate(some):
                notes = (*remarks_on(rows), *remarks[number])
                results[number] = _result(whose, rows, posterior, place, (), notes)
    return [one for one in results if one is not None]


def _person(source: Case | Iterable[Reading], body: Body | None) -> tuple[Person, tuple[str, ...]]:
    """Whose leg it is, with a note on what was assumed."""
    if body is not None:
        return body.person, ()
    return person_of_case(source) if isinstance(source, Case) else (person_of(), ())


def person_of_case(case: Case) -> tuple[Person, tuple[str, ...]]:
    """The person of a case as the body model takes them, with sentences on what was assumed or cut to its range."""
    given = case.person
    allowed = load_data("anthropometry.yaml")["allowed"]
    values, notes = {}, []
    for field in ("height_m", "mass_kg", "age_years"):
        value, (low, high) = getattr(given, field), allowed[field]
        if value is not None and not low <= value <= high:
            notes.append(f"{field} is {value:g}; the body model holds for {low:g} to {high:g}, so its end is taken.")
            value = min(max(value, low), high)
        values[field] = value
    person = person_of(sex=given.sex or "unspecified", **values)
    if person.assumed:
        notes.append(f"Not given, so the mean is taken: {', '.join(person.assumed)}.")
    return person, tuple(notes)


def _posterior(foresight: Foresight, rows: Sequence[Row], values: Vector) -> Posterior:
    """The Gaussian sum for P people measured alike; values (P, R) in the order of `rows`."""
    pieces, count = prior_pieces(), int(load_data("tightness.yaml")["estimate"]["pairs"])
    sides = [[index for index, row in enumerate(rows) if row.side == side] for side in SIDES]
    error = error_covariance(rows)
    names = [row.id for row in rows]
    protocol = load_data("tightness.yaml")["protocol_sd_deg"]
    offset = np.array([[float(protocol[a]) ** 2 if a == b else 0.0 for b in names] for a in names])
    foreseen = [stacked(foresight, [(rows[i].id, rows[i].manoeuvre, rows[i].held) for i in side]) for side in sides]
    size = values.shape[0]
    pair, alone = [], np.zeros((size, count))
    for number, (side, (value, slope, pelvis)) in enumerate(zip(sides, foreseen, strict=True)):
        spread = np.einsum("kri,i,ksi->krs", slope, pieces.variance, slope) + pelvis
        spread += (error + offset)[side][:, side]
        fit = _log_density(values[:, None, side] - value, spread)
        pair.append(_drawn(fit, count, last=number == 1))
        alone += np.take_along_axis(fit, pair[number], axis=1)
    residual = np.zeros((size, count, len(rows)))
    slopes = np.zeros((size, count, len(rows), 2 * _N))
    covariance = np.broadcast_to(error + offset, (size, count, len(rows), len(rows))).copy()
    centre = np.zeros((size, count, 2 * _N))
    for number, (side, (value, slope, pelvis)) in enumerate(zip(sides, foreseen, strict=True)):
        block = slice(number * _N, (number + 1) * _N)
        centre[..., block] = pieces.centres[pair[number]]
        residual[..., side] = values[:, None, side] - value[pair[number]]
        for place, row in enumerate(side):
            slopes[:, :, row, block] = slope[pair[number], place]
            for other, column in enumerate(side):
                covariance[:, :, row, column] += pelvis[pair[number], place, other]
    variance = np.tile(pieces.variance, 2)
    against = slopes * variance  # covariance of readings with unknowns, (P, C, R, 14)
    spread = against @ np.swapaxes(slopes, 2, 3) + covariance
    gain = np.swapaxes(np.linalg.solve(spread, against), 2, 3)
    fit = _log_density(residual, spread) - alone
    weights = np.exp(fit - fit.max(axis=1, keepdims=True))
    return Posterior(
        weights=weights / weights.sum(axis=1, keepdims=True),
        means=centre + np.einsum("pcir,pcr->pci", gain, residual),
        covariances=np.diag(variance) - gain @ against,
    )


def _drawn(fit: Vector, count: int, *, last: bool) -> NDArray[np.intp]:
    """Pieces (P, count) of one side, each as often as its fit (P, K) deserves, evenly spaced; `count` is even.

    Left and right pieces are paired in the order drawn, first the left in order with the right shuffled, then the other
    way about, so that mirrored readings give a mirrored answer; the shuffle is fixed. A pair's weight is then what both
    together foresaw over what each foresaw alone, as the sides share a protocol.
    """
    half = count // 2
    share = np.exp(fit - fit.max(axis=1, keepdims=True))
    total = np.cumsum(share / share.sum(axis=1, keepdims=True), axis=1)
    drawn = np.stack([np.searchsorted(one, (np.arange(half) + 0.5) / half) for one in total])
    drawn = np.minimum(drawn, fit.shape[1] - 1)
    shuffled = drawn[:, np.random.default_rng(0).permutation(half)]
    return np.concatenate([shuffled, drawn] if last else [drawn, shuffled], axis=1)


def error_covariance(rows: Sequence[Row]) -> Vector:
    """(R, R) error of the readings: the method's own, and what the model does not know of a leg."""
    person = load_data("tightness.yaml")["person_sd_deg"]
    error = np.diag([row.sd_deg**2 for row in rows])
    for i, one in enumerate(rows):
        for j, other in enumerate(rows):
            if (one.side, one.id) == (other.side, other.id):
                error[i, j] += float(person[one.id]) ** 2
    return error


def _log_density(residual: Vector, covariance: Vector) -> Vector:
    """Log of the normal density up to a constant; residual (..., R), covariance (..., R, R)."""
    if residual.shape[-1] == 0:
        return np.zeros(residual.shape[:-1])
    lower = np.linalg.cholesky(covariance)
    white = np.linalg.solve(np.broadcast_to(lower, (*residual.shape, residual.shape[-1])), residual[..., None])[..., 0]
    log_scale = np.log(np.diagonal(lower, axis1=-2, axis2=-1)).sum(axis=-1)
    return np.asarray(-0.5 * (white**2).sum(axis=-1) - log_scale)


def _result(
    person: Person,
    rows: Sequence[Row],
    posterior: Posterior,
    place: int,
    further: tuple[NextMeasurement, ...],
    notes: tuple[str, ...],
) -> Tightness:
    weights, means, covariances = (part[place] for part in (posterior.weights, posterior.means, posterior.covariances))
    sd_before, above = prior_sd(), float(load_data("tightness.yaml")["estimate"]["undetermined_above"])
    measured = {row.side for row in rows}
    sides: dict[str, dict[str, FlexorEstimate]] = {}
    undetermined = []
    for number, side in enumerate(SIDES):
        sides[side] = {}
        for column, flexor in enumerate(FLEXORS):
            direction = np.zeros(2 * _N)
            direction[number * _N + column] = 1.0
            if side not in measured:  # what was not measured stays the prior, to the bit
                one = _from_prior(float(sd_before[column]))
            else:
                one = _estimate_along(direction, weights, means, covariances)
            sides[side][flexor] = one
            if one.sd > above * sd_before[column]:
                undetermined.append(f"{flexor}_{side}")
    differences = {}
    for column, flexor in enumerate(FLEXORS):
        direction = np.zeros(2 * _N)
        direction[_N + column] = float("right" in measured)
        direction[column] = -float("left" in measured)
        differences[flexor] = _difference(direction, weights, means, covariances, both=len(measured) == 2)
    return Tightness(person, sides, differences, tuple(undetermined), further, tuple(rows), notes)


def _from_prior(sd: float) -> FlexorEstimate:
    return FlexorEstimate(0.0, sd, (-1.6449 * sd, 1.6449 * sd))


def _along(direction: Vector, means: Vector, covariances: Vector) -> tuple[Vector, Vector]:
    """Mean and sd (C,) of one combination of the unknowns in every piece."""
    variance = np.einsum("i,cij,j->c", direction, covariances, direction)
    return means @ direction, np.sqrt(np.maximum(variance, 1e-12))


def _estimate_along(direction: Vector, weights: Vector, means: Vector, covariances: Vector) -> FlexorEstimate:
    centre, sd = _along(direction, means, covariances)
    mean = float(weights @ centre)
    whole = float(np.sqrt(weights @ (sd**2 + (centre - mean) ** 2)))
    grid = mean + whole * np.linspace(-5.0, 5.0, 401)
    below = (weights * _normal_cdf((grid[:, None] - centre) / sd)).sum(axis=1)
    low, high = np.interp([0.05, 0.95], below, grid)
    return FlexorEstimate(mean, whole, (float(low), float(high)))


def _difference(direction: Vector, weights: Vector, means: Vector, covariances: Vector, *, both: bool) -> Difference:
    centre, sd = _along(direction, means, covariances)
    mean = float(weights @ centre)
    whole = float(np.sqrt(weights @ (sd**2 + (centre - mean) ** 2)))
    above = float(weights @ _normal_cdf(centre / sd))
    return Difference(mean, whole, abs(2.0 * above - 1.0) if both else 0.0)


def _normal_cdf(x: Vector) -> Vector:
    from scipy.special import ndtr

    return np.asarray(ndtr(x))
