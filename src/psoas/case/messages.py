"""Turns what is wrong with a case into sentences: the field, the value that came, what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from psoas.case.types import Case
    from psoas.case.vocabulary import Vocabulary

Problem = tuple[str, str]

_KINDS = {
    "float_type": "a number",
    "int_type": "a whole number",
    "string_type": "text",
    "dict_type": "a block of fields",
    "model_type": "a block of fields",
    "model_attributes_type": "a block of fields",
    "tuple_type": "a list",
    "list_type": "a list",
    "finite_number": "a finite number",
}


def nearest(word: str, words: Collection[str], n: int = 3) -> str:
    """A clause that names the nearest valid words, or the empty string."""
    close = difflib.get_close_matches(word, sorted(words), n, 0.5)
    return f" Nearest: {', '.join(close)}." if close else ""


def shown(value: Any) -> str:
    """A value short enough for a sentence."""
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write out an integer of thousands of digits
        return "a number of thousands of digits"
    return text if len(text) <= 60 else text[:57] + "..."


def of_depth(data: Any, limit: int) -> list[Problem]:
    """One problem when blocks are nested deeper than any case is (or hold themselves), found without recursion."""
    level: list[Any] = [data]
    for _ in range(limit):
        level = [
            inner
            for held in level
            for inner in (held.values() if isinstance(held, dict) else held)
            if isinstance(inner, (dict, list, tuple))
        ]
        if not level:
            return []
    return [("the case", f"nested more than {limit} levels deep; a case needs five at most.")]


Blocks: TypeAlias = "Mapping[str, type[BaseModel]]"
"""The models whose fields may be named, by the place of their block in the file; the whole stands under ``""``."""


def of_shape(err: ValidationError, blocks: Blocks) -> tuple[Any, ...]:
    """The arguments of a `CaseError` for what pydantic found: place, sentence, then further pairs."""
    problems: dict[str, str] = {}
    for detail in err.errors(include_url=False):
        place = _place(detail["loc"])
        # A union reports every alternative that failed; the first says enough.
        problems.setdefault(place, _sentence(place, detail, blocks))
    first, *rest = problems.items()
    return (*first, *rest)


def _place(loc: tuple[int | str, ...]) -> str:
    """`measurements[0].value_deg`; the names of the alternatives of a union are left out."""
    out = ""
    for part in loc:
        if isinstance(part, int):
            out += f"[{part + 1}]"
        elif part.isidentifier() and part not in ("float", "int", "str", "none"):
            out += f".{part}" if out else part
    return out or "the case"


def _sentence(place: str, detail: ErrorDetails, blocks: Blocks) -> str:
    kind, came, ctx = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return f"there is no such field ({shown(came)} was given). {_fields_of(place, blocks)}".rstrip()
    if kind == "missing":
        return "this field is missing." + (" A case begins with `psoas_case: 1`." if place == "psoas_case" else "")
    if kind == "literal_error":
        also = " or 0 to 10" if place == "pain.worst_overall_0_10" else ""
        return f"is {shown(came)}; allowed: {ctx['expected']}{also}."
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = ctx.get("ge", ctx.get("le"))
        return f"is {shown(came)}; expected {'at least' if 'ge' in ctx else 'at most'} {limit:g}."
    if kind in ("too_long", "string_too_long"):
        return f"is too long; at most {ctx['max_length']} are allowed."
    if kind == "string_too_short":
        return "is empty; leave it out instead."
    return f"is {shown(came)}; expected {_KINDS.get(kind, detail['msg'].lower())}."


def _fields_of(place: str, blocks: Blocks) -> str:
    head, _, name = place.rpartition(".")
    model = blocks.get(head.split("[")[0])
    if model is None:
        return ""
    close = difflib.get_close_matches(name, model.model_fields, 5, 0.6)
    if len(close) == 1:
        return f"Did you mean {close[0]}?"
    return f"Nearest: {', '.join(close)}." if close else f"Allowed: {', '.join(model.model_fields)}."


def of_words(case: Case, vocabulary: Vocabulary) -> list[Problem]:
    """Problems with ids, sides, places and ranges; empty when there are none."""
    return [
        *_findings(case, vocabulary),
        *_regions(case, vocabulary),
        *_measurements(case, vocabulary),
        *_activities(case, vocabulary),
        *_conditions(case, vocabulary),
        *_in_range("vitals", case.vitals, vocabulary.vitals),
        *_in_range("laboratory", case.laboratory, vocabulary.laboratory),
        *_person(case),
    ]


def _findings(case: Case, vocabulary: Vocabulary) -> Iterator[Problem]:
    for name, answer in case.findings.items():
        place = f"findings.{name}"
        word = vocabulary.findings.get(name)
        if word is None:
            yield place, f"there is no finding of this name.{nearest(name, vocabulary.findings)}"
            continue
        allowed = ("yes", "no", "unknown", "not_possible", *word.places)
        if isinstance(answer, dict):
            if not word.sided:
                yield place, f"is given per side, but it has no sides; allowed: {', '.join(allowed)}."
                continue
            for side, value in answer.items():
                if side not in ("left", "right"):
                    yield f"{place}.{side}", "is no side; allowed: left, right."
                elif value not in allowed:
                    yield f"{place}.{side}", f"is {shown(value)}; allowed: {', '.join(allowed)}."
        elif not isinstance(answer, str) or answer not in allowed:
            sides = ", or per side {left: ..., right: ...}" if word.sided else ""
            yield place, f"is {shown(answer)}; allowed: {', '.join(allowed)}{sides}."


def _regions(case: Case, vocabulary: Vocabulary) -> Iterator[Problem]:
    bare = {name.rpartition("_")[0] for name in vocabulary.regions}
    for key in case.pain.regions:
        if key in vocabulary.regions:
            continue
        place, (region, _, side) = f"pain.regions.{key}", key.rpartition("_")
        if key in bare:
            region, side = key, ""
        if region in bare:
            sides = sorted(name.rpartition("_")[2] for name in vocabulary.regions if name.rpartition("_")[0] == region)
            came = f"the side '{side}' makes no sense here" if side else "the side is missing"
            yield place, f"{came}; allowed: {', '.join(f'{region}_{one}' for one in sides)}."
        else:
            yield place, f"there is no region of this name.{nearest(key, vocabulary.regions)}"


def _measurements(case: Case, vocabulary: Vocabulary) -> Iterator[Problem]:
    for number, reading in enumerate(case.measurements, 1):
        place = f"measurements[{number}]"
        word = vocabulary.measurements.get(reading.id)
        if word is None:
            yield (
                f"{place}.id",
                f"is {shown(reading.id)}; no such measurement.{nearest(reading.id, vocabulary.measurements)}",
            )
            continue
        values = reading.values()
        if set(values) != {word.field}:
            came = ", ".join(values) or "no value"
            yield place, f"{reading.id} has {came}; expected {word.field} (in {word.unit})."
        elif not word.low <= (value := values[word.field]) <= word.high:
            allowed = f"{word.low:g} to {word.high:g} {word.unit}"
            yield f"{place}.{word.field}", f"{reading.id} is {value:g}; expected {allowed}."
        if reading.side is not None and not word.sided:
            yield f"{place}.side", f"{reading.id} has no side; leave it out."


def _activities(case: Case, vocabulary: Vocabulary) -> Iterator[Problem]:
    for number, activity in enumerate(case.person.activities, 1):
        if activity.id not in vocabulary.activities:
            allowed = ", ".join(sorted(vocabulary.activities))
            yield f"person.activities[{number}].id", f"is {shown(activity.id)}; allowed: {allowed}."


def _conditions(case: Case, vocabulary: Vocabulary) -> Iterator[Problem]:
    for number, held in enumerate(case.conditions, 1):
        if not vocabulary.is_illness(held):
            yield (
                f"conditions[{number}]",
                f"is {shown(held)}; no such illness is known.{nearest(held, vocabulary.conditions)}",
            )


def _in_range(block: str, values: Any, ranges: Any) -> Iterator[Problem]:
    for name, (low, high) in ranges.items():
        value = getattr(values, name)
        if value is not None and not low <= value <= high:
            yield f"{block}.{name}", f"is {value:g}; expected {low:g} to {high:g}."


def _person(case: Case) -> Iterator[Problem]:
    person = case.person
    if person.sex == "male" and (person.pregnant == "yes" or person.pregnancy_weeks is not None):
        yield "person.pregnant", "a pregnancy and sex: male exclude each other; correct one of them."
    if person.pregnant == "no" and person.pregnancy_weeks is not None:
        yield "person.pregnancy_weeks", f"is {person.pregnancy_weeks:g}, yet pregnant is no; correct one of them."
    if person.age_years is not None and (case.pain.duration_weeks or 0) / 52.18 > person.age_years + 1:
        yield (
            "pain.duration_weeks",
            f"is {case.pain.duration_weeks:g}, longer than the person has lived; expected weeks.",
        )
