"""The interview: danger is reached and stops at once, it is short, and it follows from the case alone."""

from __future__ import annotations

import json
import random
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psoas.assessment import read_case
from psoas.errors import CaseError
from psoas.interview import (
    FIRST_QUESTIONS,
    Interview,
    Step,
    apply,
    danger_sheets,
    next_step,
    part_of,
    sign_sheets,
)
from psoas.knowledge import load
from psoas.knowledge.index import index_of
from psoas.knowledge.rules.conditions import ids_in
from psoas.screening import STEP
from tests.cases import Raw, cases

KNOWLEDGE = load()
INDEX = index_of(KNOWLEDGE)
ON_SHEETS = {name for sheet in danger_sheets() for name in sheet.ids}
FIRST = {name for sheet in danger_sheets() if sheet.first for name in sheet.ids}
UNDER = 20
"""A first honest answer comes after fewer screens than this."""

PEOPLE: tuple[Raw, ...] = (
    {"person": {"age_years": 30, "sex": "female"}},
    {"person": {"age_years": 70, "sex": "male"}},
    {"person": {"age_years": 15, "sex": "male"}},
    {"person": {"age_years": 44}},
)
PAINS: tuple[Raw, ...] = (
    {"regions": {"lumbar_centre": 5}, "onset": "sudden", "duration_weeks": 2},
    {"regions": {"groin_right": None, "lower_abdomen_left": 4, "lumbar_right": 3}, "onset": "sudden"},
    {"regions": {"buttock_left": 8, "buttock_right": 8, "calf_left": 3, "calf_right": 2}, "course": "worsening"},
)


def told(person: Raw, pain: Raw) -> Raw:
    return {"psoas_case": 1, **person, "pain": pain, "conditions": ["hip_replacement"]}


TOLD = [told(person, pain) for person in PEOPLE for pain in PAINS]
CALM = [start for start in TOLD if not Interview(start).stops]
"""Those of whom age and drawing alone are no reason to stop."""


def answer(step: Step, data: Raw, word: str) -> Raw:
    """The same word to everything on a step."""
    match step.kind:
        case "person":
            return apply(data, step, {"age_years": ["45"], "sex": ["female"]})
        case "pain":
            return apply(data, step, {"mark": ["lumbar_left"], "rate.lumbar_left": ["6"], "duration": ["8"]})
        case "checklist":
            form = {"no": {"none": ["1"]}, "unknown": {"skip": ["1"]}, "yes": {"tick": [p.id for p in step.parts]}}
            return apply(data, step, form[word])
        case "question":
            return apply(data, step, {"answer": [word]})
        case "signs":
            return apply(data, step, {f"a.{part.id}": [word] for part in step.parts})
    raise AssertionError(step.kind)


def walk(data: Raw, word: str, who: str = "self", most: int = 80) -> list[tuple[Step, Raw]]:
    """Every step of an interview in which everything is answered alike, with the case before it."""
    steps = []
    for _ in range(most):
        step = next_step(data, who=who)
        steps.append((step, data))
        if step.kind in ("stop", "done"):
            return steps
        data = answer(step, data, word)
    raise AssertionError("the interview does not end")


# ---- the layout holds what the evidence asks


def test_every_question_of_the_screen_that_a_person_can_answer_stands_on_one_sheet() -> None:
    names = [name for sheet in danger_sheets() for name in sheet.ids]
    assert len(names) == len(set(names))
    asked = {name for name, flag in INDEX.acts.items() if flag.ask and not flag.parts and flag.ask_who == "self"}
    assert asked - set(names) == {"pain_7_or_more"}, "a number of the pain step, not a tick"


def test_every_sign_of_the_screen_stands_on_one_sheet_of_signs() -> None:
    names = [name for sheet in sign_sheets("physiotherapist") for name in sheet.ids]
    assert len(names) == len(set(names))
    signs = {name for name, flag in INDEX.acts.items() if not flag.parts and flag.ask_who == "practitioner"}
    assert signs == set(names)
    assert not sign_sheets("self")


