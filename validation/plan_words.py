"""What was found by reading plans with one's own eyes, as rules: words for the person, referrals, hands, pictures.

Rules of `plans.py`, in a file of their own. Each takes an answer and the knowledge and yields what breaks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from psoas import figures
from psoas.assessment import Assessment
from psoas.care.brief import brief
from psoas.care.pathway.loads import in_words
from psoas.knowledge import Knowledge
from psoas.knowledge.index import index_of

TEST_NAMES = re.compile(
    r"\b(FABER|FADIR|FAIR|Kemp|Thomas|Stinchfield|Patrick|Gaenslen|Lasègue|slump|P4|Pace|ADD-R|HEC|posterior superior"
    r"|provocation|straight-leg raise|piriformis|iliopsoas|dermatom\w+|spinous|centralis\w+)\b"
)
"""Names of tests and words of the trade that a person does not read."""
AMOUNT = re.compile(r"\d ?(×|times in|minutes?\b|s\b|seconds\b|rounds\b)")
"""How much of an exercise: repetitions, holds or minutes; days and weeks alone are no dose."""
MANUAL = ("manual worker", "farm", "builder")


def lines_for_the_person(a: Assessment) -> list[tuple[str, str]]:
    """Every line that a person reads before folding, with the id of its part."""
    return [(one.id, line) for one in brief(a.plan) for line in (one.title, *one.lines)]


def no_name_of_a_test(a: Assessment, k: Knowledge) -> Iterator[str]:
    """Reasons in the client's wording: no name of a test, no id."""
    for part, line in lines_for_the_person(a):
        if (found := TEST_NAMES.search(line)) or re.search(r"[a-z]_[a-z]", line):
            yield f"{part}: {found[0] if found else line}"
    findings = index_of(k).findings
    for one in a.plan.aim.because if a.plan.aim else ():
        finding = findings.get(one.id)
        by_hand = finding is not None and finding.mode == "hands_on" and one.id not in k.plan_choices.reasons
        if by_hand and one.for_client == in_words(one.id, k):
            yield f"{one.id}: {one.for_client}"


def whole_sentences(a: Assessment, k: Knowledge) -> Iterator[str]:
    """A line starts with a capital or a figure and ends; nothing is left open or doubled."""
    for part, line in lines_for_the_person(a):
        if re.search(r"[{}]|\bNone\b|\.\.|  |;\.|\bFor this pathway\b", line) or line != line.strip():
            yield f"{part}: {line}"
    for one in brief(a.plan):
        yield from (f"{one.id}: {line}" for line in one.lines if line[:1].islower() or line[-1] not in ".!?")


def said_once(a: Assessment, k: Knowledge) -> Iterator[str]:
    """No clause of the interim care and no check stands twice."""
    for item in a.plan.items:
        clauses = [part.strip(" .;").lower() for part in re.split(r"[.;] ", item.until_seen) if part.strip(" .;")]
        if len(set(clauses)) < len(clauses) or len(set(item.check)) < len(item.check):
            yield f"{item.id}: {item.until_seen}"


def referral_of_the_source(a: Assessment, k: Knowledge) -> Iterator[str]:
    """A referral says what the leading source wants checked, and is not slower than that source asks."""
    from psoas.care._referral import source_referral

    aim, sent = a.plan.aim, next((item for item in a.plan.items if item.kind == "referral"), None)
    if aim is None or aim.for_ not in k.plan_choices.of_source:
        return
    asked = source_referral(k.plan_choices.of_source[aim.for_], a.facts)
    if asked is None:
        return
    if sent is None:
        yield f"{asked.who} is not named"
        return
    said = set(re.findall(r"[\w-]+", " ".join(sent.check).lower()))
    for line in asked.check:
        words = set(re.findall(r"[\w-]+", line.lower())) - {"a", "an", "and", "of", "the", "or", "both", "area", "legs"}
        if not words <= said:
            yield f"{sent.id}: {line}"
    if asked.urgency == "urgent_referral" and sent.id == "routine_referral":
        yield f"{sent.id} where {aim.for_} asks for {asked.urgency}"


def no_thrust_after_a_fall(a: Assessment, k: Knowledge) -> Iterator[str]:
    """No thrust is offered where a fall or a blow began it."""
    if any(a.facts.yes(name) for name in k.plan_choices.injuries.answers):
        for work in a.plan.hands_on:
            if "thrust" in work.what.lower() and "non-thrust" not in work.what.lower():
                yield work.what


def every_exercise_is_shown(a: Assessment, k: Knowledge) -> Iterator[str]:
    """An exercise has a picture, a dose and words how; at most one of them stands in for the pathway's own."""
    for item in a.plan.items:
        if item.kind != "exercise":
            continue
        if item.id not in figures.available():
            yield f"{item.id} without a picture"
        told = f"{item.say} {item.dose_words}"
        if not item.dose_words or not (item.say or item.steps) or not AMOUNT.search(told):
            yield f"{item.id} without a dose or words: {told}"


def of_this_part_of_the_body(a: Assessment, k: Knowledge) -> Iterator[str]:
    """What stands in at the hip is for the hip; no plan for the hip alone speaks of back pain."""
    aim, choices = a.plan.aim, k.plan_choices
    if aim is None or aim.pathway not in choices.hip_sources:
        return
    pathway = k.care_by_source.pathways[aim.pathway]
    own = {step.exercise for phase in pathway.phases for step in phase.items}
    for item in a.plan.items:
        stands_in = item.kind == "exercise" and item.id not in own and item.for_ == aim.for_
        if stands_in and item.id in set(choices.instead) - set(choices.instead_at_the_hip):
            yield item.id
    if "ordinary back pain" in aim.sentence:
        yield aim.sentence


def no_unknown_trade(a: Assessment, k: Knowledge) -> Iterator[str]:
    """A remark for manual work goes to somebody who is known to do it."""
    works = any(one.id == "manual_work" for one in a.case.person.activities)
    for remark in a.plan.differs:
        if not works and remark.lower().startswith(MANUAL):
            yield remark[:60]


RULES = {
    "client words, no names of tests": no_name_of_a_test,
    "whole sentences": whole_sentences,
    "interim care said once": said_once,
    "referral as the source asks": referral_of_the_source,
    "no thrust after a fall": no_thrust_after_a_fall,
    "picture, dose and words": every_exercise_is_shown,
    "of this part of the body": of_this_part_of_the_body,
    "no trade that nobody told": no_unknown_trade,
}
"""By the name that `plans.py` prints."""
