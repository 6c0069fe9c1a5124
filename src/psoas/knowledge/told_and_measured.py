"""An answer told in words beside the one that a number gives: both stand, and where they differ it is shown.

Yes counts, whichever of the two says it; so a number that looks normal never silences what was told, nor the other way
round. Sides are looked at one by one: a right hip that was called stiff and measures full is a difference, even when
the left one measures stiff.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from psoas.case import Case
from psoas.knowledge.rules.expressions import Ternary
from psoas.knowledge.rules.facts import Facts

SIDES = ("left", "right")
_READINGS = re.compile(r"(measured|power)\('([\w.]+)'\)|((?:vitals|laboratory)\.\w+)")


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that was told, and the number that says otherwise.

    Attributes:
        finding: the id of the answer; `side`: left or right, None where no side was told.
        told: whether yes was told; the number says the opposite.
        readings: the numbers, each as (id, value, unit), as the case has them.
    """

    finding: str
    side: str | None
    told: bool
    readings: tuple[tuple[str, float, str], ...]

    @property
    def field(self) -> str:
        """Where the answer stands in the case."""
        return f"findings.{self.finding}" + (f".{self.side}" if self.side else "")

    @property
    def says(self) -> str:
        """The difference as a sentence with its numbers."""
        measured = ", ".join(f"{name} {value:g} {unit}".strip() for name, value, unit in self.readings)
        told, other = ("yes", "no") if self.told else ("no", "yes")
        return f"{told} was entered, but {other} follows from {measured}; both stand, and yes wins."


def differences(case: Case, facts: Facts) -> tuple[Difference, ...]:
    """Every answer told in words that differs from what a measured number says, in the order of the case."""
    return tuple(
        Difference(name, side, told, readings)
        for name, answer in case.findings.items()
        if (rule := _rule_of(name, facts)) is not None
        for side, word in (answer.items() if isinstance(answer, dict) else ((None, answer),))
        if (told := _told(name, word, facts)) is not None
        if (measured := _measured(name, rule, side, facts)) is not None
        if told is not measured
        if (readings := _readings(rule, side, case, facts))
    )


def _rule_of(name: str, facts: Facts) -> str | None:
    """The expression by which a number answers this id; None when none does."""
    derived, flag = facts.index.derived.get(name), facts.index.flags.get(name)
    rule = derived.rule if derived else flag.derived_from if flag else None
    return rule if rule and _READINGS.search(rule) else None


def _told(name: str, word: str, facts: Facts) -> Ternary:
    finding = facts.index.findings.get(name)
    if word == "yes" or (finding is not None and word in finding.values[4:]):
        return True
    return False if word == "no" else None


def _measured(name: str, rule: str, side: str | None, facts: Facts) -> Ternary:
    """What the number says: of that side, or of a hip or leg whose side was not told only when both agree on no."""
    derived = facts.index.derived.get(name)
    if side is not None:
        return _truth(facts.of_side(side).expression(rule))
    if derived is not None and derived.per_side:
        votes = [_truth(facts.of_side(one).expression(rule)) for one in SIDES]
        return True if True in votes else False if votes == [False, False] else None
    found = _truth(facts.expression(rule))
    flag = facts.index.flags.get(name)
    # A fever of last week and a normal temperature now are no difference.
    return None if found is False and flag is not None and not flag.no_when_false else found


def _truth(value: object) -> Ternary:
    return value if isinstance(value, bool) else None


def _readings(rule: str, side: str | None, case: Case, facts: Facts) -> tuple[tuple[str, float, str], ...]:
    return tuple(dict.fromkeys(_found(rule, side, case, facts)))


def _found(rule: str, side: str | None, case: Case, facts: Facts) -> Iterator[tuple[str, float, str]]:
    for kind, name, field in _READINGS.findall(rule):
        if field:
            block, _, key = field.partition(".")
            value = getattr(getattr(case, block), key)
            if value is not None:
                yield field, value, ""
            continue
        reading_id = f"power.{name}" if kind == "power" else name
        for one in case.measurements:
            if one.id == reading_id and side in (None, one.side):  # a reading without a side says nothing of one
                unit = facts.index.measurements[reading_id].unit.partition(" ")[0]
                yield reading_id, next(iter(one.values().values())), "of 5" if unit == "grade" else unit


__all__ = ["Difference", "differences"]
