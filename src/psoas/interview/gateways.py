"""The gateways: one screen that asks each danger sheet as a whole, and opens a sheet only on a yes.

A gateway is a group flag of the evidence (`system_*`); which lines its wording denies stands in `data/gateways.yaml`. A
no answers no to every one of them that concerns the person and is still open. A yes, or not knowing, opens the sheet.
What was said stands in the case, so an interview can be left and taken up again, and to skip the screen is to ask for
the full sheets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from psoas.interview.sheets import Sheet, concerns, danger_sheets, is_open, part_of
from psoas.interview.types import Block, Step
from psoas.knowledge import Knowledge
from psoas.knowledge.rules.facts import Facts

SCREEN = "systems"
"""The id of the step that asks the gateways."""

HEADING = "A short check of the whole body"


@dataclass(frozen=True, slots=True)
class Gateway:
    """A question for a sheet. `denies`: words of the question -> lines of the sheet that a no to them denies."""

    id: str
    sheet: str
    last: bool
    denies: Mapping[str, tuple[str, ...]]

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line that a no denies."""
        return tuple(name for names in self.denies.values() for name in names)


@lru_cache(maxsize=1)
def _data() -> tuple[tuple[Gateway, ...], str]:
    import yaml

    text = resources.files("psoas.interview").joinpath("data/gateways.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    made = tuple(
        Gateway(
            raw["id"], raw["sheet"], bool(raw.get("last")), {key: tuple(names) for key, names in raw["denies"].items()}
        )
        for raw in data["gateways"]
    )
    return made, data["reason"]


def gateways() -> tuple[Gateway, ...]:
    """Every gateway, the intimate ones last."""
    return _data()[0]


def _open_lines(gateway: Gateway, facts: Facts) -> tuple[str, ...]:
    return tuple(name for name in gateway.lines if is_open(name, facts))


def screen_step(facts: Facts, knowledge: Knowledge, *, everything: bool = False) -> Step:
    """The screen of the gateways that have an open line; `everything`: also those that are answered.

    A gateway of which a line is answered already, by the case or by somebody, is not asked: its sheet is.
    """
    asked = [one for one in gateways() if _is_asked(one, facts, everything)]
    blocks = tuple(
        Block(heading, tuple(part_of(one.id, knowledge) for one in asked if one.last is last))
        for heading, last in ((None, False), (_data()[1], True))
    )
    return Step("checklist", SCREEN, HEADING, tuple(block for block in blocks if block.parts), first=True)


def _is_asked(gateway: Gateway, facts: Facts, everything: bool) -> bool:
    if not concerns(gateway.id, facts):
        return False
    if everything:
        return True
    if gateway.id in facts.case.findings or any(facts.yes(name) for name in gateway.lines):
        return False
    return bool(_open_lines(gateway, facts))


def closed_lines(facts: Facts) -> frozenset[str]:
    """Lines whose gateway waits for its answer or said no: not to be asked one by one."""
    found: set[str] = set()
    for one in gateways():
        said = facts.case.findings.get(one.id)
        if said == "no" or _is_asked(one, facts, False):
            found.update(one.lines)
    return frozenset(found)


def denied(answers: Mapping[str, Any], facts: Facts) -> dict[str, str]:
    """What the gateways that were answered no deny: every line of theirs that is open and concerns the person."""
    return {
        name: "no"
        for one in gateways()
        if answers.get(one.id) == "no"
        for name in one.lines
        if is_open(name, facts)
    }  # fmt: skip


def reopened(answers: Mapping[str, Any], said: Mapping[str, Any]) -> frozenset[str]:
    """Lines that a gateway had denied and that are open again, because its no was taken back."""
    return frozenset(
        name
        for one in gateways()
        if said.get(one.id) == "no" and answers.get(one.id, "no") != "no"
        for name in one.lines
        if said.get(name) == "no"
    )


def corrected(answers: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, str]:
    """A yes to gateways that had said no of a line which is true after all."""
    return {
        one.id: "yes"
        for one in gateways()
        if said.get(one.id) == "no" and any(answers.get(name, "no") not in ("no", "unknown") for name in one.lines)
    }


def without_gateway(sheets: Iterable[Sheet] | None = None) -> frozenset[str]:
    """Lines of first sheets that no gateway denies."""
    lines = {name for one in gateways() for name in one.lines}
    every = danger_sheets() if sheets is None else sheets
    return frozenset(name for sheet in every if sheet.first for name in sheet.ids if name not in lines)
