"""The judgement of a course: known answers, and what must hold whatever is entered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psoas.case import Case
from psoas.errors import CaseError
from psoas.follow_up import MEASURES, Baseline, CheckIn, choices, free_to_ship, judge, look_for_danger, reopen
from psoas.follow_up.measures import thresholds
from psoas.follow_up.types import Judgement
from psoas.knowledge import load
from psoas.knowledge.index import index_of, vocabulary
from psoas.screening import STEP, facts_of
from tests.care.doubles import case_of

DAY = date(2026, 3, 2)
DANGER_SIGNS = tuple(name for _, ids in choices.ASKED_EACH_TIME for name in ids)


def visit(**fields: Any) -> Case:
    base: dict[str, Any] = {
        "person": {"age_years": 40, "sex": "female"},
        "pain": {"regions": {"lumbar_right": 6}, "duration_weeks": 3, "course": "stable"},
    }
    return case_of(**(base | fields))


def check_in(week: float, pain: int | None = None, **fields: Any) -> CheckIn:
    data = {"on": DAY + timedelta(days=round(7 * week)), "pain_0_10": pain, **fields}
    return CheckIn.of({name: value for name, value in data.items() if value is not None}, vocabulary())


def judged(
    *check_ins: CheckIn,
    start: float | None = 6,
    duration: float | None = 3,
    case: Case | None = None,
    **activities: float,
) -> Judgement:
    return judge(Baseline(DAY, start, activities, duration), check_ins, case or visit(), load())


# ---- known answers


def test_a_fall_of_two_points_is_improving_and_cites_the_figure() -> None:
    found = judged(check_in(2, 4))
    assert found.verdict == "improving"
    assert found.why[0].threshold is not None
    assert found.why[0].threshold.value == 2
    assert "ostelo_2008" in {one.id for one in found.why[0].threshold.cited}


def test_all_three_measures_speak_for_improving() -> None:
    found = judged(check_in(3, 4, activities={"sitting": 6, "stairs": 7}, change=2), sitting=3, stairs=5)
    assert found.verdict == "improving"
    assert len(found.why) == 3
    assert found.function_change == 2.5


def test_pain_alone_does_not_say_improving_when_the_activities_are_as_they_were() -> None:
    found = judged(check_in(3, 4, activities={"sitting": 3}), sitting=3)
    assert found.verdict == "as_expected"
    assert "activities are not yet better" in found.beside[0]


def test_a_third_of_a_small_pain_counts_only_when_another_measure_backs_it() -> None:
    assert judged(check_in(2, 2), start=3).verdict == "as_expected"
    assert judged(check_in(2, 2, change=3), start=3).verdict == "improving"


def test_as_expected_and_slower_part_at_the_detectable_change() -> None:
    """From 8, acute: week 6 averages 3.7. 7 is 3.3 above (slower); from 4, the average is 1.9 and 3 is within error."""
    assert judged(check_in(6, 7), start=8).verdict == "slower"
    assert judged(check_in(6, 3), start=4).verdict == "as_expected"


def test_one_bad_day_below_the_detectable_change_is_not_worsening() -> None:
    assert judged(check_in(1, 6), check_in(2, 7)).verdict != "worsening"


@pytest.mark.parametrize(
    "pains",
    [(8,), (7, 7), (4, 6), (5, 6, 7)],
    ids=["two above the start", "one above twice", "two above the last", "creeping"],
)
def test_worsening(pains: tuple[int, ...]) -> None:
    found = judged(*(check_in(week, pain) for week, pain in enumerate(pains, 1)))
    assert found.verdict == "worsening"
    assert found.alarm


def test_a_rating_of_much_worse_is_worsening_whatever_the_number_says() -> None:
    found = judged(check_in(2, 3, change=-2))
    assert found.verdict == "worsening"
    assert any("different ways" in remark for remark in found.beside)


def test_three_readings_without_change_over_four_weeks_raise_the_alarm() -> None:
    readings = [check_in(1, 6), check_in(3, 5), check_in(5, 6)]
    assert judged(*readings[:2]).verdict == "as_expected"
    found = judged(*readings)
    assert found.verdict == "no_lasting_response"
    assert found.alarm
    assert found.why[0].threshold is not None and found.why[0].threshold.unverified  # Childs 2005 was recalled


def test_what_was_gained_and_lost_again_has_not_lasted() -> None:
    found = judged(check_in(1, 4), check_in(3, 5), check_in(5, 5))
    assert found.verdict == "no_lasting_response"
    assert "gone again" in found.why[0].words


def test_one_reading_back_near_the_start_is_not_yet_a_lost_gain() -> None:
    assert judged(check_in(2, 4), check_in(4, 4), check_in(6, 5)).verdict != "no_lasting_response"


def test_gain_in_the_activities_is_a_response() -> None:
    readings = [
        check_in(week, 6, activities={"sitting": score, "stairs": score}) for week, score in ((1, 3), (3, 5), (5, 6))
    ]
    assert judged(*readings, sitting=3, stairs=3).verdict != "no_lasting_response"


def test_recovered_needs_two_painless_readings_and_the_persons_word() -> None:
    assert judged(check_in(5, 0), check_in(6, 0, change=5)).verdict == "recovered"
    assert judged(check_in(5, 0), check_in(6, 0)).verdict == "improving"
    assert judged(check_in(6, 0, change=5)).verdict == "improving"


def test_beyond_the_last_published_week_nothing_is_expected() -> None:
    found = judged(check_in(60, 6))
    assert found.expected_pain is None
    assert found.verdict == "unknown"


def test_without_a_reading_nothing_is_said_of_the_course() -> None:
    assert judged().verdict == "unknown"


def test_the_first_check_in_stands_in_for_a_visit_that_did_not_ask() -> None:
    found = judged(check_in(1, 7), check_in(3, 4), start=None)
    assert found.pain_change == -3
    assert found.week == 2


# ---- danger


@pytest.mark.parametrize("sign", DANGER_SIGNS)
def test_a_danger_sign_is_never_outvoted(sign: str) -> None:
    """Everything else as good as can be: the sign decides, wherever the screen gives it more than watching."""
    flag = index_of(load()).acts[sign]
    person = {"age_years": 40, "sex": "male" if "testic" in sign else "female"}
    good = [check_in(5, 0), check_in(6, 0, change=5, danger={sign: "yes"})]
    found = judged(*good, case=visit(person=person))
    if STEP[flag.action_if_alone] >= STEP["routine_referral"]:
        assert found.verdict == "danger"
        assert STEP[found.danger.urgency] >= STEP[flag.action_if_alone]
        assert flag.id in {reason.finding for alarm in found.danger.alarms for reason in alarm.because}
    else:
        assert found.verdict == "recovered"
        assert sign in {alarm.rule for alarm in found.danger.screen.watched}


def test_a_sign_that_was_there_at_the_visit_and_is_affirmed_today_is_acted_on() -> None:
    case = visit(findings={"constant_day_and_night": "yes"})
    assert judged(check_in(2, 4), case=case).verdict == "improving"
    assert {alarm.rule for alarm in judged(check_in(2, 4), case=case).danger.standing} == {"constant_day_and_night"}
    assert judged(check_in(2, 4, danger={"constant_day_and_night": "yes"}), case=case).verdict == "danger"


def test_an_urgent_danger_of_the_visit_stands_until_it_is_answered_anew() -> None:
    case = visit(findings={"saddle_numbness": "yes"})
    assert judged(check_in(2, 4), case=case).verdict == "danger"
    assert judged(check_in(2, 4, danger={"saddle_numbness": "no"}), case=case).verdict == "improving"


def test_a_danger_of_an_earlier_check_in_stands_when_the_next_says_nothing_of_it() -> None:
    assert judged(check_in(1, 5, danger={"fever": "yes"}), check_in(2, 3)).verdict == "danger"


def test_the_signs_asked_each_time_cover_the_pack() -> None:
    """Every flag to ask at each visit, every question of the group of the pack, and each with words of its own."""
    acts = index_of(load()).acts
    asked = set(DANGER_SIGNS)
    again = {name for name, flag in acts.items() if flag.reask_each_visit and flag.ask}
    assert again <= asked
    for name in DANGER_SIGNS:
        assert acts[name].ask and acts[name].ask_who == "self"
    assert len(DANGER_SIGNS) == len(asked)


def test_looking_for_danger_without_check_ins_finds_what_the_visit_found() -> None:
    found = look_for_danger(visit(findings={"fever": "yes"}), (), load())
    assert found.urgency == "same_day"


# ---- properties

PAINS = st.lists(st.one_of(st.none(), st.integers(0, 10)), max_size=6)


def course_of(pains: list[int | None], changes: list[int | None] | None = None) -> list[CheckIn]:
    changes = changes or [None] * len(pains)
    return [
        check_in(2 * step, pain, change=change)
        for step, (pain, change) in enumerate(zip(pains, changes, strict=True), 1)
    ]


@settings(max_examples=60, deadline=None)
@given(PAINS, st.integers(0, 10), st.floats(0, 60))
def test_a_blank_check_in_moves_nothing(pains: list[int | None], start: int, duration: float) -> None:
    readings = course_of(pains)
    blank = check_in(20)
    assert (
        judged(*readings, blank, start=start, duration=duration).verdict
        == judged(*readings, start=start, duration=duration).verdict
    )


@settings(max_examples=60, deadline=None)
@given(
    PAINS,
    st.tuples(st.integers(0, 10), st.integers(0, 10)),
    st.integers(0, 10),
    st.floats(0, 60),
    st.one_of(st.none(), st.integers(-5, 5)),
)
def test_more_pain_today_never_gives_a_better_verdict(
    pains: list[int | None], today: tuple[int, int], start: int, duration: float, change: int | None
) -> None:
    readings = course_of(pains)
    less, more = (
        judged(*readings, check_in(14, pain, change=change), start=start, duration=duration) for pain in sorted(today)
    )
    assert less.step <= more.step


@settings(max_examples=40, deadline=None)
@given(PAINS, st.integers(0, 10))
def test_the_order_of_entry_does_not_matter(pains: list[int | None], start: int) -> None:
    readings = course_of(pains)
    assert judged(*reversed(readings), start=start) == judged(*readings, start=start)


@settings(max_examples=30, deadline=None)
@given(PAINS, st.integers(0, 10), st.sampled_from(["fever", "saddle_numbness", "unexplained_weight_loss"]))
def test_danger_wins_over_every_course(pains: list[int | None], start: int, sign: str) -> None:
    assert judged(*course_of(pains), check_in(14, 0, change=5, danger={sign: "yes"}), start=start).verdict == "danger"


# ---- reopening


def test_a_stalled_course_reopens_the_case_with_the_plan_as_tried_without_effect() -> None:
    readings = [check_in(1, 6), check_in(3, 5), check_in(5, 6, sleep_0_10=8)]
    found = reopen(visit(), readings, judged(*readings), load())
    assert found.case.tried[-1].effect == "none"
    assert found.case.tried[-1].weeks == 5
    assert found.case.pain.duration_weeks == 8
    assert found.next and found.ask
    assert "saddle_numbness" in found.ask
    assert set(choices.SLEEP_QUESTIONS) <= set(found.ask)
    assert facts_of(found.case, load()).yes("no_improvement_one_month")  # a fact that the screen weighs


@pytest.mark.parametrize(("pains", "effect"), [((8,), "worse"), ((4, 5, 5), "temporary")])
def test_the_reopened_case_says_how_the_plan_did(pains: tuple[int, ...], effect: str) -> None:
    readings = [check_in(2 * week, pain) for week, pain in enumerate(pains, 1)]
    assert reopen(visit(), readings, judged(*readings), load()).case.tried[-1].effect == effect


# ---- what may be asked, and what the pack says


@pytest.mark.parametrize("measure", MEASURES)
def test_only_measures_whose_wording_is_free_are_asked(measure: str) -> None:
    assert free_to_ship(measure, load())


@pytest.mark.parametrize("measure", ["odi_2_1a", "rmdq_24", "start_back_9", "hagos", "no_such_measure"])
def test_the_others_are_not_free(measure: str) -> None:
    assert not free_to_ship(measure, load())


def test_no_field_of_a_check_in_stands_for_a_measure_that_is_not_free() -> None:
    """The fields, by the measure each belongs to; a new field fails here until its licence was looked up."""
    belongs = {
        "pain_0_10": "nrs_pain", "activities": "psfs", "activity_order": "psfs", "change": "groc_11",
        "sleep_0_10": "sleep_interference_nrs",
        "measurements": "hip_extension_angle", "danger": "adverse_event_check", "sore_over_48h": "adverse_event_check",
        "adverse": "adverse_event_check",
    }  # fmt: skip
    ours = {"psoas_check_in", "on", "note", "kept_to_plan", "follows"}  # `follows`: the visit it was told after
    assert set(CheckIn.model_fields) == set(belongs) | ours
    assert set(belongs.values()) == set(MEASURES)


def test_our_numbers_are_those_of_the_sentences_of_the_pack() -> None:
    rules = {rule.then: rule.when for rule in load().outcomes.default_minimal_set.decision_rules}
    assert f">= {choices.WORSE_POINTS:g} on two readings" in rules["worsening_rescreen_for_danger_now"]
    assert f"GROC <= {choices.WORSE_CHANGE}" in rules["worsening_rescreen_for_danger_now"]
    plateau = rules["plateau_review_the_hypothesis_and_the_plan"]
    assert f"{choices.PLATEAU_READINGS} readings over {choices.PLATEAU_WEEKS} weeks" in plateau
    assert "two weekly readings" in rules["recovered_offer_discharge_and_relapse_plan"]
    assert "top two steps" in rules["recovered_offer_discharge_and_relapse_plan"]
    sleep = load().outcomes.measures["sleep_interference_nrs"].scoring_rule or ""
    assert f">= {choices.SLEEP_ASKS_FROM}" in sleep


def test_every_threshold_names_its_source() -> None:
    limits = thresholds(load())
    assert (limits.pain_important.value, limits.pain_important_share.value) == (2, pytest.approx(0.3))
    assert (limits.function_detectable.value, limits.function_detectable_single.value) == (2, 3)
    for name in limits.__slots__:
        assert getattr(limits, name).cited and all(one.read_in for one in getattr(limits, name).cited)


# ---- what is entered


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("pain_0_10", 11, "at most 10"),
        ("pain_0_10", "a lot", "expected"),
        ("pain_0_10", True, "expected"),
        ("change", 6, "at most 5"),
        ("danger", {"saddle_numbnes": "yes"}, "saddle_numbness"),
        ("danger", {"fever": "maybe"}, "allowed"),
        ("activities", {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}, "5"),
        ("measurements", [{"id": "modified_thomas.thigh_angle", "value_deg": 400, "side": "left"}], "expected"),
        ("mood", 3, "no such field"),
        ("on", "soon", "date"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(field: str, value: Any, says: str) -> None:
    with pytest.raises(CaseError, match=says) as caught:
        CheckIn.of({"on": "2026-03-09", field: value}, vocabulary())
    assert field in str(caught.value)


def test_a_check_in_goes_through_plain_data_and_back() -> None:
    first = check_in(2, 4, activities={"tie shoes": 5}, change=1, danger={"fever": "no"}, kept_to_plan="most_days")
    assert CheckIn.of(first.to_data(), vocabulary()) == first
