"""The psoas through the day: which activities, what tightness changes, and the plot."""

from __future__ import annotations

from pathlib import Path

import pytest

from psoas.body import Body
from psoas.body.exercises.activities import Activity, activities
from psoas.body.view.activity_plot import plot_activities

TIGHT = {"psoas_major_right": 12.0, "iliacus_right": 12.0}


@pytest.fixture(scope="module")
def day(body: Body) -> dict[str, Activity]:
    return {one.id: one for one in activities(body, shorten=TIGHT)}


def test_the_activities_asked_for(day: dict[str, Activity]) -> None:
    assert list(day) == ["walking", "running", "stairs", "bending", "getting_out_of_bed", "sitting_long"]
    for one in day.values():
        assert one.normal.feasible and one.measured.feasible
        assert 0.0 <= one.normal.effort_share < 0.2


def test_a_tight_psoas_pulls_more_where_the_hip_is_extended(day: dict[str, Activity]) -> None:
    for name in ("walking", "bending"):
        one = day[name]
        assert one.measured.passive_n["right"] > 2 * one.normal.passive_n["right"]
        assert one.measured.from_psoas_n["L4/L5"] > one.normal.from_psoas_n["L4/L5"] + 50
        assert one.measured.compression_n["L4/L5"] > one.normal.compression_n["L4/L5"]
    sitting = day["sitting_long"]
    assert sitting.measured.from_psoas_n["L4/L5"] < sitting.normal.from_psoas_n["L4/L5"] + 20


def test_the_psoas_presses_lower_levels_more(day: dict[str, Activity]) -> None:
    told = day["walking"].normal.from_psoas_n
    assert told["T12/L1"] < told["L2/L3"] < told["L4/L5"]


def test_walking_loads_both_sides_alike_on_an_even_body(day: dict[str, Activity]) -> None:
    force = day["walking"].normal.force_n
    assert force["left"] == pytest.approx(force["right"], rel=0.02)


def test_without_shortening_both_columns_are_the_same(body: Body) -> None:
    for one in activities(body):
        assert one.measured == one.normal


def test_the_plot_is_the_same_file_every_time(day: dict[str, Activity], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    paths = [tmp_path / name for name in ("one.svg", "two.svg")]
    for path in paths:
        plot_activities(path, tuple(day.values()), measured=True)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert "<svg" in paths[0].read_text(encoding="utf-8")
