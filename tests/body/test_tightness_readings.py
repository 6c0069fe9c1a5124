"""Readings: noise by method, trials averaged, and what is asked back."""

from __future__ import annotations

import numpy as np
import pytest

from psoas.body.flexibility.readings import (
    Reading,
    TightnessError,
    readings_of,
    remarks_on,
    rows_of,
)
from psoas.body.flexibility.tightness import estimate
from psoas.case import Case
from psoas.knowledge.angle_error import averaged_sd, error_sd_deg

THIGH = "modified_thomas.thigh_angle"


def test_noise_follows_the_published_detectable_change() -> None:
    """sem = mdc / (1.96 * sqrt 2): 4, 7.5 and 10 degrees give 1.4, 2.7 and 3.6."""
    assert error_sd_deg(THIGH, held=True, home=False, instrument=True) == pytest.approx(1.44, abs=0.01)
    assert error_sd_deg(THIGH, held=False, home=False, instrument=True) == pytest.approx(2.71, abs=0.01)
    assert error_sd_deg(THIGH, held=True, home=False, instrument=False) == pytest.approx(2.71, abs=0.01)
    assert error_sd_deg(THIGH, held=True, home=True, instrument=False) == pytest.approx(3.61, abs=0.01)
    assert error_sd_deg("ely.knee_flexion", held=True, home=False, instrument=True) == pytest.approx(2.89, abs=0.01)


def test_the_sessions_error_does_not_average_away() -> None:
    sds = [averaged_sd(2.0, [-5.0] * count) for count in (1, 2, 4, 1000)]
    assert sds[0] == pytest.approx(2.0)
    assert sds == sorted(sds, reverse=True)
    assert sds[-1] == pytest.approx(np.sqrt(2.0), rel=1e-3)


def test_trials_that_scatter_carry_their_own_scatter() -> None:
    assert averaged_sd(1.5, [-10.0, 2.0, 12.0]) > 5.0
    assert averaged_sd(1.5, [-5.0, -6.0]) < 1.5


def test_trials_of_one_angle_become_one_row() -> None:
    rows = rows_of([Reading(THIGH, "left", value, "controlled", "goniometer") for value in (-10.0, -12.0, -14.0)])
    assert len(rows) == 1 and rows[0].value_deg == pytest.approx(-12.0) and rows[0].trials == 3
    mixed = rows_of([Reading(THIGH, "left", -10.0, "controlled", "goniometer"), Reading(THIGH, "left", -4.0)])
    assert len(mixed) == 2, "a held and a free pelvis are two ways of measuring"


def test_a_reading_that_states_its_own_error_counts_with_it_where_it_is_larger() -> None:
    rows = {
        method: rows_of([Reading(THIGH, "left", -10.0, "controlled", method)])[0].sd_deg
        for method in ("photo", "photo, sd 9.7 deg", "photo, sd 1.0 deg", "inclinometer", "inclinometer, sd 0.1 deg")
    }
    assert rows["photo, sd 9.7 deg"] == pytest.approx(9.7)
    assert rows["photo, sd 1.0 deg"] == rows["photo"], "a photo cannot be surer than photos are"
    assert rows["inclinometer, sd 0.1 deg"] == rows["inclinometer"]


def test_a_surer_photo_gives_a_surer_muscle() -> None:
    def sd(method: str) -> float:
        readings = [Reading(THIGH, side, -10.0, "controlled", method) for side in ("left", "right")]
        return estimate(readings).sides["left"]["iliopsoas"].sd

    assert sd("inclinometer") < sd("photo, sd 4.0 deg") < sd("photo, sd 9.7 deg")


def test_the_order_of_the_readings_does_not_matter() -> None:
    readings = [Reading(THIGH, "left", -10.0), Reading("ober.angle", "right", -20.0), Reading(THIGH, "right", -8.0)]
    assert rows_of(readings) == rows_of(readings[::-1])


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("hip.extension", 40.0, "hip.extension of the left side is 40 degrees; expected -30 to 35. Is the sign"),
        (THIGH, -40.0, "Is the sign swapped? Below the horizontal is negative"),
        (THIGH, float("nan"), "is nan degrees"),
        ("modified_thomas.knee_angle", 130.0, "Please measure or type it again"),
        ("lumbar.flexion", 30.0, "'lumbar.flexion' does not read a hip flexor; expected one of modified_thomas.thigh"),
    ],
)
def test_what_no_hip_does_is_asked_back(name: str, value: float, sentence: str) -> None:
    with pytest.raises(TightnessError, match=sentence.replace("?", r"\?").replace(".", r"\.")):
        rows_of([Reading(name, "left", value)])


def test_a_side_that_is_none_is_refused() -> None:
    with pytest.raises(TightnessError, match=r"the side of .* is 'both'; expected left or right"):
        rows_of([Reading(THIGH, "both", 0.0)])  # type: ignore[arg-type]


def test_nothing_that_reads_a_flexor_is_said() -> None:
    with pytest.raises(
        TightnessError, match=r"Nothing measured here reads a hip flexor\. Measure, with the pelvis held"
    ):
        estimate([])


@pytest.mark.parametrize(
    ("readings", "words"),
    [
        ([(THIGH, "left", -12.0), (THIGH, "right", 12.0)], "the same with the sign turned"),
        ([(THIGH, "left", 15.0), ("hip.extension", "left", 15.0)], "Is one sign swapped?"),
        ([(THIGH, "left", -12.0)], "One trial only"),
    ],
)
def test_doubtful_readings_get_a_note_and_are_kept(readings: list[tuple[str, str, float]], words: str) -> None:
    rows = rows_of([Reading(name, side, value, "controlled") for name, side, value in readings])  # type: ignore[arg-type]
    assert words in " ".join(remarks_on(rows))
    assert len(rows) == len(readings)


def test_agreeing_signs_get_no_note() -> None:
    rows = rows_of([Reading(THIGH, "left", -12.0), Reading("hip.extension", "left", 12.0)])
    assert "swapped" not in " ".join(remarks_on(rows))


def test_a_case_gives_its_angles_and_nothing_else() -> None:
    case = Case.model_validate(
        {
            "psoas_case": 1,
            "measurements": [
                {"id": THIGH, "side": "left", "value_deg": -4, "pelvis": "controlled", "method": "inclinometer"},
                {"id": "lumbar.flexion", "value_deg": 40},
                {"id": "hip.internal_rotation", "side": "left", "value_deg": 30},
            ],
        }
    )
    assert readings_of(case) == (Reading(THIGH, "left", -4.0, "controlled", "inclinometer"),)


def test_a_child_is_taken_at_the_models_end_and_told() -> None:
    case = Case.model_validate(
        {
            "psoas_case": 1,
            "person": {"age_years": 7, "height_m": 1.2, "mass_kg": 24},
            "measurements": [{"id": THIGH, "side": "left", "value_deg": -4, "pelvis": "controlled"}],
        }
    )
    assert "the body model holds for" in " ".join(estimate(case).notes)
