"""What to do now: from the screen and the differential to at most five things, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from psoas.care import _catalogue as catalogue
from psoas.care import weights
from psoas.care._candidates import Candidate, candidates
from psoas.care._checks import REGIONS_OF_THE_BACK, Against, evidence_against
from psoas.care._flags import held_flags
from psoas.care._held_back import held_back
from psoas.care._interactions import Held, clashes_of, illnesses, not_known, taken
from psoas.care._items import item_of
from psoas.care._referral import leave_for_now, referral
from psoas.care._review import message, reviews
from psoas.care._scoring import Complaint, score
from psoas.care._selection import Scored, choose
from psoas.care.types import Dropped, Item, Plan, Reason, Stage
from psoas.case import Case
from psoas.diagnosis.types import Diagnosis
from psoas.knowledge import Knowledge
from psoas.knowledge.rules.facts import Facts
from psoas.screening import Screen

ACUTE_BELOW_WEEKS = 6
CHRONIC_ABOVE_WEEKS = 12
"""Edges of the stages as `meta.stages` of interventions.yaml words them."""


def plan_for(
    case: Case, facts: Facts, knowledge: Knowledge, screen: Screen, diagnosis: Diagnosis, *, today: date | None = None
) -> Plan:
    """The plan for one visit.

    Args:
        case: the visit.
        facts: its facts, as the screen saw them.
        knowledge: the evidence.
        screen: the answer of the danger screen; it decides alone whenever someone must be seen at once.
        diagnosis: the ranked sources.
        today: day of the visit, for the dates to look again; without it only weeks are given.
    """
    stage = stage_of(case)
    takes = taken(facts, knowledge)
    unknown = not_known(facts, knowledge)
    against = against_of(case, facts, knowledge, screen, diagnosis)
    complaint = Complaint.of(diagnosis)

    pool = sorted_out(candidates(stage, facts, knowledge), against, complaint)
    chosen, rest = choose(pool.free, stage, _room(screen), knowledge)
    first = referral(screen, knowledge)
    items: tuple[Item, ...] = () if first is None else (first,)
    items += tuple(item_of(one.candidate, one.score, complaint, stage, screen, facts, knowledge) for one in chosen)
    review, later = reviews(case, screen, stage, knowledge, today)
    return Plan(
        urgency=screen.urgency,
        stage=stage,
        items=items,
        dropped=pool.dropped,
        not_offered=pool.not_offered,
        next_best=tuple((one.candidate.id, one.score.total) for one in rest[: weights.MOST_ITEMS]),
        clashes=clashes_of(against.held, knowledge),
        ask_pharmacist=unknown,
        warnings=_warnings(takes, facts, knowledge),
        leave_for_now=leave_for_now(screen, knowledge, exercises=any(one.kind == "exercise" for one in items)),
        safety_net=knowledge.red_flags.safety_net,
        review=review,
        checkpoints=later,
        message=message(screen, stage, knowledge),
    )


def exercises_held_back(
    case: Case, facts: Facts, knowledge: Knowledge, screen: Screen, diagnosis: Diagnosis
) -> dict[str, tuple[Reason, ...]]:
    """The exercises that this case holds back, in a plan or out of it, with the reasons. Arguments as in `plan_for`."""
    return held_back(against_of(case, facts, knowledge, screen, diagnosis), facts)


def against_of(case: Case, facts: Facts, knowledge: Knowledge, screen: Screen, diagnosis: Diagnosis) -> Against:
    """Everything about a case that can stand against something; arguments as in `plan_for`."""
    flags = held_flags(facts, knowledge, screen, diagnosis)
    held = (*taken(facts, knowledge), *illnesses(facts, knowledge, flags))
    unknown = tuple(name for name, _ in not_known(facts, knowledge))
    return Against(case, screen, knowledge, flags, held, unknown, _in_the_back(facts))


@dataclass(frozen=True, slots=True)
class Pool:
    """The candidates, parted into those that are free and those that something stands against."""

    free: tuple[Scored, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    not_offered: tuple[Dropped, ...] = ()


def sorted_out(found: Iterable[Candidate], against: Against, complaint: Complaint) -> Pool:
    """Part the candidates; while someone must be seen at once there are none."""
    if against.screen.at_least("same_day"):
        return Pool()
    free: list[Scored] = []
    dropped: list[Dropped] = []
    not_offered: list[Dropped] = []
    for one in found:
        if not _to_the_point(one, complaint) or (one.hip_flexor and not _asked_for(one, complaint)):
            continue
        if weak := evidence_against(one):
            not_offered.append(Dropped(one.id, one.kind, one.name, weak))
        elif reasons := against.reasons(one):
            dropped.append(Dropped(one.id, one.kind, one.name, reasons))
        else:
            free.append(Scored(one, score(one, complaint, against.knowledge)))
    return Pool(tuple(free), tuple(dropped), tuple(not_offered))


def _room(screen: Screen) -> int:
    """How many things there is room for beside a referral."""
    if screen.at_least("urgent_referral"):
        return weights.GENTLE_BESIDES_REFERRAL
    return weights.MOST_ITEMS - (1 if screen.at_least("routine_referral") else 0)


def stage_of(case: Case) -> Stage | None:
    """The stage by duration; pain-free now with episodes before is `recurrent`. None when nobody said how long."""
    pain = case.pain
    if pain.course == "episodic" and pain.worst == 0:
        return "recurrent"
    if pain.duration_weeks is None:
        return None
    if pain.duration_weeks < ACUTE_BELOW_WEEKS:
        return "acute"
    return "chronic" if pain.duration_weeks > CHRONIC_ABOVE_WEEKS else "subacute"


def _in_the_back(facts: Facts) -> bool:
    """Whether the pain is in the back; a drawing without marks is taken for one."""
    if not facts.case.pain.regions:
        return True
    return any(facts.marked(region) is True for region in REGIONS_OF_THE_BACK)


def _to_the_point(one: Candidate, complaint: Complaint) -> bool:
    """Whether anything in the case leads to it: a finding, the leading source, or enough of the complaint."""
    if one.act_on or complaint.leading in one.sources:
        return True
    return not one.targeted_only and complaint.share(one) >= weights.SHOWN_RESPONSIBILITY


def _asked_for(one: Candidate, complaint: Complaint) -> bool:
    """Whether work on the hip flexors comes into question at all: a finding, or enough responsibility."""
    if one.act_on or (one.id in catalogue.TWISTS and catalogue.TWISTS[one.id].needs is not None):
        return True
    meant = sum(complaint.responsibility.get(source, 0.0) for source in one.sources)
    return meant >= weights.LEAST_HIP_FLEXOR


def _warnings(takes: tuple[Held, ...], facts: Facts, knowledge: Knowledge) -> tuple[str, ...]:
    """What holds for a product that is taken, by its name; and before an operation, for all of them."""
    words, pack = {word for one in takes for word in one.words}, knowledge.interactions
    found = [
        f"{pack.products[said.product].name}: {said.warning[:1].lower()}{said.warning[1:]}"
        for said in pack.product_warnings
        if said.product in words
    ]
    if "surgery_within_two_weeks" in facts.case.conditions and facts.case.supplements:
        found += [said.rule for said in pack.perioperative_rule]
    return tuple(found)
