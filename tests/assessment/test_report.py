"""The report of an answer: plain data in words, faithful to the answer, with every figure's citation."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from psoas.assessment import Assessment, assess
from psoas.knowledge import load
from psoas.report.phrases import headlines
from psoas.report.text import report_of
from psoas.report.text.citing import Citing
from psoas.report.text.ranking import odds_words, strength

EXAMPLES = sorted((Path(__file__).resolve().parent.parent.parent / "examples").glob("*.yaml"))
IDS = [path.stem for path in EXAMPLES]


@cache
def answered(name: str) -> tuple[Assessment, dict[str, Any]]:
    answer = assess(next(path for path in EXAMPLES if path.stem == name))
    return answer, report_of(answer, load())


@pytest.mark.parametrize("name", IDS)
def test_it_is_plain_data_that_survives_storage(name: str) -> None:
    _, report = answered(name)
    assert json.loads(json.dumps(report, allow_nan=False)) == report


@pytest.mark.parametrize("name", IDS)
def test_it_says_what_the_answer_says(name: str) -> None:
    answer, report = answered(name)
    told = [(one["id"], one["percent"], one["responsibility"]) for one in report["sources"]]
    ranked = answer.diagnosis.differential
    assert told == [(one.source, round(100 * one.probability), round(100 * one.responsibility)) for one in ranked]
    assert report["no_single"]["percent"] == round(100 * answer.diagnosis.no_single_source)
    assert [item["id"] for item in report["plan"]["chosen"]] == [item.id for item in answer.plan.items]
    assert report["danger"]["urgency"] == answer.screen.urgency
    assert {one["id"] for one in report["danger"]["forbidden"]} == {ban.technique for ban in answer.screen.forbidden}
    assert report["knowledge_sha256"] == load().sha256


@pytest.mark.parametrize("name", IDS)
def test_every_figure_that_moves_a_source_has_its_citation_in_full(name: str) -> None:
    _, report = answered(name)
    for source in report["sources"]:
        for weight in (*source["for"], *source["against"]):
            assert weight["citations"], weight
            for one in weight["citations"]:
                assert one["text"] != one["id"].replace("_", " "), f"{one['id']} is not in the evidence"


def test_what_was_recalled_or_judged_and_not_read_is_marked() -> None:
    answer, report = answered("leg_pain")
    recalled = {
        (source.source, weight.finding)
        for source in answer.diagnosis.differential
        for weight in (*source.for_, *source.against)
        if {"recalled", "reasoned"} & set(weight.read_in)
    }
    marked = {
        (source["id"], weight["finding"])
        for source in report["sources"]
        for weight in (*source["for"], *source["against"])
        if not weight["verified"]
    }
    assert recalled == marked != set()


def test_a_danger_comes_first_and_the_body_waits() -> None:
    _, report = answered("looks_like_a_tight_psoas")
    assert report["waits"] and report["danger"]["alarm"]
    assert report["sentence"] == "A doctor comes first; what follows waits."
    assert report["danger"]["title"] == headlines()["same_day"].capitalize()
    assert report["flexors"] is None and report["levels"] is None
    assert report["danger"]["forbidden_all"]
    causes = [one["cause"] for one in report["danger"]["alarms"]]
    assert len(causes) == len(set(causes)), "a cause is told once, with all its reasons"


def test_no_single_source_is_called_a_normal_answer() -> None:
    _, report = answered("short_hip_flexor")
    assert report["no_single"]["leads"] and report["sentence"].startswith("No single source stands out")
    assert "normal answer" in report["beside"]


def test_flexors_and_levels_are_the_models_own_numbers() -> None:
    answer, report = answered("short_hip_flexor")
    body = answer.body
    assert body is not None and body.tightness is not None and body.measured is not None and body.normal is not None
    iliopsoas = next(row for row in report["flexors"]["rows"] if row["id"] == "iliopsoas")
    assert iliopsoas["right"]["shorter_percent"] == round(body.tightness.right["iliopsoas"].shortening_percent, 1)
    sartorius = next(row for row in report["flexors"]["rows"] if row["id"] == "sartorius")
    assert not sartorius["left"]["told"] and sartorius["difference_percent"] is None
    rows = {row["level"]: row for row in report["levels"]["rows"]}
    assert list(rows) == list(body.measured)
    for level, row in rows.items():
        assert row["compression_n"] == round(body.measured[level].compression_n)
        assert row["compression_normal_n"] == round(body.normal[level].compression_n)


def test_the_psoas_is_never_called_proven() -> None:
    _, report = answered("short_hip_flexor")
    assert any("No test identifies the psoas" in note for note in report["notes"])
    assert "not proof" in report["flexors"]["caveat"]


@pytest.mark.parametrize(
    ("bits", "words", "odds"),
    [
        (2.0, "clearly for", "odds × 4.0"),
        (-2.0, "clearly against", "odds ÷ 4.0"),
        (0.2, "hardly counts", "odds × 1.1"),
        (-1.0, "a little against", "odds ÷ 2.0"),
        (4.0, "strongly for", "odds × 16"),
    ],
)
def test_bits_in_words(bits: float, words: str, odds: str) -> None:
    assert (strength(bits), odds_words(bits)) == (words, odds)


def test_a_citation_says_how_it_was_read() -> None:
    citing = Citing(load())
    name = next(iter(load().findings.sources))
    (read,) = citing.of([name, name], ["recalled"])
    assert read["read"] == "recalled, not verified" and not read["verified"]
    (full,) = citing.of([name], ["fulltext"])
    assert full["read"] == "read in full" and full["verified"]
