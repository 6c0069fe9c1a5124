"""By when somebody must be seen: one deadline for each urgency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psoas.knowledge.packs.entry import Cited, Entry, Source, entry


@entry
class Deadline(Cited):
    """At most `hours` until somebody is seen, None where the evidence names no time; the same in words."""

    id: str
    hours: float | None
    within: str
    soon: str


@entry
class UrgencyPack(Entry):
    """`urgency.yaml`."""

    meta: Mapping[str, Any]
    deadlines: Mapping[str, Deadline]
    sources: Mapping[str, Source]
