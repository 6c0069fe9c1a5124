"""The packs as plain YAML, and what they forbid, worked out a second time and apart from the code under test."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from psoas.case import Case
from psoas.screening import Screen
from tests.reference import DATA


@lru_cache(maxsize=8)
def pack(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(
        (DATA / f"{name}.yaml").read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    return loaded


@lru_cache(maxsize=1)
def interventions() -> dict[str, Any]:
    return {one["id"]: one for one in pack("interventions")["interventions"]}


@lru_cache(maxsize=1)
def exercises() -> dict[str, Any]:
    return {one["id"]: one for one in pack("exercises")["exercises"]}


@lru_cache(maxsize=1)
def source_ids() -> frozenset[tuple[str, str]]:
    packs = ("interventions", "exercises", "red_flags", "interactions", "care_by_source")
    return frozenset((name, one["id"]) for name in packs for one in pack(name)["sources"])


def classes(name: str) -> set[str]:
    """A generic name or a product with every class above it."""
    tables = pack("interactions")
    found, waiting = set(), [name]
    while waiting:
        word = waiting.pop()
        if word in found:
            continue
        found.add(word)
        waiting += [family for family, names in tables["medicine_names"].items() if word in names]
        waiting += [
            one for partner in tables["partners"] if partner["id"] == word for one in partner.get("member_of", [])
        ]
        waiting += [one["also_partner"] for one in tables["products"] if one["id"] == word and "also_partner" in one]
    return found


def certain_flags(case: Case, screen: Screen) -> set[str]:
    """Flags that hold beyond doubt: named illnesses, alarms of the mapped causes, medicines by class, pregnancy."""
    data = pack("interventions")
    alarmed = {alarm.condition for alarm in screen.alarms}
    held = {flag for flag, causes in data["flag_map"].items() if alarmed & set(causes)}
    held |= {one["id"] for one in data["flags"]} & set(case.conditions)
    for medicine in case.medicines:
        held |= classes(medicine) & {"anticoagulant", "antiplatelet"}
    if case.person.pregnant == "yes":
        held |= {"pregnancy"}
        if (case.person.pregnancy_weeks or 0) >= 20:
            held |= {"pregnancy_20_weeks_or_later"}
    return held


PRODUCT_OF = {
    "nsaid_acute": "nsaid_otc", "nsaid_chronic": "nsaid_otc", "paracetamol": "paracetamol", "cbd": "cbd",
    "capsicum_topical": "capsaicin_topical", "devils_claw": "devils_claw", "willow_bark": "willow_bark",
    "turmeric_curcumin": "turmeric", "vitamin_d": "vitamin_d", "magnesium": "magnesium",
}  # fmt: skip


def bad_company(product: str, case: Case) -> set[str]:
    """What of the case a product must not be added to, by the tables alone."""
    ours = classes(product)
    theirs: dict[str, set[str]] = {name: classes(name) for name in (*case.medicines, *case.supplements)}
    theirs |= {name: {name} for name in case.conditions}
    if case.person.pregnant == "yes":
        theirs["pregnant"] = {"pregnancy"}
    return {
        name
        for rule in pack("interactions")["interactions"]
        if rule["severity"] in ("avoid", "caution")
        for name, words in theirs.items()
        if (rule["a"] in ours and rule["b"] in words) or (rule["b"] in ours and rule["a"] in words)
    }
