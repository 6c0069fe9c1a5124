"""Every wording of every finding and danger sign that a person can tell, with its vector.

Wordings are the packs' own (names of findings, questions of danger signs) and `data/synonyms.yaml`. The vectors are
made once for a knowledge and a model and kept in the user's cache as plain numbers; a file that is damaged or of
another length is made again.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from psoas.knowledge import Knowledge
from psoas.knowledge._cache import cache_folder
from psoas.knowledge.index import index_of
from psoas.own_words.encoder import WIDTH, Floats, encoder, is_installed

HARMLESS = ""
"""The id of what people tell beside their complaint."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say one thing.

    Attributes:
        id: of a finding or a flag.
        text: states it as true.
        danger: whether the id belongs to the danger screen.
    """

    id: str
    text: str
    danger: bool


@dataclass(frozen=True, eq=False)
class Wordings:
    """All of them, with vectors (n, 384), or None where the model is not installed."""

    rows: tuple[Wording, ...]
    vectors: Floats | None


@lru_cache(maxsize=2)
def wordings_of(knowledge: Knowledge) -> Wordings:
    """The wordings of a knowledge."""
    rows = tuple(rows_of(knowledge))
    return Wordings(rows, _vectors([row.text for row in rows]) if is_installed() else None)


def statement(question: str) -> str:
    """A question of the screen, nearer to how it is told: 'Do you have a fever?' becomes 'I have a fever'."""
    text = question.strip().rstrip("?")
    text = re.sub(r"^(?:in the (?:last|past) [^,]*, |over days, |with belly pain, )", "", text, flags=re.I)
    for pattern, with_ in (
        (r"^(?:do|did|have|are) you (?:now |newly |ever |no longer )?", "I "),
        (r"^(?:has|is|does|did|was|were|are) (?:there )?", ""),
    ):
        changed = re.sub(pattern, with_, text, flags=re.I)
        if changed != text:
            return changed.replace(" your ", " my ").replace(" you ", " I ")
    return text


def rows_of(knowledge: Knowledge) -> list[Wording]:
    """Every wording of a knowledge, by id."""
    index = index_of(knowledge)
    more: dict[str, list[str]] = _synonyms()
    rows = []
    for name, finding in index.findings.items():
        if name in index.flags or name.startswith(("age_", "male_")):
            continue
        rows += [Wording(name, text, danger=False) for text in (finding.name, *more.get(name, ()))]
    for name, flag in index.flags.items():
        told = [statement(flag.ask)] if flag.ask else []
        rows += [Wording(name, text, danger=True) for text in (*told, *more.get(name, ()))]
    harmless = _data("harmless.yaml")["harmless"]
    return [*rows, *(Wording(HARMLESS, text, danger=False) for text in harmless)]


def _synonyms() -> dict[str, list[str]]:
    read: dict[str, list[str]] = _data("synonyms.yaml")["synonyms"]
    return read


def _data(name: str) -> Any:
    return yaml.safe_load(resources.files("psoas.own_words").joinpath(f"data/{name}").read_text(encoding="utf-8"))


def unknown_ids(knowledge: Knowledge) -> list[str]:
    """Ids of the synonyms that the knowledge does not have; a test wants none."""
    index = index_of(knowledge)
    return sorted(name for name in _synonyms() if name not in index.findings and name not in index.flags)


def _vectors(texts: list[str]) -> Floats:
    key = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:24]
    folder = cache_folder()
    path = folder.parent / "own_words" / f"{key}.npy" if folder else None
    if path is not None and (kept := _read(path, len(texts))) is not None:
        return kept
    made = _made(texts)
    if path is not None:
        with suppress(OSError):
            _write(path, made)
    return made


def fingerprint(text: str) -> int:
    """What a wording is found by among the vectors that come with the package."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


@lru_cache(maxsize=1)
def built() -> tuple[dict[int, int], Floats]:
    """The vectors computed when the package was built (scripts/own_words_vectors.py), and where each stands."""
    with resources.files("psoas.own_words").joinpath("data/vectors.npz").open("rb") as file:
        kept = np.load(file, allow_pickle=False)
        keys, vectors = kept["keys"], kept["vectors"].astype(np.float32)
    return {int(key): at for at, key in enumerate(keys)}, vectors


def _made(texts: list[str]) -> Floats:
    """The vectors of these texts: as they were built, and computed where a wording is newer."""
    place, vectors = built()
    rows = [place.get(fingerprint(text)) for text in texts]
    newer = [text for text, row in zip(texts, rows, strict=True) if row is None]
    made = iter(encoder().vectors(newer))
    return np.stack([next(made) if row is None else vectors[row] for row in rows])


def _read(path: Path, count: int) -> Floats | None:
    with suppress(OSError, ValueError):
        found: Floats = np.load(path, allow_pickle=False)
        if found.shape == (count, WIDTH) and np.isfinite(found).all():
            return found
    return None


def _write(path: Path, vectors: Floats) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npy")
    with os.fdopen(handle, "wb") as file:
        np.save(file, vectors)
    Path(name).replace(path)
