"""The documents say what the program does: outputs, pictures and counts come from it, and nothing names a registry."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from scripts import readme_answers, readme_picture

from psoas.assessment import read_case
from psoas.case import parse_case_text
from psoas.knowledge import load
from psoas.knowledge.checks.counts import count
from tests.closeness import differences_in_text

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HOW_IT_WORKS = (ROOT / "docs" / "how_it_works.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", readme_answers.PAGES, ids=lambda page: page.stem)
def test_a_page_shows_real_output(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert differences_in_text(readme_answers.filled(text), text) == [], "run scripts/readme_answers.py"


def test_the_readme_is_short_and_shows_two_answers() -> None:
    assert len(README.splitlines()) < 120 and len(readme_answers.BLOCK.findall(README)) == 2


def test_the_readme_shows_a_real_picture() -> None:
    kept = (ROOT / "docs" / "answer.svg").read_text(encoding="utf-8")
    assert differences_in_text(readme_picture.picture(), kept) == [], "run scripts/readme_picture.py"


def test_the_counts_told_are_those_of_the_evidence() -> None:
    counted = count(load())
    found = re.search(r"(\d+) flags, (\d+) combinations and (\d+) thresholds", HOW_IT_WORKS)
    assert found is not None
    assert tuple(map(int, found.groups())) == (counted.flags, counted.combinations, counted.thresholds)
    assert f"{len(load().sources_of_pain.conditions)} of them" in HOW_IT_WORKS


def test_files_that_the_readme_names_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README) + re.findall(r"examples/\w+\.yaml", README):
        assert (ROOT / target).exists(), target


def test_no_tracked_file_names_a_registry_or_a_machine_path() -> None:
    hosts = "|".join(["py" + r"pi\.org", "files.python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian"])
    paths = "|".join(["/" + "work/", "/" + "farm/", "/" + "root/"])
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT)
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in (".svg", ".png") or not path.exists():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not re.search(f"{hosts}|{paths}", text), name


def test_the_case_of_the_format_page_can_be_taken() -> None:
    page = (ROOT / "docs" / "case_file.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", page, re.S)
    assert block is not None
    case = read_case(parse_case_text(block[1]))
    assert case.pain.regions["lumbar_right"] == 6 and "hip_replacement_right" in case.conditions
