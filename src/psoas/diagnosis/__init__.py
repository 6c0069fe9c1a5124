"""Where the pain probably comes from: a network of sources and findings, inferred exactly.

    diagnose(case, facts, knowledge, screen)  ->  Diagnosis

The differential is ranked by responsibility, the expected share of the complaint that would go if a source alone were
cured. The diagnosis runs beside the danger screen, never instead of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psoas.diagnosis.types import (
    Chances,
    Change,
    Diagnosis,
    HipFlexorVerdict,
    NextQuestion,
    RankedSource,
    Weight,
)

if TYPE_CHECKING:
    from psoas.knowledge import Knowledge
    from psoas.knowledge.rules.facts import Facts
    from psoas.screening import Screen

__all__ = [
    "SETTINGS", "Chances", "Change", "Diagnosis", "HipFlexorVerdict", "NextQuestion", "RankedSource", "Weight",
    "diagnose", "what_next",
]  # fmt: skip

SETTINGS = ("studio", "primary_care", "pain_clinic", "referred")


def diagnose(
    facts: Facts,
    knowledge: Knowledge,
    screen: Screen,
    *,
    setting: str = "studio",
    who: str = "physiotherapist",
    with_change: bool = True,
) -> Diagnosis:
    """Rank the sources of a complaint.

    Args:
        facts: the facts of the case.
        knowledge: the evidence.
        screen: the danger screen of the same case; a closed gate withholds conclusions at the hip flexors.
        setting: whose starting shares hold: `studio`, `primary_care`, `pain_clinic` or `referred`.
        who: who asks next: `self`, `bodyworker` or `physiotherapist`.
        with_change: also look for the smallest change of answers that would change the first rank.

    Raises:
        ValueError: an unknown setting or asker; the message lists those there are.
    """
    from psoas.diagnosis.ask import next_questions, what_would_change
    from psoas.diagnosis.chances import chances_of, judged_share
    from psoas.diagnosis.hip_flexors import verdict_of
    from psoas.diagnosis.network import network_of, solve
    from psoas.diagnosis.rank import differential
    from psoas.diagnosis.what_if import WhatIf

    _check(setting, who)
    network = network_of(facts, knowledge, setting)
    solved = solve(network)
    ranked, none = differential(solved)
    what_if = WhatIf(network)
    hip_flexors = knowledge.interventions.condition_map["hip_flexor_psoas"]
    return Diagnosis(
        setting=setting,
        differential=ranked,
        no_single_source=none,
        next=next_questions(network, what_if, who),
        withheld=() if screen.gate.open else tuple(hip_flexors),
        change=what_would_change(network, what_if, who) if with_change else None,
        chances=chances_of(ranked, none, knowledge),
        judged=judged_share(ranked),
        psoas=verdict_of(solved, ranked, what_if, who, screen.gate.closed_by),
    )


def what_next(
    facts: Facts, knowledge: Knowledge, *, setting: str = "studio", who: str = "physiotherapist"
) -> tuple[NextQuestion, ...]:
    """Only the `next` of a diagnosis, the most telling first: an interview needs no ranks and no intervals.

    Raises:
        ValueError: an unknown setting or asker; the message lists those there are.
    """
    from psoas.diagnosis.ask import next_questions
    from psoas.diagnosis.network import network_of
    from psoas.diagnosis.what_if import WhatIf

    _check(setting, who)
    network = network_of(facts, knowledge, setting, draws=0)
    return next_questions(network, WhatIf(network), who)


def _check(setting: str, who: str) -> None:
    from psoas.diagnosis.ask import ASKERS

    if setting not in SETTINGS:
        raise ValueError(f"setting is {setting!r}; allowed: {', '.join(SETTINGS)}.")
    if who not in ASKERS:
        raise ValueError(f"who is {who!r}; allowed: {', '.join(ASKERS)}.")
