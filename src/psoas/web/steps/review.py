"""Everything that was said, on one page, with what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from psoas.knowledge.rules.conditions import ids_in
from psoas.report.differences import difference_sentences
from psoas.web.steps.context import VisitContext
from psoas.web.words.visit import COURSES, ONSETS, SEXES

Row = tuple[str, str]


@dataclass(frozen=True)
class Summary:
    """What was said: rows of words and values under the step they belong to, what was told otherwise than measured, and
    the danger questions left open.
    """

    person: tuple[Row, ...]
    pain: tuple[Row, ...]
    yes: tuple[Row, ...]
    tests: tuple[Row, ...]
    measured: tuple[Row, ...]
    lists: tuple[Row, ...]
    differ: tuple[str, ...]
    no: int
    unknown: int
    open: tuple[str, ...]


def summary_of(desk: VisitContext) -> Summary:
    """The summary of a visit."""
    case, findings = desk.visit.case, desk.visit.case.get("findings", {})
    table = desk.knowledge.findings.findings
    tests = {name for name in findings if name in table and table[name].mode in ("hands_on", "self_test")}
    said = [(name, answer) for name, answer in sorted(findings.items()) if name not in tests]
    yes = [(desk.words.of(name), answer_words(answer)) for name, answer in said if not _all(answer, "no", "unknown")]
    done = [
        (desk.words.of(name), answer_words(findings[name])) for name in sorted(tests) if findings[name] != "unknown"
    ]
    return Summary(
        person=tuple(person_rows(case.get("person", {}))),
        pain=tuple(_pain(desk)),
        yes=tuple((_upper(words), value) for words, value in yes),
        tests=tuple((_upper(words), value) for words, value in done),
        measured=tuple(_measured(desk)),
        lists=tuple(said_lists(case)),
        differ=difference_sentences(desk.interview.case, desk.interview.facts, desk.words),
        no=sum(_all(answer, "no") for answer in findings.values()),
        unknown=sum(_all(answer, "unknown") for answer in findings.values()),
        open=tuple(open_danger(desk)),
    )


def answer_words(answer: Any) -> str:
    """An answer for a reader: `left: yes, right: no`."""
    if isinstance(answer, dict):
        return ", ".join(f"{side}: {answer_words(value)}" for side, value in answer.items())
    return str(answer).replace("_", " ")


def _all(answer: Any, *words: str) -> bool:
    """Whether every side of an answer is one of these."""
    return all(one in words for one in (answer.values() if isinstance(answer, dict) else (answer,)))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def person_rows(person: dict[str, Any]) -> Iterator[Row]:
    """What is known of the person, in words."""
    if "age_years" in person:
        yield "Age", f"{person['age_years']:g} years"
    if "sex" in person:
        yield "Sex", SEXES[person["sex"]]
    if "height_m" in person:
        yield "Height", f"{person['height_m'] * 100:g} cm"
    if "mass_kg" in person:
        yield "Mass", f"{person['mass_kg']:g} kg"
    if "pregnant" in person:
        weeks = f", week {person['pregnancy_weeks']:g}" if "pregnancy_weeks" in person else ""
        yield "Pregnant", f"{person['pregnant']}{weeks}"
    if person.get("activities"):
        yield "Activities", ", ".join(one["id"].replace("_", " ") for one in person["activities"])


def _pain(desk: VisitContext) -> Iterator[Row]:
    pain = desk.visit.case.get("pain", {})
    for place, rating in pain.get("regions", {}).items():
        yield _upper(desk.words.region(place)), "marked" if rating is None else f"{rating:g} of 10"
    if "worst_overall_0_10" in pain:
        yield "Worst of the last week", f"{pain['worst_overall_0_10']} of 10"
    if "duration_weeks" in pain:
        weeks = pain["duration_weeks"]
        yield "For", f"{round(weeks, 1):g} week{'' if weeks == 1 else 's'}"
    if "onset" in pain:
        yield "Began", ONSETS.get(pain["onset"], pain["onset"]).lower()
    if "course" in pain:
        yield "Goes", COURSES.get(pain["course"], pain["course"]).lower()


def _measured(desk: VisitContext) -> Iterator[Row]:
    held: dict[str, list[str]] = {}
    for one in desk.interview.case.measurements:
        about = desk.knowledge.findings.measurement_ids[one.id]
        words = f"{about.plain}{f', {one.side}' if one.side else ''}"
        value = next(iter(one.values().values()))
        unit = "°" if about.unit == "deg" else f" {about.unit.split(' ')[0]}"
        held.setdefault(words, []).append(f"{value:g}{unit}".replace("-", "\u2212"))
    yield from ((words, ", ".join(values)) for words, values in held.items())


def said_lists(case: dict[str, Any]) -> Iterator[Row]:
    """Medicines, supplements, illnesses and goals, in words."""
    for key, words in (
        ("medicines", "Medicines"),
        ("supplements", "Supplements"),
        ("conditions", "Illnesses"),
        ("goals", "Goals"),
    ):
        if key in case:
            yield words, ", ".join(name.replace("_", " ") for name in case[key]) or "none"
    if case.get("notes"):
        yield "Notes", str(case["notes"])


def open_danger(desk: VisitContext) -> Iterator[str]:
    """The danger questions without an answer, in words; a group by its heading, once."""
    index = desk.interview.facts.index
    seen: set[str] = set()
    for name in desk.interview.screen.not_asked:
        flag = index.acts.get(name)
        if flag is not None and flag.parts and any(part in index.acts for part in ids_in(flag.parts)):
            continue  # its parts stand in the list themselves, or have been answered as far as they are known
        words = _upper(desk.words.of(name))
        if words not in seen:
            seen.add(words)
            yield words
