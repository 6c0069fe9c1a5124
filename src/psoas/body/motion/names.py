"""Which column of a file is which of our coordinates, and how it is turned into one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.coordinates import COORDINATES, LUMBAR_KINDS
from psoas.body.kinematics.posture import SIDES
from psoas.body.kinematics.sections import Array
from psoas.body.motion.errors import MotionError

TOTALS = tuple(f"lumbar_{kind}" for kind in LUMBAR_KINDS)
OWN = (*COORDINATES, *TOTALS)
_UNITS = {"_deg": "degrees", "_rad": "radians", "_m": "metres", "_mm": "millimetres"}
_PLACES = ("pelvis_forward", "pelvis_sideways", "pelvis_up")


@dataclass(frozen=True)
class Use:
    """How a column is used: coordinate (or whole lumbar angle), sign, and its unit where the name says one."""

    column: str
    to: str
    sign: float
    unit: str = ""


@dataclass(frozen=True)
class Reading:
    """All columns of a file: those used, places of the pelvis in the file's own axes, and those left out."""

    uses: tuple[Use, ...]
    places: tuple[str, ...]
    left_out: tuple[str, ...]
    unknown: tuple[str, ...]


def plain(column: str) -> str:
    """The coordinate inside a column's name: OpenSim 4 writes `/jointset/hip_r/hip_flexion_r/value`."""
    parts = [part for part in column.split("/") if part]
    if len(parts) > 1 and parts[-1] == "value":
        parts = parts[:-1]
    return parts[-1] if parts else column


@cache
def _table() -> dict[str, tuple[str, float]]:
    """Column -> coordinate and sign, both ways of writing the side; knees have sign 0, to be read off the data."""
    columns = load_data("motion.yaml")["columns"]
    found = {name: (row["to"], float(row["sign"])) for name, row in columns["whole"].items()}
    sided = {name: (row["to"], float(row["sign"])) for name, row in columns["sided"].items()}
    sided |= {name: (to, 0.0) for name, to in columns["knee"].items()}
    for name, (to, sign) in sided.items():
        for side in SIDES:
            for suffix in (side[0], side):
                found[f"{name}_{suffix}"] = (f"{to}_{side}", sign)
    return found


def reading_of(name: str, columns: tuple[str, ...], own: Mapping[str, Any] | None) -> Reading:
    """Sort a file's columns.

    Args:
        name: the file's, for sentences.
        columns: as they stand in the file.
        own: extra or other names: column -> coordinate, or column -> {to: coordinate, sign: -1}.

    Raises:
        MotionError: no column is known, two give the same coordinate, or an own name leads nowhere.
    """
    data = load_data("motion.yaml")["columns"]
    given = {column: _own(column, target) for column, target in (own or {}).items()}
    absent = [column for column in given if column not in columns]
    if absent:
        near = difflib.get_close_matches(absent[0], columns, n=3, cutoff=0.5)
        raise MotionError(
            f"{name} has no column {absent[0]!r}" + (f"; did you mean {', '.join(near)}?" if near else ".")
        )
    uses, places, left_out, unknown = [], [], [], []
    known, ignored = _table(), set(data["not_in_our_body"])
    theirs = any(_only_theirs(plain(column)) for column in columns)  # pelvis_tilt is backwards there, forwards here
    for column in columns:
        word = plain(column)
        bare, unit = _without_unit(word)
        if column in given:
            uses.append(given[column])
        elif word in data["place"] or bare in data["place"]:
            places.append(column)
        elif bare in known and (theirs or bare not in OWN):
            uses.append(Use(column, known[bare][0], known[bare][1], unit))
        elif bare in OWN:
            uses.append(Use(column, bare, 1.0, unit))
        elif re.sub(r"_(r|l|right|left)(?=_beta$|$)", "", bare) in ignored or word in ("speed", "activation"):
            left_out.append(column)
        else:
            unknown.append(column)
    if not uses:
        raise MotionError(
            f"{name}: none of its {len(columns)} columns is a known joint angle ({', '.join(columns[:4])} …); "
            "name them in a YAML file of 'column: coordinate' lines."
        )
    targets = [use.to for use in uses]
    twice = next((to for to in targets if targets.count(to) > 1), None)
    if twice:
        both = ", ".join(use.column for use in uses if use.to == twice)
        raise MotionError(f"{name}: the columns {both} both give {twice}; leave one out.")
    return Reading(tuple(uses), tuple(places), tuple(left_out), tuple(unknown))


def _only_theirs(word: str) -> bool:
    """Whether a column's name is OpenSim's and not ours as well."""
    return word in load_data("motion.yaml")["columns"]["place"] or (word in _table() and word not in OWN)


def _without_unit(word: str) -> tuple[str, str]:
    for suffix, unit in _UNITS.items():
        if word.endswith(suffix):
            return word.removesuffix(suffix), unit
    return word, ""


def _own(column: str, target: Any) -> Use:
    row = target if isinstance(target, Mapping) else {"to": target}
    to, sign = str(row.get("to", "")), row.get("sign", 1)
    if to not in OWN:
        near = difflib.get_close_matches(to, OWN, n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(near)}?" if near else f"expected one of {', '.join(OWN[:6])} …"
        raise MotionError(f"{column} is mapped to {to!r}, which is no coordinate; {hint}")
    if sign not in (1, -1):
        raise MotionError(f"{column} has the sign {sign!r}; expected 1 or -1.")
    return Use(column, to, float(sign), str(row.get("unit", "")))


def own_names(path: Path) -> dict[str, Any]:
    """Own names from a YAML file: `column: coordinate`, or `column: {to: coordinate, sign: -1}`.

    Raises:
        MotionError: it cannot be read, or is not such a file.
    """
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise MotionError(f"{path.name} cannot be read as YAML: {str(error).splitlines()[0]}.") from None
    if not isinstance(content, dict):
        raise MotionError(f"{path.name} holds no 'column: coordinate' lines.")
    return {str(key): value for key, value in content.items()}


def knee_sign(columns_deg: Array) -> float:
    """Factor that makes knee flexion positive, from the side to which the knees (n, knees) bend furthest."""
    return 1.0 if np.nanmax(columns_deg, initial=0.0) >= -np.nanmin(columns_deg, initial=0.0) else -1.0


def is_place(coordinate: str) -> bool:
    """Whether a coordinate is a place and not an angle."""
    return coordinate in _PLACES
