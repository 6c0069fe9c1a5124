"""Points tapped on a photo, one after the other, and the angle that they show. Works without scripts."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.datastructures import FormData

from psoas.errors import PsoasError

if TYPE_CHECKING:
    from psoas.measure import Angle

TAPS = {
    "trochanter": "the bony knob at the side of the hip",
    "knee": "the outer knob just above the knee joint",
    "asis": "the front upper spine of the pelvis",
    "psis": "the back upper spine of the pelvis",
}
"""What to tap, in order. The last two give the pelvis; without them it must have been held."""
SHOWN_WIDTH = 640
"""Pixels of the page; a photo is shown at this width everywhere, so that a tap means the same on every screen."""
FIRST, ENOUGH = ("trochanter", "knee"), 2

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """The points so far, in pixels of the photo as it is shown."""

    points: Mapping[str, Point] = field(default_factory=dict)
    side: str = "left"
    held: bool = False

    @property
    def next(self) -> str | None:
        """The point to tap next; None when all are there."""
        return next((name for name in TAPS if name not in self.points), None)

    @property
    def is_enough(self) -> bool:
        """Whether an angle can be read: thigh, and the pelvis known or held."""
        return all(name in self.points for name in FIRST) and (self.held or self.next is None)


def placed_by(form: FormData) -> Placed:
    """The points of the form, with the one that was just tapped.

    Raises:
        PsoasError: a coordinate that is no number.
    """
    texts = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    points: dict[str, Point] = {}
    for name in TAPS:
        x, y = texts.get(f"{name}.x", ""), texts.get(f"{name}.y", "")
        if x and y:
            points[name] = (_pixel(name, x), _pixel(name, y))
    following = next((one for one in TAPS if one not in points), None)
    if "photo.x" in texts and following is not None:
        points[following] = (_pixel(following, texts["photo.x"]), _pixel(following, texts.get("photo.y", "")))
    if texts.get("do") == "undo" and points:
        points.pop(list(points)[-1])
    side = texts.get("side", "left")
    if side not in ("left", "right"):
        raise PsoasError(f"side is {side!r}; expected left or right.")
    return Placed({} if texts.get("do") == "again" else points, side, texts.get("held") == "controlled")


def _pixel(name: str, given: str) -> int:
    if not given.isdecimal() or len(given) > 5:
        raise PsoasError(f"{name} is {given[:20]!r}; expected a whole number of pixels.")
    return int(given)


def shown_size(data: bytes) -> tuple[int, int]:
    """Width and height of a kept photo as the page shows it, pixels."""
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=("JPEG",)) as opened:
        width, height = opened.size
    return SHOWN_WIDTH, round(height * SHOWN_WIDTH / width)


def angle_of(placed: Placed, data: bytes) -> Angle:
    """The thigh angle that the points show, with its standard deviation.

    Raises:
        MeasureError: the points show no angle that can be.
    """
    from psoas.measure import angle_from_taps, taps_of

    size = shown_size(data)
    told: dict[str, object] = {
        "side": placed.side,
        "taps": {name: list(point) for name, point in placed.points.items()},
    }
    if placed.held:
        told["pelvis"] = "controlled"
    return angle_from_taps(taps_of(told, size_px=size), size_px=size)
