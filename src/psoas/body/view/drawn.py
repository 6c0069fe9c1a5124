"""What a picture of the body holds, before it is put on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from psoas.body.anatomy.blueprint import Vector
from psoas.body.view.raster import Frame


@dataclass(frozen=True)
class Drawn:
    """A fascicle in the picture: `points` (n, 2) metres right and up, `near_m` (n,) towards the viewer, `seen` (n,).

    `value` is what its colour tells: newtons, or fibre length as a multiple of the optimal.
    """

    fascicle: str
    muscle: str
    points: Vector
    near_m: Vector
    seen: NDArray[np.bool_]
    value: float
    strength_n: float


@dataclass(frozen=True)
class Picture:
    """What is drawn. `image` (rows, columns, 4) covers `frame`; `levels` are disc centres (2,); metres.

    `compression_n` and `force_n`, by level and by public muscle, are what the labels say; the first is empty when no
    loads were solved, and the second then holds the pull of the relaxed muscles.
    """

    side: str
    frame: Frame
    image: NDArray[np.uint8]
    strands: tuple[Drawn, ...]
    levels: Mapping[str, Vector]
    compression_n: Mapping[str, float]
    force_n: Mapping[str, float]
    colour: str
