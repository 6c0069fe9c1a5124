"""The file of a trial, its order by lot, and the commands."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from psoas.errors import CaseError
from psoas.trial import Day, Trial, draw
from psoas.trial.model import TrialError
from psoas.trial.picture import picture

STARTS = date(2026, 10, 1)


def made(**more: object) -> Trial:
    return Trial.of({"treatment": "stretch", "starts": "2026-10-01", "seed": 5, "block_days": 5, "pairs": 2, **more})


def psoas(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "psoas", *words], capture_output=True, text=True, cwd=cwd, check=False)


def test_each_pair_holds_the_treatment_once_and_the_coin_falls_both_ways() -> None:
    firsts = set()
    for seed in range(40):
        blocks = draw(block_days=5, pairs=3, seed=seed).blocks
        assert all(blocks[2 * pair] != blocks[2 * pair + 1] for pair in range(3))
        firsts.add(blocks[0])
    assert firsts == {True, False}


@pytest.mark.parametrize(("name", "value"), [("block_days", 1), ("pairs", 0), ("run_in_days", 40)])
def test_a_design_out_of_range_is_refused(name: str, value: int) -> None:
    with pytest.raises(TrialError, match=f"{name} is {value}"):
        draw(**{"block_days": 7, "pairs": 2, "run_in_days": 7, name: value}, seed=1)


def test_a_day_tells_its_own_block_and_nothing_beyond() -> None:
    trial = made()
    assert "Run-in, day 1 of 7" in trial.today(STARTS)
    told = trial.today(STARTS + timedelta(days=7))
    assert "Block 1 of 4, day 1 of 5" in told and ("stretch" in told) != ("nothing" in told)
    assert trial.today(trial.last + timedelta(days=1)) == "The trial is over; analyse it."


def test_telling_a_day_twice_keeps_what_was_not_told_again() -> None:
    trial = made().told(STARTS, Day(pain_0_10=4)).told(STARTS, Day(did_it=True))
    assert trial.days[STARTS] == Day(pain_0_10=4, did_it=True)


def test_a_day_outside_and_a_stopped_trial_are_refused() -> None:
    with pytest.raises(CaseError, match="runs from"):
        made().told(STARTS - timedelta(days=1), Day(pain_0_10=4))
    stopped = made().stop("danger sign: fever")
    with pytest.raises(CaseError, match="fever"):
        stopped.told(STARTS, Day(pain_0_10=4))
    assert "fever" in stopped.today(STARTS)


def test_a_wrong_field_is_named() -> None:
    with pytest.raises(CaseError, match="Did you mean treatment"):
        Trial.of({"treatmnt": "x", "treatment": "stretch", "starts": "2026-10-01"})
    with pytest.raises(CaseError, match="lies outside"):
        made(days={"2027-10-01": {"pain_0_10": 3}})


def test_the_picture_draws_told_days_and_no_block_to_come() -> None:
    trial = made()
    for day in range(9):
        trial = trial.told(STARTS + timedelta(days=day), Day(pain_0_10=5))
    svg = picture(trial, trial.pain_until(STARTS + timedelta(days=8)))
    assert svg.count('class="dot"') == 9
    assert svg.count('class="on"') <= 1
    assert "<script" not in picture(made(treatment="<script>alert(1)</script>"), [5.0])


def test_the_walk_from_design_to_verdict(tmp_path: Path) -> None:
    start = ("trial", "start", "t.yaml", "--treatment", "stretch", "--on", "2026-10-01")
    ran = psoas(*start, "--block-days", "5", "--pairs", "2", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    again = psoas("trial", "start", "t.yaml", "--treatment", "x", cwd=tmp_path)
    assert again.returncode == 2 and "never overwritten" in again.stderr
    ran = psoas("trial", "run", "t.yaml", "--pain", "6", "--did-it", "--on", "2026-10-01", cwd=tmp_path)
    assert ran.returncode == 0 and "Run-in" in ran.stdout
    early = psoas("trial", "analyse", "t.yaml", "--on", "2026-10-03", cwd=tmp_path)
    assert early.returncode == 2 and "not due" in early.stderr
    stopped = psoas("trial", "run", "t.yaml", "--danger", "numb saddle", "--on", "2026-10-02", cwd=tmp_path)
    assert stopped.returncode == 0 and "stopped" in stopped.stdout
    refused = psoas("trial", "run", "t.yaml", "--pain", "6", "--on", "2026-10-03", cwd=tmp_path)
    assert refused.returncode == 2 and "numb saddle" in refused.stderr


def test_retest_at_the_terminal(tmp_path: Path) -> None:
    words = ("before=6", "before=6", "comparison=6", "treatment=3", "comparison=3", "treatment=1")
    ran = psoas("retest", *words, "--chance", "0.1", "--json", cwd=tmp_path)
    answer = json.loads(ran.stdout)
    assert answer["chance_after"] > 0.15 and answer["likelihood_ratio"] <= 4
    assert psoas("retest", "before=six", cwd=tmp_path).stderr.startswith("psoas: reading 1: is 'before=six'")
