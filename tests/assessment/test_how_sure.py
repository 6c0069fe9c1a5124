"""How sure an answer is said to be, what its headline names, and the verdict on the hip flexors."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from psoas.assessment import assess
from psoas.assessment.schema import PsoasShape
from psoas.diagnosis.chances import chances_of
from psoas.diagnosis.types import RankedSource, Weight
from psoas.knowledge import load
from psoas.knowledge.words import Words
from psoas.report.phrases import notes_on
from psoas.report.sources import CHANCE_WORDS, VERDICT_WORDS, headline, hip_flexor_words, judged_words, top_reasons
from tests.cases import random_case

KNOWLEDGE = load()
WORDS = Words(KNOWLEDGE)
ABSCESS = {
    "psoas_case": 1, "pain": {"regions": {"groin_left": 6}}, "vitals": {"temperature_c": 39.0},
    "findings": {"fever_or_rigors": "yes", "hip_held_flexed": {"left": "yes"}},
}  # fmt: skip


def ranked(source: str, probability: float) -> RankedSource:
    return RankedSource(source, probability, (0.0, 1.0), probability, (), (), 1)


@pytest.mark.parametrize(
    ("first", "second", "none", "word"),
    [
        (0.85, 0.10, 0.10, "clear"), (0.85, 0.60, 0.10, "likely"), (0.50, 0.10, 0.30, "likely"),
        (0.50, 0.40, 0.10, "leading"), (0.25, 0.10, 0.15, "leading"), (0.25, 0.22, 0.10, "open"),
        (0.15, 0.02, 0.05, "open"), (0.30, 0.10, 0.50, "open"),
    ],
)  # fmt: skip
def test_one_scale_of_words(first: float, second: float, none: float, word: str) -> None:
    chances = chances_of([ranked("facet_joint_pain", second), ranked("discogenic_pain", first)], none, KNOWLEDGE)
    assert chances.word == word
    assert chances.leader == "discogenic_pain"
    assert chances.none_leads is (none > first)


def test_every_word_of_the_pack_is_said() -> None:
    choices = KNOWLEDGE.diagnosis_choices
    assert {*(line.word for line in choices.chances), choices.chances_else} == set(CHANCE_WORDS)
    assert set(PsoasShape.model_fields["as_source"].annotation.__args__) == set(VERDICT_WORDS)  # type: ignore[union-attr]


@pytest.mark.parametrize("seed", range(8))
def test_a_headline_names_first_what_is_most_probable(seed: int) -> None:
    answer = assess(random_case(seed))
    diagnosis = answer.diagnosis
    best = max(diagnosis.differential, key=lambda one: one.probability)
    said = headline(diagnosis, WORDS)
    if diagnosis.no_single_source > best.probability:
        assert said.startswith("No single source stands out")
    else:
        name = WORDS.source(best.source)
        assert said.startswith(f"{CHANCE_WORDS[diagnosis.chances.word]}: {name[:1].lower()}{name[1:]}")


def test_the_three_facts_that_matter_most_each_way() -> None:
    weights = tuple(Weight(f"finding_{n}", 3.0 - n, ("reasoned",), ("reasoned",), "yes") for n in range(5))
    found = top_reasons(RankedSource("facet_joint_pain", 0.3, (0.1, 0.5), 0.2, weights, weights[:2], 1))
    assert found.for_ == weights[:3]
    assert found.more_for == weights[3:]
    assert found.against == weights[:2]
    assert found.more_against == ()


def test_what_rests_on_judgement_is_said() -> None:
    answer = assess({"psoas_case": 1, "pain": {"regions": {"groin_left": 5}}})
    assert 0.0 <= answer.diagnosis.judged <= 1.0
    assert f"{answer.diagnosis.judged:.0%}" in judged_words(answer.diagnosis)
    assert judged_words(answer.diagnosis) in list(notes_on(answer.diagnosis, WORDS))


# ---- the psoas question


def test_nothing_known_cannot_be_told_yet_and_says_what_would_settle_it() -> None:
    verdict = assess({"psoas_case": 1}).diagnosis.psoas
    assert verdict.as_source == "cannot_tell_yet"
    assert verdict.settle_by in KNOWLEDGE.findings.findings
    assert verdict.withheld == ()


def test_a_closed_gate_withholds_the_verdict_with_its_reason() -> None:
    answer = assess(ABSCESS)
    verdict = answer.diagnosis.psoas
    assert not answer.screen.gate.open
    assert verdict.as_source == "cannot_tell_yet"
    assert verdict.withheld == answer.screen.gate.closed_by
    assert "a doctor must exclude" in hip_flexor_words(verdict, WORDS)
    assert answer.to_json()["psoas"]["withheld"]


def test_a_back_far_from_the_flexors_is_probably_not_theirs() -> None:
    answer = assess({
        "psoas_case": 1, "person": {"age_years": 74},
        "pain": {"regions": {"lumbar_centre": 3, "calf_left": 5, "calf_right": 5}, "map_complete": "yes"},
        "findings": {"relief_when_seated": "yes", "leg_symptoms_on_walking": "yes"},
    })  # fmt: skip
    assert answer.diagnosis.psoas.as_source == "probably_not"


def test_the_four_sources_are_taken_together() -> None:
    diagnosis = assess({
        "psoas_case": 1, "pain": {"regions": {"groin_left": 5}},
        "findings": {"resisted_hip_flexion_painful": {"left": "yes"}, "snapping_hip": {"left": "yes"}},
    }).diagnosis  # fmt: skip
    own = [one for one in diagnosis.differential if one.source in WORDS.hip_flexors]
    assert len(own) == 4
    assert max(one.probability for one in own) <= diagnosis.psoas.probability <= sum(one.probability for one in own)
    low, high = diagnosis.psoas.interval_90
    assert low <= diagnosis.psoas.probability <= high
    assert diagnosis.psoas.as_source in ("probably", "possibly")


@pytest.mark.parametrize("data", [{"psoas_case": 1}, ABSCESS])
def test_the_verdict_in_json_has_its_shape(data: dict) -> None:
    Draft202012Validator(PsoasShape.model_json_schema()).validate(assess(data).to_json()["psoas"])
