"""What to do now: from the screen and the differential to at most five things, each with its reasons."""

from __future__ import annotations

from datetime import date

from psoas.care import _catalogue as catalogue
from psoas.care import weights
from psoas.care._candidates import Candidate, candidates
from psoas.care._checks import REGIONS_OF_THE_BACK, Against, evidence_against
from psoas.care._flags import held_flags
from psoas.care._interactions import Held, clashes_of, illnesses, not_known, taken
from psoas.care._items import item_of
from psoas.care._referral import leave_for_now, referral
from psoas.care._review import message, reviews
from psoas.care._scoring import Complaint, score
from psoas.care._selection import Scored, choose
from psoas.care.types import Dropped, Item, Plan, Stage
from psoas.case import Case
from psoas.diagnosis.types import Diagnosis
from psoas.knowledge import Knowledge
from psoas.knowledge.facts import Facts
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
    flags = held_flags(facts, knowledge, screen, diagnosis)
    takes = taken(facts, knowledge)
    held = (*takes, *illnesses(facts, knowledge, flags))
    unknown = not_known(facts, knowledge)
    against = Against(case, screen, knowledge, flags, held, tuple(name for name, _ in unknown), _in_the_back(facts))
    complaint = Complaint.of(diagnosis)

    items: list[Item] = [] if (first := referral(screen, knowledge)) is None else [first]
    rest: list[Scored] = []
    dropped: list[Dropped] = []
    not_offered: list[Dropped] = []
    if not screen.at_least("same_day"):
        free: list[Scored] = []
        for one in candidates(stage, facts, knowledge):
            if one.hip_flexor and not _asked_for(one, complaint):
                continue
            if weak := evidence_against(one):
                not_offered.append(Dropped(one.id, one.kind, one.name, weak))
            elif reasons := against.reasons(one):
                dropped.append(Dropped(one.id, one.kind, one.name, reasons))
            else:
                free.append(Scored(one, score(one, complaint, knowledge)))
        most = 1 + weights.GENTLE_BESIDES_REFERRAL if screen.at_least("urgent_referral") else weights.MOST_ITEMS
        chosen, rest = choose(free, stage, most - len(items), knowledge)
        items += [item_of(one.candidate, one.score, complaint, stage, screen, knowledge) for one in chosen]
    review, later = reviews(case, screen, stage, knowledge, today)
    return Plan(
        urgency=screen.urgency,
        stage=stage,
        items=tuple(items),
        dropped=tuple(dropped),
        not_offered=tuple(not_offered),
        next_best=tuple((one.candidate.id, one.score.total) for one in rest[: weights.MOST_ITEMS]),
        clashes=clashes_of(held, knowledge),
        ask_pharmacist=unknown,
        warnings=_warnings(takes, facts, knowledge),
        leave_for_now=leave_for_now(screen, knowledge, exercises=any(one.kind == "exercise" for one in items)),
        safety_net=knowledge.red_flags.safety_net,
        review=review,
        checkpoints=later,
        message=message(screen, stage, knowledge),
    )


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


def _asked_for(one: Candidate, complaint: Complaint) -> bool:
    """Whether work on the hip flexors comes into question at all: a finding, or enough responsibility."""
    if one.act_on or (one.id in catalogue.TWISTS and catalogue.TWISTS[one.id].needs is not None):
        return True
    meant = sum(complaint.responsibility.get(source, 0.0) for source in one.sources)
    return meant >= weights.LEAST_HIP_FLEXOR


def _warnings(takes: tuple[Held, ...], facts: Facts, knowledge: Knowledge) -> tuple[str, ...]:
    """What holds for a product that is taken, whatever else is; and before an operation, for all of them."""
    words = {word for one in takes for word in one.words}
    found = [said.warning for said in knowledge.interactions.product_warnings if said.product in words]
    if "surgery_within_two_weeks" in facts.case.conditions and facts.case.supplements:
        found += [said.rule for said in knowledge.interactions.perioperative_rule]
    return tuple(found)
