"""From a chosen candidate to an item with everything a person and a practitioner need to see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psoas.care._candidates import Candidate
from psoas.care._effects import certainty_words, effects_of
from psoas.care._scoring import Complaint, because
from psoas.care._sources import cite, unique
from psoas.care.types import Citation, Item, Score, Stance
from psoas.knowledge import Exercise, Intervention, Knowledge
from psoas.knowledge.rules.facts import Facts
from psoas.screening import Screen

RETEST = (
    "No test shows that the hip flexors are the source of a back pain. Treating them and testing again is the way to "
    "know: measure the hip and rate the pain before the start and again after 2 to 4 weeks. If the hip moves further "
    "and the pain is the same, look at the other sources."
)
SAID_OF_STANCES = {
    "for": "recommends it",
    "conditional": "says it may be offered",
    "against": "advises against it",
    "no_recommendation": "makes no recommendation",
}


def item_of(
    one: Candidate, points: Score, complaint: Complaint, stage: str | None, screen: Screen, facts: Facts,
    knowledge: Knowledge,
) -> Item:  # fmt: skip
    """The item of one candidate."""
    entry, exercise = one.intervention, one.exercise
    gate = knowledge.red_flags.psoas_mimics.gate_questions if one.hip_flexor else ()
    doctor_first = tuple(name for name in gate if facts.holds(name) and name not in one.act_on)
    start_after = _start_after(one, screen, doctor_first)
    return Item(
        id=one.id,
        kind=one.kind,
        name=one.name,
        practitioner_name=f"{exercise.name}; {entry.name}" if exercise else entry.name,
        who=one.who,
        steps=exercise.steps if exercise else (),
        dose=dose_of(exercise) if exercise else {},
        dose_words=dose_words_of(dose_of(exercise)) if exercise else _dose_elsewhere(one),
        certainty=one.certainty,
        certainty_words=certainty_words(one.certainty, _why_certainty(one)),
        effects=effects_of(entry, knowledge),
        stances=tuple(Stance(said.body, said.stance, said.note) for said in entry.guideline),
        disagreement=disagreement(entry),
        harms=entry.harms,
        because=because(one, complaint, stage, knowledge),
        stop_if=(*start_after, *_stop_if(one, knowledge)),
        start_after=start_after,
        leave_out_if=_leave_out_if(one, knowledge),
        after_questions=screen.gate.ask if one.hip_flexor else (),
        doctor_first=doctor_first,
        retest=RETEST if one.hip_flexor else None,
        note=_note(one, complaint, knowledge),
        sources=sources_of(one, knowledge),
        score=points,
    )


def dose_of(exercise: Exercise) -> dict[str, Any]:
    """The dose as the pack holds it, in plain data. `hold_s` of 0: moved, not held."""
    dose: dict[str, Any] = {
        "hold_s": exercise.hold_s,
        "reps": exercise.reps if isinstance(exercise.reps, int) else list(exercise.reps),
        "sets": exercise.sets,
        "per_week": exercise.per_week,
        "weeks": exercise.weeks,
        "basis": exercise.dose_basis,
    }
    if exercise.minutes_per_session is not None:
        dose["minutes_per_session"] = exercise.minutes_per_session
    if exercise.dose_note:
        dose["note"] = exercise.dose_note
    return dose


BASIS = {
    "trial": "the dose of a trial",
    "guideline": "a general guideline dose",
    "default": "our default, no published dose",
    "practitioner": "your practitioner's dose",
}


def dose_words_of(dose: Mapping[str, Any]) -> str:
    """A dose as a sentence."""
    often = f"{dose['per_week']} days a week for {dose['weeks']} weeks"
    if (minutes := dose.get("minutes_per_session")) is not None:
        return f"Build up to {minutes:g} minutes, {often}."
    one_number = isinstance(dose["reps"], int)
    reps = str(dose["reps"]) if one_number else ", then ".join(map(str, dose["reps"]))
    hold = f", each held {dose['hold_s']:g} s" if dose["hold_s"] else ""
    sets = f" in {dose['sets']} sets" if dose["sets"] > 1 and one_number else ""
    said = dose.get("note", "")
    note = f" {said[:1].upper()}{said[1:]}." if said else ""
    return f"{reps} times{sets}{hold}; {often} ({BASIS[dose['basis']]}).{note}"


def _dose_elsewhere(one: Candidate) -> str:
    if one.kind in ("medicine", "supplement"):
        return "As the leaflet or a pharmacist says: the lowest dose, for the shortest time."
    return "The evidence at hand gives no dose."


def _why_certainty(one: Candidate) -> str:
    parts = [one.intervention.certainty_note or ""]
    if one.exercise:
        parts.insert(0, f"the grade is that of “{one.intervention.plain_name}”")
    if one.indirect:
        parts.append(one.indirect)
    if one.intervention.conflicting:
        parts.append("studies contradict each other")
    return "; ".join(part for part in parts if part)


def disagreement(entry: Intervention) -> str | None:
    """Who says what, when one guideline advises against what another supports."""
    stances = {said.stance for said in entry.guideline}
    if "against" not in stances or not stances & {"for", "conditional"}:
        return None
    said = "; ".join(
        f"{one.body.replace('_', ' ')} {SAID_OF_STANCES[one.stance]}" + (f" ({one.note})" if one.note else "")
        for one in entry.guideline
    )
    return f"Guidelines disagree: {said}."


def _start_after(one: Candidate, screen: Screen, doctor_first: tuple[str, ...]) -> tuple[str, ...]:
    """What must have happened before an item starts."""
    first: list[str] = []
    if one.hip_flexor and screen.gate.ask:
        asked = ", ".join(name.replace("_", " ") for name in screen.gate.ask)
        first.append(f"do not start before these have been answered no: {asked}")
    if doctor_first:
        said = ", ".join(name.replace("_", " ") for name in doctor_first)
        first.append(f"do not start before a doctor has agreed, because of: {said}")
    return tuple(first)


def _stop_if(one: Candidate, knowledge: Knowledge) -> tuple[str, ...]:
    warnings = knowledge.interactions.product_warnings
    products = (said.warning.rstrip(".") for said in warnings if said.stop_sign and said.product in one.products)
    own = one.exercise.stop_if if one.exercise else ()
    return (*own, *products, *knowledge.exercises.meta.global_stop_if)


def _product_warnings(one: Candidate, knowledge: Knowledge) -> tuple[str, ...]:
    """What holds for the products of an item, whoever takes them."""
    return tuple(said.warning for said in knowledge.interactions.product_warnings if said.product in one.products)


def _leave_out_if(one: Candidate, knowledge: Knowledge) -> tuple[str, ...]:
    """Contraindications that the screen does not watch, in plain words: the person may know what was not asked."""
    pack = knowledge.interventions
    return tuple(pack.flags[flag].plain for flag in one.contraindications if flag not in pack.flag_map)


def _note(one: Candidate, complaint: Complaint, knowledge: Knowledge) -> str:
    own = (one.exercise.note or one.exercise.load_note or "") if one.exercise else ""
    parts = [own, one.intervention.note, *_product_warnings(one, knowledge)]
    if one.hip_flexor:
        names = knowledge.sources_of_pain.conditions
        others = sorted(complaint.responsibility.items(), key=lambda pair: (-pair[1], pair[0]))
        other = [names[name].plain_name for name, share in others if name not in one.sources and share > 0][:2]
        parts.append(f"Other likely sources: {'; '.join(other) if other else 'ordinary back strain'}.")
    return " ".join(part for part in parts if part)


def sources_of(one: Candidate, knowledge: Knowledge) -> tuple[Citation, ...]:
    """Every source that the item rests on: effects, stances, harms, dose, evidence of the exercise."""
    entry, exercise = one.intervention, one.exercise
    found: list[Citation] = []
    if exercise:
        found += cite("exercises", exercise.dose_source, knowledge, exercise.dose_read_in)
        for proof in exercise.evidence:
            found += cite("exercises", proof.source, knowledge, proof.read_in)
    for cited in (*entry.effect, *entry.guideline):
        found += cite("interventions", cited.source, knowledge, cited.read_in)
    found += cite("interventions", entry.effect_in_words_source, knowledge, entry.effect_in_words_read_in)
    found += cite("interventions", entry.harms_source, knowledge, entry.harms_read_in)
    return unique(found)
