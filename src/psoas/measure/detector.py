"""Where people are in a picture: the first of the two pose networks.

It sees a square of 224 pixels, so small people are lost in a whole picture; squares of half and a quarter of it are
looked at as well. What it takes for a person is only a guess until the second network has looked (`pose`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from psoas.measure._data import choice
from psoas.measure.networks import Array, networks

if TYPE_CHECKING:
    from PIL.Image import Image

# How the network was built; its makers' figures, not choices.
_PICTURE_PX = 224
_STRIDES = (8, 8, 16, 16, 32, 32, 32, 32, 32, 32)


@dataclass(frozen=True)
class Spot:
    """A guess where a person is.

    Attributes:
        hips: (2,) middle of the hips, pixels.
        reach: (2,) the point that sets size and direction: from the hips towards the head, as far as the person goes.
        score: how sure the detector is, 0 to 1.
    """

    hips: tuple[float, float]
    reach: tuple[float, float]
    score: float = 1.0

    @property
    def radius_px(self) -> float:
        """How far the person reaches from the middle of the hips."""
        return math.dist(self.hips, self.reach)


def spots_in(image: Image, *, small: bool) -> list[Spot]:
    """Guesses in the whole picture and in overlapping squares of it, the surest first.

    small: look in squares of half the shorter side, for people who are small in the picture, instead.
    """
    found = [
        spot for left, top, side in _squares(image.size, small=small) for spot in _detected(image, left, top, side)
    ]
    return sorted(found, key=lambda one: -one.score)


def _squares(size_px: tuple[int, int], *, small: bool) -> Iterator[tuple[int, int, int]]:
    """Left, top and side of the squares; the first one holds the whole picture and reaches beyond it."""
    width, height = size_px
    longer, side = max(size_px), min(size_px)
    if not small:
        yield (width - longer) // 2, (height - longer) // 2, longer
        if longer < 1.25 * side:
            return
    else:
        side //= 2
    for left in _starts(width, side):
        for top in _starts(height, side):
            yield left, top, side


def _starts(length: int, side: int) -> list[int]:
    """Where squares begin that cover a length, each overlapping half of the one before."""
    count = max(1, math.ceil(2.0 * length / side) - 1)
    return [round(at) for at in np.linspace(0, length - side, count)] if count > 1 else [0]


def _detected(image: Image, left: int, top: int, side: int) -> list[Spot]:
    """Guesses in one square."""
    boxes, scores = networks().detect(_small_square(image, left, top, side))
    good = np.flatnonzero(scores >= choice("pose", "score_least"))
    order = good[np.argsort(-scores[good], kind="stable")]
    # Twelve figures from an anchor: centre and size of a box, then four points.
    places = boxes[order].reshape(-1, 6, 2) / _PICTURE_PX
    places[:, [0, 2, 3, 4, 5]] += _anchors()[order][:, None]
    found = []
    for figures, score in _suppressed(places, scores[order]):
        hips, reach = (figures[index] * side + (left, top) for index in (2, 3))
        found.append(Spot((float(hips[0]), float(hips[1])), (float(reach[0]), float(reach[1])), score))
    return found


def _small_square(image: Image, left: int, top: int, side: int) -> NDArray[np.float32]:
    """A square of the picture, black beyond its edges, (224, 224, 3) from -1 to 1."""
    from PIL import Image as Pillow

    square = image.crop((left, top, left + side, top + side))
    small = square.resize((_PICTURE_PX, _PICTURE_PX), Pillow.Resampling.BILINEAR)
    return np.asarray(small, dtype=np.float32) / np.float32(127.5) - np.float32(1.0)


def _suppressed(places: Array, scores: Array) -> list[tuple[Array, float]]:
    """Detections (n, 6, 2), the surest first; those of one person are averaged by their scores."""
    kept: list[tuple[Array, float]] = []
    left = list(range(len(places)))
    while left:
        best = left[0]
        same = [index for index in left if _overlap(places[best], places[index]) > choice("pose", "overlap_same")]
        same = same or [best]
        weight = scores[same]
        kept.append((np.einsum("n,nij->ij", weight, places[same]) / weight.sum(), float(scores[best])))
        left = [index for index in left if index not in same]
    return kept


def _overlap(one: Array, other: Array) -> float:
    """Shared area of two boxes over their joint area; row 0 is the centre and row 1 the size."""
    low = np.maximum(one[0] - one[1] / 2, other[0] - other[1] / 2)
    high = np.minimum(one[0] + one[1] / 2, other[0] + other[1] / 2)
    shared = float(np.prod(np.maximum(high - low, 0.0)))
    joint = float(np.prod(one[1]) + np.prod(other[1])) - shared
    return shared / joint if joint > 0 else 0.0


@cache
def _anchors() -> Array:
    """Centres (2254, 2) from which the detector counts, as shares of its picture."""
    found = []
    for stride in sorted(set(_STRIDES)):
        cells, times = _PICTURE_PX // stride, _STRIDES.count(stride)
        centres = (np.arange(cells) + 0.5) / cells
        y, x = np.meshgrid(centres, centres, indexing="ij")
        found.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), times, axis=0))
    return np.concatenate(found)
