"""docs/method.md says what the code does: its examples run, and no rule or limit is left out."""

from __future__ import annotations

import doctest
from pathlib import Path

from psoas.diagnosis.conflicts import RULES

from psoas.knowledge import load

PAGE = Path(__file__).parents[2] / "docs" / "method.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_examples_run() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted > 8
    assert found.failed == 0


def test_every_conflict_rule_is_in_the_table() -> None:
    assert [rule for rule in RULES if f"`{rule}`" not in TEXT] == []


def test_the_choices_quoted_are_those_in_force() -> None:
    choices = load().diagnosis_choices
    figures, place = choices.figures, choices.place
    quoted = {
        f"drawn {figures.draws} times": True,
        f"No LR- is under {figures.lr_neg_floor}": True,
        "weighs 1.5, 1.25 or 0.667": tuple(figures.direction_only.values()) == (1.5, 1.25, 0.667),
        f"at the hip flexors {figures.psoas_direction_only} at most": True,
        f"a factor of {place.ratio_most:g}": True,
        "count a quarter": place.unmarked == 0.25,
        f"with {place.causes_typical}, others with {place.causes_other}": True,
        f"any with {place.remains} (choice)": True,
        f"names {len(load().findings.conflicts)} groups": True,
        "keep half of it": choices.conflicts.half == 0.5,
    }
    flat = " ".join(TEXT.split())
    assert [words for words, holds in quoted.items() if words not in flat or not holds] == []


def test_every_source_named_is_in_the_evidence() -> None:
    knowledge = load()
    held = {*knowledge.findings.sources, *knowledge.sources_of_pain.sources}
    named = {"sembrano_polly_2009", "deyo_weinstein_2001", "saueressig_2021", "hancock_2007", "han_2023"}
    assert named <= held
    assert [name for name in named if f"`{name}`" not in TEXT] == []
