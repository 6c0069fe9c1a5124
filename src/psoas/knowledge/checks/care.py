"""Checks that what care, follow-up and the tests of the hip flexors refer to exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from psoas.knowledge.problems import Problem

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge

_FACTORS_OF_RECURRENCE = ("more_than_two_earlier_episodes", "sitting_over_5_hours")
"""Asked for because they foretell recurrence; their figures stand under `recurrence`, where rows have no ids."""


def check_care(k: Knowledge) -> Iterator[Problem]:
    """Interventions and exercises name causes, contraindications and load rows that exist."""
    care = k.interventions
    for item in care.interventions.values():
        where = f"interventions/{item.id}"
        yield from _all_in("interventions", f"{where}/for", item.for_, care.condition_ids, "condition_ids")
        yield from _all_in("interventions", f"{where}/contraindications", item.contraindications, care.flags, "flags")
        for effect in item.effect:
            if effect.metric not in care.meta.effect_metrics:
                yield Problem("interventions", f"{where}/effect", effect.metric, "one of meta/effect_metrics")
    table = k.exercises.meta.load_table
    rows = {*table.rows, *table.psoas_emg}
    for exercise in k.exercises.exercises.values():
        where = f"exercises/{exercise.id}"
        named = exercise.contraindications
        yield from _all_in("exercises", f"{where}/contraindications", named, care.flags, "flags of interventions.yaml")
        used = [load.row for load in exercise.load if load.row]
        yield from _all_in("exercises", f"{where}/load", used, rows, "load_table")
    for avoided in k.exercises.avoid_early.values():
        yield from _all_in("exercises", f"avoid_early/{avoided.id}/rows", avoided.rows, rows, "load_table")


def check_interactions(k: Knowledge) -> Iterator[Problem]:
    """Both ends of an interaction exist, and classes inherit from classes that exist."""
    pack = k.interactions
    known = {*pack.products, *pack.partners}
    for index, clash in enumerate(pack.interactions):
        yield from _all_in("interactions", f"interactions/{index}", (clash.a, clash.b), known, "products or partners")
    for product in pack.products.values():
        if product.also_partner and product.also_partner not in pack.partners:
            yield Problem("interactions", f"products/{product.id}/also_partner", product.also_partner, "a partner")
    for partner in pack.partners.values():
        where = f"partners/{partner.id}/member_of"
        yield from _all_in("interactions", where, partner.member_of, pack.partners, "partners")
    for index, warning in enumerate(pack.product_warnings):
        yield from _all_in("interactions", f"product_warnings/{index}", (warning.product,), pack.products, "products")


def check_follow_up(k: Knowledge) -> Iterator[Problem]:
    """Outcome sets, prognostic questions and flexor tests name measures, factors and tests that exist."""
    outcomes = k.outcomes
    measures = {*outcomes.measures, *(name for m in outcomes.measures.values() for name in m.instances)}
    policy = outcomes.ship_policy
    for key, named in (
        ("default_minimal_set/order_of_asking", outcomes.default_minimal_set.order_of_asking),
        ("ship_policy", policy.free_to_ship_with_own_wording),
        ("ship_policy", policy.optional_plugin_verbatim_with_attribution),
        ("ship_policy", policy.score_import_only_never_ship_items),
    ):
        yield from _all_in("outcomes", key, named, measures, "measures")
    asked = k.prognosis.own_questions.items
    factors = {*k.prognosis.prognostic_factors, *_FACTORS_OF_RECURRENCE}
    yield from _all_in("prognosis", "own_questions/items", asked, factors, "prognostic_factors")
    tests = k.hip_flexor_tests
    named = tuple(item.test for item in tests.validity.values())
    yield from _all_in("hip_flexor_tests", "validity", named, tests.tests, "tests")


def _all_in(pack: str, where: str, names: Iterable[str], known: Iterable[str], what: str) -> Iterator[Problem]:
    listed = set(known)
    for name in names:
        if name not in listed:
            yield Problem(pack, where, name, f"an id of {what}")
