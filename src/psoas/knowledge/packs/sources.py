"""The sources of pain that are ranked, with their shares in published settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from psoas.knowledge.packs.entry import Entry, Interval, ReadIn, Source, entry


@entry
class Share(Entry):
    """How often something is the source in one setting, as a fraction. No source: nobody has published one."""

    value: float | None
    low: float | None = None
    high: float | None = None
    ci: Interval | None = None
    setting: str
    source: tuple[str, ...]
    read_in: tuple[ReadIn, ...]
    use_as_prior: Literal["yes", "caution", "no"] | None = None
    value_from: str | None = None
    alternatives: tuple[Share, ...] = ()
    note: str | None = None


@entry
class Variant(Entry):
    """A kind of the same source: named in the answer, never ranked by itself."""

    id: str
    name: str
    icd10: str
    note: str
    prevalence: Share


@entry
class SourceOfPain(Entry):
    """A structure or condition the pain may stem from."""

    id: str
    name: str
    plain_name: str
    icd10: str
    icd10_cm: str | None = None
    snomed: str | None
    prevalence: Share
    typical_pain_regions: tuple[str, ...]
    variants: Mapping[str, Variant] = field(default_factory=dict)
    look_alikes: tuple[str, ...] = ()
    same_as: str | None = None
    note: str


@entry
class RegionWord(Entry):
    """A word from the literature and the regions of the pain drawing it stands for."""

    to: tuple[str, ...]
    plain: str


@entry
class SourcesMeta(Entry):
    """What holds for all sources; `no_single_source`: how often none is found."""

    title: str
    units: str
    fields: Mapping[str, Any]
    cautions: tuple[str, ...]
    no_single_source: tuple[Share, ...]
    overlap: Share


@entry
class SourcesOfPainPack(Entry):
    """`sources_of_pain.yaml`."""

    schema_version: int
    meta: SourcesMeta
    sources: Mapping[str, Source]
    region_map: Mapping[str, RegionWord]
    conditions: Mapping[str, SourceOfPain]
