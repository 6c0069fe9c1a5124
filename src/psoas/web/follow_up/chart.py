"""The course as a picture: pain beside the average of studies, and the chosen activities. Drawn on the server.

Coordinates are pixels of a view box; x is weeks since the visit, y is the scale 0 to 10.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from psoas.follow_up import ExpectedCourse
from psoas.web.follow_up.record import Course

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 14, 48
LEAST_WEEKS, MOST_WEEKS = 12.0, 52.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A reading: where it stands, and what it says."""

    x: float
    y: float
    says: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws. Point lists are as SVG wants them; empty where there is nothing to draw.

    Attributes:
        wide: the pale ground from no pain to the start, because people vary that much.
        band, expected: interval and mean of the studies.
        published: the weeks that were published; between them the line is interpolated.
        line, dots: this person.
    """

    title: str
    says: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    wide: str
    band: str
    expected: str
    published: tuple[Dot, ...]
    line: str
    dots: tuple[Dot, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def pain_chart(course: Course, says: str) -> Chart:
    """Pain since the visit, beside the average of people who began alike."""
    start = course.baseline.pain
    readings = [(0.0, start)] if start is not None and course.baseline.pain_on is None else []
    readings += [
        (course.baseline.weeks_to(one.on), float(one.pain_0_10))
        for one in course.check_ins
        if one.pain_0_10 is not None
    ]
    return _chart("Worst pain of the week, 0 to 10", says, readings, course.expected())


def activity_chart(course: Course, says: str) -> Chart:
    """The mean of the person's own activities; no study gives a course to hold it against."""
    rated = [(course.baseline.weeks_to(one.on), one.mean_activity) for one in course.check_ins]
    readings = [(week, mean) for week, mean in rated if mean is not None]
    return _chart("What you want to do again, mean, 0 cannot to 10 as before", says, readings, None)


def _chart(title: str, says: str, readings: list[tuple[float, float]], expected: ExpectedCourse | None) -> Chart:
    last = max((week for week, _ in readings), default=0.0)
    weeks = min(max(LEAST_WEEKS, last + 2), max(MOST_WEEKS, last))

    def x(week: float) -> float:
        return round(LEFT + week / weeks * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        return round(TOP + (1 - value / 10) * (HEIGHT - TOP - BOTTOM), 1)

    def points(pairs: Iterable[tuple[float, float]]) -> str:
        return " ".join(f"{x(week)},{y(value)}" for week, value in pairs)

    line = expected.line(step_weeks=0.5, until_week=weeks) if expected else ()
    step = 2 if weeks <= 14 else 4 if weeks <= 28 else 8
    return Chart(
        title=title,
        says=says,
        x_ticks=tuple((x(week), str(week)) for week in range(0, int(weeks) + 1, step)),
        y_ticks=tuple((y(value), str(value)) for value in (0, 2, 4, 6, 8, 10)),
        wide=points([(0, expected.start), (line[-1].week, expected.start), (line[-1].week, 0), (0, 0)])
        if expected and line
        else "",
        band=points([*((one.week, one.high) for one in line), *((one.week, one.low) for one in reversed(line))]),
        expected=points((one.week, one.pain) for one in line),
        published=tuple(
            Dot(x(one.week), y(one.pain), f"week {one.week:g}: {one.pain:.1f} on average")
            for one in line
            if one.published and one.week > 0
        ),
        line=points(readings),
        dots=tuple(Dot(x(week), y(value), f"week {week:.0f}: {value:g}") for week, value in readings),
    )
