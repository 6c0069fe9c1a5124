"""The rule language of the danger screen (`rule_language` in red_flags.yaml), as functions over the facts of a case.

A rule is an id (true when its answer is yes) or a mapping whose keys must all hold. Rules nest. Three values:
a rule acts only when it is True.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from psoas.errors import KnowledgeError
from psoas.knowledge.rules.expressions import Ternary, names_in, t_and, t_not, t_or

if TYPE_CHECKING:
    from psoas.knowledge.rules.facts import Facts

Rule = str | Mapping[str, Any]


def evaluate(rule: Rule, facts: Facts) -> Ternary:
    """Whether a rule holds for these facts: True, False or None for unknown."""
    if isinstance(rule, str):
        return facts.holds(rule)
    return t_and([_part(key, value, facts) for key, value in rule.items()])


def _part(key: str, value: Any, facts: Facts) -> Ternary:
    match key:
        case "all_of":
            return t_and([evaluate(one, facts) for one in value])
        case "any_of":
            return t_or([evaluate(one, facts) for one in value])
        case "none_of":
            return t_and([t_not(evaluate(one, facts)) for one in value])
        case "n_of":
            got = [evaluate(one, facts) for one in value["of"]]
            if got.count(True) >= value["n"]:
                return True
            return False if len(got) - got.count(False) < value["n"] else None
        case "unless_yes":
            return not any(evaluate(one, facts) is True for one in value)
        case "unless":
            return facts.expression(value) is not True
        case "when":
            held: Ternary = facts.expression(value)
            return held
        case "not_possible":
            return facts.not_possible(value)
        case "weighted":
            points = sum(weight for name, weight in value["items"].items() if evaluate(name, facts) is True)
            return points >= value["at_least"] or None
        case "always":
            return True
        case "urgency_at_least":
            return facts.urgency_reached(value)
    raise KnowledgeError(f"the rule language has no key {key!r}.")


def ids_in(rule: Rule) -> tuple[str, ...]:
    """Ids that a rule names, those inside its expressions included, in order and once each."""
    return tuple(dict.fromkeys(_walk(rule)))


def _walk(rule: Any) -> list[str]:
    if isinstance(rule, str):
        return [rule]
    if not isinstance(rule, Mapping):
        return [name for part in rule for name in _walk(part)]
    found: list[str] = []
    for key, value in rule.items():
        if key in ("when", "unless"):
            found += names_in(value)
        elif key == "weighted":
            found += list(value["items"])
        elif key == "n_of":
            found += _walk(value["of"])
        elif key in ("all_of", "any_of", "none_of", "unless_yes", "not_possible"):
            found += _walk(value)
    return found


def true_ids(rule: Rule, facts: Facts) -> tuple[str, ...]:
    """The answers inside a rule that are yes: the reasons to show when it fires."""
    return tuple(name for name in ids_in(rule) if facts.holds(name) is True)


__all__ = ["Rule", "evaluate", "ids_in", "true_ids"]
