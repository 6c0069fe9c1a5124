"""Illness scripts as data: how each danger looks at a first contact, the quiet and early pictures first."""

from __future__ import annotations

from collections.abc import Mapping

from psoas.knowledge.packs.entry import Entry, ReadIn, Source, entry
from psoas.knowledge.packs.red_flags import Action


@entry
class ScriptCause(Entry):
    """What the scripts of one cause look for. `condition`: the cause of `red_flags.yaml` their alarms stand under."""

    id: str
    condition: str
    name: str


@entry
class FactGroup(Entry):
    """At least `how_many` of these facts."""

    how_many: int
    of: tuple[str, ...]


@entry
class Script(Entry):
    """One way in which a cause looked at a first contact; `script_language` of the pack says when it fires.

    Attributes:
        unless: what speaks for the harmless twin.
        source: empty as long as no reference was resolved; then `read_in` is empty too, and means reasoned.
    """

    id: str
    cause: str
    all: tuple[str, ...] = ()
    at_least: tuple[FactGroup, ...] = ()
    unless: tuple[str, ...] = ()
    urgency: Action
    note: str
    source: tuple[str, ...] = ()
    read_in: tuple[ReadIn, ...] = ()


@entry
class DangerScriptPack(Entry):
    """`danger_scripts.yaml`. `told_as`: answers that make a fact of a field true as well."""

    title: str
    version: int
    script_language: Mapping[str, str]
    two_half_filled: Action
    told_as: Mapping[str, tuple[str, ...]]
    medicine_classes: Mapping[str, tuple[str, ...]]
    causes: Mapping[str, ScriptCause]
    sources: Mapping[str, Source]
    scripts: Mapping[str, Script]
