"""The five things of a plan, in order: the load to change, what eases now, the exercise, the next, the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from psoas.care._referral import refer_item, source_referral, with_extras, with_sources
from psoas.care._sources import cite, unique
from psoas.care.pathway.change import activity_reason, change_for, ease_for
from psoas.care.pathway.exercises import Found, Offered, brief_dose, dose_of_step, exercises_for
from psoas.care.pathway.loads import activity_words, marks_of, reason
from psoas.care.pathway.weighed import Target
from psoas.care.safety.checks import Against, tried_rows
from psoas.care.types import Aim, Because, Citation, Dropped, EffectWords, Item
from psoas.case.types import Activity
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.treatment.pathways import About, Pathway, PathwayEffect
from psoas.knowledge.rules.facts import Facts
from psoas.screening import Screen

JUDGED = "Our judgement from clinical practice; no trial for this."
NO_TRIAL = "No trial for this."
SURE = {
    "high": "The evidence is strong.",
    "moderate": "It probably helps.",
    "low": "It may help; the evidence is weak.",
    "very_low": "It may help; the evidence is very weak.",
    "none": "Nobody has tested it.",
}
"""One plain line of certainty for a step; a size stands behind it, folded."""
TREATS = 3
"""The place of the exercise that treats the source; effects of a whole programme stand there, once."""
RESTING = frozenset({"rest", "breathing"})
"""Groups of exercises that calm and do not treat: they come after the others."""
WALKING = "walking_programme"
ALWAYS = {"always": True}
NERVE = frozenset({"sciatic_slider", "femoral_slider"})


@dataclass(frozen=True, slots=True)
class Person:
    """What all five things are made from."""

    target: Target
    aim: Aim
    hurts: Mapping[str, tuple[str, ...]]
    against: Against
    facts: Facts
    screen: Screen
    knowledge: Knowledge

    @property
    def walks(self) -> bool:
        """Whether no contraindication stands against walking as an exercise."""
        return not set(self.knowledge.exercises.exercises[WALKING].contraindications) & set(self.against.flags)

    @property
    def pathway(self) -> Pathway:
        """The pathway of the source that the plan treats first."""
        return self.knowledge.care_by_source.pathways[self.target.first]


@dataclass(frozen=True, slots=True)
class Five:
    """The things to do, the exercises of the pathway that were left out, and those that are free."""

    items: tuple[Item, ...]
    dropped: tuple[Dropped, ...] = ()
    free: frozenset[str] = frozenset()


def five_of(person: Person, most: int, *, refers: bool, flexor: Item | None) -> Five:
    """The things for a person, at most `most`; with a referral the gentlest come first.

    Args:
        refers: the danger screen sends the person on, so that the source's own referral is not said a second time.
        flexor: the step at the hip flexors that a finding or the verdict asks for.
    """
    if most <= 0:
        return Five(())
    change = _change(person)
    if person.screen.at_least("urgent_referral"):
        return Five((change, _ease(person))[:most])
    found = exercises_for(person.pathway, person.aim.phase, person.against, person.facts, person.knowledge)
    sent = () if refers else _sent_on(person)
    active = [one for one in found.free if one.exercise.group not in RESTING]
    found = Found((*active, *(one for one in found.free if one not in active)), found.dropped)
    treat = _exercise(found.free[0], TREATS, person) if active else None
    second = flexor or _next(found, treat, person)
    if second is not None and treat is not None and second.id == treat.id:
        second = replace(second, order=3)
        treat = None
    wanted = [change, _ease(person), treat, second, _way_back(person)]
    items = [*sent, *(one for one in wanted if one is not None)]
    keep = flexor if person.target.flexors is None or person.target.probable else None
    while len(items) > most:
        items.remove(_spare(items, keep=keep))
    return Five(tuple(items), found.dropped, frozenset(one.exercise.id for one in found.free))


def more_of(person: Person, named: set[str]) -> list[Item]:
    """Further exercises of the pathway that nothing stands against, for somebody who wants another one."""
    found = exercises_for(person.pathway, person.aim.phase, person.against, person.facts, person.knowledge)
    return [_exercise(one, 4, person) for one in found.free if one.exercise.id not in named and one.step is not None]


def _spare(items: list[Item], keep: Item | None) -> Item:
    """What is left out first when there is no room: the second exercise, then what eases."""
    by_order = {one.order: one for one in items}
    second = by_order.get(4)
    if second is not None and (keep is None or second.id != keep.id):
        return second
    return by_order.get(2) or by_order.get(5) or items[-1]


def _sent_on(person: Person) -> tuple[Item, ...]:
    """The referral that the source asks for."""
    source = person.target.first
    care = person.knowledge.plan_choices.of_source[source]
    found = source_referral(care, person.facts, walks=person.walks)
    if found is None or (person.target.tries_best and found.when == ALWAYS):  # a guess alone sends nobody on
        return ()
    missing = () if care.neuro else unexamined_of(person)  # its own check names the nerves
    item = refer_item(found, source, person.aim.because, missing, person.knowledge)
    second = person.target.second
    if second is not None:
        close = person.knowledge.plan_choices.of_source[second.source]
        other = source_referral(close, person.facts, walks=person.walks)
        item = with_sources(item, (other,) if other else (), person.knowledge)
    return (with_extras(item, person.facts, person.knowledge),)


def unexamined_of(person: Person) -> tuple[str, ...]:
    """Parts of the nerves' examination to ask for in a referral; for a source at the hip it is not the point."""
    at_the_hip = person.target.leads and person.target.first in person.knowledge.plan_choices.hip_sources
    return () if at_the_hip else person.against.unexamined


