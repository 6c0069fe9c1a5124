"""Danger first: from the facts of a case to an urgency, its alarms, and what hands may not do.

The rules are data (`red_flags.yaml`); this room only evaluates them. Three principles hold throughout:

* The urgency is the most urgent of everything that fired. Nothing is weighed against it, and a no never lowers it.
* A probability decides nothing here. Where a published likelihood ratio exists, at most one a cause is shown.
* Techniques are judged in a second pass, after the urgency is known. Deep pressure on the psoas stays off until
  everything that would forbid it has been asked and answered no.
"""

from __future__ import annotations

from collections.abc import Iterator

from psoas.case import Case
from psoas.knowledge import Knowledge
from psoas.knowledge.checks.remarks import outvoted
from psoas.knowledge.index import index_of
from psoas.knowledge.rules.expressions import Ternary
from psoas.knowledge.rules.facts import Facts
from psoas.screening.alarms import fired
from psoas.screening.contraindications import bans, open_questions
from psoas.screening.escalation import ask_at_a_stop
from psoas.screening.medicines import waits_for_medicines
from psoas.screening.questions import gate_of, not_asked
from psoas.screening.scripts import asks_of, read_scripts
from psoas.screening.types import STEP, Alarm, Ban, HalfFilled, PsoasGate, Reason, Screen, Uncleared

__all__ = [
    "CLEARED_FIRST", "STEP", "Alarm", "Ban", "HalfFilled", "PsoasGate", "Reason", "Screen", "Uncleared",
    "ask_at_a_stop", "facts_of", "screen",
]  # fmt: skip

CLEARED_FIRST = ("deep_psoas_pressure",)
"""Techniques that stay off until everything that would forbid them was asked and answered no."""


def facts_of(case: Case, knowledge: Knowledge) -> Facts:
    """The facts of a case, before the screen."""
    return Facts(case, index_of(knowledge), knowledge.red_flags.vital_signs.news2.points)


def screen(case: Case, knowledge: Knowledge, facts: Facts | None = None) -> Screen:
    """Screen a case for danger. It cannot be switched off, and it asks nothing of the diagnosis."""
    facts = facts or facts_of(case, knowledge)
    scripts = read_scripts(knowledge, facts)
    rung = (*fired(knowledge, facts), *scripts.alarms)
    everything = sorted(rung, key=lambda alarm: (-STEP[alarm.urgency], alarm.suggested))
    urgency = max((alarm.urgency for alarm in everything), key=STEP.__getitem__, default="self_care")
    alarms = tuple(alarm for alarm in everything if STEP[alarm.urgency] > STEP["watch"])

    def reached(action: str) -> Ternary:
        return True if STEP[urgency] >= STEP[action] else None

    gate = gate_of(knowledge, facts, alarms)
    second = facts.after_screen(reached)
    forbidden = tuple(bans(knowledge, second))
    banned = {ban.technique for ban in forbidden}
    return Screen(
        urgency=urgency,
        alarms=alarms,
        watched=tuple(alarm for alarm in everything if alarm.urgency == "watch" and not alarm.suggested),
        not_asked=not_asked(knowledge, facts, asks_of(scripts)),
        forbidden=forbidden,
        not_cleared=tuple(_not_cleared(knowledge, second, gate, banned)),
        gate=gate,
        half_filled=scripts.half_filled,
        medicines=facts.medicines,
        conflicts=outvoted(case, facts),
    )


def _not_cleared(knowledge: Knowledge, facts: Facts, gate: PsoasGate, banned: set[str]) -> Iterator[Uncleared]:
    """Techniques that wait: for questions, for a medicine that is not understood, or for both."""
    waits = dict(waits_for_medicines(knowledge, facts, banned))
    for technique in dict.fromkeys((*CLEARED_FIRST, *waits)):
        if technique in banned:
            continue
        asks = open_questions(technique, knowledge, facts, gate) if technique in CLEARED_FIRST else ()
        if asks := (*waits.get(technique, ()), *asks):
            yield Uncleared(technique, asks)
