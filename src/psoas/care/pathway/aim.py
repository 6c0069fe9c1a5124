"""What a plan is for: the source, how sure that is, on which facts, and the phase the person starts in."""

from __future__ import annotations

from collections.abc import Mapping

from psoas.care._referral import reported_in
from psoas.care.pathway.loads import because_of, marks_of, reason
from psoas.care.pathway.phase import phase_of
from psoas.care.pathway.weighed import Candidate, Target
from psoas.care.types import Aim, Because
from psoas.case import Case
from psoas.knowledge import Knowledge
from psoas.knowledge.rules.conditions import evaluate
from psoas.knowledge.rules.facts import Facts
from psoas.screening import Screen

NO_SINGLE_SOURCE = "no_single_source"
MOST_REASONS = 3
MOST_REASONS_TO_READ = 2
"""Reasons for the practitioner, and for the person, who reads few."""
PLAIN_SURE = {"probably": "most likely"}
"""How sure, for the person: a word that is no figure."""
PHASES = {
    "calm": "calm it first",
    "rebuild": "build up strength",
    "return": "the way back to all of it",
}
"""The phases in words."""


def aim_of(
    target: Target, hurts: Mapping[str, tuple[str, ...]], case: Case, facts: Facts, screen: Screen, knowledge: Knowledge
) -> Aim:
    """The aim of a plan, with its first line."""
    phase, why = phase_of(case, screen, knowledge)
    needs = knowledge.plan_choices.of_source[target.first].return_needs
    if phase == "return" and needs is not None and evaluate(needs, facts) is not True:
        phase = "rebuild"
    best, loads = target.best, knowledge.plan_choices.loads
    because = _because(target, hurts, case, facts, knowledge)
    hurting = tuple(loads[name].name for name in hurts)[:MOST_REASONS]
    said = tuple(dict.fromkeys(one.words for one in because))
    told_plainly = tuple(dict.fromkeys(one.for_client for one in because))[:MOST_REASONS_TO_READ]
    place = knowledge.plan_choices.places.get(_first_place(case), "") if not target.in_the_back else ""
    probability = best.probability if best else 0.0
    how = next(one.words for one in knowledge.plan_choices.how_sure if probability >= one.from_probability)
    name = _plain(best.source, knowledge) if best else ""
    second = _plain(target.second.source, knowledge) if target.second else ""
    return Aim(
        for_=target.first if target.leads else NO_SINGLE_SOURCE,
        pathway=target.first,
        name=name if target.leads else "no single source",
        probability=probability,
        how_sure=how,
        second=target.second.source if target.second else None,
        second_name=second,
        because=because,
        phase=phase,
        phase_why=why,
        hurts=hurting,
        sentence=_sentence(target, name, second, f"{how} ({probability:.0%})", said, hurting, place, phase, why),
        plain=_sentence(
            target, name, second, PLAIN_SURE.get(how, how), told_plainly, hurting, place, phase, _told(why)
        ),
    )


def _told(why: str) -> str:
    """Why the phase, for the person; what they did not tell they know."""
    return "" if why.endswith("not told") else why


def _first_place(case: Case) -> str:
    return next(iter(sorted(case.pain.regions, key=lambda name: -(case.pain.regions[name] or 0))), "").rpartition("_")[
        0
    ]


def _sentence(
    target: Target, name: str, second: str, how: str, reasons: tuple[str, ...], hurting: tuple[str, ...], place: str,
    phase: str, why: str,
) -> str:  # fmt: skip
    starts = f"Start: {PHASES[phase]}{f' ({why})' if why else ''}."
    because = f" Why: {'; '.join(reasons)}." if reasons else ""
    if target.leads:
        close = f" Close behind: {second}." if second else ""
        return f"For {name}: {how}.{because}{close} {starts}"
    if target.tries_best:
        return f"No single source stands out. First to try: what helps {name} ({how}).{because} {starts}"
    looked = f" First to check: {name} ({how})." if name else ""
    ordinary = f"pain {place}" if place else "ordinary back pain"
    loads = f"what hurts you: {', '.join(hurting)}" if hurting else ordinary
    said = because if not hurting and not place else ""
    return f"No single source stands out; this plan is for {loads}.{said}{looked} {starts}"


def _because(
    target: Target, hurts: Mapping[str, tuple[str, ...]], case: Case, facts: Facts, knowledge: Knowledge
) -> tuple[Because, ...]:
    """Facts of the case that lead to the source; without a source, those that say what hurts; else the marks."""
    found: tuple[Because, ...] = ()
    if target.best and (target.leads or target.tries_best):
        found = told(target.best, facts, knowledge)
    elif hurts:
        found = because_of(tuple(dict.fromkeys(by[0] for by in hurts.values())), knowledge)
    return (found or marks_of(case, knowledge))[:MOST_REASONS]


def told(one: Candidate, facts: Facts, knowledge: Knowledge) -> tuple[Because, ...]:
    """What speaks for a source and was told or found in this case; a yes before a no."""
    told_first = sorted(one.told, key=lambda weight: weight.answer == "no")
    held = [weight for weight in told_first if _is_told(weight.finding, facts)]
    return tuple(reason(w.finding, knowledge, w.answer, round(w.bits, 2)) for w in held)


def _is_told(name: str, facts: Facts) -> bool:
    """Whether the case says it, and it is more than age or sex said again."""
    in_case = reported_in(name, facts) or facts.yes(name) is False
    return in_case and not _restates_a_field(name, facts)


def _restates_a_field(name: str, facts: Facts) -> bool:
    """Whether an answer only says again what age or sex said."""
    derived, flag = facts.index.derived.get(name), facts.index.acts.get(name)
    rule = derived.rule if derived is not None else flag.derived_from if flag is not None else None
    return bool(rule and rule.startswith("person."))


def _plain(source: str, knowledge: Knowledge) -> str:
    text = knowledge.sources_of_pain.conditions[source].plain_name
    return text[:1].lower() + text[1:]
