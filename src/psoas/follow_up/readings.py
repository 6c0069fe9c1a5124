"""The start that later readings are held against, and the changes since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from psoas.case import Case
from psoas.follow_up.check_in import CheckIn

DAYS_IN_WEEK = 7


@dataclass(frozen=True, slots=True)
class Baseline:
    """How it was at the first visit.

    Attributes:
        on: day of that visit; weeks count from here.
        pain: 0-10; None when nobody said.
        pain_on: day that `pain` was given, when a check-in had to stand in for the visit.
        activities: the person's own, 0 cannot do it, 10 as before.
        duration_weeks: how long this episode had lasted by then.
    """

    on: date
    pain: float | None = None
    activities: Mapping[str, float] = field(default_factory=dict)
    duration_weeks: float | None = None
    pain_on: date | None = None

    @classmethod
    def of(cls, case: Case, on: date, activities: Mapping[str, float] | None = None) -> Baseline:
        """The start as the case of the first visit tells it."""
        return cls(on, case.pain.worst, dict(activities or {}), case.pain.duration_weeks)

    @property
    def since(self) -> date:
        """The day from which the course of pain counts."""
        return self.pain_on or self.on

    def weeks_to(self, day: date) -> float:
        """Weeks from the start of the course to a day."""
        return (day - self.since).days / DAYS_IN_WEEK


def in_order(baseline: Baseline, check_ins: Sequence[CheckIn]) -> tuple[CheckIn, ...]:
    """The check-ins whose readings count: since the first visit, oldest first; of one day the later entered is later.

    What any of them says of a danger counts whatever its day; `judge` looks for that in every check-in.
    """
    return tuple(sorted((one for one in check_ins if one.on >= baseline.on), key=lambda one: one.on))


def anchored(baseline: Baseline, check_ins: Sequence[CheckIn]) -> Baseline:
    """The start; when the visit did not ask for the pain, the first check-in that tells it stands in."""
    if baseline.pain is None and (first := next((one for one in check_ins if one.pain_0_10 is not None), None)):
        baseline = replace(baseline, pain=float(first.pain_0_10 or 0), pain_on=first.on)
    return baseline


def of_pain(baseline: Baseline, check_ins: Sequence[CheckIn]) -> tuple[tuple[date, float], ...]:
    """Readings of pain after the start, oldest first; of one day the last, so that one sent twice is not two."""
    by_day = {one.on: float(one.pain_0_10) for one in check_ins if one.pain_0_10 is not None}
    return tuple((day, pain) for day, pain in sorted(by_day.items()) if day != baseline.pain_on)


def function_change(baseline: Baseline, check_ins: Sequence[CheckIn]) -> tuple[float, int] | None:
    """Mean change of the activities last rated, each since it was first rated, and how many they are.

    Positive is better. An activity that was rated only once says nothing of a change.
    """
    ratings: dict[str, list[float]] = {name: [value] for name, value in baseline.activities.items()}
    last: list[str] = []
    for one in check_ins:
        rated = {name: float(value) for name, value in one.activities.items() if value is not None}
        for name, value in rated.items():
            ratings.setdefault(name, []).append(value)
        last = list(rated) or last
    changes = [ratings[name][-1] - ratings[name][0] for name in last if len(ratings[name]) > 1]
    return (sum(changes) / len(changes), len(changes)) if changes else None


def last_change(check_ins: Sequence[CheckIn]) -> int | None:
    """The last overall change that was answered."""
    return next((one.change for one in reversed(check_ins) if one.change is not None), None)
