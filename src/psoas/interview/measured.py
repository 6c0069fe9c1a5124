"""Angles and other measurements as a form: several trials a side, how they were taken, and what looks wrong.

A form has `m.<id>.left`, `m.<id>.right` (or `m.<id>` without sides) with a word for each trial, `pelvis.<id>`
and `method.<id>`; `shown` lists the ids that the form shows, so that a trial that was emptied is taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from psoas.assessment import read_case
from psoas.assessment.body_findings import is_installed
from psoas.case import Case
from psoas.errors import CaseError
from psoas.interview.fields import Data, Form, number_of, word_of
from psoas.knowledge import Knowledge, load

METHODS = ("inclinometer", "goniometer", "phone", "photo", "by eye")
"""Ways of measuring that the body model tells apart, or that say that it was an estimate."""

SIDES = ("left", "right")


def apply_measurements(case: Mapping[str, Any], form: Form, knowledge: Knowledge | None = None) -> Data:
    """The case with the readings of the form in place of those it shows; readings of other ids stay.

    Raises:
        CaseError: a reading that is no number or out of range, with a sentence for each.
    """
    held = knowledge or load()
    shown = [name for name in dict.fromkeys(form.get("shown", ())) if name in held.findings.measurement_ids]
    problems: list[tuple[str, str]] = []
    readings = [one for one in case.get("measurements", ()) if one.get("id") not in shown]
    for name in shown:
        about = held.findings.measurement_ids[name]
        low, high = about.range
        for field, side, number, text in _trials(name, about.sided, form):
            try:
                value = number_of({field: [text]}, field)
            except CaseError as err:
                problems += err.problems
                continue
            if value is None:
                continue
            if not low <= value <= high:
                where = f"{about.plain}{f', {side}' if side else ''}, trial {number}"
                problems.append((field, f"{where} is {value:g}; expected {low:g} to {high:g} {about.unit}."))
                continue
            readings.append(_reading(name, side, about.value, value, form))
    if problems:
        raise CaseError(*problems[0], *problems[1:])
    found = {key: value for key, value in case.items() if key != "measurements"}
    if readings:
        found["measurements"] = readings
    read_case(found, held)
    return found


def _trials(name: str, sided: bool, form: Form) -> Iterator[tuple[str, str | None, int, str]]:
    for side in SIDES if sided else (None,):
        field = f"m.{name}.{side}" if side else f"m.{name}"
        for number, text in enumerate(form.get(field, ()), 1):
            yield field, side, number, text


def _reading(name: str, side: str | None, field: str, value: float, form: Form) -> Data:
    said = {
        "id": name, "side": side, field: value, "pelvis": word_of(form, f"pelvis.{name}") or None,
        "method": word_of(form, f"method.{name}") or None,
    }  # fmt: skip
    return {key: held for key, held in said.items() if held is not None}


def asked_back(case: Case) -> tuple[str, ...]:
    """Readings that no hip shows, as questions: a swapped sign, another joint. Empty without the body model."""
    if not is_installed():
        return ()
    from psoas.body.flexibility.readings import TightnessError, readings_of, rows_of

    found = []
    for one in readings_of(case):
        try:
            rows_of([one])
        except TightnessError as err:
            found.append(str(err)[0].upper() + str(err)[1:])
    return tuple(dict.fromkeys(found))


def remarks(case: Case) -> tuple[str, ...]:
    """What is worth knowing about the readings: one trial only, pelvis not held, a sign that may be turned."""
    if not is_installed():
        return ()
    from psoas.body.flexibility.readings import TightnessError, readings_of, remarks_on, rows_of

    try:
        return remarks_on(rows_of(readings_of(case)))
    except TightnessError:
        return ()
