"""A series of single-person trials analysed at once: each person's exact posterior, and the effects together.

    rows = read_days(text)          # CSV: person, day, on_treatment, pain; trial and weekday if there are
    found = analysed(rows)

Together, the persons' effects are normal around a common mean with a spread between people; mean N(0, 1.5), spread even
on a grid up to 3 points. Given the spread all is normal, so this too is exact. A member that cannot be analysed
says why.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from psoas.trial.choices import priors
from psoas.trial.model import Floats, Mixture, Posterior, TrialError, posterior
from psoas.trial.verdict import Verdict, verdict_of

NEEDED = ("person", "day", "on_treatment", "pain")
MONDAY = date(2026, 1, 5)
"""Some Monday: a file without dates says only on which weekday each trial's first day fell."""
LONGEST_DAYS = 1000
SPREADS = np.linspace(0.0, 3.0, 61)
"""Standard deviations of the effect between people, points."""


@dataclass(frozen=True, slots=True)
class Row:
    """One day of one person's trial: number from 0, weekday 0 to 6 with Monday 0 or None, pain or None."""

    trial: str
    day: int
    weekday: int | None
    on_treatment: bool
    pain: float | None


@dataclass(frozen=True, slots=True)
class Member:
    """One trial of a series; `problem` says why it could not be analysed, empty where it was."""

    trial: str
    days: int
    verdict: Verdict | None = None
    shrunk: float | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """All of them, and the effects together: mean over people, spread between them, each with its central 90 %."""

    members: tuple[Member, ...]
    mean: float | None
    mean_90: tuple[float, float] | None
    spread: float | None


def read_days(text: str) -> list[Row]:
    """Rows of a CSV with a header, such as days.csv of a study file.

    Raises:
        TrialError: a column is missing or a cell cannot be read; the message names row and column.
    """
    reader = csv.DictReader(io.StringIO(text))
    if missing := [name for name in NEEDED if name not in (reader.fieldnames or ())]:
        raise TrialError(f"column {missing[0]} is missing; expected {', '.join(NEEDED)}, and trial, weekday if known.")
    return [_row(cells, number) for number, cells in enumerate(reader, 2)]


def _row(cells: Mapping[str, str | None], line: int) -> Row:
    def number(name: str, low: float, high: float) -> float | None:
        text = (cells.get(name) or "").strip()
        if not text:
            return None
        try:
            value = float({"true": "1", "false": "0"}.get(text.lower(), text))
        except ValueError:
            raise TrialError(f"line {line}: {name} is {text[:20]!r}; expected a number.") from None
        if not low <= value <= high:
            raise TrialError(f"line {line}: {name} is {text[:20]}; expected {low:g} to {high:g}.")
        return value

    day, on = number("day", 0, LONGEST_DAYS), number("on_treatment", 0, 1)
    if day is None or on is None:
        raise TrialError(f"line {line}: day and on_treatment are needed in every row.")
    weekday = number("weekday", 0, 6)
    name = " ".join(part for part in (cells.get("person") or "", cells.get("trial") or "") if part)
    return Row(name, int(day), None if weekday is None else int(weekday), on >= 0.5, number("pain", 0, 10))


def analysed(rows: Sequence[Row]) -> Series:
    """Every trial of the rows by itself, and their effects together."""
    trials: dict[str, list[Row]] = {}
    for row in rows:
        trials.setdefault(row.trial, []).append(row)
    found: dict[str, Posterior] = {}
    problems: dict[str, str] = {}
    for name, days in trials.items():
        try:
            found[name] = _posterior(days)
        except TrialError as err:
            problems[name] = str(err)
    together = _together([one.effect for one in found.values()]) if len(found) > 1 else None
    shrunk = dict(zip(found, together[2], strict=True)) if together else {}
    members = tuple(
        Member(
            name, len(days), verdict_of(found[name]) if name in found else None, shrunk.get(name),
            problems.get(name, ""),
        )
        for name, days in trials.items()
    )  # fmt: skip
    if together is None:
        return Series(members, None, None, None)
    return Series(members, together[0].average, together[0].interval(0.9), together[1])


def _posterior(days: Sequence[Row]) -> Posterior:
    """One trial. Days between those of the rows have no pain, and are taken to go on in the block before them."""
    by_day = {row.day: row for row in days}
    first, last = min(by_day), max(by_day)
    pain: list[float | None] = []
    order: list[int] = []
    for day in range(first, last + 1):
        row = by_day.get(day)
        pain.append(row.pain if row else None)
        order.append(int(row.on_treatment) if row else order[-1])
    weekday = by_day[first].weekday or 0
    return posterior(pain, order, starts=MONDAY + timedelta(days=weekday))


def _together(effects: Sequence[Mixture]) -> tuple[Mixture, float, list[float]]:
    """The mean over people, the spread between them, and each effect drawn towards the mean.

    Each person's posterior is made a likelihood again by taking its prior out; as a normal with the same two moments.
    """
    prior = priors().effect
    means = np.array([one.average for one in effects])
    variances = np.array([float(one.weight @ (one.sd**2 + one.mean**2)) - one.average**2 for one in effects])
    # A posterior no narrower than its prior has told nothing: its likelihood is as good as flat.
    precision: Floats = np.maximum(1.0 / variances - prior.sd**-2, 1e-6)
    told = (means / variances - prior.mean / prior.sd**2) / precision
    ln, mean, sd, shrunk = [], [], [], []
    for spread in SPREADS:
        each = 1.0 / (1.0 / precision + spread**2)
        common = float(np.sum(each) + prior.sd**-2)
        middle = float(np.sum(each * told) + prior.mean / prior.sd**2) / common
        fit = float(np.sum(each * told**2)) + prior.mean**2 / prior.sd**2 - common * middle**2
        ln.append(0.5 * (float(np.sum(np.log(each))) - np.log(common) - fit))
        mean.append(middle)
        sd.append(common**-0.5)
        share = precision / (precision + (spread**-2 if spread > 0 else np.inf))
        shrunk.append(share * told + (1.0 - share) * middle)
    weight = np.exp(np.array(ln) - max(ln))
    weight /= weight.sum()
    each_shrunk = (weight @ np.array(shrunk)).tolist()
    return Mixture(weight, np.array(mean), np.array(sd)), float(weight @ SPREADS), each_shrunk
