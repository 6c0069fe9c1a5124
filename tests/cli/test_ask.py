"""`psoas ask`: danger first, every answer saved at once, stoppable and resumable."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from psoas.assessment import read_case
from psoas.cli.files import save
from psoas.errors import CaseError
from tests.cli.run import psoas


def test_an_interview_writes_a_case_that_can_be_taken(tmp_path: Path) -> None:
    path = tmp_path / "anna.yaml"
    said = ["47", "female", "no", "left buttock", "lumbar left", "", "6", "8", "gradual", "stable"]
    ran = psoas("ask", "--to", str(path), "--most", "3", stdin="\n".join(said) + "\n" + "0\n" * 3 + "n\n" * 200)
    assert ran.code == 0, ran.err
    case = read_case(path)
    assert case.person.age_years == 47 and set(case.pain.regions) == {"buttock_left", "lumbar_left"}
    assert "WHERE THE PAIN MAY COME FROM" in ran.out


def test_it_stops_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    first = psoas("ask", "--to", str(path), stdin="52\nmale\nq\n")
    assert first.code == 0 and "Stopped" in first.out
    assert yaml.safe_load(path.read_text())["person"] == {"age_years": 52.0, "sex": "male"}
    second = psoas("ask", "--to", str(path), stdin="right groin\n\n5\nq\n")
    assert "Going on with" in second.out
    data = yaml.safe_load(path.read_text())
    assert data["person"]["age_years"] == 52.0 and data["pain"]["regions"] == {"groin_right": None}
    assert data["pain"]["worst_overall_0_10"] == 5.0


def test_a_bad_answer_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    ran = psoas("ask", "--to", str(path), stdin="400\nabc\n61\nmale\nnowhere\nq\n")
    assert "at most 120" in ran.out and "is not a number" in ran.out and "no such place" in ran.out
    assert yaml.safe_load(path.read_text())["person"]["age_years"] == 61


def test_danger_ends_the_questions(tmp_path: Path) -> None:
    path = tmp_path / "d.yaml"
    path.write_text(
        "psoas_case: 1\nperson: {age_years: 50, sex: male}\nfindings: {saddle_numbness: yes}\n"
        "pain: {regions: {lumbar_centre: 6}, worst_overall_0_10: 6, duration_weeks: 2, onset: sudden, course: stable}\n"
    )
    ran = psoas("ask", "--to", str(path), stdin="0\n" * 100)
    assert "EMERGENCY NOW" in ran.out and "Now what tells most" not in ran.out


def test_a_danger_is_asked_at_once_what_could_make_it_graver(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(
        "psoas_case: 1\nperson: {age_years: 50, sex: male}\nfindings: {fever: yes}\n"
        "pain: {regions: {lumbar_centre: 6}, worst_overall_0_10: 6, duration_weeks: 2, onset: sudden, course: stable}\n"
    )
    ran = psoas("ask", "--to", str(path), stdin="1\n")
    assert "Before you go" in ran.out and "EMERGENCY NOW" in ran.out
    assert ran.out.count("Numbers of what is true") == 1, "an emergency asks nothing more"


def test_a_case_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "e.yaml"
    save(path, {"psoas_case": 1, "notes": "old"})

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CaseError, match="cannot be written: No space left"):
        save(path, {"psoas_case": 1, "notes": "new"})
    assert yaml.safe_load(path.read_text())["notes"] == "old"
    assert list(tmp_path.iterdir()) == [path], "no temporary file is left"
