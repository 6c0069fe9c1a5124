"""The illness scripts: they agree with an independent reading, add and never take away, and say what they ask."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from psoas.knowledge import load
from psoas.knowledge.index import index_of
from psoas.knowledge.rules.conditions import evaluate
from psoas.knowledge.rules.scripts import rule_of, script_table
from psoas.screening import STEP, facts_of, screen
from psoas.screening.scripts import fact_words, read_scripts
from tests.cases import Raw, case_of, random_case, with_answer, words
from tests.reference import scripts as theirs
from tests.screening.test_promises import no_never_lowers, yes_never_lowers
from tests.screening.test_reference import the_reference

PACK = load().danger_scripts
SCRIPTS = tuple(PACK.scripts)


def case_for(name: str, seed: int, *, without: int = 0) -> Raw:
    """A case in which a script's facts are true, as many as it needs, but for some parts left out."""
    rng = random.Random(f"{name}{seed}")
    script = PACK.scripts[name]
    parts = [(1, (fact,)) for fact in script.all] + [(group.how_many, group.of) for group in script.at_least]
    rng.shuffle(parts)
    raw: Raw = {"psoas_case": 1, "person": {}, "pain": {"regions": {}}, "findings": {}}
    facts = [fact for n, facts in parts[without:] for fact in rng.sample(facts, n)]
    for fact in sorted(facts, key=lambda one: one not in ("one_side", "both_sides")):
        _make_true(fact, raw, rng)
    if rng.random() < 0.3:
        for fact in rng.sample(script.unless, min(1, len(script.unless))):
            _make_true(fact, raw, rng)
    return raw


def _make_true(fact: str, raw: Raw, rng: random.Random) -> None:
    person, pain = raw["person"], raw["pain"]
    if match := re.fullmatch(r"(age|duration)(>=|<)(\d+)", fact):
        block, key = (person, "age_years") if match[1] == "age" else (pain, "duration_weeks")
        old, number = block.get(key), int(match[3])
        block[key] = max(old or 0, number) if match[2] == ">=" else min(old if old is not None else 999, number - 1)
        return
    kind, colon, name = fact.partition(":")
    key, equals, value = fact.partition("=")
    if colon:
        _name_it(kind, name, raw, rng)
    elif equals and key in ("sex", "onset", "course"):
        (person if key == "sex" else pain)[key] = value
    elif fact in FIELDS:
        block, key, value = FIELDS[fact]
        raw.setdefault(block, {})[key] = value
    elif fact in ("tried_none", "tried_worse"):
        raw.setdefault("tried", []).append({"what": "massage", "effect": fact[6:]})
    elif fact in ("any_sport", "training_up"):
        (sport,) = person.setdefault("activities", [{"id": "tennis", "change_percent_last_8_weeks": 0}])
        if fact == "training_up":
            sport["change_percent_last_8_weeks"] = 30
    elif fact == "both_sides":
        pain["regions"] |= {"buttock_left": 1, "buttock_right": 1}
    elif fact == "one_side":
        pain["regions"] |= {"buttock_left": 1}
    else:
        raw["findings"][fact] = "yes"


FIELDS: dict[str, tuple[str, str, Any]] = {
    "severe": ("pain", "worst_overall_0_10", "severe"), "pregnant": ("person", "pregnant", "yes"),
    "temp>=38": ("vitals", "temperature_c", 38.4), "pulse>100": ("vitals", "pulse_per_min", 104),
    "systolic<100": ("vitals", "systolic_mmhg", 98), "crp_raised": ("laboratory", "crp_mg_l", 31),
    "wcc_raised": ("laboratory", "white_cells_10e9_l", 13),
}  # fmt: skip


def _name_it(kind: str, name: str, raw: Raw, rng: random.Random) -> None:
    match kind:
        case "mark":
            sides = [key for key in sorted(words().regions) if key.rpartition("_")[0] == name]
            left = [key for key in sides if key.endswith("_left")]
            raw["pain"]["regions"][rng.choice(left or sides)] = rng.choice((None, 3))
        case "condition":
            raw.setdefault("conditions", []).append(name)
        case "medicine":
            drugs = load().interactions.medicine_names[rng.choice(PACK.medicine_classes[name])]
            raw.setdefault("medicines", []).append(rng.choice(drugs))
        case "activity":
            (sport,) = raw["person"].setdefault("activities", [{}])
            sport["id"] = name


def ours(raw: Raw) -> list[tuple[str, str]]:
    found = read_scripts(load(), facts_of(case_of(raw), load()))
    return sorted((alarm.rule, alarm.urgency) for alarm in found.alarms)


# ---- agreement


@pytest.mark.parametrize("without", [0, 1])
def test_every_script_agrees_with_the_independent_reading(without: int) -> None:
    """Cases made for each script, whole and with a part left out: exactly the same scripts fire."""
    for name in SCRIPTS:
        raw = case_for(name, without, without=without)
        assert ours(raw) == sorted(theirs.fired(the_reference().Case(raw))), name


