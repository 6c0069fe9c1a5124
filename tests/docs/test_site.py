"""The documentation site builds without a warning: no broken link, no page outside the tree, no name that is gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_site_builds_without_a_warning_and_asks_nobody(tmp_path: Path) -> None:
    pytest.importorskip("sphinx", reason="the site needs the docs extra")
    site = tmp_path / "site"
    options = ["-W", "--keep-going", "-q", "-d", str(tmp_path / "read")]
    command = [sys.executable, "-m", "sphinx", *options, str(DOCS), str(site)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    commands = (site / "reference" / "commands.html").read_text(encoding="utf-8")
    assert "psoas assess" in commands and "--setting" in commands
    python = (site / "reference" / "python.html").read_text(encoding="utf-8")
    assert "psoas.body.solve" in python and "hold_distance_m" in python
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert 'src="http' not in text and 'rel="stylesheet" href="http' not in text, f"{page} loads from elsewhere"
