"""What the body model adds to a plan: a second reason that changes neither what is planned nor its order."""

from __future__ import annotations

import subprocess
import sys

import pytest

import psoas as face
from psoas.assessment import computed_plan
from psoas.assessment.computed_plan import SAID, shortest
from tests.cli.run import psoas

CASE = "examples/short_hip_flexor.yaml"


def test_every_exercise_of_the_plan_gets_its_sentence_after_the_evidence() -> None:
    answer = face.assess(CASE)
    exercises = [item.id for item in answer.plan.items if item.kind == "exercise"]
    assert set(answer.computed) == set(exercises) and "half_kneeling_tuck_stretch" in exercises
    assert all(said.startswith(SAID) for said in answer.computed.values())
    told = " ".join(psoas("assess", CASE).out.split())
    item = told[told.index("Half-kneeling hip-flexor stretch") :]
    assert item.index("Certainty of the evidence") < item.index("Because:") < item.index(SAID)


def test_the_stretch_is_told_for_the_flexor_that_is_short() -> None:
    answer = face.assess(CASE)
    assert answer.body is not None and answer.body.tightness is not None
    assert shortest(answer.body.tightness) == "psoas_major_right"
    said = answer.computed["half_kneeling_tuck_stretch"]
    assert "the right psoas major is stretched" in said and "tuck it" in said
    assert "the published evidence does not tell the two apart" in said


def test_the_plan_is_the_same_with_and_without_the_body_model(monkeypatch: pytest.MonkeyPatch) -> None:
    with_body = face.assess(CASE)
    plan = with_body.to_json()["plan"]
    assert with_body.computed
    monkeypatch.setattr(computed_plan, "is_installed", lambda: False)
    without = face.assess(CASE)
    assert without.to_json()["plan"] == plan and without.computed == {}


def test_the_same_case_is_told_the_same() -> None:
    assert dict(face.assess(CASE).computed) == dict(face.assess(CASE).computed)


def test_nothing_is_computed_with_danger_or_without_angles() -> None:
    assert face.assess("examples/looks_like_a_tight_psoas.yaml").computed == {}
    code = (
        "import sys, psoas; a = psoas.assess({'psoas_case': 1, 'pain': {'regions': {'lumbar_right': 4}, "
        "'duration_weeks': 20}}); print(dict(a.computed), 'mujoco' in sys.modules, 'scipy' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["{}", "False", "False"]
