"""The illness scripts beside the rules: alarms of those that fire, and what the half-filled ones still ask.

A script adds and never takes away: what it says stands beside every rule, and the most urgent of all decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from psoas.knowledge import Knowledge
from psoas.knowledge.packs.danger_scripts import Script
from psoas.knowledge.rules.expressions import Ternary
from psoas.knowledge.rules.facts import Facts
from psoas.knowledge.rules.scripts import TELLING_NOT, Compiled, Part, ScriptTable, script_table
from psoas.screening.types import STEP, Alarm, HalfFilled, Reason

UNRESOLVED = ("reasoned",)
"""What a script cites as long as no reference of its own was resolved."""


@dataclass(frozen=True, slots=True)
class ScriptFindings:
    """What the scripts make of a case."""

    alarms: tuple[Alarm, ...]
    half_filled: tuple[HalfFilled, ...]


def read_scripts(knowledge: Knowledge, facts: Facts) -> ScriptFindings:
    """Every script asked of a case."""
    table = script_table(knowledge)
    truth = table.truth(facts)
    true = frozenset(fact for fact, value in truth.items() if value is True)
    alarms: list[Alarm] = []
    half: list[HalfFilled] = []
    for one in table.scripts:
        if one.fires(true):
            alarms.append(_alarm(one.script, table, true, facts, knowledge))
        elif one.unless.isdisjoint(true) and (missing := _missing(one, true)) is not None:
            half.append(_half_filled(one, missing, table, truth, true))
    alarms += _twice_half_filled(half, alarms, table, facts, knowledge)
    return ScriptFindings(tuple(alarms), tuple(half))


# ---- half filled


def _missing(one: Compiled, true: frozenset[str]) -> Part | None:
    """The only part that a script lacks, when at least two of the others are telling."""
    missing = [part for part in one.parts if sum(fact in true for fact in part.facts) < part.n]
    if len(missing) != 1:
        return None
    telling = sum(
        any(fact in true and not TELLING_NOT.fullmatch(fact) for fact in part.facts)
        for part in one.parts
        if part is not missing[0]
    )
    return missing[0] if telling >= 2 and not _places_only(missing[0]) else None


def _places_only(part: Part) -> bool:
    """Whether a part only places person or pain: a script that fits another place or age is not half this one's."""
    return all(TELLING_NOT.fullmatch(fact) for fact in part.facts)


def _half_filled(
    one: Compiled, missing: Part, table: ScriptTable, truth: Mapping[str, Ternary], true: frozenset[str]
) -> HalfFilled:
    ask = dict.fromkeys(name for fact in missing.facts if truth[fact] is None for name in table.ids_of[fact])
    because = tuple(fact for part in one.parts for fact in part.facts if fact in true)
    return HalfFilled(one.script.id, one.script.cause, one.script.urgency, tuple(ask), because)


def _twice_half_filled(
    half: list[HalfFilled], alarms: list[Alarm], table: ScriptTable, facts: Facts, knowledge: Knowledge
) -> Iterator[Alarm]:
    """Two half-filled scripts of one cause are a reason to look, unless one of that cause has fired already.

    A no to what a script lacks takes nothing back: the picture stays as near as it was.
    """
    pack = table.pack
    rung = {table.pack.scripts[alarm.rule].cause for alarm in alarms}
    of_cause: dict[str, list[HalfFilled]] = defaultdict(list)
    for one in half:
        of_cause[one.cause].append(one)
    for cause_id, several in of_cause.items():
        if len(several) < 2 or cause_id in rung:
            continue
        cause = pack.causes[cause_id]
        true = dict.fromkeys(fact for one in several for fact in one.because)
        rule, urgency = f"two_half_filled.{cause_id}", pack.two_half_filled
        says = "two pictures of it are nearly whole: " + _words(tuple(true), table, facts)
        yield Alarm(
            cause.condition, urgency, rule, tuple(_reasons(rule, UNRESOLVED, tuple(true), table, facts)),
            _say(cause.name, says), _do(urgency, knowledge),
        )  # fmt: skip


