"""Reads an illness, operation or allergy as people write it, into the ids of the evidence.

A word that is not understood is never dropped: the entry is then refused with a sentence. A slip of the pen counts
where it is near one illness alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from psoas.knowledge.readers.medicine_names import LONGEST_PHRASE, letters_apart, plain_letters, words_in

if TYPE_CHECKING:
    from psoas.knowledge import Knowledge


class IllnessReader:
    """Reads entries; each text once."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.pack = knowledge.illnesses
        self._letters = knowledge.medicines.letters
        names = {**self.pack.words, **self.pack.noted}
        self.phrases = {self._words(text): name for name, texts in names.items() for text in (name, *texts)}
        # A misspelt id is refused with the nearest ones; only what people write is read in spite of a slip.
        self._told = {"".join(self._words(text)): name for name, texts in names.items() for text in texts}
        self._noise = frozenset(word for text in self.pack.noise for word in self._words(text))
        self._negates = frozenset(word for text in self.pack.negates for word in self._words(text))
        self._sides = {word: side for side, words in self.pack.sides.items() for word in words}
        self._recent = frozenset(self.pack.recent)
        self._small = self._noise | self._recent | frozenset(self._sides)
        self.read = lru_cache(maxsize=2048)(self._read)

    def _words(self, text: str) -> tuple[str, ...]:
        return words_in(plain_letters(text, self._letters))

    def _read(self, written: str) -> tuple[str, ...]:
        """The ids that an entry names; empty when it is not understood in every word."""
        words = self._words(written)
        if "?" in written or self._negates & set(words):
            return ()
        sides = {self._sides[word] for word in words if word in self._sides}
        sides = {"left", "right"} if "both" in sides else sides
        found: list[str] = []
        start = 0
        while start < len(words):
            size, name = self._longest(words[start:])
            if name:
                found.append(name)
            elif words[start] not in self._small and not words[start].isdigit():
                return ()
            start += size
        if set(found) & set(self.pack.noted) and self._recent & set(words):
            return ()
        return tuple(one for name in dict.fromkeys(found) for one in self._sided(name, sides))

    def _longest(self, words: tuple[str, ...]) -> tuple[int, str]:
        for size in range(min(LONGEST_PHRASE, len(words)), 0, -1):
            if name := self.phrases.get(words[:size]):
                return size, name
        if words[0] in self._small:
            return 1, ""
        for size in range(min(3, len(words)), 0, -1):
            if name := self._near("".join(words[:size])):
                return size, name
        return 1, ""

    def _near(self, word: str) -> str:
        """The one illness whose name lies within a few letters; empty when there is none, or there are several."""
        if len(word) < 7 or word.isdigit():
            return ""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        far = min(2, letters_apart(len(word)))
        found = {
            self._told[text] for text, _, _ in extract(word, list(self._told), scorer=OSA.distance, score_cutoff=far)
        }
        return next(iter(found)) if len(found) == 1 else ""

    def _sided(self, name: str, sides: set[str]) -> tuple[str, ...]:
        return tuple(f"{name}_{side}" for side in sorted(sides)) if name in self.pack.sided and sides else (name,)


@lru_cache(maxsize=2)
def illness_reader_of(knowledge: Knowledge) -> IllnessReader:
    """The reader of these packs."""
    return IllnessReader(knowledge)
