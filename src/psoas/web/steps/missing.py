"""What a visit lacks: before there can be a result, and before it ends. The one count of open danger questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psoas.web.steps.context import VisitContext
from psoas.web.steps.review import open_danger

if TYPE_CHECKING:
    from psoas.records import Work


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is not there.

    Attributes:
        words: what, as a short sentence.
        to: the page where it is put right.
        action: the words of the link.
    """

    words: str
    to: str
    action: str


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands between a visit and its result: nothing, when `is_open`.

    Attributes:
        pain: the pain that is missing; None when there is one.
        safety: the sheets that come before a first answer and are neither answered nor knowingly left open.
        count: open danger questions of the whole visit, as every page counts them.
    """

    pain: Missing | None
    safety: tuple[Missing, ...]
    count: int

    @property
    def is_open(self) -> bool:
        """Whether there can be a result."""
        return self.pain is None and not self.safety


def open_count(desk: VisitContext) -> int:
    """How many danger questions have no answer. Every page that gives a number gives this one."""
    return len(tuple(open_danger(desk)))


def gate_of(desk: VisitContext) -> Gate:
    """Whether a visit can have a result. A danger that stops it needs no further answers."""
    pain = None if has_pain(desk) else Missing("No pain is marked.", f"{desk.base}/pain", "Mark where it hurts")
    sheets = () if desk.interview.dangers else desk.interview.first_sheets
    safety = tuple(
        Missing(sheet.heading, f"{desk.base}/danger?sheet={sheet.id}", "Answer")
        for sheet in sheets
        if not desk.left_open.issuperset(part.id for part in sheet.parts)
    )
    return Gate(pain, safety, open_count(desk))


def has_pain(desk: VisitContext) -> bool:
    """Whether something is said of where or how strong the pain is; a person without pain has no source of it."""
    pain = desk.visit.case.get("pain", {})
    return bool(pain.get("regions")) or pain.get("worst_overall_0_10") is not None or bool(desk.interview.dangers)


def missing_at_the_end(work: Work, desk: VisitContext) -> tuple[Missing, ...]:
    """What to look over before the visit ends."""
    return tuple(_missing(work, desk))


def _missing(work: Work, desk: VisitContext) -> Iterator[Missing]:
    visit, base = desk.visit, desk.base
    if visit.kind != "treatment":
        gate = gate_of(desk)
        if gate.pain:
            yield gate.pain
        if gate.safety:
            yield Missing(f"{_questions(gate.count)} open.", f"{base}/danger", "Answer them")
        results = [one for one in work.results.of(visit.id) if "format" in one.page]
        if gate.is_open and not results:
            yield Missing("No result was looked at.", f"{base}/result", "See the result")
        elif results and results[0].page["visit_version"] != visit.version:
            yield Missing("The answers changed after the result was computed.", f"{base}/result", "Look at it")
        if results and work.plans.latest(visit.id) is None:
            yield Missing("No plan was saved.", f"{base}/plan", "Choose the plan")
    elif desk.interview.first_sheets:
        yield Missing(f"{_questions(open_count(desk))} open.", f"{base}/since", "Ask them")
    if work.notes.latest(visit.id) is None:
        yield Missing("No note was written.", f"{base}/note", "Write the note")
    if not work.consents.of(visit.person_id):
        yield Missing("No consent is on record.", f"/people/{visit.person_id}/consent", "Record the consent")


def _questions(count: int) -> str:
    return f"{count} safety question{' is' if count == 1 else 's are'}"
