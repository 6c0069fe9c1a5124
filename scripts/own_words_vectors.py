"""Computes the vectors of all wordings anew, so that nobody waits for them at a first start.

python scripts/own_words_vectors.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from psoas.knowledge import load
from psoas.own_words.encoder import encoder
from psoas.own_words.wordings import fingerprint, rows_of

KEPT = Path(__file__).parents[1] / "src" / "psoas" / "own_words" / "data" / "vectors.npz"


def main() -> None:
    """Write the file; half precision holds a nearness to about 0.0005."""
    texts = sorted({row.text for row in rows_of(load())})
    keys = np.array([fingerprint(text) for text in texts], dtype=np.uint64)
    np.savez(KEPT, keys=keys, vectors=encoder().vectors(texts).astype(np.float16))
    print(f"{KEPT.name}: {len(texts)} wordings, {KEPT.stat().st_size / 2**20:.1f} MB")


if __name__ == "__main__":
    main()
