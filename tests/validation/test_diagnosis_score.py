"""The scorer on two made-up cases whose score is known beforehand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from validation.diagnosis import calibration, main, wilson

PREGNANT = """
psoas_case: 1
person: {age_years: 31, sex: female, pregnant: yes, pregnancy_weeks: 26}
pain: {regions: {sacroiliac_left: 6, pubis_centre: 5}}
findings: {active_straight_leg_raise: {left: yes}}
"""
NUMB = """
psoas_case: 1
person: {age_years: 50}
pain: {regions: {lumbar_centre: 8}}
findings: {sphincter_change: yes}
"""
TRUTH = """
case_1: {accepted_sources: [pregnancy_pelvic_girdle_pain], source_group: made_up, serious: false,
  least_urgency: watch, deep_psoas_pressure: allowed}
case_2: {accepted_sources: [cauda_equina_syndrome], source_group: made_up, serious: true,
  least_urgency: emergency_now, deep_psoas_pressure: forbidden}
"""


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    (tmp_path / "case_1.yaml").write_text(PREGNANT)
    (tmp_path / "case_2.yaml").write_text(NUMB)
    (tmp_path / "truth.yaml").write_text(TRUTH)
    return tmp_path


def run(folder: Path, *more: str) -> int:
    return main(["--cases", str(folder), "--truth", str(folder / "truth.yaml"), *more])


def test_two_made_up_cases(made_up: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(made_up) == 0
    said = capsys.readouterr().out
    for name in ("top-1", "top-3", "safe", "forbidden"):
        assert f"{name:<14}1/1 = 1.000 (0.207 to 1.000)" in said
    assert "over-triaged  0/1 = 0.000 (0.000 to 0.793)" in said
    assert "made_up                        2     1/1     1/1" in said
    assert "project brief; not measured here" in said
    assert "0.820" in said
    assert "0.705" in said


def test_a_wrong_answer_counts_as_wrong(made_up: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = made_up / "truth.yaml"
    truth.write_text(TRUTH.replace("pregnancy_pelvic_girdle_pain", "hip_flexor_strain"))
    assert run(made_up) == 0
    assert "top-3         0/1 = 0.000" in capsys.readouterr().out


def test_cases_and_truth_must_match(made_up: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (made_up / "case_2.yaml").unlink()
    assert run(made_up) == 2
    assert "case_2" in capsys.readouterr().err


def test_an_empty_folder_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--cases", str(tmp_path), "--truth", str(tmp_path / "truth.yaml")]) == 2
    assert "no case_*.yaml" in capsys.readouterr().err


def test_wilson_by_hand() -> None:
    """8 of 10: (8 + 1.9207 -+ 1.96 sqrt(1.6 + 0.9604)) / 13.8415 = 0.490 to 0.943."""
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 5)[0] == 0.0


def test_calibration_counts_every_pair_once() -> None:
    pairs = [(0.0, False), (0.05, True), (0.06, False), (1.0, True)]
    rows = calibration(pairs)
    assert [(n, hits) for _, _, n, hits, _ in rows] == [(1, 0), (2, 1), (1, 1)]
    assert math.isclose(rows[1][4], 0.055)
