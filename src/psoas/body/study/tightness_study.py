"""Simulated people with known shortening, measured as people are: for recovery studies, norms and speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Vector
from psoas.body.flexibility.flexor_pieces import prior_sd, tilt_of
from psoas.body.flexibility.hanging_leg import simulate_length_test
from psoas.body.flexibility.leg_tissue import FLEXORS, UNKNOWNS, Legs
from psoas.body.flexibility.readings import MEASURES, SIDES, Reading
from psoas.body.flexibility.tightness import estimate_batch
from psoas.body.flexibility.tightness_result import Tightness
from psoas.body.subject.scaling import Person
from psoas.knowledge.angle_error import error_sd_deg, plausible_deg

THOMAS = ("modified_thomas.thigh_angle", "modified_thomas.knee_angle", "modified_thomas.abduction")


@dataclass(frozen=True)
class Simulated:
    """People whose shortening is known. truth (2, P, 7): left and right, in the order of UNKNOWNS."""

    truth: Vector
    readings: tuple[tuple[Reading, ...], ...]


@dataclass(frozen=True)
class Recovery:
    """How well an estimate recovers what was put in, by flexor (4,), both sides together.

    coverage: share of people whose 90 % interval holds the truth; rmse, claimed_sd: error made and claimed, percent;
    side_right, side_claimed: how often the shorter side was named rightly, and how often the estimate said it would be.
    """

    people: int
    coverage: Vector
    rmse: Vector
    claimed_sd: Vector
    side_right: Vector
    side_claimed: Vector


def simulate(
    person: Person, people: int, *, measures: Sequence[str] = THOMAS, held: bool = True, seed: int = 1
) -> Simulated:
    """People drawn from the prior and measured with an instrument: pelvis, protocol, model and method all err."""
    generator = np.random.default_rng(seed)
    data = load_data("tightness.yaml")
    legs = Legs.of([person]).take(np.zeros(2 * people, dtype=int))
    truth = generator.normal(size=(2 * people, len(UNKNOWNS))) * prior_sd()
    tilts: dict[str, Vector] = {}
    found: list[list[Reading]] = [[] for _ in range(people)]
    for name in measures:
        measure = MEASURES[name]
        if measure.position not in tilts:
            mean, sd = tilt_of(name, held=held)
            tilts[measure.position] = mean + sd * generator.normal(size=2 * people)
        tilt = tilts[measure.position]
        at = simulate_length_test(legs, measure.manoeuvre, truth, tilt)
        value = measure.sign * at.q_deg[:, measure.coordinate] + measure.tilt * tilt
        error = error_sd_deg(name, held, home=False, instrument=True)
        own = float(np.hypot(error, float(data["person_sd_deg"][name])))
        protocol = float(data["protocol_sd_deg"][name]) * generator.normal(size=people)
        value += np.tile(protocol, 2) + own * generator.normal(size=2 * people)
        value = np.clip(value, *plausible_deg(name))
        for index, angle in enumerate(value):
            side = SIDES[index // people]
            pelvis = "controlled" if held else "free"
            found[index % people].append(Reading(name, side, float(angle), pelvis, "inclinometer"))
    return Simulated(truth.reshape(2, people, -1), tuple(tuple(one) for one in found))


def recover(person: Person, simulated: Simulated) -> Recovery:
    """Estimates everybody and compares with what was put in."""
    answers = [one for one in estimate_batch(simulated.readings, person) if isinstance(one, Tightness)]
    people = len(answers)
    inside, error, claimed, right, sure = (np.zeros((people, len(FLEXORS))) for _ in range(5))
    for index, answer in enumerate(answers):
        for column, flexor in enumerate(FLEXORS):
            truths = simulated.truth[:, index, column]
            for truth, side in zip(truths, SIDES, strict=True):
                one = answer.sides[side][flexor]
                inside[index, column] += 0.5 * (one.interval_90[0] <= truth <= one.interval_90[1])
                error[index, column] += 0.5 * (one.shortening_percent - truth) ** 2
                claimed[index, column] += 0.5 * one.sd**2
            difference = answer.difference[flexor]
            right[index, column] = (difference.percent > 0) == (truths[1] > truths[0])
            sure[index, column] = 0.5 * (1.0 + difference.probability_real)
    return Recovery(
        people, inside.mean(axis=0), np.sqrt(error.mean(axis=0)), np.sqrt(claimed.mean(axis=0)),
        right.mean(axis=0), sure.mean(axis=0),
    )  # fmt: skip
