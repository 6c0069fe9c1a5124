"""The expected course: published points as published, honest between them, silent beyond them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psoas.follow_up import expected_course
from psoas.follow_up.expected import stage_at_entry
from psoas.knowledge import load

STARTS = st.floats(0, 10)
WEEKS = st.floats(0, 300)


@pytest.mark.parametrize(
    ("duration", "stage"),
    [(0, "acute"), (5.9, "acute"), (6, "subacute"), (11.9, "subacute"), (12, "persistent"), (300, "persistent")],
)
def test_the_table_follows_the_duration_at_the_first_visit(duration: float, stage: str) -> None:
    assert stage_at_entry(duration) == stage


def test_published_weeks_are_the_start_times_the_published_ratio() -> None:
    """Acute, 2024 review: 56, 26, 22, 21 of 100 at weeks 0, 6, 26, 52; from 8 of 10 that is 8, 3.7, 3.1, 3.0."""
    course = expected_course(8, 2, load())
    assert [point.week for point in course.points] == [0, 6, 26, 52]
    assert [point.pain for point in course.points] == pytest.approx([8, 8 * 0.464, 8 * 0.393, 8 * 0.375])
    assert course.points[1].low == pytest.approx(8 * 21 / 56)
    assert course.points[1].high == pytest.approx(8 * 31 / 56)
    assert all(point.published for point in course.points)
    assert "wallwork_2024" in {one.id for one in course.cited}
    assert course.cited[0].read_in == ("secondary",)


def test_between_published_weeks_it_lies_between_them_and_says_that_it_is_not_published() -> None:
    course = expected_course(6, 8, load())
    week_16 = course.at(16)
    assert week_16 is not None and not week_16.published
    assert week_16.pain == pytest.approx((course.points[1].pain + course.points[2].pain) / 2)


def test_the_fall_is_steepest_at_the_start() -> None:
    course = expected_course(8, 1, load())
    weekly = [course.at(week).pain for week in range(7)]  # type: ignore[union-attr]
    falls = [before - after for before, after in itertools.pairwise(weekly)]
    assert falls == sorted(falls, reverse=True)
    assert sum(falls[:4]) > 0.85 * sum(falls)  # nearly all of it within four weeks


@given(STARTS, WEEKS, st.floats(-10, 400))
def test_never_beyond_the_studies_never_outside_the_scale(start: float, duration: float, week: float) -> None:
    point = expected_course(start, duration, load()).at(week)
    if not 0 <= week <= 52:
        assert point is None
    else:
        assert point is not None
        assert 0 <= point.low <= point.pain <= point.high + 1e-12 <= 10 + 1e-9


@given(st.tuples(STARTS, STARTS), WEEKS, st.floats(0, 52))
def test_more_pain_at_the_start_never_means_less_to_expect(
    starts: tuple[float, float], duration: float, week: float
) -> None:
    less, more = (expected_course(start, duration, load()).at(week) for start in sorted(starts))
    assert less is not None and more is not None and less.pain <= more.pain + 1e-12


def test_it_says_what_it_is() -> None:
    course = expected_course(5, 80, load())
    said = " ".join(course.notes)
    assert "average" in said and "vary" in said and "80" in said and "52" in said
    assert "hip flexors" in said
    assert "disability" in said


@pytest.mark.parametrize(("duration", "share"), [(2, 0.33), (8, 0.33), (20, 0.42)])
def test_recovery_is_told_as_shares_of_people_with_their_study(duration: float, share: float) -> None:
    shares = expected_course(5, duration, load()).shares
    assert share in [one.share for one in shares]
    assert all(one.cited and one.who != "same" for one in shares)


def test_shares_of_acute_people_are_not_shown_to_the_newly_chronic() -> None:
    assert {one.who for one in expected_course(5, 20, load()).shares} == {"newly chronic"}


@pytest.mark.parametrize(("start", "duration"), [(-1, 2), (11, 2), (5, -1), (float("nan"), 2), (5, float("nan"))])
def test_nonsense_is_refused_by_name(start: float, duration: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        expected_course(start, duration, load())


def test_the_line_holds_the_published_weeks_and_stops_where_it_is_told() -> None:
    line = expected_course(7, 1, load()).line(until_week=10)
    assert line[0].week == 0 and line[-1].week == 10
    assert any(point.week == 6 and point.published for point in line)
