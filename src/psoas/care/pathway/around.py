"""What stands around the five things: the re-test, what to leave alone, what differs for people like this one."""

from __future__ import annotations

from psoas.care.pathway.loads import groups_of
from psoas.care.pathway.weighed import NONSPECIFIC
from psoas.care.types import Aim, Leave, ReTest
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.treatment.pathways import Pathway
from psoas.knowledge.rules.facts import Facts


def retest_of(pathway: Pathway, knowledge: Knowledge) -> ReTest:
    """The sign and the activity to measure again, when, how much is enough, and what next if not."""
    test = pathway.re_test
    plain = knowledge.plan_choices.of_source[pathway.id].measure
    return ReTest(plain, knowledge.plan_choices.enough, test.what, test.after_weeks, test.enough_change, test.if_not)


def course_of(aim: Aim, knowledge: Knowledge) -> str:
    """What to expect, as published for the source; where none leads, for ordinary back pain."""
    name = aim.for_ if aim.for_ in knowledge.care_by_source.pathways else NONSPECIFIC
    return knowledge.care_by_source.pathways[name].expected_course.share_better


def avoided(pathway: Pathway) -> tuple[Leave, ...]:
    """What the pathway says to leave alone for now, and until when."""
    return tuple(Leave(one.what, one.why, one.until, ()) for one in pathway.avoid_for_now)


def differs_for(pathway: Pathway, facts: Facts, knowledge: Knowledge) -> tuple[str, ...]:
    """Remarks of the pathway for a group that this person belongs to; never one for the other sex."""
    groups, sex = groups_of(facts, knowledge), facts.case.person.sex
    return tuple(
        f"{one.who[:1].upper()}{one.who[1:]}: {one.how}"
        for one in pathway.differs_for
        if set(one.groups) & groups and (one.sex is None or one.sex == sex)
    )
