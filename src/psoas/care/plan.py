"""What to do now: from the screen and the differential to at most five things, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from psoas.care import _catalogue as catalogue
from psoas.care import weights
from psoas.care._candidates import Candidate, candidates
from psoas.care._items import item_of
from psoas.care._referral import leave_for_now, referral, source_referral, with_extras, with_missing, with_sources
from psoas.care._review import message, reviews
from psoas.care._scoring import Complaint, score
from psoas.care._selection import Scored, choose, in_order
from psoas.care._settled import settled_no
from psoas.care.pathway.aim import aim_of
from psoas.care.pathway.around import avoided, course_of, differs_for, retest_of
from psoas.care.pathway.examination import leg_pain, missing, signs
from psoas.care.pathway.exercises import brief_dose, exercises_for
from psoas.care.pathway.five import RESTING, SURE, Five, Person, at_the_flexors, exercise_item, five_of, unexamined_of
from psoas.care.pathway.hands_on import hands_on_for
from psoas.care.pathway.loads import because_of, hurting, pathway_of_place, possible_sources
from psoas.care.pathway.weighed import Weighed, target_of
from psoas.care.safety.checks import REGIONS_OF_THE_BACK, Against, evidence_against
from psoas.care.safety.flags import held_flags
from psoas.care.safety.held_back import held_back
from psoas.care.safety.interactions import Held, clashes_of, illnesses, not_known, taken
from psoas.care.types import Dropped, Item, Plan, Reason, Stage
from psoas.case import Case
from psoas.diagnosis.types import Diagnosis
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.treatment.plan_choices import Refer
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
    made = proposal(case, facts, knowledge, screen, diagnosis)
    person, pool, first, five = made.person, made.pool, made.first, made.five
    against = person.against
    items: tuple[Item, ...] = five.items if first is None else (first, *five.items)
    _, rest = choose(pool.free, stage, _room(screen), knowledge)
    review, later = reviews(case, screen, stage, knowledge, today)
    waits = screen.at_least("same_day")
    hands, withheld = hands_on_for(person.pathway, against, knowledge)
    named = {one.id for one in items} | five.free
    left = tuple(one for one in five.dropped if one.id not in named)
    return Plan(
        urgency=screen.urgency,
        stage=stage,
        items=items,
        dropped=(*left, *(one for one in pool.dropped if one.id not in {gone.id for gone in left} | five.free)),
        not_offered=pool.not_offered,
        next_best=tuple((one.candidate.id, one.score.total) for one in rest if one.candidate.id not in named)[
            : weights.MOST_ITEMS
        ],
        clashes=clashes_of(against.held, knowledge),
        ask_pharmacist=unknown,
        warnings=_warnings(takes, facts, knowledge),
        leave_for_now=leave_for_now(screen, knowledge, exercises=any(one.kind == "exercise" for one in items)),
        safety_net=knowledge.red_flags.safety_net,
        review=review,
        checkpoints=later,
        message=message(screen, stage, knowledge),
        aim=None if waits else person.aim,
        hands_on=() if waits else hands,
        hands_on_withheld=withheld,
        examine_first=against.unexamined,
        retest=None if waits else retest_of(person.pathway, knowledge),
        avoid=() if waits else avoided(person.pathway),
        differs=() if waits else differs_for(person.pathway, facts, knowledge),
        course="" if waits else course_of(person.aim, knowledge),
        watch="" if waits else knowledge.plan_choices.of_source[person.pathway.id].watch,
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a plan is put together from: the person, general care, a referral of the screen, and the things to do."""

    person: Person
    pool: Pool
    first: Item | None
    five: Five


def proposal(case: Case, facts: Facts, knowledge: Knowledge, screen: Screen, diagnosis: Diagnosis) -> Proposal:
    """Everything that a plan and its offers rest on; arguments as in `plan_for`."""
    stage = stage_of(case)
    against = against_of(case, facts, knowledge, screen, diagnosis)
    complaint = Complaint.of(diagnosis)
    person = person_of(case, facts, knowledge, screen, diagnosis, against)
    pool = sorted_out(candidates(stage, facts, knowledge), against, complaint)
    first = referral(screen, facts, knowledge)
    if first is not None and not screen.at_least("same_day"):
        first = with_sources(first, _asked_by_sources(person), knowledge)
        first = with_extras(first, facts, knowledge)
        first = replace(first, check=with_missing(first.check, unexamined_of(person)))
    flexor = _flexor(pool, person, complaint, stage)
    five = five_of(person, _room(screen), refers=first is not None, flexor=flexor)
    return Proposal(person, pool, first, _without_settled(five, case))


