"""What the danger screen promises, over the whole space of cases.

Two promises have exceptions that the evidence itself makes. They are named below, and a test reads the rules and
fails when the evidence makes another one.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from psoas.knowledge import load
from psoas.knowledge.index import URGENCIES, Index, index_of
from psoas.knowledge.rules.conditions import ids_in
from psoas.screening import STEP, Screen, facts_of, screen
from tests.cases import Raw, case_of, cases, finding_ids, random_case, with_answer

YES_CAN_CLOSE = {
    # answer: the combination that its yes closes
    "resisted_hip_flexion_painful": "hip_flexion_weak_without_pain",
    "active_hip_flexion_painful": "hip_flexion_weak_without_pain",
    "stone_history": "first_renal_colic_over_60",
    "new_pain_near_replaced_hip": "replaced_hip_pain_by_map",
}
NO_CAN_CLOSE = {
    # answer: the questions that are not for this person once it is no (`applies_if`)
    "high_energy_trauma": ["contusion_or_abrasion"],
    "onset_simple_fall": ["contusion_or_abrasion"],
    "could_be_pregnant": ["vaginal_bleeding", "shoulder_tip_pain"],
    "groin_pain_with_impact": ["pelvic_stress_two"],
    "hip_replacement_known": ["new_pain_near_replaced_hip"],
    "new_pain_near_replaced_hip": ["replaced_hip_infection"],
}
SEARCH = settings(max_examples=150, deadline=None)


@cache
def index() -> Index:
    return index_of(load())


def screened(raw: Raw) -> Screen:
    return screen(case_of(raw), load())


def step(raw: Raw) -> int:
    return STEP[screened(raw).urgency]


# ---- what the rules say against a yes or a no


def _polarity(text: str) -> Iterable[tuple[str, bool]]:
    """Ids that an expression asks for, and whether their yes speaks for it."""

    def walk(node: ast.AST, speaks: bool) -> Iterable[tuple[str, bool]]:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield from walk(node.operand, not speaks)
        elif isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name)
            if node.func.id in ("yes", "answer"):
                assert isinstance(node.args[0], ast.Constant)
                yield node.args[0].value, speaks
        else:
            for inner in ast.iter_child_nodes(node):
                yield from walk(inner, speaks)

    return () if text == "always" else list(walk(ast.parse(text, mode="eval"), True))


def _against(rule: Any) -> set[str]:
    """Ids whose yes speaks against a rule."""
    if isinstance(rule, str):
        return set()
    if not isinstance(rule, Mapping):
        return set().union(*map(_against, rule))
    found: set[str] = set()
    for key, value in rule.items():
        if key in ("none_of", "unless_yes"):
            found |= set(ids_in({"all_of": value}))
        elif key in ("when", "unless"):
            found |= {name for name, speaks in _polarity(value) if speaks is (key == "unless")}
        elif key == "n_of":
            found |= _against(value["of"])
        elif key in ("all_of", "any_of"):
            found |= _against(value)
    return found


def _gates() -> Iterable[tuple[str, str]]:
    """Everything that has an `applies_if`."""
    yield from ((name, flag.applies_if) for name, flag in index().acts.items())
    yield from ((name, combo.applies_if or "always") for name, combo in index().combinations.items())


def _leads_to(names: Iterable[str]) -> set[str]:
    """These ids and all from which they can follow."""
    todo, found = list(names), set()
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        entries = [entry for entry in (index().findings.get(name), index().flags.get(name)) if entry]
        todo += [part for entry in entries if entry.parts for part in ids_in(entry.parts)]
        todo += [*index().implied_by.get(name, ()), *index().same.get(name, ())]
        derived, flag = index().derived.get(name), index().flags.get(name)
        text = derived.rule if derived else flag.derived_from if flag and flag.derived_from else "always"
        todo += [other for other, _ in _polarity(text)]
    return found


def test_only_the_named_answers_can_close_a_rule_by_a_yes() -> None:
    found: dict[str, str] = {}
    for name, combo in index().combinations.items():
        found |= dict.fromkeys(_against(combo.rule), name)
    for name, text in _gates():
        found |= {other: name for other, speaks in _polarity(text) if not speaks}
    asked = {name for combo in index().combinations.values() for name in ids_in(combo.rule)}
    for name in _leads_to({*index().acts, *asked}):  # the groups and the derived answers that the screen can come to
        for entry in (index().findings.get(name), index().flags.get(name)):
            if entry and entry.parts:
                found |= dict.fromkeys(_against(entry.parts), name)
        derived, flag = index().derived.get(name), index().flags.get(name)
        text = derived.rule if derived else flag.derived_from if flag and flag.derived_from else "always"
        found |= {other: name for other, speaks in _polarity(text) if not speaks}
    for rules in index().sets.values():
        assert not any(_polarity(text) for text in rules)
    assert found == YES_CAN_CLOSE


def test_only_the_named_answers_can_close_a_question_by_a_no() -> None:
    found: dict[str, list[str]] = {}
    for name, text in _gates():
        for other, speaks in _polarity(text):
            if speaks:
                found.setdefault(other, []).append(name)
    assert found == NO_CAN_CLOSE


@cache
def twins() -> frozenset[str]:
    """Answers that speak for the harmless twin of an illness script, and all from which they follow."""
    pack = load().danger_scripts
    named = {fact for script in pack.scripts.values() for fact in script.unless}
    return frozenset(_leads_to(named & set(finding_ids())))


@cache
def yes_never_lowers() -> tuple[str, ...]:
    return tuple(sorted(set(finding_ids()) - _leads_to(YES_CAN_CLOSE) - twins()))


def test_no_flag_of_the_screen_speaks_for_a_twin() -> None:
    """A script may fall silent when something harmless explains it, never when a flag is added."""
    assert twins().isdisjoint(index().acts)


@cache
def no_never_lowers() -> tuple[str, ...]:
    return tuple(sorted(set(finding_ids()) - _leads_to(NO_CAN_CLOSE)))


def test_the_exceptions_are_few() -> None:
    """Nearly every answer is under the promise; among those that are not, no sign acts alone more strongly."""
    assert len({*yes_never_lowers(), *twins()}) > 0.97 * len(finding_ids())
    assert len(twins()) < 0.12 * len(finding_ids())
    assert len(no_never_lowers()) > 0.9 * len(finding_ids())


@SEARCH
@given(cases(), st.data())
def test_a_yes_never_lowers_the_urgency(raw: Raw, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(yes_never_lowers()))
    assume(raw["findings"].get(name, "unknown") in ("unknown", "no", False))
    assert step(with_answer(raw, name, "yes")) >= step(raw)


@pytest.mark.parametrize("seed", range(4))
def test_no_flag_of_the_screen_lowers_the_urgency(seed: int) -> None:
    """Every flag, one after the other, on a case: the walk that a random draw would not make."""
    raw = random_case(seed)
    before = step(raw)
    for name in index().acts:
        if name in yes_never_lowers() and raw["findings"].get(name, "unknown") in ("unknown", "no", False):
            assert step(with_answer(raw, name, "yes")) >= before, name


@SEARCH
@given(cases(), st.data())
def test_a_no_never_lowers_the_urgency_against_not_asking(raw: Raw, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(no_never_lowers()))
    assume(name not in raw["findings"])
    assert step(with_answer(raw, name, "no")) >= step(raw)


@settings(max_examples=30, deadline=None)
@given(cases())
def test_answering_no_to_all_that_is_open_lowers_nothing(raw: Raw) -> None:
    denied = dict.fromkeys(no_never_lowers(), "no")
    assert step(raw | {"findings": denied | raw["findings"]}) >= step(raw)


PERSON_62 = {"age_years": 62, "sex": "male"}
EXCEPTIONS = [
    # what the evidence means: weakness without pain is the alarm, so pain on the test takes it away
    (
        {"measurements": [{"id": "power.hip_flexion", "side": "left", "value_grade": 4}],
         "findings": {"resisted_hip_flexion_painful": "no"}},
        "resisted_hip_flexion_painful",
    ),
    (
        {"measurements": [{"id": "power.hip_flexion", "side": "left", "value_grade": 4}],
         "findings": {"active_hip_flexion_painful": "no"}},
        "active_hip_flexion_painful",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "name"), EXCEPTIONS)
def test_an_exception_in_the_evidence_does_lower(raw: Raw, name: str) -> None:
    """If this fails the evidence has changed, and the exception can be struck from the list."""
    raw = {"psoas_case": 1, "person": PERSON_62} | raw
    assert step(with_answer(raw, name, "yes")) < step(raw)


@SEARCH
@given(cases(), st.lists(st.sampled_from(finding_ids()), max_size=20, unique=True))
def test_unknown_moves_nothing(raw: Raw, names: list[str]) -> None:
    said = dict.fromkeys(names, "unknown") | raw["findings"]
    assert screened(raw | {"findings": said}) == screened(raw)


@SEARCH
@given(cases())
def test_blocks_that_are_unknown_move_nothing(raw: Raw) -> None:
    blocks = ("person", "pain", "tried", "measurements", "vitals", "laboratory", "medicines", "conditions")
    assert screened(dict.fromkeys(blocks, "unknown") | raw) == screened(raw)


@SEARCH
@given(cases(), st.randoms(use_true_random=False))
def test_order_does_not_matter(raw: Raw, rng: random.Random) -> None:
    assert _by_name(screened(_shuffled(raw, rng))) == _by_name(screened(raw))


def _by_name(found: Screen) -> Screen:
    """The same with medicines in one order, and what waits for one named by what was written and not by its place."""
    written = {f"medicines[{number}]": read.written for number, read in enumerate(found.medicines, 1)}
    waits = tuple(
        replace(one, ask=tuple(sorted(written.get(name, name) for name in one.ask))) for one in found.not_cleared
    )
    return replace(found, not_cleared=waits, medicines=tuple(sorted(found.medicines, key=lambda read: read.written)))


def _shuffled(node: Any, rng: random.Random) -> Any:
    if isinstance(node, dict):
        items = [(key, _shuffled(value, rng)) for key, value in node.items()]
        rng.shuffle(items)
        return dict(items)
    if isinstance(node, list):
        return rng.sample([_shuffled(value, rng) for value in node], len(node))
    return node


# ---- weak signs


def alone(name: str) -> Raw:
    return {"psoas_case": 1, "person": {"age_years": 45, "sex": "female"}, "findings": {name: "yes"}}


def test_night_pain_alone_raises_nothing() -> None:
    found = screened(alone("night_pain"))
    assert found.alarms == ()
    assert STEP[found.urgency] <= STEP["watch"]


def test_night_pain_never_makes_a_plain_alarm_more_urgent_by_itself() -> None:
    """It counts inside combinations only."""
    assert index().acts["night_pain"].action_if_alone in ("watch", "self_care")


WEAK_YET_ACTING = {
    # The evidence gives these an action of their own, with a reason (`why_action`), although their odds are low.
    "axial_load_pain", "cannot_bear_weight", "colicky_loin_pain", "dragging_end_of_day", "flank_pain_in_waves",
    "lifts_leg_with_hands", "nausea_no_appetite_fever", "running_impossible_groin_pain", "unexplained_weight_loss",
    "vaginal_bleeding",
}  # fmt: skip


def _weak() -> list[str]:
    return [name for name, flag in index().acts.items() if flag.strength in ("weak", "no_value")]


@pytest.mark.parametrize("name", _weak())
def test_a_weak_flag_alone_does_not_alarm(name: str) -> None:
    found = screened(alone(name))
    if name in WEAK_YET_ACTING:
        assert found.urgency == index().acts[name].action_if_alone
    else:
        assert found.alarms == ()


def test_the_weak_flags_that_act_are_those_of_the_evidence() -> None:
    acting = {name for name in _weak() if STEP[index().acts[name].action_if_alone] > STEP["watch"]}
    assert acting == WEAK_YET_ACTING


@pytest.mark.parametrize("name", [name for name, flag in index().acts.items() if flag.strength == "untested"])
def test_an_untested_flag_alone_does_what_the_evidence_says_and_no_more(name: str) -> None:
    follows = [other for other in index().acts if facts_of(case_of(alone(name)), load()).yes(other)]
    most = max(STEP[index().acts[other].action_if_alone] for other in {name, *follows})
    assert step(alone(name)) <= most


def test_a_history_of_cancer_and_a_hard_stop_are_no_weak_flags() -> None:
    assert screened(alone("saddle_numbness")).urgency == "emergency_now"
    assert STEP[screened(alone("history_of_cancer")).urgency] > STEP["watch"]


@pytest.mark.parametrize("name", [name for name, flag in index().acts.items() if flag.strength == "hard_stop"])
def test_a_hard_stop_acts_alone(name: str) -> None:
    flag = index().acts[name]
    raw = alone(name)
    if "known('hip_replacement')" in flag.applies_if:
        raw["conditions"] = ["hip_replacement"]
    if "person.sex != 'female'" in flag.applies_if:
        raw["person"] = {"sex": "male"}
    assert step(raw) >= STEP[flag.action_if_alone]


# ---- what every screen holds


@cache
def known_sources() -> frozenset[str]:
    packs = ("red_flags", "findings", "sources_of_pain", "terminology", "interventions", "exercises", "interactions")
    return frozenset(name for pack in packs for name in getattr(load(), pack).sources) | {"reasoned"}


@SEARCH
@given(cases())
def test_a_screen_is_whole(raw: Raw) -> None:
    found = screened(raw)
    assert found.urgency in URGENCIES
    assert found.urgency == max(
        (one.urgency for one in (*found.alarms, *found.watched)), key=STEP.__getitem__, default="self_care"
    )
    assert all(STEP[alarm.urgency] > STEP["watch"] for alarm in found.alarms)
    assert [STEP[alarm.urgency] for alarm in found.alarms] == sorted(
        (STEP[alarm.urgency] for alarm in found.alarms), reverse=True
    )
    for alarm in (*found.alarms, *found.watched):
        assert alarm.condition in load().red_flags.conditions
        assert alarm.because
        assert alarm.do.endswith(".")
        assert len(alarm.do) > 20
        assert alarm.say.endswith(".")
        for reason in alarm.because:
            assert reason.source
            assert set(reason.source) <= known_sources()
    for ban in found.forbidden:
        assert ban.because
        assert set(ban.source) <= known_sources()
        assert ban.level in ("absolute", "relative")
    names = [ban.technique for ban in found.forbidden]
    assert not {one.technique for one in found.not_cleared} & set(names)


@SEARCH
@given(cases())
def test_nothing_already_answered_is_listed_as_open(raw: Raw) -> None:
    found = screened(raw)
    said = {name for name, answer in raw["findings"].items() if answer in ("yes", "no", True, False)}
    assert not said & {*found.not_asked, *found.gate.ask, *(name for one in found.not_cleared for name in one.ask)}


def test_no_case_at_all_is_screened_too() -> None:
    found = screened({"psoas_case": 1})
    assert found.urgency == "self_care"
    assert found.alarms == found.watched == found.forbidden == ()
    assert found.not_asked
    assert found.forbids("deep_psoas_pressure")


# ---- deep pressure on the psoas


def _answered_no(raw: Raw, name: str) -> Raw:
    """The same case with one open question answered in the harmless way."""
    if name == "person.age_years":
        return raw | {"person": raw["person"] | {"age_years": 40}}
    if name == "pain.map_complete":
        return raw | {"pain": raw.get("pain", {}) | {"map_complete": "yes"}}
    return with_answer(raw, name, "no") if name in finding_ids() else raw | {"conditions": []}


def _open(raw: Raw) -> tuple[str, ...]:
    return next((one.ask for one in screened(raw).not_cleared if one.technique == "deep_psoas_pressure"), ())


def _until_cleared(raw: Raw) -> tuple[Raw, list[str]]:
    """Answer what the screen lists as open, one question at a time, until it lists nothing."""
    asked: list[str] = []
    while names := _open(raw):
        assert names[0] not in asked, f"{names[0]} was answered and is asked again"
        asked.append(names[0])
        raw = _answered_no(raw, names[0])
    return raw, asked


@pytest.mark.parametrize("sex", ["male", "female", "unspecified"])
def test_deep_pressure_is_cleared_when_all_that_is_open_was_answered_no(sex: str) -> None:
    raw, asked = _until_cleared({"psoas_case": 1, "person": {"sex": sex}})
    assert not screened(raw).forbids("deep_psoas_pressure")
    assert {"known_aneurysm", "anticoagulant_or_bleeding_disorder", "fever_or_rigors", "history_of_cancer"} <= {*asked}
    assert ("could_be_pregnant" in asked) == (sex != "male")


def test_each_of_the_answers_is_needed() -> None:
    """Take any one of them back, and it is off again."""
    raw, asked = _until_cleared({"psoas_case": 1, "person": {"sex": "female"}})
    for name in asked:
        if name in finding_ids():
            without = raw | {"findings": {key: value for key, value in raw["findings"].items() if key != name}}
            assert screened(without).forbids("deep_psoas_pressure") or _still_no(without, name), name
    assert screened(raw | {"conditions": "unknown"}).forbids("deep_psoas_pressure")
    assert screened(raw | {"conditions": ["endometriosis"]}).forbids("deep_psoas_pressure")


def _still_no(raw: Raw, name: str) -> bool:
    """Whether a group is no because each of its parts is."""
    return facts_of(case_of(raw), load()).yes(name) is False


def _forbidding() -> list[str]:
    """Answers that forbid deep pressure by themselves: they stand in the outermost `any_of` of a contraindication."""
    rules = [
        rule.forbid_if
        for rule in load().red_flags.manual_contraindications.values()
        if "deep_psoas_pressure" in rule.technique and rule.level != "modify"
    ]
    return sorted({one for rule in rules for one in rule.get("any_of", ()) if isinstance(one, str)} & {*finding_ids()})


@pytest.mark.parametrize("name", _forbidding())
def test_a_yes_forbids_it_with_a_reason(name: str) -> None:
    bans = [ban for ban in screened(alone(name)).forbidden if ban.technique == "deep_psoas_pressure"]
    assert name in {reason for ban in bans for reason in ban.because}


def test_a_coil_keeps_it_off_until_the_belly_is_known_not_to_hurt() -> None:
    raw, _ = _until_cleared({"psoas_case": 1, "person": {"sex": "female"}})
    with_coil = raw | {"conditions": ["intrauterine_device"], "pain": {}}
    assert _open(with_coil) == ("pain.map_complete",)
    assert not screened(with_coil | {"pain": {"map_complete": "yes"}}).forbids("deep_psoas_pressure")
    assert screened(with_coil | {"pain": {"regions": {"pelvis_centre": 3}}}).forbids("deep_psoas_pressure")


@SEARCH
@given(cases())
def test_deep_pressure_is_off_wherever_something_is_open(raw: Raw) -> None:
    """At most a dozen answers: never enough for all that would forbid it."""
    assert screened(raw).forbids("deep_psoas_pressure")


@SEARCH
@given(st.data())
def test_deep_pressure_is_cleared_only_by_a_no(data: st.DataObject) -> None:
    """On a case that is cleared, what was asked and could not be answered puts it off again."""
    cleared, asked = _cleared()
    name = data.draw(st.sampled_from([name for name in asked if name in finding_ids()]))
    raw = with_answer(cleared, name, data.draw(st.sampled_from(("unknown", "not_possible"))))
    assert screened(raw).forbids("deep_psoas_pressure") or _still_no(raw, name)


@cache
def _cleared() -> tuple[Raw, tuple[str, ...]]:
    raw, asked = _until_cleared({"psoas_case": 1, "person": {"sex": "female"}})
    return raw, tuple(asked)


@pytest.mark.parametrize("technique", sorted(load().red_flags.techniques))
def test_a_same_day_result_forbids_every_technique(technique: str) -> None:
    assert technique in {ban.technique for ban in screened(alone("cannot_stand_or_walk")).forbidden}


def test_the_gate_closes_on_a_mimic_and_opens_without() -> None:
    shut = screened(alone("hip_held_flexed"))
    assert not shut.gate.open
    assert screened(alone("night_pain")).gate.open
    assert set(shut.gate.closed_by) <= set(load().red_flags.psoas_mimics.ids)
