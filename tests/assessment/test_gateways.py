"""The gateways: they close only what their wording denies, and a truthful person is as urgent as after every sheet."""

from __future__ import annotations

import random

import pytest
from validation.gateways import true_of, walked

from psoas.interview import Interview, apply, danger_sheets
from psoas.interview.gateways import SCREEN, gateways, without_gateway
from psoas.knowledge import load
from psoas.knowledge.index import index_of
from psoas.knowledge.rules.conditions import ids_in
from psoas.screening import STEP
from tests.cases import Raw

INDEX = index_of(load())
BACK: Raw = {"psoas_case": 1, "person": {"age_years": 44, "sex": "female"}, "pain": {"regions": {"lumbar_left": 5}}}
MAN: Raw = BACK | {"person": {"age_years": 61, "sex": "male"}}
LINES = sorted({name for one in gateways() for name in one.lines})


def test_every_line_of_a_first_sheet_has_its_gateway_and_one_only() -> None:
    assert without_gateway() == frozenset()
    assert len(LINES) == sum(len(one.lines) for one in gateways())
    sheets = {sheet.id: set(sheet.ids) for sheet in danger_sheets()}
    for one in gateways():
        assert set(one.lines) <= sheets[one.sheet], one.id


@pytest.mark.parametrize("gateway", gateways(), ids=lambda one: one.id)
def test_the_question_says_in_words_what_a_no_denies(gateway) -> None:  # type: ignore[no-untyped-def]
    """Each line stands with words that are in the question; and a yes of a line is a yes of the gateway."""
    flag = INDEX.flags[gateway.id]
    assert flag.ask
    for words, names in gateway.denies.items():
        assert words in flag.ask, words
        assert names
    assert set(ids_in(flag.parts or {})) == set(gateway.lines)
    assert flag.action_if_alone == "watch"


@pytest.mark.parametrize("gateway", gateways(), ids=lambda one: one.id)
def test_a_no_denies_its_own_lines_and_nothing_else(gateway) -> None:  # type: ignore[no-untyped-def]
    start = MAN if gateway.id == "system_testicles" else BACK
    step = Interview(start, short=True).first_sheets[0]
    others = [part.id for part in step.parts if part.id != gateway.id]
    said = apply(start, step, {"tick": others})["findings"]
    denied = {name for name, word in said.items() if word == "no"} - {gateway.id}
    assert denied and denied <= set(gateway.lines)
    assert all(said[name] == "yes" for name in others)
    left = {part.id for sheet in Interview(start | {"findings": said}, short=True).first_sheets for part in sheet.parts}
    assert left.isdisjoint(gateway.lines) and left


def test_not_knowing_opens_the_sheet_and_to_skip_asks_them_all() -> None:
    step = Interview(BACK, short=True).first_sheets[0]
    unsure = apply(BACK, step, {"unsure": ["system_belly"]})
    assert {sheet.id for sheet in Interview(unsure, short=True).first_sheets} == {"belly"}
    everything = Interview(apply(BACK, step, {"skip": ["1"]}), short=True).first_sheets
    assert [one.id for one in everything] == [one.id for one in Interview(BACK).first_sheets]


def test_a_no_that_is_taken_back_opens_its_sheet_again() -> None:
    data = apply(BACK, Interview(BACK, short=True).first_sheets[0], {"none": ["1"]})
    assert Interview(data, short=True).first_sheets == ()
    screen = Interview(data, short=True).all_sheets[0]
    changed = apply(data, screen, {"tick": ["system_belly"]})
    assert [sheet.id for sheet in Interview(changed, short=True).first_sheets] == ["belly"]
    assert changed["findings"]["no_urine_passed"] == "no"


def test_a_line_that_is_true_after_all_corrects_its_gateway() -> None:
    data = apply(BACK, Interview(BACK, short=True).first_sheets[0], {"none": ["1"]})
    sheet = next(one for one in Interview(data, short=True).all_sheets if one.id == "belly")
    changed = apply(data, sheet, {"tick": ["belly_hard"]})["findings"]
    assert (changed["belly_hard"], changed["system_belly"], changed["pulsating_belly"]) == ("yes", "yes", "no")


