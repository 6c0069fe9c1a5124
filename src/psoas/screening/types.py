"""What the danger screen answers."""

from __future__ import annotations

from dataclasses import dataclass

from psoas.knowledge.checks.remarks import Remark
from psoas.knowledge.index import URGENCIES
from psoas.knowledge.readers.medicine_reader import MedicineRead

STEP = {name: step for step, name in enumerate(URGENCIES)}
"""Urgencies as steps: the higher, the more urgent."""


@dataclass(frozen=True, slots=True)
class Reason:
    """An answer that made a rule fire, and where it is published that it matters."""

    finding: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule that fired for a cause, with what to do. `suggested`: the sign speaks for this cause among others."""

    condition: str
    urgency: str
    rule: str
    because: tuple[Reason, ...]
    say: str
    do: str
    suggested: bool = False


@dataclass(frozen=True, slots=True)
class Ban:
    """A technique that something in the case forbids."""

    technique: str
    contraindication: str
    level: str
    because: tuple[str, ...]
    source: tuple[str, ...]
    why: str
    do_instead: str
    limited_to: str | None


@dataclass(frozen=True, slots=True)
class Uncleared:
    """A technique that stays off until these questions are answered no."""

    technique: str
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PsoasGate:
    """What stands between a finding at the hip flexors and blaming them.

    Attributes:
        closed_by: mimics of a tight psoas for which an alarm of at least `urgent_referral` fired.
        ask: gate questions that have no answer yet.
    """

    closed_by: tuple[str, ...]
    ask: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether a conclusion about the hip flexors may be shown as one."""
        return not self.closed_by


@dataclass(frozen=True, slots=True)
class HalfFilled:
    """A script that lacks one part. `ask`: open answers that would fill it, in the order of the script."""

    script: str
    cause: str
    urgency: str
    ask: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """The answer of the danger screen.

    Attributes:
        watched: rules whose action is to keep an eye on it.
        half_filled: illness scripts that lack one part, with what would fill it.
        medicines: what is taken, as it was understood.
        conflicts: answers that say no where a medicine, an illness, a result or another answer says yes.
    """

    urgency: str
    alarms: tuple[Alarm, ...]
    watched: tuple[Alarm, ...]
    not_asked: tuple[str, ...]
    forbidden: tuple[Ban, ...]
    not_cleared: tuple[Uncleared, ...]
    gate: PsoasGate
    half_filled: tuple[HalfFilled, ...] = ()
    medicines: tuple[MedicineRead, ...] = ()
    conflicts: tuple[Remark, ...] = ()

    def at_least(self, urgency: str) -> bool:
        """Whether the screen reached this urgency."""
        return STEP[self.urgency] >= STEP[urgency]

    def forbids(self, technique: str) -> bool:
        """Whether a technique is forbidden or not cleared yet."""
        return any(ban.technique == technique for ban in self.forbidden) or any(
            open_.technique == technique for open_ in self.not_cleared
        )
