"""Angles measured again: change is called change only beyond the error of the method."""

from __future__ import annotations

from typing import Any

import pytest

from psoas.case.types import Measurement
from psoas.follow_up import AngleChange, choices, compare_angles
from psoas.knowledge import load

THIGH = "modified_thomas.thigh_angle"


def reading(name: str = THIGH, value: float = 0.0, **fields: Any) -> Measurement:
    return Measurement(id=name, value_deg=value, **({"side": "right", "pelvis": "controlled"} | fields))


def change(*readings: Measurement, **options: Any) -> AngleChange:
    (found,) = compare_angles(readings[:1], readings[1:], load(), **options)
    return found


def test_the_thigh_must_sink_by_eight_degrees_in_ordinary_practice() -> None:
    assert change(reading(value=6), reading(value=-1)).beyond_error is False
    found = change(reading(value=6), reading(value=-2))
    assert found.beyond_error is True and found.longer is True
    assert found.change_deg == -8
    assert "longer" in found.words


def test_a_trained_tester_sees_four_degrees() -> None:
    assert change(reading(value=6), reading(value=2), trained=True).beyond_error is True


def test_a_photo_sees_ten_degrees_at_best_and_that_is_our_choice() -> None:
    found = change(reading(value=9, method="photo"), reading(value=0, method="photo"))
    assert found.beyond_error is False
    assert found.detectable is not None and found.detectable.unverified


def test_the_knee_has_a_published_figure_of_its_own() -> None:
    found = change(reading("modified_thomas.knee_angle", 50), reading("modified_thomas.knee_angle", 57))
    assert found.detectable is not None
    assert (found.detectable.value, found.detectable.cited[0].id) == (6.9, "cejudo_2015")
    assert found.longer is True


def test_trials_are_averaged_and_sides_kept_apart() -> None:
    before = [reading(value=4), reading(value=8), reading(value=0, side="left")]
    after = [reading(value=-4), reading(value=1, side="left")]
    left, right = compare_angles(before, after, load())
    assert (left.side, left.beyond_error) == ("left", False)
    assert (right.side, right.change_deg, right.beyond_error) == ("right", -10, True)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (reading(value=9, pelvis="free"), reading(value=-9), "pelvis"),
        (reading(value=9), reading(value=-9, pelvis=None), "pelvis"),
        (reading(value=9, method="goniometer"), reading(value=-9, method="inclinometer"), "another way"),
        (reading("hip.flexion", 90), reading("hip.flexion", 120), "No study"),
    ],
)
def test_what_cannot_be_compared_gets_no_verdict(before: Measurement, after: Measurement, says: str) -> None:
    found = change(before, after)
    assert found.beyond_error is None and found.longer is None
    assert says in found.words


def test_our_degrees_are_those_of_the_sentence_of_the_pack() -> None:
    said = load().hip_flexor_tests.reading_of_reliability
    assert f"mdc {choices.TRAINED_TESTER_DEG:g} deg for a trained tester" in said
    assert f"7-{choices.ORDINARY_PRACTICE_DEG:g} deg for ordinary practice" in said
    assert f"under {choices.HOME_PHOTO_DEG:g} deg from a home photo" in said