def test_none_of_these_is_one_tap_and_goes_on() -> None:
    """Where nothing is wrong: one screen, one tap and 'Continue'."""
    for start in (BACK, MAN):
        walk = walked(start, frozenset(), short=True)
        assert (walk.screens, walk.taps) == (1, 2)
        assert walked(start, frozenset(), short=False).taps > 20


def test_what_the_case_answers_is_not_asked_and_its_sheet_is() -> None:
    ids = {part.id for part in Interview(MAN, short=True).first_sheets[0].parts}
    assert "system_womb" not in ids and "system_testicles" in ids
    assert "system_testicles" not in {part.id for part in Interview(BACK, short=True).first_sheets[0].parts}
    told = Interview(BACK | {"findings": {"fever": "yes"}}, short=True)
    assert "system_fever_and_infection" not in {part.id for part in told.first_sheets[0].parts}
    assert "fever_and_infection" in {sheet.id for sheet in told.first_sheets}
    answered = BACK | {"findings": dict.fromkeys(next(g for g in gateways() if g.id == "system_one_leg").lines, "no")}
    assert "system_one_leg" not in {part.id for part in Interview(answered, short=True).first_sheets[0].parts}


def test_intimate_questions_come_last_with_the_reason() -> None:
    blocks = Interview(BACK, short=True).first_sheets[0].blocks
    assert [part.id for part in blocks[-1].parts] == ["system_bladder_and_bowel", "system_womb"]
    assert blocks[-1].heading and "intimate" in blocks[-1].heading
    assert blocks[0].heading is None


# ---- the proof: over every rule of the pack


def test_a_truthful_person_ends_with_the_same_answers_whatever_is_true() -> None:
    """For each line alone and for each gateway whole: the lines are answered as on the full sheets.

    The screen looks at a case and nothing else, so equal answers on every line are equal urgency under every rule, of
    this version and of any later one; a gateway itself is a group whose action is to watch.
    """
    for truth in [frozenset({name}) for name in LINES] + [frozenset(one.lines) for one in gateways()]:
        step = Interview(BACK, short=True).first_sheets[0]
        ticked = true_of(step, truth)
        said = apply(BACK, step, {"tick": ticked} if ticked else {"none": ["1"]})["findings"]
        for one in gateways():
            if one.id in said and not truth.intersection(one.lines):
                assert all(said[name] == "no" for name in one.lines if name in said)
            else:
                assert not set(one.lines) & set(said)


def _rules() -> list[tuple[str, frozenset[str]]]:
    """Of every rule, combination and script some answers that it looks at."""
    rng = random.Random(7)
    found = [(name, frozenset({name})) for name in INDEX.acts]
    found += [(name, frozenset(ids_in(combo.rule))) for name, combo in INDEX.combinations.items()]
    for name, script in load().danger_scripts.scripts.items():
        found.append((name, frozenset(script.all) | {rng.choice(group.of) for group in script.at_least}))
    return [(name, names & set(LINES)) for name, names in found if names & set(LINES)]


@pytest.mark.parametrize("share", range(4))
def test_no_urgency_falls_under_any_rule(share: int) -> None:
    """A sample of the rules is walked in both ways, past every stop."""
    for name, truth in _rules()[share::40]:
        for start in (BACK, MAN):
            full, short = (walked(start, truth, short=how) for how in (False, True))
            assert STEP[short.urgency] >= STEP[full.urgency], name
            assert short.taps <= full.taps


def test_the_screen_is_a_checklist_like_any_other() -> None:
    step = Interview(BACK, short=True).next()
    assert (step.kind, step.id, step.first) == ("checklist", SCREEN, True)
    assert all(part.ask.endswith("?") for part in step.parts)
