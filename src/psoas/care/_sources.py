"""From ids of sources to citations that can be shown."""

from __future__ import annotations

from collections.abc import Iterable

from psoas.care.types import Citation
from psoas.knowledge import Knowledge


def cite(pack: str, ids: Iterable[str], knowledge: Knowledge, read_in: tuple[str, ...] = ()) -> tuple[Citation, ...]:
    """The citations of these ids in one pack; `reasoned` and the like, which are no source, are left out."""
    known = getattr(knowledge, pack).sources
    return tuple(Citation(name, pack, known[name].citation, read_in) for name in ids if name in known)


def unique(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Each source once, in order; the first reading stands."""
    held: dict[tuple[str, str], Citation] = {}
    for one in citations:
        held.setdefault((one.pack, one.id), one)
    return tuple(held.values())
