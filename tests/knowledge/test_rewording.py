"""Decisions rest on typed data: every word that a person reads is rewritten, and every decision stays the same.

Labels, questions, notes and sentences of every pack are turned into other letters (rot13, so that no phrase of letters
survives), and cases, courses and papers are decided anew.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from psoas.assessment import Assessment, assess
from psoas.care._effects import effects_of
from psoas.diagnosis import what_next
from psoas.follow_up import Baseline, CheckIn, expected_course, judge, reopen
from psoas.interview import Interview
from psoas.knowledge import Entry, Knowledge, load
from psoas.report.handout import _client as client_pages
from psoas.screening import facts_of
from tests.cases import random_case

KEPT_PACKS = {"medicines", "illnesses"}
"""Names that are read: what people write is matched with them, so they are data and no label."""
TYPED_FIELDS = {
    "id", "when", "unless", "applies_if", "derived_from", "rule", "if_", "only_if", "forbid_if", "parts", "source",
    "read_in", "guideline", "fields", "functions", "points", "covers_ids", "tried_as", "technique",
    "home", "instruments", "expression_language", "rule_language",
}  # fmt: skip
"""Fields that hold ids, expressions of the packs' language or words of a list, and no prose."""
OF_TYPE = {
    "CaseFact": {"yes", "no"},  # expressions
    "Phase": {"name"},  # calm, build or return: an id
    "TriedCare": {"words"},  # what is matched with what people write, as in the packs that are kept
}
"""The same for fields whose names mean prose elsewhere."""
WORDS = re.compile(r"[A-Z]|\s")