# ---- alarms


def _alarm(script: Script, table: ScriptTable, true: frozenset[str], facts: Facts, knowledge: Knowledge) -> Alarm:
    cause = table.pack.causes[script.cause]
    named = (*script.all, *(fact for group in script.at_least for fact in group.of))
    held = tuple(dict.fromkeys(fact for fact in named if fact in true))
    because = tuple(_reasons(script.id, script.source or UNRESOLVED, held, table, facts))
    do = _do(script.urgency, knowledge)
    condition = knowledge.red_flags.conditions[cause.condition]
    if script.urgency == condition.action:
        do = f"{do} {_sentence(condition.action_text)}"
    return Alarm(
        cause.condition, script.urgency, script.id, because, _say(cause.name, _words(held, table, facts)), do
    )  # fmt: skip


def _reasons(
    rule: str, source: tuple[str, ...], held: tuple[str, ...], table: ScriptTable, facts: Facts
) -> Iterator[Reason]:
    """Answers that are yes; where only fields speak, the script itself."""
    names = dict.fromkeys(name for fact in held for name in table.ids_of[fact] if facts.holds(name) is True)
    for name in names or (rule,):
        yield Reason(name, source)


def _say(name: str, says: str) -> str:
    return f"Possible: {name}. Because: {says}."


def _do(urgency: str, knowledge: Knowledge) -> str:
    scale: Mapping[str, str] = knowledge.red_flags.action_scale  # type: ignore[assignment]
    return _sentence(scale[urgency])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(". ") + "."


def _words(held: tuple[str, ...], table: ScriptTable, facts: Facts) -> str:
    """What is true, in a reader's words."""
    return "; ".join(dict.fromkeys(fact_words(fact, facts) for fact in held))


_FIELD_WORDS: Mapping[str, str] = {
    "severe": "severe pain", "tried_none": "care without effect", "tried_worse": "worse after care",
    "one_side": "on one side", "both_sides": "on both sides", "any_sport": "does a sport",
    "training_up": "training went up", "temp>=38": "temperature of 38 or more", "pulse>100": "pulse over 100",
    "systolic<100": "upper pressure under 100", "crp_raised": "raised CRP or ESR", "wcc_raised": "raised white cells",
    "pregnant": "pregnant",
}  # fmt: skip


def fact_words(fact: str, facts: Facts) -> str:
    """One fact of a script in words."""
    if fact in _FIELD_WORDS:
        return _FIELD_WORDS[fact]
    kind, colon, name = fact.partition(":")
    if colon:
        return _place_words(kind, name, facts)
    for sign in (">=", "<"):
        kind, found, number = fact.partition(sign)
        if found:
            unit = "years old" if kind == "age" else "weeks"
            return f"{number} {unit} or more" if sign == ">=" else f"under {number} {unit}"
    kind, equals, name = fact.partition("=")
    if equals:
        return {"onset": f"{name.replace('_', ' ')} onset", "course": f"{name} course"}.get(kind, name)
    finding = facts.index.findings.get(fact)
    return finding.name[:1].lower() + finding.name[1:] if finding else fact.replace("_", " ")


def _place_words(kind: str, name: str, facts: Facts) -> str:
    if kind == "mark":
        label = facts.index.regions[name].label.split(",")[0].split(" / ")[0]
        return f"pain at {label[:1].lower()}{label[1:]}"
    words = name.replace("_", " ")
    return {"medicine": f"takes {words}", "activity": words}.get(kind, words)


def asks_of(findings: ScriptFindings, least: str = "routine_referral") -> tuple[str, ...]:
    """What the half-filled scripts ask, the most urgent first."""
    ordered = sorted(findings.half_filled, key=lambda one: -STEP[one.urgency])
    return tuple(dict.fromkeys(name for one in ordered if STEP[one.urgency] >= STEP[least] for name in one.ask))
