"""Our own tables against the packs: nothing forgotten, nothing that does not exist."""

from __future__ import annotations

from psoas.care import _catalogue as catalogue
from psoas.care import weights
from psoas.care.safety.flags import CANNOT_BE_SAID, FLAG_RULES
from psoas.care.safety.interactions import CLASS_IS_PRODUCT, ILLNESS_WORDS, NARROW_WINDOW, OTHER_NAMES
from psoas.knowledge import load
from psoas.knowledge.index import index_of, vocabulary
from psoas.knowledge.rules.conditions import ids_in
from tests.care import raw

KNOWLEDGE = load()
INDEX = index_of(KNOWLEDGE)
ANSWERS = {*INDEX.findings, *INDEX.acts, *INDEX.derived, *INDEX.combinations}
SOURCES = set(KNOWLEDGE.sources_of_pain.conditions)


def test_every_intervention_and_group_of_exercises_has_its_place() -> None:
    assert set(catalogue.OFFERS) == set(raw.interventions())
    assert set(catalogue.FAMILIES) == {one["group"] for one in raw.exercises().values()}
    assert set(catalogue.TWISTS) <= set(raw.exercises())
    assert set(catalogue.HIP_FLEXOR_EXERCISES) <= set(raw.exercises())
    assert set(raw.interventions()) >= catalogue.HIP_FLEXOR_INTERVENTIONS | catalogue.NO_GAIN


def test_every_flag_has_a_rule_a_cause_of_the_screen_or_cannot_be_said() -> None:
    data = raw.pack("interventions")
    words = {one["id"] for one in data["flags"]}
    assert words == set(FLAG_RULES) | set(data["flag_map"]) | set(CANNOT_BE_SAID)
    assert not set(CANNOT_BE_SAID) & vocabulary().conditions  # once it can be said, it needs a rule


def test_the_tables_name_only_what_exists() -> None:
    for rule in FLAG_RULES.values():
        assert set(rule.answers) | set(rule.whole) <= ANSWERS
        assert set(rule.illnesses) <= vocabulary().conditions | set(KNOWLEDGE.red_flags.known_conditions)
        assert set(rule.medicines) <= set(KNOWLEDGE.interactions.medicine_names)
        assert set(rule.sources) <= SOURCES
    families = (*catalogue.FAMILIES.values(), *catalogue.TWISTS.values())
    for one in families:
        assert set(one.sources) <= SOURCES
        assert set(one.act_on) <= ANSWERS
    for needs in (*(one.needs for one in families), *(one.needs for one in catalogue.OFFERS.values())):
        assert needs is None or set(ids_in(needs)) <= ANSWERS
    for family in catalogue.FAMILIES.values():
        assert set(family.parents.values()) <= set(raw.interventions())
        assert family.technique is None or family.technique in KNOWLEDGE.red_flags.techniques


def test_products_and_partners_exist() -> None:
    tables = KNOWLEDGE.interactions
    words = {*tables.products, *tables.partners, *tables.medicine_names}
    names = {name for members in tables.medicine_names.values() for name in members}
    assert {product for one in catalogue.OFFERS.values() for product in one.products} <= words
    assert {to for other in OTHER_NAMES.values() for to in other} <= words | names
    assert set(NARROW_WINDOW) | set(ILLNESS_WORDS) | set(CLASS_IS_PRODUCT) | set(CLASS_IS_PRODUCT.values()) <= words
    assert {name for other in ILLNESS_WORDS.values() for name in other} <= set(KNOWLEDGE.red_flags.known_conditions)


def test_a_comparator_is_active_by_its_field_and_not_by_its_words() -> None:
    given = [effect for one in raw.interventions().values() for effect in one["effect"]]
    active = {effect["comparator"] for effect in given if effect.get("active_comparator")}
    assert active
    assert all(effect.get("active_comparator") for effect in given if effect["comparator"] in active)
    assert "no treatment" not in active


def test_the_words_we_rely_on_stand_in_the_packs() -> None:
    for name, offer in catalogue.OFFERS.items():
        one = raw.interventions()[name]
        if offer.why_needs:
            said = " ".join([one["note"], *(stance.get("note") or "" for stance in one["guideline"])])
            assert offer.why_needs in said


def test_every_week_of_review_is_a_checkpoint() -> None:
    weeks = {one["week"] for one in raw.pack("prognosis")["checkpoints"]}
    assert {*weights.REVIEW_WEEK.values(), weights.EARLY_REVIEW_WEEK, weights.UNKNOWN_STAGE_REVIEW_WEEK} <= weeks


def test_an_exercise_forbids_at_least_what_the_pack_says() -> None:
    from psoas.care._candidates import candidates
    from psoas.screening import facts_of
    from tests.care.doubles import case_of

    case = case_of(pain={"duration_weeks": 30})
    for one in candidates("chronic", facts_of(case, KNOWLEDGE), KNOWLEDGE):
        if one.exercise:
            assert set(raw.exercises()[one.id]["contraindications"]) <= set(one.contraindications)
