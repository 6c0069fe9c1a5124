"""Which hands-on tests to show: those that tell most now, those done, and those looked up."""

from __future__ import annotations

from dataclasses import dataclass

from psoas.diagnosis.ask import askable
from psoas.interview import WHO, Part, part_of, sign_sheets, step_of
from psoas.knowledge import Knowledge
from psoas.web.steps.carry import again_of
from psoas.web.steps.context import VisitContext

MOST_SHOWN = 6
"""So many tests are offered at once. Our choice."""


@dataclass(frozen=True)
class Tests:
    """The tests of one page.

    Attributes:
        best: what tells most now, best first. done: what was entered. looked_up: a test asked for by name.
        signs: (heading, parts) of the signs of the danger screen.
        again: what was tested at the visit before and not yet at this one.
        every: (id, name) of all tests that this practitioner may do, by name.
    """

    best: tuple[Part, ...]
    done: tuple[Part, ...]
    looked_up: tuple[Part, ...]
    signs: tuple[tuple[str, tuple[Part, ...]], ...]
    again: tuple[Part, ...]
    every: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> tuple[Part, ...]:
        """Everything with fields on the page."""
        return (
            *self.looked_up,
            *self.again,
            *self.best,
            *self.done,
            *(part for _, parts in self.signs for part in parts),
        )


def tests_for(desk: VisitContext, who: str, looked_up: str = "") -> Tests:
    """The tests for a practitioner of this training."""
    knowledge, interview = desk.knowledge, desk.interview_with(who)
    table = knowledge.findings.findings
    entered = desk.visit.case.get("findings", {})
    signs = tuple((sheet.heading, step_of(sheet, interview.facts, knowledge, everything=True).parts)
                  for sheet in sign_sheets(who))  # fmt: skip
    among_signs = {part.id for _, parts in signs for part in parts}
    every = {name: one.name for name, one in table.items() if one.mode == "hands_on" and not one.parts}
    every = {name: words for name, words in every.items() if name not in among_signs and _may(name, who, knowledge)}
    found = (part_of(looked_up, knowledge),) if looked_up in every else ()
    hands_on = (name for name in entered if name in table and table[name].mode == "hands_on")
    done = tuple(part_of(name, knowledge) for name in hands_on if name not in among_signs and name != looked_up)
    tested = again_of(desk.previous, knowledge).tests if desk.previous is not None else {}
    gone = {part.id for part in (*found, *done)} | among_signs
    again = tuple(part_of(name, knowledge) for name in tested if name in every and name not in gone)
    taken = gone | {part.id for part in again}
    best: dict[str, Part] = {}
    for step in interview.questions:
        for part in step.parts:
            if part.id in every and part.id not in taken and len(best) < MOST_SHOWN:
                best[part.id] = part
    return Tests(
        tuple(best.values()), done, found, signs, again, tuple(sorted(every.items(), key=lambda one: one[1].lower()))
    )


def _may(name: str, who: str, knowledge: Knowledge) -> bool:
    """Whether a practitioner of this training does the test."""
    asker, _ = askable(knowledge).get(name, ("self", 0.0))
    return WHO.index(asker) <= WHO.index(who)
