"""What a visit takes over from the one before: facts and symptoms as they were told, dangers that were true, nothing
that must be seen or measured anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from psoas.case import Case
from psoas.follow_up.danger import case_now
from psoas.interview.gateways import gateways
from psoas.knowledge import Knowledge
from psoas.knowledge.index import index_of, vocabulary_of

if TYPE_CHECKING:
    from psoas.follow_up import CheckIn
    from psoas.records import Visit

Data = dict[str, Any]

FACTS = ("conditions", "medicines", "supplements")
AS_TOLD = (*FACTS, "goals", "tried", "settled", "notes")
"""Blocks of a case that hold until somebody says otherwise."""
SEEN_OR_FELT_ANEW = ("hands_on", "self_test")
"""Kinds of findings that are tested again rather than believed."""
LONGEST_PREGNANCY_WEEKS = 42


@dataclass(frozen=True, slots=True)
class Again:
    """What was tested or measured last time: the tests by id with their answers, the angles with their trials."""

    tests: Mapping[str, Any]
    measurements: tuple[Data, ...]

    def trials(self, id_: str, side: str | None) -> tuple[Data, ...]:
        """The readings of one measurement on one side."""
        return tuple(one for one in self.measurements if one["id"] == id_ and one.get("side") == side)


def carried_over(
    previous: Visit,
    told: Sequence[CheckIn],
    known: Data,
    knowledge: Knowledge,
    *,
    today: date,
    same_complaint: bool = True,
) -> Data:
    """The case with which a follow-up begins.

    A danger sign that was true at the visit, or at a check-in since, stays true until somebody answers it anew; one
    that was not is asked again. Symptoms and facts stay as told; tests and angles are left to be done again.

    Args:
        told: check-ins since, oldest first.
        known: what the record of the person says (age, sex), which holds over the earlier case.
        same_complaint: whether the visit is about the same pain; if not, its symptoms, goals and course stay behind.
    """
    now = case_now(Case.of({"psoas_case": 1, **previous.case}, vocabulary_of(knowledge)), told).to_data()
    weeks = weeks_between(previous.started_at, today)
    blocks = AS_TOLD if same_complaint else FACTS
    found: Data = {"psoas_case": 1, **{name: now[name] for name in blocks if now.get(name)}}
    if "conditions" in now:
        found["conditions"] = list(now["conditions"])  # an empty list says that there are none
    found["person"] = _person(now.get("person", {}), weeks) | known.get("person", {})
    if same_complaint and (pain := _pain(now.get("pain", {}), weeks)):
        found["pain"] = pain
    if findings := _findings(now.get("findings", {}), knowledge, symptoms=same_complaint):
        found["findings"] = findings
    return {name: value for name, value in found.items() if value != {}}


def again_of(previous: Visit, knowledge: Knowledge) -> Again:
    """What to test and measure again."""
    table = knowledge.findings.findings
    findings = previous.case.get("findings", {})
    tests = {
        name: answer
        for name, answer in findings.items()
        if name in table and table[name].mode in SEEN_OR_FELT_ANEW and answer != "unknown"
    }
    return Again(tests, tuple(previous.case.get("measurements", ())))


def was_true(previous: Visit | None, case: Data, knowledge: Knowledge) -> dict[str, Any]:
    """Danger signs that stand in the case because they were true before: id -> answer."""
    if previous is None:
        return {}
    acts = index_of(knowledge).acts
    return {name: answer for name, answer in case.get("findings", {}).items() if name in acts and _yes_of(answer)}


def symptoms_of(case: Data, knowledge: Knowledge) -> tuple[str, ...]:
    """Answers that were taken over as they were told, without the danger signs."""
    acts, table = index_of(knowledge).acts, knowledge.findings.findings
    return tuple(name for name in case.get("findings", {}) if name in table and name not in acts)


def weeks_between(then: datetime, today: date) -> float:
    """Weeks since a visit, never less than none."""
    return max(0.0, (today - then.astimezone().date()).days / 7)


def _person(person: Data, weeks: float) -> Data:
    kept = {name: value for name, value in person.items() if name not in ("pregnant", "pregnancy_weeks")}
    if person.get("pregnant") == "yes":  # 'no' is asked anew; 'yes' keeps what is not for the pregnant away
        kept["pregnant"] = "yes"
        week = person.get("pregnancy_weeks")
        if week is not None and week + weeks <= LONGEST_PREGNANCY_WEEKS:
            kept["pregnancy_weeks"] = round(week + weeks, 1)
    return kept


def _pain(pain: Data, weeks: float) -> Data:
    """How long and how it began; where and how strong is drawn anew."""
    kept = {name: pain[name] for name in ("onset",) if name in pain}
    if "duration_weeks" in pain:
        kept["duration_weeks"] = round(pain["duration_weeks"] + weeks, 1)
    return kept


def _findings(findings: Data, knowledge: Knowledge, *, symptoms: bool) -> Data:
    acts, table = index_of(knowledge).acts, knowledge.findings.findings
    gates = {one.id for one in gateways()}
    found: Data = {}
    for name, answer in findings.items():
        if name in gates:
            continue  # it only opened a sheet; what was true stands in the lines of the sheet
        if name in acts:
            if (yes := _yes_of(answer)) is not None:
                found[name] = yes
        elif symptoms and name in table and table[name].mode not in SEEN_OR_FELT_ANEW:
            found[name] = answer
    return found


def _yes_of(answer: Any) -> Any:
    """The part of an answer that is a yes; None without one. A place or a side stands for a yes."""
    if isinstance(answer, dict):
        return {side: said for side, said in answer.items() if _yes_of(said) is not None} or None
    return None if answer in ("no", "unknown", "not_possible", None) else answer
