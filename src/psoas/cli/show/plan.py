"""A plan at a terminal, for a practitioner: its aim, the things in order with their reasons, what is around."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from psoas.cli.show.layout import bullets, heading
from psoas.report.phrases import because_words, certainty_words, common_stops, own_stops, review_words

if TYPE_CHECKING:
    from psoas.care import Plan
    from psoas.care.types import HandsOnWork, Item

MOST_LEFT_OUT = 6


def show_plan(console: Console, plan: Plan, computed: Mapping[str, str]) -> None:
    """What to do now, what was left out and why, when to look again, and when to get help at once.

    `computed`: by id, what the body model adds to an item, as a second reason.
    """
    heading(console, "What to do now")
    if plan.aim is not None:
        console.print(Text(plan.aim.sentence, style="bold"))
    elif plan.message:
        console.print(Text(plan.message))
    if plan.examine_first:
        said = f"Before hands go to the leg or stretch a nerve, examine: {', '.join(plan.examine_first)}."
        console.print(Text(said, style="bold yellow"))
    common = common_stops([item.stop_if for item in plan.items if item.kind != "referral"])
    told: set[str] = set()
    for number, item in enumerate(plan.items, 1):
        console.print(_item(number, item, common, told, computed.get(item.id, "")))
    if common:
        console.print(Text("Stop any of these if: " + "; ".join(common) + "."))
    _hands_on(console, plan)
    _safety_of_medicines(console, plan)
    _around(console, plan)
    heading(console, "Get help at once")
    bullets(console, (Text(line) for line in plan.safety_net), "!")


def _hands_on(console: Console, plan: Plan) -> None:
    if not plan.hands_on and not plan.hands_on_withheld:
        return
    heading(console, "Hands-on for this source")
    bullets(console, (_work(one) for one in plan.hands_on))
    bullets(console, (Text(f"not now: {one.name}. {one.reasons[0].words}") for one in plan.hands_on_withheld), "!")


def _work(one: HandsOnWork) -> Text:
    again = f" ({one.again})" if one.again else ""
    said = (
        f"{one.what}. Where: {one.region}. {one.minutes} minutes, {one.sessions} sessions. {one.expect} "
        f"Certainty: {one.certainty.replace('_', ' ')}. Not if: {one.not_if}{again}"
    )
    return Text(said)


def _safety_of_medicines(console: Console, plan: Plan) -> None:
    if plan.clashes:
        heading(console, "Do not go together")
        bullets(console, (Text(f"{one.severity}: {one.words}") for one in plan.clashes), "!")
    notes = [*plan.warnings, *(f"{name}: {why}" for name, why in plan.ask_pharmacist)]
    if notes:
        heading(console, "Medicines and supplements")
        bullets(console, (Text(note) for note in notes))


def _around(console: Console, plan: Plan) -> None:
    if plan.avoid:
        heading(console, "Leave alone for now")
        bullets(console, (Text(f"{one.what}, {one.instead}. {one.why}") for one in plan.avoid))
    if plan.differs:
        heading(console, "For people like this")
        bullets(console, (Text(line) for line in plan.differs))
    if plan.dropped:
        heading(console, "Left out, and why")
        bullets(console, (Text(f"{one.name}: {one.reasons[0].words}") for one in plan.dropped[:MOST_LEFT_OUT]))
        if len(plan.dropped) > MOST_LEFT_OUT:
            console.print(f"   and {len(plan.dropped) - MOST_LEFT_OUT} more")
    if plan.retest is not None:
        heading(console, "Measure again")
        again = plan.retest
        console.print(
            Text(
                f"In {again.after_weeks} weeks: {again.what} Enough: {again.enough.rstrip('.')}. If not: {again.if_not}"
            )
        )
        if plan.course:
            console.print(Text(f"Expected course: {plan.course}", style="dim"))
    heading(console, "Look again")
    console.print(Text(review_words(plan.review)))


def _item(number: int, item: Item, common: tuple[str, ...], told: set[str], computed: str) -> RenderableType:
    """One thing to do. `told` holds reasons and effects that an item above has given already."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=3, justify="right")
    grid.add_column()
    lines = [Text(item.name, style="bold")]
    if item.kind == "referral":
        lines += _referral_lines(item)
    else:
        lines += _lines(item)
    effects = [effect.words for effect in item.effects[:2] if effect.words not in told]
    told.update(effects)
    lines += [Text(effect, style="dim") for effect in effects]
    if item.kind != "referral":
        said = item.certainty_words or ""
        if item.kind == "exercise":
            said = f"{certainty_words(item)}. {said}"
        lines.append(Text(said.strip(), style="dim"))
    if item.disagreement:
        lines.append(Text(item.disagreement))
    if (because := because_words(item)) and (because not in told or item.kind == "exercise"):
        told.add(because)
        lines.append(Text(because))
    if computed:
        lines.append(Text(computed))
    if item.after_questions:
        asked = ", ".join(name.replace("_", " ") for name in item.after_questions)
        lines.append(Text(f"Only after these are answered no: {asked}.", style="bold"))
    if item.kind != "referral" and (own := own_stops(item, common)):
        lines.append(Text("Stop if: " + "; ".join(own) + "."))
    if item.retest:
        lines.append(Text(item.retest))
    if item.sources:
        lines.append(Text("[" + ", ".join(dict.fromkeys(one.id for one in item.sources)) + "]", style="dim"))
    grid.add_row(f"{number}.", Group(*lines))
    return Padding(grid, (0, 0, 1, 0))


def _referral_lines(item: Item) -> list[Text]:
    found = [Text(item.practitioner_name, style="dim"), Text(f"How soon: {item.how_soon}.")]
    if item.check:
        found.append(Text(f"To be checked: {'; '.join(item.check)}."))
    if item.until_seen:
        found.append(Text(f"Until then: {item.until_seen}"))
    return found


def _lines(item: Item) -> list[Text]:
    found = [Text(item.say or " ".join(item.steps))]
    if item.dose_words:
        intensity = f" Intensity: {item.dose['intensity']}." if item.dose.get("intensity") else ""
        found.append(Text(f"{item.dose_words}{intensity}{' ' + item.note if item.note else ''}"))
    if item.order == 1 and item.progress_when:
        found.append(Text(f"For: {item.progress_when}"))
    elif item.progress_when:
        less = f" Less when: {item.regress_when}" if item.regress_when else ""
        found.append(Text(f"More when: {item.progress_when}{less}"))
    if item.again:
        found.append(Text(f"Why now: {item.again}"))
    return found
