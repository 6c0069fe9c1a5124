"""The guided loop of a visit, the angle beside it, and how long an undecided trial would take."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from psoas.errors import CaseError
from psoas.trial import AngleReading, LaidDown, State, angle_change, course_of, posterior, state_of
from psoas.trial.course import Look
from psoas.trial.needed import weeks_to_settle
from psoas.trial.schedule import draw

LAID_DOWN = LaidDown.of(
    {"movement": "Standing up", "treatment": "stretch", "comparison": "hand at rest", "seed": 4, "hip_flexor": True}
)


def walk(pains: dict[str, int], first: int = 7) -> tuple[State, list[dict[str, Any]]]:
    """To the end: what each thing done takes off the pain."""
    entries: list[dict[str, Any]] = []
    pain = first
    while not (state := state_of(LAID_DOWN, entries)).is_over:
        assert state.result is None and state.angle is None, "sealed until it is done"
        if state.step.what == "do":
            pain = max(0, pain - pains[state.step.after])
            entries.append({"done": state.step.after})
        else:
            entries.append({"reading": {"pain_0_10": pain, "angle_deg": -pain}})
    return state, entries


def test_a_change_from_the_treatment_alone_speaks_for() -> None:
    state, _ = walk({"treatment": 3, "comparison": 0})
    assert state.result is not None and state.result.likelihood_ratio >= 2
    assert state.angle is not None and state.angle.specific > 0


def test_an_undecided_pair_is_followed_by_another_and_no_third() -> None:
    _, entries = walk({"treatment": 1, "comparison": 0}, first=9)
    assert sum("done" in entry for entry in entries) in (2, 4)


def test_the_lot_is_kept_with_the_start_and_differs_between_seeds() -> None:
    before = [{"reading": {"pain_0_10": 7}}, {"reading": {"pain_0_10": 7}}]
    firsts = {state_of(LAID_DOWN.model_copy(update={"seed": seed}), before).step.after for seed in range(12)}
    assert firsts == {"treatment", "comparison"}
    assert state_of(LAID_DOWN, before).step == state_of(LAID_DOWN, before).step


def test_a_mild_pain_is_not_tested() -> None:
    state = state_of(LAID_DOWN, [{"reading": {"pain_0_10": 3}}, {"reading": {"pain_0_10": 3}}])
    assert state.step.what == "too_mild" and state.result is None


def test_stopped_in_the_middle_of_a_pair_the_half_one_is_left_out() -> None:
    state, entries = walk({"treatment": 3, "comparison": 0})
    whole = state_of(LAID_DOWN, entries[:6])
    half = state_of(LAID_DOWN, [*entries[:4], {"stopped": "phone rang"}])
    assert half.step.what == "stopped" and half.result is None
    assert whole.readings == state.readings[:4]


def test_what_does_not_fit_its_step_counts_for_nothing() -> None:
    odd = [{"done": "treatment"}, {"reading": {"pain_0_10": 7}}, {"done": "treatment"}, {"strange": 1}]
    assert state_of(LAID_DOWN, odd).step.number == 2


def test_seconds_out_of_range_get_a_sentence() -> None:
    with pytest.raises(CaseError, match="seconds"):
        LaidDown.of({"movement": "a", "treatment": "b", "comparison": "c", "seconds": 5})


def test_an_angle_needs_all_three_kinds_of_readings() -> None:
    assert angle_change([AngleReading("before", 0), AngleReading("treatment", 5)]) is None
    read = (
        *(("before", 0), ("before", 1), ("comparison", 1), ("treatment", 12)),
        *(("comparison", 12), ("treatment", 24)),
    )
    found = angle_change([AngleReading(after, degrees) for after, degrees in read])  # type: ignore[arg-type]
    assert found is not None and found.interval_90[0] > 0 and "beyond the comparison" in found.sentence


def days_of(effect: float) -> list[float]:
    order = draw(block_days=7, pairs=3, seed=3).on_treatment()
    return [min(10.0, max(0.0, 5 + (number % 3 - 1) + effect * on)) for number, on in enumerate(order)]


def test_how_long_it_would_take_is_finite_where_the_effect_is_clear_and_none_at_the_edge() -> None:
    order = draw(block_days=7, pairs=3, seed=3).on_treatment()
    clear = posterior(days_of(-3)[:21], order[:21], starts=date(2026, 1, 5))
    assert weeks_to_settle(clear, 21) is not None
    edge = posterior(days_of(-1.5), order, starts=date(2026, 1, 5))
    assert weeks_to_settle(edge, len(order)) in (None, *range(1, 27))


def test_a_course_keeps_its_looks_and_asks_for_the_next_on_the_day_after_its_last() -> None:
    starts = date(2026, 1, 5)
    laid_down = {"treatment": "stretch", "starts": starts.isoformat(), "block_days": 7, "pairs": 3, "seed": 3}
    entries: list[dict[str, Any]] = [
        {"day": (starts + timedelta(days=number)).isoformat(), "pain_0_10": round(pain)}
        for number, pain in enumerate(days_of(-3)[:35])
    ]
    course = course_of(laid_down, entries)
    last = starts + timedelta(days=34)
    assert course.due(last) is None, "the evening of the last day can still be told"
    assert course.due(last + timedelta(days=1)) == last
    look = course.look(last)
    again = Look.of(look.to_data())
    assert again.verdict.word == look.verdict.word == "helps"
    settled = course_of(laid_down, [*entries, {"look": look.to_data()}])
    assert settled.is_over(last) and settled.due(last + timedelta(days=30)) is None


def test_days_before_a_stop_may_come_late_and_those_after_it_count_for_nothing() -> None:
    laid_down = {"treatment": "stretch", "starts": "2026-01-05", "seed": 3}
    stop = {"stopped": "a danger sign", "on": "2026-01-10"}
    course = course_of(laid_down, [stop, {"day": "2026-01-08", "pain_0_10": 4}, {"day": "2026-01-12", "pain_0_10": 1}])
    assert list(course.trial.days) == [date(2026, 1, 8)] and course.is_over(date(2026, 1, 10))
