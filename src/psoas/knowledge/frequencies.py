"""The judged frequencies of both packs as one table: P(yes) of every finding with every source, and how sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge
    from psoas.knowledge.packs.frequencies import FrequencyRow

OTHER = "other"
"""The column of people in whom no specific source is found: the leak of every finding."""
NO_SOURCE = "nonspecific_lumbar_strain"
"""A column that is ranked nowhere: plain strain is one way of having no specific source."""
PACKS = ("finding_frequencies", "vocabulary_frequencies")


@dataclass(frozen=True, slots=True)
class Cell:
    """P(yes) of one finding in people with one source, as a fraction, with its birth certificate.

    Attributes:
        sd_logit: standard deviation of its logit, as the pack has it.
        source: ids of the pack's or another pack's references; empty where it was judged.
        read_in: how it was read; `reasoned` where it was judged.
    """

    p: float
    sd_logit: float
    source: tuple[str, ...]
    read_in: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Frequencies:
    """`rows[finding][source]`; `pack_of` says which file a row stands in."""

    columns: tuple[str, ...]
    rows: Mapping[str, Mapping[str, Cell]]
    pack_of: Mapping[str, str]


def ranked_sources(knowledge: Knowledge) -> tuple[str, ...]:
    """The sources that a person can work on, in the order of the pack."""
    return tuple(name for name in knowledge.sources_of_pain.conditions if name != NO_SOURCE)


@lru_cache(maxsize=2)
def frequencies_of(knowledge: Knowledge) -> Frequencies:
    """Both packs together; the columns of a row may stand in any order."""
    rows: dict[str, Mapping[str, Cell]] = {}
    pack_of: dict[str, str] = {}
    for name in PACKS:
        pack = getattr(knowledge, name)
        for row_id, row in pack.rows.items():
            rows[row_id] = _cells(row, pack.sources, pack.read_in)
            pack_of[row_id] = name
    return Frequencies(knowledge.finding_frequencies.sources, rows, pack_of)


def _cells(row: FrequencyRow, columns: tuple[str, ...], read_in: tuple[str, ...]) -> dict[str, Cell]:
    cells = {}
    for column, share, sd in zip(columns, row.share, row.sd_logit, strict=True):
        held = row.corrected.get(column)
        if held is None:
            cells[column] = Cell(share / 100.0, sd, (), read_in)
        else:
            cells[column] = Cell(held.share / 100.0, held.sd_logit, held.source, held.read_in)
    return cells
