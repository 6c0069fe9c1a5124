"""Checks of rules and expressions: they name what exists, can be read, and are never true of an empty case.

The empty case is settled by structure alone: with nothing answered every field, function and answer is unknown, and
unknown stays unknown through `and`, `or`, `not` and comparison. So only `always`, exceptions (`unless`, `unless_yes`)
and constants can be true of it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from psoas.knowledge.checks import tables
from psoas.knowledge.problems import Problem

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge

_LISTS = ("all_of", "any_of", "none_of", "unless_yes")
_TEXTS = ("when", "unless")
_EFFECTS = ("none", "partial", "temporary", "hours", "good", "worse")
_NODES = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult,
    ast.Div, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Attribute, ast.Name, ast.Call,
    ast.Constant, ast.Load,
)  # fmt: skip
_URGENCIES = ("self_care", "watch", "routine_referral", "urgent_referral", "same_day", "emergency_now")


def members(rule: Any) -> set[str]:
    """Ids that a rule names, those inside its expressions included."""
    if isinstance(rule, str):
        return {rule}
    if isinstance(rule, list | tuple):
        return set().union(*map(members, rule))
    named: set[str] = set()
    for key, value in rule.items() if isinstance(rule, Mapping) else ():
        if key in _TEXTS:
            named.update(re.findall(r"(?:yes|answer|not_possible)\('(\w+)'", str(value)))
        elif key == "weighted":
            named.update(value.get("items", ()))
        elif key == "n_of":
            named |= members(value.get("of", ()))
        elif key in (*_LISTS, "not_possible"):
            named |= members(value)
    return named


def check_rules(k: Knowledge) -> Iterator[Problem]:
    """Every rule and expression of the packs."""
    red, findings = k.red_flags, k.findings
    checker = RuleChecker(k)
    rule, expression = checker.rule, checker.expression
    for condition, flag in tables.flag_entries(k):
        where = f"conditions/{condition}/flags/{flag.id}"
        if flag.parts is not None:
            yield from rule("red_flags", f"{where}/parts", flag.parts)
        if flag.applies_if != "always":
            yield from expression("red_flags", f"{where}/applies_if", flag.applies_if, may_be_true=True)
        if flag.derived_from:
            yield from expression("red_flags", f"{where}/derived_from", flag.derived_from)
    for combination in tables.combinations(k).values():
        where = f"combinations/{combination.id}"
        if not combination.rule:
            yield Problem("red_flags", where, None, "a rule")
        yield from rule("red_flags", where, combination.rule)
        if combination.applies_if:
            yield from expression("red_flags", f"{where}/applies_if", combination.applies_if, may_be_true=True)
    flags = tables.own_flags(k)
    for threshold in tables.thresholds(k).values():
        yield from expression("red_flags", f"thresholds/{threshold.id}/when", threshold.when)
        if threshold.sets and threshold.sets not in flags:
            yield Problem("red_flags", f"thresholds/{threshold.id}/sets", threshold.sets, "the id of a flag")
    for finding in findings.findings.values():
        if finding.parts is not None:
            yield from rule("findings", f"findings/{finding.id}/parts", finding.parts)
        for name in sorted(set(finding.cluster_of) - checker.known):
            yield Problem("findings", f"findings/{finding.id}/cluster_of", name, "the id of an answer")
    for derived in findings.derived_findings.values():
        yield from expression("findings", f"derived_findings/{derived.id}/rule", derived.rule)
    for contra in red.manual_contraindications.values():
        where = f"manual_contraindications/{contra.id}/forbid_if"
        yield from rule("red_flags", where, contra.forbid_if, may_be_true=contra.level == "modify", second_pass=True)
    yield from _questions_exist(k, checker)


def _questions_exist(k: Knowledge, checker: RuleChecker) -> Iterator[Problem]:
    red = k.red_flags
    for first in red.ask_first:
        yield from checker.expression("red_flags", f"ask_first/{first.ask}/if", first.if_, may_be_true=True)
        if first.ask not in checker.known:
            yield Problem("red_flags", "ask_first", first.ask, "the id of an answer")
    for name in red.psoas_mimics.gate_questions:
        if name not in checker.known:
            yield Problem("red_flags", "psoas_mimics/gate_questions", name, "the id of an answer")
    for condition in red.conditions.values():
        for model in condition.models.values():
            for name in sorted(set(model.members) - checker.known):
                where = f"conditions/{condition.id}/models/{model.id}/members"
                yield Problem("red_flags", where, name, "the id of an answer")


class RuleChecker:
    """Knows which fields, functions and ids a rule may use."""

    def __init__(self, k: Knowledge) -> None:
        language, terms = k.findings.expression_language, k.terminology.pain_drawing_regions
        self.known = tables.answer_ids(k)
        self.fields = set(language.fields)
        self.functions = {name.partition("(")[0] for name in language.functions}
        self.sides = {name: region.sides for name, region in terms.items()}
        measures = k.findings.measurement_ids
        medicines = {*k.interactions.medicine_names, *k.medicines.classes}
        medicines |= {name for group in k.medicines.groups for name in group.names}
        one_of: dict[str, tuple[set[str], str]] = {
            "known": (set(k.red_flags.known_conditions), "a known illness"),
            "takes": (medicines, "a class of medicines, or a generic name"),
            "takes_count": (medicines, "a class of medicines, or a generic name"),
            "activity": (set(k.findings.activity_ids), "an activity"),
            "measured": (set(measures), "a measurement"),
            "power": (
                {name.removeprefix("power.") for name in measures if name.startswith("power.")},
                "a muscle group",
            ),
            "tried": (set(_EFFECTS), f"one of {', '.join(_EFFECTS)}"),
            "yes": (self.known, "the id of an answer"),
            "answer": (self.known, "the id of an answer"),
            "not_possible": (self.known, "the id of an answer"),
        }
        self.one_of = one_of

    def rule(
        self, pack: str, where: str, rule: Any, *, may_be_true: bool = False, second_pass: bool = False
    ) -> Iterator[Problem]:
        """A rule and everything in it. `second_pass`: it is asked after the screen and may look at its urgency."""
        for name in sorted(members(rule) - self.known):
            yield Problem(pack, where, name, "the id of an answer")
        yield from self._keys(pack, where, rule, second_pass)
        if not may_be_true and _true_of_nothing(rule):
            yield Problem(pack, where, rule, "a rule that is not true of an empty case")

    def _keys(self, pack: str, where: str, rule: Any, second_pass: bool) -> Iterator[Problem]:
        for key, value in rule.items() if isinstance(rule, Mapping) else ():
            if key in _TEXTS:
                yield from self.expression(pack, f"{where}/{key}", value, may_be_true=True)
            elif key in _LISTS and isinstance(value, list):
                for item in value:
                    yield from self._keys(pack, f"{where}/{key}", item, second_pass)
            elif key == "n_of" and _fits(value, {"n": int, "of": list}):
                if not 1 <= value["n"] <= len(value["of"]):
                    yield Problem(pack, f"{where}/n_of/n", value["n"], f"1 to {len(value['of'])}")
                for item in value["of"]:
                    yield from self._keys(pack, f"{where}/n_of", item, second_pass)
            elif key == "urgency_at_least" and second_pass:
                if value not in _URGENCIES:
                    yield Problem(pack, f"{where}/{key}", value, f"one of {', '.join(_URGENCIES)}")
            elif not _is_leaf(key, value):
                yield Problem(pack, f"{where}/{key}", value, "a key of rule_language with its kind of value")

    def expression(self, pack: str, where: str, text: str, *, may_be_true: bool = False) -> Iterator[Problem]:
        """An expression: readable, within the language, and not true of an empty case unless it may be."""
        try:
            tree = ast.parse(text, mode="eval")
        except (SyntaxError, TypeError, ValueError):
            yield Problem(pack, where, text, "an expression that can be read")
            return
        for node in ast.walk(tree):
            if not isinstance(node, _NODES):
                yield Problem(pack, where, text, f"an expression without {type(node).__name__}")
            elif isinstance(node, ast.Attribute) and ast.unparse(node) not in self.fields:
                yield Problem(pack, where, ast.unparse(node), "a field of expression_language")
            elif isinstance(node, ast.Call):
                yield from self._call(pack, where, node)
        if not may_be_true and _on_nothing(tree.body) is True:
            yield Problem(pack, where, text, "an expression that is not true of an empty case")

    def _call(self, pack: str, where: str, node: ast.Call) -> Iterator[Problem]:
        name = ast.unparse(node.func)
        said = ast.unparse(node)
        if name not in self.functions:
            yield Problem(pack, where, said, "a function of expression_language")
            return
        values = [item.value for item in node.args if isinstance(item, ast.Constant)]
        if len(values) != len(node.args) or node.keywords:
            yield Problem(pack, where, said, "plain words and numbers between the brackets")
            return
        names = [str(value) for value in values]
        if name in ("marked", "marked_exactly"):
            if not names or names[0] not in self.sides or (names[1:] and names[1] not in self.sides[names[0]]):
                yield Problem(pack, where, said, "a region of the pain drawing and one of its sides")
        elif name in ("worst", "one_sided", "both_sides"):
            if set(names) - set(self.sides):
                yield Problem(pack, where, said, "regions of the pain drawing")
        elif name in self.one_of and not (name == "activity" and not names):
            allowed, what = self.one_of[name]
            if not names or names[0] not in allowed:
                yield Problem(pack, where, said, what)


def _is_leaf(key: str, value: Any) -> bool:
    """Whether this key of a rule holds no further rules, and holds what it should."""
    if key == "weighted":
        return _fits(value, {"at_least": int, "items": dict})
    return value is True if key == "always" else key == "not_possible" and isinstance(value, str)


def _fits(value: Any, kinds: dict[str, type]) -> bool:
    return (
        isinstance(value, Mapping)
        and set(value) == set(kinds)
        and all(isinstance(value[key], kind) for key, kind in kinds.items())
    )


def _true_of_nothing(rule: Any) -> bool:
    """Whether a rule is true when nothing at all is known. An answer is not; a combination is checked by itself."""
    if not isinstance(rule, Mapping):
        return False
    return all(_key_true_of_nothing(key, value) for key, value in rule.items())


def _key_true_of_nothing(key: str, value: Any) -> bool:
    tests: dict[str, Callable[[], bool]] = {
        "all_of": lambda: all(map(_true_of_nothing, value)),
        "any_of": lambda: any(map(_true_of_nothing, value)),
        "none_of": lambda: not value,
        "n_of": lambda: sum(map(_true_of_nothing, value["of"])) >= value["n"],
        "unless_yes": lambda: not any(map(_true_of_nothing, value)),
        "unless": lambda: not _expression_true_of_nothing(value),
        "when": lambda: _expression_true_of_nothing(value),
        "weighted": lambda: bool(value["at_least"] <= 0),
        "always": lambda: True,
    }
    return tests[key]() if key in tests else False


def _expression_true_of_nothing(text: str) -> bool:
    try:
        return _on_nothing(ast.parse(text, mode="eval").body) is True
    except SyntaxError:
        return False


def _on_nothing(node: ast.expr) -> object:
    """The value of an expression when nothing is known: True, False, a constant, or None for unknown."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.BoolOp):
        values = [_on_nothing(value) for value in node.values]
        decisive = isinstance(node.op, ast.Or)
        return decisive if decisive in values else None if None in values else not decisive
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        value = _on_nothing(node.operand)
        return None if value is None else not value
    return None
