"""The angle that taps on a side-on photo show, with its standard deviation.

Three things err: the taps (a landmark under skin, and a finger on a screen), the camera (not quite side-on, while the
landmarks lie at different depths), and the convention (pelves are shaped differently). Each is carried through the
slopes of the angle; together they are never taken as less than what a photo at home is worth (`angle_readings.yaml`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from psoas.errors import MeasureError
from psoas.knowledge import load
from psoas.knowledge.angle_error import reading_sd_deg
from psoas.measure._data import choice, load_data
from psoas.measure.angle import Angle, Pelvis, check_plausible
from psoas.measure.hip_angle import (
    Array,
    Points,
    check_shape,
    knee_flexion_deg,
    thigh_to_pelvis_deg,
    thigh_to_table_deg,
)
from psoas.measure.taps import NAMES, Taps

THIGH = "modified_thomas.thigh_angle"
KNEE = "modified_thomas.knee_angle"
_TABLE = ("table_1", "table_2")


@dataclass(frozen=True)
class _Scene:
    """Points (2,) in pixels, how far each errs along an axis in pixels, and pixels per millimetre."""

    at: dict[str, Array]
    sd_px: dict[str, float]
    px_per_mm: float


def angle_from_taps(taps: Taps, *, size_px: tuple[int, int] | None = None) -> Angle:
    """The thigh angle that the taps show: the first of `angles_from_taps`.

    Args:
        taps: points in pixels of the upright picture.
        size_px: width and height of that picture; None takes a span of the points.

    Returns:
        The angle and its standard deviation, degrees.

    Raises:
        MeasureError: taps from which no angle can be told.
    """
    return angles_from_taps(taps, size_px=size_px)[0]


def angles_from_taps(taps: Taps, *, size_px: tuple[int, int] | None = None) -> tuple[Angle, ...]:
    """Every angle that the taps show, the one to use first.

    With both iliac spines the thigh is measured against the pelvis, and it does not matter how the pelvis lay. With
    the table's edge, or with fewer taps, it is measured against the horizontal, which is only usable with the pelvis
    held; where the taps say so (`pelvis: controlled`), that reading is the surer one and comes first. With an ankle the
    knee is measured too.

    Args:
        taps: points in pixels of the upright picture.
        size_px: width and height of that picture, for the error of a tap; None takes a span of the points.

    Returns:
        `modified_thomas.thigh_angle` once or twice (`against` tells pelvis from table), then
        `modified_thomas.knee_angle` where the ankle was tapped. Degrees, negative in extension.

    Raises:
        MeasureError: taps of which no angle follows, an angle that no hip shows, or taps too close for their error.
    """
    scene = _scene(taps, size_px)
    doubts = check_shape(scene.at)
    thighs = []
    if taps.asis is not None and taps.psis is not None:
        thighs.append(_against_pelvis(taps, scene, doubts))
    if taps.table is not None or not thighs:
        thighs.append(_against_table(taps, scene, doubts))
    if taps.pelvis == "controlled":
        thighs = _held(thighs)
    return (*thighs, *([_knee(taps, scene)] if taps.ankle is not None else []))


def _held(thighs: list[Angle]) -> list[Angle]:
    """With the pelvis held the table is the surer measure and comes first, unless the spines say otherwise."""
    if len(thighs) < 2:
        return thighs
    spines, table = thighs
    apart = spines.value_deg - table.value_deg
    if abs(apart) > 2.0 * float(np.hypot(spines.sd_deg, table.sd_deg)):
        tipped = "forward" if apart > 0 else "backward"
        doubt = (
            f"By the iliac spines the pelvis was tipped {abs(apart):.0f} degrees further {tipped} than a held one. "
            "Was it held? Look at the taps again."
        )
        table = replace(table, notes=(*table.notes, doubt))
    return [table, spines]


def _scene(taps: Taps, size_px: tuple[int, int] | None) -> _Scene:
    at = {name: np.array(point, dtype=float) for name, point in taps.points().items()}
    if not all((np.abs(point) <= choice("taps", "pixels_most")).all() for point in at.values()):  # nor NaN
        raise MeasureError("A tap is not a finite number of pixels from the top left corner.")
    height_m = taps.height_m or choice("person", "height_m")
    thigh_mm = 1000.0 * height_m * choice("person", "thigh_share")
    px_per_mm = float(np.linalg.norm(at["knee"] - at["trochanter"])) / thigh_mm
    longer_side = max(size_px) if size_px else 2.0 * float(np.ptp(np.array(list(at.values())), axis=0).max())
    click = choice("taps", "click_share") * longer_side
    landmark_mm = load_data("measure.yaml")["taps"]["landmark_sd_mm"]
    sd = {name: float(np.hypot(click, landmark_mm.get(name, 0.0) * px_per_mm)) for name in at}
    return _Scene(at, sd, px_per_mm)


def _against_pelvis(taps: Taps, scene: _Scene, doubts: tuple[str, ...]) -> Angle:
    names = ("trochanter", "knee", "asis", "psis")
    shape = load().angle_readings.pelvis.spine_line.sd
    notes = (
        "Measured against the pelvis, so it counts as read with the pelvis held, however it lay. Pelves differ in "
        f"shape by {shape:g} degrees (sd), mostly alike on both sides: compare left and right.",
        *doubts,
    )
    causes = _causes(thigh_to_pelvis_deg, scene, names) | {"shape of the pelvis": shape}
    hint = "Are the front and the back iliac spine swapped? Extension, the thigh drawn back, is negative."
    return _angle(
        THIGH, taps, thigh_to_pelvis_deg(scene.at), causes, notes, against="pelvis", pelvis="controlled", hint=hint
    )


def _against_table(taps: Taps, scene: _Scene, doubts: tuple[str, ...]) -> Angle:
    names = ("trochanter", "knee", *(_TABLE if taps.table is not None else ()))
    causes = _causes(thigh_to_table_deg, scene, names)
    notes = [] if taps.asis is not None and taps.psis is not None else list(doubts)
    if taps.table is None:
        causes["level of the camera"] = choice("camera", "level_sd_deg")
        notes.append("No table edge was tapped: the picture's own horizontal is taken, as if the camera was level.")
    if taps.pelvis != "controlled":
        said = "was free" if taps.pelvis == "free" else "is not known"
        notes.append(
            f"The pelvis {said}: against the table the angle says little of the hip. Tap both iliac spines, or hold "
            "the pelvis and say `pelvis: controlled`."
        )
    return _angle(
        THIGH, taps, thigh_to_table_deg(scene.at), causes, tuple(notes), against="table", pelvis=taps.pelvis,
        hint="Below the horizontal is negative. Are trochanter and knee swapped, or is the picture turned?",
    )  # fmt: skip


def _knee(taps: Taps, scene: _Scene) -> Angle:
    causes = _causes(knee_flexion_deg, scene, ("trochanter", "knee", "ankle"))
    return _angle(
        KNEE, taps, knee_flexion_deg(scene.at), causes, (), against="thigh", pelvis=taps.pelvis,
        hint="Are knee and ankle swapped?",
    )  # fmt: skip


def _angle(
    name: str, taps: Taps, value_deg: float, causes: Mapping[str, float], notes: tuple[str, ...], *,
    against: str, pelvis: Pelvis | None, hint: str,
) -> Angle:  # fmt: skip
    check_plausible(name, taps.side, value_deg, hint)
    summed = float(np.sqrt(sum(sd**2 for sd in causes.values())))
    if summed > choice("taps", "sd_most_deg"):
        raise MeasureError(
            f"From these taps {name} errs by {summed:.0f} degrees (sd), more than it could tell; expected at most "
            f"{choice('taps', 'sd_most_deg'):g}. Take the picture from nearer by, and tap again."
        )
    least = reading_sd_deg(name, pelvis == "controlled", "photo")
    return Angle(
        id=name,
        side=taps.side,
        value_deg=value_deg,
        sd_deg=max(summed, least),
        method=taps.method,
        pelvis=pelvis,
        against=against,
        causes_deg={**causes, "a photo at home, at least": least},
        notes=notes,
    )


def _causes(angle: Callable[[Points], float], scene: _Scene, names: tuple[str, ...]) -> dict[str, float]:
    """Standard deviation by cause, degrees: taps independent of each other, the camera turned about two axes."""
    slopes = {name: _slope(angle, scene.at, name) for name in names}
    taps = np.sqrt(sum(float(slope @ slope) * scene.sd_px[name] ** 2 for name, slope in slopes.items()))
    nearer = load_data("measure.yaml")["camera"]["nearer_mm"]
    turned = np.radians(choice("camera", "turned_sd_deg"))
    variance = np.zeros(2)
    shift = np.zeros(2)
    for name in NAMES:
        if name in slopes:
            # A view turned by a small angle moves a point by that angle times its depth.
            mean, sd = (float(mm) * scene.px_per_mm for mm in nearer[name])
            shift += slopes[name] * mean
            variance += (slopes[name] * sd) ** 2
    return {"taps": float(taps), "view not from the side": float(turned * np.sqrt((shift**2 + variance).sum()))}


def _slope(angle: Callable[[Points], float], at: dict[str, Array], name: str) -> Array:
    """Degrees per pixel of one point along x and y, (2,)."""
    step = 1e-4 * float(np.linalg.norm(at["knee"] - at["trochanter"]))
    slope = np.zeros(2)
    for axis in (0, 1):
        move = np.zeros(2)
        move[axis] = step
        ahead, behind = ({**at, name: at[name] + sign * move} for sign in (1.0, -1.0))
        difference = angle(ahead) - angle(behind)
        slope[axis] = ((difference + 180.0) % 360.0 - 180.0) / (2.0 * step)
    return slope
