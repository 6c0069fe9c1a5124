"""Force plates of a `.mot`/`.sto` file: force, centre of pressure and free torque of each foot."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.posture import SIDES
from psoas.body.kinematics.sections import Array
from psoas.body.motion.errors import MotionError
from psoas.body.motion.gaps import between, bridged
from psoas.body.motion.tables import Table, read_table
from psoas.body.motion.trial import Plate

ROOM = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""From OpenSim's axes (forward, up, right) to ours (forward, left, up): ours = ROOM @ theirs."""

_MARKS = {side: re.compile(rf"(^|_)({side[0]}|{side})_", re.I) for side in SIDES}
_FORCE = re.compile(r"force.*vx$", re.I)


def read_plates(path: Path, time_s: Array) -> tuple[tuple[Plate, ...], list[str]]:
    """The plates of a file, on the grid `time_s` (F,), and what is to be said about them.

    Columns as OpenSim names them: `ground_force_vx, _vy, _vz` (force), `_px, _py, _pz` (centre of pressure) and
    `ground_torque_x, _y, _z` (or `moment`), with a prefix or a middle for each plate such as `1_` or `_r_`.

    Raises:
        MotionError: no plates, a plate without its columns, places in millimetres, or no time in common.
    """
    table = read_table(path)
    plates = [_columns(table, column) for column in table.columns if _FORCE.search(column)]
    if not plates:
        raise MotionError(f"{path.name} holds no ground forces; expected columns such as ground_force_vx.")
    table, notes = bridged(table, [name for plate in plates for name in plate if name])
    inside = (time_s >= table.time_s[0] - 1e-6) & (time_s <= table.time_s[-1] + 1e-6)
    if not inside.any():
        raise MotionError(
            f"{path.name} runs from {table.time_s[0]:g} to {table.time_s[-1]:g} s, the motion from {time_s[0]:g} to "
            f"{time_s[-1]:g} s: they have no time in common."
        )
    if not inside.all():
        notes.append(f"{path.name} covers {int(inside.sum())} of {len(time_s)} frames; the others are left out.")
    made = tuple(_plate(table, names, time_s) for names in plates)
    forces = np.nansum([np.abs(plate.force_n[:, 2]) for plate in made], axis=0)
    if float(np.nanmax(forces)) < float(load_data("motion.yaml")["limits"]["least_force_n"]):
        raise MotionError(f"{path.name}: no plate ever carries 20 N upwards; are y the vertical and N the unit?")
    return made, notes


def _columns(table: Table, first: str) -> tuple[str, ...]:
    """Force, place and torque columns (9), the torque's empty where there are none."""
    stem = first[:-2]
    force = [f"{first[:-1]}{axis}" for axis in "xyz"]
    place = [f"{stem}p{axis}" for axis in "xyz"]
    missing = [name for name in (*force, *place) if name not in table.columns]
    if missing:
        raise MotionError(
            f"{table.name} has {first} and no column {missing[0]}; a plate needs force and place, x, y, z."
        )
    torque: list[str] = []
    for word in ("torque", "moment"):
        for tail in ("", "m"):
            tried = [f"{stem.replace('force', word)}{tail}{axis}" for axis in "xyz"]
            torque = torque or [name for name in tried if name in table.columns]
    if len(torque) not in (0, 3):
        raise MotionError(f"{table.name} has only {torque[0]} of a plate's torque; expected x, y and z.")
    return (*force, *place, *(torque or ("", "", "")))


def _plate(table: Table, names: tuple[str, ...], time_s: Array) -> Plate:
    force, place = (np.stack([table.column(name) for name in names[at : at + 3]], axis=1) for at in (0, 3))
    torque = np.stack([table.column(name) for name in names[6:]], axis=1) if names[6] else np.zeros_like(force)
    loaded = np.linalg.norm(force, axis=1) > float(load_data("motion.yaml")["limits"]["least_force_n"])
    far = float(load_data("motion.yaml")["limits"]["farthest_m"])
    if loaded.any() and np.abs(place[loaded]).max() > far:
        row = int(np.flatnonzero(loaded & (np.abs(place) > far).any(axis=1))[0])
        raise MotionError(
            f"{table.name}, {table.row(row)}: the centre of pressure lies {np.abs(place[row]).max():g} from the "
            "origin; expected metres. Millimetres?"
        )
    force, place, torque = force @ ROOM.T, place @ ROOM.T, torque @ ROOM.T
    whole = np.concatenate([force, np.cross(place, force) + torque], axis=1)
    whole = between(table.time_s, whole, time_s)
    side = next((side for side, mark in _MARKS.items() if mark.search(names[0])), "")
    return Plate(names[0], side, whole[:, :3], whole[:, 3:])


def under_feet(plates: tuple[Plate, ...], ankles_m: dict[str, Array]) -> tuple[tuple[Plate, ...], list[str]]:
    """The plates with the foot that stood on each, by the nearer ankle while it is loaded, and what is doubted.

    Args:
        plates: as read.
        ankles_m: (F, 3) of each ankle in the room, by side.

    Raises:
        MotionError: a plate that names a foot lies under the other one.
    """
    limits = load_data("motion.yaml")["limits"]
    found, notes = [], []
    for plate in plates:
        pressure = plate.centre_of_pressure_m(float(limits["least_force_n"]))
        away = {side: _apart(ankle, pressure) for side, ankle in ankles_m.items()}
        if not all(np.isfinite(value) for value in away.values()):
            notes.append(f"Plate {plate.name} carries nothing in this trial; left out.")
            continue
        nearer = min(away, key=lambda side: away[side])
        if plate.side and plate.side != nearer:
            raise MotionError(
                f"Plate {plate.name} names the {plate.side} foot and lies {away[plate.side] * 100:.0f} cm from it, "
                f"{away[nearer] * 100:.0f} cm from the {nearer} one: left and right are swapped in the plates "
                "or in the angles."
            )
        if away[nearer] > float(limits["foot_to_pressure_m"]):
            raise MotionError(
                f"Plate {plate.name} lies {away[nearer] * 100:.0f} cm from the nearer ankle; expected up to "
                f"{float(limits['foot_to_pressure_m']) * 100:.0f} cm. Do plates and angles share axes and origin?"
            )
        found.append(replace(plate, side=nearer))
        notes.append(f"Plate {plate.name}: {nearer} foot, {away[nearer] * 100:.0f} cm from its ankle on average.")
    return tuple(found), notes


def _apart(ankle: Array, pressure: Array) -> float:
    """Median distance on the floor, m, while the plate is loaded; NaN when it never is."""
    loaded = np.isfinite(pressure[:, 0])
    return float(np.median(np.linalg.norm((ankle - pressure)[loaded, :2], axis=1))) if loaded.any() else np.nan
