"""The examples are answered as recorded, on any machine: words exactly, numbers within the stated tolerance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scripts import record_answers

from psoas.assessment.body_findings import is_installed
from tests.closeness import differences


@pytest.mark.skipif(not is_installed(), reason="the body model is not installed")
@pytest.mark.parametrize("example", record_answers.EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_answered_as_recorded(example: Path) -> None:
    recorded = json.loads((record_answers.RECORDED / f"{example.stem}.json").read_text(encoding="utf-8"))
    told = "meant to change answers? Run scripts/record_answers.py and read its diff"
    assert differences(record_answers.answer_of(example), recorded) == [], told


def test_no_recorded_answer_has_lost_its_example() -> None:
    kept = {path.stem for path in record_answers.RECORDED.glob("*.json")}
    assert kept == {path.stem for path in record_answers.EXAMPLES}
