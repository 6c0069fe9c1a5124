"""Compares texts, pictures and answers that hold numbers: words exactly, numbers within a tolerance.

Floating point differs in its last digits between processors (the order of a sum, fused products), and a number printed
with two digits can then differ by one in the last of them. Everything else in a text has to be the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

NUMBER = re.compile(r"(?<![\w#.])[-+−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
"""A number that stands by itself: neither part of a name (`L4`, `sij_3`) nor of a colour (`#22242b`)."""


def differences_in_text(found: str, expected: str, *, last_digits: int = 1, rel: float = 0.0) -> list[str]:
    """How a text with numbers differs from the one expected.

    Args:
        found: the text made now.
        expected: the text that was kept.
        last_digits: by how many units of its last printed digit a number may differ.
        rel: by which share a number may differ, where that is more.

    Returns:
        One sentence for each number that is too far off, or one that names the first line whose words differ.
    """
    one, two = NUMBER.sub("#", found).split(), NUMBER.sub("#", expected).split()
    if one != two:
        at = next((index for index, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), -1)
        return [f"the words differ: {' '.join(one[at - 5 : at + 5])!r} instead of {' '.join(two[at - 5 : at + 5])!r}"]
    pairs = zip(NUMBER.findall(found), NUMBER.findall(expected), strict=True)
    return [f"{a} instead of {b}" for a, b in pairs if not _near(a, b, last_digits, rel)]


def _near(found: str, expected: str, last_digits: int, rel: float) -> bool:
    """Whether two printed numbers agree."""
    a, b = (Decimal(number.replace("−", "-")) for number in (found, expected))
    step = max(Decimal(1).scaleb(int(number.as_tuple().exponent)) for number in (a, b))
    return abs(a - b) <= max(last_digits * step, Decimal(rel) * abs(b))


def differences(found: Any, expected: Any, *, rel: float, abs_tol: float, at: str = "") -> list[str]:
    """Where data (as JSON has it) differ: structure, words and truth exactly, numbers within `rel` or `abs_tol`."""
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        if found.keys() != expected.keys():
            return [f"{at or 'the whole'}: other names: {sorted(set(found) ^ set(expected))}"]
        nested = (differences(found[k], expected[k], rel=rel, abs_tol=abs_tol, at=f"{at}.{k}") for k in expected)
        return [line for lines in nested for line in lines]
    if _is_list(found) and _is_list(expected):
        if len(found) != len(expected):
            return [f"{at}: {len(found)} entries instead of {len(expected)}"]
        pairs = enumerate(zip(found, expected, strict=True))
        return [line for i, (a, b) in pairs for line in differences(a, b, rel=rel, abs_tol=abs_tol, at=f"{at}[{i}]")]
    if _is_number(found) and _is_number(expected):
        same = math.isclose(found, expected, rel_tol=rel, abs_tol=abs_tol)
        return [] if same else [f"{at}: {found} instead of {expected}"]
    if isinstance(found, str) and isinstance(expected, str):
        return [f"{at}: {line}" for line in differences_in_text(found, expected)]
    return [] if found == expected and type(found) is type(expected) else [f"{at}: {found!r} instead of {expected!r}"]


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
