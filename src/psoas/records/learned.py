"""The finished trials of a practice, gathered for what it learns of itself, and for a study that is asked for.

Everything stays in the store. The file for a study is made by a deliberate command alone and says in the audit trail
that it was: people are numbers drawn for that file, ages are bands of ten years, days are counted from the start of a
trial, and no word that somebody wrote is in it.
"""

from __future__ import annotations

import csv
import io
import secrets
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from psoas.errors import CaseError
from psoas.records.parts.part import Part
from psoas.trial import Course, LaidDown, State, course_of, state_of
from psoas.trial.practice import Settled

if TYPE_CHECKING:
    from psoas.records.model import StoredTrial
    from psoas.records.parts.work import Work

BESIDE = ("treatment_id", "hip_flexor")
"""What is kept beside how a trial over weeks is laid down."""
README = """De-identified trials on one person, from Psoas. Columns: docs/study_protocol.md.
people.csv: a line a person. retests.csv: a line a reading. days.csv: a line a day told. looks.csv: a line a look.
"""


def retests(work: Work) -> Iterator[tuple[StoredTrial, State]]:
    """Every re-test of the practice that is over and says something."""
    for stored in work.trials.every():
        if stored.kind == "retest":
            try:
                state = state_of(LaidDown.of(stored.content), [one.content for one in work.trials.entries(stored.id)])
            except (CaseError, KeyError, TypeError, ValueError):
                continue
            if state.is_over and state.result is not None:
                yield stored, state


def courses(work: Work) -> Iterator[tuple[StoredTrial, Course]]:
    """Every trial over weeks of the practice that can be read."""
    for stored in work.trials.every():
        if stored.kind == "weeks":
            laid_down = {name: value for name, value in stored.content.items() if name not in BESIDE}
            try:
                yield stored, course_of(laid_down, [one.content for one in work.trials.entries(stored.id)])
            except (CaseError, KeyError, TypeError, ValueError):
                continue


def settled_questions(work: Work) -> list[Settled]:
    """Hip flexors: what was predicted by the last result before a re-test, and what the re-test said.

    A re-test that says nothing either way settles nothing. A result that already knew the re-test is left out.
    """
    found = []
    for stored, state in retests(work):
        if stored.visit_id is None or not state.laid_down.hip_flexor or state.result is None:
            continue
        ratio = state.result.likelihood_ratio
        before = [one for one in work.results.of(stored.visit_id) if one.made_at < stored.made_at]
        said = before[0].answer.get("psoas", {}) if before else {}
        if said.get("probability") is not None and not 0.5 < ratio < 2.0:
            found.append(Settled(str(said["as_source"]), float(said["probability"]), ratio >= 2.0))
    return found


def words_of_trials(work: Work) -> list[tuple[str, str]]:
    """What was tried over weeks, by the id of the evidence where it has one, with the last word of its trial."""
    return [
        (stored.content.get("treatment_id") or "in own words", course.looks[-1].verdict.word)
        for stored, course in courses(work)
        if course.looks
    ]


def study_file(work: Work, *, today: date) -> bytes:
    """The trials of the practice for a study, de-identified, as a ZIP of CSV. The audit trail notes it."""
    Part(work)._allow("To export for a study", "owner")
    numbers: dict[str, str] = {}

    def number(person_id: str) -> str:
        return numbers.setdefault(person_id, secrets.token_hex(4))

    readings: list[dict[str, Any]] = []
    for stored, state in retests(work):
        about = {
            "person": number(stored.person_id), "trial": secrets.token_hex(4),
            "treatment": state.laid_down.treatment_id, "hip_flexor": state.laid_down.hip_flexor,
            "likelihood_ratio": round(state.result.likelihood_ratio, 3) if state.result else "",
        }  # fmt: skip
        readings += [
            {**about, "reading": place, "after": one.after, "pain": one.pain}
            for place, one in enumerate(state.readings, 1)
        ]
    days: list[dict[str, Any]] = []
    looks: list[dict[str, Any]] = []
    for stored, course in courses(work):
        trial, order = course.trial, course.trial.schedule.on_treatment()
        about = {"person": number(stored.person_id), "trial": secrets.token_hex(4)}
        for day, told in sorted(trial.days.items()):
            place = (day - trial.starts).days
            days.append(
                {**about, "day": place, "weekday": day.weekday(), "on_treatment": order[place],
                 "pain": told.pain_0_10, "activity": told.activity_0_10, "did_it": told.did_it}
            )  # fmt: skip
        looks += [
            {**about, "treatment": stored.content.get("treatment_id", ""), "days": look.days,
             "answered": look.answered, "word": look.verdict.word, "effect": round(look.verdict.effect_points, 3)}
            for look in course.looks
        ]  # fmt: skip
    people = []
    for id_, code in sorted(numbers.items(), key=lambda pair: pair[1]):
        person = work.people.get(id_)
        years = None if person.birth_date is None else (today - person.birth_date).days // 365
        people.append({"person": code, "sex": person.sex, "age_band": "" if years is None else f"{years // 10 * 10}s"})
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundled:
        bundled.writestr("README.txt", README)
        for name, rows in (("people", people), ("retests", readings), ("days", days), ("looks", looks)):
            bundled.writestr(f"{name}.csv", _csv(rows))
    work.begin_write()
    work.note("practice.study_export", "practice", work.scope.practice_id)
    return made.getvalue()


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue()


__all__ = ["courses", "retests", "settled_questions", "study_file", "words_of_trials"]
