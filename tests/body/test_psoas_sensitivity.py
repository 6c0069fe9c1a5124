"""The psoas keeps its pattern when its least certain point moves by millimetres."""

from __future__ import annotations

import pytest

from psoas.body.study.psoas_sensitivity import PsoasAction, brim_sensitivity


@pytest.fixture(scope="module")
def actions() -> list[PsoasAction]:
    return brim_sensitivity(5.0)


def test_bogduks_pattern_survives_five_millimetres(actions: list[PsoasAction]) -> None:
    assert len(actions) == 7
    for action in actions:
        assert action.extension_arm_mm["l1l2"] > 0 > action.extension_arm_mm["l5s1"]
        assert action.compression_n == pytest.approx(980, rel=0.15)
        assert action.tension_n < 100.0


def test_the_brim_point_matters(actions: list[PsoasAction]) -> None:
    backward, forward = actions[1], actions[2]
    assert (backward.moved_mm, forward.moved_mm) == ((-5.0, 0.0, 0.0), (5.0, 0.0, 0.0))
    assert forward.extension_arm_mm["l5s1"] < backward.extension_arm_mm["l5s1"] - 2.0
