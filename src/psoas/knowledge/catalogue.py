"""Every fact by its id, as plain data, with the citations it stands on. For looking things up, not for computing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any

from psoas.knowledge.checks.walk import get, parts_of, places, references_of, texts
from psoas.knowledge.packs.entry import Entry, ReadIn, Source

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge

_KINDS = {
    "AskFirst": "question to ask first", "AvoidEarly": "exercise left out at first", "CareFlag": "contraindication",
    "ClaimSource": "citation", "CodedCondition": "codes of a condition", "Condition": "cause in the danger screen",
    "Contraindication": "contraindication of a technique", "FlexorTest": "test of the hip flexors",
    "KnownCondition": "known illness", "NamedFact": "fact of anatomy", "OutcomeRule": "rule for outcomes",
    "PsoasEmgRow": "activity of the psoas", "Region": "region of the pain drawing", "ScoreModel": "published score",
    "SourceOfPain": "source of pain", "Source": "citation", "SpineLoad": "spine load", "Prior": "starting shares",
    "StatedFact": "fact on the hip flexors", "TestNorm": "norm of a test", "Trajectory": "expected course",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One record of the evidence that has an id."""

    id: str
    kind: str
    """What it is, in words."""
    pack: str
    """Name of its file without the ending."""
    path: str
    """Where in the file, ids and keys joined by '/'."""
    record: Entry


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that a fact stands on, with the ways in which the fact's figures were read there."""

    source: Source
    read_in: tuple[ReadIn, ...]
    quoted: bool
    """Named only as the place where another source was quoted."""


_WORDINGS = frozenset({"ReasonWords"})
"""Entries that only word a fact of another pack."""


def facts(k: Knowledge) -> dict[str, tuple[Fact, ...]]:
    """Every fact of every pack by id. An interaction, which has no id, goes by its two sides: `turmeric+warfarin`."""
    found: defaultdict[str, list[Fact]] = defaultdict(list)
    for pack, tree in k.packs().items():
        for place in places(tree):
            record = place.node
            if isinstance(record, Entry) and type(record).__name__ not in _WORDINGS and (name := _id_of(record)):
                kind = _KINDS.get(type(record).__name__) or _words(type(record).__name__)
                found[name].append(Fact(name, kind, pack, place.where, record))
    return {name: _once(all_of_it) for name, all_of_it in found.items()}


def as_data(value: object) -> Any:
    """A record as plain data with the keys of the file, without keys that only repeat their default.

    Records inside it that have an id of their own are facts of their own, and stand as their ids.
    """
    if isinstance(value, Entry):
        return {key: as_data(part) for key, part in parts_of(value) if not _is_default(value, key, part)}
    if isinstance(value, Mapping):
        if value and all(isinstance(part, Entry) and _id_of(part) == key for key, part in value.items()):
            return list(value)
        return {str(key): as_data(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [as_data(part) for part in value]
    return value


def citations(k: Knowledge, fact: Fact) -> tuple[Citation, ...]:
    """What a fact stands on, in order of appearance; words that stand in place of a source are left out."""
    listed: Mapping[str, Source] = references_of(k.packs()[fact.pack])
    used: defaultdict[str, dict[ReadIn, None]] = defaultdict(dict)
    direct: set[str] = set()
    for record in _own_records(fact.record):
        for key, name, read_in in _readings(record):
            if name in listed:
                used[name].update(dict.fromkeys(read_in))
                direct.update(() if key.endswith("via") else (name,))
    return tuple(Citation(listed[name], tuple(read_in), name not in direct) for name, read_in in used.items())


def _own_records(record: Entry) -> Iterator[Entry]:
    """A record and the records inside it, but not those with an id of their own."""
    yield record
    for _, value in parts_of(record):
        yield from _inside(value)


def _inside(value: object) -> Iterator[Entry]:
    if isinstance(value, Entry):
        yield from () if _id_of(value) and type(value).__name__ != "ClaimSource" else _own_records(value)
    elif isinstance(value, Mapping | tuple | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _inside(part)


def _readings(record: Entry) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """Key, source and how it was read, for every key of a record that names sources."""
    if type(record).__name__ == "ClaimSource":
        yield "id", get(record, "id"), texts(get(record, "read_in"))
    for key, value in parts_of(record):
        if key in ("source", "guideline", "via") or key.endswith(("_source", "_via")):
            stem = key.removesuffix("source").removesuffix("via") if key != "guideline" else "guideline_"
            read_in = texts(get(record, f"{stem}read_in")) if not key.endswith("via") else ()
            names = texts(value)
            for index, name in enumerate(names):
                yield key, name, (read_in[index],) if len(read_in) == len(names) else read_in


def _id_of(record: Entry) -> str | None:
    if type(record).__name__ == "Interaction":
        return f"{get(record, 'a')}+{get(record, 'b')}"
    own = get(record, "id")
    return own if isinstance(own, str) else None


def _is_default(record: Entry, key: str, value: object) -> bool:
    if value is None or value == ():
        return True
    for part in fields(record):  # type: ignore[arg-type]
        if part.name.rstrip("_") == key:
            default = part.default_factory() if part.default_factory is not MISSING else part.default
            return bool(value == default)
    return False


def _once(found: list[Fact]) -> tuple[Fact, ...]:
    """Citations that several packs share are one fact; a mere mention of a citation is none beside it."""
    kept: list[Fact] = []
    for fact in sorted(found, key=lambda fact: type(fact.record).__name__ == "ClaimSource"):
        is_citation = fact.kind == "citation"
        if not (is_citation and any(other.kind == "citation" for other in kept)):
            kept.append(fact)
    return tuple(kept)


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
