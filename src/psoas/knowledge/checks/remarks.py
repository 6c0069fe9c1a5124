"""What is worth telling about a case that is right: answers that differ, words that were read as something.

Nothing here refuses a case or moves a result; `psoas check` shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from psoas.case import WORST_IN_WORDS, Case, FindingAnswer
from psoas.knowledge.readers.medicine_reader import Reader
from psoas.knowledge.rules.conditions import ids_in
from psoas.knowledge.rules.expressions import Ternary
from psoas.knowledge.rules.facts import Facts
from psoas.knowledge.told_and_measured import differences


@dataclass(frozen=True, slots=True)
class Remark:
    """A field of the case and one sentence about it."""

    field: str
    says: str


def conflicts_of(case: Case, facts: Facts) -> tuple[Remark, ...]:
    """Findings where the answer entered and the one that follows from everything else differ. Yes wins.

    What a number says otherwise is told once, with its side and the number.
    """
    told = differences(case, facts)
    found = [Remark(one.field, one.says) for one in told]
    by_number = {one.finding for one in told}
    for name, answer in case.findings.items():
        if name in by_number:
            continue
        finding, derived = facts.index.findings.get(name), facts.index.derived.get(name)
        entered, others = _entered(answer, finding.values[4:] if finding else ()), _without(name, case, facts)
        follows = others.yes(name)
        if follows is False and derived is not None and derived.per_side:
            continue  # a number of the other side; of its own side it was compared above
        if entered is not None and follows is not None and entered is not follows:
            found.append(Remark(f"findings.{name}", _difference(name, follows, others)))
    return tuple(found)


def outvoted(case: Case, facts: Facts) -> tuple[Remark, ...]:
    """Answers entered as no that do not hold, because a medicine, an illness, a result or another answer says yes."""
    found = []
    for name, answer in case.findings.items():
        if _entered(answer, _places(name, facts)) is False and facts.yes(name):
            found.append(Remark(f"findings.{name}", _difference(name, True, _without(name, case, facts))))
    return tuple(found)


def _places(name: str, facts: Facts) -> tuple[str, ...]:
    finding = facts.index.findings.get(name)
    return finding.values[4:] if finding else ()


def _entered(answer: FindingAnswer, places: tuple[str, ...]) -> Ternary:
    """What was entered as a whole: yes when any side or place says so, no when nothing but no was said."""
    said = set(answer.values()) if isinstance(answer, dict) else {answer}
    if said & {"yes", *places}:
        return True
    return False if said == {"no"} else None


def _without(name: str, case: Case, facts: Facts) -> Facts:
    """The facts had this one answer not been entered."""
    others = {key: value for key, value in case.findings.items() if key != name}
    return facts.of_case(case.model_copy(update={"findings": others}))


def _difference(name: str, follows: bool, facts: Facts) -> str:
    origin = ", ".join(_origins(name, follows, facts)) or "other answers"
    if follows:
        return f"no was entered, but yes follows from {origin}; yes wins."
    return f"yes was entered, but no follows from {origin}; yes wins."


def _origins(name: str, follows: bool, facts: Facts) -> Iterator[str]:
    """The answers that agree with what follows, and the fields that it can be read from."""
    index = facts.index
    finding, flag, derived = index.findings.get(name), index.flags.get(name), index.derived.get(name)
    parts = (finding.parts if finding else None) or (flag.parts if flag else None)
    ids = [*ids_in(parts or {}), *index.implied_by.get(name, ()), *index.same.get(name, ())]
    texts = [*index.sets.get(name, ())]
    if derived:
        texts.append(derived.rule)
    elif flag and flag.derived_from:
        texts.append(flag.derived_from)
    yield from dict.fromkeys(one for one in ids if facts.holds(one) is follows)
    yield from dict.fromkeys(found for text in texts for found in _said_in(text))


def _said_in(text: str) -> list[str]:
    """The fields and functions of an expression, in the words of the case file."""
    blocks = {
        "marked": "pain.regions", "marked_exactly": "pain.regions", "one_sided": "pain.regions",
        "both_sides": "pain.regions", "worst": "pain.regions", "known": "conditions", "takes": "medicines",
        "takes_count": "medicines", "tried": "tried", "activity": "person.activities",
        "activity_change": "person.activities", "measured": "measurements", "power": "measurements",
        "power_min": "measurements", "power_weak_roots": "measurements", "news2": "vitals",
    }  # fmt: skip
    found = []
    for field, function, name in re.findall(r"((?:person|pain|vitals|laboratory)\.\w+)|(\w+)\((?:'([\w.]*)')?", text):
        found.append(field or blocks.get(function, "") or name)
    return [one for one in found if one]


def words_about(case: Case, reader: Reader) -> tuple[Remark, ...]:
    """What was read in a way that the person who wrote the case should know."""
    return (*_medicines(case, reader), *_illnesses(case), *_pain(case), *_person(case))


def _illnesses(case: Case) -> Iterator[Remark]:
    for written, ids in case.illnesses_read:
        yield Remark("conditions", f"'{written.replace('_', ' ')}' is read as {' and '.join(ids)}.")


def _medicines(case: Case, reader: Reader) -> Iterator[Remark]:
    """A blood thinner with a slip of the pen would otherwise pass in silence; and so would a wrong reading."""
    for number, written in enumerate(case.medicines, 1):
        yield Remark(f"medicines[{number}]", f"{reader.read(written).says.rstrip('.?')}.")


def _pain(case: Case) -> Iterator[Remark]:
    worst = case.pain.worst_overall_0_10
    if isinstance(worst, str):
        yield Remark("pain.worst_overall_0_10", f"'{worst}' is read as {WORST_IN_WORDS[worst]:g} of 10.")
    for key in case.pain.regions:
        region, _, side = key.rpartition("_")
        if side == "unspecified":
            yield Remark(f"pain.regions.{key}", f"'{region}' has no side, so it answers nothing about sides.")


def _person(case: Case) -> Iterator[Remark]:
    for field, what in (("height_m", "height"), ("mass_kg", "body mass")):
        if getattr(case.person, field) is None:
            yield Remark(f"person.{field}", f"is not given; the body model takes the mean {what} for sex and age.")


__all__ = ["Remark", "conflicts_of", "outvoted", "words_about"]
