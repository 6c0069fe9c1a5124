"""Answers told in words that a measured number contradicts, as sentences for whoever reads the result."""

from __future__ import annotations

from psoas.case import Case
from psoas.knowledge.rules.facts import Facts
from psoas.knowledge.told_and_measured import Difference, differences
from psoas.knowledge.words import Words


def difference_sentences(case: Case, facts: Facts, words: Words) -> tuple[str, ...]:
    """One sentence for each; empty when nothing that was told differs from what was measured."""
    return tuple(_sentence(one, words) for one in differences(case, facts))


def _sentence(one: Difference, words: Words) -> str:
    name = words.short(one.finding)
    name = name[:1].upper() + name[1:]
    side = f", {one.side}" if one.side else ""
    told, other = ("yes", "no") if one.told else ("no", "yes")
    readings = ", ".join(_reading(*reading, words) for reading in one.readings)
    return f"{name}{side}: {told} was told, but measured it is {other} ({readings}). Both stand; yes counts."


def _reading(name: str, value: float, unit: str, words: Words) -> str:
    about = words.knowledge.findings.measurement_ids.get(name)
    if about is None:
        return words.number(name, value)
    label = about.plain[:1].lower() + about.plain[1:]
    shown = f"{value:g}".replace("-", "\u2212")
    return f"{label} {shown}{'°' if unit == 'deg' else f' {unit}'}"


__all__ = ["difference_sentences"]
