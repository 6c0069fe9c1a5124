"""Medicines, supplements and illnesses that do not go together."""

from __future__ import annotations

import pytest

from psoas.care.safety.interactions import words_of
from psoas.knowledge import load
from tests.care.doubles import ids, plan_of

BACK = {"regions": {"lumbar_left": 5}, "duration_weeks": 30}
FRESH = BACK | {"duration_weeks": 2}


def test_turmeric_with_apixaban_is_warned_of_though_psoas_offers_neither() -> None:
    clash = plan_of(pain=BACK, medicines=["apixaban"], supplements=["turmeric"]).clashes[0]
    assert {clash.first, clash.second} == {"apixaban", "turmeric"}
    assert clash.severity == "avoid"
    assert "do not stop a prescribed medicine" in clash.words
    assert {one.id for one in clash.sources} == {"medsafe_2018", "gronich_2022"}


@pytest.mark.parametrize("medicine", load().interactions.medicine_names["anticoagulant"])
def test_every_anticoagulant_inherits_the_rules_of_its_class(medicine: str) -> None:
    plan = plan_of(pain=FRESH, medicines=[medicine], supplements=["turmeric"])
    assert "nsaid_acute" not in ids(plan)
    nsaid = next(one for one in plan.dropped if one.id == "nsaid_acute")
    assert {"interaction", "contraindication"} <= {reason.code for reason in nsaid.reasons}
    assert plan.clashes[0].severity == "avoid"


def test_a_member_has_the_words_of_every_class_above_it() -> None:
    assert {"warfarin", "anticoagulant", "cyp2c9_substrate"} <= words_of("warfarin", load())
    assert {"willow_bark", "salicylate", "nsaid"} <= words_of("willow_bark", load())
    assert {"ibuprofen", "nsaid", "nsaid_otc"} <= words_of("ibuprofen", load())
    assert words_of("sertraline", load()) == {"ssri_snri"}, "the missing classes came with medicines.yaml"
    assert words_of("zorbamycin", load()) == frozenset()


def test_two_things_taken_are_checked_against_each_other() -> None:
    worst = plan_of(pain=BACK, medicines=["ibuprofen", "warfarin"]).clashes[0]
    assert {worst.first, worst.second} == {"ibuprofen", "warfarin"} and worst.severity == "avoid"
    double = plan_of(pain=BACK, medicines=["ibuprofen"], supplements=["willow bark"]).clashes[0]
    assert double.severity == "avoid"


def test_one_medicine_does_not_clash_with_itself() -> None:
    assert plan_of(pain=BACK, medicines=["ibuprofen"]).clashes == ()
    assert plan_of(pain=BACK, medicines=["curcumin"], supplements=["turmeric"]).clashes == ()


def test_an_illness_clashes_with_what_is_taken() -> None:
    clash = plan_of(pain=BACK, medicines=["naproxen"], conditions=["kidney_disease"]).clashes[0]
    assert clash.severity == "avoid" and "kidney" in clash.words


def test_the_worst_comes_first() -> None:
    plan = plan_of(pain=BACK, medicines=["warfarin", "clopidogrel"], supplements=["fish oil", "turmeric", "ginger"])
    order = [one.severity for one in plan.clashes]
    assert order == sorted(order, key=("avoid", "caution", "minor").index)
    assert len(set(order)) == 3


def test_an_unknown_medicine_is_named_and_no_medicine_is_added_to_it() -> None:
    plan = plan_of(pain=FRESH, medicines=["Zorbamycin forte"])
    assert plan.ask_pharmacist[0][0] == "Zorbamycin forte"  # as it was written
    assert "ask a pharmacist" in plan.ask_pharmacist[0][1]
    assert "nsaid_acute" not in ids(plan)
    nsaid = next(one for one in plan.dropped if one.id == "nsaid_acute")
    assert ("unknown_medicine", "Zorbamycin forte") in {(reason.code, reason.by) for reason in nsaid.reasons}


def test_a_blood_thinner_told_without_its_name_counts() -> None:
    plan = plan_of(pain=FRESH, findings={"takes_anticoagulant": "yes"}, supplements=["turmeric"])
    assert "nsaid_acute" not in ids(plan)
    assert plan.clashes[0].severity == "avoid"


def test_before_an_operation_all_supplements_are_mentioned() -> None:
    plan = plan_of(pain=BACK, conditions=["surgery_within_two_weeks"], supplements=["fish oil"])
    assert any("before planned surgery" in one for one in plan.warnings)


def test_hot_pepper_cream_never_meets_heat_or_massage() -> None:
    assert "heat" not in ids(plan_of(pain=FRESH, supplements=["capsaicin"]))
    for weeks in (2, 8, 30):
        offered = set(ids(plan_of(pain=BACK | {"duration_weeks": weeks})))
        assert not ("capsicum_topical" in offered and offered & {"heat", "massage", "myofascial_release"})
