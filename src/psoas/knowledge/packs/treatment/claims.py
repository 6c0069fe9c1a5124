"""What is often said of the psoas, what is true of it, and how to say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from psoas.knowledge.packs.entry import Entry, ReadIn, Source, entry

Verdict = Literal["supported", "partly", "unsupported", "wrong"]


@entry
class ClaimSource(Entry):
    """A source of a verdict: `id` stands in the pack's `sources`."""

    id: str
    read_in: tuple[ReadIn, ...]


@entry
class Claim(Entry):
    """A popular claim with its verdict; `wording_to_use` says what may be said instead."""

    id: str
    claim: str
    verdict: Verdict
    why: str
    sources: tuple[ClaimSource, ...]
    wording_to_use: str


@entry
class ClaimPack(Entry):
    """`claims.yaml`."""

    schema_version: int
    topic: str
    sources: Mapping[str, Source]
    claims: Mapping[str, Claim]
    product_language_rules: tuple[str, ...]