def test_what_can_stop_a_visit_by_itself_comes_before_the_first_answer() -> None:
    grave = {name for name, flag in INDEX.acts.items() if STEP[flag.action_if_alone] >= STEP["same_day"]}
    hard = {name for name, flag in INDEX.acts.items() if flag.strength == "hard_stop"}
    assert (grave | hard) & ON_SHEETS <= FIRST


def test_headings_of_groups_come_from_the_evidence() -> None:
    for sheet in danger_sheets():
        for group, names in sheet.blocks:
            if group:
                assert INDEX.acts[group].checklist
                assert set(names) <= set(ids_in(INDEX.acts[group].parts or {})) | ON_SHEETS


# ---- danger


HARD = sorted(name for name, flag in INDEX.acts.items() if flag.strength == "hard_stop")


def atoms(name: str) -> set[str]:
    flag = INDEX.acts.get(name) or INDEX.findings[name]
    if not flag.parts:
        return {name}
    return {atom for part in ids_in(flag.parts) if part in INDEX.acts or part in INDEX.findings for atom in atoms(part)}


def stop_of(start: Raw, wanted: frozenset[str]) -> set[str]:
    """The rules that stop an interview in which only the wanted is ticked; none when nothing stops it."""
    data = start
    for _ in range(sum(sheet.first for sheet in danger_sheets()) + 1):
        step = next_step(data, who="self")
        if step.kind == "stop":
            return {alarm.rule for alarm in step.alarms}
        if not step.first:
            break
        ticked = [part.id for part in step.parts if part.id in wanted]
        data = apply(data, step, {"tick": ticked}) if ticked else answer(step, data, "no")
    return set()


@pytest.mark.parametrize("name", HARD)
def test_every_hard_stop_is_reached_in_some_interview_and_stops_it(name: str) -> None:
    """Some answers of which it is made, ticked where they are asked, end the interview with this alarm."""
    made_of = sorted(atoms(name) & ON_SHEETS)
    tries = [frozenset(some) for size in (1, 2) for some in combinations(made_of, size)] + [frozenset(made_of)]
    assert any(name in stop_of(start, wanted) for start in TOLD for wanted in tries)


@pytest.mark.parametrize("name", sorted(FIRST & set(HARD)))
def test_one_yes_to_a_hard_stop_shows_the_stop_next(name: str) -> None:
    reached = False
    for start in TOLD:
        for step in Interview(start).first_sheets:
            if name in {part.id for part in step.parts}:
                after = next_step(apply(start, step, {"tick": [name]}))
                assert after.kind == "stop"
                assert name in {alarm.rule for alarm in after.alarms}
                reached = True
    assert reached


def test_a_danger_stops_every_asker_and_only_an_accepted_rule_goes_on() -> None:
    data = TOLD[0] | {"findings": {"saddle_numbness": "yes"}}
    for who in ("self", "bodyworker", "physiotherapist"):
        stop = next_step(data, who=who)
        assert stop.kind == "stop"
        rules = frozenset(alarm.rule for alarm in stop.alarms)
        assert next_step(data, who=who, accepted=rules).kind == "checklist"
        more = data | {"findings": {**data["findings"], "coughing_blood": "yes"}}
        again = next_step(more, who=who, accepted=rules)
        assert again.kind == "stop" and "coughing_blood" in {alarm.rule for alarm in again.alarms}
        assert {alarm.rule for alarm in again.alarms}.isdisjoint(rules)
    assert Interview(data).progress.stopped


def test_the_map_brings_what_is_due_to_the_front() -> None:
    groin = told(PEOPLE[0], {"regions": {"groin_right": None}})
    ids = [step.id for step in Interview(groin).first_sheets]
    assert set(ids[:3]) == {"pregnancy_and_testicles", "hip", "illnesses_and_medicines"}
    back = told(PEOPLE[0], {"regions": {"lumbar_left": None}}) | {"conditions": []}
    assert Interview(back).next().id == "bladder_and_bowel"