def reworded(value: Any, field: str = "") -> Any:
    """The same with every text for people in other letters."""
    if isinstance(value, Entry):
        fields = {name: getattr(value, name) for name in value._names}
        typed = type(value).__name__ in ("Source",)
        kept = TYPED_FIELDS | OF_TYPE.get(type(value).__name__, set())
        return type(value)(**{n: v if typed or n in kept else reworded(v, n) for n, v in fields.items()})
    if isinstance(value, Mapping):
        return {key: part if key in TYPED_FIELDS else reworded(part, str(key)) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return tuple(reworded(part, field) for part in value)
    if isinstance(value, str) and (WORDS.search(value) or field in ("plain", "name", "label", "plain_name")):
        parts = re.split(r"(\{\w+\})", value)  # a place that is filled in is no word
        return "".join(part if part.startswith("{") else codecs.encode(part, "rot13") for part in parts)
    return value


@cache
def other_words() -> Knowledge:
    """The evidence with every label rewritten."""
    packs = load().packs()
    made = Knowledge.of({name: pack if name in KEPT_PACKS else reworded(pack) for name, pack in packs.items()})
    made.__dict__["sha256"] = load().sha256
    return made


def decisions(answer: Assessment, knowledge: Knowledge) -> dict[str, Any]:
    """Everything that is decided of a case, without a word of it."""
    screen, plan = answer.screen, answer.plan
    interview = Interview(answer.case.to_data(), knowledge=knowledge)
    return {
        "urgency": screen.urgency,
        "alarms": [(one.condition, one.urgency, one.rule, one.suggested) for one in screen.alarms],
        "watched": [one.rule for one in screen.watched],
        "not_asked": screen.not_asked,
        "forbidden": [(one.technique, one.contraindication, one.level, one.because) for one in screen.forbidden],
        "not_cleared": [(one.technique, one.ask) for one in screen.not_cleared],
        "gate": (screen.gate.closed_by, screen.gate.ask),
        "medicines": [(one.classes, one.understood) for one in screen.medicines],
        "conflicts": [one.field for one in screen.conflicts],
        "sources": [asdict(one) for one in answer.diagnosis.differential],
        "none": answer.diagnosis.no_single_source,
        "next": [one.finding for one in answer.diagnosis.next],
        "what_next": [one.finding for one in what_next(facts_of(answer.case, knowledge), knowledge)],
        "plan": [(item.id, item.kind, item.certainty, _figures(item.dose), len(item.stop_if), len(item.start_after))
                 for item in plan.items],
        "dropped": [(one.id, tuple((why.code, why.by) for why in one.reasons)) for one in plan.dropped],
        "not_offered": [(one.id, tuple(why.code for why in one.reasons)) for one in plan.not_offered],
        "next_best": plan.next_best,
        "clashes": [(one.first, one.second, one.severity) for one in plan.clashes],
        "review": (plan.review.week, len(plan.checkpoints)),
        "leave": [one.techniques for one in plan.leave_for_now],
        "tape": bool(client_pages._tape(plan, client_pages.Options(tape=True), knowledge)),
        "steps": [(step.kind, step.id, len(step.parts)) for step in (interview.next(), *interview.sheets)],
        "stops": [one.rule for one in interview.stops],
    }  # fmt: skip


def _figures(dose: Mapping[str, Any]) -> dict[str, Any]:
    """A dose without its words."""
    return {name: value for name, value in dose.items() if not isinstance(value, str)}


CASES = [
    {"medicines": ["Eliquis 5 mg"], "findings": {"hip_flexion_weak": "yes"}},
    {"conditions": ["fragile_skin"], "pain": {"regions": {"lumbar_left": 5}, "duration_weeks": 20}},
    {"conditions": ["adhesive_allergy", "osteoporosis"], "person": {"age_years": 70}},
    {"person": {"age_years": 72}, "findings": {"achilles_reflex_reduced": {"left": "yes", "right": "yes"}}},
    {"person": {"age_years": 50}, "findings": {"achilles_reflex_reduced": {"left": "yes", "right": "yes"}}},
    {"conditions": ["type_2_diabetes", "hip_replacement_left", "cancer_breast"], "medicines": ["prednisolone"]},
    {"tried": [{"what": "massage", "weeks": 6, "effect": "none"}, {"what": "Heat", "effect": "worse"}]},
    {"medicines": ["Foobarol"], "supplements": ["turmeric"], "conditions": []},
]


def both(raw: dict[str, Any]) -> None:
    plain, other = load(), other_words()
    case = {"psoas_case": 1, **raw}
    assert decisions(assess(case, knowledge=other), other) == decisions(assess(case, knowledge=plain), plain)


def test_the_words_are_all_rewritten() -> None:
    other = other_words()
    assert other.red_flags.techniques["taping"].plain != load().red_flags.techniques["taping"].plain
    rewritten = sum(one.name != load().findings.findings[name].name for name, one in other.findings.findings.items())
    assert rewritten == len(other.findings.findings)
    assert other.red_flags.conditions["spinal_infection"].flags.keys() == (
        load().red_flags.conditions["spinal_infection"].flags.keys()
    )


@pytest.mark.parametrize("raw", CASES, ids=lambda raw: "-".join(raw))
def test_other_words_change_no_decision(raw: dict[str, Any]) -> None:
    both(raw)


@pytest.mark.parametrize("seed", range(12))
def test_other_words_change_no_decision_of_a_random_case(seed: int) -> None:
    both({key: value for key, value in random_case(seed).items() if key != "psoas_case"})


@pytest.mark.parametrize("pain", [9, 5, 2])
def test_other_words_change_no_judgement_of_a_course(pain: int) -> None:
    first = date(2026, 1, 5)
    found = []
    for knowledge in (load(), other_words()):
        case = assess({"psoas_case": 1, "pain": {"regions": {"lumbar_left": 6}, "duration_weeks": 8}}).case
        told = [CheckIn(on=first + timedelta(weeks=week), pain_0_10=pain, change=2) for week in (3, 6, 9)]
        judgement = judge(Baseline.of(case, first), told, case, knowledge)
        course = expected_course(6, 8, knowledge)
        again = reopen(case, told, judgement, knowledge)
        point = course.at(6)
        found.append((
            judgement.verdict, judgement.pain_change, judgement.expected_pain, len(judgement.why), again.ask,
            [one.finding for one in again.next], point.pain if point else None, len(course.shares),
        ))  # fmt: skip
    assert found[0] == found[1]


def test_other_words_change_no_size_of_an_effect() -> None:
    def sizes(knowledge: Knowledge) -> list[Any]:
        return [
            (one.id, [(said.noticeable, said.points, said.against_little) for said in effects_of(one, knowledge)])
            for one in knowledge.interventions.interventions.values()
        ]

    assert sizes(other_words()) == sizes(load())
