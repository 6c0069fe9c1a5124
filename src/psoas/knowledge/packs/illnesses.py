"""Illnesses, operations and allergies as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psoas.knowledge.packs.entry import Cited, Source, entry


@entry
class IllnessPack(Cited):
    """`illnesses.yaml`.

    Attributes:
        words: id of a known illness -> how people name it.
        noted: id of an illness that no rule looks at -> how people name it.
        noise: words that say nothing of which illness it is.
        negates: words after which it is not the person's own illness, or nobody knows.
        recent: words that beside a `noted` illness leave open whether it is an operation of the last weeks.
        sides: side -> its words; `sided` are the ids that take one.
    """

    meta: Mapping[str, Any]
    words: Mapping[str, tuple[str, ...]]
    noted: Mapping[str, tuple[str, ...]]
    noise: tuple[str, ...]
    negates: tuple[str, ...]
    recent: tuple[str, ...]
    sides: Mapping[str, tuple[str, ...]]
    sided: tuple[str, ...]
    sources: Mapping[str, Source]
