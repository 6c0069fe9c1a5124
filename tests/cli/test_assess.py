"""`psoas assess`: the JSON to the letter, the screen of a person at 80 columns, the same bytes every time."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from psoas.assessment.schema import answer_schema, case_schema
from psoas.knowledge import load
from psoas.knowledge.frequencies import ranked_sources
from tests.cli.run import EXAMPLES, ROOT, answered, psoas

KEYS = [
    "psoas_version", "knowledge_sha256", "case", "screen", "differential", "no_single_source", "psoas", "next", "plan",
]  # fmt: skip
FILLED_BY_THE_BODY = ("flexors", "levels")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_json_of_every_example_fits_the_schema(path: Path) -> None:
    ran = answered(path, "--json")
    answer = json.loads(ran.out)
    assert ran.code == 0 and ran.err == ""
    assert [key for key in answer if key not in FILLED_BY_THE_BODY] == KEYS, (
        "sections that this version cannot fill are absent, and nothing is added"
    )
    jsonschema.validate(answer, answer_schema())
    assert answer["knowledge_sha256"] == load().sha256
    assert answer["case"] == path.stem


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_fit_the_schema_of_the_case(path: Path) -> None:
    import yaml

    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), case_schema())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_id_in_an_answer_exists(path: Path) -> None:
    """Sources, conditions, techniques, plan items and next questions can be looked up in the evidence."""
    knowledge = load()
    answer = json.loads(answered(path, "--json").out)
    offered = {*knowledge.interventions.interventions, *knowledge.exercises.exercises, *knowledge.interactions.products}
    assert {row["source"] for row in answer["differential"]} == set(ranked_sources(knowledge))
    assert {alarm["condition"] for alarm in answer["screen"]["alarms"]} <= set(knowledge.red_flags.conditions)
    assert {ban["technique"] for ban in answer["screen"]["forbidden"]} <= set(knowledge.red_flags.techniques)
    assert {one["finding"] for one in answer["next"]} <= set(knowledge.findings.findings)
    steps = {item["id"] for item in answer["plan"] if item["kind"] != "referral"}
    loads, sources = knowledge.plan_choices.loads, knowledge.plan_choices.of_source
    offered |= {f"change_{name}" for name in loads} | {f"way_back_{name}" for name in sources}
    offered |= {f"ease_{name}" for name in (*sources, *knowledge.plan_choices.eases)}
    assert steps <= offered
    assert {row["for"] for row in answer["plan"]} <= {*sources, *knowledge.red_flags.conditions, "no_single_source"}


def test_ranking_is_by_responsibility_then_probability() -> None:
    rows = json.loads(answered(ROOT / "examples/leg_pain.yaml", "--json").out)["differential"]
    keys = [(-row["responsibility"], -row["probability"]) for row in rows]
    assert keys == sorted(keys)
    assert [row["rank"] for row in rows] == list(range(1, 21))


def test_the_same_bytes_from_run_to_run() -> None:
    words = ("assess", "examples/walks_then_sits.yaml", "--json")
    assert psoas(*words).out == psoas(*words).out


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_text_fits_eighty_columns_and_says_the_essentials(path: Path) -> None:
    ran = answered(path)
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "\x1b[" not in ran.out, "no colour where none is wanted"
    for line in (
        "WHERE THE PAIN MAY COME FROM",
        "no single source found",
        "WHAT TO DO NOW",
        "LOOK AGAIN",
        "GET HELP AT ONCE",
    ):
        assert line in ran.out
    assert "Not a medical device" in ran.out


def test_the_danger_that_looks_like_a_tight_psoas() -> None:
    ran = answered(ROOT / "examples/looks_like_a_tight_psoas.yaml", "--json")
    answer = json.loads(ran.out)
    assert answer["screen"]["urgency"] == "same_day"
    assert "psoas_abscess" in {alarm["condition"] for alarm in answer["screen"]["alarms"]}
    assert "deep_psoas_pressure" in {ban["technique"] for ban in answer["screen"]["forbidden"]}
    assert [item["kind"] for item in answer["plan"]] == ["referral"]
    told = " ".join(answered(ROOT / "examples/looks_like_a_tight_psoas.yaml").out.split())
    assert "nothing here speaks for stretching or pressing the hip flexors" in told


def test_the_psoas_is_never_called_proven() -> None:
    told = " ".join(answered(ROOT / "examples/desk_worker.yaml").out.split())
    assert "No test identifies the psoas or a short hip flexor as the source of a back pain" in told


def test_who_limits_the_next_questions() -> None:
    for who, allowed in (("self", {"self"}), ("physiotherapist", {"self", "practitioner"})):
        rows = json.loads(psoas("assess", "examples/leg_pain.yaml", "--json", "--who", who).out)["next"]
        assert {row["who"] for row in rows} <= allowed


def test_setting_moves_the_starting_shares() -> None:
    def facet(setting: str) -> float:
        rows = json.loads(psoas("assess", "examples/desk_worker.yaml", "--json", "--setting", setting).out)
        return next(float(row["probability"]) for row in rows["differential"] if row["source"] == "facet_joint_pain")

    assert facet("pain_clinic") > facet("studio") > facet("primary_care")


def test_standard_input() -> None:
    text = (ROOT / "examples" / "leg_pain.yaml").read_text(encoding="utf-8")
    ran = psoas("assess", "-", "--json", stdin=text)
    assert ran.code == 0 and json.loads(ran.out)["case"] == "-"
