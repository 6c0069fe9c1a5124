"""The body figure of the pain drawing: front and back, with a shape for each region that can be tapped.

The lines are our own and only show where to tap; what a region is stands in terminology.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

Point = tuple[float, float]

WIDTH, HEIGHT, MIDDLE = 200.0, 440.0, 100.0

_OUTLINE: tuple[Point, ...] = (
    (9, 54), (11, 66), (28, 73), (43, 82), (49, 104), (53, 145), (58, 188), (62, 220), (63, 238), (57, 246), (52, 234),
    (48, 204), (43, 164), (38, 124), (35, 112), (34, 132), (30, 158), (30, 172), (35, 198), (39, 224), (40, 250),
    (36, 290), (30, 324), (29, 338), (30, 362), (25, 398), (21, 412), (24, 424), (19, 429), (9, 427), (9, 410),
    (12, 368), (11, 336), (8, 290), (4, 244), (0, 232),
)  # fmt: skip
"""One half of the outline as distances from the middle and from the top, from the neck down to the crotch."""

_FRONT: dict[str, tuple[Point, ...]] = {
    "upper_abdomen": ((9, 118), (33, 118), (30, 156), (9, 156)),
    "lower_abdomen": ((9, 158), (30, 158), (31, 176), (34, 193), (13, 205), (9, 205)),
    "groin": ((12, 208), (34, 196), (37, 210), (18, 232), (10, 224)),
    "hip_lateral": ((36, 198), (41, 226), (40, 244), (29, 244), (29, 226), (39, 211)),
    "thigh_medial": ((4, 242), (12, 234), (17, 318), (11, 318), (8, 288)),
    "thigh_anterior": ((14, 238), (28, 228), (28, 246), (26, 318), (19, 318)),
    "thigh_lateral": ((30, 247), (40, 247), (36, 290), (31, 318), (28, 318)),
    "knee": ((11, 321), (31, 321), (30, 346), (11, 346)),
    "shin_medial": ((11, 349), (20, 349), (16, 402), (10, 402), (12, 370)),
    "shin_lateral": ((22, 349), (30, 349), (30, 364), (24, 402), (18, 402)),
    "foot_dorsum": ((9, 405), (22, 405), (25, 424), (19, 429), (9, 427)),
}
_FRONT_CENTRE: dict[str, tuple[Point, ...]] = {
    "upper_abdomen": ((-8, 118), (8, 118), (8, 156), (-8, 156)),
    "lower_abdomen": ((-8, 158), (8, 158), (8, 205), (-8, 205)),
    "pubis": ((-11, 208), (11, 208), (8, 225), (-8, 225)),
}
_BACK: dict[str, tuple[Point, ...]] = {
    "thoracic": ((9, 80), (38, 86), (34, 112), (33, 134), (9, 134)),
    "flank": ((22, 137), (33, 137), (30, 160), (31, 178), (33, 186), (22, 186)),
    "lumbar": ((9, 137), (20, 137), (20, 186), (9, 186)),
    "sacroiliac": ((9, 189), (21, 189), (18, 206), (9, 208)),
    "buttock": ((23, 189), (34, 189), (35, 200), (30, 228), (28, 246), (8, 246), (7, 226), (9, 211), (20, 208)),
    "hip_lateral": ((37, 200), (41, 226), (40, 246), (31, 246), (32, 228)),
    "thigh_posterior": ((7, 249), (27, 249), (25, 318), (12, 318)),
    "thigh_lateral": ((29, 249), (40, 249), (36, 290), (31, 318), (27, 318)),
    "knee": ((11, 321), (31, 321), (30, 346), (11, 346)),
    "calf": ((11, 349), (30, 349), (30, 364), (24, 402), (10, 402), (12, 370)),
    "foot": ((9, 405), (22, 405), (24, 424), (19, 429), (9, 427)),
}
_BACK_CENTRE: dict[str, tuple[Point, ...]] = {
    "thoracic": ((-8, 78), (8, 78), (8, 134), (-8, 134)),
    "lumbar": ((-8, 137), (8, 137), (8, 186), (-8, 186)),
    "sacrum_coccyx": ((-8, 189), (8, 189), (6, 220), (0, 226), (-6, 220)),
    "perineum_saddle": ((-5, 228), (5, 228), (5, 244), (-5, 244)),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A region with its side as an SVG path."""

    region: str
    path: str


@dataclass(frozen=True, slots=True)
class View:
    """One view of the body: `front` or `back`."""

    name: str
    outline: str
    shapes: tuple[Shape, ...]


@cache
def body_views() -> tuple[View, View]:
    """Front and back. Seen from the front a person's left is on the right of the picture."""
    outline = _smooth([(MIDDLE + x, y) for x, y in _OUTLINE] + [(MIDDLE - x, y) for x, y in reversed(_OUTLINE[:-1])])
    front = _shapes(_FRONT, _FRONT_CENTRE, left_is=1)
    back = _shapes(_BACK, _BACK_CENTRE, left_is=-1)
    return View("front", outline, front), View("back", outline, back)


def _shapes(
    sides: dict[str, tuple[Point, ...]], centre: dict[str, tuple[Point, ...]], *, left_is: int
) -> tuple[Shape, ...]:
    found = [
        Shape(f"{name}_centre", _straight([(MIDDLE + x, y) for x, y in points])) for name, points in centre.items()
    ]
    for name, points in sides.items():
        for side, sign in (("left", left_is), ("right", -left_is)):
            found.append(Shape(f"{name}_{side}", _straight([(MIDDLE + sign * x, y) for x, y in points])))
    return tuple(found)


def _straight(points: list[Point]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


def _smooth(points: list[Point]) -> str:
    """A closed curve through the points (Catmull-Rom, as cubic pieces)."""
    n = len(points)
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for i in range(n):
        before, start, end, after = (points[(i + k) % n] for k in (-1, 0, 1, 2))
        one = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        two = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        parts.append(f"C{one[0]:.1f} {one[1]:.1f} {two[0]:.1f} {two[1]:.1f} {end[0]:g} {end[1]:g}")
    return "".join(parts) + "Z"
