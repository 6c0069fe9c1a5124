"""Names of medicines as people write them, and the words that say nothing of which medicine it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psoas.knowledge.packs.entry import Cited, Entry, Source, entry


@entry
class MedicineClass(Entry):
    """A class of medicines. `danger`: the screen or a ban looks at it. `words`: how people name the class itself."""

    id: str
    plain: str
    danger: bool = False
    words: tuple[str, ...] = ()


@entry
class MedicineGroup(Cited):
    """Medicines of the same classes: generic name -> brands, short forms and foreign names."""

    classes: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]


@entry
class LocalForms(Entry):
    """Forms that stay where they are put: `words` that say so, `not_with` words that speak against it, and the class
    that stands `instead` of one that acts in the whole body."""

    not_with: tuple[str, ...]
    words: tuple[str, ...]
    instead: Mapping[str, str]


@entry
class Unread(Cited):
    """While a medicine is not understood: answers that are then held possible, and techniques that so stay off."""

    assumes: tuple[str, ...]
    techniques: tuple[str, ...]


@entry
class MedicinePack(Entry):
    """`medicines.yaml`.

    Attributes:
        mixtures: one name, several generic names.
        noise: kind of word -> words that say nothing of which medicine it is.
        negates: words before a name that leave open whether it is taken.
        ended: words anywhere beside a name that leave open whether it is taken.
        unsure: words that ask for a second look and change nothing.
        nothing: entries that say that nothing is taken.
        none_of_these: what stands behind `=` where somebody looked an unknown name up.
        together: class -> kinds of classes of which one each must be taken for it to count.
        letters: letters of other scripts in ours.
    """

    meta: Mapping[str, Any]
    classes: Mapping[str, MedicineClass]
    groups: tuple[MedicineGroup, ...]
    mixtures: Mapping[str, tuple[str, ...]]
    local_forms: LocalForms
    noise: Mapping[str, tuple[str, ...]]
    negates: tuple[str, ...]
    ended: tuple[str, ...]
    unsure: tuple[str, ...]
    nothing: tuple[str, ...]
    none_of_these: tuple[str, ...]
    together: Mapping[str, tuple[tuple[str, ...], ...]]
    unread: Unread
    letters: Mapping[str, str]
    sources: Mapping[str, Source]
