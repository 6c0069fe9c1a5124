"""Fibres, tendons and what relaxed and active muscles pull."""

from __future__ import annotations

import numpy as np
import pytest

from psoas.body import Body
from psoas.body.anatomy.muscles import active_share, passive_share
from psoas.body.kinematics.coordinates import INDEX


def test_every_fibre_and_tendon_has_a_possible_length(body: Body) -> None:
    muscles = body.muscles
    assert muscles.slack_m.min() > 0.0
    assert muscles.optimal_fibre_m.max() < 0.41
    normal = muscles.normalised_lengths(body.lengths())
    assert normal.min() > 0.6
    assert normal.max() < 1.3


def test_psoas_fibres_sit_where_sarcomeres_were_measured(body: Body) -> None:
    flexed = body.pose({"hip_flexion_right": 11, "hip_flexion_left": 11})
    at = body.members("psoas_major_right")
    np.testing.assert_allclose(body.muscles.normalised_lengths(flexed.lengths())[at], 3.18 / 2.7, rtol=1e-9)


def test_psoas_tension_in_standing_is_small_and_rises_smoothly_with_extension(body: Body) -> None:
    at = body.members("psoas_major_right")
    tension = [float(body.pose({"hip_flexion_right": hip}).passive_tension_n()[at].sum()) for hip in range(30, -31, -1)]
    assert tension[30] < 100.0
    assert np.all(np.diff(tension) > 0)
    assert np.diff(tension).max() < 5.0


def test_active_curve_peaks_at_optimal_length() -> None:
    assert active_share(np.array(1.0)) == pytest.approx(1.0)
    assert active_share(np.array(0.5)) == pytest.approx(np.exp(-0.25 / 0.45))


def test_passive_curve_known_points() -> None:
    at = passive_share(np.array([0.5, 1.0, 1.3, 1.6, 1.9]), 0.0, 0.6)
    assert at[:2] == pytest.approx([0.0, 0.0])
    assert at[2] == pytest.approx(np.expm1(2) / np.expm1(4))
    assert at[3] == pytest.approx(1.0)
    assert np.isfinite(at[4])
    assert at[4] > at[3]


def test_force_never_exceeds_strength_and_is_never_negative(body: Body) -> None:
    for hip in (-30, 0, 60, 120):
        capacity = body.pose({"hip_flexion_right": hip}).capacity_n()
        assert np.all(capacity >= 0)
        assert np.all(capacity <= body.muscles.strength_n + 1e-9)


def test_shortening_raises_tension_only_in_the_muscle_named(body: Body) -> None:
    tight = body.shortened({"psoas_major_right": 10})
    gain = tight.passive_tension_n() - body.passive_tension_n()
    at = body.members("psoas_major_right")
    assert np.all(gain[at] > 0)
    assert np.count_nonzero(np.delete(gain, at)) == 0


@pytest.mark.parametrize("percent", [60, -60])
def test_impossible_shortening_is_refused(body: Body, percent: float) -> None:
    with pytest.raises(ValueError, match="expected -50 to 50"):
        body.shortened({"psoas_major_right": percent})


def test_shortening_an_unknown_muscle_is_refused(body: Body) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        body.shortened({"biceps_brachii_right": 5})


def test_arrays_may_carry_more_axes(body: Body) -> None:
    lengths = np.stack([body.lengths(), body.pose({"hip_flexion_right": 30}).lengths()])
    np.testing.assert_allclose(body.muscles.passive_n(lengths)[1], body.muscles.passive_n(lengths[1]))
    assert body.muscles.capacity_n(lengths).shape == lengths.shape


def test_back_muscles_reach_the_measured_extension_strength(body: Body) -> None:
    # Two thirds of a 20 degree bend come from the lumbar spine (esola_1996: 1.9 to 1 early in the bend).
    bent = body.pose({"lumbar_flexion": 13})
    arms = bent.moment_arms("lumbar_flexion_l5s1")
    active = -float(np.minimum(arms, 0.0) @ bent.capacity_n())
    passive = -float(bent.passive_moments()[INDEX["lumbar_flexion_l5s1"]])
    assert active + passive == pytest.approx(288, rel=0.1)


def test_muscles_of_the_right_bend_to_the_right(body: Body) -> None:
    arms = body.moment_arms("lumbar_side_bend_l3l4")
    for muscle in ("quadratus_lumborum", "rectus_abdominis", "psoas_major", "iliocostalis", "external_oblique"):
        assert body.mean_over(f"{muscle}_right", arms) > 0 > body.mean_over(f"{muscle}_left", arms)


def test_obliques_turn_the_trunk_as_their_fibres_run(body: Body) -> None:
    # Positive turns the trunk to the left: the right external and the left internal oblique.
    arms = body.moment_arms("lumbar_rotation_l3l4")
    assert body.mean_over("external_oblique_right", arms) > 0 > body.mean_over("external_oblique_left", arms)
    assert body.mean_over("internal_oblique_left", arms) > 0 > body.mean_over("internal_oblique_right", arms)


@pytest.mark.parametrize(
    ("coordinate", "muscle", "sign"),
    [
        ("hip_flexion_right", "gluteus_maximus_right", -1),
        ("hip_adduction_right", "gluteus_medius_right", -1),
        ("hip_adduction_left", "adductor_longus_left", 1),
        ("knee_flexion_right", "vastus_lateralis_right", -1),
        ("knee_flexion_left", "semitendinosus_left", 1),
        ("ankle_flexion_right", "tibialis_anterior_right", 1),
        ("ankle_flexion_left", "soleus_left", -1),
        ("lumbar_flexion_l3l4", "rectus_abdominis_right", 1),
        ("lumbar_flexion_l5s1", "multifidus_left", -1),
    ],
)
def test_muscles_do_what_anatomy_books_say(body: Body, coordinate: str, muscle: str, sign: int) -> None:
    assert sign * body.moment_arm(coordinate, muscle) > 0.005
