"""The danger sheets and the signs: laid out in a data file, worded in the evidence, open or not by the case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from psoas.interview.types import WHO, Block, Part, Step
from psoas.knowledge import Finding, Knowledge
from psoas.knowledge.rules.conditions import ids_in
from psoas.knowledge.rules.facts import Facts
from psoas.knowledge.words import Words
from psoas.screening import ask_at_a_stop

MOST_AT_A_STOP = 40
"""So many questions, at most, are asked at once by somebody who is on the way to a doctor. Our choice; the rest comes
when they are answered."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it stands in the data file. `blocks`: the group whose heading is taken, and the ids."""

    id: str
    heading: str
    blocks: tuple[tuple[str | None, tuple[str, ...]], ...]
    first: bool = False
    who: str = "self"

    @property
    def ids(self) -> tuple[str, ...]:
        """Everything on the sheet."""
        return tuple(name for _, names in self.blocks for name in names)


@lru_cache(maxsize=1)
def _layout() -> dict[str, tuple[Sheet, ...]]:
    import yaml

    text = resources.files("psoas.interview").joinpath("data/danger_sheets.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return {kind: tuple(_sheet(raw) for raw in data[kind]) for kind in ("sheets", "signs")}


def _sheet(raw: dict[str, Any]) -> Sheet:
    blocks = tuple((block.get("of"), tuple(block["parts"])) for block in raw["blocks"])
    return Sheet(raw["id"], raw["heading"], blocks, bool(raw.get("first")), raw.get("who", "self"))


def danger_sheets() -> tuple[Sheet, ...]:
    """The sheets that a person answers, in the order of the file."""
    return _layout()["sheets"]


def sign_sheets(who: str) -> tuple[Sheet, ...]:
    """The signs that this practitioner looks for; none for a person alone."""
    if who == "self":
        return ()
    return tuple(sheet for sheet in _layout()["signs"] if WHO.index(sheet.who) <= WHO.index(who))


@lru_cache(maxsize=2048)
def part_of(name: str, knowledge: Knowledge) -> Part:
    """A finding or a flag as something to ask, in the words of the evidence: the client's where a client can answer."""
    words = Words(knowledge)
    finding, flag = knowledge.findings.findings.get(name), words.flag(name)
    if finding is not None:
        return Part(
            name, asked_as(finding), finding.name, _without_ids(finding.how, words), finding.sided, finding.values[4:]
        )
    if flag is None:
        raise KeyError(name)
    trade = words.short(name).capitalize()
    return Part(name, flag.ask or trade, trade, None, flag.sided, cause=words.condition(words.home(name)))


def _without_ids(how: str | None, words: Words) -> str | None:
    """How it is done, with the findings that the evidence names by id named in words."""
    if how is None:
        return None
    return re.sub(r"\b[a-z]+(?:_[a-z0-9]+)+\b", lambda found: f"“{words.short(found[0])}”", how)


def asked_as(finding: Finding) -> str:
    """A finding as it is asked: in plain words, except what an examiner finds."""
    return finding.name if finding.mode == "hands_on" else finding.plain or finding.name


def is_open(name: str, facts: Facts) -> bool:
    """Whether something on a sheet waits for an answer: asked of nobody whom it does not concern, and never twice.

    `unknown` in the case means that it was asked and not known: it moves nothing, and is not asked again.
    """
    if name in facts.case.findings or facts.yes(name) is not None:
        return False
    return concerns(name, facts)


def concerns(name: str, facts: Facts) -> bool:
    """Whether something is for this person to answer: not a matter of the other sex, nor settled by a field."""
    flag = facts.index.acts.get(name)
    if flag is None:
        return True
    settled = flag.derived_from is not None and facts.expression(flag.derived_from) is False
    return not settled and facts.expression(flag.applies_if) is not False


def due_by_the_map(facts: Facts, knowledge: Knowledge) -> frozenset[str]:
    """What the pain map, an illness or an answer makes urgent to ask, with the parts of groups."""
    due: set[str] = set()
    for one in knowledge.red_flags.ask_first:
        if facts.expression(one.if_) is True:
            flag = facts.index.acts.get(one.ask)
            due |= {one.ask, *(ids_in(flag.parts) if flag and flag.parts else ())}
    return frozenset(due)


def step_of(sheet: Sheet, facts: Facts, knowledge: Knowledge, *, everything: bool = False) -> Step:
    """A sheet as a step, with what is open on it; `everything`: also what is answered, to look at it again."""
    shown = concerns if everything else is_open
    blocks = tuple(
        Block(heading, parts)
        for group, names in sheet.blocks
        if (parts := tuple(part_of(name, knowledge) for name in names if shown(name, facts)))
        for heading in (facts.index.acts[group].checklist if group else None,)
    )
    kind = "checklist" if sheet.who == "self" else "signs"
    return Step(kind, sheet.id, sheet.heading, blocks, first=sheet.first)  # type: ignore[arg-type]


def open_sheets(facts: Facts, knowledge: Knowledge) -> Iterator[Step]:
    """Open sheets: those before the first answer first, and among them what the map makes due; then by the file."""
    yield from (step for step in map_order(facts, knowledge, everything=False) if step.blocks)


def all_sheets(facts: Facts, knowledge: Knowledge) -> Iterator[Step]:
    """Every sheet that concerns this person, with what is answered, in the order in which they are asked."""
    yield from (step for step in map_order(facts, knowledge, everything=True) if step.blocks)


def map_order(facts: Facts, knowledge: Knowledge, *, everything: bool) -> list[Step]:
    """The sheets in the order of asking. What is due moves a sheet forward whether or not it is answered already, so
    that an answer never changes the order of what came before it.
    """
    due = due_by_the_map(facts, knowledge)
    ordered = sorted(danger_sheets(), key=lambda sheet: (not sheet.first, due.isdisjoint(sheet.ids)))
    return [step_of(sheet, facts, knowledge, everything=everything) for sheet in ordered]


def open_signs(facts: Facts, knowledge: Knowledge, who: str) -> Iterator[Step]:
    """Signs not looked for yet."""
    for sheet in sign_sheets(who):
        step = step_of(sheet, facts, knowledge)
        if step.blocks:
            yield step


GRAVER = "graver"
"""The id of the step that a stop asks."""


def graver_step(facts: Facts, knowledge: Knowledge, urgency: str) -> Step | None:
    """What a stop asks at once: open questions that could make it more urgent, under the headings of their sheets."""
    open_ = frozenset(name for sheet in danger_sheets() for name in sheet.ids if is_open(name, facts))
    due = ask_at_a_stop(knowledge, facts, urgency, open_)[:MOST_AT_A_STOP]
    blocks = tuple(
        Block(sheet.heading, parts)
        for sheet in danger_sheets()
        if (parts := tuple(part_of(name, knowledge) for name in sheet.ids if name in due))
    )
    return Step("checklist", GRAVER, blocks=blocks, first=True) if blocks else None
