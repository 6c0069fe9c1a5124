"""Compares texts, pictures and answers that hold numbers: words exactly, numbers within a tolerance.

Floating point differs in its last digits between processors (the order of a sum, fused products), and a number that is
printed with two digits can then differ by one in the last of them. Everything else has to be the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import numpy as np
import shapely

TEXT_NUMBER = re.compile(r"(?<![\w#.])[-+−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
"""A number that stands by itself: neither part of a name (`L4`, `sij_3`) nor of a colour (`#22242b`)."""

PICTURE_NUMBER = re.compile(
    r"(?<!#)(?<!#\w)(?<!#\w\w)(?<!#\w{3})(?<!#\w{4})(?<!#\w{5})[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
)
"""A number anywhere but in a colour: in the data of a path it follows its letter (`M12.5,3`)."""

OUTLINE = re.compile(r'(?<= d=")[^"]*(?=")')
"""The data of a path."""

SEEN = 1.0
"""How far apart two outlines may be, in units of a picture that is 240 to 640 of them wide: our choice, less than
the width of a line. Each is simplified to within some tenths of a unit of the true one."""

ACROSS_MACHINES = 1e-6
"""By which share a number of an answer may differ between two machines (promise 3); our choice. Many numbers of an
answer are rounded, so one unit of the last digit is allowed as well."""


def differences_in_text(found: str, expected: str, *, number: re.Pattern[str] = TEXT_NUMBER) -> list[str]:
    """How a text with numbers differs from the one expected.

    Args:
        found: the text made now.
        expected: the text that was kept.
        number: what counts as a number; a number may differ by one unit of its last digit.

    Returns:
        One sentence for each number that is too far off, or one that names the place where the words differ.
    """
    one, two = number.sub("<n>", found).split(), number.sub("<n>", expected).split()
    if one != two:
        shared = min(len(one), len(two))
        at = next((index for index in range(shared) if one[index] != two[index]), shared)
        around = slice(max(at - 5, 0), at + 5)
        return [f"the words differ: {' '.join(one[around])!r} instead of {' '.join(two[around])!r}"]
    pairs = zip(number.findall(found), number.findall(expected), strict=True)
    return [f"{a} instead of {b}" for a, b in pairs if not _is_near(a, b)]


def differences_in_picture(found: str, expected: str) -> list[str]:
    """How one SVG differs from another to the eye: elements, words and colours exactly, numbers by a unit of their last
    digit, and the outline of a path by less than `SEEN` wherever its points stand.

    The points of an outline are those that simplifying left over, and another processor may leave others of the same
    line.
    """
    one, two = (re.findall(r"<[^>]*>|[^<]+", text) for text in (found, expected))
    if len(one) != len(two):
        return [f"{len(one)} elements and texts instead of {len(two)}"]
    lines = []
    for a, b in zip(one, two, strict=True):
        lines += differences_in_text(OUTLINE.sub("", a), OUTLINE.sub("", b), number=PICTURE_NUMBER)
        for first, second in zip_longest(OUTLINE.findall(a), OUTLINE.findall(b), fillvalue=""):
            lines += _apart(first, second)
    return lines


def _apart(found: str, expected: str) -> list[str]:
    """How far two outlines, the data of paths, are apart; empty where nobody sees it."""
    if found == expected:
        return []
    now, kept = _rings(found), _rings(expected)
    if now is None or kept is None or len(now) != len(kept):
        return differences_in_text(found, expected, number=PICTURE_NUMBER)
    furthest = max(float(shapely.hausdorff_distance(a, b)) for a, b in zip(now, kept, strict=True))
    return [f"an outline that begins {expected[:20]} is {furthest:.2f} off"] if furthest > SEEN else []


def _rings(data: str) -> list[Any] | None:
    """The lines of a path of straight pieces (`M` absolute, `l` relative, `z`); None where it has other pieces."""
    if not re.fullmatch(r"(?:M[-\d. ]+l[-\d. ]+z)+", data):
        return None
    rings = []
    for ring in re.findall(r"M([^l]+)l([^z]+)z", data):
        start, steps = (np.array([float(n) for n in PICTURE_NUMBER.findall(part)]).reshape(-1, 2) for part in ring)
        points = np.vstack([start, start + np.cumsum(steps, axis=0)])
        rings.append(shapely.LineString(np.vstack([points, points[:1]])))
    return rings


def differences(found: Any, expected: Any, *, rel: float = ACROSS_MACHINES, at: str = "") -> list[str]:
    """Where data (as JSON has it) differ: structure, words and truth exactly, numbers within `rel` or a last digit."""
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        if found.keys() != expected.keys():
            return [f"{at or 'the whole'}: other names: {sorted(set(found) ^ set(expected))}"]
        nested = (differences(found[key], expected[key], rel=rel, at=f"{at}.{key}") for key in expected)
        return [line for lines in nested for line in lines]
    if _is_list(found) and _is_list(expected):
        if len(found) != len(expected):
            return [f"{at}: {len(found)} entries instead of {len(expected)}"]
        pairs = enumerate(zip(found, expected, strict=True))
        return [line for index, (a, b) in pairs for line in differences(a, b, rel=rel, at=f"{at}[{index}]")]
    if _is_number(found) and _is_number(expected):
        return [] if _is_near(str(found), str(expected), rel) else [f"{at}: {found} instead of {expected}"]
    if isinstance(found, str) and isinstance(expected, str):
        return [f"{at}: {line}" for line in differences_in_text(found, expected)]
    return [] if found == expected and type(found) is type(expected) else [f"{at}: {found!r} instead of {expected!r}"]


def _is_near(found: str, expected: str, rel: float = 0.0) -> bool:
    """Whether two printed numbers agree within a unit of the last digit of the coarser, or within a share."""
    a, b = (Decimal(number.replace("−", "-")) for number in (found, expected))
    last_digit = max(Decimal(1).scaleb(min(int(number.as_tuple().exponent), 0)) for number in (a, b))
    return abs(a - b) <= max(last_digit, Decimal(rel) * abs(b))


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
