"""What was not asked, and the gate of questions before the psoas is blamed."""

from __future__ import annotations

from psoas.knowledge import Knowledge
from psoas.knowledge.rules.facts import Facts
from psoas.screening.types import STEP, Alarm, PsoasGate


def applies(name: str, facts: Facts) -> bool:
    """Whether a question is for this person at all: nobody asks a man whether he is pregnant."""
    flag = facts.index.acts.get(name)
    return flag is None or facts.expression(flag.applies_if) is not False


def not_asked(knowledge: Knowledge, facts: Facts, half_filled: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Questions without an answer, most pressing first: due by the map, by half-filled scripts, hard stops, the gate.

    Args:
        half_filled: what the half-filled illness scripts ask.
    """
    due = [one.ask for one in knowledge.red_flags.ask_first if facts.expression(one.if_) is True]
    hard = [name for name, flag in facts.index.acts.items() if flag.strength == "hard_stop"]
    order = dict.fromkeys([*due, *half_filled, *hard, *knowledge.red_flags.psoas_mimics.gate_questions])
    return tuple(name for name in order if _is_open(name, facts))


def _is_open(name: str, facts: Facts) -> bool:
    """Whether a question waits for an answer: for this person, not answered, not settled by a field of the case.

    A field can settle a question without a no: a course that is known to be stable is not asked about once more.
    """
    if facts.holds(name) is not None or not applies(name, facts):
        return False
    flag = facts.index.flags.get(name)
    return not (flag and flag.derived_from and facts.expression(flag.derived_from) is False)


def gate_of(knowledge: Knowledge, facts: Facts, alarms: tuple[Alarm, ...]) -> PsoasGate:
    mimics = knowledge.red_flags.psoas_mimics
    urgent = {alarm.condition for alarm in alarms if STEP[alarm.urgency] >= STEP["urgent_referral"]}
    return PsoasGate(
        closed_by=tuple(name for name in mimics.ids if name in urgent),
        ask=tuple(name for name in mimics.gate_questions if _is_open(name, facts)),
    )
