"""The danger screen is printed whole in any terminal: one without a width, one that knows no '≥'."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "examples" / "looks_like_a_tight_psoas.yaml"


def psoas(*words: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    whole = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **env}
    return subprocess.run([sys.executable, "-m", "psoas", *words], capture_output=True, env=whole, check=False)


@pytest.mark.parametrize("columns", ["0", "1", "7"])
def test_a_terminal_without_a_width_still_says_the_danger(columns: str) -> None:
    done = psoas("screen", str(CASE), COLUMNS=columns, PYTHONIOENCODING="utf-8")
    assert done.returncode == 0
    assert "SEE A DOCTOR TODAY" in done.stdout.decode()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1", "cp437"])
def test_a_terminal_that_is_not_utf8_gets_every_reason(encoding: str) -> None:
    whole = psoas("screen", str(CASE), PYTHONIOENCODING="utf-8", COLUMNS="80")
    done = psoas("screen", str(CASE), PYTHONIOENCODING=encoding, COLUMNS="80")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.decode(encoding).splitlines()) >= len(whole.stdout.decode().splitlines())
    assert "spinal infection" in done.stdout.decode(encoding)


def test_json_is_json_in_any_terminal() -> None:
    done = psoas("screen", str(CASE), "--json", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["screen"]["urgency"] == "same_day"
