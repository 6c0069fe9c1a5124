"""Which column of a phone's log is the time and which hold the phone's angles, from their names.

A position is taken for a meaning only where nothing has a name, and then only time, roll and pitch in this order. What
does not fit is refused with what was read: a wrong column gives a wrong angle that looks right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from psoas.errors import MeasureError

Array = NDArray[np.float64]

_TIME = re.compile(
    r"^(seconds[ _]?elapsed|time|timestamp|t|elapsed|zeit|tiempo|temps|tempo|date|datetime|datum)\b|^time_",
    re.IGNORECASE,
)
_AXES = {
    "roll": re.compile(r"\b(roll|rollen|alabeo|roulis|gamma)\b", re.IGNORECASE),
    "pitch": re.compile(r"\b(pitch|nicken|cabeceo|tangage|beta)\b", re.IGNORECASE),
    "inclination": re.compile(r"\b(inclination|incline|inclin|tilt|angle|neigung|slope|thigh)\b", re.IGNORECASE),
}
_OF_A_BODY = re.compile(
    r"\b(pelvi[cs]|pelvis|trunk|torso|lumbar|thorax|spine|hip|knee|ankle|subtalar|mtp|head|neck|shoulder|arm|elbow|wrist|"
    r"foot|shank|tibia|becken|cadera|bassin)\b",
    re.IGNORECASE,
)  # fmt: skip
_UNIT_CELL = re.compile(
    r"^[\[(]?\s*(s|sec|seconds?|ms|us|µs|ns|deg|degrees?|°|rad|radians?|%|percent|-|)\s*[\])]?$", re.I
)
_PERCENT = re.compile(r"%|\bpercent\b", re.IGNORECASE)
TOUCHES_ZERO_DEG = 3.0
"""An angle without a sign that comes this near to zero may have gone through it. Our choice."""
TURNS_BACK_DEG = 1.0
"""So far must it come down and go up again. Our choice."""


@dataclass(frozen=True)
class Columns:
    """Columns of a log: names of the columns, the time, and the angles by axis; `notes` say what was assumed."""

    header: tuple[str, ...]
    time: int
    axes: dict[str, int]
    notes: tuple[str, ...] = ()


def header_of(rows: Sequence[Sequence[str]], start: int, name: str) -> list[str]:
    """The names above the first row of figures, with the units of a row of units.

    Raises:
        MeasureError: a line of names that has more or fewer columns than the figures below it.
    """
    if not start:
        return []
    above = list(rows[start - 1])
    names = rows[start - 2] if start > 1 else ()
    width = len(rows[start])
    if any(above) and len(names) == len(above) and all(_UNIT_CELL.match(cell) for cell in above):
        units = [cell.strip("[]() ") for cell in above]
        above = [f"{word} ({unit})" if unit else word for word, unit in zip(names, units, strict=True)]
    if len(above) == 1:
        return []  # a remark, not names
    if len(above) != width:
        raise MeasureError(
            f"{name} names {len(above)} columns ({', '.join(word or '(no name)' for word in above)}) and has {width} "
            "figures in a row, so nobody can tell which is which; export it again."
        )
    return above


def columns_of(header: Sequence[str], table: Array, name: str, asked: str | None = None) -> Columns:
    """Which columns to read.

    Args:
        asked: an axis or the name of a column that is to be read, whatever the names say.

    Raises:
        MeasureError: no time, no angle of a phone, or columns whose meaning cannot be told.
    """
    if not header:
        return _without_names(table, name)
    times = [index for index, word in enumerate(header) if _TIME.match(word.strip())]
    axes = _axes(header, times)
    if asked is not None and asked not in axes and asked in header:
        axes = {asked: header.index(asked)}
    if not times or not axes:
        missing = "time" if not times else "an angle (roll, pitch or inclination)"
        body = [word for word in header if _OF_A_BODY.search(word.replace("_", " "))]
        more = f" {', '.join(body)}: of a body part, not of a phone; --axis NAME reads it." if body and times else ""
        raise MeasureError(
            f"{name} has the columns {', '.join(word or '(no name)' for word in header)}; none of them is {missing}."
            f"{more} Log the orientation of the phone, and export time, roll and pitch."
        )
    return Columns(tuple(header), _time(header, times, table, name), axes)


def _axes(header: Sequence[str], times: Sequence[int]) -> dict[str, int]:
    axes: dict[str, int] = {}
    for axis, pattern in _AXES.items():
        matching = [
            index
            for index, word in enumerate(header)
            if index not in times
            and pattern.search(word.replace("_", " "))
            and not _OF_A_BODY.search(word.replace("_", " "))
        ]
        if len(matching) == 1:
            axes.setdefault(axis, matching[0])
        else:  # two tilts: each by its own name
            axes |= {header[index]: index for index in matching}
    return axes


def _time(header: Sequence[str], times: Sequence[int], table: Array, name: str) -> int:
    """The time: seconds that were counted before a clock, figures before a date."""
    counted = [index for index in times if np.isfinite(table[:, index]).mean() > 0.5]
    if not counted:
        words = ", ".join(header[index] for index in times)
        raise MeasureError(f"{name} tells the time only as a date ({words}); export it with seconds beside it.")
    elapsed = [index for index in counted if "elapsed" in header[index].lower()]
    return (elapsed or counted)[0]


def _without_names(table: Array, name: str) -> Columns:
    """Time, roll and pitch in this order; a column before them that only counts the rows is passed over."""
    width, first, notes = table.shape[1], 0, []
    if width >= 3 and _counts(table[:, 0]) and _rises_evenly(table[:, 1]):
        first = 1
        notes.append("The columns have no names; the first one counts the rows, the second is taken as the time.")
    if width - first < 2:
        raise MeasureError(f"{name} has one column; expected time, roll and pitch.")
    if width - first > 3:
        raise MeasureError(
            f"{name} has {width} columns and no names, so nobody can tell which is which; expected time, roll and "
            "pitch. Export it with the names of its columns."
        )
    return Columns((), first, dict(zip(("roll", "pitch"), range(first + 1, width), strict=False)), tuple(notes))


def _counts(values: Array) -> bool:
    return bool(np.isfinite(values).all() and np.all(np.diff(values) == 1.0))


def _rises_evenly(values: Array) -> bool:
    steps = np.diff(values)
    return bool(np.isfinite(values).all() and np.all(steps > 0) and steps.max() <= 3.0 * np.median(steps))


def seconds_of_date(cell: str) -> float:
    """Seconds of a date and time as ISO writes it; not a number where it is none."""
    try:
        return datetime.fromisoformat(cell).timestamp() if len(cell) > 10 else float("nan")
    except ValueError:
        return float("nan")


def check_signs(columns: Columns, axes: dict[str, Array], name: str) -> None:
    """Refuse an angle that cannot be read: one in percent, or one that lost its sign on the way through zero.

    Raises:
        MeasureError: naming the column.
    """
    for axis, column in columns.axes.items():
        word = columns.header[column] if columns.header else axis
        if _PERCENT.search(word):
            raise MeasureError(f"{word} of {name} is in percent; export degrees.")
        values = axes[axis]
        if axis in ("roll", "pitch"):
            continue
        low = int(np.argmin(values))
        turns_back = min(values[0], values[-1]) - values[low] > TURNS_BACK_DEG
        if turns_back and 0.0 <= values[low] < TOUCHES_ZERO_DEG:
            raise MeasureError(
                f"{word} of {name} never falls below zero and comes down to {values[low]:.1f} degrees on the way, so "
                "it may have no sign, and which way the phone was turned cannot be told. Log roll and pitch."
            )
