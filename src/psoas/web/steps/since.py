"""The first page of a follow-up or a session: how it went, danger asked again in a few lines, what is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from psoas.assessment import read_case
from psoas.errors import CaseError
from psoas.interview import Part, Step, part_of
from psoas.interview.fields import number_of
from psoas.knowledge import Knowledge
from psoas.knowledge.index import index_of
from psoas.web.steps.carry import Again, Data, again_of, symptoms_of, was_true
from psoas.web.steps.context import VisitContext
from psoas.web.steps.forms import Sent, first
from psoas.web.steps.review import answer_words, person_rows, said_lists

COURSES = {
    "improving": "Better",
    "stable": "About the same",
    "worsening": "Worse",
    "episodic": "It comes and goes",
}
STILL = {"": "Not asked yet", "yes": "Still so", "no": "No longer"}


@dataclass(frozen=True)
class Since:
    """What the page shows.

    Attributes:
        lines: the danger sheets of the first kind with what is open on them; one tick answers a line.
    """

    desk: VisitContext
    lines: tuple[Step, ...]

    @cached_property
    def still(self) -> tuple[tuple[Part, str], ...]:
        """Danger signs that were true last time, with what was answered."""
        held = was_true(self.desk.previous, self.desk.visit.case, self.desk.knowledge)
        return tuple((part_of(name, self.desk.knowledge), answer_words(answer)) for name, answer in held.items())

    @cached_property
    def again(self) -> Again:
        """What was tested and measured."""
        previous = self.desk.previous
        return again_of(previous, self.desk.knowledge) if previous is not None else Again({}, ())

    @cached_property
    def symptoms(self) -> int:
        """How many answers were taken over."""
        return len(symptoms_of(self.desk.visit.case, self.desk.knowledge))

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Facts taken over, in words."""
        case = self.desk.visit.case
        return (*person_rows(case.get("person", {})), *said_lists(case))


def since_of(desk: VisitContext) -> Since:
    """The page of a visit as it stands."""
    return Since(desk, desk.every_sheet)


def apply_since(case: Data, form: Sent, sheets: tuple[Step, ...], knowledge: Knowledge) -> Data:
    """The case with what was said: the course, the worst pain, the lines of danger signs, and what is no longer so.

    A line that nobody ticked stays open, and a sign that was true stays true until it is said to be gone.

    Raises:
        CaseError: a line with a tick and 'none of these'.
    """
    findings = dict(case.get("findings", {}))
    acts = index_of(knowledge).acts
    for name in [name for name in findings if name in acts]:
        if first(form, f"still.{name}") == "no":
            findings[name] = "no"
    shown, none, ticked = (set(form.get(name, ())) for name in ("shown", "none", "tick"))
    for sheet in sheets:
        findings |= _line(sheet, shown, none, ticked)
    pain = dict(case.get("pain", {}))
    for name, value in (("course", first(form, "course") or None), ("worst_overall_0_10", number_of(form, "worst"))):
        if value is not None:
            pain[name] = value
    found = {**case, "findings": findings} | ({"pain": pain} if pain else {})
    read_case(found, knowledge)
    return found


def _line(sheet: Step, shown: set[str], none: set[str], ticked: set[str]) -> dict[str, Any]:
    names = [part.id for part in sheet.parts if part.id in shown]
    yes = [name for name in names if name in ticked]
    if yes and sheet.id in none:
        raise CaseError("none", f"{sheet.heading}: 'None of these' is chosen and something is ticked; keep one.")
    if sheet.id in none:
        return dict.fromkeys(names, "no")
    return dict.fromkeys(yes, "yes")
