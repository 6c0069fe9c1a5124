"""How likely a trial is to settle the question, and in how many weeks, before it starts.

For each length of block and number of pairs, people are simulated whose days swing as this person's do, with no effect,
with the smallest that people notice, and with twice that; each is looked at as the trial will be, and the word at its
last look counts. A trial that is stopped at a look keeps its word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from psoas.trial.choices import noticeable_points, priors, table
from psoas.trial.model import Floats, TrialError, design_matrix, posterior, posterior_of_many
from psoas.trial.schedule import Schedule, draw
from psoas.trial.simulate import as_told, noise
from psoas.trial.verdict import words_of

PEOPLE = 200
"""Simulated people for each size of the effect; a share of 0.5 is then known to 0.07 (two standard errors)."""
SEED = 20261130


@dataclass(frozen=True, slots=True)
class Swings:
    """How one person's days go without the treatment: level 0 to 10, day-to-day standard deviation, correlation."""

    level: float
    day_sd: float
    correlation: float


@dataclass(frozen=True, slots=True)
class Option:
    """One way to run the trial, and what it would settle.

    Attributes:
        settles_if_helps: how often the word is `helps` when it helps by twice what people notice.
        settles_if_just: the same when it helps by just what people notice.
        settles_if_not: how often the word is `does_not` when it does nothing.
        wrong_if_not: how often the word is `helps` when it does nothing.
        weeks_to_word: mean weeks to the word, over people whom it helps well and people whom it does not.
    """

    block_days: int
    pairs: int
    weeks: float
    settles_if_helps: float
    settles_if_just: float
    settles_if_not: float
    wrong_if_not: float
    weeks_to_word: float


def swings_of(run_in: Sequence[float | None], *, starts: date) -> Swings:
    """How this person's days swing, from days without the treatment.

    Raises:
        TrialError: fewer than five days have a value.
    """
    known = [value for value in run_in if value is not None]
    if len(known) < 5:
        raise TrialError(f"{len(known)} days have a value; a run-in needs at least five.")
    found = posterior(run_in, [0] * len(run_in), starts=starts)
    return Swings(found.level.average, found.day_sd, found.correlation)


def typical_swings() -> Swings:
    """Those assumed where no run-in was recorded; `data/trial.yaml`."""
    row = table()["design"]["typical"]
    return Swings(float(row["level"]), float(row["day_sd"]), float(row["correlation"]))


def options(
    swings: Swings,
    *,
    half_life_days: float = 1.0,
    people: int = PEOPLE,
    seed: int = SEED,
    progress: Callable[[int, int], None] | None = None,
) -> list[Option]:
    """What each way to run the trial would settle, shortest first.

    Args:
        swings: of this person, from `swings_of` or `typical_swings`.
        half_life_days: how fast the effect should come and go; blocks shorter than twice that are left out.
        progress: called with the ways done and their number.
    """
    rows = list(_ways(half_life_days))
    found = []
    for number, (block_days, pairs) in enumerate(rows, 1):
        found.append(option(swings, block_days, pairs, half_life_days=half_life_days, people=people, seed=seed))
        if progress:
            progress(number, len(rows))
    return sorted(found, key=lambda way: (way.weeks, way.block_days))


def _ways(half_life_days: float) -> Iterator[tuple[int, int]]:
    row = table()["design"]
    for block_days in row["block_days"]:
        if block_days < row["wash_in_days_per_half_life"] * half_life_days:
            continue
        for pairs in (2, 3, 4):
            if 7 + 2 * pairs * block_days <= 7 * row["most_weeks"]:
                yield block_days, pairs


def option(
    swings: Swings, block_days: int, pairs: int, *, half_life_days: float, people: int = PEOPLE, seed: int = SEED
) -> Option:
    """What one way to run the trial would settle."""
    notice = noticeable_points(swings.level)
    shares = {}
    weeks = []
    for name, effect in (("not", 0.0), ("just", -notice), ("helps", -2.0 * notice)):
        words, days = _run(swings, block_days, pairs, effect, half_life_days, people, seed)
        shares[name] = {word: float(np.mean(words == word)) for word in ("helps", "does_not")}
        if name != "just":
            weeks.append(float(np.mean(days)) / 7)
    return Option(
        block_days=block_days,
        pairs=pairs,
        weeks=(7 + 2 * pairs * block_days) / 7,
        settles_if_helps=shares["helps"]["helps"],
        settles_if_just=shares["just"]["helps"],
        settles_if_not=shares["not"]["does_not"],
        wrong_if_not=shares["not"]["helps"],
        weeks_to_word=float(np.mean(weeks)),
    )


def _run(
    swings: Swings, block_days: int, pairs: int, effect: float, half_life_days: float, people: int, seed: int
) -> tuple[Floats, Floats]:
    """The word of each simulated person, and after how many days it fell."""
    # Four orders stand for all that the lot may draw: people who share one are analysed together.
    words, days = [], []
    for order in range(4):
        schedule = draw(block_days=block_days, pairs=pairs, seed=seed + order)
        rng = np.random.default_rng([seed, order, block_days, pairs])
        pain = _simulated(swings, schedule, effect, half_life_days, max(1, people // 4), rng)
        said, on = looked_at(pain, schedule)
        words.append(said)
        days.append(on)
    return np.concatenate(words), np.concatenate(days)


def _simulated(
    swings: Swings, schedule: Schedule, effect: float, half_life_days: float, people: int, rng: np.random.Generator
) -> Floats:
    on = np.array(schedule.on_treatment(), dtype=float)
    there = design_matrix(on, 0, half_life_days)[:, 1]
    swing = noise(rng, people, len(on), swings.day_sd, swings.correlation)
    return as_told(swings.level + effect * there + swing)


def looked_at(pain: Floats, schedule: Schedule) -> tuple[Floats, Floats]:
    """Look at each trial as it goes: its word, and the day on which it fell; `pain` (people, days)."""
    limits = table()["verdict"]
    on = np.array(schedule.on_treatment(), dtype=float)
    words = np.full(len(pain), "cannot_tell_yet", dtype="<U16")
    days = np.full(len(pain), float(schedule.days))
    for day in schedule.looks(first=limits["first_look_blocks"], every=limits["looks_every_blocks"]):
        going = words == "cannot_tell_yet"
        if not going.any():
            break
        batch = posterior_of_many(pain[going, :day], np.arange(day), on[:day], 0, priors())
        said = words_of(batch)
        words[going] = said
        days[np.flatnonzero(going)[said != "cannot_tell_yet"]] = day
    return words, days
