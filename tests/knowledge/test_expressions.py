"""The expression and rule languages of the evidence: three values, a small grammar, and nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pytest

from psoas.errors import KnowledgeError
from psoas.knowledge import EvidenceError as PackError
from psoas.knowledge import load
from psoas.knowledge.index import index_of
from psoas.knowledge.rules.conditions import evaluate, ids_in, true_ids
from psoas.knowledge.rules.expressions import FIELDS, FUNCTIONS, compile_expression, names_in, t_and, t_not, t_or
from psoas.knowledge.rules.facts import Facts
from psoas.screening import facts_of
from tests.cases import case_of

VALUES = (True, False, None)


def facts(**blocks: Any) -> Facts:
    return facts_of(case_of({"psoas_case": 1} | blocks), load())


# ---- three values


def test_not() -> None:
    assert [t_not(value) for value in VALUES] == [False, True, None]


@pytest.mark.parametrize(("a", "b"), list(itertools.product(VALUES, VALUES)))
def test_and_or(a: bool | None, b: bool | None) -> None:
    """Kleene's tables: a False decides an and, a True decides an or, otherwise an unknown stays unknown."""
    assert t_and([a, b]) is (False if a is False or b is False else None if a is None or b is None else True)
    assert t_or([a, b]) is (True if a is True or b is True else None if a is None or b is None else False)
    assert t_not(t_and([a, b])) is t_or([t_not(a), t_not(b)])


def test_nothing_at_all() -> None:
    assert t_and([]) is True
    assert t_or([]) is False


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("person.age_years > 60", True),
        ("person.age_years > 60 and person.sex == 'male'", True),
        ("not (person.age_years > 60)", False),
        ("person.age_years - pain.duration_weeks / 52 < 45", None),
        ("person.mass_kg / (person.height_m * person.height_m) < 18.5", None),
        ("pain.duration_weeks > 6", None),
        ("not (pain.duration_weeks > 6)", None),
        ("pain.duration_weeks > 6 or person.age_years > 60", True),
        ("pain.duration_weeks > 6 and person.age_years < 60", False),
        ("person.age_years > -1", True),
        ("person.age_years + 1 == 63", True),
        ("person.age_years != 62", False),
        ("person.sex != 'female'", True),
        ("pain.course == 'worsening'", None),
        ("always", True),
    ],
)
def test_an_expression(text: str, value: bool | None) -> None:
    assert facts(person={"age_years": 62, "sex": "male"}).expression(text) is value


# ---- what the language does not have


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "open('/etc/passwd')",
        "eval('1')",
        "exec('1')",
        "getattr(person, 'age_years')",
        "person.__class__",
        "person.age_yeers",
        "vitals.__init__",
        "person.age_years.__class__",
        "person.__class__.__mro__",
        "().__class__",
        "''.join('a')",
        "yes.__globals__",
        "facts.case",
        "case.person",
        "person",
        "True and x",
        "lambda: 1",
        "(lambda: 1)()",
        "[x for x in (1, 2)]",
        "{x for x in (1, 2)}",
        "(x for x in (1, 2))",
        "[1, 2]",
        "(1, 2)",
        "{1: 2}",
        "{1}",
        "f'{person.age_years}'",
        "yes(name='night_pain')",
        "yes(*['night_pain'])",
        "yes(yes('night_pain'))",
        "yes(person.sex)",
        "worst(-1)",
        "(x := 1)",
        "2 ** 99999999",
        "2 << 3",
        "7 // 2",
        "7 % 2",
        "1 | 2",
        "~1",
        "+1",
        "1 if yes('night_pain') else 2",
        "1 < 2 < 3",
        "1 in (1, 2)",
        "1 is 1",
        "person['age_years']",
        "None",
        "b'x'",
        "1j",
        "...",
        "await x",
        "yes('a'); yes('b')",
        "import os",
        "x = 1",
        "",
        " ",
        "(",
        "yes('a'",
        "a\0b",
        "(" * 300 + "1" + ")" * 300,
        "not " * 3000 + "always",
    ],
)
def test_what_the_language_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(KnowledgeError):
        compile_expression(text)


def test_a_text_is_a_value_and_never_a_program() -> None:
    assert compile_expression("'__import__(1)'")(None) == "__import__(1)"


def _expressions() -> set[str]:
    """Every expression of the packs."""
    index, screen = index_of(load()), load().red_flags

    def inside(rule: Any) -> list[str]:
        if isinstance(rule, Mapping):
            own = [text for key, text in rule.items() if key in ("when", "unless")]
            return own + [text for key, part in rule.items() if key not in ("when", "unless") for text in inside(part)]
        return [text for part in rule for text in inside(part)] if isinstance(rule, (list, tuple)) else []

    texts = [one.when for one in index.thresholds.values()] + [one.rule for one in index.derived.values()]
    for flag in index.acts.values():
        texts += [flag.applies_if, flag.derived_from or "always", *inside(flag.parts or {})]
    for finding in index.findings.values():
        texts += inside(finding.parts or {})
    for combo in index.combinations.values():
        texts += [combo.applies_if or "always", *inside(combo.rule)]
    for ban in screen.manual_contraindications.values():
        texts += inside(ban.forbid_if)
    return {*texts, *(one.if_ for one in screen.ask_first)}


