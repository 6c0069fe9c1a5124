"""Held and chosen posture of a tight body."""

from __future__ import annotations

import json

import pytest

from psoas.body.kinematics.posture import PostureError
from psoas.body.statics.compensation import LABEL, Compensation, compensate
from psoas.body.subject.model import Body


@pytest.fixture(scope="module")
def body() -> Body:
    return Body.of(height_m=1.75, mass_kg=75, sex="male", age_years=40)


@pytest.fixture(scope="module")
def both(body: Body) -> Compensation:
    return compensate(body, shorten={"psoas_major_left": 10, "psoas_major_right": 10})


def test_a_tight_psoas_loads_the_low_back_in_the_posture_held(both: Compensation) -> None:
    changes = both.changes()
    assert changes["held_compression_L5/S1_n"] > 50
    assert changes["held_effort"] > 0
    assert changes["held_hip_left_n"] == pytest.approx(changes["held_hip_right_n"], abs=0.1)


def test_the_chosen_posture_costs_no_more_than_the_one_held(both: Compensation) -> None:
    assert both.chosen_before.effort <= both.held_before.effort
    assert both.chosen.effort <= both.held.effort


def test_the_trunk_stays_upright_over_the_feet(both: Compensation) -> None:
    for one in (both.held, both.chosen):
        assert one.pelvic_tilt_deg + one.lumbar_flexion_deg == pytest.approx(0.0, abs=1e-9)
        assert one.loads.feasible
        assert one.loads.residual_nm < 1e-6


def test_tight_on_both_sides_tips_the_pelvis_forward(both: Compensation) -> None:
    assert both.changes()["chosen_pelvic_tilt_deg"] > 0
    assert both.changes()["chosen_lumbar_flexion_deg"] < 0


def test_left_mirrors_right(body: Body) -> None:
    left, right = (compensate(body, shorten={f"psoas_major_{side}": 10}) for side in ("left", "right"))
    assert left.chosen.effort == pytest.approx(right.chosen.effort, rel=1e-6)
    assert left.chosen.hip_flexion_deg["left"] == pytest.approx(right.chosen.hip_flexion_deg["right"], abs=1e-6)
    for level, load in left.chosen.loads.levels.items():
        assert load.compression_n == pytest.approx(right.chosen.loads.levels[level].compression_n, abs=1e-3)


def test_more_shortening_does_more(body: Body) -> None:
    little, much = (compensate(body, shorten={"psoas_major_right": percent}) for percent in (5, 15))
    assert little.changes()["held_compression_L5/S1_n"] < much.changes()["held_compression_L5/S1_n"]


def test_stiffening_acts_like_a_milder_shortening(body: Body) -> None:
    stiff = compensate(body, stiffen={"psoas_major_right": 100})
    assert stiff.changes()["held_compression_L5/S1_n"] > 10


def test_the_band_is_seeded_and_holds_its_middle(body: Body) -> None:
    one, two = (compensate(body, shorten={"psoas_major_right": 10}, samples=3, seed=4) for _ in range(2))
    assert one.band == two.band
    assert one.failed == 0
    for low, middle, high in one.band.values():
        assert low <= middle <= high


def test_the_dictionary_carries_the_label_and_both_postures(both: Compensation) -> None:
    told = json.loads(json.dumps(both.to_dict()))
    assert told["label"] == LABEL
    for which in ("held", "chosen"):
        assert set(told[which]) == {"angles_deg", "effort", "loads"}
        assert "L5/S1" in told[which]["loads"]["levels"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "Nothing to compensate for"),
        ({"shorten": {"soleus_right": 5}}, "not a hip flexor"),
        ({"shorten": {"psoas_major_right": 5}, "posture": "lying_supine"}, "on both feet"),
        ({"shorten": {"psoas_major_right": 5}, "samples": -1}, "samples is -1"),
        ({"stiffen": {"psoas_major_right": 900}}, "stiffening of psoas_major_right is 900 percent"),
    ],
)
def test_bad_input_gets_a_sentence(body: Body, options: dict[str, object], words: str) -> None:
    with pytest.raises(PostureError, match=words):
        compensate(body, **options)  # type: ignore[arg-type]
