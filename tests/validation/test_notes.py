"""What the notes of the published cases say, laid over them: what a case can say, and nothing it says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from validation.diagnosis import main
from validation.notes import facts_from_notes, with_notes

from psoas.assessment import read_case


def test_every_fact_is_one_that_a_case_can_say() -> None:
    for name, facts in facts_from_notes().items():
        case = read_case(with_notes({"psoas_case": 1}, facts))
        assert case.findings or case.conditions or case.pain.regions, name


def test_the_case_keeps_what_it_says() -> None:
    case = {
        "psoas_case": 1,
        "pain": {"regions": {"groin_left": 4}, "duration_weeks": 3},
        "findings": {"fever": "no"},
        "conditions": ["asthma"],
    }
    facts = {
        "findings": {"worse_lifting": True},
        "regions": {"hip_anterior_left": None},
        "conditions": ["asthma", "gout"],
    }
    made = with_notes(case, facts)
    assert made["findings"] == {"fever": "no", "worse_lifting": True}
    assert made["pain"] == {"regions": {"groin_left": 4, "hip_anterior_left": None}, "duration_weeks": 3}
    assert made["conditions"] == ["asthma", "gout"]
    assert case["findings"] == {"fever": "no"}, "the case itself stays as it is"


def test_a_fact_that_the_case_states_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match="fever: the case says otherwise"):
        with_notes({"findings": {"fever": "no"}}, {"findings": {"fever": "yes"}})
    with pytest.raises(ValueError, match="age: expected conditions, findings, regions"):
        with_notes({}, {"age": 40})


def test_a_score_with_the_notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "case_1.yaml").write_text("psoas_case: 1\npain: {regions: {lumbar_centre: 8}}\n")
    (tmp_path / "truth.yaml").write_text(
        "case_1: {accepted_sources: [], serious: true, least_urgency: emergency_now, deep_psoas_pressure: forbidden}\n"
    )
    (tmp_path / "notes.yaml").write_text("case_1: {findings: {saddle_numbness: yes}}\n")
    given = ["--cases", str(tmp_path), "--truth", str(tmp_path / "truth.yaml")]
    assert main(given) == 0
    assert "safe          0/1" in capsys.readouterr().out
    assert main([*given, "--notes", str(tmp_path / "notes.yaml")]) == 0
    assert "safe          1/1" in capsys.readouterr().out
