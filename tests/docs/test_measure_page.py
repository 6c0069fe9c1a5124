"""docs/measure.md says what measuring does: its commands and examples run, its figures are those in force."""

from __future__ import annotations

import doctest
import os
import re
import shlex
from pathlib import Path

import pytest

from psoas.knowledge import load
from psoas.knowledge.angle_error import error_sd_deg
from psoas.measure._data import choice, load_data
from tests.cli.run import ROOT, psoas

PAGE = ROOT / "docs" / "measure.md"
TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S) for line in block.strip().split("\n")]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_run(command: str) -> None:
    ran = psoas(*shlex.split(command)[1:])
    assert ran.code == 0 and "FOR THE CASE FILE" in ran.out


def test_the_python_examples_run() -> None:
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    finally:
        os.chdir(before)
    assert found.attempted > 4 and found.failed == 0


def test_the_figures_quoted_are_those_in_force() -> None:
    data, pelvis = load_data("measure.yaml"), load().angle_readings.pelvis
    tap = data["taps"]["landmark_sd_mm"]
    quoted = {
        "points 13 degrees downward": pelvis.spine_line.value == 13,
        "sd 5, range 0 to 23": pelvis.spine_line.sd == 5,
        "tilted 10 degrees back": pelvis.held_supine_tilt.value == 10,
        "10 mm along an axis at trochanter and spines, 7 at the knee, 5 at the ankle": (
            tap["trochanter"], tap["asis"], tap["psis"], tap["knee"], tap["ankle"]
        ) == (10, 10, 10, 7, 5),
        "3 pixels in 1000": choice("taps", "click_share") == 0.003,
        "8 degrees, with the landmarks at different depths": choice("camera", "turned_sd_deg") == 8,
        "0.245 of the height": choice("person", "thigh_share") == 0.245,
        "less than 3.6 degrees": round(error_sd_deg("x", False, home=True, instrument=False), 1) == 3.6,
    }  # fmt: skip
    flat = " ".join(TEXT.split())
    assert [words for words, holds in quoted.items() if words not in flat or not holds] == []
