"""Checks of the flags of the danger screen and of how their questions are worded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from psoas.knowledge.checks import tables
from psoas.knowledge.checks.rules import members
from psoas.knowledge.problems import Problem

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge

_JOINED = re.compile(r"\b(or|and)\b|;", re.I)


def check_flags(k: Knowledge) -> Iterator[Problem]:
    """A flag is asked, derived or a group; its combinations name it; findings and screen know of each other."""
    findings, conditions = k.findings.findings, k.red_flags.conditions
    combinations = tables.combinations(k)
    used: set[str] = set()
    for condition, flag in tables.flag_entries(k):
        where = f"conditions/{condition}/flags/{flag.id}"
        if flag.defined_in:
            used.add(flag.id)
            if flag.id not in findings:
                yield Problem("red_flags", where, flag.id, "the id of a finding, as defined_in says")
            elif not findings[flag.id].also_in_screen:
                yield Problem("findings", f"findings/{flag.id}/also_in_screen", False, "true: the screen uses it")
        elif not flag.ask and flag.parts is None and not flag.derived_from:
            yield Problem("red_flags", where, None, "a question (ask), parts, or derived_from")
        for name in flag.suggests:
            if name not in conditions:
                yield Problem("red_flags", f"{where}/suggests", name, "the id of a cause")
        for name in flag.combinations:
            if name not in combinations or flag.id not in members(combinations[name].rule):
                yield Problem("red_flags", f"{where}/combinations", name, "a combination whose rule names this flag")
    for finding in findings.values():
        if finding.also_in_screen and finding.id not in used:
            where = f"findings/{finding.id}/also_in_screen"
            yield Problem("findings", where, True, "a flag of the screen with this id")


def check_questions(k: Knowledge) -> Iterator[Problem]:
    """A question asks one thing."""
    for condition, flag in tables.flag_entries(k):
        where = f"conditions/{condition}/flags/{flag.id}/ask"
        if flag.ask and flag.ask.count("?") > 1:
            yield Problem("red_flags", where, flag.ask, "one question")
        if flag.ask and re.search(r"\band\b", flag.ask) and not flag.one_thing:
            yield Problem("red_flags", where, flag.ask, "one thing asked, or one_thing saying why it is one")


def for_the_eye(k: Knowledge) -> Iterator[str]:
    """What is not wrong but worth a look: questions that sound as if they joined two things."""
    for condition, flag in tables.flag_entries(k):
        if flag.ask and _JOINED.search(flag.ask) and not flag.one_thing:
            yield f"flag {flag.id}: {flag.ask}"
        if (
            flag.strength in ("consensus", "untested")
            and flag.source == ("reasoned",)
            and flag.parts is None
            and flag.action_if_alone != "watch"
            and not flag.why_action
            and not flag.note
        ):
            yield f"reasoned action without a reason: {condition}.{flag.id} ({flag.action_if_alone})"
    for finding in k.findings.findings.values():
        asked = finding.mode in ("ask", "self_test") and re.search(r"\b(or|and)\b", finding.name)
        if asked and finding.parts is None and not finding.one_thing:
            yield f"finding {finding.id}: {finding.name}"
