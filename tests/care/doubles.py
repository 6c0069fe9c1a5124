"""Cases and differentials to plan for, without the diagnosis itself."""

from __future__ import annotations

from typing import Any

from psoas.care import Plan, plan_for
from psoas.case import Case
from psoas.diagnosis.chances import chances_of
from psoas.diagnosis.types import Diagnosis, HipFlexorVerdict, RankedSource
from psoas.knowledge import load
from psoas.knowledge.index import vocabulary
from psoas.screening import Screen, facts_of, screen


def case_of(**fields: Any) -> Case:
    return Case.of({"psoas_case": 1, **fields}, vocabulary())


def differential(no_single_source: float = 0.6, **responsibility: float) -> Diagnosis:
    """A differential with these responsibilities; each probability a little above."""
    order = sorted((responsibility or {"facet_joint_pain": 0.0}).items(), key=lambda pair: -pair[1])
    ranked = tuple(
        RankedSource(name, min(1.0, share * 1.2), (share / 2, min(1.0, share * 2)), share, (), (), rank)
        for rank, (name, share) in enumerate(order, 1)
    )
    return Diagnosis(
        setting="studio",
        differential=ranked if responsibility else (),
        no_single_source=no_single_source,
        next=(),
        withheld=(),
        change=None,
        chances=chances_of(ranked, no_single_source, load()),
        judged=1.0,
        psoas=HipFlexorVerdict("cannot_tell_yet", 0.0, (0.0, 0.0), (), "retest", (), "psoas_myofascial_pain"),
    )


def planned(case: Case, diagnosis: Diagnosis | None = None) -> tuple[Plan, Screen]:
    """The plan of a case, and the screen it rests on."""
    knowledge = load()
    facts = facts_of(case, knowledge)
    seen = screen(case, knowledge, facts)
    return plan_for(case, facts, knowledge, seen, diagnosis or differential()), seen


def plan_of(diagnosis: Diagnosis | None = None, **fields: Any) -> Plan:
    return planned(case_of(**fields), diagnosis)[0]


def ids(plan: Plan) -> list[str]:
    return [item.id for item in plan.items]
