"""docs/screening.md says what the code does: its examples run and its counts are those of today."""

from __future__ import annotations

import doctest
from pathlib import Path

from validation.screening import contacts, figures, judge

PAGE = Path(__file__).parents[2] / "docs" / "screening.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_examples_run() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted > 3
    assert found.failed == 0


def test_the_figures_of_the_worked_half_are_those_of_today() -> None:
    worked = judge(one for one in contacts() if one.half == "worked")
    assert f"worked half ({len(worked)})" in TEXT
    for count, of in figures(worked).values():
        assert f"| {count}/{of} |" in TEXT
