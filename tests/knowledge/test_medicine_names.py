"""What people write when they are asked what they take: none of the dangerous classes is missed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from psoas.knowledge import Knowledge, load
from psoas.knowledge.readers.medicine_names import names_of
from psoas.knowledge.readers.medicine_reader import MedicineRead, reader_of
from psoas.screening import Screen, facts_of, screen
from tests.cases import case_of

KNOWLEDGE = load()
READER = reader_of(KNOWLEDGE)
NAMES: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("medicine_names.yaml").read_text(encoding="utf-8")
)
DANGERS = [(written, kind) for kind, names in NAMES.items() if kind != "harmless" for written in names]
PRESSED = ("deep_psoas_pressure", "deep_massage", "spinal_manipulation")
ASKED_BACK_AT_MOST = 0.02
"""Share of the harmless names that may be asked back although they are well written. Our choice."""


def read(written: str) -> MedicineRead:
    return READER.read(written)


def feared(found: MedicineRead) -> set[str]:
    names = names_of(KNOWLEDGE)
    return {name for name in found.classes if names.dangerous((name,))}


def screened(**blocks: Any) -> Screen:
    case = case_of({"psoas_case": 1, **blocks})
    return screen(case, KNOWLEDGE)


def off(found: Screen) -> set[str]:
    return {one.technique for one in (*found.forbidden, *found.not_cleared)}


def test_there_are_three_hundred_names() -> None:
    assert sum(map(len, NAMES.values())) >= 300
    written = [name for names in NAMES.values() for name in names]
    assert len(set(written)) == len(written)


@pytest.mark.parametrize(("written", "kind"), DANGERS)
def test_no_danger_is_missed(written: str, kind: str) -> None:
    assert kind in read(written).classes, read(written).says


def test_hardly_a_harmless_name_rings_or_is_asked_back() -> None:
    ringing = [written for written in NAMES["harmless"] if feared(read(written))]
    assert ringing == []
    asked = [written for written in NAMES["harmless"] if not read(written).understood]
    assert len(asked) <= ASKED_BACK_AT_MOST * len(NAMES["harmless"]), asked


def test_what_was_understood_is_said_at_once() -> None:
    assert read("Xarelto").says == "Xarelto = rivaroxaban, blood thinner"
    assert read("Xarelto 20 mg once daily").says == "Xarelto 20 mg once daily = rivaroxaban, blood thinner"
    assert "did you mean metformin?" in read("metfrmin").says


@pytest.mark.parametrize("group", KNOWLEDGE.interactions.medicine_names)
def test_every_generic_name_of_the_interactions_is_read_as_its_class(group: str) -> None:
    for name in KNOWLEDGE.interactions.medicine_names[group]:
        assert read(name).understood, name
        assert group in read(name).classes, name


def test_a_name_of_the_pack_stands_once() -> None:
    seen: dict[tuple[str, ...], str] = {}
    names = names_of(KNOWLEDGE)
    for group in KNOWLEDGE.medicines.groups:
        for generic, others in group.names.items():
            for word in (generic, *others):
                assert seen.setdefault(names.words(word), generic) == generic, word


@pytest.mark.parametrize("written", ["apixaban 5 mg", "Eliquis", "warfarin 3 mg", "rivaroxaban 20 mg", "apixiban"])
def test_a_blood_thinner_in_any_spelling_is_an_emergency_beside_a_weak_hip(written: str) -> None:
    found = screened(findings={"hip_flexion_weak": "yes"}, pain={"regions": {"lumbar_right": 6}}, medicines=[written])
    assert found.urgency == "emergency_now"
    assert set(PRESSED) <= {one.technique for one in found.forbidden}


@pytest.mark.parametrize(
    "written", ["Foobarol 20 mg", "stopped warfarin last week", "metfrmin", "5 mg", "my heart pill"]
)
def test_what_is_not_understood_keeps_hands_off_whatever_else_was_said(written: str) -> None:
    plain = screened(conditions=[], findings={"takes_anticoagulant": "no"})
    found = screened(conditions=[], findings={"takes_anticoagulant": "no"}, medicines=[written])
    assert not read(written).understood
    waiting = {one.technique: one.ask for one in found.not_cleared}
    assert set(PRESSED) <= set(waiting)
    assert all("medicines[1]" in waiting[name] for name in PRESSED)
    assert found.urgency == plain.urgency, "unknown moves nothing"


@pytest.mark.parametrize("answer", ["none of these", "vitamin", "ramipril"])
def test_an_answer_behind_an_unknown_name_settles_it(answer: str) -> None:
    assert read(f"Foobarol = {answer}").understood
    assert "deep_massage" not in off(screened(medicines=[f"Foobarol = {answer}"]))


def test_an_answer_takes_no_danger_away() -> None:
    assert "anticoagulant" in read("Eliquis = none of these").classes
    assert "anticoagulant" in read("Foobarol = blood thinner").classes
    assert "corticosteroid" in read("Foobarol = cortisone").classes


def test_a_no_of_a_sheet_never_wins_against_a_medicine_and_the_conflict_is_shown() -> None:
    found = screened(findings={"takes_anticoagulant": "no", "history_of_cancer": "no"}, medicines=["Eliquis 5 mg"],
                     conditions=["breast cancer 2015"], laboratory={"inr": 2.4})  # fmt: skip
    assert {one.field for one in found.conflicts} >= {"findings.takes_anticoagulant", "findings.history_of_cancer"}
    assert {"deep_psoas_pressure", "deep_massage"} <= {one.technique for one in found.forbidden}


def test_one_substance_under_two_names_is_one_medicine() -> None:
    def two(*medicines: str) -> Any:
        return facts_of(case_of({"psoas_case": 1, "medicines": list(medicines)}), KNOWLEDGE).yes("two_antiplatelets")

    assert two("aspirin", "ASS 100") is not True
    assert two("aspirin", "Plavix") is True
    assert two("Aggrenox") is True


SPELLINGS = st.sampled_from(sorted(name for names in KNOWLEDGE.interactions.medicine_names.values() for name in names))


@given(
    name=SPELLINGS,
    dose=st.sampled_from(["", " 5 mg", " 2,5mg 1-0-1", " 20 mg once daily", " tablets", " (since 2019)", " Teva"]),
    case=st.sampled_from([str.upper, str.title, str.lower]),
)
def test_a_respelled_medicine_keeps_every_class(name: str, dose: str, case: Any) -> None:
    written = case(name.replace("_", " ")) + dose
    assert set(read(name).classes) <= set(read(written).classes), read(written).says


@given(name=SPELLINGS, at=st.integers(0, 30), letter=st.sampled_from("aeioulnrst"))
def test_a_slip_of_the_pen_never_clears(name: str, at: int, letter: str) -> None:
    """One letter wrong: the danger is still read, or the entry is asked back."""
    at %= len(name)
    written = name[:at] + letter + name[at + 1 :]
    found = read(written)
    assert set(read(name).classes) & feared(read(name)) <= set(found.classes) or not found.understood


def test_knowledge_without_a_medicine_says_nothing(knowledge: Knowledge = KNOWLEDGE) -> None:
    assert screen(case_of({"psoas_case": 1}), knowledge).medicines == ()
