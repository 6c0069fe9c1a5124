"""Words that must be heard, beside the model: rules whose parts all stand in one clause. They only raise questions.

The rules are data (`data/danger_words.yaml`, `data/finding_words.yaml`). A rule that holds for a clause and no longer
holds once its denial is taken out was about the denial itself ('I can't feel when I wipe'): it is said, not denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from psoas.own_words.clauses import Clause

FILES = ("danger_words.yaml", "finding_words.yaml")


@dataclass(frozen=True, slots=True)
class WordHit:
    """A rule that holds.

    Attributes:
        id: finding or flag.
        parts: how many parts the rule has; more are more exact.
        denied: the clause denies it.
        letters: letters of the clause that the rule accounts for, 0 to 1.
    """

    id: str
    parts: int
    denied: bool
    letters: float


_GROUP = re.compile(r"\b[A-Z]{3,}\b")
Rule = tuple[re.Pattern[str], ...]


@cache
def rules() -> dict[str, tuple[Rule, ...]]:
    """The rules by id."""
    found: dict[str, tuple[Rule, ...]] = {}
    for name in FILES:
        text = resources.files("psoas.own_words").joinpath(f"data/{name}").read_text(encoding="utf-8")
        raw = yaml.safe_load(text)
        for key, lines in raw["rules"].items():
            found[key] = (*found.get(key, ()), *_rules_of(lines, raw["groups"]))
    return found


@cache
def dangers() -> frozenset[str]:
    """The ids that stand in the file of danger signs."""
    text = resources.files("psoas.own_words").joinpath(f"data/{FILES[0]}").read_text(encoding="utf-8")
    return frozenset(yaml.safe_load(text)["rules"])


def _rules_of(lines: list[str], groups: dict[str, str]) -> Iterator[Rule]:
    for line in lines:
        for choice in _choices(line):
            yield _rule(choice, groups)


def _choices(line: str) -> list[str]:
    """What stands between bars that no bracket holds."""
    found, depth, start = [], 0, 0
    for at, letter in enumerate(line):
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and depth == 0:
            found.append(line[start:at])
            start = at + 1
    return [*found, line[start:]]


def _rule(line: str, groups: dict[str, str]) -> Rule:
    return tuple(_part(part.strip(), groups) for part in line.split(" & "))


def _part(part: str, groups: dict[str, str]) -> re.Pattern[str]:
    if part.startswith("(?!"):
        return re.compile(f"^{part}", re.IGNORECASE)
    whole = _GROUP.sub(lambda name: f"(?:{groups[name[0]]})", part)
    return re.compile(rf"(?<!\w)(?:{whole})(?!\w)", re.IGNORECASE)


def word_hits(clause: Clause) -> Iterator[WordHit]:
    """The rules that hold for a clause, one hit an id: the one with most parts."""
    text, core, before = plain(clause.text), plain(clause.core), plain(clause.before)
    for name, choices in rules().items():
        holds = [(rule, letters) for rule in choices if (letters := _held(rule, text)) is not None]
        if not holds:
            continue
        rule, letters = max(holds, key=lambda held: len(held[0]))
        danger = name in dangers()
        denied = any(_denies(clause, one, text, core, before, danger=danger) for one, _ in holds)
        yield WordHit(name, len(rule), denied, letters)


def _denies(clause: Clause, rule: Rule, text: str, core: str, before: str, *, danger: bool) -> bool:
    """Whether a clause denies what a rule tells. A denial reaches forward: 'fever, no better' has fever.

    A danger sign is taken for denied only where its clause is a denial: 'won't heal' and 'did not notice' are
    none. For a finding 'ibuprofen doesn't help' is one.
    """
    if clause.polarity not in (("no",) if danger else ("yes", "no")):
        return False
    if core == text:
        return clause.polarity == "no"
    if danger and not before:
        return True
    return _held(rule, core) is not None and (not before or _held(rule, before) is None)


def _held(rule: Rule, text: str) -> float | None:
    """The share of the letters that the parts of a rule cover; None where a part is missing."""
    covered: set[int] = set()
    for part in rule:
        match = part.search(text)
        if match is None:
            return None
        covered.update(range(*match.span()))
    return len(covered) / max(1, len(text))


def plain(text: str) -> str:
    """Small letters with plain apostrophes and single spaces."""
    return " ".join(text.lower().replace("\u2019", "'").replace("\u2018", "'").split())
