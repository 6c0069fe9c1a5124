"""The dictionary of the medicine reader: every name of the packs under the spelling in which it is looked up.

A word is looked up as it stands, then by its `sound` (the same name in another language: Warfarina, Metformine,
omeprazol), then by what it begins with or holds, and last by how few letters it is away. Only the first two are a
reading that may clear something; the others can only add a danger, and are asked back.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psoas.knowledge import Knowledge, MedicinePack

LONGEST_PHRASE = 7
"""Words of the longest name that is looked up as one."""
SHORTEST_NEAR = 5
"""Letters from which a word is compared with names that differ; shorter ones are near too much. Our choice."""
_WORD = re.compile(r"\d+(?:[.,/]\d+)*[^\W\d_]*|[^\W\d_]+\d*", re.UNICODE)
_SOUND = (("ph", "f"), ("th", "t"), ("ch", "h"), ("ck", "k"), ("ae", "e"), ("oe", "e"), ("x", "ks"), ("qu", "k"),
          ("c", "k"), ("q", "k"), ("y", "i"), ("z", "s"), ("w", "v"), ("j", "i"), ("h", ""))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for: generic names, or a class when only that was named (`names` empty).

    Attributes:
        names: generic names.
        classes: every class that they belong to.
        each: the classes of each generic name.
    """

    names: tuple[str, ...]
    classes: tuple[str, ...]
    each: tuple[tuple[str, ...], ...] = ()


def plain_letters(text: str, letters: Mapping[str, str]) -> str:
    """Small letters without accents, other scripts in ours; underscores and hyphens as spaces, apostrophes left out."""
    small = "".join(letters.get(letter, letter) for letter in text.casefold())
    bare = "".join(one for one in unicodedata.normalize("NFKD", small) if not unicodedata.combining(one))
    return re.sub(r"[\s_\u2010-\u2015-]+", " ", re.sub(r"['\u2019\u00b4`\u00ae\u2122\u00a9]", "", bare)).strip()


def words_in(text: str) -> tuple[str, ...]:
    """The words and figures of a plain text, in order."""
    return tuple(_WORD.findall(text))


@lru_cache(maxsize=8192)
def sound_of(word: str) -> str:
    """A key under which the spellings of one name in several languages meet; empty for a word that is too short."""
    if len(word) < SHORTEST_NEAR:
        return ""
    for letters, stands_for in _SOUND:
        word = word.replace(letters, stands_for)
    word = re.sub(r"(.)\1+", r"\1", word)
    return re.sub(r"(?:um|[aeiou]+)$", "", word)


class Names:
    """Every name of the packs."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.pack: MedicinePack = knowledge.medicines
        self._partners = knowledge.interactions
        self.phrases: dict[tuple[str, ...], Meaning] = {}
        self._fill()
        self.noise = frozenset(
            word for words in self.pack.noise.values() for phrase in words for word in self.words(phrase)
        )

    def words(self, text: str) -> tuple[str, ...]:
        """The words of a text as they are looked up."""
        return words_in(plain_letters(text, self.pack.letters))

    def dangerous(self, classes: Iterable[str]) -> bool:
        """Whether the screen or a ban looks at one of these classes."""
        return any(name in self.pack.classes and self.pack.classes[name].danger for name in classes)

    def plain(self, name: str) -> str:
        """A class in plain words."""
        if name in self.pack.classes:
            return self.pack.classes[name].plain
        partner = self._partners.partners.get(name)
        return partner.plain if partner else name.replace("_", " ")

    def _fill(self) -> None:
        for name, partner in self._partners.partners.items():
            if partner.kind in ("drug", "drug_class"):
                self._add(name, Meaning((), (name,)))
        for name, held in self.pack.classes.items():
            for word in (name, *held.words):
                self._add(word, Meaning((), (name,)))
        generic: dict[str, tuple[str, ...]] = {}
        for group in self.pack.groups:
            for name, others in group.names.items():
                generic[name] = group.classes
                for word in (name, *others):
                    self._add(word, Meaning((name,), group.classes, (group.classes,)))
        for word, names in self.pack.mixtures.items():
            classes = tuple(dict.fromkeys(one for name in names for one in generic[name]))
            self._add(word, Meaning(names, classes, tuple(generic[name] for name in names)))

    def _add(self, text: str, meaning: Meaning) -> None:
        self.phrases[self.words(text)] = meaning

    @cached_property
    def by_sound(self) -> Mapping[str, frozenset[Meaning]]:
        """Names of one word by their sound."""
        found: dict[str, set[Meaning]] = defaultdict(set)
        for words, meaning in self.phrases.items():
            if len(words) == 1 and (key := sound_of(words[0])):
                found[key].add(meaning)
        return {key: frozenset(meanings) for key, meanings in found.items()}

    @cached_property
    def single(self) -> Mapping[str, Meaning]:
        """Names that can be compared letter by letter; of several words, those that name a danger, run together."""
        return {
            "".join(words): meaning
            for words, meaning in self.phrases.items()
            if len("".join(words)) >= SHORTEST_NEAR and (len(words) == 1 or self.dangerous(meaning.classes))
        }

    def heard(self, word: str) -> Meaning | None:
        """The one name that sounds like this; None when there is none, or there are several that differ."""
        meanings = self.by_sound.get(sound_of(word), frozenset())
        return next(iter(meanings)) if len(meanings) == 1 else None

    def held_in(self, word: str) -> tuple[str, ...]:
        """Names that the word holds, or that it is the beginning of, a danger first."""
        found = [name for name in self.single if (len(name) > SHORTEST_NEAR and name in word) or name.startswith(word)]
        return tuple(sorted(found, key=lambda name: (not self.dangerous(self.single[name].classes), -len(name), name)))

    def near(self, word: str) -> tuple[tuple[str, int], ...]:
        """Names few letters away, with how many, the nearest first; of equals a danger first."""
        from rapidfuzz.distance import OSA  # compiled, and only needed once a word was not found
        from rapidfuzz.process import extract

        far = letters_apart(len(word))
        found = extract(word, list(self.single), scorer=OSA.distance, score_cutoff=far, limit=12) if far else []
        return tuple(
            sorted(
                ((name, int(apart)) for name, apart, _ in found),
                key=lambda one: (one[1], not self.dangerous(self.single[one[0]].classes), one[0]),
            )
        )


def letters_apart(length: int) -> int:
    """How many letters may be wrong, missing, too many or swapped in a word of this length. Our choice."""
    if length < SHORTEST_NEAR:
        return 0
    return 1 if length < 7 else 2 if length < 11 else 3


@lru_cache(maxsize=2)
def names_of(knowledge: Knowledge) -> Names:
    """The dictionary of these packs."""
    return Names(knowledge)
