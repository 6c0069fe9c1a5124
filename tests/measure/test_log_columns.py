"""Columns of a log are known by their names; what does not fit is refused, and no position stands for a meaning."""

from __future__ import annotations

import numpy as np
import pytest

from psoas.cli.measure import _numbers
from psoas.errors import MeasureError
from psoas.measure import from_inclinometer
from psoas.measure.logs.file import log_of

SECONDS = np.arange(0.0, 8.0, 0.05)
ROLL = -12.0 * np.clip((SECONDS - 3.0) / 1.2, 0.0, 1.0)


def log(head: str, *columns: object, separator: str = ",", end: str = "") -> str:
    rows = [separator.join(map(str, row)) + end for row in zip(*columns, strict=True)]
    return "\n".join([*([head] if head else []), *rows])


def measured(text: str, **words: object) -> float:
    return from_inclinometer(log_of(text, axis=words.get("axis")), side="right", **words).value_deg  # type: ignore[arg-type]


FLAT = np.full(len(SECONDS), 0.1)
YAW = np.full(len(SECONDS), 140.0)
DATES = [f"2024-05-01T10:00:{s:06.3f}Z" for s in SECONDS]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(log("time,yaw,roll,pitch", SECONDS, YAW, ROLL, FLAT, end=","), id="separator at the row's end"),
        pytest.param(log("time,roll,pitch,", SECONDS, ROLL, FLAT, end=","), id="separator at every end"),
        pytest.param(log("", range(len(SECONDS)), SECONDS, ROLL, FLAT), id="a counter, no names"),
        pytest.param("Time;Roll;Pitch\n[s];[deg];[deg]\n" + log("", SECONDS, ROLL, FLAT, separator=";"), id="units"),
        pytest.param(log("timestamp,time_s,roll,pitch", DATES, SECONDS, ROLL, FLAT), id="a date beside seconds"),
        pytest.param(log("timestamp,roll,pitch", DATES, ROLL, FLAT), id="a date alone"),
        pytest.param(log("t (s),Tilt up/down (deg),Tilt left/right (deg)", SECONDS, FLAT, ROLL), id="two tilts"),
        pytest.param(log("time,pelvis_tilt,roll", SECONDS, FLAT + 5, ROLL), id="a pelvis beside a phone"),
    ],
)
def test_the_angle_is_found(text: str) -> None:
    assert measured(text) == pytest.approx(-12.0, abs=0.2)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (log("time,roll", SECONDS, ROLL, FLAT), "names 2 columns"),
        (log("", SECONDS, YAW, ROLL, FLAT), "4 columns and no names"),
        (log("time,pelvis_tilt,hip_flexion_r", SECONDS, FLAT + 5, ROLL), "of a body part"),
        (log("t (s),Angle (deg)", SECONDS, np.abs(ROLL + 3.0)), "no sign"),
        (log("time,slope (%)", SECONDS, ROLL), "in percent"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_read(text: str, sentence: str) -> None:
    with pytest.raises(MeasureError) as caught:
        measured(text)
    assert sentence in str(caught.value)


def test_a_column_can_be_asked_for_by_its_name() -> None:
    text = log("time,pelvis_tilt,hip_flexion_r", SECONDS, FLAT + 5, ROLL)
    assert measured(text, axis="hip_flexion_r") == pytest.approx(-12.0, abs=0.2)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("-12,5 -13", [-12.5, -13.0]),
        ("-12 -10 -13", [-12.0, -10.0, -13.0]),
        ("-12,-10,-13", [-12.0, -10.0, -13.0]),
        ("-12, -10, -13", [-12.0, -10.0, -13.0]),
        ("12,10,13", [12.0, 10.0, 13.0]),
        ("-12,5; -13,5", [-12.5, -13.5]),
        ("\u221212.5 -13", [-12.5, -13.0]),
    ],
)
def test_trials_typed_with_a_decimal_comma(typed: str, numbers: list[float]) -> None:
    assert _numbers(typed) == numbers


def test_a_comma_that_may_be_either_is_asked_back() -> None:
    with pytest.raises(MeasureError, match="one number or two"):
        _numbers("-12,5")
