"""How much the evidence holds, and how its figures were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psoas.knowledge.checks import tables
from psoas.knowledge.checks.walk import get, places, references_of, texts

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of entries, and of figures by how they were read."""

    findings: int
    findings_untested: int
    accuracy_rows: int
    accuracy_rows_recalled: int
    derived_findings: int
    measurements: int
    causes: int
    flags: int
    flags_asked: int
    flags_groups: int
    flags_derived: int
    findings_in_screen: int
    combinations: int
    thresholds: int
    strength: Mapping[str, int]
    action_if_alone: Mapping[str, int]
    contraindications: int
    regions: int
    regions_with_sides: int
    known_illnesses: int
    sources_of_pain: int
    references: int
    read_in: Mapping[str, int]
    recalled_by_pack: Mapping[str, int]


def count(k: Knowledge) -> Counts:
    """Count everything once."""
    red, findings = k.red_flags, k.findings.findings.values()
    rows = [row for finding in findings for row in finding.accuracy]
    entries = [flag for _, flag in tables.flag_entries(k)]
    own, acts = tables.own_flags(k), {flag.id: flag for flag in entries}
    read_in, recalled = _read_in(k)
    return Counts(
        findings=len(findings),
        findings_untested=sum(finding.untested for finding in findings),
        accuracy_rows=len(rows),
        accuracy_rows_recalled=sum(row.read_in == ("recalled",) for row in rows),
        derived_findings=len(k.findings.derived_findings),
        measurements=len(k.findings.measurement_ids),
        causes=len(red.conditions),
        flags=len(own),
        flags_asked=sum(bool(flag.ask) for flag in entries),
        flags_groups=sum(flag.parts is not None for flag in own.values()),
        flags_derived=sum(bool(flag.derived_from) for flag in own.values()),
        findings_in_screen=len(acts) - len(own),
        combinations=len(tables.combinations(k)),
        thresholds=len(tables.thresholds(k)),
        strength=_ranked(flag.strength for flag in acts.values()),
        action_if_alone=_ranked(flag.action_if_alone for flag in acts.values()),
        contraindications=len(red.manual_contraindications),
        regions=len(k.terminology.pain_drawing_regions),
        regions_with_sides=len(tables.sided_regions(k)),
        known_illnesses=len(red.known_conditions),
        sources_of_pain=len(k.sources_of_pain.conditions),
        references=sum(len(references_of(pack)) for pack in k.packs().values()),
        read_in=read_in,
        recalled_by_pack=recalled,
    )


def _read_in(k: Knowledge) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Figures by how they were read, and per pack how many records rest on memory; `meta` only describes."""
    words: Counter[str] = Counter()
    recalled: Counter[str] = Counter()
    for name, pack in k.packs().items():
        for place in places(pack):
            said = () if place.path[:1] == ("meta",) else texts(get(place.node, "read_in"))
            words.update(said)
            recalled[name] += "recalled" in said
    return dict(words.most_common()), {name: times for name, times in sorted(recalled.items()) if times}


def _ranked(words: Iterable[str]) -> Mapping[str, int]:
    return dict(Counter(words).most_common())
