"""`flexors` and `levels` of the answer: with hip angles and the body model, absent without either, never faked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import psoas as face
from psoas.assessment import body_findings
from psoas.assessment.schema import answer_schema
from tests.cli.run import psoas

LEVELS = ["L5/S1", "L4/L5", "L3/L4", "L2/L3", "L1/L2", "T12/L1"]
THIGH = "modified_thomas.thigh_angle"


def case_with(*measurements: dict[str, object], **more: object) -> dict[str, object]:
    return {"psoas_case": 1, "measurements": list(measurements), **more}


def thigh(side: str, value: float) -> dict[str, object]:
    return {"id": THIGH, "side": side, "value_deg": value, "pelvis": "controlled", "method": "inclinometer"}


def test_measured_angles_fill_flexors_and_levels() -> None:
    ran = psoas("assess", "examples/short_hip_flexor.yaml", "--json")
    assert ran.code == 0 and ran.err == ""
    answer = json.loads(ran.out)
    jsonschema.validate(answer, answer_schema())
    assert answer["flexors"]["right"]["iliopsoas"]["shortening_percent"] > 5
    assert set(answer["flexors"]["left"]["iliopsoas"]) == {"shortening_percent", "sd"}
    assert "sartorius" not in answer["flexors"]["left"], "what the readings cannot tell is left out"
    assert list(answer["levels"]) == ["standing"]
    assert list(answer["levels"]["standing"]) == LEVELS
    assert set(answer["levels"]["standing"]["L5/S1"]) == {"compression_n", "shear_n"}
    assert 300 < answer["levels"]["standing"]["L5/S1"]["compression_n"] < 3000


def test_a_side_that_was_not_measured_is_empty() -> None:
    answer = face.assess(case_with(thigh("right", 4))).to_json()
    assert answer["flexors"]["left"] == {}
    assert list(answer["flexors"]["right"]) == ["iliopsoas"]


def test_the_text_says_what_it_is_and_what_it_is_not() -> None:
    told = " ".join(psoas("assess", "examples/short_hip_flexor.yaml").out.split())
    assert "HIP FLEXORS, AS MEASURED" in told
    assert "The right iliopsoas" in told and "L5/S1" in told and "against flexors of average length" in told
    assert "A short hip flexor is a finding worth working on, not proof of the source of the pain" in told


def test_danger_comes_before_flexors() -> None:
    told = " ".join(psoas("assess", "examples/looks_like_a_tight_psoas.yaml").out.split())
    assert "against flexors of average length" not in told


def test_without_angles_there_is_no_section_and_no_body_is_loaded() -> None:
    code = (
        "import sys, psoas; a = psoas.assess({'psoas_case': 1, 'findings': {'hip_held_flexed': 'no'}}).to_json(); "
        "print('flexors' in a, 'levels' in a, 'mujoco' in sys.modules, 'scipy' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False"] * 4


def test_without_the_body_model_the_sections_are_absent_and_the_text_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_findings, "is_installed", lambda: False)
    answer = face.assess(case_with(thigh("right", 4)))
    assert "flexors" not in answer.to_json() and "levels" not in answer.to_json()
    jsonschema.validate(answer.to_json(), answer_schema())
    assert answer.body is not None and answer.body.why_not is not None
    assert "pip install 'psoas[body]'" in answer.body.why_not


def test_an_angle_that_is_asked_back_loses_nothing_else() -> None:
    extension = {"id": "hip.extension", "side": "left", "value_deg": 40}
    answer = face.assess(case_with(extension))
    assert "flexors" not in answer.to_json() and answer.to_json()["plan"] is not None
    assert answer.body is not None and "Is the sign or the joint swapped?" in str(answer.body.why_not)


def test_unknown_angles_move_no_source() -> None:
    """The body's findings are shown beside the differential and never change it."""
    angles = thigh("right", 2), thigh("left", 0)
    tall, small = (face.assess(case_with(*angles, person={"height_m": height})).to_json() for height in (1.9, 1.6))
    assert tall["flexors"] != small["flexors"]
    assert tall["differential"] == small["differential"]


def test_tightness_command_json_and_table() -> None:
    ran = psoas("tightness", "examples/short_hip_flexor.yaml", "--json")
    answer = json.loads(ran.out)
    assert ran.code == 0 and ran.err == ""
    assert list(answer) == ["left", "right", "difference", "undetermined", "measure_next"]
    assert answer["difference"]["iliopsoas"]["percent"] > 5
    assert answer["difference"]["iliopsoas"]["probability_real"] > 0.9
    table = psoas("tightness", "examples/short_hip_flexor.yaml")
    assert max(map(len, table.out.splitlines())) <= 80
    told = " ".join(table.out.split())
    for words in ("The right iliopsoas", "WHAT THESE READINGS CANNOT TELL", "WHAT TO MEASURE NEXT", "not proof"):
        assert words in told


@pytest.mark.parametrize(
    ("measurement", "sentence"),
    [
        ("{id: hip.extension, side: left, value_deg: 40}", "hip.extension of the left side is 40 degrees; expected"),
        ("{id: lumbar.flexion, value_deg: 40}", "Nothing measured here reads a hip flexor"),
        ("{id: modified_thomas.thigh_angle, side: left, value_deg: -38}", "Is the sign swapped?"),
    ],
)
def test_what_cannot_be_estimated_is_a_sentence_and_status_2(measurement: str, sentence: str) -> None:
    ran = psoas("tightness", "-", stdin=f"psoas_case: 1\nmeasurements:\n  - {measurement}\n")
    assert ran.code == 2 and ran.out == ""
    assert sentence in ran.err and "Traceback" not in ran.err


def test_one_trial_and_an_unknown_pelvis_are_said() -> None:
    text = f"psoas_case: 1\nmeasurements:\n  - {{id: {THIGH}, side: left, value_deg: -4}}\n"
    told = " ".join(psoas("tightness", "-", stdin=text).out.split())
    assert "One trial only" in told and "The pelvis was not held, or it was not said" in told


def test_a_missing_part_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "mujoco.py").write_text("raise ModuleNotFoundError(\"No module named 'mujoco'\", name='mujoco')\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['psoas', 'tightness', 'examples/short_hip_flexor.yaml']; from psoas.cli import main; main()"  # noqa: E501
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == 2
    assert "install it with: pip install 'psoas[body]'" in ran.stderr
