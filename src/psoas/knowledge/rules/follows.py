"""Which answers can change when one answer does: the cross-references of the evidence, read backwards."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from psoas.knowledge.index import Index
from psoas.knowledge.rules.conditions import ids_in
from psoas.knowledge.rules.expressions import names_in


@lru_cache(maxsize=2)
def followers_of(index: Index) -> dict[str, frozenset[str]]:
    """Per answer every answer that may follow from it, itself included, through any number of steps."""
    direct: dict[str, set[str]] = defaultdict(set)
    for name in (*index.findings, *index.flags):
        for origin in _rests_on(name, index):
            direct[origin].add(name)
    return {name: _reached(name, direct) for name in (*index.findings, *index.flags)}


def _rests_on(name: str, index: Index) -> set[str]:
    """The ids that the answer to this one looks at."""
    finding, flag, derived = index.findings.get(name), index.flags.get(name), index.derived.get(name)
    found = {*index.implied_by.get(name, ()), *index.same.get(name, ())}
    for entry in (finding, flag):
        if entry and entry.parts:
            found.update(_opened(ids_in(entry.parts), index))
    texts = [derived.rule if derived else None, flag.derived_from if flag else None, *index.sets.get(name, ())]
    for text in texts:
        found.update(names_in(text) if text else ())
    return found


def _opened(names: tuple[str, ...], index: Index) -> set[str]:
    """Combinations among the ids stand for the ids of their rules."""
    found: set[str] = set()
    for name in names:
        combination = index.combinations.get(name)
        found |= _opened(ids_in(combination.rule), index) if combination else {name}
        if combination and combination.applies_if:
            found.update(names_in(combination.applies_if))
    return found


def _reached(name: str, direct: dict[str, set[str]]) -> frozenset[str]:
    seen, waiting = {name}, [name]
    while waiting:
        for other in direct.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return frozenset(seen)
