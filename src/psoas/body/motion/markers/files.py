"""Marker files: `.trc` and `.c3d` into places in the room, metres, forward, left and up."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.sections import Array
from psoas.body.motion.errors import MotionError
from psoas.body.motion.gaps import evened
from psoas.body.motion.tables import Table, read_lines

_TO_METRES = {"m": 1.0, "cm": 1e-2, "mm": 1e-3}
_HEADER = 5  # lines above the first row of a .trc


@dataclass(frozen=True)
class Markers:
    """Markers over time in the file's own axes.

    Attributes:
        name: the file's.
        labels: of the markers.
        time_s: (F,) seconds.
        places_m: (F, markers, 3); NaN where a marker was not seen.
    """

    name: str
    labels: tuple[str, ...]
    time_s: Array
    places_m: Array


def read_markers(path: Path) -> Markers:
    """Read a `.trc` or a `.c3d`.

    Raises:
        MotionError: what cannot be taken, with the row and the reason.
    """
    kind = path.suffix.lower()
    if kind == ".trc":
        found = _of_trc(path)
    elif kind == ".c3d":
        found = _of_c3d(path)
    else:
        raise MotionError(f"{path.name} ends in {path.suffix or 'nothing'}; markers come as .trc or .c3d.")
    _check(found)
    return _on_an_even_clock(found)


def _of_trc(path: Path) -> Markers:
    lines = read_lines(path)
    if len(lines) < _HEADER + 1 or not lines[0].startswith("PathFileType"):
        raise MotionError(f"{path.name} does not begin with PathFileType; expected a .trc file of markers.")
    header = dict(zip(lines[1].split(), lines[2].split(), strict=False))
    unit = header.get("Units", "").lower()
    if unit not in _TO_METRES:
        raise MotionError(f"{path.name} gives its places in {unit or 'no unit'}; expected m, cm or mm.")
    labels = tuple(label.strip() for label in lines[3].split("\t")[2:] if label.strip())
    width = 2 + 3 * len(labels)
    rows = []
    for number, line in enumerate(lines[_HEADER:], start=_HEADER + 1):
        if not line.strip():
            continue
        cells = line.rstrip("\r\n").split("\t")
        cells = cells[:width] if not any(cell.strip() for cell in cells[width:]) else cells
        if len(cells) != width:
            raise MotionError(f"{path.name}, row {number}: {len(cells)} values; {len(labels)} markers need {width}.")
        try:
            rows.append([float(cell) if cell.strip() else np.nan for cell in cells])
        except ValueError as error:
            raise MotionError(f"{path.name}, row {number}: {str(error).split(': ')[-1]} is not a number.") from None
    _check_count(path.name, header.get("NumFrames", ""), len(rows))
    values = np.array(rows)
    places = values[:, 2:].reshape(len(rows), len(labels), 3) * _TO_METRES[unit]
    places[(places == 0.0).all(axis=2)] = np.nan  # how a marker that was not seen is often written
    return Markers(path.name, labels, values[:, 1], places)


def _check_count(name: str, declared: str, found: int) -> None:
    least = int(load_data("motion.yaml")["limits"]["least_rows"])
    if found < least:
        raise MotionError(f"{name} holds {found} frames; expected {least} or more.")
    if declared.isdigit() and int(declared) > found:
        raise MotionError(f"{name} declares {int(declared)} frames and holds {found}; the file is cut short.")


def _of_c3d(path: Path) -> Markers:
    if not path.is_file():
        raise MotionError(f"{path}: there is no such file.")
    largest = float(load_data("motion.yaml")["limits"]["largest_file_mb"])
    if path.stat().st_size / 1e6 > largest:
        raise MotionError(f"{path.name} holds {path.stat().st_size / 1e6:.0f} MB; up to {largest:g} MB are read.")
    try:
        ezc3d: Any = importlib.import_module("ezc3d")
    except ImportError:
        raise MotionError("A .c3d file needs ezc3d, which is not installed; run: pip install 'psoas[motion]'") from None
    try:
        whole = ezc3d.c3d(str(path))
        points = np.asarray(whole["data"]["points"], dtype=float)
        settings = whole["parameters"]["POINT"]
        unit = str(settings["UNITS"]["value"][0]).lower() if settings["UNITS"]["value"] else "mm"
        labels = tuple(str(label).strip() for label in settings["LABELS"]["value"])[: points.shape[1]]
        rate = float(settings["RATE"]["value"][0])
    except (OSError, RuntimeError, ValueError, KeyError, IndexError, MemoryError) as error:
        sentence = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise MotionError(f"{path.name} cannot be read as C3D ({sentence}); is it cut short?") from None
    if unit not in _TO_METRES or rate <= 0.0:
        raise MotionError(f"{path.name} gives places in {unit!r} at {rate:g} frames a second; expected m, cm or mm.")
    _check_count(path.name, "", points.shape[2])
    places = points[:3].transpose(2, 1, 0) * _TO_METRES[unit]
    places[(places == 0.0).all(axis=2)] = np.nan
    return Markers(path.name, labels, np.arange(len(places)) / rate, places)


def _on_an_even_clock(found: Markers) -> Markers:
    """The markers on an even grid: a clock printed in milliseconds would shake every acceleration."""
    columns = tuple(f"{label}.{axis}" for label in found.labels for axis in "xyz")
    flat = found.places_m.reshape(len(found.time_s), -1)
    table, _ = evened(Table(found.name, {}, columns, found.time_s, flat, 1))
    return replace(found, time_s=table.time_s, places_m=table.values.reshape(len(table.time_s), -1, 3))


def _check(found: Markers) -> None:
    step = np.diff(found.time_s)
    if not np.isfinite(found.time_s).all() or (step <= 0).any():
        at = int(np.argmin(np.where(np.isfinite(step), step, -1.0)))
        raise MotionError(f"{found.name}, frame {at + 2}: time does not rise.")
    far = float(load_data("motion.yaml")["limits"]["farthest_m"])
    size = np.abs(found.places_m)
    if np.nanmax(size, initial=0.0) > far:
        frame, marker, _ = np.unravel_index(int(np.nanargmax(size)), size.shape)
        raise MotionError(
            f"{found.name}, frame {int(frame) + 1}: marker {found.labels[int(marker)]} lies {np.nanmax(size):.0f} m "
            "away. Are these millimetres called metres?"
        )
