"""Choosing another plan: only from what nothing stands against, with doses in bounds, clashes told at once."""

from __future__ import annotations

from functools import cache

import pytest

from psoas.assessment import Assessment, assess
from psoas.care.offers import DOSE_RANGES, MOST_CHOSEN, Choice, ChoiceError, Offers, chosen, offers_for
from psoas.knowledge import load
from tests.cases import random_case


def offered(answer: Assessment) -> Offers:
    return offers_for(answer.case, answer.facts, load(), answer.screen, answer.diagnosis)


@cache
def desk() -> tuple[Assessment, Offers]:
    answer = assess(
        {
            "psoas_case": 1,
            "person": {"age_years": 41, "sex": "male"},
            "pain": {"regions": {"lumbar_right": 4, "groin_right": 3}, "duration_weeks": 20},
        }
    )
    return answer, offered(answer)


@pytest.mark.parametrize("seed", range(60))
def test_nothing_that_is_held_back_is_on_offer_and_all_that_is_proposed_is(seed: int) -> None:
    answer = assess(random_case(seed))
    offers = offered(answer)
    names = {item.id for item in offers.items}
    assert not names & {one.id for one in (*answer.plan.dropped, *answer.plan.not_offered)}
    proposed = {item.id for item in answer.plan.items if item.kind != "referral"}
    assert proposed <= names, "what Psoas proposes can be chosen"
    if answer.screen.at_least("same_day"):
        assert not names, "a doctor comes first"


def test_what_the_case_holds_back_cannot_be_added_and_the_reason_is_told() -> None:
    answer = assess(
        {
            "psoas_case": 1,
            "person": {"age_years": 55},
            "pain": {"regions": {"lumbar_left": 5}, "duration_weeks": 2},
            "medicines": ["ibuprofen"],
        }
    )
    offers = offered(answer)
    held = next(one for one in offers.dropped if one.id == "nsaid_acute")
    with pytest.raises(ChoiceError, match="cannot be added") as told:
        chosen(answer.plan, offers, [Choice(held.id)], load())
    assert held.reasons[0].words in str(told.value)


def test_the_order_and_the_dose_are_the_practitioners() -> None:
    answer, offers = desk()
    names = [item.id for item in offers.items if item.kind == "exercise"][:3]
    plan = chosen(answer.plan, offers, [Choice(name) for name in reversed(names)], load())
    assert [item.id for item in plan.items] == names[::-1]
    bridge = next(item for item in offers.items if item.id == "glute_bridge")
    plan = chosen(answer.plan, offers, [Choice("glute_bridge", {"reps": 6, "sets": 2}, "slowly")], load())
    changed = plan.items[0]
    assert (changed.dose["reps"], changed.dose["sets"], changed.dose["basis"]) == (6, 2, "practitioner")
    assert changed.dose_words.startswith("6 times in 2 sets") and "practitioner" in changed.dose_words
    assert changed.note.startswith("slowly")
    assert (changed.stop_if, changed.effects, changed.sources) == (bridge.stop_if, bridge.effects, bridge.sources)


@pytest.mark.parametrize("part", list(DOSE_RANGES))
def test_a_dose_out_of_bounds_is_refused_by_name(part: str) -> None:
    answer, offers = desk()
    item = next(item for item in offers.items if isinstance(item.dose.get(part), int | float))
    low, high = DOSE_RANGES[part]
    for value in (low - 1, high + 1):
        with pytest.raises(ChoiceError, match=f"{value:g}; expected {low:g} to {high:g}"):
            chosen(answer.plan, offers, [Choice(item.id, {part: value})], load())


def test_twice_the_same_or_too_many_is_refused() -> None:
    answer, offers = desk()
    name = offers.items[0].id
    with pytest.raises(ChoiceError, match="twice"):
        chosen(answer.plan, offers, [Choice(name), Choice(name)], load())
    many = [Choice(item.id) for item in offers.items[: MOST_CHOSEN + 1]]
    with pytest.raises(ChoiceError, match="at most"):
        chosen(answer.plan, offers, many, load())


def test_two_offers_that_must_not_meet_are_told() -> None:
    answer, offers = desk()
    plan = chosen(answer.plan, offers, [Choice("capsicum_topical"), Choice("massage")], load())
    assert any({one.first, one.second} == {"capsaicin_topical", "heat_therapy_same_site"} for one in plan.clashes)
    assert not chosen(answer.plan, offers, [Choice("massage")], load()).clashes
