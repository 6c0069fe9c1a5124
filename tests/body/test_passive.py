"""Discs, ligaments and the hip capsule."""

from __future__ import annotations

import numpy as np
import pytest

from psoas.body import Body
from psoas.body.kinematics.coordinates import COORDINATES, INDEX
from psoas.body.study.measures import passive_hip_moment_nm
from psoas.body.subject.passive import measured_hip_moment, preload_multiplier, segment_moment


@pytest.mark.parametrize(("hip", "moment"), [(-20, 25.4), (-10, 14.4), (0, 8.6), (20, 2.0), (30, -1.0), (60, -15.7)])
def test_the_published_equation_gives_its_published_values(hip: float, moment: float) -> None:
    assert float(measured_hip_moment(hip, 0.0)) == pytest.approx(moment, abs=0.06)


@pytest.mark.parametrize("hip", [-30, -20, -10, 0, 10, 20, 30, 45, 60, 90])
def test_muscle_and_capsule_together_follow_the_measured_moment(body: Body, hip: float) -> None:
    measured = float(measured_hip_moment(hip, 0.0))
    # Nothing is counted twice: within 8 N m, and two thirds of that where the hip is taken in daily life.
    allowed = 5.5 if hip <= 45 else 8.0
    assert passive_hip_moment_nm(body, hip) == pytest.approx(measured, abs=allowed)


def test_rectus_femoris_makes_the_hip_tighter_as_the_knee_bends(body: Body) -> None:
    assert passive_hip_moment_nm(body, -10, knee_deg=90) > passive_hip_moment_nm(body, -10) + 5.0


@pytest.mark.parametrize("kind", ["flexion", "side_bend", "rotation"])
def test_levels_resist_and_stiffen(kind: str) -> None:
    angles = np.linspace(-14, 14, 57)
    moment = segment_moment(kind, angles)
    assert np.all(moment * angles <= 0)
    assert np.all(np.diff(moment) < 0)
    assert abs(moment[-1] / 14) > abs(moment[len(angles) // 2 + 1] / angles[len(angles) // 2 + 1])


def test_extension_is_stiffer_than_flexion() -> None:
    assert segment_moment("flexion", np.array(-5.0)) > -segment_moment("flexion", np.array(5.0))


def test_compression_stiffens_a_level_as_measured() -> None:
    np.testing.assert_allclose(preload_multiplier(np.array([0.0, 250.0, 500.0, 3000.0])), [1.0, 1.71, 2.11, 2.11])


def test_standing_is_the_spines_rest(body: Body) -> None:
    moments = body.passive_moments()
    assert not moments[[i for name, i in INDEX.items() if name.startswith("lumbar")]].any()


def test_batch_equals_single(body: Body) -> None:
    q = np.stack([body.pose({"lumbar_flexion": 30}).q, body.pose({"hip_flexion_left": -10}).q])
    together = body.passive.moments(q)
    assert together.shape == (2, len(COORDINATES))
    np.testing.assert_allclose(together[1], body.passive.moments(q[1]))


def test_age_tightens_the_hip() -> None:
    young = Body.of(height_m=1.7, mass_kg=75, sex="male", age_years=30)
    old = Body.of(height_m=1.7, mass_kg=75, sex="male", age_years=65)
    assert passive_hip_moment_nm(old, -15) > passive_hip_moment_nm(young, -15)
