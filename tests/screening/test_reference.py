"""The screen against the reference evaluator of the evidence, on ten thousand random cases, exactly.

The reference parses every expression again each time it meets it; here it is given the parsed tree from a memo, which
changes nothing that it computes. The cases come in chunks so that several workers can share them.
"""

from __future__ import annotations

import ast
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

from psoas.case import Case
from psoas.knowledge import load
from psoas.knowledge.index import index_of
from psoas.screening import facts_of, screen
from tests.cases import case_of, random_case
from tests.reference import HERE, reference
from tests.reference import scripts as reference_scripts

CASES, CHUNKS = 10_000, 20
IDS_EVERY = 100


@cache
def the_reference() -> Any:
    checked = reference()
    parse = cache(lambda text, mode: ast.parse(text, mode=mode))
    checked.Case.expr.__globals__["ast"] = SimpleNamespace(**{**vars(ast), "parse": parse})
    return checked


def their_screen(raw: dict[str, Any]) -> tuple[str, list[str], dict[str, list[Any]]]:
    held = the_reference().Case(raw)
    urgency, fired = reference_scripts.urgency(held, the_reference().URGENCY)
    # The second pass asks again for the urgency, once for each technique rule; the answer is the one just given.
    held.urgency = lambda: (urgency, fired)
    return urgency, fired, held.forbidden()


def our_screen(case: Case) -> tuple[str, list[str], dict[str, list[Any]]]:
    found = screen(case, load())
    fired = [one for one in (*found.alarms, *found.watched) if one.urgency == found.urgency and not one.suggested]
    banned: dict[str, list[Any]] = {}
    for ban in found.forbidden:
        banned.setdefault(ban.technique, []).append((ban.contraindication, ban.level, ban.limited_to))
    return found.urgency, sorted({_name_of(one.rule) for one in fired}), banned


def _name_of(rule: str) -> str:
    return f"threshold {rule}" if rule in index_of(load()).thresholds else rule


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_urgency_top_rules_and_bans_agree_exactly(chunk: int) -> None:
    size = CASES // CHUNKS
    for seed in range(chunk * size, (chunk + 1) * size):
        raw = random_case(seed)
        assert our_screen(case_of(raw)) == their_screen(raw), f"random_case({seed})"


def test_the_random_cases_reach_every_urgency_and_every_technique() -> None:
    """Agreement would mean little if the cases were all alike."""
    index = index_of(load())
    urgencies, techniques, rules = set(), set(), set()
    for seed in range(CASES):
        if seed >= 1500 and len(urgencies) == 6:
            break
        found = screen(case_of(random_case(seed)), load())
        urgencies.add(found.urgency)
        techniques |= {ban.technique for ban in found.forbidden}
        rules |= {one.rule for one in (*found.alarms, *found.watched)}
    assert len(urgencies) == 6
    assert techniques == set(load().red_flags.techniques)
    everything = {*index.acts, *index.combinations, *index.thresholds}
    assert len(rules & everything) > 0.9 * len(everything)


@pytest.mark.parametrize("start", range(0, CASES, CASES // 4))
def test_every_answer_agrees_on_a_sample(start: int) -> None:
    index = index_of(load())
    for seed in range(start, start + CASES // 4, IDS_EVERY):
        raw = random_case(seed)
        # Of two places the reference takes the side that stands first in the file; a case puts left before right.
        raw["findings"] = {
            name: dict(sorted(answer.items())) if isinstance(answer, dict) else answer
            for name, answer in raw["findings"].items()
        }
        facts, held = facts_of(case_of(raw), load()), the_reference().Case(raw)
        for name in (*index.findings, *index.flags):
            assert facts.yes(name) is held.yes(name), f"{name} in random_case({seed})"
        for name in index.combinations:
            assert facts.combination(name) is held.combination(name), f"{name} in random_case({seed})"


@pytest.mark.parametrize("name", [name for name, _, _ in reference().EXAMPLES])
def test_example_of_the_evidence(name: str) -> None:
    held, wanted = next((case, want) for known, case, want in the_reference().EXAMPLES if known == name)
    found = our_screen(case_of({"psoas_case": 1} | held.data))
    assert found[0] in wanted.split()
    assert found == their_screen(held.data)


class _Ours:
    """What the evidence's yes-or-no examples ask of a case, answered by our code."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._case = case_of({"psoas_case": 1} | data)
        facts = facts_of(self._case, load())
        self.yes, self.marked, self.marked_exactly = facts.yes, facts.marked, facts.marked_exactly

    def forbidden(self) -> dict[str, list[Any]]:
        return our_screen(self._case)[2]


def _yes_no_examples() -> list[tuple[str, Any, Any]]:
    """The list YES_NO of `check.py`, run again with our case in place of the reference's."""
    tree = ast.parse((HERE / "check.py").read_text(encoding="utf-8"))
    wanted = {"YES_NO", "case"}
    tree.body = [
        node
        for node in tree.body
        if (isinstance(node, ast.FunctionDef) and node.name in wanted)
        or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in wanted)
    ]
    names = {"Case": _Ours, "RF": reference().RF}
    exec(compile(tree, "check.py", "exec"), names)
    return list(names["YES_NO"])


def test_the_yes_or_no_examples_are_all_there() -> None:
    assert len(_yes_no_examples()) == len(reference().YES_NO) > 10


@pytest.mark.parametrize(("name", "got", "wanted"), _yes_no_examples())
def test_yes_or_no_example_of_the_evidence(name: str, got: Any, wanted: Any) -> None:
    assert got == wanted
    assert (got is None) == (wanted is None)
