"""Reads a medicine as people write it: what it is understood as, and what has to be asked back.

>>> from psoas.knowledge import load
>>> reader_of(load()).read("Xarelto 20 mg once daily").says
'Xarelto 20 mg once daily = rivaroxaban, blood thinner'

Danger first. A word that is near the name of a danger counts as that danger and is asked back; a word that is near a
harmless name is only proposed. So a slip of the pen can add a danger and never takes one away. What is not understood
stays unknown: it clears nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from psoas.knowledge.readers.medicine_names import LONGEST_PHRASE, Meaning, Names, names_of, plain_letters, words_in

if TYPE_CHECKING:
    from psoas.knowledge import Knowledge

How = Literal["name", "sound", "near", "told"]
"""How a name was found: as it stands, by its sound, by nearness (asked back), or as somebody explained it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One thing that an entry was understood as.

    Attributes:
        word: the words of the entry, in small letters.
        names: generic names; empty when only a class was named.
        classes: what they belong to, all together.
        how: how it was found.
        each: the classes of each of the names.
    """

    word: str
    names: tuple[str, ...]
    classes: tuple[str, ...]
    how: How = "name"
    each: tuple[tuple[str, ...], ...] = ()

    def members(self, name: str) -> frozenset[str | None]:
        """Generic names here that are this medicine or of this class; None for the class itself."""
        if not self.names:
            return frozenset({None} if name in self.classes else ())
        return frozenset(
            one for one, classes in zip(self.names, self.each, strict=True) if name == one or name in classes
        )


@dataclass(frozen=True, slots=True)
class MedicineRead:
    """An entry and what was understood of it.

    Attributes:
        written: the entry as it was written.
        taken: what counts as taken.
        open: what is named, and whether it is taken now stays open ('stopped warfarin', 'allergic to aspirin').
        unread: words that no name was found for.
        near: names that an unread word may have meant.
        unsure: the entry itself says that somebody was not sure.
        says: one sentence for the person who wrote it.
    """

    written: str
    taken: tuple[Taken, ...]
    open: tuple[Taken, ...]
    unread: tuple[str, ...]
    near: tuple[str, ...]
    unsure: bool
    says: str

    @property
    def understood(self) -> bool:
        """Whether nothing has to be asked back."""
        return not (self.open or self.unread or self.unsure or any(one.how == "near" for one in self.taken))

    @property
    def classes(self) -> tuple[str, ...]:
        """Every class that counts as taken."""
        return tuple(dict.fromkeys(name for one in self.taken for name in one.classes))

    @property
    def names(self) -> tuple[str, ...]:
        """Generic names that count as taken."""
        return tuple(dict.fromkeys(name for one in self.taken for name in one.names))

    def members(self, name: str) -> frozenset[str | None]:
        """Generic names that count as taken and are this medicine or of this class; None for the class itself."""
        return frozenset[str | None]().union(*(one.members(name) for one in self.taken))

    def holds(self, name: str) -> bool:
        """Whether a medicine of this class, or of this name, counts as taken."""
        return bool(self.members(name))


@dataclass(slots=True)
class _Part:
    """A stretch of an entry between commas and the like, while it is read."""

    words: tuple[str, ...]
    taken: list[Taken]
    rest: list[str]
    at: list[int]
    in_brackets: bool


class Reader:
    """Reads entries; each text once."""

    def __init__(self, names: Names) -> None:
        self.names = names
        pack = names.pack
        self._nothing = frozenset(names.words(text) or (text,) for text in pack.nothing)
        self._none_of_these = frozenset(map(names.words, pack.none_of_these))
        self._negates = tuple(map(names.words, pack.negates))
        self._ended = tuple(map(names.words, pack.ended))
        self._unsure = tuple(map(names.words, pack.unsure))
        quiet = {word for phrase in (*self._negates, *self._ended, *self._unsure) for word in phrase}
        self._quiet = names.noise | quiet
        self.read = lru_cache(maxsize=4096)(self._read)

    def _read(self, written: str) -> MedicineRead:
        """What an entry is understood as."""
        text = plain_letters(written, self.names.pack.letters)
        if text in ("", "-", "/", "0") or self.names.words(text) in self._nothing:
            return MedicineRead(written, (), (), (), (), False, f"{_tidy(written)} = nothing is taken")
        text, told, settled = self._told(text)
        parts = [self._part(words, in_brackets) for words, in_brackets in _parts(text)]
        taken, open_ = self._sorted_out(parts)
        rest = [] if settled or told else [word for part in parts for word in part.rest]
        near: list[str] = []
        unread: list[str] = []
        for word in dict.fromkeys(rest):
            found, proposals = self._guess(word)
            taken += found
            near += proposals
            unread += [] if found else [word]
        if not (taken or open_ or unread or told or settled):
            unread = [_tidy(written)]  # nothing but amounts and small words: nobody knows what it is
        taken += told
        unsure = "?" in text or any(_holds(part.words, phrase) for part in parts for phrase in self._unsure)
        made = (tuple(dict.fromkeys(taken)), tuple(open_), tuple(unread), tuple(dict.fromkeys(near)))
        return MedicineRead(written, *made, unsure, self._sentence(written, *made, unsure=unsure, settled=settled))

    # ---- the parts of an entry

    def _told(self, text: str) -> tuple[str, list[Taken], bool]:
        """The entry before `=`, what stands behind it, and whether that says 'none of these'."""
        before, equals, after = text.partition("=")
        if not equals:
            return text, [], False
        if self.names.words(after) in self._none_of_these:
            return before, [], True
        found = self._part(self.names.words(after), in_brackets=False)
        told = [replace(one, how="told") for one in found.taken]
        return (before, told, False) if told and not found.rest else (f"{before} , {after}", [], False)

    def _part(self, words: tuple[str, ...], in_brackets: bool) -> _Part:
        """The names of one part, the longest first, and the words that are left."""
        part = _Part(words, [], [], [], in_brackets)
        start = 0
        while start < len(words):
            size, meaning, how = self._longest(words[start:])
            if meaning is not None:
                part.taken.append(_taken(" ".join(words[start : start + size]), meaning, how))
                part.at.append(start)
            elif not self._says_nothing(words[start]):
                part.rest.append(words[start])
            start += size
        self._near_phrases(part)
        if self._stays_local(part):
            part.taken = [self._local(one) for one in part.taken]
        return part

    def _longest(self, words: tuple[str, ...]) -> tuple[int, Meaning | None, How]:
        for size in range(min(LONGEST_PHRASE, len(words)), 0, -1):
            if meaning := self.names.phrases.get(words[:size]):
                return size, meaning, "name"
        bare = words[0].rstrip("0123456789")
        if bare and bare != words[0] and (meaning := self.names.phrases.get((bare,))):
            return 1, meaning, "name"
        if not self._says_nothing(words[0]) and (meaning := self.names.heard(bare or words[0])):
            return 1, meaning, "sound"
        return 1, None, "name"

    def _says_nothing(self, word: str) -> bool:
        """An amount, a form, a small word of prose, or a single letter."""
        return word in self._quiet or word[0].isdigit() or (len(word) == 1 and word.isascii())

    def _near_phrases(self, part: _Part) -> None:
        """A class of danger in misspelt words ('blod thinner'): two or three words that lie near such a phrase."""
        if part.taken or not part.rest:
            return
        for size in (3, 2):
            for start in range(len(part.words) - size + 1):
                words = part.words[start : start + size]
                if not set(words) & set(part.rest) or any(word[0].isdigit() for word in words):
                    continue
                for name, _ in self.names.near("".join(words))[:1]:
                    meaning = self.names.single[name]
                    if self.names.dangerous(meaning.classes):
                        part.taken.append(_taken(" ".join(words), meaning, "near"))
                        part.at.append(start)
                        part.rest = [word for word in part.rest if word not in words]
                        return

    def _stays_local(self, part: _Part) -> bool:
        forms = self.names.pack.local_forms
        return bool(set(part.words) & set(forms.words)) and not set(part.words) & set(forms.not_with)

    def _local(self, one: Taken) -> Taken:
        instead = self.names.pack.local_forms.instead

        def local(classes: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(instead.get(name, name) for name in classes))

        return replace(one, classes=local(one.classes), each=tuple(map(local, one.each)))

    def _sorted_out(self, parts: list[_Part]) -> tuple[list[Taken], list[Taken]]:
        """What is taken, and what stays open because the words beside it say that it ended or is not taken."""
        taken: list[Taken] = []
        open_: list[Taken] = []
        for number, part in enumerate(parts):
            after = parts[number + 1] if number + 1 < len(parts) else None
            beside = after.words if after is not None and not after.taken else ()
            ended = any(_holds((*part.words, *beside), phrase) for phrase in self._ended)
            for one, at in zip(part.taken, part.at, strict=True):
                before = part.words[max(0, at - 4) : at]
                negated = ended or any(_holds(before, phrase) for phrase in self._negates)
                (open_ if negated else taken).append(one)
        return taken, open_

    # ---- words without a name

    def _guess(self, word: str) -> tuple[list[Taken], list[str]]:
        """A danger that the word is near to, as taken; and the names that it may have meant."""
        held = [(name, 0) for name in self.names.held_in(word)[:3]] if len(word) >= 5 else []
        found = held or list(self.names.near(word)[:4])
        if not found:
            return [], []
        name, _ = found[0]
        meaning = self.names.single[name]
        if self.names.dangerous(meaning.classes):
            return [_taken(word, meaning, "near")], []
        return [], [shown for one, _ in found if (shown := _shown(self.names.single[one]))]

    # ---- what is said

    def _sentence(
        self, written: str, taken: tuple[Taken, ...], open_: tuple[Taken, ...], unread: tuple[str, ...],
        near: tuple[str, ...], *, unsure: bool, settled: bool,
    ) -> str:  # fmt: skip
        sure = [self._words_for(one) for one in taken if one.how != "near"]
        said = [f"{_tidy(written)} = {'; '.join(dict.fromkeys(sure))}"] if sure else []
        if settled:
            said = said or [f"{_tidy(written)}: looked up, no blood thinner and no steroid"]
        near_to = [one for one in taken if one.how == "near"]
        said += [f"'{one.word}' is read as {self._words_for(one)}; correct it if it is not" for one in near_to]
        said += [f"is {self._words_for(one)} taken now? It reads as if it were not" for one in open_]
        if unread:
            words = ", ".join(f"'{word}'" for word in unread)
            hint = f"did you mean {' or '.join(near[:3])}?" if near else "give its generic name, or say what it is for."
            said.append(f"{words} is not understood; {hint}")
        if unsure and not unread:
            said.append("please make sure what it is")
        return "; ".join(said)

    def _words_for(self, one: Taken) -> str:
        names = " and ".join(name.replace("_", " ") for name in one.names)
        classes = [name for name in one.classes if name in self.names.pack.classes] or list(one.classes)
        first = sorted(classes, key=lambda name: not self.names.dangerous((name,)))[:1]
        if len(one.names) > 1:
            first = [name for name in classes if self.names.dangerous((name,))][:2]
        return ", ".join(dict.fromkeys(part for part in (names, *map(self.names.plain, first)) if part))


def _taken(word: str, meaning: Meaning, how: How) -> Taken:
    return Taken(word, meaning.names, meaning.classes, how, meaning.each)


def _shown(meaning: Meaning) -> str:
    return " and ".join(name.replace("_", " ") for name in meaning.names or meaning.classes)


def _tidy(text: str) -> str:
    return " ".join(text.replace("_", " ").split())


def _holds(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """Whether the phrase stands among the words, in one piece."""
    size = len(phrase)
    return size > 0 and any(words[start : start + size] == phrase for start in range(len(words) - size + 1))


def _parts(text: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The parts of an entry; a comma or slash between figures parts nothing, a bracket is a part of its own."""
    held = re.sub(r"(?<=\d)[,/](?=\d)", ".", text)
    for inside, outside in re.findall(r"[(\[{]([^)\]}]*)[)\]}]?|([^(\[{)\]}]+)", held):
        for piece in re.split(r"[,;+&/:\n]|\b(?:and|und|et|plus|sowie|og|och|en|then)\b", inside or outside):
            if words := words_in(piece):
                yield words, bool(inside)


@lru_cache(maxsize=2)
def reader_of(knowledge: Knowledge) -> Reader:
    """The reader of these packs."""
    return Reader(names_of(knowledge))


def reads_of(texts: Iterable[str], knowledge: Knowledge) -> tuple[MedicineRead, ...]:
    """Every entry, read."""
    reader = reader_of(knowledge)
    return tuple(reader.read(text) for text in texts)
