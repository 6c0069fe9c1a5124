"""People of other size, sex and age."""

from __future__ import annotations

import numpy as np
import pytest

from psoas.body import Body
from psoas.body.subject.scaling import person_of, segment_shares, strength_factor

_MAN = {"height_m": 1.7, "mass_kg": 75.0, "sex": "male", "age_years": 30.0}


@pytest.mark.parametrize("sex", ["male", "female", "unspecified"])
@pytest.mark.parametrize("mass", [45.0, 75.0, 120.0])
def test_masses_add_up_to_the_person(sex: str, mass: float) -> None:
    body = Body.of(height_m=1.7, mass_kg=mass, sex=sex, age_years=40)
    assert body.mass_kg() == pytest.approx(mass)
    assert sum(segment_shares(sex).values()) == pytest.approx(1.0)


def test_twice_the_mass_is_twice_the_gravity() -> None:
    posture = {"lumbar_flexion": 30, "hip_flexion_right": 20}
    light = Body.of(**(_MAN | {"mass_kg": 50.0})).pose(posture)
    heavy = Body.of(**(_MAN | {"mass_kg": 100.0})).pose(posture)
    np.testing.assert_allclose(heavy.gravity(), 2.0 * light.gravity(), atol=1e-9)


def test_lengths_and_arms_grow_with_height() -> None:
    short, tall = Body.of(**(_MAN | {"height_m": 1.5})), Body.of(**(_MAN | {"height_m": 1.8}))
    posture = {"hip_flexion_right": 45, "knee_flexion_right": 70}
    np.testing.assert_allclose(tall.pose(posture).lengths(), 1.2 * short.pose(posture).lengths(), rtol=1e-9)
    np.testing.assert_allclose(
        tall.pose(posture).moment_arms("knee_flexion_right"),
        1.2 * short.pose(posture).moment_arms("knee_flexion_right"),
        atol=1e-12,
    )
    normal = [b.muscles.normalised_lengths(b.lengths()) for b in (short, tall)]
    np.testing.assert_allclose(normal[0], normal[1], rtol=1e-9)


def test_gravity_is_the_slope_of_potential_energy(body: Body) -> None:
    posed = body.pose(
        {
            "lumbar_flexion": 35,
            "pelvis_tilt": 10,
            "hip_flexion_right": 60,
            "knee_flexion_right": 90,
            "knee_flexion_left": 5,
        }
    )
    for index in range(len(posed.q)):
        step = np.zeros(len(posed.q))
        step[index] = 1e-5
        heights = [body.pose(posed.q + sign * step).centre_of_mass_m()[2] for sign in (-1.0, 1.0)]
        slope = -75.0 * 9.81 * (heights[1] - heights[0]) / 2e-5
        assert posed.gravity()[index] == pytest.approx(slope, abs=1e-4)


def test_strength_falls_with_age_and_is_lower_in_women() -> None:
    assert strength_factor(person_of(**_MAN)) == pytest.approx(1.0)
    assert strength_factor(person_of(**(_MAN | {"age_years": 70.0}))) < 0.85
    assert strength_factor(person_of(**(_MAN | {"sex": "female"}))) == pytest.approx(0.80)
    assert strength_factor(person_of(**(_MAN | {"mass_kg": 85.0}))) > 1.05


def test_obesity_is_not_counted_as_muscle() -> None:
    heavy, heavier = (strength_factor(person_of(**(_MAN | {"mass_kg": mass}))) for mass in (100.0, 140.0))
    assert heavier == pytest.approx(heavy)


def test_what_is_assumed_is_said() -> None:
    assert person_of(height_m=1.7, sex="female").assumed == ("age_years", "mass_kg")
    assert person_of(**_MAN).assumed == ()


def test_the_mean_person_follows_sex_and_age() -> None:
    assert person_of(sex="male", age_years=30).height_m == pytest.approx(1.77)
    assert person_of(sex="female", age_years=75).mass_kg == pytest.approx(70.0)
    between = person_of(sex="unspecified", age_years=30).height_m
    assert between == pytest.approx(0.5 * (1.77 + 1.64))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("mass_kg", -5.0, "mass_kg is -5; expected 30 to 250."),
        ("height_m", 17.5, "height_m is 17.5; expected 1.3 to 2.2."),
        ("age_years", float("nan"), "age_years is nan; expected 18 to 95."),
        ("sex", "man", "sex is 'man'; expected one of male, female, unspecified."),
    ],
)
def test_impossible_people_are_refused(field: str, value: float | str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Body.of(**(_MAN | {field: value}))
