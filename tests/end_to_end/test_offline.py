"""The app with the network off: server and browser where there is none."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import CHROMIUM
from tests.end_to_end.serving import ROOT

APART = ("unshare", "--user", "--map-root-user", "--net")


def can_be_cut_off() -> bool:
    """Whether this machine lets a process have a network of its own."""
    return shutil.which("unshare") is not None and subprocess.run([*APART, "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium")
@pytest.mark.skipif(not can_be_cut_off(), reason="no network namespace can be made here")
def test_a_result_a_plan_and_a_sheet_need_no_network(front_end: None, tmp_path: Path) -> None:
    command = [*APART, sys.executable, "-m", "tests.end_to_end.offline_walk", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert (done.returncode, done.stdout.strip()) == (0, "walked"), done.stderr[-2000:]
