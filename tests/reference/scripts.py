"""The illness scripts once more, as independent code: plain loops over the YAML and a raw case.

`held` is the `Case` of check.py, which answers what is yes, marked, known or taken. Nothing here is shared with
`psoas.knowledge.rules.scripts`: facts are read from the case as the pack's `script_language` words them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import yaml

from tests.reference import DATA

PLACING = re.compile(r"(age|duration|sex|onset|mark|activity)\b.*|one_side|both_sides|any_sport|pregnant")


@cache
def pack() -> dict[str, Any]:
    return yaml.safe_load((DATA / "danger_scripts.yaml").read_text(encoding="utf-8"))


def is_true(fact: str, held: Any) -> bool:
    if ("fact", fact) not in held.memo:
        held.memo["fact", fact] = _field(fact, held) is True or any(
            held.yes(other) is True for other in pack()["told_as"].get(fact, ())
        )
    return held.memo["fact", fact]


def _field(fact: str, held: Any) -> Any:
    if ("field", fact) not in held.memo:
        held.memo["field", fact] = _read(fact, held)
    return held.memo["field", fact]


LIMIT = re.compile(r"(age|duration)(>=|<)(\d+)")
NUMBERS = ("temp>=38", "pulse>100", "systolic<100", "crp_raised", "wcc_raised")


def _read(fact: str, held: Any) -> Any:
    case = held.data
    person, pain = case.get("person") or {}, case.get("pain") or {}
    if fact in PLAIN:
        return PLAIN[fact](held, person, pain)
    if fact in NUMBERS:
        return _number(fact, case)
    if match := LIMIT.fullmatch(fact):
        block, name = (person, "age_years") if match[1] == "age" else (pain, "duration_weeks")
        value = block.get(name)
        if value in (None, "unknown"):
            return None
        return value >= int(match[3]) if match[2] == ">=" else value < int(match[3])
    kind, equals, word = fact.partition("=")
    if equals and kind in ("sex", "onset", "course"):
        return (person if kind == "sex" else pain).get(kind) == word
    kind, colon, name = fact.partition(":")
    return _named(kind, name, held) if colon else held.rule(fact)


def _sides(pain: dict[str, Any]) -> set[str]:
    return {key.rpartition("_")[2] for key in pain.get("regions") or {}}


def _training_up(person: dict[str, Any]) -> bool:
    return any((one.get("change_percent_last_8_weeks") or 0) >= 20 for one in person.get("activities") or [])


PLAIN: dict[str, Callable[[Any, dict[str, Any], dict[str, Any]], Any]] = {
    "severe": lambda held, person, pain: _worst(pain) >= 8,
    "tried_none": lambda held, person, pain: held.tried("none"),
    "tried_worse": lambda held, person, pain: held.tried("worse"),
    "one_side": lambda held, person, pain: len(_sides(pain) - {"centre"}) == 1 and "unspecified" not in _sides(pain),
    "both_sides": lambda held, person, pain: {"left", "right"} <= _sides(pain),
    "any_sport": lambda held, person, pain: bool(person.get("activities")),
    "training_up": lambda held, person, pain: _training_up(person),
    "pregnant": lambda held, person, pain: person.get("pregnant") in (True, "yes"),
}


def _named(kind: str, name: str, held: Any) -> Any:
    match kind:
        case "mark":
            return held.marked(name)
        case "condition":
            return held.known(name)
        case "activity":
            return held.activity(name)
        case "medicine":
            return any(held.takes(one) for one in pack()["medicine_classes"][name])
    raise ValueError(kind)


def _number(fact: str, case: dict[str, Any]) -> bool:
    def over(block: str, name: str, limit: float) -> bool:
        value = (case.get(block) or {}).get(name)
        return value not in (None, "unknown") and value > limit

    match fact:
        case "temp>=38":
            return over("vitals", "temperature_c", 37.999999)
        case "pulse>100":
            return over("vitals", "pulse_per_min", 100)
        case "crp_raised":
            return over("laboratory", "crp_mg_l", 10) or over("laboratory", "esr_mm_h", 30)
        case "wcc_raised":
            return over("laboratory", "white_cells_10e9_l", 11)
    value = (case.get("vitals") or {}).get("systolic_mmhg")
    return value not in (None, "unknown") and value < 100


def _worst(pain: dict[str, Any]) -> float:
    overall = pain.get("worst_overall_0_10")
    overall = {"mild": 2, "moderate": 5, "severe": 8, "unknown": None}.get(overall, overall)
    return max((v for v in (overall, *(pain.get("regions") or {}).values()) if v is not None), default=0)


def lacking(script: dict[str, Any], held: Any) -> list[list[str]]:
    """The parts of a script that do not hold, each as its facts."""
    parts = [(1, [fact]) for fact in script.get("all") or []]
    parts += [(group["how_many"], group["of"]) for group in script.get("at_least") or []]
    return [facts for n, facts in parts if sum(is_true(fact, held) for fact in facts) < n]


def fired(held: Any) -> list[tuple[str, str]]:
    """(rule, urgency) of every script that fires, and of every cause with two half-filled ones and none that fires."""
    found, causes, half = [], set(), {}
    for script in pack()["scripts"]:
        if any(_field(fact, held) is True for fact in script.get("unless") or []):
            continue
        lacks = lacking(script, held)
        if not lacks:
            found.append((script["id"], script["urgency"]))
            causes.add(script["cause"])
        elif len(lacks) == 1 and _near(script, lacks[0], held):
            half[script["cause"]] = half.get(script["cause"], 0) + 1
    found += [
        (f"two_half_filled.{cause}", pack()["two_half_filled"])
        for cause, times in half.items()
        if times >= 2 and cause not in causes
    ]
    return found


def _near(script: dict[str, Any], lacks: list[str], held: Any) -> bool:
    if all(PLACING.fullmatch(fact) for fact in lacks):
        return False
    parts = [[fact] for fact in script.get("all") or []] + [group["of"] for group in script.get("at_least") or []]
    parts.remove(lacks)
    return sum(any(is_true(fact, held) and not PLACING.fullmatch(fact) for fact in part) for part in parts) >= 2


def urgency(held: Any, scale: list[str]) -> tuple[str, list[str]]:
    """The urgency of rules and scripts together, and the names of those that reach it."""
    of_rules, names = held.urgency()
    rung = fired(held)
    top = max([scale.index(of_rules), *(scale.index(step) for _, step in rung)])
    reached = [*(names if scale[top] == of_rules else []), *(name for name, step in rung if scale.index(step) == top)]
    return scale[top], sorted(reached)
