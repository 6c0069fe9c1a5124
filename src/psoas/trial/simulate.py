"""People who take part in a trial, simulated: for its power, its calibration, and for what breaks it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from psoas.trial.choices import Priors
from psoas.trial.model import WEEKDAYS, Floats, design_matrix
from psoas.trial.schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """How one simulated person's days go. Points of 0 to 10; see `psoas.trial.model` for the symbols.

    Attributes:
        effect: of doing it, points of daily pain; negative helps.
        placebo: further points on the treatment's days that come with any treatment at all.
        does_it: share of the treatment's days on which it is done; sneaks: of the other days.
        answers: share of days with an answer; leaves_after: the day of dropping out, None for staying.
        whole_numbers: whether pain is told in whole numbers from 0 to 10.
    """

    level: float = 4.5
    effect: float = 0.0
    placebo: float = 0.0
    trend_per_4_weeks: float = 0.0
    weekend: float = 0.0
    day_sd: float = 1.3
    correlation: float = 0.4
    half_life_days: float = 1.0
    does_it: float = 1.0
    sneaks: float = 0.0
    answers: float = 1.0
    leaves_after: int | None = None
    whole_numbers: bool = True


def noise(rng: np.random.Generator, people: int, days: int, sd: Floats | float, correlation: Floats | float) -> Floats:
    """Stationary AR(1) noise (people, days) of standard deviation `sd` and correlation with the day before."""
    sd, correlation = np.broadcast_to(sd, people), np.broadcast_to(correlation, people)
    fresh = rng.standard_normal((people, days))
    rows = np.empty((people, days))
    rows[:, 0] = fresh[:, 0]
    for day in range(1, days):
        rows[:, day] = correlation * rows[:, day - 1] + np.sqrt(1 - correlation**2) * fresh[:, day]
    scaled: Floats = rows * sd[:, None]
    return scaled


def as_told(pain: Floats) -> Floats:
    """What people say on a scale of whole numbers from 0 to 10."""
    return np.clip(np.rint(pain), 0, 10)


def days_of(
    person: Person, schedule: Schedule, rng: np.random.Generator, *, first_weekday: int = 0
) -> list[float | None]:
    """One person's trial, day by day; None where no answer came."""
    told = np.array(schedule.on_treatment())
    done = np.where(told == 1, rng.random(len(told)) < person.does_it, rng.random(len(told)) < person.sneaks)
    matrix = design_matrix(done.astype(float), first_weekday, person.half_life_days)
    weekend = matrix[:, 3 + 5 : 3 + WEEKDAYS].sum(axis=1)
    pain = person.level + person.effect * matrix[:, 1] + person.placebo * told
    pain = pain + person.trend_per_4_weeks * matrix[:, 2] + person.weekend * weekend
    pain = pain + noise(rng, 1, len(told), person.day_sd, person.correlation)[0]
    if person.whole_numbers:
        pain = as_told(pain)
    answered = rng.random(len(told)) < person.answers
    if person.leaves_after is not None:
        answered[person.leaves_after :] = False
    return [float(value) if here else None for value, here in zip(pain, answered, strict=True)]


@dataclass(frozen=True, eq=False)
class Drawn:
    """Trials drawn from the priors themselves: for simulation-based calibration."""

    pain: Floats
    effect: Floats
    level: Floats


def drawn_from(
    priors: Priors, schedule: Schedule, people: int, rng: np.random.Generator, *, first_weekday: int = 0
) -> Drawn:
    """`people` trials whose every unknown is drawn from the priors; pain (people, days), neither rounded nor cut."""
    on = np.array(schedule.on_treatment(), dtype=float)
    level = rng.normal(priors.level.mean, priors.level.sd, people)
    effect = rng.normal(priors.effect.mean, priors.effect.sd, people)
    trend = rng.normal(priors.trend_per_4_weeks.mean, priors.trend_per_4_weeks.sd, people)
    weekdays = rng.normal(priors.weekday.mean, priors.weekday.sd, (people, WEEKDAYS))
    half_life, correlation, sd = (
        rng.choice(np.array(grid), people) for grid in (priors.half_life_days, priors.correlation, priors.day_sd)
    )
    pain = noise(rng, people, len(on), sd, correlation)
    for value in priors.half_life_days:
        chosen: NDArray[np.bool_] = half_life == value
        matrix = design_matrix(on, first_weekday, value)
        coefficients = np.column_stack([level, effect, trend, weekdays])[chosen]
        pain[chosen] += coefficients @ matrix.T
    return Drawn(pain, effect, level)
