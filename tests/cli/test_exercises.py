"""`psoas exercises` and `psoas body activities`: tables of 80 columns, JSON, a case's body, and what a case forbids."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.run import psoas

CASE = "examples/short_hip_flexor.yaml"
DANGER = "examples/looks_like_a_tight_psoas.yaml"
GOAL = ("--goal", "lengthen psoas_major_right", "--spare", "L4/L5")


def test_rank_prints_a_list_best_first() -> None:
    ran = psoas("exercises", "rank", *GOAL, "--json")
    assert ran.code == 0 and ran.err == ""
    answer = json.loads(ran.out)
    assert isinstance(answer, list) and len(answer) > 3
    assert {"id", "stretch_percent", "effort", "levels"} <= set(answer[0])
    assert answer[0]["score"] >= answer[-1]["score"]


def test_the_case_s_body_and_flexors_are_used() -> None:
    bare, short = (json.loads(psoas("exercises", "rank", *GOAL, *case, "--json").out) for case in ((), (CASE,)))

    def stretch(answer: list[dict[str, dict[str, float]]], name: str) -> float:
        return next(one for one in answer if one["id"] == name)["stretch_percent"]["psoas_major_right"]

    name = "edge_of_table_stretch"
    assert stretch(short, name) > stretch(bare, name) + 10
    told = " ".join(psoas("exercises", "rank", *GOAL, CASE).out.split())
    assert "psoas major right +14 %" in told and "what was tried on people is in the published evidence" in told


@pytest.mark.parametrize(
    "words",
    [
        ("exercises", "rank", *GOAL, CASE),
        ("exercises", "rank", "--goal", "strengthen gluteus maximus below 1 kN"),
        ("exercises", "show", "half_kneeling_tuck_stretch", CASE),
        ("exercises", "show", "prone_hip_extension", "--side", "left"),
        ("body", "activities", CASE),
    ],
)
def test_tables_fit_80_columns(words: tuple[str, ...]) -> None:
    ran = psoas(*words)
    assert ran.code == 0 and ran.err == ""
    assert max(map(len, ran.out.splitlines())) <= 80


def test_a_danger_holds_every_exercise_back() -> None:
    ran = psoas("exercises", "rank", *GOAL, DANGER, "--json")
    assert json.loads(ran.out) == [] and "waits until the danger" in ran.err
    told = " ".join(psoas("exercises", "rank", *GOAL, DANGER).out.split())
    assert "No exercise is left" in told and "Waits until the danger has been excluded." in told


def test_what_a_case_forbids_is_not_ranked() -> None:
    case = "psoas_case: 1\nperson: {age_years: 30, pregnant: yes}\npain: {regions: {lumbar_right: 4}}\n"
    ran = psoas("exercises", "rank", *GOAL, "-", "--json", stdin=case)
    assert "prone_hip_extension" not in {one["id"] for one in json.loads(ran.out)}


def test_show_gives_positions_and_the_published_trial_first() -> None:
    told = psoas("exercises", "show", "half_kneeling_tuck_stretch").out
    assert told.index("ppt_stretch_2024") < told.index("computed for this body")
    answer = json.loads(psoas("exercises", "show", "half_kneeling_tuck_stretch", "--json").out)
    assert list(answer["positions"]) == ["start", "end", "tucked", "untucked"]
    assert len([k for k in answer["positions"]["end"]["fascicle_stretch_percent"] if k.startswith("psoas")]) == 24


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("rank", "--goal", "lengthen psaos"), "did you mean psoas"),
        (("rank", "--goal", "lengthen psoas", "--spare", "L9"), "'L9' is no lumbar level"),
        (("show", "couch_strech"), "did you mean couch_stretch"),
        (("show", "couch_stretch", "--side", "up"), "expected left or right"),
        (("rank", "--goal", "lengthen psoas", "no_such_file.yaml"), "there is no such file"),
    ],
)
def test_bad_input_is_a_sentence_and_status_2(words: tuple[str, ...], sentence: str) -> None:
    ran = psoas("exercises", *words)
    assert ran.code == 2 and ran.out == ""
    assert sentence in ran.err and "Traceback" not in ran.err


def test_a_reading_asked_back_loses_nothing_else() -> None:
    case = "psoas_case: 1\nmeasurements:\n  - {id: hip.extension, side: left, value_deg: 40}\n"
    told = " ".join(psoas("exercises", "rank", *GOAL, "-", stdin=case).out.split())
    assert "Is the sign or the joint swapped?" in told and "modified_lunge_stretch" in told


def test_activities_as_json_and_plot(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    ran = psoas("body", "activities", CASE, "--json", "--out", str(tmp_path / "day.svg"))
    answer = json.loads(ran.out)
    assert answer["activities"][0]["id"] == "walking"
    first = answer["activities"][0]
    assert first["measured"]["levels"]["L4/L5"]["from_psoas_n"] > first["normal"]["levels"]["L4/L5"]["from_psoas_n"]
    assert (tmp_path / "day.svg").stat().st_size > 5000
    refused = psoas("body", "activities", "--out", str(tmp_path / "day.gif"))
    assert refused.code == 2 and "expected a name ending in .png or .svg" in refused.err
