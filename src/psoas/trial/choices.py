"""What a trial rests on, from `data/trial.yaml`: priors, thresholds and the limits of what one visit may say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal distribution, in points of 0 to 10."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Priors:
    """What is believed of one person's days before any was recorded; see `data/trial.yaml` for each figure's reason."""

    level: Normal
    effect: Normal
    trend_per_4_weeks: Normal
    weekday: Normal
    day_sd: tuple[float, ...]
    correlation: tuple[float, ...]
    half_life_days: tuple[float, ...]


@cache
def table() -> dict[str, Any]:
    """The file as it stands."""
    text = resources.files("psoas.trial").joinpath("data/trial.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def normal(row: dict[str, float]) -> Normal:
    """A row `{mean, sd}`."""
    return Normal(float(row["mean"]), float(row["sd"]))


@cache
def priors() -> Priors:
    """The priors of the daily model."""
    rows = table()["priors"]
    return Priors(
        level=normal(rows["level"]),
        effect=normal(rows["effect"]),
        trend_per_4_weeks=normal(rows["trend_per_4_weeks"]),
        weekday=normal(rows["weekday"]),
        day_sd=tuple(map(float, rows["day_sd"])),
        correlation=tuple(map(float, rows["correlation"])),
        half_life_days=tuple(map(float, rows["carry_over_half_life_days"])),
    )


def noticeable_points(level: float) -> float:
    """The smallest fall of the mean daily pain that people notice, points, at a usual pain of `level` (0 to 10)."""
    row = table()["noticeable"]
    return float(min(max(row["fraction"] * level, row["least_points"]), row["most_points"]))
