"""From taps to angles. Plane geometry on points of a picture: pixels, x to the right, y downward.

Every angle is a function of the points alone, so that its uncertainty can be carried through by its slopes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from psoas.errors import MeasureError
from psoas.knowledge import load
from psoas.measure._data import choice

Array = NDArray[np.float64]
Points = Mapping[str, Array]
"""Points (2,) by name, pixels."""


def thigh_to_pelvis_deg(at: Points) -> float:
    """The thigh against the pelvis, as the modified Thomas test would read it with the low back flat.

    The pelvis is the line from the back to the front upper iliac spine; forward is towards the front, downward is the
    side of that line on which the trochanter lies, so neither turning nor mirroring the picture changes the angle.
    Against that line alone the thigh would read 0 at a right angle and positive in flexion. In a pelvis that stands
    upright the line already points downward in front by `spine_line` (published, with a wide spread), which is taken
    off; lying with the low back flat the pelvis is tilted backwards from standing by `held_supine_tilt` (our choice),
    which is added. So 0 is a thigh level with the table on which that pelvis lies, and negative one below it.
    """
    forward = at["asis"] - at["psis"]
    middle = 0.5 * (at["asis"] + at["psis"])
    downward = _across(forward, at["trochanter"] - middle)
    thigh = at["knee"] - at["trochanter"]
    pelvis = load().angle_readings.pelvis
    against_line = np.degrees(np.arctan2(thigh @ forward, thigh @ downward))
    return float(against_line) - pelvis.spine_line.value + pelvis.held_supine_tilt.value


def thigh_to_table_deg(at: Points) -> float:
    """The thigh against the table's edge, or against the picture's horizontal; positive with the knee above."""
    thigh = at["knee"] - at["trochanter"]
    along = at["table_2"] - at["table_1"] if "table_1" in at else np.array([1.0, 0.0])
    upward = _across(along, np.array([0.0, -1.0]))
    return float(np.degrees(np.arctan2(thigh @ upward, abs(float(thigh @ along)))))


def knee_flexion_deg(at: Points) -> float:
    """Bend of the knee, 0 straight, from trochanter, knee and ankle; always positive."""
    return abs(knee_turn_deg(at))


def knee_turn_deg(at: Points) -> float:
    """Turn from thigh to shank, in (-180, 180]; positive clockwise as seen."""
    thigh, shank = at["knee"] - at["trochanter"], at["ankle"] - at["knee"]
    return float(np.degrees(np.arctan2(_cross(thigh, shank), thigh @ shank)))


def check_shape(at: Points) -> tuple[str, ...]:
    """What is doubtful about the points; notes for a person.

    Raises:
        MeasureError: points that coincide or lie so that no angle follows.
    """
    thigh = _length(at["knee"] - at["trochanter"])
    if thigh < 1.0:
        raise MeasureError("taps.trochanter and taps.knee lie on one another; tap them apart.")
    if "ankle" in at and _length(at["ankle"] - at["knee"]) < 0.2 * thigh:
        raise MeasureError("taps.ankle lies on the knee; tap the outer ankle bone, or leave it out.")
    if "table_1" in at:
        _check_table(at["table_2"] - at["table_1"], thigh)
    if not ("asis" in at and "psis" in at):
        return ()
    return _check_pelvis(at, thigh)


def _check_pelvis(at: Points, thigh: float) -> tuple[str, ...]:
    line = at["asis"] - at["psis"]
    width = _length(line)
    if width < 0.05 * thigh:
        raise MeasureError("taps.asis and taps.psis lie on one another; tap the front and the back iliac spine.")
    off = abs(_cross(line, at["trochanter"] - at["psis"])) / width**2
    if off < choice("taps", "trochanter_below"):
        raise MeasureError(
            "taps.trochanter lies on the line between the two iliac spines; it lies a hand's breadth below that line. "
            "Are two taps mixed up?"
        )
    if "ankle" in at:
        _check_bend(at, line)
    notes = []
    low, high = choice("taps", "pelvis_to_thigh")
    if not low <= width / thigh <= high:
        notes.append(
            f"The iliac spines lie {width / thigh:.2f} of the thigh's length apart; from the side it is {low:g} to "
            f"{high:g}. Look at the taps again; was the picture taken from the side?"
        )
    if "table_1" in at and line @ _across(at["table_2"] - at["table_1"], np.array([0.0, -1.0])) < 0:
        notes.append(
            "The front iliac spine lies below the back one, which is not so for a person lying on the back; "
            "are the two swapped?"
        )
    return tuple(notes)


def _check_table(edge: Array, thigh: float) -> None:
    if _length(edge) < 0.3 * thigh:
        raise MeasureError(
            "The two points of taps.table lie too close together; tap them at least a thigh's third apart."
        )
    slant = np.degrees(np.arctan2(abs(edge[1]), abs(edge[0])))
    if slant > choice("taps", "table_slant_most_deg"):
        raise MeasureError(
            f"The table's edge runs at {slant:.0f} degrees to the picture's horizontal; expected at most "
            f"{choice('taps', 'table_slant_most_deg'):g}. Turn the picture, or tap the edge again."
        )


def _check_bend(at: Points, forward: Array) -> None:
    """A knee bends backward: the shank turns from the thigh away from the front of the pelvis."""
    thigh = at["knee"] - at["trochanter"]
    front = np.sign(_cross(thigh, forward))
    bend = -front * knee_turn_deg(at)
    if bend < -choice("taps", "bends_forward_deg"):
        raise MeasureError(
            f"By these taps the knee bends {-bend:.0f} degrees forward, which no knee does. Are the front and the back "
            "iliac spine swapped, or knee and ankle?"
        )


def _across(line: Array, towards: Array) -> Array:
    """The vector across `line`, as long as it, on the side of `towards`."""
    across = np.array([-line[1], line[0]])
    return across if across @ towards >= 0 else -across


def _cross(one: Array, other: Array) -> float:
    return float(one[0] * other[1] - one[1] * other[0])


def _length(vector: Array) -> float:
    return float(np.hypot(vector[0], vector[1]))
