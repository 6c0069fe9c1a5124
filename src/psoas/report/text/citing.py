"""Ids of sources as citations that a reader can follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from psoas.knowledge.checks.walk import references_of

if TYPE_CHECKING:
    from psoas.care.types import Citation
    from psoas.knowledge import Knowledge, Source

READ_IN = {
    "fulltext": "read in full",
    "abstract": "read in the abstract",
    "secondary": "quoted elsewhere, the original not seen",
    "recalled": "recalled, not verified",
    "reasoned": "reasoned, no source",
    "proposal": "our own proposal",
}
_NO_SOURCE = {
    "choice": "Our own choice, written down in the evidence; no published figure.",
    "reasoned": "Reasoned by us; no published figure.",
}
_NOT_READ = ("recalled",)


def citation_text(source: Source) -> str:
    """A full citation in one line."""
    parts = [source.citation, source.design + (f", n {source.n}" if source.n else "")]
    if source.doi:
        parts.append(f"doi.org/{source.doi}")
    elif source.pmid:
        parts.append(f"PMID {source.pmid}")
    elif source.url:
        parts.append(source.url)
    if source.note:
        parts.append(source.note)
    return ". ".join(parts)


class Citing:
    """Looks an id of a source up in every pack of the evidence; a pack that is named is asked first."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._packs: dict[str, Mapping[str, Source]] = {
            name: references_of(pack) for name, pack in knowledge.packs().items() if references_of(pack)
        }

    def of(self, ids: Iterable[str], read_in: Iterable[str] = (), pack: str | None = None) -> list[dict[str, Any]]:
        """Each source once: `id`, `text`, `read` in words, `verified`; `link` or None."""
        how = tuple(dict.fromkeys(read_in))
        return [self._one(name, how, pack) for name in dict.fromkeys(ids)]

    def held(self, citations: Iterable[Citation]) -> list[dict[str, Any]]:
        """The citations that a plan carries."""
        return [self._one(one.id, tuple(dict.fromkeys(one.read_in)), one.pack) for one in citations]

    def _one(self, name: str, how: tuple[str, ...], pack: str | None) -> dict[str, Any]:
        source = self._find(name, pack)
        return {
            "id": name,
            "text": citation_text(source).replace("..", ".")
            if source
            else _NO_SOURCE.get(name, name.replace("_", " ")),
            "read": "; ".join(READ_IN.get(word, word) for word in how) if source else "",
            "verified": not any(word in _NOT_READ for word in how),
            "link": f"https://doi.org/{source.doi}" if source and source.doi else None,
        }

    def _find(self, name: str, pack: str | None) -> Source | None:
        order = [self._packs[pack]] if pack in self._packs else []
        return next((held[name] for held in (*order, *self._packs.values()) if name in held), None)
