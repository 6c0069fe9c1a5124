"""The body a command works on: that of a case, with its flexors as measured, or the mean adult's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from psoas.assessment import Assessment
    from psoas.body.subject.model import Body

OptionalCase = Annotated[
    str | None, typer.Argument(metavar="[CASE]", help="A case: its person, measured flexors and dangers are used.")
]


@dataclass(frozen=True, slots=True)
class BodyOfCase:
    """A body and what the case says of it.

    Attributes:
        shorten: percent by which flexors are shorter than average, as measured; empty where none was.
        notes: sentences on what was assumed and what could not be used.
        answer: the case screened and planned; None without a case.
    """

    body: Body
    shorten: Mapping[str, float]
    notes: tuple[str, ...]
    answer: Assessment | None


def body_of_case(case: str | None) -> BodyOfCase:
    """Read the case, if any, and make its body; readings that must be asked back are a note, not an end."""
    from psoas.body.subject.model import Body

    if case is None:
        note = "No case given: the body of the mean adult, flexors of average length."
        return BodyOfCase(Body.of(), {}, (note,), None)
    from psoas.assessment import assess
    from psoas.body.flexibility.flexor_ids import reads_a_flexor
    from psoas.body.flexibility.readings import TightnessError
    from psoas.body.flexibility.tightness import estimate, person_of_case

    answer = assess(case)
    person, notes = person_of_case(answer.case)
    body = Body.of(height_m=person.height_m, mass_kg=person.mass_kg, sex=person.sex, age_years=person.age_years)
    shorten: Mapping[str, float] = {}
    if reads_a_flexor(answer.case):
        try:
            shorten = estimate(answer.case).shorten()
        except TightnessError as err:
            notes = (*notes, f"{err} Flexors of average length are assumed.")
    else:
        notes = (*notes, "No hip angle is measured in this case: flexors of average length are assumed.")
    return BodyOfCase(body, shorten, notes, answer)


def as_measured(shorten: Mapping[str, float]) -> str:
    """The measured flexors in a sentence; empty where none was measured."""
    if not shorten:
        return ""
    told = (f"{name.replace('_', ' ')} {percent:+.0f} %" for name, percent in sorted(shorten.items()))
    return f"Flexors as measured, shorter than average by: {', '.join(told)}."
