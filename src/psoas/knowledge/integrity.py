"""Proves that the evidence packs hang together: ids, citations, vocabulary, rules and figures.

It runs whenever packs are compiled, so nothing that fails it is ever used; `psoas evidence check` runs it on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from psoas.knowledge.checks.care import check_care, check_follow_up, check_interactions
from psoas.knowledge.checks.choices import check_choices
from psoas.knowledge.checks.deadlines import check_deadlines
from psoas.knowledge.checks.figures import check_figures
from psoas.knowledge.checks.frequencies import check_frequencies, check_series
from psoas.knowledge.checks.plan import check_plan
from psoas.knowledge.checks.references import check_ids, check_sources, check_vocabulary
from psoas.knowledge.checks.rules import check_rules
from psoas.knowledge.checks.screen import check_flags, check_questions, for_the_eye
from psoas.knowledge.checks.scripts import check_scripts
from psoas.knowledge.problems import Problem

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge

__all__ = ["CHECKS", "check", "for_the_eye"]

CHECKS: tuple[Callable[[Knowledge], Iterator[Problem]], ...] = (
    check_ids, check_sources, check_vocabulary, check_flags, check_rules, check_questions, check_figures, check_care,
    check_interactions, check_follow_up, check_frequencies, check_series, check_choices, check_scripts, check_plan,
    check_deadlines,
)  # fmt: skip


def check(k: Knowledge) -> list[Problem]:
    """Every problem of the packs, by check and in file order; empty when they hang together."""
    return [problem for one in CHECKS for problem in one(k)]
