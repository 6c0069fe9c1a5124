"""The verbs of the room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from psoas.care.types import Plan
from psoas.case import Case
from psoas.knowledge import load
from psoas.report.handout._client import client_data
from psoas.report.handout._letter import Assessed, Clinician, Patient, letter_data
from psoas.report.handout._typeset import check_installed, typeset
from psoas.report.handout._words import Names, Options, Practice

CLIENT_LOOKS = (
    {"size": 13.0, "gap": 9.0, "picture": 5.4, "row": 6.5, "leading": 0.55},
    {"size": 12.5, "gap": 8.0, "picture": 5.0, "row": 6.0, "leading": 0.53},
    {"size": 12.0, "gap": 7.0, "picture": 4.8, "row": 5.5, "leading": 0.50},
    {"size": 12.0, "gap": 5.5, "picture": 4.4, "row": 4.5, "leading": 0.47},
    {"size": 12.0, "gap": 4.2, "picture": 3.9, "row": 3.8, "leading": 0.44},
)
"""From roomy to tight; 12 pt is the least that a sheet for home may have. Picture width in cm."""

LETTER_LOOKS = (
    {"size": 11.0, "gap": 7.5, "drawing": True},
    {"size": 10.5, "gap": 6.5, "drawing": True},
    {"size": 10.0, "gap": 6.0, "drawing": True},
    {"size": 9.5, "gap": 5.0, "drawing": True},
    {"size": 9.5, "gap": 5.0, "drawing": False},
    {"size": 9.0, "gap": 4.5, "drawing": False},
    {"size": 8.5, "gap": 4.0, "drawing": False},
)
"""From roomy to tight; 8.5 pt is the least (our choice). The pain drawing only says again what stands in words."""


def client_pdf(
    plan: Plan,
    case: Case,
    words: Names,
    *,
    person_name: str | None = None,
    practice: Practice | None = None,
    today: date,
    options: Options | None = None,
) -> bytes:
    """The client's handout: two pages, or more where the plan does not fit; nothing is cut.

    Args:
        words: names of findings and flags, such as `psoas.knowledge.words.Words`.
        today: the date on the sheet and in the file.

    Raises:
        MissingExtraError: Typst or Shapely is not installed.
    """
    check_installed("typst", "shapely")
    data = client_data(
        plan, case, words, load(), person_name=person_name, practice=practice, today=today, options=options or Options()
    )

    def fill(look: Mapping[str, Any], missing: bool) -> dict[str, Any]:
        return {**data, "look": dict(look), "missing": missing}

    return typeset("client.typ", fill, CLIENT_LOOKS, pages=2, today=today)


def doctor_letter_pdf(
    answer: Assessed,
    *,
    person: Patient | None = None,
    practice: Practice | None = None,
    clinician: Clinician | None = None,
    today: date,
    done: Sequence[str] = (),
) -> bytes:
    """The letter to a clinician: one page, or more where it does not fit; nothing is cut.

    Args:
        done: what was done in the practice, in the practitioner's words.

    Raises:
        MissingExtraError: Typst or Shapely is not installed.
    """
    check_installed("typst", "shapely")
    data = letter_data(answer, load(), person=person, practice=practice, clinician=clinician, today=today, done=done)

    def fill(look: Mapping[str, Any], missing: bool) -> dict[str, Any]:
        return {**data, "look": dict(look), "missing": missing}

    return typeset("letter.typ", fill, LETTER_LOOKS, pages=1, today=today)
