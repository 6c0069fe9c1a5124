"""Reads the table that a sensor-logging app writes: comma, semicolon or tab, decimal point or comma, with or without a
line of names, degrees or radians."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from psoas.errors import MeasureError
from psoas.measure._data import choice
from psoas.measure.logs.columns import check_signs, columns_of, header_of, seconds_of_date
from psoas.measure.picture import checked_file

Array = NDArray[np.float64]

_RADIANS = re.compile(r"[(\[]\s*rad(?:ians?)?\s*[)\]]|_rad\b", re.IGNORECASE)
_DEGREES = re.compile(r"[(\[]\s*(?:deg(?:rees?)?|°)\s*[)\]]|_deg\b|°", re.IGNORECASE)
_SMALLEST_TURN_DEG = 6.4
"""Figures beyond this cannot be radians: a whole turn is 6.28."""


@dataclass(frozen=True)
class Log:
    """A log of angles.

    Attributes:
        seconds: (n,) time from the first row.
        angles_deg: (n,) by axis, `roll`, `pitch` or `inclination`.
        notes: rows that were left out, and what was assumed.
    """

    seconds: Array
    angles_deg: dict[str, Array]
    notes: tuple[str, ...]


def read_log(path: str | Path, *, unit: str | None = None, axis: str | None = None) -> Log:
    """A log from a text file.

    Args:
        path: the file that the app wrote.
        unit: `deg` or `rad`; None takes what the names of the columns say, or what only degrees can be.
        axis: the name of a column that is to be read, whatever the names say.

    Raises:
        MeasureError: no such file, no table, no column with an angle, too few rows, or a unit that cannot be told.
    """
    checked_file(path, choice("steady", "bytes_most"))
    name, raw = Path(path).name, Path(path).read_bytes()
    if not raw.strip():
        raise MeasureError(f"{name} is empty; expected a table of time, roll and pitch.")
    if b"\x00" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise MeasureError(f"{name} is no text; expected a table of time, roll and pitch as CSV.")
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return log_of(raw.decode(encoding, errors="replace"), name, unit=unit, axis=axis)


def log_of(text: str, name: str = "the log", *, unit: str | None = None, axis: str | None = None) -> Log:
    """A log from text; see `read_log`."""
    if unit not in (None, "deg", "rad"):
        raise MeasureError(f"the unit is {unit!r}; expected deg or rad.")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "//"))]
    if not lines:
        raise MeasureError(f"{name} is empty; expected a table of time, roll and pitch.")
    separator = _separator(lines)
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator)]
    rows = _without_empty_ends(rows)
    start = _first_numbers(rows, name)
    header = header_of(rows, start, name)
    body = [row for row in rows[start:] if len(row) == len(rows[start])]
    if len(body) > choice("steady", "rows_most"):
        raise MeasureError(f"{name} has {len(body)} rows; expected at most {choice('steady', 'rows_most')}.")
    table = _numbers(body, decimal_comma=separator != ",")
    columns = columns_of(header, table, name, axis)
    time, axes = columns.time, columns.axes
    whole = np.isfinite(table[:, [time, *axes.values()]]).all(axis=1)
    lost = len(rows) - start - int(whole.sum())
    table = table[whole]
    least = choice("steady", "rows_least")
    if len(table) < least:
        raise MeasureError(
            f"{name} has {len(table)} rows of whole numbers ({lost} could not be read); expected at least {least}. "
            "Log for some seconds, and export it again."
        )
    radians, told = _in_radians(header, axes, table, unit, name)
    notes = [*columns.notes, *([told] if told else [])]
    if lost:
        notes.append(f"{lost} of {lost + len(table)} rows could not be read and were left out.")
    if (largest := float(np.abs(table[:, list(axes.values())]).max())) > choice("steady", "angle_most_deg"):
        raise MeasureError(f"{name} has angles up to {largest:.3g}; expected degrees or radians. Is it another log?")
    seconds = _seconds(table[:, time], header[time] if header else "", name)
    angles = {axis_name: table[:, column] for axis_name, column in axes.items()}
    in_degrees = {name: np.degrees(values) if radians else values for name, values in angles.items()}
    check_signs(columns, in_degrees, name)
    return Log(seconds, in_degrees, tuple(notes))


def _without_empty_ends(rows: list[list[str]]) -> list[list[str]]:
    """Rows without the empty cells that a separator at the end of every row of figures makes."""
    figures = [row for row in rows if row and _NUMBER.match(row[0])]
    while figures and all(len(row) > 1 and not row[-1] for row in figures):
        width = len(figures[0])
        rows = [row[:-1] if len(row) == width and not row[-1] else row for row in rows]
        figures = [row for row in rows if row and _NUMBER.match(row[0])]
    return rows


def _separator(lines: Sequence[str]) -> str:
    """The sign between the columns: the one that most lines share; a comma may also be the decimal sign."""
    sample = lines[: min(50, len(lines))]
    for sign in ("\t", ";"):
        if sum(sign in line for line in sample) > len(sample) / 2:
            return sign
    return ","


def _first_numbers(rows: Sequence[Sequence[str]], name: str) -> int:
    """Index of the first row of numbers; what stands before it is names and remarks."""
    for index, row in enumerate(rows[:100]):
        if len(row) >= 2 and sum(bool(_NUMBER.match(cell)) for cell in row) >= max(2, len(row) - 1):
            return index
    raise MeasureError(f"{name} holds no table of numbers; expected columns of time, roll and pitch.")


_NUMBER = re.compile(r"^[-+−]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?$")


def _numbers(rows: Sequence[Sequence[str]], *, decimal_comma: bool) -> Array:
    return np.array([[_number(cell, decimal_comma) for cell in row] for row in rows], dtype=float)


def _number(cell: str, decimal_comma: bool) -> float:
    if not _NUMBER.match(cell):
        return seconds_of_date(cell)
    text = cell.replace("−", "-")
    return float(text.replace(",", ".") if decimal_comma else text)


def _in_radians(
    header: Sequence[str], axes: dict[str, int], table: Array, unit: str | None, name: str
) -> tuple[bool, str]:
    """Whether the angles are radians, and a note where it was worked out."""
    if unit is not None:
        return unit == "rad", ""
    named = [header[column] for column in axes.values()] if header else []
    if any(_DEGREES.search(word) for word in named):
        return False, ""
    if any(_RADIANS.search(word) for word in named):
        return True, ""
    largest = float(np.abs(table[:, list(axes.values())]).max())
    if largest > _SMALLEST_TURN_DEG:
        return False, ""
    if any("elapsed" in word.lower() for word in header) and any(word.lower() == "qx" for word in header):
        return True, "The angles are taken as radians, as the app that names its columns so writes them."
    raise MeasureError(
        f"{name} does not say whether its angles are degrees or radians, and they go up to {largest:.2f}, which could "
        "be either; say which with --unit deg or --unit rad."
    )


def _seconds(time: Array, word: str, name: str) -> Array:
    """Seconds from the first row; a clock in milliseconds, microseconds or nanoseconds is known by its size."""
    passed = time - time[0]
    if np.any(np.diff(passed) < 0):
        raise MeasureError(f"The time of {name} runs backward; export one log into one file.")
    span = float(passed[-1])
    if span <= 0:
        raise MeasureError(f"The time of {name} stands still; expected seconds that count up.")
    step = span / (len(time) - 1)
    named = re.search(r"\b(ns|us|µs|ms|s)\b", word.replace("(", " ").replace(")", " ").lower())
    if named and "elapsed" not in word.lower():
        return np.asarray(passed / {"ns": 1e9, "us": 1e6, "µs": 1e6, "ms": 1e3, "s": 1.0}[named[1]])
    for scale in (1.0, 1e3, 1e6, 1e9):  # phones log from a few times to a thousand times a second
        if step / scale <= 1.5:
            return np.asarray(passed / scale)
    raise MeasureError(f"The rows of {name} lie {step:g} apart; expected several a second.")
