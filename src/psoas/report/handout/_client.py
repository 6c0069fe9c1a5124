"""The client's handout as data: what the plan says, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from psoas import __version__
from psoas.care.brief import lines_of
from psoas.care.types import Item, Plan
from psoas.case import Case
from psoas.knowledge import Knowledge
from psoas.report.handout._words import Names, Options, Practice, client_words, long_date, sentence

DIARY_DAYS = 14
NO_HANDS_ON = ("emergency_now", "same_day", "urgent_referral")
BESIDE_BELOW = 190
"""Letters of the steps below which the dose stands beside the pictures too."""
STACKED_ABOVE = 1.35
"""Pictures wider than this (width over height) stand one below the other."""


def client_data(
    plan: Plan, case: Case, names: Names, knowledge: Knowledge, *, person_name: str | None, practice: Practice | None,
    today: date, options: Options,
) -> dict[str, Any]:  # fmt: skip
    """Everything that stands on the sheet, as plain data for the template."""
    said = client_words()
    side = options.side or working_side(case)
    items = [item for item in plan.items if item.id not in options.skip]
    treatments = [item for item in items if item.kind != "referral"]
    danger = bool(said["urgency"].get(plan.urgency))
    return {
        "title": f"Plan for {person_name}" if person_name else "Your plan",
        "made_by": "Psoas",
        "sender": practice.lines() if practice else [],
        "date": long_date(today),
        "footer": f"Made with Psoas {__version__}. It supports a decision; you and your practitioner make it.",
        "lead": said["urgency"].get(plan.urgency, ""),
        "lead_more": _referral_words(items, said) if danger else [],
        "message": plan.aim.plain if plan.aim is not None else plan.message,
        "safety": {"title": "Get help", "lines": list(plan.safety_net)},
        "model": list(options.model),
        "cards_title": "What to do" if not danger else "Meanwhile",
        "cards": [_card(item, knowledge, names, options, side) for item in treatments],
        "parts": [
            *([] if danger else _see_somebody(items)),
            *(_stop(knowledge) if any(item.kind == "exercise" for item in treatments) else []),
            *_medicines(plan, knowledge),
            *_leave(plan),
            *_tape(plan, options, knowledge),
            *_measure(plan),
            _review(plan, today),
        ],
        "diary": _diary(treatments),
        "notes": _notes() if danger else None,
    }


def working_side(case: Case) -> str:
    """The side of a pain that is on one side only; right otherwise."""
    sides = {side for _, side in case.pain.marks()} & {"left", "right"}
    return sides.pop() if len(sides) == 1 else "right"


def _referral_words(items: list[Item], said: Mapping[str, Any]) -> list[str]:
    steps = [step for item in items if item.kind == "referral" for step in item.steps]
    longest = [one for one in steps if not any(one != other and one in other for other in steps)]
    until = [f"Until then: {item.until_seen}" for item in items if item.kind == "referral" and item.until_seen]
    return [*dict.fromkeys(longest), *until, said["calm"], said["take_along"]]


def _see_somebody(items: list[Item]) -> list[dict[str, Any]]:
    """A referral that the source asks for, no danger: whom to see, what should be checked, what to do until then."""
    return [
        _part(item.name, [*lines_of(item), *(f"Not if: {one}." for one in item.leave_out_if)])
        for item in items
        if item.kind == "referral"
    ]


def _measure(plan: Plan) -> list[dict[str, Any]]:
    """What the person measures again; how much is enough is for the practitioner."""
    if (again := plan.retest) is None:
        return []
    return [_part(f"Measure now, and again in {again.after_weeks} weeks", [sentence(again.plain)])]


def _card(item: Item, knowledge: Knowledge, names: Names, options: Options, side: str) -> dict[str, Any]:
    words = card_words(item, knowledge, names)
    pictures = _pictures(item.id, options, side)
    return {
        **words,
        "pictures": pictures,
        "stack": bool(pictures) and min(one["ratio"] for one in pictures) > STACKED_ABOVE,
        "beside": bool(pictures) and sum(map(len, (*words["steps"], words["how"]))) < BESIDE_BELOW,
        "long": len(words["steps"]) + len(item.leave_out_if) + len(item.after_questions) > 14,
    }


def card_words(item: Item, knowledge: Knowledge, names: Names) -> dict[str, Any]:
    """One thing to do, in plain words: what comes first, how, how much, what to expect, when to stop or leave it."""
    said = client_words()
    how = item.say or ("" if item.steps else said["how"].get(item.id, said["how_by_kind"][item.kind]))
    steps = () if item.say else item.steps
    return {
        "name": item.name,
        "first": _first(item, names),
        "how": _percent(how),
        "steps": list(steps),
        "dose": dose(item),
        "expect": _percent(_expect(item)),
        "stop": list(own_stops(item, knowledge)),
        "leave": list(item.leave_out_if),
    }


def _percent(text: str) -> str:
    """A share in words: the sheet has no signs of statistics."""
    return text.replace(" %", " percent").replace("%", " percent")


def _pictures(exercise_id: str, options: Options, side: str) -> list[dict[str, Any]]:
    from psoas import figures

    if exercise_id not in figures.available():
        return []
    found = []
    for step in figures.steps(exercise_id):
        svg = figures.exercise_svg(exercise_id, step, shape=options.shape, skin=options.skin, mirrored=side == "left")
        width, height = figures.size(svg)
        found.append({"svg": svg, "alt": figures.description(svg), "ratio": width / height})
    return found


def _first(item: Item, names: Names) -> list[str]:
    """What has to be settled before the item starts, in plain words; nothing is left out."""
    said = client_words()

    def plain(ids: tuple[str, ...]) -> str:
        return "; ".join(said["gate"].get(name) or names.of(name) for name in ids)

    found = []
    if item.after_questions:
        found.append(f"{said['gate_says']} {plain(item.after_questions)}.")
    if item.doctor_first:
        found.append(f"{said['doctor_says']} {plain(item.doctor_first)}.")
    return found


def own_stops(item: Item, knowledge: Knowledge) -> tuple[str, ...]:
    """The stop rules of this item alone: what holds for every exercise, and the gate, stand elsewhere on the sheet."""
    everywhere = set(knowledge.exercises.meta.global_stop_if)
    return tuple(one for one in item.stop_if if one not in everywhere and one not in item.start_after)


def dose(item: Item) -> str:
    """How much and how often, in plain words; empty when the pack has no dose."""
    held = item.dose
    if not held:
        return ""
    if item.order is not None and held.get("basis") != "practitioner":
        return sentence(item.dose_words)
    often = f"{held['per_week']} days a week" if held["per_week"] < 7 else "every day"
    often = f"{often}, for {held['weeks']} weeks"
    if "minutes_per_session" in held:
        return sentence(f"build up to {held['minutes_per_session']:g} minutes, {often}")
    reps = held["reps"]
    times = ", then ".join(map(str, reps)) if isinstance(reps, list) else str(reps)
    hold = f", hold each for {_seconds(held['hold_s'])}" if held["hold_s"] else ""
    if reps == 1:
        return sentence(f"once, for {_seconds(held['hold_s'])}, {often}" if held["hold_s"] else f"once, {often}")
    sets = f", {held['sets']} rounds" if held["sets"] > 1 and not isinstance(reps, list) else ""
    return sentence(f"{times} times{hold}{sets}; {often}")


def _seconds(value: float) -> str:
    return f"{value / 60:g} minutes" if value >= 120 and value % 60 == 0 else f"{value:g} seconds"


def _expect(item: Item) -> str:
    """What may be expected of it, and how sure that is."""
    if item.order is not None:
        more = f" More when: {item.progress_when}" if item.order in (3, 4) and item.progress_when else ""
        again = f" Why now: {item.again}" if item.again else ""
        return f"{item.certainty_words if item.kind == 'exercise' else ''}{more}{again}".strip()
    said = client_words()
    felt = next((one.noticeable for one in item.effects if one.noticeable != "unknown"), None)
    if felt is None and not item.effects:
        return ""
    return f"{said['gain'][felt or 'unknown']}; {said['sure'].get(item.certainty, said['sure']['none'])}."


def _part(title: str, lines: list[str], *, red: bool = False, inline: bool = False) -> dict[str, Any]:
    return {"title": title, "lines": lines, "red": red, "inline": inline}


def _stop(knowledge: Knowledge) -> list[dict[str, Any]]:
    lines = [sentence(one) for one in knowledge.exercises.meta.global_stop_if]
    return [_part("Stop any exercise, and ask, if you notice", lines, red=True, inline=True)]


def _medicines(plan: Plan, knowledge: Knowledge) -> list[dict[str, Any]]:
    lines = [clash.words for clash in plan.clashes]
    lines += [
        f"{name.replace('_', ' ')}: ask a pharmacist whether it goes with this plan." for name, _ in plan.ask_pharmacist
    ]
    lines += plan.warnings
    return (
        [_part("Your medicines and supplements", list(dict.fromkeys(map(sentence, lines))), red=bool(plan.clashes))]
        if lines
        else []
    )


def _tape(plan: Plan, options: Options, knowledge: Knowledge) -> list[dict[str, Any]]:
    if not options.tape and all(item.id != "kinesiology_tape" for item in plan.items):
        return []
    forbidden = any("taping" in leave.techniques for leave in plan.leave_for_now)
    if forbidden or plan.urgency in NO_HANDS_ON:
        return []
    tape = client_words()["tape"]
    claim = knowledge.claims.claims["sports_tape"].wording_to_use
    return [_part(tape["title"], [tape["where"], tape["how"], claim, tape["remove"]])]


def _leave(plan: Plan) -> list[dict[str, Any]]:
    """What to leave alone; the reasons stand on the practitioner's screen."""
    lines = [sentence(part) for leave in plan.leave_for_now for part in leave.what.split("; ")]
    return [_part("Leave this for now", [" ".join(dict.fromkeys(lines))])] if lines else []


def _review(plan: Plan, today: date) -> dict[str, Any]:
    said = client_words()["review"]
    lines = []
    for point in (plan.review, *(one for one in plan.checkpoints if one.week in (4, 12)))[:3]:
        when = f"Week {point.week}, {long_date(point.on or today + timedelta(weeks=point.week))}"
        lines.append(f"{when}: {said.get(point.week, point.check)}")
    return _part("When we look again", list(dict.fromkeys(lines)))


def _notes() -> dict[str, Any]:
    """A page to write on at the doctor's, for people who are sent there."""
    notes = client_words()["notes"]
    return {"title": notes["title"], "fields": list(notes["fields"])}


def _diary(treatments: list[Item]) -> dict[str, Any]:
    diary = client_words()["diary"]
    if not treatments:
        return {"title": "", "days": DIARY_DAYS, "rows": []}
    rows = [diary["pain"], *(f"{item.name}" for item in treatments if item.kind == "exercise")]
    return {"title": diary["title"], "days": DIARY_DAYS, "rows": [*rows, diary["sleep"]]}
