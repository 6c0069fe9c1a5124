"""Checks of the judged frequencies: every row whole, every id known, every share one that a person can have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from psoas.knowledge.checks import tables
from psoas.knowledge.frequencies import OTHER, PACKS
from psoas.knowledge.problems import Problem

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge
    from psoas.knowledge.packs.frequencies import FrequencyRow

MARKED = "mark_"
ILLNESS = "condition_"
LUMBAR_PARTS = ("lumbar_centre", "lumbar_side")


def check_frequencies(k: Knowledge) -> Iterator[Problem]:
    """The columns are the sources and `other`; no id stands in both files."""
    expected = {*k.sources_of_pain.conditions, OTHER}
    seen: set[str] = set()
    for name in PACKS:
        pack = getattr(k, name)
        if not expected <= set(pack.sources) or len(set(pack.sources)) != len(pack.sources):
            yield Problem(name, "sources", list(pack.sources), f"each of {', '.join(sorted(expected))} once")
        for row_id, row in pack.rows.items():
            where = f"rows/{row_id}"
            if row_id in seen:
                yield Problem(name, where, row_id, "an id that stands in one of the two files only")
            seen.add(row_id)
            if not _is_known(k, row_id):
                yield Problem(name, where, row_id, "the id of a finding, a flag, a fact of the case or a marked region")
            yield from _row(name, where, row, pack.sources)


def check_series(k: Knowledge) -> Iterator[Problem]:
    """Every series speaks of a row that there is, and counts no more people than there were."""
    known = {row_id for name in PACKS for row_id in getattr(k, name).rows}
    for number, one in enumerate(k.published_frequencies.rows):
        where = f"rows/{number}"
        if one.row is not None and one.row not in known:
            yield Problem("published_frequencies", f"{where}/row", one.row, "a row of the judged frequencies, or null")
        if one.row is not None and one.source_of_pain not in k.sources_of_pain.conditions:
            yield Problem("published_frequencies", f"{where}/source_of_pain", one.source_of_pain, "a source of pain")
        for counted in (one.people, one.compared):
            if counted and counted.k is not None and counted.n is not None and not 0 <= counted.k <= counted.n:
                yield Problem("published_frequencies", where, [counted.k, counted.n], "k between 0 and n")


def _row(pack: str, where: str, row: FrequencyRow, columns: tuple[str, ...]) -> Iterator[Problem]:
    for key, values, low, high in (("share", row.share, 0.0, 100.0), ("sd_logit", row.sd_logit, 0.0, 5.0)):
        if len(values) != len(columns):
            yield Problem(pack, f"{where}/{key}", len(values), f"{len(columns)} figures, one for each column")
        for value in values:
            if not low < value < high:
                yield Problem(pack, f"{where}/{key}", value, f"more than {low:g} and less than {high:g}")
    for column, cell in row.corrected.items():
        if column not in columns:
            yield Problem(pack, f"{where}/corrected", column, "one of the columns")
        if not 0 < cell.share < 100 or not 0 < cell.sd_logit < 5:
            yield Problem(
                pack, f"{where}/corrected/{column}", cell.share, "a share between 0 and 100, sd_logit under 5"
            )


def _is_known(k: Knowledge, row_id: str) -> bool:
    if row_id in k.findings.findings or row_id in tables.own_flags(k) or row_id in k.diagnosis_choices.facts:
        return True
    if row_id.startswith(MARKED):
        region = row_id.removeprefix(MARKED)
        return region in k.terminology.pain_drawing_regions or region in LUMBAR_PARTS or region == "one_side_only"
    return row_id.startswith(ILLNESS) and row_id.removeprefix(ILLNESS) in k.red_flags.known_conditions
