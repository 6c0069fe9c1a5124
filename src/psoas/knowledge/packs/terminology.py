"""Regions of the pain drawing, and the codes other health software knows things by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from psoas.knowledge.packs.entry import Cited, Entry, ReadIn, Source, entry

Side = Literal["left", "right", "centre", "unspecified"]


@entry
class Code(Cited):
    """A code of an outside system and its official wording."""

    code: str
    display: str


@entry
class Region(Entry):
    """A region of the pain drawing. `whole_of`: the regions it is made of; `covers`: what it also marks."""

    id: str
    label: str
    sides: tuple[Side, ...]
    snomed: str | None
    display: str | None = None
    sided: Mapping[Literal["left", "right"], str] | None = None
    qualifier_text: str | None = None
    whole_of: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    safety: str | None = None
    alt: Code | None = None
    source: tuple[str, ...] = ()
    read_in: tuple[ReadIn, ...] = ()


@entry
class SidedCode(Entry):
    """An ICD-10-CM code for one side (`any` where the code has none)."""

    side: Literal["any", "left", "right", "both"]
    code: str
    display: str


@entry
class WhoCode(Entry):
    """A code of the WHO's ICD-10."""

    code: str
    display: str


@entry
class CodedCondition(Entry):
    """What a result may name, with its diagnostic codes."""

    id: str
    label: str
    icd_10_cm: tuple[SidedCode, ...]
    icd_10_who: WhoCode | None
    note: str | None = None


@entry
class CodeSystem(Entry):
    """A code system: its address and whether its licence lets us ship its codes."""

    id: str
    uri: str
    licence: str
    ship_by_default: bool
    source: tuple[str, ...] = ()
    read_in: tuple[ReadIn, ...] = ()
    note: str | None = None


@entry
class ConditionsSource(Entry):
    """The two tables that the codes of `conditions` were read in."""

    icd_10_cm: str
    icd_10_who: str
    read_in: tuple[ReadIn, ...]


@entry
class TerminologyPack(Entry):
    """`terminology.yaml`. The tables for FHIR, LOINC, UCUM, SNOMED CT and ICF are kept as they stand in the file."""

    schema_version: int
    topic: str
    sources: Mapping[str, Source]
    code_systems: Mapping[str, CodeSystem]
    export_policy: tuple[str, ...]
    fhir_resources: Mapping[str, Any]
    loinc: Mapping[str, Any]
    ucum_units: Mapping[str, Any]
    snomed_ct: Mapping[str, Any]
    pain_drawing_sides: tuple[Side, ...]
    pain_drawing_regions: Mapping[str, Region]
    icf: Mapping[str, Any]
    conditions_source: ConditionsSource
    conditions: Mapping[str, CodedCondition]
    gaps: tuple[str, ...]
