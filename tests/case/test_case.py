"""A case is right, or it is refused with a sentence that names the field, the value and what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from psoas.case import Case, parse_case_text, read_case_text
from psoas.errors import CaseError
from tests.cases import case_of, cases, random_case, words

GIVEN_CASES = Path(__file__).parents[3] / "shared" / "cases"


def of(**blocks: Any) -> Case:
    return case_of({"psoas_case": 1} | blocks)


def problems(**blocks: Any) -> dict[str, str]:
    with pytest.raises(CaseError) as caught:
        of(**blocks)
    return dict(caught.value.problems)


HIP = "hip.flexion"
FIRST = "measurements[1]"
REFUSED: list[tuple[dict[str, Any], str, tuple[str, ...]]] = [
    # ---- ids
    ({"findings": {"nightpain": "yes"}}, "findings.nightpain", ("night_pain",)),
    ({"findings": {"nіght_pain": "yes"}}, "findings.nіght_pain", ("Nearest: night_pain",)),  # a Cyrillic і
    ({"findings": {"zzzz": "yes"}}, "findings.zzzz", ("no finding of this name",)),
    ({"pain": {"regions": {"lumber_left": 3}}}, "pain.regions.lumber_left", ("Nearest: lumbar_left",)),
    ({"measurements": [{"id": "hip.flexon", "value_deg": 90}]}, "measurements[1].id", ("'hip.flexon'", "hip.flexion")),
    ({"person": {"activities": [{"id": "runing"}]}}, "person.activities[1].id", ("'runing'", "running", "swimming")),
    ({"conditions": ["canser_breast"]}, "conditions[1]", ("'canser_breast'", "cancer_breast")),
    ({"conditions": ["stroke", "pregnancy"]}, "conditions[2]", ("'pregnancy'", "no such illness")),
    ({"findings": {"a" * 900: "yes"}}, "findings." + "a" * 108 + "...", ("no finding",)),
    # ---- fields
    ({"persn": {}}, "persn", ("no such field", "Did you mean person?")),
    ({"person": {"age": 4}}, "person.age", ("no such field", "age_years")),
    ({"vitals": {"temp": 37}}, "vitals.temp", ("no such field", "temperature_c")),
    ({"measurements": [{"id": HIP, "value": 3}]}, "measurements[1].value", ("no such field", "value_deg")),
    # ---- types
    ({"person": "bob"}, "person", ("'bob'", "a block of fields")),
    ({"person": [1]}, "person", ("a block of fields",)),
    ({"person": {"age_years": "48"}}, "person.age_years", ("'48'", "a number")),
    ({"person": {"age_years": True}}, "person.age_years", ("True", "a number")),
    ({"person": {"age_years": [48]}}, "person.age_years", ("a number",)),
    ({"person": {"age_years": 10**5000}}, "person.age_years", ("thousands of digits",)),
    ({"person": {"age_years": float("nan")}}, "person.age_years", ("nan", "a finite number")),
    ({"person": {"age_years": float("inf")}}, "person.age_years", ("inf", "a finite number")),
    ({"person": {"activities": ["running"]}}, "person.activities[1]", ("'running'", "a block of fields")),
    ({"pain": {"regions": ["lumbar_left"]}}, "pain.regions", ("a block of fields",)),
    ({"findings": ["night_pain"]}, "findings", ("a block of fields",)),
    ({"measurements": {"id": "hip.flexion"}}, "measurements", ("a list",)),
    ({"medicines": "aspirin"}, "medicines", ("'aspirin'", "a list")),
    ({"medicines": [1]}, "medicines[1]", ("is 1", "text")),
    ({"medicines": [{"name": "aspirin"}]}, "medicines[1]", ("text",)),
    ({"medicines": [""]}, "medicines[1]", ("is empty",)),
    ({"notes": 5}, "notes", ("is 5", "text")),
    ({"notes": "x" * 20_001}, "notes", ("too long", "20000")),
    ({"goals": ["x" * 301]}, "goals[1]", ("too long", "300")),
    ({"goals": ["x"] * 201}, "goals", ("too long", "200")),
    # ---- ages, times, scores
    ({"person": {"age_years": -3}}, "person.age_years", ("is -3", "at least 0")),
    ({"person": {"age_years": 400}}, "person.age_years", ("is 400", "at most 120")),
    ({"person": {"height_m": 180}}, "person.height_m", ("is 180", "at most 2.6")),
    ({"person": {"mass_kg": 0}}, "person.mass_kg", ("is 0", "at least 2")),
    ({"pain": {"regions": {"lumbar_left": 11}}}, "pain.regions.lumbar_left", ("is 11", "at most 10")),
    ({"pain": {"regions": {"lumbar_left": -1}}}, "pain.regions.lumbar_left", ("is -1", "at least 0")),
    ({"pain": {"regions": {"lumbar_left": "severe"}}}, "pain.regions.lumbar_left", ("'severe'", "a number")),
    ({"pain": {"regions": {"lumbar_left": True}}}, "pain.regions.lumbar_left", ("True", "a number")),
    ({"pain": {"worst_overall_0_10": "bad"}}, "pain.worst_overall_0_10", ("'bad'", "mild", "0 to 10")),
    ({"pain": {"worst_overall_0_10": 10.5}}, "pain.worst_overall_0_10", ("10.5",)),
    ({"pain": {"duration_weeks": -1}}, "pain.duration_weeks", ("is -1", "at least 0")),
    ({"person": {"age_years": 20}, "pain": {"duration_weeks": 2000}}, "pain.duration_weeks", ("longer",)),
    ({"person": {"sex": "m"}}, "person.sex", ("'m'", "male", "female", "unspecified")),
    ({"person": {"pregnant": "maybe"}}, "person.pregnant", ("'maybe'", "yes", "no")),
    ({"person": {"sex": "male", "pregnant": "yes"}}, "person.pregnant", ("exclude each other",)),
    ({"person": {"pregnant": "no", "pregnancy_weeks": 20}}, "person.pregnancy_weeks", ("is 20",)),
    ({"pain": {"onset": "slow"}}, "pain.onset", ("'slow'", "gradual")),
    ({"pain": {"course": "bad"}}, "pain.course", ("'bad'", "worsening")),
    ({"tried": [{"what": "massage", "effect": "well"}]}, "tried[1].effect", ("'well'", "temporary")),
    ({"tried": [{"effect": "good"}]}, "tried[1].what", ("missing",)),
    ({"vitals": {"temperature_c": 98.6}}, "vitals.temperature_c", ("98.6", "30 to 43")),
    ({"laboratory": {"crp_mg_l": -1}}, "laboratory.crp_mg_l", ("is -1",)),
    # ---- sides
    ({"pain": {"regions": {"lumbar": 3}}}, "pain.regions.lumbar", ("side is missing", "lumbar_left", "lumbar_centre")),
    ({"pain": {"regions": {"groin_centre": 3}}}, "pain.regions.groin_centre", ("makes no sense", "groin_left")),
    ({"pain": {"regions": {"psis_up": 3}}}, "pain.regions.psis_up", ("no region of this name",)),
    ({"findings": {"straight_leg_raise": {"up": "yes"}}}, "findings.straight_leg_raise.up", ("left, right",)),
    ({"findings": {"fever_or_rigors": {"left": "yes"}}}, "findings.fever_or_rigors", ("no sides",)),
    ({"measurements": [{"id": HIP, "side": "both", "value_deg": 9}]}, "measurements[1].side", ("'both'", "left")),
    ({"measurements": [{"id": "lumbar.flexion", "side": "left", "value_deg": 9}]}, "measurements[1].side", ("side",)),
    # ---- answers and readings
    ({"findings": {"night_pain": "maybe"}}, "findings.night_pain", ("'maybe'", "yes, no, unknown, not_possible")),
    ({"findings": {"night_pain": 1}}, "findings.night_pain", ("is 1", "yes, no")),
    ({"findings": {"night_pain": ["yes"]}}, "findings.night_pain", ("allowed",)),
    ({"findings": {"night_pain": 10**5000}}, "findings.night_pain", ("thousands of digits",)),
    ({"findings": {"faber": {"right": "knee"}}}, "findings.faber.right", ("'knee'", "front")),
    ({"findings": {"straight_leg_raise": {"left": {"left": "yes"}}}}, "findings.straight_leg_raise.left", ("allowed",)),
    ({"measurements": [{"id": HIP, "value_cm": 9}]}, FIRST, ("value_deg (in deg)",)),
    ({"measurements": [{"id": "hip.flexion"}]}, FIRST, ("no value", "value_deg")),
    ({"measurements": [{"id": HIP, "value_deg": 9, "value_cm": 9}]}, FIRST, ("expected value_deg",)),
    ({"measurements": [{"id": HIP, "value_deg": 900}]}, "measurements[1].value_deg", ("900", "0 to 160 deg")),
    ({"measurements": [{"id": "power.hip_flexion", "value_grade": 6}]}, "measurements[1].value_grade", ("0 to 5",)),
]


@pytest.mark.parametrize(("blocks", "place", "says"), REFUSED, ids=[str(n) for n in range(len(REFUSED))])
def test_refused_with_the_field_and_what_is_allowed(blocks: dict[str, Any], place: str, says: tuple[str, ...]) -> None:
    found = problems(**blocks)
    assert place in found
    assert found[place].endswith((".", "?"))
    for part in says:
        assert part in found[place]


def test_every_problem_is_told_at_once() -> None:
    found = problems(findings={"nope": "yes", "neither": "no"}, conditions=["plague"])
    assert set(found) == {"findings.nope", "findings.neither", "conditions[1]"}


@pytest.mark.parametrize("version", [0, 2, "1", True, None, "one", [1]])
def test_another_version(version: Any) -> None:
    with pytest.raises(CaseError, match=r"^psoas_case: "):
        case_of({"psoas_case": version})


def test_no_version() -> None:
    with pytest.raises(CaseError, match=r"psoas_case: this field is missing\. A case begins with `psoas_case: 1`\."):
        case_of({"person": {}})


@pytest.mark.parametrize("data", [[1], "x", None, 5, b"x", {1: 2}, {"psoas_case": 1, 2: 3}])
def test_what_is_no_case_at_all(data: Any) -> None:
    with pytest.raises(CaseError):
        case_of(data)


def test_data_that_nests_without_end() -> None:
    loop: dict[str, Any] = {}
    loop["left"] = loop
    assert "nested more than" in problems(findings={"straight_leg_raise": loop})["the case"]
    deep: Any = "yes"
    for _ in range(50_000):
        deep = {"left": deep}
    assert "nested more than" in problems(findings={"straight_leg_raise": deep})["the case"]
    while isinstance(deep, dict):  # taken apart by hand: Python frees what nests by recursion
        deep = deep.pop("left")


def test_control_codes_of_a_terminal_are_shown_and_not_sent() -> None:
    with pytest.raises(CaseError) as caught:
        of(findings={"\x1b[2J\u202enight": "yes"})
    assert all(line.isprintable() for line in str(caught.value).splitlines())
    assert "\\x1b[2J\\u202enight" in str(caught.value)


# ---- what is read as what


@pytest.mark.parametrize(
    ("word", "regions"),
    [
        ("psis_left", {"sacroiliac_left": 4}),
        ("leg_posterior_right", {"calf_right": 4}),
        ("low_back", {"lumbar_unspecified": 4}),
        ("lumbar_midline", {"lumbar_centre": 4}),
        ("lumbar_paraspinal_left", {"lumbar_left": 4}),
        ("lumbar_paraspinal", {"lumbar_left": 4, "lumbar_right": 4}),
        ("sacrum", {"sacrum_coccyx_centre": 4}),
        ("greater_trochanter", {"hip_lateral_unspecified": 4}),
        ("lumbar_left", {"lumbar_left": 4}),
    ],
)
def test_words_of_reports_become_regions(word: str, regions: dict[str, float]) -> None:
    assert of(pain={"regions": {word: 4}}).pain.regions == regions


def _bare(region: str) -> str:
    return region.removesuffix("_unspecified").removesuffix("_centre")


def test_every_word_of_the_region_map_is_understood() -> None:
    for word, to in words().region_words.items():
        regions = of(pain={"regions": {word: None}}).pain.regions
        assert {_bare(name) for name in regions} == {_bare(name) for name in to}


@pytest.mark.parametrize("order", [1, -1])
def test_where_two_words_mean_one_region_the_stronger_rating_stays(order: int) -> None:
    marks = [("psis_left", 3), ("sacroiliac_left", 6)][::order]
    assert of(pain={"regions": dict(marks)}).pain.regions == {"sacroiliac_left": 6}
    unrated = [("psis_left", None), ("sacroiliac_left", 6)][::order]
    assert of(pain={"regions": dict(unrated)}).pain.regions == {"sacroiliac_left": 6}


@pytest.mark.parametrize(("word", "number"), [("mild", 2), ("moderate", 5), ("severe", 8), (7, 7), (0, 0)])
def test_the_worst_pain_in_words(word: Any, number: float) -> None:
    pain = of(pain={"worst_overall_0_10": word}).pain
    assert pain.worst == number
    assert pain.worst_overall_0_10 == word
    assert of(pain={"worst_overall_0_10": word, "regions": {"lumbar_left": 6}}).pain.worst == max(6, number)


def test_names_are_spelt_one_way() -> None:
    case = of(medicines=["Acetylsalicylic Acid", "apixaban "], conditions=["Type-2 diabetes"])
    assert case.medicines == ("Acetylsalicylic Acid", "apixaban"), "a medicine stays as written: the reader shows it"
    assert case.conditions == ("type_2_diabetes",)


@pytest.mark.parametrize("held", ["hemiarthroplasty", "hip_resurfacing_left", "cancer_of_the_tongue"])
def test_illnesses_that_another_one_covers(held: str) -> None:
    assert of(conditions=[held]).conditions == (held,)


def test_the_side_entered_first_does_not_matter() -> None:
    one = of(findings={"faber": {"right": "front", "left": "back"}})
    assert one.to_data() == of(findings={"faber": {"left": "back", "right": "front"}}).to_data()
    assert list(one.findings["faber"]) == ["left", "right"]


@pytest.mark.parametrize("block", ["person", "pain", "tried", "findings", "measurements", "vitals", "laboratory",
                                   "medicines", "supplements", "conditions", "goals"])  # fmt: skip
@pytest.mark.parametrize("nothing", [None, "unknown"])
def test_a_block_that_is_unknown_is_absent(block: str, nothing: Any) -> None:
    assert of(**{block: nothing}) == of()


@pytest.mark.parametrize("block", ["person", "pain", "vitals", "laboratory"])
def test_every_field_may_be_unknown(block: str) -> None:
    fields = type(getattr(of(), block)).model_fields
    assert of(**{block: dict.fromkeys(fields, "unknown")}) == of()


def test_a_case_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        of().notes = "x"  # type: ignore[misc]


# ---- there and back


@pytest.mark.parametrize("start", range(0, 1000, 250))
def test_round_trip_of_random_cases(start: int) -> None:
    for seed in range(start, start + 250):
        case = case_of(random_case(seed))
        assert case_of(case.to_data()) == case
        assert case_of(parse_case_text(yaml.safe_dump(case.to_data(), sort_keys=False))) == case


@settings(max_examples=200, deadline=None)
@given(cases())
def test_round_trip(raw: dict[str, Any]) -> None:
    case = case_of(raw)
    back = case_of(parse_case_text(yaml.safe_dump(case.to_data(), allow_unicode=True)))
    assert back == case
    assert back.to_data() == case.to_data()
    assert ("conditions" in back.model_fields_set) == ("conditions" in case.model_fields_set)


def test_that_there_are_no_illnesses_is_kept_apart_from_not_having_asked() -> None:
    assert "conditions" in case_of(of(conditions=[]).to_data()).model_fields_set
    assert "conditions" not in case_of(of().to_data()).model_fields_set
    assert "conditions" not in of(conditions="unknown").model_fields_set


# ---- anything at all


_LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.binary(max_size=4)
    | st.dates() | st.sampled_from(("yes", "no", "left", "lumbar_left", "night_pain", "hip.flexion"))
)  # fmt: skip
_KEYS = st.text(max_size=6) | st.integers() | st.sampled_from(
    ("id", "left", "right", "regions", "night_pain", "straight_leg_raise", "lumbar_left", "value_deg", "age_years")
)  # fmt: skip
_ANYTHING = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3), max_leaves=10
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(Case.model_fields)) | _KEYS, _ANYTHING, max_size=6))
def test_any_data(data: dict[Any, Any]) -> None:
    try:
        assert isinstance(case_of({"psoas_case": 1} | data), Case)
    except CaseError as err:
        assert all(place and sentence for place, sentence in err.problems)


@pytest.mark.skipif(not GIVEN_CASES.is_dir(), reason="the worked examples are not part of the repository")
def test_the_worked_examples_are_right() -> None:
    files = sorted(GIVEN_CASES.glob("case_*.yaml"))
    assert files
    for file in files:
        case = case_of(parse_case_text(read_case_text(file)))
        assert case_of(case.to_data()) == case
