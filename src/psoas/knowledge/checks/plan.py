"""Checks of what a plan is made from: pathways and our own choices name exercises, sources and answers that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from psoas.knowledge.checks.rules import RuleChecker
from psoas.knowledge.problems import Problem

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge
    from psoas.knowledge.packs.treatment.pathways import Pathway
    from psoas.knowledge.packs.treatment.plan_choices import Rule

_PATHS, _OURS = "care_by_source", "plan_choices"
_PHASES = ("calm", "rebuild", "return")


def check_plan(k: Knowledge) -> Iterator[Problem]:
    """Every source of pain has a pathway and what stands beside it, and every id in them resolves."""
    for name in k.sources_of_pain.conditions:
        for pack, held in ((_PATHS, k.care_by_source.pathways), (_OURS, k.plan_choices.of_source)):
            if name not in held:
                yield Problem(pack, "", None, f"an entry for the source of pain {name!r}")
    for pathway in k.care_by_source.pathways.values():
        yield from _pathway(k, pathway)
    yield from _choices(k)


def _pathway(k: Knowledge, pathway: Pathway) -> Iterator[Problem]:
    where, choices = f"pathways/{pathway.id}", k.plan_choices
    if pathway.id not in k.sources_of_pain.conditions:
        yield Problem(_PATHS, where, pathway.id, "the id of a source of pain")
    names = tuple(phase.name for phase in pathway.phases)
    if names != _PHASES:
        yield Problem(_PATHS, f"{where}/phases", list(names), f"{', '.join(_PHASES)}, in this order")
    for change in pathway.change_now:
        yield from _in(_PATHS, f"{where}/change_now", change.loads, choices.loads, "loads of plan_choices.yaml")
    for phase in pathway.phases:
        for step in phase.items:
            here = f"{where}/{phase.name}/{step.exercise}"
            yield from _in(_PATHS, here, (step.exercise,), k.exercises.exercises, "exercises.yaml")
            yield from _in(_PATHS, f"{here}/graded", step.graded, choices.loads, "loads of plan_choices.yaml")
            timed = step.dose.minutes is not None
            if not timed and (step.dose.sets is None or step.dose.reps is None):
                yield Problem(_PATHS, f"{here}/dose", None, "sets and repetitions, or minutes")
    for difference in pathway.differs_for:
        yield from _in(_PATHS, f"{where}/differs_for", difference.groups, choices.groups, "groups of plan_choices.yaml")


def _choices(k: Knowledge) -> Iterator[Problem]:
    choices, checker, exercises = k.plan_choices, RuleChecker(k), k.exercises.exercises
    activities, loads = k.findings.activity_ids, choices.loads
    for load in loads.values():
        yield from _in(_OURS, f"loads/{load.id}/provoked_by", load.provoked_by, checker.known, "answers")
        yield from _in(_OURS, f"loads/{load.id}/activities", load.activities, activities, "activity_ids")
    yield from _in(_OURS, "activities", choices.activities, activities, "activity_ids")
    yield from _in(_OURS, "activities", activities, choices.activities, "activities, for each of activity_ids")
    yield from _in(_OURS, "exercise_loads", choices.exercise_loads, exercises, "exercises.yaml")
    yield from _in(_OURS, "exercise_loads", exercises, choices.exercise_loads, "exercise_loads, for each exercise")
    for pattern in choices.patterns:
        yield from _in(_OURS, "patterns", (pattern.pathway,), k.care_by_source.pathways, "care_by_source.yaml")
        yield from _in(_OURS, f"patterns/{pattern.pathway}", pattern.loads, loads, "loads")
    for name, asked in choices.exercise_loads.items():
        yield from _in(_OURS, f"exercise_loads/{name}", asked, loads, "loads")
    yield from _in(_OURS, "instead", choices.instead, exercises, "exercises.yaml")
    yield from _in(_OURS, "nerve_exercises", choices.nerve_exercises, exercises, "exercises.yaml")
    for ease in choices.eases.values():
        yield from _in(_OURS, "eases", (ease.id,), checker.known, "answers")
        yield from _in(_OURS, f"eases/{ease.id}/not_with", ease.not_with, loads, "loads")
    for one in choices.tried.values():
        yield from _in(_OURS, f"tried/{one.id}", one.exercises, exercises, "exercises.yaml")
    yield from _in(_OURS, "dangers", choices.dangers, k.red_flags.conditions, "conditions of red_flags.yaml")
    yield from _in(_OURS, "dangers", k.red_flags.conditions, choices.dangers, "dangers, for each cause of the screen")
    for key in ("nerve_signs", "leg_pain"):
        yield from _in(_OURS, key, getattr(choices, key), checker.known, "answers")
    for part in choices.nerve_examination:
        yield from _in(_OURS, f"nerve_examination/{part.id}", part.any_of, checker.known, "answers")
    yield from _words_and_places(k, checker)
    yield from _rules(k, checker)


def _words_and_places(k: Knowledge, checker: RuleChecker) -> Iterator[Problem]:
    choices = k.plan_choices
    regions, screen = k.terminology.pain_drawing_regions, k.red_flags
    known = {*checker.known, *screen.vital_signs.thresholds, *screen.laboratory.thresholds}
    yield from _in(_OURS, "reasons", choices.reasons, known, "answers")
    for one in choices.by_region:
        yield from _in(_OURS, "by_region", (one.pathway,), k.care_by_source.pathways, "care_by_source.yaml")
        yield from _in(_OURS, "by_region", (one.region,), regions, "regions")
    yield from _in(_OURS, "places", choices.places, regions, "regions")
    yield from _in(_OURS, "places", regions, choices.places, "places, for each region")
    yield from _in(_OURS, "injuries", choices.injuries.answers, checker.known, "answers")
    yield from _in(_OURS, "instead_at_the_hip", choices.instead_at_the_hip, k.exercises.exercises, "exercises.yaml")
    yield from _in(_OURS, "walk_on", choices.back_to.walk_on, k.sources_of_pain.conditions, "sources of pain")
    yield from _in(_OURS, "hip_sources", choices.hip_sources, k.sources_of_pain.conditions, "sources of pain")


def _rules(k: Knowledge, checker: RuleChecker) -> Iterator[Problem]:
    rules: list[tuple[str, Rule]] = [(f"groups/{one.id}", one.when) for one in k.plan_choices.groups.values()]
    for source in k.plan_choices.of_source.values():
        if source.id not in k.sources_of_pain.conditions:
            yield Problem(_OURS, f"of_source/{source.id}", source.id, "the id of a source of pain")
        yield from _in(_OURS, f"of_source/{source.id}/ease_asks", source.ease_asks, k.plan_choices.loads, "loads")
        if source.return_needs is not None:
            rules.append((f"of_source/{source.id}/return_needs", source.return_needs))
        rules += [(f"of_source/{source.id}/refer/{refer.id}", refer.when) for refer in source.refer]
    rules += [(f"by_region/{one.region}", one.when) for one in k.plan_choices.by_region]
    rules += [(f"extras/{one.id}", one.when) for one in k.plan_choices.extras]
    for where, rule in rules:
        yield from checker.rule(_OURS, where, rule, may_be_true=True)


def _in(pack: str, where: str, names: Iterable[Any], known: Iterable[Any], what: str) -> Iterator[Problem]:
    listed = set(known)
    for name in names:
        if name not in listed:
            yield Problem(pack, where, name, f"an id of {what}")
