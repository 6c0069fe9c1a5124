"""Many single-person trials at once."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from psoas.trial import TrialError, draw
from psoas.trial.series import analysed, read_days
from psoas.trial.simulate import Person, days_of


def days_csv(effects: list[float]) -> str:
    rng, lines = np.random.default_rng(3), ["person,day,weekday,on_treatment,pain"]
    for number, effect in enumerate(effects):
        schedule = draw(block_days=7, pairs=3, seed=number)
        pain = days_of(Person(level=6, effect=effect, answers=0.9), schedule, rng)
        lines += [
            f"p{number},{day},{day % 7},{on},{'' if value is None else value:}"
            for day, (on, value) in enumerate(zip(schedule.on_treatment(), pain, strict=True))
        ]
    return "\n".join(lines) + "\n"


def test_each_is_analysed_and_the_effects_are_drawn_together() -> None:
    found = analysed(read_days(days_csv([-2.0, -2.0, -2.0, -2.0, 0.0, 0.0])))
    assert [one.problem for one in found.members] == [""] * 6
    assert found.mean is not None and found.mean_90 is not None and found.spread is not None
    assert found.mean_90[0] < -1.33 < found.mean_90[1], "the true mean over people"
    assert found.spread > 0.3
    raw = [one.verdict.effect_points for one in found.members if one.verdict]
    shrunk = [one.shrunk for one in found.members if one.shrunk is not None]
    assert np.mean(raw[:4]) < np.mean(raw[4:]) and np.mean(shrunk[:4]) < np.mean(shrunk[4:])


def test_people_who_are_alike_are_drawn_closely_together() -> None:
    found = analysed(read_days(days_csv([-1.5] * 8)))
    shrunk = [one.shrunk for one in found.members if one.shrunk is not None]
    raw = [one.verdict.effect_points for one in found.members if one.verdict]
    assert np.ptp(shrunk) < np.ptp(raw)


def test_a_member_that_cannot_be_analysed_says_why_and_the_others_go_on() -> None:
    text = days_csv([-2.0, 0.0]) + "lonely,0,0,0,5\n"
    found = analysed(read_days(text))
    assert found.members[-1].problem.startswith("1 days have a value") and found.members[0].verdict is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("person,day,pain\n", "column on_treatment is missing"),
        ("person,day,on_treatment,pain\na,0,0,eleven\n", "line 2: pain is 'eleven'"),
        ("person,day,on_treatment,pain\na,0,0,11\n", "expected 0 to 10"),
        ("person,day,on_treatment,pain\na,,0,1\n", "day and on_treatment are needed"),
    ],
)
def test_wrong_cells_get_a_sentence(text: str, says: str) -> None:
    with pytest.raises(TrialError, match=says):
        read_days(text)


def test_at_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text(days_csv([-3.0, 0.0]), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "psoas", "trial", "series", "days.csv"], cwd=tmp_path, capture_output=True, text=True
    )
    rows = list(csv.DictReader(io.StringIO(ran.stdout)))
    assert rows[0]["word"] == "helps" and rows[1]["word"] != "helps", ran.stderr
