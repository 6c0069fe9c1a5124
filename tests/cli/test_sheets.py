"""`psoas handout` and `psoas letter`: what they write, and what they say when they cannot."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.cli.run import EXAMPLES, psoas

DESK = next(path for path in EXAMPLES if path.stem == "desk_worker")


@pytest.mark.parametrize(("verb", "pages"), [("handout", 2), ("letter", 1)])
def test_a_sheet_is_written(verb: str, pages: int, tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"
    words = ["--name", "Anna *Novak*", "--practice", "House of Movement", "--today", "2026-11-21"]
    ran = psoas(verb, str(DESK), "--out", str(out), *words)
    assert (ran.code, ran.err) == (0, "")
    assert "sheet.pdf written" in ran.out.replace("\n", "")
    reader = PdfReader(io.BytesIO(out.read_bytes()))
    assert len(reader.pages) == pages
    assert "Anna *Novak*" in reader.pages[0].extract_text()
    assert "21 November 2026" in reader.pages[0].extract_text()


def test_the_same_command_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        assert psoas("handout", str(DESK), "--out", str(tmp_path / name), "--today", "2026-11-21").code == 0
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


@pytest.mark.parametrize("verb", ["handout", "letter"])
@pytest.mark.parametrize(
    ("out", "said"),
    [("plan.txt", "expected a name that ends in .pdf"), ("no/where/plan.pdf", "there is no folder no/where")],
)
def test_a_file_that_cannot_be_written_is_said_before_anything_is_computed(verb: str, out: str, said: str) -> None:
    ran = psoas(verb, str(DESK), "--out", out)
    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize("verb", ["handout", "letter"])
def test_a_missing_case_gets_a_sentence(verb: str) -> None:
    ran = psoas(verb, "nowhere.yaml")
    assert ran.code == 2
    assert "nowhere.yaml" in ran.err and "Traceback" not in ran.err