def _change(person: Person) -> Item:
    knowledge, care = person.knowledge, person.knowledge.plan_choices.of_source[person.target.first]
    other = person.target.second
    second = knowledge.care_by_source.pathways[other.source] if other else None
    chosen = change_for(person.pathway, care, person.hurts, person.facts, knowledge, second=second)
    line = chosen.line
    cited = cite("care_by_source", line.source, knowledge, line.read_in) if line else ()
    return Item(
        id=f"change_{chosen.load}",
        kind="education",
        name=chosen.title,
        practitioner_name=f"Load to change: {chosen.name}",
        who="self",
        certainty="none",
        certainty_words=f"{_sentence(line.why)} {NO_TRIAL if not cited else ''}".strip() if line else JUDGED,
        because=chosen.because or person.aim.because,
        stop_if=knowledge.exercises.meta.global_stop_if,
        sources=cited,
        for_=person.aim.for_,
        phase=person.aim.phase,
        order=1,
        say=chosen.say,
        progress_when=_sentence(line.how_long) if line else "",
    )


def _ease(person: Person) -> Item:
    knowledge, care = person.knowledge, person.knowledge.plan_choices.of_source[person.target.first]
    name, say, because = ease_for(
        care, person.hurts, person.facts, knowledge, at_rest=person.screen.at_least("urgent_referral")
    )
    return Item(
        id=f"ease_{name}",
        kind="self_care",
        name="What eases now",
        practitioner_name="What eases now",
        who="self",
        certainty="none",
        certainty_words="Chosen by what eased this person." if because else JUDGED,
        because=because or person.aim.because,
        stop_if=knowledge.exercises.meta.global_stop_if,
        for_=person.aim.for_,
        phase=person.aim.phase,
        order=2,
        say=say,
    )


def _next(found: Found, treat: Item | None, person: Person) -> Item | None:
    """The next exercise: that of the source close behind, else another kind of the same pathway."""
    knowledge, second = person.knowledge, person.target.second
    if second is not None:
        pathway = knowledge.care_by_source.pathways[second.source]
        others = exercises_for(pathway, person.aim.phase, person.against, person.facts, knowledge)
        own = [
            one
            for one in others.free
            if one.step is not None
            and one.exercise.group not in RESTING
            and (treat is None or one.exercise.id != treat.id)
        ]
        if own:
            return _exercise(own[0], 4, person)
    left = [one for one in found.free if treat is None or one.exercise.id != treat.id]
    group = knowledge.exercises.exercises[treat.id].group if treat else ""
    other = next((one for one in left if one.exercise.group != group and one.step is not None), None)
    chosen = other or (left[0] if left else None)
    return _exercise(chosen, 4, person) if chosen else None


def exercise_item(one: Offered, order: int, person: Person) -> Item:
    """An exercise of a pathway as a thing to do."""
    return _exercise(one, order, person)


