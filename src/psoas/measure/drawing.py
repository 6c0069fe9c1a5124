"""The picture with its taps drawn in, so that a person sees what is measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from psoas.errors import MeasureError
from psoas.measure.angle import Angle
from psoas.measure.picture import Picture
from psoas.measure.taps import Point, Taps

if TYPE_CHECKING:
    from PIL.Image import Image

_LINES = (("psis", "asis"), ("trochanter", "knee"), ("knee", "ankle"), ("table_1", "table_2"))
_WORDS = {
    "trochanter": "greater trochanter",
    "knee": "knee",
    "asis": "front iliac spine",
    "psis": "back iliac spine",
    "ankle": "ankle",
    "table_1": "table",
}
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, pixels."""

_INK, _SHADE = (255, 214, 10), (20, 20, 20)


def draw_taps(picture: Picture, taps: Taps, angles: Sequence[Angle] = ()) -> Image:
    """A copy of the picture with points, lines between them, their names, and the angles below.

    Angles: the first one is written large; none for proposed taps.
    """
    from PIL import ImageDraw, ImageFont

    image = picture.image.copy()
    pen: Any = ImageDraw.Draw(image)
    unit = max(image.size) / 100
    font = ImageFont.load_default(size=max(10.0, 1.6 * unit))
    points = taps.points()
    for start, end in _LINES:
        if start in points and end in points:
            _line(pen, points[start], points[end], unit)
    for x, y in points.values():
        radius = 0.6 * unit
        box = (x - radius, y - radius, x + radius, y + radius)
        pen.ellipse(box, outline=_SHADE, width=max(3, round(0.35 * unit)))
        pen.ellipse(box, outline=_INK, width=max(2, round(0.2 * unit)))
    taken: list[Box] = []
    for name, point in sorted(points.items(), key=lambda one: one[1][1]):
        if name in _WORDS:
            _label(pen, _WORDS[name], point, points, font, unit, image.size, taken)
    _caption(pen, taps, angles, ImageFont.load_default(size=max(12.0, 2.2 * unit)), unit, image.size)
    return image


def save_drawing(image: Image, path: Path) -> None:
    """Write a drawing as PNG or JPEG, by the file's name.

    Raises:
        MeasureError: another ending, or a folder that is not there.
    """
    if path.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise MeasureError(f"--out is {path}; expected a name that ends in .png or .jpg.")
    try:
        image.save(path)
    except OSError as err:
        raise MeasureError(f"{path} cannot be written: {err.strerror or err}.") from None


def _line(pen: Any, start: Point, end: Point, unit: float) -> None:
    pen.line([start, end], fill=_SHADE, width=max(4, round(0.5 * unit)))
    pen.line([start, end], fill=_INK, width=max(2, round(0.25 * unit)))


def _label(
    pen: Any, words: str, point: Point, points: dict[str, Point], font: Any, unit: float, size_px: tuple[int, int],
    taken: list[Box],
) -> None:  # fmt: skip
    """A name beside its point: inside the picture, off the lines where it can be, and off the names before it."""
    left, top, right, bottom = pen.textbbox((0, 0), words, font=font)
    width, height = right - left, bottom - top
    outward = point[0] >= np.mean([x for x, _ in points.values()])
    beside = [(1.2 * unit, -height / 2), (-1.2 * unit - width, -height / 2)]
    places = [*(beside if outward else beside[::-1]), (-width / 2, 1.2 * unit), (-width / 2, -1.2 * unit - height)]
    boxes = []
    for dx, dy in places:
        x = float(np.clip(point[0] + dx, 0, size_px[0] - width))
        y = float(np.clip(point[1] + dy, 0, size_px[1] - height))
        boxes.append((x, y, x + width, y + height))
    x, y, _, _ = min(boxes, key=lambda box: _crossings(box, points))
    while any(_meet((x, y, x + width, y + height), other) for other in taken):
        y += 0.3 * height
    taken.append((x, y, x + width, y + height))
    edge = max(2, round(0.2 * unit))
    pen.text((x - left, y - top), words, font=font, fill=_INK, stroke_width=edge, stroke_fill=_SHADE)


def _crossings(box: Box, points: dict[str, Point]) -> int:
    """How many of fifty places along each line lie in a box."""
    count = 0
    for start, end in _LINES:
        if start in points and end in points:
            places = np.linspace(points[start], points[end], 50)
            count += int(((places >= box[:2]) & (places <= box[2:])).all(axis=1).sum())
    return count


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def _caption(pen: Any, taps: Taps, angles: Sequence[Angle], font: Any, unit: float, size_px: tuple[int, int]) -> None:
    if angles:
        first = angles[0]
        words = f"{taps.side} thigh {first.value_deg:+.0f}° ± {first.sd_deg:.0f}° (sd), against the {first.against}"
    else:
        words = f"{taps.side} leg: proposed points, to be put right by hand"
    _, _, right, bottom = pen.textbbox((0, 0), words, font=font)
    low = np.mean([point[1] for point in taps.points().values()]) > size_px[1] / 2
    x, y = unit, unit if low else size_px[1] - bottom - 1.5 * unit  # where the person is not
    pen.rectangle((x - 0.5 * unit, y - 0.5 * unit, x + right + 0.5 * unit, y + bottom + 0.5 * unit), fill=_SHADE)
    pen.text((x, y), words, font=font, fill=_INK)
