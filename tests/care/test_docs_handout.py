"""docs/handout.md: its examples run, its pictures are what the program draws, its options exist."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from scripts.handout_pictures import PICTURES

from tests.cli.run import psoas
from tests.closeness import differences_in_picture

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "handout.md"


def test_the_examples_run() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted > 6
    assert found.failed == 0


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_are_those_that_the_program_draws(name: str) -> None:
    kept = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert differences_in_picture(PICTURES[name](), kept) == [], "run scripts/handout_pictures.py"


def test_files_and_options_that_the_page_names_exist() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (PAGE.parent / target).exists(), target
    known = "".join(psoas(verb, "--help").out for verb in ("handout", "letter"))
    for option in set(re.findall(r"--[a-z]+", text)):
        assert option in known, option
