"""Numbers typed in: averaged with the error of the method, and asked back where no joint shows them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from psoas.case import Case
from psoas.errors import MeasureError
from psoas.measure import average_trials

HELD = {"side": "right", "method": "inclinometer", "pelvis": "controlled"}
SEM_DEG = 4.0 / (1.96 * np.sqrt(2.0))


def test_mean_and_error_of_three_trials_by_hand() -> None:
    """Smallest detectable change 4 degrees: sem 1.44; half of its variance shrinks with the three trials."""
    angle = average_trials([-12.0, -10.0, -13.0], **HELD)  # type: ignore[arg-type]
    assert angle.value_deg == pytest.approx(-35.0 / 3.0)
    # Their own variance, 7/3, is more than the half of 1.44 squared that trials may have, so it counts.
    assert angle.sd_deg == pytest.approx(np.sqrt(0.5 * SEM_DEG**2 + 7.0 / 3.0 / 3.0))
    assert angle.trials == 3 and angle.notes == ()


def test_one_trial_is_said_and_has_the_whole_error() -> None:
    angle = average_trials([-12.0], **HELD)  # type: ignore[arg-type]
    assert angle.sd_deg == pytest.approx(SEM_DEG)
    assert angle.notes == ("One trial only; the mean of two or three is surer.",)


@given(st.lists(st.floats(-30.0, 40.0), min_size=1, max_size=6))
def test_order_does_not_matter_and_the_mean_lies_between(values: list[float]) -> None:
    angle = average_trials(values, **HELD)  # type: ignore[arg-type]
    again = average_trials(values[::-1], **HELD)  # type: ignore[arg-type]
    assert (angle.value_deg, angle.sd_deg) == (again.value_deg, again.sd_deg)
    assert min(values) - 1e-9 <= angle.value_deg <= max(values) + 1e-9
    assert angle.sd_deg >= SEM_DEG * np.sqrt(0.5)


def test_trials_far_apart_count_with_their_own_scatter() -> None:
    angle = average_trials([-20.0, 10.0], **HELD)  # type: ignore[arg-type]
    assert angle.sd_deg > 10.0 and "30 degrees apart" in angle.notes[0]


def test_a_pelvis_that_was_not_held_is_said_where_it_matters() -> None:
    assert "not said whether the pelvis was held" in average_trials([-5, -6], side="left").notes[0]
    assert "The pelvis was free" in average_trials([-5, -6], side="left", pelvis="free").notes[0]
    assert average_trials([30, 32], name="hip.internal_rotation", side="left").notes == ()


def test_every_trial_goes_into_the_case_by_itself() -> None:
    """The estimate averages on its own; the case keeps what was read."""
    angle = average_trials([-12.0, -10.0], **HELD)  # type: ignore[arg-type]
    entries = angle.to_measurements()
    assert [entry["value_deg"] for entry in entries] == [-12.0, -10.0]
    case = Case.model_validate({"psoas_case": 1, "measurements": entries})
    assert case.measurements[1].method == "inclinometer"


def test_an_angle_without_sides_needs_none() -> None:
    angle = average_trials([40.0, 44.0], name="lumbar.flexion")
    assert angle.side is None and "side" not in angle.to_measurements()[0]


@pytest.mark.parametrize(
    ("values", "words", "sentence"),
    [
        (
            [40.0],
            {"name": "hip.extension", "side": "left"},
            "is 40 degrees; expected -30 to 35. Is the sign or the joint",
        ),
        ([-40.0], {"side": "left"}, "Is the sign swapped? Below the horizontal is negative"),
        ([float("nan")], {"side": "left"}, "is nan degrees"),
        ([], {"side": "left"}, "No value of modified_thomas.thigh_angle was given"),
        ([1.0], {"side": "both"}, "the side of modified_thomas.thigh_angle is 'both'; expected left or right."),
        ([1.0], {}, "is None; expected left or right."),
        (
            [1.0],
            {"side": "left", "name": "hip.extention"},
            "'hip.extention' is no angle of a case; near it are hip.ext",
        ),
        ([1.0], {"side": "left", "name": "power.hip_flexion"}, "is no angle of a case"),
        ([1.0], {"side": "left", "pelvis": "strapped"}, "pelvis is 'strapped'; expected controlled or free"),
    ],
)
def test_bad_input_gets_a_sentence(values: list[float], words: dict[str, str], sentence: str) -> None:
    with pytest.raises(MeasureError) as caught:
        average_trials(values, **words)  # type: ignore[arg-type]
    assert sentence in str(caught.value)