# ---- short, and honest about what is not known


@pytest.mark.parametrize("start", [*CALM, {"psoas_case": 1}], ids=lambda raw: json.dumps(raw.get("person")))
@pytest.mark.parametrize("word", ["no", "unknown"])
def test_a_first_answer_comes_in_under_twenty_screens(start: Raw, word: str) -> None:
    steps = walk(start, word)
    screens = [step for step, data in steps if not Interview(data).progress.answer_ready]
    assert len(screens) < UNDER
    assert not {"stop"} & {step.kind for step, _ in steps}
    assert sum(step.bits is not None for step in screens) <= FIRST_QUESTIONS
    assert steps[-1][0].kind == "done"


def test_progress_counts_down_and_ends_at_nothing() -> None:
    steps = walk({"psoas_case": 1}, "no")
    left = [Interview(data).progress.to_first_answer for _, data in steps]
    assert left[0] < UNDER and left == sorted(left, reverse=True)
    last = Interview(steps[-1][1]).progress
    assert last.answer_ready and last.more == 0


def test_none_of_these_says_no_to_each_and_skipping_says_nothing() -> None:
    step = Interview(TOLD[0]).first_sheets[0]
    names = {part.id for part in step.parts}
    none = apply(TOLD[0], step, {"none": ["1"]})["findings"]
    skipped = apply(TOLD[0], step, {"skip": ["1"]})
    assert none == dict.fromkeys(names, "no")
    assert set(skipped["findings"].values()) == {"unknown"}
    before, after = Interview(TOLD[0]), Interview(skipped)
    assert after.screen.urgency == before.screen.urgency
    assert set(before.screen.not_asked) == set(after.screen.not_asked), "what was skipped is still said to be open"
    assert after.next().id != step.id


def test_what_one_is_unsure_of_is_not_a_no() -> None:
    step = Interview(TOLD[0]).first_sheets[0]
    unsure = step.parts[-1].id
    found = apply(TOLD[0], step, {"none": ["1"], "unsure": [unsure]})["findings"]
    assert found[unsure] == "unknown" and list(found.values()).count("no") == len(step.parts) - 1


def test_a_side_is_kept_and_the_other_is_not_denied() -> None:
    step = next(s for s in Interview(TOLD[0]).first_sheets if s.id == "strength_of_the_legs")
    found = apply(TOLD[0], step, {"tick": ["leg_weakness"], "side.leg_weakness": ["left"]})["findings"]
    assert found["leg_weakness"] == {"left": "yes"} and found["foot_slaps"] == "no"


def test_a_group_is_asked_as_the_answers_it_is_made_of() -> None:
    for step, _ in walk(TOLD[0], "no"):
        if step.bits is not None:
            for part in step.parts:
                assert not (INDEX.findings[part.id].parts if part.id in INDEX.findings else None)


def test_signs_are_for_practitioners_and_each_is_answered_by_itself() -> None:
    assert not [step for step, _ in walk(TOLD[1], "no") if step.kind == "signs"]
    signs = [(step, data) for step, data in walk(TOLD[1], "no", "bodyworker") if step.kind == "signs"]
    assert {step.id for step, _ in signs} == {"seen_and_felt", "reports"}
    step, data = signs[0]
    some = apply(data, step, {f"a.{step.parts[0].id}": ["no"]})["findings"]
    assert some[step.parts[0].id] == "no" and some[step.parts[1].id] == "unknown"


# ---- the same case, the same question


@settings(max_examples=25, deadline=None)
@given(cases(), st.sampled_from(("self", "bodyworker", "physiotherapist")), st.randoms(use_true_random=False))
def test_the_next_step_depends_on_the_case_and_not_on_its_order(raw: Raw, who: str, rng: random.Random) -> None:
    first = Interview(raw, who=who)
    again = Interview(shuffled(raw, rng), who=who)
    written = Interview(json.loads(json.dumps(read_case(raw).to_data())), who=who)
    assert first.next() == again.next() == written.next()
    assert first.progress == again.progress == written.progress


