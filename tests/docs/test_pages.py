"""Pages with Python run and print what they show; each notebook is its page, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.notebooks import PAGES, blocks, notebook, printed_by

from tests.closeness import differences_in_text

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("page", [*PAGES, ROOT / "docs" / "tutorial.md"], ids=lambda page: page.stem)
def test_a_page_prints_what_it_shows(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mujoco", reason="the body needs the body extra")
    monkeypatch.chdir(ROOT)
    text = page.read_text(encoding="utf-8")
    shown = [printed or "" for _, printed in blocks(text)]
    assert len(shown) > 0
    for printed, expected in zip(printed_by(text, page.name), shown, strict=True):
        assert differences_in_text(printed, expected) == [], "run scripts/notebooks.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_notebook_is_its_page(page: Path) -> None:
    kept = page.with_suffix(".ipynb").read_text(encoding="utf-8")
    assert kept == notebook(page.read_text(encoding="utf-8")), "run scripts/notebooks.py"
