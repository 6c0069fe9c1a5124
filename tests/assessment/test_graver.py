"""At a stop: nothing graver may hide behind the sheets that were not asked, and no answer lowers an urgency."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psoas.interview import Interview, Step, apply, apply_graver
from psoas.interview.sheets import MOST_AT_A_STOP
from psoas.knowledge.rules.conditions import ids_in
from psoas.screening import STEP
from tests.assessment.test_interview import HARD, INDEX, KNOWLEDGE, ON_SHEETS, TOLD, atoms
from tests.cases import Raw

GRAVE = sorted(
    name for name, combo in INDEX.combinations.items() if STEP[combo.action] == STEP["emergency_now"]
)  # fmt: skip

EXCUSES = {"stone_history"}
"""Answers that speak against a rule (`unless_yes`): a stop does not ask for them, and stays as urgent as it is."""


def truthful(data: Raw, step: Step, truth: frozenset[str]) -> Raw:
    """A step answered as it is: what is true is ticked, the rest is none of these."""
    ticked = [part.id for part in step.parts if part.id in truth]
    return apply(data, step, {"tick": ticked} if ticked else {"none": ["1"]})


def until_it_stops(start: Raw, truth: frozenset[str]) -> Interview:
    """The interview as it stands at the first stop, or after every sheet."""
    data = start
    while not (now := Interview(data)).stops and now.sheets:
        data = truthful(data, now.sheets[0], truth)
    return now


def after_the_list(start: Raw, truth: frozenset[str]) -> tuple[str, list[int]]:
    """The urgency when the lists of the stop were answered, and how long each was. It never falls on the way."""
    data = until_it_stops(start, truth).case.to_data()
    lengths = []
    while (now := Interview(data)).graver is not None:
        assert now.graver is not None
        lengths.append(len(now.graver.parts))
        data = truthful(data, now.graver, truth)
        assert STEP[Interview(data).screen.urgency] >= STEP[now.screen.urgency]
    return now.screen.urgency, lengths


def after_every_sheet(start: Raw, truth: frozenset[str]) -> str:
    """The urgency when nothing stops the sheets."""
    data = start
    while (now := Interview(data)).sheets:
        data = truthful(data, now.sheets[0], truth)
    return now.screen.urgency


def some_truth(rng: random.Random) -> frozenset[str]:
    """Dangers as they hide: some that a grave rule is made of, and some of anything."""
    combo = INDEX.combinations[rng.choice(GRAVE)]
    made_of = sorted({atom for name in ids_in(combo.rule) if name in INDEX.acts for atom in atoms(name)} & ON_SHEETS)
    chosen = rng.sample(made_of, min(len(made_of), rng.randint(1, 3)))
    return frozenset([*chosen, *rng.sample(sorted(ON_SHEETS), rng.randint(0, 2))])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TOLD), st.randoms(use_true_random=False))
def test_the_list_of_a_stop_reaches_the_urgency_of_all_sheets(start: Raw, rng: random.Random) -> None:
    truth = some_truth(rng)
    found, lengths = after_the_list(start, truth)
    every = after_every_sheet(start, truth)
    assert STEP[found] >= STEP[every], sorted(truth)
    assert found == every or truth & EXCUSES, sorted(truth)
    assert all(0 < length <= MOST_AT_A_STOP for length in lengths)


@pytest.mark.parametrize("name", sorted(set(HARD) & ON_SHEETS))
def test_every_open_hard_stop_that_is_graver_is_asked_at_once(name: str) -> None:
    now = Interview(TOLD[0] | {"findings": {"calf_tender": "yes"}})
    assert now.screen.urgency == "same_day" and now.graver is not None
    alone = Interview(TOLD[0] | {"findings": {name: "yes"}}).screen.urgency
    applies = {part.id for sheet in now.sheets for part in sheet.parts}
    if alone == "emergency_now" and name in applies:
        assert name in {part.id for part in now.graver.parts}


def test_partners_of_a_yes_are_asked_and_what_cannot_be_graver_is_not() -> None:
    now = Interview(TOLD[0] | {"findings": {"fever": "yes"}})
    assert now.graver is not None
    asked = {part.id for part in now.graver.parts}
    assert {"hip_any_movement_painful", "cannot_stand_or_walk", "leg_weakness"} <= asked
    assert "fever" not in asked and "yellow_skin" not in asked
    assert len(now.graver.blocks) > 1 and all(block.heading for block in now.graver.blocks)


def test_an_emergency_asks_nothing_more_and_calm_asks_nothing_of_it() -> None:
    assert Interview(TOLD[0] | {"findings": {"saddle_numbness": "yes"}}).graver is None
    assert Interview(TOLD[0]).graver is None


def test_what_was_skipped_is_not_asked_again_and_moves_nothing() -> None:
    data = TOLD[0] | {"findings": {"fever": "yes"}}
    step = Interview(data).graver
    assert step is not None
    names = [part.id for part in step.parts]
    after = Interview(apply_graver(data, {"shown": names, "skip": ["1"]}))
    assert after.screen.urgency == "same_day"
    assert after.graver is None or {part.id for part in after.graver.parts}.isdisjoint(names)


def test_a_stop_takes_no_answer_back() -> None:
    data = TOLD[0] | {"findings": {"fever": "yes"}}
    after = apply_graver(data, {"shown": ["fever", "belly_hard"], "none": ["1"]})
    assert after["findings"] == {"fever": "yes", "belly_hard": "no"}
    assert apply_graver(data, {"shown": ["fever"], "none": ["1"]}) == data


GRAVE_SCRIPTS = [
    name
    for name, script in KNOWLEDGE.danger_scripts.scripts.items()
    if script.urgency == "emergency_now" and len(script.all) + len(script.at_least) > 1
]


@pytest.mark.parametrize("name", GRAVE_SCRIPTS[::3])
def test_the_list_of_a_stop_reaches_an_emergency_that_only_a_script_knows(name: str) -> None:
    """Half the answers of a grave script stop the visit or not; the list at the stop leaves none of it hidden."""
    rng = random.Random(name)
    script = KNOWLEDGE.danger_scripts.scripts[name]
    named = [*script.all, *(rng.choice(sorted(set(group.of) & ON_SHEETS) or ["limp"]) for group in script.at_least)]
    truth = frozenset(named) & ON_SHEETS
    start = TOLD[rng.randrange(len(TOLD))]
    found, _ = after_the_list(start, truth)
    assert STEP[found] >= STEP[after_every_sheet(start, truth)], sorted(truth)
