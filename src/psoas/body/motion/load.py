"""Motion files of joint angles into the body's own coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.coordinates import COORDINATES, INDEX, from_edge_units, lumbar_shares
from psoas.body.kinematics.sections import Array
from psoas.body.motion.errors import MotionError
from psoas.body.motion.gaps import bridged, evened
from psoas.body.motion.names import TOTALS, Reading, Use, is_place, knee_sign, own_names, reading_of
from psoas.body.motion.plates import ROOM, read_plates
from psoas.body.motion.tables import Table, read_table
from psoas.body.motion.trial import Motion

Unit = Literal["degrees", "radians"]


def load_motion(
    path: str | Path,
    *,
    plates: str | Path | None = None,
    names: str | Path | Mapping[str, Any] | None = None,
    angles: Unit | None = None,
) -> Motion:
    """A movement from a file of joint angles over time.

    OpenSim's `.mot` and `.sto` with the coordinates of Gait2354, Gait2392 or Rajagopal2016, or CSV with a header of
    those names or of ours (`hip_flexion_right_deg`, `lumbar_flexion_deg`, `time_s`). Whole lumbar angles are shared out
    over the levels as measured in life. What the file does not give is as in relaxed standing, and said.

    Args:
        path: the file of angles.
        plates: a `.mot`/`.sto` file of ground forces in the same room, or None.
        names: own column names, as a YAML file or a mapping `column: coordinate` or `column: {to: …, sign: -1}`.
        angles: `degrees` or `radians`, where the file does not say or says wrong.

    Returns:
        The motion: joint coordinates (F, J) in radians and metres on an even grid of time, with `notes`.

    Raises:
        MotionError: what cannot be taken, naming the file, the row and what is allowed.
    """
    if angles not in (None, "degrees", "radians"):
        raise MotionError(f"angles is {angles!r}; expected 'degrees' or 'radians'.")
    path = Path(path)
    own = names if names is None or isinstance(names, Mapping) else own_names(Path(names))
    table = read_table(path)
    reading = reading_of(table.name, table.columns, own)
    table, notes = bridged(table, [use.column for use in reading.uses] + list(reading.places))
    table, said = evened(table)
    notes += said
    edge, model, more = _in_degrees(table, reading, angles)
    q, placed, said = _placed(table, reading, edge, model)
    motion = Motion(
        name=path.name,
        time_s=table.time_s,
        q=q,
        given=tuple(use.to for use in reading.uses),
        placed=placed,
        notes=(*notes, *more, *said, *_left_out(reading)),
    )
    return motion if plates is None else with_plates(motion, Path(plates))


def with_plates(motion: Motion, path: Path) -> Motion:
    """The motion with the ground forces of a file; see :func:`load_motion`."""
    if not motion.placed:
        raise MotionError(
            f"{motion.name} does not say where the pelvis is in the room (pelvis_tx, pelvis_ty, pelvis_tz), so plates "
            "cannot be put under the feet. Leave the plates out."
        )
    made, notes = read_plates(path, motion.time_s)
    return replace(motion, plates=made, notes=(*motion.notes, *notes))


def _in_degrees(table: Table, reading: Reading, asked: Unit | None) -> tuple[dict[str, Array], str, list[str]]:
    """Every used column by its coordinate, in degrees or metres, signs ours; the model it is of; what was decided."""
    unit, notes = _unit(table, reading, asked)
    edge: dict[str, Array] = {}
    knees = [use for use in reading.uses if use.sign == 0.0]
    sign = 1.0
    if knees:
        bend = np.stack([_degrees(table, use, unit) for use in knees], axis=1)
        sign = knee_sign(bend)
        way = "positive, as in Rajagopal2016" if sign > 0 else "negative, as in Gait2392"
        notes.append(f"Knee flexion is {way}: the knees bend {(sign * bend).max():.0f} degrees that way.")
    for use in reading.uses:
        edge[use.to] = _degrees(table, use, unit) * (use.sign or sign)
    return edge, "rajagopal" if knees and sign > 0 else "gait2392", notes


def _degrees(table: Table, use: Use, unit: Unit) -> Array:
    values = table.column(use.column)
    if is_place(use.to):
        return values * (1e-3 if use.unit == "millimetres" else 1.0)
    return np.degrees(values) if (use.unit or unit) == "radians" else values


def _unit(table: Table, reading: Reading, asked: Unit | None) -> tuple[Unit, list[str]]:
    """The unit of the angles, against what the file says and what its figures can be."""
    limits = load_data("motion.yaml")["limits"]
    angles = [use for use in reading.uses if not is_place(use.to)]
    if asked or all(use.unit for use in angles):
        return asked or "degrees", []
    values = np.abs(np.stack([table.column(use.column) for use in angles if not use.unit], axis=1))
    largest = float(values.max())
    declared = table.header.get("indegrees", "").lower()
    if declared in ("no", "false"):
        if largest > float(limits["looks_like_degrees"]):
            row, column = np.unravel_index(int(values.argmax()), values.shape)
            raise MotionError(
                f"{table.name}, {table.row(int(row))}, column {angles[int(column)].column}: {largest:g} cannot be "
                "radians, as the header says (inDegrees=no). Say angles='degrees' if it is wrong."
            )
        return "radians", []
    limb = [
        np.ptp(table.column(u.column)) for u in angles if u.to.startswith(("hip_flexion", "knee_flexion", "lumbar"))
    ]
    moves = float(max(limb, default=0.0))
    if float(limits["moves_at_all"]) < moves and largest < float(limits["looks_like_radians"]):
        said = f"the header says degrees (inDegrees={declared})" if declared else "degrees would be expected"
        raise MotionError(
            f"{table.name}: no angle goes beyond {largest:.3g}; {said}, but this looks like radians. "
            "Say angles='radians' or angles='degrees'."
        )
    return "degrees", [] if declared else ["The file does not say its unit; angles are taken as degrees."]


def _placed(table: Table, reading: Reading, edge: dict[str, Array], model: str) -> tuple[Array, bool, list[str]]:
    """(F, J) radians and metres, whether the pelvis's place is known, and what was decided."""
    values = np.zeros((len(table.time_s), len(COORDINATES)))
    notes: list[str] = []
    for to, column in edge.items():
        if to in TOTALS:
            for level, share in lumbar_shares().items():
                values[:, INDEX[f"{to}_{level}"]] += share * column
        else:
            values[:, INDEX[to]] += column
    q = from_edge_units(values)
    placed = all(name in edge for name in ("pelvis_forward", "pelvis_sideways", "pelvis_up"))
    if len(reading.places) == 3:
        theirs = np.stack([table.column(name) for name in sorted(reading.places)], axis=1)
        _check_metres(table, theirs)
        q[:, :3] = theirs @ ROOM.T + _to_hips(q, model, notes)
        placed = True
    elif reading.places:
        raise MotionError(f"{table.name} gives only {', '.join(reading.places)}; expected pelvis_tx, _ty and _tz.")
    absent = [n for n in ("pelvis_tilt", *TOTALS[:1], "hip_flexion_right", "hip_flexion_left") if n not in edge]
    absent = [name for name in absent if not any(to.startswith(name) for to in edge)]
    if absent:
        notes.append(f"Not in the file, so as in relaxed standing: {', '.join(absent)}.")
    return q, placed, notes