def shuffled(raw: Any, rng: random.Random) -> Any:
    if not isinstance(raw, dict):
        return raw
    names = list(raw)
    rng.shuffle(names)
    return {name: shuffled(raw[name], rng) for name in names}


def test_an_interview_left_anywhere_goes_on_with_the_same_question() -> None:
    for step, data in walk({"psoas_case": 1}, "no", "physiotherapist")[::4]:
        stored = json.loads(json.dumps(read_case(data).to_data()))
        assert next_step(stored, who="physiotherapist") == step


@settings(max_examples=25, deadline=None)
@given(cases())
def test_every_open_step_can_be_answered(raw: Raw) -> None:
    step = next_step(raw)
    if step.kind in ("checklist", "question", "signs"):
        after = answer(step, raw, "unknown")
        assert next_step(after).id != step.id or step.kind == "stop"


# ---- what cannot be taken


@pytest.mark.parametrize(
    ("form", "place", "says"),
    [
        ({}, "tick", "nothing is ticked"),
        ({"none": ["1"], "tick": ["saddle_numbness"]}, "none", "keep one of them"),
        ({"tick": ["fever"]}, "tick", "fever is not on this sheet"),
        ({"tick": ["saddle_numbness"], "side.saddle_numbness": ["left"]}, "side.saddle_numbness", "where there are"),
    ],
)
def test_a_sheet_that_cannot_be_taken_is_told_of(form: dict[str, list[str]], place: str, says: str) -> None:
    step = Interview(TOLD[0]).first_sheets[0]
    step = next(s for s in Interview(TOLD[0]).first_sheets if s.id == "bladder_and_bowel")
    with pytest.raises(CaseError, match=says) as caught:
        apply(TOLD[0], step, form)
    assert caught.value.problems[0][0] == place


def test_the_person_and_the_pain_tell_every_field_that_is_wrong() -> None:
    step = next_step({"psoas_case": 1})
    with pytest.raises(CaseError) as caught:
        apply({"psoas_case": 1}, step, {"age_years": ["old"], "height_cm": ["1.75"], "mass_kg": ["7o"]})
    assert [place for place, _ in caught.value.problems] == ["age_years", "mass_kg", "height_cm"] or {
        place for place, _ in caught.value.problems
    } == {"age_years", "mass_kg", "height_cm"}
    with pytest.raises(CaseError, match="at most 10"):
        apply({"psoas_case": 1}, Step("pain", "pain"), {"mark": ["lumbar_left"], "rate.lumbar_left": ["11"]})


def test_units_of_the_form_become_those_of_the_case() -> None:
    person = apply({"psoas_case": 1}, Step("person", "person"), {"age_years": ["47"], "height_cm": ["175,5"]})
    assert person["person"] == {"age_years": 47, "height_m": 1.755}
    pain = Step("pain", "pain")
    for amount, unit, weeks in (
        ("3", "days", 0.43),
        ("2", "weeks", 2.0),
        ("6", "months", 26.09),
        ("1", "years", 52.18),
    ):
        found = apply({"psoas_case": 1}, pain, {"duration": [amount], "duration_unit": [unit]})
        assert found["pain"]["duration_weeks"] == weeks
    tried = apply(
        {"psoas_case": 1}, pain, {"tried.what": ["massage", ""], "tried.weeks": ["6", ""], "tried.effect": ["none", ""]}
    )
    assert tried["tried"] == [{"what": "massage", "weeks": 6, "effect": "none"}]


def test_the_trade_word_stands_beside_the_plain_one() -> None:
    part = part_of("saddle_numbness", KNOWLEDGE)
    assert part.ask.endswith("?") and part.trade == "Saddle numbness" and part.cause == "cauda equina syndrome"
    test = part_of("straight_leg_raise", KNOWLEDGE)
    assert test.sided and test.how
