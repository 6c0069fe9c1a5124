"""The course to expect from cohort studies: an average of people, drawn for a person's own start.

Pain at a published week is the person's own start times the ratio of the pooled means. Between published weeks it is
interpolated, and beyond the last there is nothing. No table gives the course of function, so none is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from psoas.care.types import Citation
from psoas.follow_up import choices
from psoas.follow_up.measures import cite
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.prognosis import RecoveryFraction, Trajectory

Stage = Literal["acute", "subacute", "persistent"]
SCALE = 10.0


@dataclass(frozen=True, slots=True)
class ExpectedPoint:
    """Mean pain (0-10) some weeks after the start, with the interval of that mean (not the range of people)."""

    week: float
    pain: float
    low: float
    high: float
    published: bool


@dataclass(frozen=True, slots=True)
class RecoveryShare:
    """What share of people reached something (0-1), or after how many days half of them had."""

    what: str
    who: str
    share: float | None
    median_days: float | None
    week: int | None
    interval: tuple[float, float] | None
    note: str | None
    cited: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ExpectedCourse:
    """The course of people like this one, on average.

    Attributes:
        stage: by how long this episode had lasted at the first visit.
        points: at the published weeks only.
        start: the person's own pain, 0-10; the pale band runs from 0 to here, because people vary that much.
        certainty: of the evidence, as graded by the review.
        notes: what a reader must know of it.
    """

    stage: Stage
    population: str
    certainty: str | None
    start: float
    points: tuple[ExpectedPoint, ...]
    shares: tuple[RecoveryShare, ...]
    notes: tuple[str, ...]
    cited: tuple[Citation, ...]

    @property
    def last_week(self) -> float:
        """The last week of which the studies tell."""
        return self.points[-1].week

    def at(self, week: float) -> ExpectedPoint | None:
        """The average at a week; None before the start and beyond the studies."""
        for point in self.points:
            if point.week == week:
                return point
        for before, after in zip(self.points, self.points[1:], strict=False):
            if before.week < week < after.week:
                share = _share_of_way(before.week, after.week, week)
                pain, low, high = (
                    getattr(before, name) + share * (getattr(after, name) - getattr(before, name))
                    for name in ("pain", "low", "high")
                )
                return ExpectedPoint(week, pain, low, high, published=False)
        return None

    def line(self, *, step_weeks: float = 1.0, until_week: float | None = None) -> tuple[ExpectedPoint, ...]:
        """The points of a line to draw, published weeks among them."""
        end = min(self.last_week, until_week if until_week is not None else self.last_week)
        weeks = {step * step_weeks for step in range(math.floor(end / step_weeks) + 1)}
        weeks |= {point.week for point in self.points if point.week <= end}
        found = (self.at(week) for week in sorted(weeks))
        return tuple(point for point in found if point is not None)


def expected_course(start_0_10: float, duration_weeks: float, knowledge: Knowledge) -> ExpectedCourse:
    """The average course of people who began with this pain after this duration.

    Args:
        start_0_10: the person's own pain at the first visit, 0-10.
        duration_weeks: how long the episode had lasted by then.

    Raises:
        ValueError: a start outside 0 to 10, or a negative duration.
    """
    if not 0 <= start_0_10 <= SCALE:
        raise ValueError(f"start_0_10 is {start_0_10}; expected 0 to 10.")
    if not duration_weeks >= 0:
        raise ValueError(f"duration_weeks is {duration_weeks}; expected 0 or more.")
    stage = stage_at_entry(duration_weeks)
    table = knowledge.prognosis.trajectories[choices.TRAJECTORY_OF[stage]]
    sources = tuple(dict.fromkeys(name for row in table.rows for name in row.source))
    read_in = tuple(dict.fromkeys(one for row in table.rows for one in row.read_in))
    return ExpectedCourse(
        stage=stage,
        population=table.population,
        certainty=table.certainty,
        start=start_0_10,
        points=tuple(_points(table, start_0_10)),
        shares=tuple(_shares(stage, knowledge)),
        notes=tuple(_notes(table, duration_weeks, knowledge)),
        cited=cite(sources, read_in, knowledge, "prognosis"),
    )


def stage_at_entry(duration_weeks: float) -> Stage:
    """Which table holds, by the weeks since this episode began."""
    if duration_weeks < choices.SUBACUTE_FROM_WEEKS:
        return "acute"
    return "subacute" if duration_weeks < choices.PERSISTENT_FROM_WEEKS else "persistent"


def _points(table: Trajectory, start: float) -> Iterator[ExpectedPoint]:
    """At week 0 the person's own start is known; later the interval of the mean is carried over in proportion."""
    first = table.rows[0].mean_pain_0_100
    for row, ratio in zip(table.rows, table.ratios, strict=True):
        if row.weeks == 0:
            yield ExpectedPoint(0.0, start, start, start, published=True)
            continue
        low, high = (min(SCALE, start * end / first) for end in row.ci)
        yield ExpectedPoint(float(row.weeks), start * ratio.ratio_to_baseline, low, high, published=True)


def _share_of_way(before: float, after: float, week: float) -> float:
    """How much of the way between two published weeks is gone; the first stretch falls fastest at its beginning."""
    if before > 0:
        return (week - before) / (after - before)
    fall = choices.EARLY_FALL_WEEKS
    return (1 - math.exp(-week / fall)) / (1 - math.exp(-after / fall))


def _shares(stage: Stage, knowledge: Knowledge) -> Iterator[RecoveryShare]:
    population = ""
    for one in knowledge.prognosis.recovery_fractions:
        population = population if one.population == "same" else one.population
        if stage in one.stages:
            yield _share(one, population, knowledge)


def _share(one: RecoveryFraction, population: str, knowledge: Knowledge) -> RecoveryShare:
    cited = cite(one.source, one.read_in, knowledge, "prognosis")
    return RecoveryShare(one.what, population, one.value, one.value_days, one.weeks, one.ci, one.note, cited)


def _notes(table: Trajectory, duration_weeks: float, knowledge: Knowledge) -> Iterator[str]:
    yield "An average of people in studies. People vary far more than the band; being outside it is not abnormal."
    if any(row.ci_read_in == "recalled" for row in table.rows):
        yield "The ends of the band were recalled and not seen in a stored page."
    if duration_weeks > choices.LONGEST_STUDIED_WEEKS:
        yield (
            f"The studies took people whose pain had lasted at most {choices.LONGEST_STUDIED_WEEKS:g} weeks; here it "
            f"was {duration_weeks:g}, so the course may well be slower."
        )
    yield knowledge.prognosis.band_drawing.disability
    yield "Every table is for back pain of no known single cause; none is for pain of the hip flexors."
