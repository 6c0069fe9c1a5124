"""The verbs of the room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from psoas.care.handout._client import client_data
from psoas.care.handout._typeset import typeset
from psoas.care.handout._words import Names, Options, Practice
from psoas.care.types import Plan
from psoas.case import Case
from psoas.knowledge import load

CLIENT_LOOKS = (
    {"size": 13.0, "gap": 9.0, "picture": 5.2},
    {"size": 12.5, "gap": 8.0, "picture": 4.8},
    {"size": 12.0, "gap": 7.0, "picture": 4.4},
    {"size": 12.0, "gap": 5.5, "picture": 3.8},
    {"size": 12.0, "gap": 4.5, "picture": 3.2},
)
"""From roomy to tight; 12 pt is the least that a sheet for home may have. Picture width in cm."""


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
        words: names of findings and flags, such as `psoas.assessment.words.Words`.
        today: the date on the sheet and in the file.

    Raises:
        MissingExtraError: Typst or Shapely is not installed.
    """
    data = client_data(
        plan, case, words, load(), person_name=person_name, practice=practice, today=today, options=options or Options()
    )

    def fill(look: Mapping[str, Any], missing: bool) -> dict[str, Any]:
        return {**data, "look": dict(look), "missing": missing}

    return typeset("client.typ", fill, CLIENT_LOOKS, pages=2, today=today)
