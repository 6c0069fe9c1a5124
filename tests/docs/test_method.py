"""docs/method.md says what the code does: its examples run, and no limit or knob is misquoted."""

from __future__ import annotations

import doctest
from pathlib import Path

from psoas.knowledge import load

PAGE = Path(__file__).parents[2] / "docs" / "method.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_examples_run() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted > 8
    assert found.failed == 0


def test_the_choices_quoted_are_those_in_force() -> None:
    choices = load().diagnosis_choices
    figures, place, dependence = choices.figures, choices.place, choices.dependence
    clear, likely, leading = choices.chances
    quoted = {
        f"drawn {figures.draws} times": True,
        f"No LR- is under {figures.lr_neg_floor}": True,
        "count a quarter": place.unmarked == 0.25,
        "names a whole counts half": place.whole == 0.5,
        f"at least {place.causes_other}, and a place goes on hurting without any with {place.remains}": True,
        f"names {len(load().findings.conflicts)} groups": True,
        f"1 / (1 + {dependence.within_group} · (k - 1))": True,
        f"1 / (1 + {dependence.drawing} · (k - 1))": True,
        f"a temperature of {dependence.temperature}": True,
        f"`published` is {dependence.published}": True,
        "drawn half-way to their mean": dependence.towards_equal == 0.5,
        f"{dependence.judged_sd_logit} on top": True,
        f"*clear* from {clear.at_least:.0%}".replace("%", " %"): True,
        f"*likely* from {likely.at_least:.0%}".replace("%", " %"): True,
        f"{leading.at_least:.0%}".replace("%", " %") + " and 10 ahead": leading.ahead_by == 0.1,
        f"probably from {choices.hip_flexors.probably_at:.0%}".replace("%", " %"): True,
        f"probably not under {choices.hip_flexors.probably_not_under:.0%}".replace("%", " %"): True,
    }
    flat = " ".join(TEXT.split())
    assert [words for words, holds in quoted.items() if words not in flat or not holds] == []


def test_every_source_named_is_in_the_evidence() -> None:
    knowledge = load()
    held = {*knowledge.findings.sources, *knowledge.sources_of_pain.sources}
    named = {"sembrano_polly_2009", "deyo_weinstein_2001", "hancock_2007", "han_2023"}
    assert named <= held
    assert [name for name in named if f"`{name}`" not in TEXT] == []
