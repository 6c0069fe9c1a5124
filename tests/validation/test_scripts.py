"""The scripts that print the figures of the documents: each can be started, and each keeps to its own section."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from validation.page import write_section

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(
    f"{path.parent.name}.{path.stem}" for room in ("validation", "benchmarks") for path in (ROOT / room).glob("*.py")
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_can_be_brought_in(name: str) -> None:
    """In a process of its own: some set the number of threads when they are brought in."""
    done = subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_a_section_is_replaced_in_place_and_a_new_one_is_added(tmp_path: Path) -> None:
    page = tmp_path / "validation.md"
    write_section("one", "first", page)
    write_section("two", "second", page)
    before = page.read_text(encoding="utf-8")
    write_section("one", "again", page)
    after = page.read_text(encoding="utf-8")
    assert after == before.replace("first", "again")
    assert after.index("again") < after.index("second")