def _without_settled(five: Five, case: Case) -> Five:
    """The things to do without what a trial on this person showed not to help; a referral is never among those."""
    no = settled_no(case)
    gone = [one for one in five.items if one.id in no and one.kind != "referral"]
    if not gone:
        return five
    dropped = tuple(Dropped(one.id, one.kind, one.name, (no[one.id],)) for one in gone)
    return replace(five, items=tuple(one for one in five.items if one not in gone), dropped=(*five.dropped, *dropped))


def _asked_by_sources(person: Person) -> tuple[Refer, ...]:
    """Referrals of the leading source and of one close behind; none where nothing leads."""
    target, knowledge = person.target, person.knowledge
    named = [target.first, *((target.second.source,) if target.second else ())] if target.leads else []
    cares = [knowledge.plan_choices.of_source[name] for name in named]
    rules = [source_referral(care, person.facts, walks=person.walks) for care in cares]
    return tuple(one for one in rules if one is not None)


def person_of(
    case: Case, facts: Facts, knowledge: Knowledge, screen: Screen, diagnosis: Diagnosis, against: Against
) -> Person:
    """What the things of a plan are made from; arguments as in `plan_for`."""
    weighed = Weighed.of(diagnosis)
    possible = possible_sources(facts, knowledge)
    target = target_of(
        weighed, knowledge, in_the_back=against.in_the_back, possible=possible, hurts=against.hurts,
        by_place=pathway_of_place(facts, knowledge),
    )  # fmt: skip
    aim = aim_of(target, against.hurts, case, facts, screen, knowledge)
    return Person(target, aim, against.hurts, against, facts, screen, knowledge)


def _flexor(pool: Pool, person: Person, complaint: Complaint, stage: Stage | None) -> Item | None:
    """The step at the hip flexors: for the verdict that they may be the source, or for a finding there.

    Whether they matter can only be learnt by treating them and testing again.
    """
    target, knowledge = person.target, person.knowledge
    if target.flexors is not None and person.screen.gate.open:
        pathway = knowledge.care_by_source.pathways[target.flexors]
        found = exercises_for(pathway, person.aim.phase, person.against, person.facts, knowledge)
        own = [one for one in found.free if one.step is not None and one.exercise.group not in RESTING]
        at_them = [one for one in own if at_the_flexors(one)]
        if own and (at_them or target.probable):
            return exercise_item((at_them or own)[0], 4, person)
    told = [one for one in pool.free if one.candidate.act_on and one.candidate.group in catalogue.HIP_FLEXOR_GROUPS]
    if not told:
        return None
    best = in_order(told)[0]
    made = item_of(best.candidate, best.score, complaint, stage, person.screen, person.facts, knowledge)
    because = because_of(best.candidate.act_on, knowledge)
    return replace(
        made,
        because=because,
        for_="shortened_hip_flexors",
        phase="rebuild",
        order=4,
        effects=(),
        say=" ".join(made.steps),
        dose_words=f"{brief_dose(made.dose)}.",
        progress_when=_more(best.candidate),
        certainty_words=SURE[made.certainty],
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
    return Against(
        case, screen, knowledge, flags, held, unknown, _in_the_back(facts),
        hurts=hurting(facts, knowledge),
        leg_hurts=leg_pain(facts, knowledge),
        unexamined=missing(facts, knowledge),
        nerve_signs=signs(facts, knowledge),
        injuries=tuple(name for name in knowledge.plan_choices.injuries.answers if facts.yes(name)),
    )  # fmt: skip


def _more(one: Candidate) -> str:
    """How an exercise goes on, as a sentence."""
    said = one.exercise.progression if one.exercise else ""
    return f"{said[:1].upper()}{said[1:]}." if said else ""


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
    """How many things there is room for beside a referral of the screen."""
    if screen.at_least("same_day"):
        return 0
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
