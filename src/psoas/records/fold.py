"""Names as they are searched for: without case, accents and the signs that one types and another leaves out."""

from __future__ import annotations

import unicodedata

LETTERS = str.maketrans({
    "ø": "o", "œ": "oe", "æ": "ae", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n",
})  # fmt: skip
"""Letters that Unicode does not take apart into a plain one and a mark."""
LEFT_OUT = frozenset("'’‘`´ʼʻ.")
"""Signs inside a name that are left out: `O’Brien` is `obrien`, `St. John` is `st john`."""


def fold(text: str) -> str:
    """`Müller` is found by `muller`, `O’Brien` by `O'Brien`, `Sørensen` by `Sorensen`, `Smith-Jones` by `smith`."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign) and sign not in LEFT_OUT)
    return " ".join("".join(sign if sign.isalnum() else " " for sign in kept).split())


def fold_name(family_name: str, given_name: str) -> str:
    """Both names, the family name first, as the list is ordered and searched."""
    return fold(f"{family_name} {given_name}")
