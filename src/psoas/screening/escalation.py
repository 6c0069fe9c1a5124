"""What could still make a danger graver: the open questions that hide a more urgent rule than has fired so far.

A visit that stops at the first danger leaves sheets unasked, and an emergency may hide behind them. `ask_at_a_stop`
finds the few questions that settle it, from the rules themselves. It only ever adds answers, so it lowers nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations, product
from typing import Any

from psoas.knowledge import Knowledge
from psoas.knowledge.rules.conditions import Rule, evaluate
from psoas.knowledge.rules.expressions import Ternary, names_in
from psoas.knowledge.rules.facts import Facts
from psoas.knowledge.rules.scripts import Part, ScriptTable, script_table
from psoas.screening.questions import applies
from psoas.screening.types import STEP

Way = frozenset[str]
"""Questions that, all answered yes, make a rule fire."""

FIRED: tuple[Way, ...] = (frozenset(),)
LONGEST_WEIGHED = 3
"""The longest way through a weighted score: its thresholds are at most 3, and its items give 1 or more."""


def ask_at_a_stop(knowledge: Knowledge, facts: Facts, urgency: str, open_: Collection[str]) -> tuple[str, ...]:
    """The questions to ask once a danger has fired, the gravest first; none when nothing graver can hide.

    First every question whose yes alone raises the urgency: hard stops, and partners of what was answered yes. When
    those are settled, the fewest that every remaining combination needs; a yes there makes its partners due. So a
    person who answers truthfully until nothing is asked reaches the urgency that all sheets together would give.

    Args:
        urgency: what the screen says now.
        open_: ids of the questions that can be asked and have no answer yet.
    """
    search = _Search(facts, frozenset(open_))
    ways = dict(_graver_ways(knowledge, facts, urgency, search))
    pictures = tuple(_graver_pictures(knowledge, facts, urgency, search))
    alone = {name: step for way, step in ways.items() if len(way) == 1 for name in way}
    for last, names, step in pictures:
        if last:
            alone |= {name: max(step, alone.get(name, 0)) for name in names}
    if alone:
        return tuple(sorted(alone, key=lambda name: (-alone[name], not _is_hard(name, facts))))
    return tuple(dict.fromkeys((*_fewest(ways), *(name for _, names, _ in pictures for name in names))))


def _is_hard(name: str, facts: Facts) -> bool:
    flag = facts.index.acts.get(name)
    return flag is not None and flag.strength == "hard_stop"


def _fewest(ways: Iterable[Way]) -> Iterator[str]:
    """Questions of which every way needs at least one: the one that most ways need first."""
    left = set(ways)
    while left:
        count = Counter(name for way in left for name in way)
        name = min(count, key=lambda one: (-count[one], one))
        yield name
        left = {way for way in left if name not in way}


def _graver_pictures(
    knowledge: Knowledge, facts: Facts, urgency: str, search: _Search
) -> Iterator[tuple[bool, tuple[str, ...], int]]:
    """Illness scripts that open answers could still make fire and that are graver: of each the part with the fewest
    open questions. When all of them are answered no the script cannot fire; a yes makes the next part due.

    Yields:
        Whether it is the last part that the script lacks, its open questions, and the step that the script reaches.
    """
    table = script_table(knowledge)
    truth = table.truth(facts)
    true = frozenset(fact for fact, value in truth.items() if value is True)
    for one in sorted(table.scripts, key=lambda one: -STEP[one.script.urgency]):
        step = STEP[one.script.urgency]
        if step <= STEP[urgency] or one.fires(true) or not one.unless.isdisjoint(true):
            continue
        lacking = [_openings(part, table, truth, search) for part in one.parts if part.state(truth) is not True]
        if all(names is not None for names in lacking):
            fewest = min((names for names in lacking if names is not None), key=len)
            yield len(lacking) == 1, fewest, step


def _openings(part: Part, table: ScriptTable, truth: Mapping[str, Ternary], search: _Search) -> tuple[str, ...] | None:
    """The open questions that could fill a part; None where no answer can."""
    held = sum(truth[fact] is True for fact in part.facts)
    can = {
        fact: tuple(dict.fromkeys(name for one in table.ids_of[fact] for way in search.to(one) for name in sorted(way)))
        for fact in part.facts
        if truth[fact] is not True
    }
    if held + sum(bool(names) for names in can.values()) < part.n:
        return None
    return tuple(dict.fromkeys(name for names in can.values() for name in names))


def _graver_ways(knowledge: Knowledge, facts: Facts, urgency: str, search: _Search) -> Iterator[tuple[Way, int]]:
    """Each way to a more urgent rule with the step that it reaches, the less urgent first."""
    index = facts.index
    rules: list[tuple[int, str]] = [
        (STEP[combo.action], name) for name, combo in index.combinations.items() if facts.combination(name) is None
    ]
    rules += [
        (STEP[flag.action_if_alone], name) for name, flag in index.acts.items() if applies(name, facts)
    ]  # fmt: skip
    for step, name in sorted(rules):
        if step > STEP[urgency]:
            yield from ((way, step) for way in search.to(name) if way)


class _Search:
    """Ways to a yes, over the questions that are open. An id cannot prove itself."""

    def __init__(self, facts: Facts, open_: frozenset[str]) -> None:
        self.facts, self.open = facts, open_
        self._found: dict[str, tuple[Way, ...]] = {}

    def to(self, name: str) -> tuple[Way, ...]:
        if name not in self._found:
            self._found[name] = ()
            self._found[name] = _shortest(self._to(name))
        return self._found[name]

    def _to(self, name: str) -> Iterator[Way]:
        index = self.facts.index
        if self.facts.holds(name) is True:
            yield from FIRED
            return
        if combo := index.combinations.get(name):
            yield from self.through(combo.rule)
            return
        if name in self.open:
            yield frozenset({name})
        for entry in (index.findings.get(name), index.flags.get(name)):
            if entry is not None and entry.parts:
                yield from self.through(entry.parts)
        for other in (*index.implied_by.get(name, ()), *index.same.get(name, ())):
            yield from self.to(other)

    def through(self, rule: Rule) -> tuple[Way, ...]:
        """Ways to make a rule true; an empty way where it is true already, none where no answer can."""
        if evaluate(rule, self.facts) is True:
            return FIRED
        if isinstance(rule, str):
            return self.to(rule)
        if not isinstance(rule, Mapping):
            return ()
        return _all([self._part(key, value) for key, value in rule.items()])

    def _part(self, key: str, value: Any) -> tuple[Way, ...]:
        match key:
            case "all_of":
                return _all([self.through(one) for one in value])
            case "any_of":
                return _shortest(way for one in value for way in self.through(one))
            case "n_of":
                each = [self.through(one) for one in value["of"]]
                return _shortest(way for some in combinations(each, value["n"]) for way in _all(some))
            case "weighted":
                return self._weighed(value["items"], value["at_least"])
            case "when":
                return self._said(value)
        # `unless`, `unless_yes` and `always` hold as long as nothing speaks against them; no tick makes them hold.
        return FIRED if evaluate({key: value}, self.facts) is True else ()

    def _weighed(self, items: Mapping[str, float], at_least: float) -> tuple[Way, ...]:
        has = sum(points for name, points in items.items() if self.facts.holds(name) is True)
        more = {name: points for name, points in items.items() if points > 0 and self.facts.holds(name) is None}
        return _shortest(
            way
            for size in range(1, LONGEST_WEIGHED + 1)
            for some in combinations(more, size)
            if has + sum(more[name] for name in some) >= at_least
            for way in _all([self.to(name) for name in some])
        )

    def _said(self, text: str) -> tuple[Way, ...]:
        """An expression over other answers; one over fields alone is no matter of questions."""
        if self.facts.expression(text) is True:
            return FIRED
        names = tuple(name for name in names_in(text) if self.facts.holds(name) is None)
        known = {*self.facts.index.flags, *self.facts.index.findings}
        if not names or set(names) - known:
            return ()
        after = self.facts.answering(dict.fromkeys(names, "yes"))
        return _all([self.to(name) for name in names]) if after.expression(text) is True else ()


def _all(each: Iterable[tuple[Way, ...]]) -> tuple[Way, ...]:
    """Ways that go through one of each."""
    found: tuple[Way, ...] = FIRED
    for ways in each:
        found = _shortest(one | other for one, other in product(found, ways))
    return found


def _shortest(ways: Iterable[Way]) -> tuple[Way, ...]:
    """Each way once, without those that ask for more than another does."""
    kept: list[Way] = []
    for way in sorted(set(ways), key=lambda one: (len(one), sorted(one))):
        if not any(other <= way for other in kept):
            kept.append(way)
    return tuple(kept)
