"""Passwords that are guessed first, however long: a common word drawn out, a row of keys, the same piece again."""

from __future__ import annotations

import itertools
import re

COMMON = (
    *("password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "motdepasse", "contrasena"),
    *("senha", "kennwort", "qwerty", "qwertz", "azerty", "asdfgh", "letmein", "welcome", "willkommen"),
    *("bienvenue", "iloveyou", "admin", "administrator", "changeme", "default", "secret", "geheim"),
    *("master", "dragon", "monkey", "football", "baseball", "superman", "batman", "princess"),
    *("sunshine", "shadow", "trustno", "starwars", "login", "praxis", "practice", "clinic"),
    *("physio", "therapy", "massage", "psoas", "test", "guest", "hello", "hallo", "bonjour"),
    *("summer", "winter", "spring", "autumn", "sommer", "herbst", "january", "monday", "pass"),
    *("word", "user", "love", "abc", "xyz"),
)
"""Words that lists of stolen passwords begin with. Recalled; none of such lists was read for this."""
KEYS = ("1234567890", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm")
ROWS = (*KEYS, "abcdefghijklmnopqrstuvwxyz")
LEFT_MOST = 4
"""Letters that may be left beside common words in a password that is refused. Our choice, as the share below."""
IN_A_ROW = 0.7


def is_weak(password: str) -> bool:
    """Whether it is one that is guessed first."""
    plain = password.casefold()
    return _is_a_piece_again(plain) or _is_a_row(plain) or _is_common(plain)


def _is_a_piece_again(plain: str) -> bool:
    return re.fullmatch(r"(.{1,8}?)\1{2,}.{0,5}", plain, re.S) is not None


def _is_a_row(plain: str) -> bool:
    """Mostly neighbours in the alphabet or on the keyboard, in either direction, or the same key again."""
    pairs = list(itertools.pairwise(plain))
    near = sum(
        a == b or a + b in ("90", "01", "10") or any(a + b in row or b + a in row for row in ROWS) for a, b in pairs
    )
    return near >= IN_A_ROW * len(pairs)


def _is_common(plain: str) -> bool:
    """Nothing but common words, digits and signs, and a few letters."""
    letters = "".join(sign for sign in plain if sign.isalpha() or sign in "@0")
    for word in sorted(COMMON, key=len, reverse=True):
        letters = letters.replace(word, "")
    return sum(sign.isalpha() for sign in letters) <= LEFT_MOST
