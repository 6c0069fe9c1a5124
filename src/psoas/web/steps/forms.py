"""What a form sent, and what a form shows: values of the case in the units and names of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from psoas.errors import CaseError

Sent = dict[str, list[str]]

MOST_FREE_TEXT = 4_000_000
"""The longest free text of a note in bytes; a longer one is refused as a whole. Our choice."""
MOST_WORDS = 20_001
"""Letters of one field that are looked at: one more than any field may hold, so that too many are refused, not cut."""


def words_of(form: FormData) -> Sent:
    """Every name with its words, in the order sent; files are no part of it."""
    found: Sent = {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            found.setdefault(name, []).append(value.replace("\r\n", "\n")[:MOST_WORDS])
    return found


async def form_of(request: Request) -> Sent:
    """What was sent with this request."""
    return words_of(await request.form())


SentForm = Annotated[Sent, Depends(form_of)]


async def whole_form_of(request: Request) -> Sent:
    """What was sent, with nothing shortened; the size of the whole request is what bounds it."""
    found: Sent = {}
    async with request.form(max_files=0, max_part_size=MOST_FREE_TEXT) as form:
        for name, value in form.multi_items():
            found.setdefault(name, []).append(str(value))
    return found


WholeForm = Annotated[Sent, Depends(whole_form_of)]


ALLOWED = {"danger": ("sheet", "then"), "questions": ("q", "after", "more"), "tests": ("who", "test")}
"""What an address may say of a step."""


def asked_for(request: Request, step: str) -> dict[str, Any]:
    """The words of the address that a step understands."""
    return {name: request.query_params[name][:80] for name in ALLOWED.get(step, ()) if name in request.query_params}


def first(form: Mapping[str, list[str]], name: str) -> str:
    """The first word under a name, or nothing."""
    return next(iter(form.get(name, ())), "").strip()


def version_of(form: Sent) -> int:
    """The version of the visit that the page was made from; 0 when it was lost, which is never the one kept."""
    text = first(form, "version")
    return int(text) if text.isdigit() and len(text) < 9 else 0


def problems_of(err: CaseError) -> dict[str, str]:
    """Sentences by the name of the form's field: `person.age_years` is the field `age_years`."""
    found: dict[str, str] = {}
    for place, sentence in err.problems:
        name = place
        for block in ("person.", "pain."):
            name = name.removeprefix(block)
        if name.startswith("regions."):
            name = f"rate.{name.removeprefix('regions.')}"
        found.setdefault(name, sentence)
    return found


def person_values(case: Mapping[str, Any]) -> Sent:
    """The fields of the step about the person."""
    person = case.get("person", {})
    values: Sent = {
        name: [_text(person[name])]
        for name in ("age_years", "sex", "mass_kg", "pregnant", "pregnancy_weeks")
        if name in person
    }
    if "height_m" in person:
        values["height_cm"] = [_text(round(person["height_m"] * 100, 1))]
    for one in person.get("activities", ()):
        values.setdefault("activity", []).append(one["id"])
        for field, name in (("hours_per_week", "hours"), ("change_percent_last_8_weeks", "change")):
            if field in one:
                values[f"{name}.{one['id']}"] = [_text(one[field])]
    return values


def pain_values(case: Mapping[str, Any]) -> Sent:
    """The fields of the step about the pain; a duration is shown in the largest unit in which it is a round number."""
    pain = case.get("pain", {})
    values: Sent = {
        name: [_text(pain[name])] for name in ("map_complete", "worst_overall_0_10", "onset", "course") if name in pain
    }
    for place, rating in pain.get("regions", {}).items():
        values.setdefault("mark", []).append(place)
        if rating is not None:
            values[f"rate.{place}"] = [_text(rating)]
    if "duration_weeks" in pain:
        amount, unit = _duration(pain["duration_weeks"])
        values |= {"duration": [_text(amount)], "duration_unit": [unit]}
    for one in case.get("tried", ()):
        for name in ("what", "weeks", "effect"):
            values.setdefault(f"tried.{name}", []).append(_text(one.get(name, "")))
    return values


def _duration(weeks: float) -> tuple[float, str]:
    from psoas.interview.fields import WEEKS_IN

    for unit in ("years", "months"):
        amount = weeks / WEEKS_IN[unit]
        if amount >= 1 and abs(amount - round(amount)) < 0.01:
            return round(amount), unit
    if weeks < 1:
        return round(weeks * 7), "days"
    return weeks, "weeks"


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)
