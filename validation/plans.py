"""A rubric for plans: what a plan owes a person, checked on case files and on the textbook pictures of every source.

    python validation/plans.py FOLDER            a folder of case files; `--detail` names every miss
    python validation/plans.py                   the textbook pictures of every source alone

Each line is a rule that a program can see: the cause is named, the load that provokes is changed, nothing is prescribed
that provokes, every reason stands in the case, a referral says what to check and what to do until then, five things at
most, 220 words at most, nothing for the other sex or another region, and effects that belong to the source; those of
`plan_words.py` came from reading plans. What a rubric cannot see (whether a plan is wise) is read by people.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parent))
import plan_words

from psoas.assessment import Assessment, assess
from psoas.care import word_count
from psoas.care.brief import MOST_WORDS, brief
from psoas.knowledge import Knowledge, load

TEXTBOOK = Path(__file__).parents[1] / "tests" / "diagnosis" / "textbook.yaml"
DAILY = ("ask", "self_test")
WORDS_OF_THE_OTHER_SEX = {"male": ("pregnan", "menopaus", "after birth"), "female": ("testic", "prostate")}
HIP_SOURCES = frozenset({
    "hip_osteoarthritis", "femoroacetabular_impingement_labral", "greater_trochanteric_pain_syndrome",
    "adductor_related_groin_pain", "iliopsoas_tendinopathy", "hip_flexor_strain",
})  # fmt: skip


@dataclass(frozen=True)
class Miss:
    """One rule that a plan broke."""

    case: str
    rule: str
    what: str


def _cause_is_named(a: Assessment, k: Knowledge) -> Iterator[str]:
    aim = a.plan.aim
    if aim is None:
        if a.plan.items[0].kind != "referral" or not a.plan.items[0].practitioner_name:
            yield "no aim and no cause"
        return
    plain = k.sources_of_pain.conditions
    named = aim.for_ == "no_single_source" or plain[aim.for_].plain_name.lower() in aim.sentence.lower()
    if not named or not aim.because:
        yield f"{aim.for_}: {aim.sentence}"


def _hurts(a: Assessment, k: Knowledge, *, daily: bool = False) -> dict[str, tuple[str, ...]]:
    from psoas.knowledge.index import index_of

    findings = index_of(k).findings
    found = {}
    for one in k.plan_choices.loads.values():
        by = [name for name in one.provoked_by if a.facts.yes(name)]
        if daily:
            by = [name for name in by if name not in findings or findings[name].mode in DAILY]
        if by:
            found[one.id] = tuple(by)
    return found


def _provoking_load_is_changed(a: Assessment, k: Knowledge) -> Iterator[str]:
    if a.screen.at_least("same_day"):
        return
    change = next((item for item in a.plan.items if item.order == 1), None)
    if change is None:
        yield "no load is changed"
        return
    hurts = {name for name, one in _hurts(a, k, daily=True).items() if k.plan_choices.loads[name].change}
    sports = {one.id for one in a.case.person.activities}
    reasons = {one.id for one in change.because}
    answers = {name for load in hurts for name in _hurts(a, k)[load]}
    if hurts and not (reasons & answers or any(name.startswith("person.activities") for name in reasons)):
        yield f"{change.id} while {sorted(hurts)} hurt"
    if not hurts and sports - {"other", "walking"} and not change.say:
        yield f"{change.id} while {sorted(sports)}"


def _nothing_provokes(a: Assessment, k: Knowledge) -> Iterator[str]:
    hurts = _hurts(a, k)
    for item in a.plan.items:
        if item.order == 2:
            name = item.id.removeprefix("ease_")
            ease, care = k.plan_choices.eases.get(name), k.plan_choices.of_source.get(name)
            asked = ease.not_with if ease else care.ease_asks if care and item.say == care.ease else ()
            if set(asked) & set(hurts):
                yield f"{item.id} asks for {asked}"
        if item.kind != "exercise":
            continue
        for load_ in k.plan_choices.exercise_loads[item.id]:
            if load_ in hurts and "It may hurt 2 of 10" not in item.say:
                yield f"{item.id} asks for {load_}: {hurts[load_]}"
        if item.dose.get("sets", 1) < 1:
            yield f"{item.id} without a dose"


def _every_reason_is_in_the_case(a: Assessment, k: Knowledge) -> Iterator[str]:
    from psoas.care._referral import reported_in

    told = {f"person.activities.{one.id}" for one in a.case.person.activities}
    told |= {f"goals.{place}" for place in range(len(a.case.goals))}
    for item in a.plan.items:
        for one in item.because:
            known = one.id in a.facts.index.findings or one.id in a.facts.index.flags
            answered = known and a.facts.yes(one.id) is not None
            if one.id not in told and not answered and not reported_in(one.id, a.facts):
                yield f"{item.id}: {one.id}"
    for one in a.plan.aim.because if a.plan.aim else ():
        if a.facts.yes(one.id) is None and not reported_in(one.id, a.facts):
            yield f"aim: {one.id}"


def _referrals_say_what_until_then(a: Assessment, k: Knowledge) -> Iterator[str]:
    referrals = [item for item in a.plan.items if item.kind == "referral"]
    if a.screen.at_least("routine_referral") and not referrals:
        yield "the screen refers, the plan does not"
    if len(referrals) > 1:
        yield "more than one referral"
    for item in referrals:
        if not (item.check and item.until_seen and item.how_soon):
            yield f"{item.id}: check {bool(item.check)}, until {bool(item.until_seen)}"


def _five_at_most(a: Assessment, k: Knowledge) -> Iterator[str]:
    if len(a.plan.items) > 5 or len({item.id for item in a.plan.items}) < len(a.plan.items):
        yield f"{len(a.plan.items)} things: {[item.id for item in a.plan.items]}"
    orders = [item.order for item in a.plan.items]
    if orders != sorted(orders, key=lambda one: one or 0) or None in orders:
        yield f"order {orders}"


def _short_enough(a: Assessment, k: Knowledge) -> Iterator[str]:
    if (words := word_count(a.plan)) > MOST_WORDS:
        yield f"{words} words"


def _right_sex_and_region(a: Assessment, k: Knowledge) -> Iterator[str]:
    said = " ".join((*(line for one in brief(a.plan) for line in one.lines), *a.plan.differs)).lower()
    for word in WORDS_OF_THE_OTHER_SEX.get(a.case.person.sex or "", ()):
        if word in said:
            yield f"{a.case.person.sex}: {word}"
    aim = a.plan.aim
    if aim and aim.for_ in HIP_SOURCES:
        marks = {region for region, _ in a.case.pain.marks()}
        if marks and marks <= {"lumbar", "thoracic", "flank", "upper_abdomen"}:
            yield f"{aim.for_} for {sorted(marks)}"


def _effects_belong(a: Assessment, k: Knowledge) -> Iterator[str]:
    for item in a.plan.items:
        own = {one.id for one in item.sources if one.pack == "care_by_source"}
        for effect in item.effects:
            pathway = k.care_by_source.pathways.get(item.for_)
            if pathway is None or not any(one.what in effect.words for one in pathway.effect):
                yield f"{item.id}: {effect.words[:60]}"
        if item.certainty in ("very_low", "none") and "large" in " ".join((item.say, item.certainty_words)).lower():
            yield f"{item.id}: large at {item.certainty}"
        if item.effects and not own:
            yield f"{item.id}: an effect without its source"


Rule = Callable[[Assessment, Knowledge], Iterator[str]]
RULES: Mapping[str, Rule] = {
    "cause named": _cause_is_named,
    "provoking load changed": _provoking_load_is_changed,
    "nothing prescribed that provokes": _nothing_provokes,
    "every reason in the case": _every_reason_is_in_the_case,
    "referral with check and interim care": _referrals_say_what_until_then,
    "five things at most, in order": _five_at_most,
    f"at most {MOST_WORDS} words": _short_enough,
    "right sex and region": _right_sex_and_region,
    "effects that belong": _effects_belong,
    **plan_words.RULES,
}


def cases(folder: Path | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Case files of a folder, then the textbook pictures of every source."""
    for path in sorted(folder.glob("case_*.yaml")) if folder else ():
        yield path.stem, yaml.safe_load(path.read_text(encoding="utf-8"))
    for source, pictures in yaml.safe_load(TEXTBOOK.read_text(encoding="utf-8")).items():
        for number, picture in enumerate(pictures, 1):
            data = {name: value for name, value in picture.items() if name != "beyond"}
            yield f"{source}_{number}", {"psoas_case": 1, **data}


def check(folder: Path | None) -> tuple[int, list[Miss]]:
    """Number of plans, and every rule that one broke."""
    knowledge, misses, count = load(), [], 0
    for name, data in cases(folder):
        count += 1
        made = assess(data, knowledge=knowledge)
        misses += [Miss(name, rule, what) for rule, found in RULES.items() for what in found(made, knowledge)]
    return count, misses


def main() -> int:
    """Print the share of plans that keep each rule; 1 when one is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="a folder with case_*.yaml")
    parser.add_argument("--detail", action="store_true", help="name every miss")
    options = parser.parse_args()
    count, misses = check(options.folder)
    for rule in RULES:
        broken = {miss.case for miss in misses if miss.rule == rule}
        print(f"{rule:40} {count - len(broken):4} of {count}")
    if options.detail:
        for miss in misses:
            print(f"  {miss.case}: {miss.rule}: {miss.what}")
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
