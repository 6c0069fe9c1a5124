"""The body beside published anatomy, and bodies that are wrong on purpose."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from validation.body_controls import psoas_cut_at_pelvis, psoas_straight_to_femur, psoas_unfitted

from psoas.body import Body
from psoas.body.anatomy.registration import LEVELS
from psoas.body.study.measures import extension_arm_mm, full_effort_load, psoas_pattern, standing_tension_n
from psoas.body.study.validation import MEASURES, Check, failed_targets, targets
from psoas.body.study.validation import checks as all_checks
from psoas.knowledge import load

# Stated in docs/validation.md with reasons: the flexors' strength falls with flexion in this body as in the models
# its legs come from; the sit-up's trunk height is not known; least effort leaves psoas silent in the leg raise.
KNOWN_MISSES = {"vt_max_flexion_moment_shape", "vt_situp_activation", "vt_aslr_bilateral"}


@pytest.fixture(scope="session")
def checks(body: Body) -> dict[str, Check]:
    return {check.target.id: check for check in all_checks(body)}


@pytest.mark.parametrize("target", targets())
def test_target(checks: dict[str, Check], target: str) -> None:
    check = checks[target]
    assert check.in_range is (target not in KNOWN_MISSES), f"{check.value}, {check.target}"


def test_every_target_of_the_evidence_has_a_measure() -> None:
    assert set(MEASURES) == set(targets())
    assert set(load().psoas_anatomy.validation_targets) <= set(targets())


def test_checks_are_plain_json(checks: dict[str, Check]) -> None:
    for check in checks.values():
        plain = json.loads(json.dumps(check.as_dict(), allow_nan=False))
        assert {"id", "value", "unit", "low", "high", "in_range", "kind", "source"} <= set(plain)


def test_full_psoas_effort_extends_above_l3_flexes_below_and_presses_l5s1_with_a_kilonewton(body: Body) -> None:
    assert psoas_pattern(body) == "extend_above_flex_below"
    assert extension_arm_mm(body, "l1l2") > 0 > extension_arm_mm(body, "l5s1")
    assert -full_effort_load(body, "l5s1")[2] == pytest.approx(980, rel=0.12)


def test_the_psoas_presses_each_level_with_the_bundles_that_cross_it(body: Body) -> None:
    pressed = [-full_effort_load(body, level)[2] for level in LEVELS]
    assert pressed[0] == pytest.approx(2 * 48.5, rel=0.1)
    assert all(above < below for above, below in pairwise(pressed))


def test_a_psoas_cut_at_the_pelvis_is_found_out() -> None:
    cut = psoas_cut_at_pelvis()
    missed = failed_targets(cut)
    assert {"vt_psoas_arm_m20", "vt_psoas_arm_0", "vt_psoas_arm_90", "vt_psoas_dlen_0_m20"} <= missed


def test_a_psoas_straight_to_the_femur_breaks_bogduks_pattern() -> None:
    assert psoas_pattern(psoas_straight_to_femur()) == "other"


def test_a_psoas_with_unfitted_slack_pulls_kilonewtons_in_standing(body: Body) -> None:
    assert standing_tension_n(psoas_unfitted(), "psoas_major_right") > 1000.0
    assert standing_tension_n(body, "psoas_major_right") < 100.0
