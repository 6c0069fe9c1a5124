"""The loads against what was measured in people, and wrong bodies that fail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def loads():  # type: ignore[no-untyped-def]
    sys.path.insert(0, str(ROOT / "validation"))
    try:
        import body_loads
    finally:
        sys.path.pop(0)
    return body_loads


@pytest.fixture(scope="module")
def pressures(loads):  # type: ignore[no-untyped-def]
    return loads.pressures()


def test_wilkes_postures_agree(loads, pressures) -> None:  # type: ignore[no-untyped-def]
    """The published aim: correlation and slope over the man's postures, the tuned one left out."""
    rows = [row for row in pressures if row.id in loads.WILKE]
    assert len(rows) == len(loads.WILKE)
    r, slope, _ = loads.agreement(rows)
    assert r >= 0.95
    assert 0.9 <= slope <= 1.1


def test_no_tuning_value_is_compared(loads, pressures) -> None:  # type: ignore[no-untyped-def]
    tuned = loads.evidence()["tuned_on"]["id"]
    assert tuned not in {row.id for row in pressures}
    for entry in (*loads.evidence()["pressures"], *loads.evidence()["checks"]):
        assert entry["id"] != tuned


def test_the_measured_order_of_postures_is_met(loads) -> None:  # type: ignore[no-untyped-def]
    order = ("lying_supine", "sitting_slouched", "sitting_relaxed", "standing", "standing_flexed", "lifting_stoop")
    found = [loads.l45(loads.at(name)) for name in order]
    assert found == sorted(found)
    assert loads.l45(loads.at("holding_close")) > loads.l45(loads.at("standing"))


def test_the_page_shows_every_target(loads, pressures) -> None:  # type: ignore[no-untyped-def]
    page = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    for row in pressures:
        assert row.id in page
    for key in loads.CHECKS:
        assert key in page


def test_a_psoas_with_unfitted_slack_pulls_thousands_of_newtons() -> None:
    from validation.body_controls import psoas_unfitted

    from psoas.body.statics.loads import solve

    answer = solve(psoas_unfitted(), "standing")
    assert answer.muscles["psoas_major_right"].passive_n > 1000
    assert answer.levels["L5/S1"].compression_n > 2000


def test_a_psoas_cut_at_the_pelvis_does_not_carry_tightness_to_the_hip() -> None:
    from validation.body_controls import psoas_cut_at_pelvis

    from psoas.body.statics.loads import solve

    cut = psoas_cut_at_pelvis()
    plain, tight = (solve(cut, "standing", shorten=s).hips_n["right"] for s in ({}, {"psoas_major_right": 15}))
    assert abs(tight - plain) < 20