def _to_hips(q: Array, model: str, notes: list[str]) -> Array:
    """(F, 3) from the file's pelvis origin to the middle of the hips, where ours is, in the room."""
    offset = ROOM @ np.array(load_data("motion.yaml")["pelvis_to_hips_m"][model]["value"])
    notes.append(f"The pelvis's place is taken as the origin of {model}'s pelvis, unscaled.")
    return np.asarray(turns(q) @ offset)


def turns(q: Array) -> Array:
    """(F, 3, 3) the pelvis's rotation: tilt about the left axis, then list about forward, then rotation about up."""
    tilt, roll, yaw = (q[:, INDEX[name]] for name in ("pelvis_tilt", "pelvis_list", "pelvis_rotation"))
    return np.asarray(_about(1, tilt) @ _about(0, roll) @ _about(2, yaw))


def _about(axis: int, angle: Array) -> Array:
    turn = np.zeros((len(angle), 3, 3))
    a, b = (axis + 1) % 3, (axis + 2) % 3
    turn[:, axis, axis] = 1.0
    turn[:, a, a] = turn[:, b, b] = np.cos(angle)
    turn[:, b, a], turn[:, a, b] = np.sin(angle), -np.sin(angle)
    return turn


def _check_metres(table: Table, places: Array) -> None:
    far = float(load_data("motion.yaml")["limits"]["farthest_m"])
    wrong = np.argwhere(np.abs(places) > far)
    if len(wrong):
        row, axis = wrong[0]
        raise MotionError(
            f"{table.name}, {table.row(int(row))}: the pelvis is {places[row, axis]:g} from the origin; expected "
            f"metres, up to {far:g}. Millimetres?"
        )


def _left_out(reading: Reading) -> list[str]:
    notes = []
    if reading.left_out:
        notes.append(f"Joints our body does not have, left out: {', '.join(reading.left_out)}.")
    if reading.unknown:
        notes.append(f"Columns not known, left out: {', '.join(reading.unknown)}.")
    return notes
