"""`psoas evidence` as a person and a program see it."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from psoas.cli import evidence
from psoas.cli.evidence import app
from psoas.knowledge import Knowledge
from psoas.knowledge._load import DATA
from psoas.knowledge.catalogue import as_data, citations, facts
from psoas.knowledge.checks.doubts import AREAS, Doubt, doubts


@pytest.fixture(autouse=True)
def shared(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands use the packs that are compiled already; a terminal of 80 columns."""
    monkeypatch.setattr(evidence, "load", lambda: knowledge)
    monkeypatch.setattr(Knowledge, "check", lambda self: ())
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")


def run(*args: str) -> Result:
    return CliRunner().invoke(app, list(args))


def as_json(*args: str) -> Any:
    result = run(*args, "--json")
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_check_counts_and_finds_no_problem() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "findings 328 (176 untested)" in result.stdout
    assert "problems: 0" in result.stdout
    assert as_json("check")["counts"]["accuracy_rows"] == 309


def test_check_names_every_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for path in DATA.glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("    lr_pos: 2.31\n", "    lr_pos: 3.21\n")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("PSOAS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(evidence, "load", lambda: Knowledge(tmp_path))
    result = run("check")
    assert result.exit_code == 1
    assert "psis_one_finger/accuracy/0/lr_pos is 3.21" in " ".join(result.stdout.split())
    report = json.loads(run("check", "--json").stdout)
    assert len(report["problems"]) == 1 and "counts" not in report


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("faber", "finding", "Accuracy"),
        ("night_pain", "flag", "Premkumar"),
        ("cannot_walk_with_danger", "combination", "all of (cannot_stand_or_walk, [any of (fever_or_rigors"),
        ("sacroiliac_joint_pain", "source of pain", "Findings for it"),
        ("psoas_abscess", "cause in the danger screen", "Wong et al. 2013"),
        ("half_kneeling_tuck_stretch", "exercise", "how it was read is not said here"),
        ("education_stay_active", "intervention", "stance"),
        ("turmeric+warfarin", "interaction", "Medsafe"),
        ("deepest_most_vital", "claim", "unsupported"),
        ("modified_thomas", "test of the hip flexors", "Hold the pelvis"),
        ("nrs_pain", "measure", "Ostelo"),
        ("ps_l1_vb", "fascicle", "recalled, not verified"),
        ("vt_psoas_fibre_length", "validation target", "quoted elsewhere"),
        ("wilke_stand_relaxed", "spine load", "MPa"),
        ("temperature_38", "threshold", "reasoned"),
        ("compensation_case", "prognostic factor", "0.45 to 0.69"),
        ("premkumar_2018", "citation", "9940"),
    ],
)
def test_show_prints_a_fact_of_any_kind_within_80_columns(name: str, kind: str, words: str) -> None:
    result = run("show", name)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == f"{name}  {kind}"
    assert words in " ".join(result.stdout.split())
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_show_gives_full_citations_and_how_each_was_read() -> None:
    (fact,) = as_json("show", "psis_one_finger")["facts"]
    assert fact["kind"] == "finding" and fact["record"]["accuracy"][0]["lr_pos"] == 2.31
    by_id = {source["id"]: source for source in fact["sources"]}
    assert by_id["murakami_2008"]["read_in"] == ["abstract"]
    assert by_id["dreyfuss_1996"]["read_in"] == ["recalled"]
    assert by_id["murakami_2008"]["citation"].startswith("Murakami")


def test_an_unknown_id_names_its_neighbours() -> None:
    result = run("show", "nigth_pain")
    assert result.exit_code == 2 and result.stdout == ""
    assert "No fact has the id 'nigth_pain'. Nearest are: night_pain" in result.stderr
    assert "The evidence has no entry with a similar name." in run("show", "qqqqzzzz").stderr


def test_the_command_passes_the_exit_code_on() -> None:
    command = [sys.executable, "-m", "psoas", "evidence", "show", "nigth_pain"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "") and "night_pain" in done.stderr


def test_every_fact_can_be_shown(knowledge: Knowledge) -> None:
    """As plain data, for all of them; what it stands on is listed in the same pack."""
    for name, found in facts(knowledge).items():
        for fact in found:
            assert json.loads(json.dumps(as_data(fact.record))) is not None
            for citation in citations(knowledge, fact):
                assert citation.source.citation, name


def test_doubts_hold_what_is_recalled_reasoned_and_contradicted(knowledge: Knowledge) -> None:
    found = doubts(knowledge)
    whys = {why for doubt in found for why in doubt.why}
    assert whys == {"recalled", "secondary", "reasoned", "computed", "contradicted"}
    recalled = {(doubt.id, doubt.about) for doubt in found if "recalled" in doubt.why}
    for finding in knowledge.findings.findings.values():
        for row in finding.accuracy:
            if "recalled" in row.read_in and not row.untested and row.lr_pos is not None:
                assert (finding.id, row.condition) in recalled


def test_a_doubt_says_how_much_it_can_move(knowledge: Knowledge) -> None:
    found = doubts(knowledge)

    def one(area: str, name: str, why: str) -> Doubt:
        return next(d for d in found if (d.area, d.id) == (area, name) and why in d.why)

    row = one("accuracy", "sij_cluster_2_of_4", "recalled")
    assert row.bits == pytest.approx(math.log2(1 / 0.15)), "LR- 0.15 moves more than LR+ 4"
    apart = one("accuracy", "sij_thigh_thrust", "contradicted")
    assert apart.bits == pytest.approx(math.log2(1.28 / 0.17))
    assert apart.says.startswith("LR+ 2.84") and apart.against is not None and apart.against.startswith("LR+ 0.72")
    share = one("share", "disc_herniation_radiculopathy", "recalled")
    assert share.bits == pytest.approx(math.log2((0.43 / 0.57) / (0.016 / 0.984)))
    flag = one("screen", "no_urine_passed", "recalled")
    assert (flag.urgency, flag.bits) == ("emergency_now", None)


def test_doubts_come_with_the_greatest_mover_first(knowledge: Knowledge) -> None:
    found = doubts(knowledge)
    assert [area for area in AREAS for d in found if d.area == area] == [d.area for d in found]
    for area in AREAS:
        weights = [doubt.weight for doubt in found if doubt.area == area]
        assert weights and weights == sorted(weights, reverse=True)


def test_doubts_are_listed_within_80_columns() -> None:
    result = run("doubts", "--limit", "4")
    assert result.exit_code == 0
    assert "... and " in result.stdout and "contradicted" in run("doubts", "--limit", "60").stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert len(as_json("doubts", "--limit", "2")["doubts"]) == 2 * len(AREAS)
    everything = as_json("doubts", "--limit", "0")
    assert len(everything["doubts"]) == everything["total"]
    assert run("doubts", "--limit", "-1").exit_code == 2