def test_random_cases_agree_too() -> None:
    for seed in range(200):
        raw = random_case(seed)
        assert ours(raw) == sorted(theirs.fired(the_reference().Case(raw))), f"random_case({seed})"


@pytest.mark.parametrize("seed", range(2))
def test_the_set_form_says_what_the_rule_form_says(seed: int) -> None:
    """The compiled sets and the rule in the one rule language are the same script."""
    table = script_table(load())
    for name in SCRIPTS[seed::8]:
        facts = facts_of(case_of(case_for(name, seed)), load())
        truth = table.truth(facts)
        assert {fact: truth[fact] for fact in table.rules} == {
            fact: evaluate(rule, facts) for fact, rule in table.rules.items()
        }
        true = frozenset(fact for fact, value in truth.items() if value is True)
        for one in table.scripts:
            if one.script.id == name:
                assert one.fires(true) is (evaluate(rule_of(one.script, PACK), facts) is True)


# ---- promises


SEARCH = settings(max_examples=60, deadline=None)


@cache
def flags() -> tuple[str, ...]:
    """Flags of the screen whose yes closes no rule (the known exceptions stand in test_promises)."""
    return tuple(name for name in index_of(load()).acts if name in yes_never_lowers())


@SEARCH
@given(st.sampled_from(SCRIPTS), st.integers(0, 3), st.integers(0, 2), st.data())
def test_the_urgency_never_falls_when_a_flag_is_added(name: str, seed: int, without: int, data: st.DataObject) -> None:
    raw = case_for(name, seed, without=without)
    flag = data.draw(st.sampled_from(flags()))
    assume(flag not in raw["findings"])
    before, after = (screen(case_of(one), load()) for one in (raw, with_answer(raw, flag, "yes")))
    assert STEP[after.urgency] >= STEP[before.urgency]


@SEARCH
@given(st.sampled_from(SCRIPTS), st.integers(0, 3), st.integers(0, 2), st.data())
def test_a_no_never_lowers_the_urgency(name: str, seed: int, without: int, data: st.DataObject) -> None:
    raw = case_for(name, seed, without=without)
    denied = data.draw(st.sampled_from(no_never_lowers()))
    assume(denied not in raw["findings"])
    before, after = (screen(case_of(one), load()) for one in (raw, with_answer(raw, denied, "no")))
    assert STEP[after.urgency] >= STEP[before.urgency]


def test_every_script_fires_as_an_alarm_with_reasons_in_words() -> None:
    for name in SCRIPTS:
        script, cause = PACK.scripts[name], PACK.causes[PACK.scripts[name].cause]
        tries = (read_scripts(load(), facts_of(case_of(case_for(name, seed)), load())) for seed in range(12))
        alarm = next((one for found in tries for one in found.alarms if one.rule == name), None)
        assert alarm is not None, f"{name} never fired"
        assert alarm.urgency == script.urgency and alarm.condition == cause.condition
        assert cause.name in alarm.say and "_" not in alarm.say
        assert alarm.because and all(reason.source for reason in alarm.because)


# ---- half filled


HALF: Raw = {
    "psoas_case": 1,
    "person": {"age_years": 52},
    "pain": {"regions": {"lumbar_centre": 8}, "worst_overall_0_10": "severe", "duration_weeks": 3},
    "conditions": ["type_2_diabetes"],
}


def test_a_half_filled_script_says_what_it_asks_and_the_screen_asks_it() -> None:
    found = screen(case_of(HALF), load())
    half = {one.script: one for one in found.half_filled}
    assert "low_resistance_unrelenting_pain" in half
    asked = half["low_resistance_unrelenting_pain"].ask
    assert {"no_relief_lying", "constant_day_and_night"} <= set(asked)
    assert set(asked) & set(found.not_asked)


def test_what_only_places_the_pain_fills_nothing() -> None:
    plain: Raw = {"psoas_case": 1, "person": {"age_years": 61}, "pain": {"regions": {"lumbar_centre": 4}}}
    assert screen(case_of(plain), load()).half_filled == ()


def test_two_half_filled_scripts_of_one_cause_ask_for_a_doctor_within_weeks() -> None:
    """And a no to what they lack takes nothing back, while a yes can only raise it."""
    seen = 0
    for name in SCRIPTS:
        raw = case_for(name, 0, without=1)
        found = screen(case_of(raw), load())
        twice = [one for one in found.alarms if one.rule.startswith("two_half_filled")]
        seen += bool(twice)
        for alarm in twice:
            assert alarm.urgency == PACK.two_half_filled == "routine_referral"
            assert STEP[found.urgency] >= STEP["routine_referral"]
    assert seen > 5


def test_facts_have_words() -> None:
    facts = facts_of(case_of(HALF), load())
    for fact in script_table(load()).rules:
        said = fact_words(fact, facts)
        assert said and "_" not in said and "=" not in said, fact
