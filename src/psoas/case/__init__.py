"""The words of a visit: everything known about one person at one visit, checked and frozen.

    Case.of(parse_case_text(read_case_text("case.yaml")), vocabulary)

The shape is here; which findings, regions, measurements and illnesses exist comes from the knowledge as a `Vocabulary`,
so that this room needs no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

from psoas.case.types import (
    WORST_IN_WORDS,
    Activity,
    Case,
    Course,
    Effect,
    FindingAnswer,
    Laboratory,
    Measurement,
    Onset,
    Pain,
    Person,
    Sex,
    Side,
    Tried,
    Vitals,
)
from psoas.case.vocabulary import FindingWord, MeasurementWord, Vocabulary

if TYPE_CHECKING:
    from psoas.case.reader import MAX_BYTES, parse_case_text, read_case_text

__all__ = [
    "MAX_BYTES", "WORST_IN_WORDS", "Activity", "Case", "Course", "Effect", "FindingAnswer", "FindingWord",
    "Laboratory", "Measurement", "MeasurementWord", "Onset", "Pain", "Person", "Sex", "Side", "Tried", "Vitals",
    "Vocabulary", "parse_case_text", "read_case_text",
]  # fmt: skip

# Reading files needs YAML; those who only name the types do not pay for it.
_HOMES = {"reader": ("MAX_BYTES", "parse_case_text", "read_case_text")}
__getattr__, __dir__, _ = lazy_loader.attach(__name__, submod_attrs=_HOMES)
