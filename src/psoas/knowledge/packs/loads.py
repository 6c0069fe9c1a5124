"""Published loads of the lumbar spine and the hip flexors: what the body model is tuned and checked on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from psoas.knowledge.packs.entry import Cited, Entry, Interval, Source, entry


@entry
class SpineLoad(Cited):
    """One published load, or a row of them. `use` says whether it may set parameters or is kept for checking.

    `range` is low and high, or, beside a row of values, rows of the same length.
    """

    id: str
    group: str
    quantity: str
    level: str
    posture_or_activity: str
    value: float | str | tuple[float, ...] | None
    range: Interval | tuple[tuple[float, ...], ...] | None = None
    sd: float | None = None
    unit: str
    subject: str
    evidence: Literal["in_vivo", "in_vitro", "model", "norm"]
    use: Literal["tune", "validate"]
    check: str | None = None
    note: str | None = None


@entry
class LoadLimit(Entry):
    """A limit for the design of work. `source` is the citation itself, in words."""

    id: str
    quantity: str
    level: str
    value: float
    range: Interval | None = None
    unit: str
    source: tuple[str, ...]
    read_in: tuple[Literal["recalled", "secondary", "abstract", "fulltext"], ...]
    note: str | None = None


@entry
class SpineLoadsMeta(Entry):
    """Rules for the use of the figures."""

    title: str
    version: str
    rules: tuple[str, ...]
    suggested_acceptance: tuple[str, ...]
    counts_note: str


@entry
class SpineLoadPack(Entry):
    """`spine_loads.yaml`."""

    meta: SpineLoadsMeta
    sources: Mapping[str, Source]
    entries: Mapping[str, SpineLoad]
    limits: Mapping[str, LoadLimit]
    gaps: tuple[str, ...]