def _exercise(one: Offered, order: int, person: Person) -> Item:
    from psoas.care._items import dose_of, dose_words_of

    knowledge, step, exercise = person.knowledge, one.step, one.exercise
    gentler = _gentler(person)
    fewer = knowledge.plan_choices.gentler.fewer_sets if gentler else 0
    dose = dose_of_step(step.dose, fewer_sets=fewer) if step else dose_of(exercise)
    sources = cite("care_by_source", step.source, knowledge, step.read_in) if step else ()
    certainty = step.certainty if step else "none"
    effects = _effects(one, order, person)
    because = person.aim.because
    if step and step.graded:
        because = (*_graded(step.graded, person), *because)[:3]
    gate = knowledge.red_flags.psoas_mimics.gate_questions if at_the_flexors(one) else ()
    doctor_first = tuple(name for name in gate if person.facts.holds(name))
    return Item(
        id=exercise.id,
        kind="exercise",
        name=exercise.name,
        practitioner_name=exercise.name,
        who="self",
        steps=exercise.steps,
        dose=dose,
        dose_words=f"{brief_dose(dose)}." if step else dose_words_of(dose),
        certainty=certainty if sources else _judged(certainty),
        certainty_words=SURE[certainty] if sources else JUDGED,
        effects=effects,
        because=because,
        stop_if=_stops(one, doctor_first, person),
        leave_out_if=_leave_out_if(one, knowledge),
        after_questions=person.screen.gate.ask if at_the_flexors(one) else (),
        doctor_first=doctor_first,
        retest=_retest_of_flexors(one),
        note=knowledge.plan_choices.gentler.words if gentler else "",
        sources=unique((*sources, *_cited(effects, one, knowledge))),
        for_=_for(one, person),
        phase=one.phase,
        order=order,
        say=_say(one, person),
        progress_when=_sentence(step.progress_when) if step else _sentence(exercise.progression),
        regress_when=_sentence(step.regress_when) if step else _sentence(exercise.regression),
        again=_again(person, exercise.id) if order == TREATS else "",
    )


def _for(one: Offered, person: Person) -> str:
    return one.pathway if one.pathway != person.target.first else person.aim.for_


def _judged(certainty: str) -> str:
    """A grade that rests on no reading is no grade of evidence: very low at best."""
    return "none" if certainty == "none" else "very_low"


def _say(one: Offered, person: Person) -> str:
    said = one.step.what if one.step else " ".join(one.exercise.steps)
    if one.step and one.step.graded and any(load in person.hurts for load in one.step.graded):
        said += " It may hurt 2 of 10 while you do it, not more."
    return said


def _graded(loads: tuple[str, ...], person: Person) -> tuple[Because, ...]:
    names = [person.hurts[load][0] for load in loads if load in person.hurts]
    return tuple(reason(name, person.knowledge) for name in names)


def _gentler(person: Person) -> bool:
    """Whether somebody starts with less: old, or very sore."""
    rule, case = person.knowledge.plan_choices.gentler, person.facts.case
    age, worst = case.person.age_years, case.pain.worst
    return (age is not None and age >= rule.age_years) or (worst is not None and worst >= rule.pain)


def _again(person: Person, exercise: str) -> str:
    """Why now, where something alike was tried and did too little."""
    for care, row in tried_rows(person.against.case, person.knowledge):
        if care.effect != "good" and (row.id in ("exercise", "rest") or exercise in row.exercises):
            weeks = f", {care.weeks:g} weeks" if care.weeks else ""
            return _sentence(f"{care.what.replace('_', ' ')}{weeks}: {row.again}")
    return ""


def at_the_flexors(one: Offered) -> bool:
    """Whether an exercise works at the hip flexors."""
    from psoas.care import _catalogue as catalogue

    return one.exercise.group in catalogue.HIP_FLEXOR_GROUPS or one.exercise.id in catalogue.HIP_FLEXOR_EXERCISES


def _retest_of_flexors(one: Offered) -> str | None:
    from psoas.care._items import RETEST

    return RETEST if at_the_flexors(one) else None


def _stops(one: Offered, doctor_first: tuple[str, ...], person: Person) -> tuple[str, ...]:
    first: list[str] = []
    if at_the_flexors(one) and person.screen.gate.ask:
        asked = ", ".join(name.replace("_", " ") for name in person.screen.gate.ask)
        first.append(f"do not start before these have been answered no: {asked}")
    if doctor_first:
        said = ", ".join(name.replace("_", " ") for name in doctor_first)
        first.append(f"do not start before a doctor has agreed, because of: {said}")
    return (*first, *one.exercise.stop_if, *person.knowledge.exercises.meta.global_stop_if)


