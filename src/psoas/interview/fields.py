"""The person and the pain as a form: numbers as people write them, in the units people use, into the case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from psoas.assessment import read_case
from psoas.errors import CaseError
from psoas.knowledge import Knowledge

Form = Mapping[str, Sequence[str]]
"""What was sent: every name with its words, in the order sent."""

Data = dict[str, Any]

WEEKS_IN = {"days": 1 / 7, "weeks": 1.0, "months": 365.25 / 84, "years": 365.25 / 7}
HEIGHT_CM = (40.0, 260.0)
"""The range of the case file (0.4 to 2.6 m), in the unit of the form."""


def word_of(form: Form, name: str) -> str:
    """The first word sent under this name, without the spaces around it; empty when there is none."""
    return next(iter(form.get(name, ())), "").strip()


def number_of(form: Form, name: str) -> float | int | None:
    """A number as people write it (`7,5`), None when the field is empty.

    Raises:
        CaseError: something that is no number.
    """
    text = word_of(form, name)
    if not text:
        return None
    plain = text.replace(",", ".").replace("\u2212", "-").replace(" ", "")
    if not re.fullmatch(r"[-+]?\d{1,9}(\.\d{0,6})?|[-+]?\.\d{1,6}", plain):
        raise CaseError(name, f"is {text[:40]!r}; expected a number, such as 47 or 7.5.")
    value = float(plain)
    return int(value) if value.is_integer() else value


class _Reader:
    """Reads the fields of one form and gathers what is wrong with each, so that all is told at once."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.problems: list[tuple[str, str]] = []

    def number(self, name: str) -> float | int | None:
        try:
            return number_of(self.form, name)
        except CaseError as err:
            self.problems += err.problems
            return None

    def finish(self) -> None:
        if self.problems:
            raise CaseError(*self.problems[0], *self.problems[1:])


def apply_person(case: Mapping[str, Any], form: Form, knowledge: Knowledge | None = None) -> Data:
    """The case with age, sex, pregnancy, height, mass and activities as the form says; what is empty is unknown.

    Raises:
        CaseError: with a sentence for each field.
    """
    read = _Reader(form)
    height_cm = read.number("height_cm")
    low, high = HEIGHT_CM
    if height_cm is not None and not low <= height_cm <= high:
        read.problems.append(("height_cm", f"is {height_cm:g}; expected {low:g} to {high:g} centimetres."))
        height_cm = None
    person = {
        "age_years": read.number("age_years"),
        "sex": word_of(form, "sex") or None,
        "height_m": None if height_cm is None else round(height_cm / 100, 4),
        "mass_kg": read.number("mass_kg"),
        "pregnant": word_of(form, "pregnant") or None,
        "pregnancy_weeks": read.number("pregnancy_weeks"),
        "activities": [_activity(name, read) for name in dict.fromkeys(form.get("activity", ())) if name],
    }
    if person["sex"] == "male":
        person["pregnant"] = person["pregnancy_weeks"] = None  # the fields are hidden then, and may still be sent
    read.finish()
    return _checked({**case, "person": _said(person)}, knowledge)


def _activity(name: str, read: _Reader) -> Data:
    return _said(
        {
            "id": name,
            "hours_per_week": read.number(f"hours.{name}"),
            "change_percent_last_8_weeks": read.number(f"change.{name}"),
        }
    )


def apply_pain(case: Mapping[str, Any], form: Form, knowledge: Knowledge | None = None) -> Data:
    """The case with the drawing, the strength and the course as the form says.

    A place is marked by `mark`, or by its rating `rate.<place>` alone. Care so far comes as rows `tried.what`,
    `tried.weeks` and `tried.effect`.

    Raises:
        CaseError: with a sentence for each field.
    """
    read = _Reader(form)
    places = dict.fromkeys(
        [
            *form.get("mark", ()),
            *(name[5:] for name in sorted(form) if name.startswith("rate.") and word_of(form, name)),
        ]
    )
    weeks = read.number("duration")
    unit = word_of(form, "duration_unit") or "weeks"
    if unit not in WEEKS_IN:
        read.problems.append(("duration_unit", f"is {unit!r}; allowed: {', '.join(WEEKS_IN)}."))
        unit = "weeks"
    pain = {
        "regions": {place: read.number(f"rate.{place}") for place in places if place},
        "map_complete": word_of(form, "map_complete") or None,
        "worst_overall_0_10": read.number("worst_overall_0_10"),
        "duration_weeks": None if weeks is None else round(weeks * WEEKS_IN[unit], 2),
        "onset": word_of(form, "onset") or None,
        "course": word_of(form, "course") or None,
    }
    tried = _tried(form, read)
    read.finish()
    return _checked({**case, "pain": _said(pain), "tried": tried}, knowledge)


def _tried(form: Form, read: _Reader) -> list[Data]:
    columns = [list(form.get(f"tried.{name}", ())) for name in ("what", "weeks", "effect")]
    rows = []
    for number in range(len(columns[0])):
        what, weeks, effect = (column[number].strip() if number < len(column) else "" for column in columns)
        if not what and not effect:
            continue
        row = _Reader({"tried.weeks": [weeks]})
        rows.append(_said({"what": what or "not named", "weeks": row.number("tried.weeks"), "effect": effect or None}))
        read.problems += row.problems
    return rows


def _said(fields: Mapping[str, Any]) -> Data:
    """What was said: fields without a value, and lists without entries, are left out."""
    return {name: value for name, value in fields.items() if value is not None and value != []}


def _checked(case: Data, knowledge: Knowledge | None) -> Data:
    if not case.get("tried", True):
        case = {name: value for name, value in case.items() if name != "tried"}
    read_case(case, knowledge)
    return case