def test_every_expression_of_the_packs_compiles_and_runs_on_an_empty_case() -> None:
    texts, empty = _expressions(), facts()
    assert len(texts) > 150
    for text in texts:
        assert empty.expression(text) in (True, False, None)


def test_every_function_of_the_language_is_described_and_answered() -> None:
    described = load().findings.expression_language.functions
    assert {name.split("(")[0] for name in described} == FUNCTIONS
    assert set(load().findings.expression_language.fields) == FIELDS
    assert all(callable(getattr(Facts, name)) for name in FUNCTIONS)


def test_names_in() -> None:
    assert names_in("yes('a') and (answer('b') == 'front' or not_possible('c')) and marked('groin')") == ("a", "b", "c")
    assert names_in("always") == ()


# ---- rules


YES, NO, OPEN = "night_pain", "saddle_numbness", "night_sweats"


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (YES, True), (NO, False), (OPEN, None),
        ({"all_of": [YES, YES]}, True), ({"all_of": [YES, OPEN]}, None), ({"all_of": [OPEN, NO]}, False),
        ({"any_of": [NO, YES]}, True), ({"any_of": [NO, OPEN]}, None), ({"any_of": [NO, NO]}, False),
        ({"none_of": [NO]}, True), ({"none_of": [OPEN]}, None), ({"none_of": [NO, YES]}, False),
        ({"n_of": {"n": 2, "of": [YES, NO, OPEN]}}, None), ({"n_of": {"n": 1, "of": [YES, NO, OPEN]}}, True),
        ({"n_of": {"n": 3, "of": [YES, NO, OPEN]}}, False),
        ({"unless_yes": [NO, OPEN]}, True), ({"unless_yes": [YES]}, False),
        ({"unless": "pain.duration_weeks > 6"}, True), ({"unless": "person.age_years > 60"}, False),
        ({"when": "person.age_years > 60"}, True), ({"when": "pain.duration_weeks > 6"}, None),
        ({"weighted": {"at_least": 2, "items": {YES: 2, OPEN: 5}}}, True),
        ({"weighted": {"at_least": 3, "items": {YES: 2, OPEN: 5}}}, None),
        ({"not_possible": "passive_hip_extension_painful"}, True), ({"not_possible": YES}, None),
        ({"always": True}, True),
        ({"urgency_at_least": "same_day"}, None),
        ({"all_of": [YES], "none_of": [NO]}, True), ({"all_of": [YES], "any_of": [NO]}, False),
        ({"all_of": [{"any_of": [NO, {"n_of": {"n": 1, "of": [YES]}}]}]}, True),
    ],
)  # fmt: skip
def test_a_rule(rule: Any, value: bool | None) -> None:
    held = facts(
        person={"age_years": 62},
        findings={YES: "yes", NO: "no", "passive_hip_extension_painful": {"left": "yes", "right": "not_possible"}},
    )
    assert evaluate(rule, held) is value


def test_a_key_that_the_rule_language_does_not_have() -> None:
    with pytest.raises(KnowledgeError, match="some_of"):
        evaluate({"some_of": ["night_pain"]}, facts())


def test_ids_in_a_rule() -> None:
    rule = {"all_of": ["a", {"n_of": {"n": 1, "of": ["b", "a"]}}], "when": "yes('c')", "weighted": {"items": {"d": 1}}}
    assert ids_in(rule) == ("a", "b", "c", "d")


def test_reasons_are_the_answers_that_are_yes() -> None:
    assert true_ids({"any_of": [YES, NO, OPEN]}, facts(findings={YES: "yes", NO: "no"})) == (YES,)


def test_every_id_in_every_rule_is_an_answer_or_a_combination() -> None:
    index = index_of(load())
    known = {*index.findings, *index.flags, *index.combinations}
    for combo in index.combinations.values():
        assert set(ids_in(combo.rule)) <= known
    for entry in (*index.findings.values(), *index.flags.values()):
        assert set(ids_in(entry.parts or {})) <= known
    for ban in load().red_flags.manual_contraindications.values():
        assert set(ids_in(ban.forbid_if)) <= known


def test_a_fault_of_the_packs_is_a_fault_of_the_knowledge() -> None:
    """One `except` of the tree in `errors` catches both."""
    assert issubclass(PackError, KnowledgeError)
