"""Checks of our own choices for the diagnosis: they name what exists, and their shares are shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from psoas.knowledge.checks.rules import RuleChecker
from psoas.knowledge.frequencies import frequencies_of, ranked_sources
from psoas.knowledge.problems import Problem

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge

_PACK = "diagnosis_choices"


def check_choices(k: Knowledge) -> Iterator[Problem]:
    """Every ranked source has a starting share for every setting, and what is timed exists."""
    choices, sources, findings = k.diagnosis_choices, k.sources_of_pain.conditions, k.findings.findings
    checker = RuleChecker(k)
    for name in ranked_sources(k):
        if name not in choices.priors:
            yield Problem(_PACK, "priors", None, f"a share for the source of pain {name!r}")
    for prior in choices.priors.values():
        where = f"priors/{prior.id}"
        if prior.id not in sources:
            yield Problem(_PACK, where, prior.id, "the id of a source of pain")
        shares = {setting: getattr(prior, setting) for setting in choices.settings}
        for setting, share in shares.items():
            if not 0 < share.low <= share.value <= share.high < 1:
                found = [share.low, share.value, share.high]
                yield Problem(_PACK, f"{where}/{setting}", found, "0 < low <= value <= high < 1")
    for fact in choices.facts.values():
        for key, text in (("yes", fact.yes), ("no", fact.no)):
            if text is not None:
                yield from checker.expression(_PACK, f"facts/{fact.id}/{key}", text, may_be_true=True)
        if fact.id not in frequencies_of(k).rows:
            yield Problem(_PACK, f"facts/{fact.id}", fact.id, "a row in one of the packs of frequencies")
    for index, rule in enumerate(choices.asking.only_if):
        yield from checker.expression(_PACK, f"asking/only_if/{index}/if", rule.if_, may_be_true=True)
    for key, named in (
        ("minutes_of", choices.asking.minutes_of),
        ("physiotherapist_only", choices.asking.physiotherapist_only),
        ("not_known_to_a_client", choices.asking.not_known_to_a_client),
        ("same_movement", [name for names in choices.asking.same_movement for name in names]),
        ("only_if", [name for rule in choices.asking.only_if for name in rule.findings]),
    ):
        for name in named:
            if name not in findings and name not in checker.known:
                yield Problem(_PACK, f"asking/{key}", name, "the id of a finding")
