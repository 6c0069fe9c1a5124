"""The small expression language of the evidence packs, parsed once and never handed to `eval`.

`findings.yaml` describes it under `expression_language`: comparisons with and, or, not and parentheses over fields
of the case (`pain.duration_weeks`) and a fixed set of functions (`marked('groin')`). Logic has three values:
True, False and None for unknown; a comparison with an unknown is unknown.

An expression is compiled to a closure that takes the facts of one case.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from psoas.errors import KnowledgeError

Ternary = bool | None
Evaluate = Callable[[Any], Any]

# What an expression may call; the facts of a case have a method of each name.
FUNCTIONS = frozenset({
    "activity", "activity_change", "answer", "both_sides", "known", "marked", "marked_exactly", "measured", "news2",
    "not_possible", "one_side", "one_sided", "power", "power_min", "power_weak_roots", "takes", "takes_count", "tried",
    "two_sides", "worst", "yes",
})  # fmt: skip
FIELDS = frozenset({
    "person.age_years", "person.sex", "person.pregnant", "person.pregnancy_weeks", "person.height_m", "person.mass_kg",
    "pain.worst", "pain.duration_weeks", "pain.onset", "pain.course",
    "vitals.temperature_c", "vitals.pulse_per_min", "vitals.systolic_mmhg", "vitals.breaths_per_min",
    "vitals.oxygen_saturation_percent", "vitals.alert",
    "laboratory.crp_mg_l", "laboratory.esr_mm_h", "laboratory.inr", "laboratory.white_cells_10e9_l",
    "laboratory.haemoglobin_g_l",
})  # fmt: skip

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt,
    ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def t_not(value: Ternary) -> Ternary:
    """Three-valued not."""
    return None if value is None else not value


def t_and(values: Iterable[Ternary]) -> Ternary:
    """Three-valued and: one False decides, otherwise one unknown leaves it unknown."""
    held = list(values)
    return False if False in held else None if None in held else True


def t_or(values: Iterable[Ternary]) -> Ternary:
    """Three-valued or: one True decides, otherwise one unknown leaves it unknown."""
    held = list(values)
    return True if True in held else None if None in held else False


@cache
def compile_expression(text: str) -> Evaluate:
    """Compile an expression; `always` is true.

    Raises:
        KnowledgeError: something that the language does not have.
    """
    if text == "always":
        return lambda facts: True
    try:
        return _compile(ast.parse(text, mode="eval").body, text)
    except (SyntaxError, ValueError) as err:  # a zero byte is a ValueError
        raise KnowledgeError(f"cannot read the expression {text!r}: {err}.") from None
    except (RecursionError, MemoryError):
        raise KnowledgeError(f"the expression {text[:60]!r}... nests too deep.") from None


def _compile(node: ast.expr, text: str) -> Evaluate:
    match node:
        case ast.Constant(value=value) if isinstance(value, (str, int, float)):
            return lambda facts: value
        case ast.BoolOp(op=op, values=nodes):
            parts = [_compile(part, text) for part in nodes]
            joined = t_and if isinstance(op, ast.And) else t_or
            return lambda facts: joined([part(facts) for part in parts])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _compile(operand, text)
            return lambda facts: t_not(inner(facts))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            number = _compile(operand, text)
            return lambda facts: None if (value := number(facts)) is None else -value
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _both(_ARITHMETIC[type(op)], _compile(left, text), _compile(right, text))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
            return _both(_COMPARE[type(op)], _compile(left, text), _compile(right, text))
        case ast.Attribute(value=ast.Name(id=block), attr=name) if f"{block}.{name}" in FIELDS:
            return lambda facts: facts.field(block, name)
        case ast.Call(func=ast.Name(id=name), args=nodes, keywords=[]) if name in FUNCTIONS:
            if not all(isinstance(argument, ast.Constant) for argument in nodes):
                raise KnowledgeError(f"{name}() in {text!r} takes plain words and numbers only.")
            arguments = tuple(argument.value for argument in nodes if isinstance(argument, ast.Constant))
            return lambda facts: getattr(facts, name)(*arguments)
    raise KnowledgeError(f"the expression language has no {type(node).__name__} as used in {text!r}.")


def _both(apply: Callable[[Any, Any], Any], left: Evaluate, right: Evaluate) -> Evaluate:
    def run(facts: Any) -> Any:
        a, b = left(facts), right(facts)
        return None if a is None or b is None else apply(a, b)

    return run


def names_in(text: str) -> tuple[str, ...]:
    """Ids of the answers that an expression asks for, in order."""
    if text == "always":
        return ()
    found = [
        (node.col_offset, node.args[0].value)
        for node in ast.walk(ast.parse(text, mode="eval"))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("yes", "answer", "not_possible")
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]
    return tuple(name for _, name in sorted(found))
