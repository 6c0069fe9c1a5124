"""Danger at a check-in: the same screen as at a visit, over the case with the answers of today.

Nothing here weighs a danger against anything. Answers of today replace older ones of the same question, and what is not
answered today stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psoas.case import Case
from psoas.follow_up.check_in import CheckIn
from psoas.follow_up.choices import ASKED_EACH_TIME
from psoas.knowledge import Knowledge
from psoas.screening import STEP, Alarm, Screen, facts_of, screen
from psoas.screening.questions import applies

_REFERS = STEP["routine_referral"]
_URGENT = STEP["urgent_referral"]


@dataclass(frozen=True, slots=True)
class Group:
    """Danger signs that are asked under one heading: `id` and pairs of a sign and its question."""

    id: str
    questions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Danger:
    """What the screen says of a person as they are at the last check-in.

    Attributes:
        screen: the whole answer of the screen.
        alarms: alarms that must be acted on now: new since the visit, resting on an answer of today, or urgent.
        standing: referrals that the visit gave and that nothing of today touches: did they take place?
    """

    screen: Screen
    alarms: tuple[Alarm, ...]
    standing: tuple[Alarm, ...]

    @property
    def urgency(self) -> str:
        """Of the alarms to act on; `self_care` when there is none."""
        return max((one.urgency for one in self.alarms), key=STEP.__getitem__, default="self_care")


def danger_groups(case: Case, knowledge: Knowledge) -> tuple[Group, ...]:
    """The signs to ask at each check-in, without those that are not for this person."""
    facts = facts_of(case, knowledge)
    flags = facts.index.acts
    made = []
    for name, ids in ASKED_EACH_TIME:
        asked = tuple((one, flags[one].ask or "") for one in ids if applies(one, facts))
        if asked:
            made.append(Group(name, asked))
    return tuple(made)


def case_now(case: Case, check_ins: Sequence[CheckIn]) -> Case:
    """The case with what was answered and measured since, oldest check-in first."""
    findings = dict(case.findings)
    measured = list(case.measurements)
    pain = case.pain
    for one in check_ins:
        said = {name: answer for name, answer in one.danger.items() if answer != "unknown"}
        findings |= said
        again = {(new.id, new.side) for new in one.measurements}
        measured = [old for old in measured if (old.id, old.side) not in again] + list(one.measurements)
        if said.get("steadily_worsening") == "no" and pain.course == "worsening":
            pain = pain.model_copy(update={"course": None})  # the course of the visit is not that of today
    return case.model_copy(update={"findings": findings, "measurements": tuple(measured), "pain": pain})


def look_for_danger(case: Case, check_ins: Sequence[CheckIn], knowledge: Knowledge) -> Danger:
    """Screen the person as they are at the last of these check-ins.

    Args:
        case: the first visit.
        check_ins: oldest first; none gives the screen of the visit.
    """
    now = case_now(case, check_ins)
    found = screen(now, knowledge)
    before = _rules(case, knowledge)
    without = before if not check_ins else _rules(_without_yes_of(now, check_ins[-1]), knowledge)
    alarms: list[Alarm] = []
    standing: list[Alarm] = []
    for alarm in found.alarms:
        if STEP[alarm.urgency] < _REFERS:
            continue
        fresh = (alarm.rule, alarm.urgency) not in before or (alarm.rule, alarm.urgency) not in without
        (alarms if fresh or STEP[alarm.urgency] >= _URGENT else standing).append(alarm)
    return Danger(found, tuple(alarms), tuple(standing))


def _rules(case: Case, knowledge: Knowledge) -> frozenset[tuple[str, str]]:
    return frozenset((alarm.rule, alarm.urgency) for alarm in screen(case, knowledge).alarms)


def _without_yes_of(case: Case, check_in: CheckIn) -> Case:
    """The case as if the signs that were affirmed at this check-in had never been spoken of."""
    yes = {name for name, answer in check_in.danger.items() if answer == "yes"}
    return case.model_copy(update={"findings": {name: said for name, said in case.findings.items() if name not in yes}})