def _leave_out_if(one: Offered, knowledge: Knowledge) -> tuple[str, ...]:
    pack = knowledge.interventions
    return tuple(pack.flags[flag].plain for flag in one.exercise.contraindications if flag not in pack.flag_map)


# ---- evidence that fits


def _effects(one: Offered, order: int, person: Person) -> tuple[EffectWords, ...]:
    """Effects for this source, this kind of step and this length of pain; none is borrowed."""
    if one.step is None or order != TREATS or one.pathway != person.aim.for_:
        return ()
    fits = _fitting(one, person)
    return tuple(EffectWords(_effect_words(effect), "unknown", None, False) for effect in fits[:2])


def _fitting(one: Offered, person: Person) -> list[PathwayEffect]:
    pathway = person.knowledge.care_by_source.pathways[one.pathway]
    weeks = person.facts.case.pain.duration_weeks
    about = _about(one)
    return [
        effect
        for effect in pathway.effect
        if effect.about == about
        and (
            effect.pain_lasts == "any"
            or (effect.pain_lasts == "chronic" and weeks is not None and weeks > 12)
            or (effect.pain_lasts == "acute" and weeks is not None and weeks < 6)
            or (effect.pain_lasts == "recent" and weeks is not None and weeks <= 12)
        )
    ]


def _about(one: Offered) -> About:
    if one.exercise.id in NERVE:
        return "nerve"
    if one.exercise.id == "prone_press_up":
        return "direction"
    if one.exercise.group in ("hip_flexor_stretch", "stretch"):
        return "stretching"
    if one.exercise.id == "walking_programme" and one.phase == "return":
        return "walking_prevention"
    return "exercise"


def _effect_words(effect: PathwayEffect) -> str:
    return f"{effect.what}: {effect.size}; against {effect.against} ({effect.term})."


def _cited(effects: tuple[EffectWords, ...], one: Offered, knowledge: Knowledge) -> tuple[Citation, ...]:
    pathway = knowledge.care_by_source.pathways[one.pathway]
    shown = {effect.words for effect in effects}
    return tuple(
        cited
        for effect in pathway.effect
        if _effect_words(effect) in shown
        for cited in cite("care_by_source", effect.source, knowledge, effect.read_in)
    )


# ---- the way back


def _way_back(person: Person) -> Item:
    knowledge, case = person.knowledge, person.facts.case
    activities = [one for one in case.person.activities if one.id in knowledge.plan_choices.activities]
    goals = case.goals[:1]
    to = goals[0] if goals else activity_words(activities[0].id, knowledge) if activities else "your whole day"
    because: tuple[Because, ...] = tuple(Because(f"goals.{place}", goal) for place, goal in enumerate(goals))
    because += tuple(activity_reason(one, knowledge) for one in activities[:1])
    when = knowledge.plan_choices.of_source[person.target.first].way_back
    return Item(
        id=f"way_back_{person.target.first}",
        kind="education",
        name=f"The way back: {to}",
        practitioner_name="The way back to work, sport and the goal",
        who="self",
        certainty="none",
        certainty_words=JUDGED,
        because=because or person.aim.because or marks_of(case, knowledge),
        stop_if=knowledge.exercises.meta.global_stop_if,
        for_=person.aim.for_,
        phase="return",
        order=5,
        say=_steps_back(goals, activities, when, person),
        progress_when="Three sessions with 2/10 pain or less and no flare next day.",
        regress_when="A flare: one step back for a week.",
    )


def _steps_back(goals: tuple[str, ...], activities: list[Activity], when: str, person: Person) -> str:
    """The steps of the way back: those of the sport or work, of the goal, or of an ordinary day."""
    knowledge = person.knowledge
    steps = knowledge.plan_choices.back_to
    if activities:
        words = knowledge.plan_choices.activities[activities[0].id]
        return (words.back or (steps.work if words.work else steps.sport)).format(when=when, activity=words.name)
    walks = person.target.first in steps.walk_on and "walking" not in person.hurts
    day = steps.day if walks and not person.screen.at_least("routine_referral") else steps.day_without_walking
    return (steps.goal if goals else day).format(when=when)


def _sentence(text: str) -> str:
    said = text.strip()
    said = f"{said[:1].upper()}{said[1:]}"
    return said if said.endswith((".", "!", "?")) else f"{said}."
