"""Shapes to SVG text: paths, gradients, arrows. The same shapes always give the same text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from psoas.figures._flesh import Outline

INK = "#2b2a33"
ARROW = "#c2410c"
GLOW = "#e8452c"


@dataclass(frozen=True)
class Page:
    """From metres to the picture: px = origin + metres * scale, y downward; `flip` mirrors it."""

    scale: float
    origin: tuple[float, float]
    width: float
    height: float
    flip: bool = False

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        """A point of the view, m, in pixels."""
        x = self.origin[0] + point[0] * self.scale
        return (self.width - x if self.flip else x), self.origin[1] - point[1] * self.scale


def number(value: float) -> str:
    """A coordinate with one decimal, without a needless zero or a negative one."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def path(shape: Outline, page: Page, tolerance: float = 0.0011) -> str:
    """The `d` of a shape, in relative lines."""
    parts = getattr(shape, "geoms", [shape])
    text = ""
    for part in parts:
        if part.is_empty or part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            text += _ring([page.at(at) for at in ring.simplify(tolerance).coords])
    return text


def _ring(points: list[tuple[float, float]]) -> str:
    tenths = [(round(x * 10), round(y * 10)) for x, y in points[:-1]]
    if len(tenths) < 3:
        return ""
    first = tenths[0]
    text = f"M{number(first[0] / 10)} {number(first[1] / 10)}l"
    steps = []
    for before, after in pairwise(tenths):
        steps.append(f"{number((after[0] - before[0]) / 10)} {number((after[1] - before[1]) / 10)}")
    return text + " ".join(steps).replace(" -", "-") + "z"


def arrow(points: tuple[tuple[float, float], tuple[float, float], tuple[float, float]], page: Page) -> str:
    """A curved arrow from the first to the last point by way of the middle one; the head is a path of its own."""
    a, b, c = (page.at(point) for point in points)
    way = math.atan2(c[1] - b[1], c[0] - b[0])
    head = 13.0
    neck = (c[0] - 0.75 * head * math.cos(way), c[1] - 0.75 * head * math.sin(way))
    wing = [(c[0] - head * math.cos(way + turn), c[1] - head * math.sin(way + turn)) for turn in (0.52, -0.52)]
    line = f"M{_xy(a)}Q{_xy(b)} {_xy(neck)}"
    tip = f"M{_xy(c)}L{_xy(wing[0])}L{_xy(wing[1])}z"
    return (
        f'<path d="{line}" fill="none" stroke="#fff" stroke-width="8" stroke-linecap="round" stroke-opacity=".75"/>'
        f'<path d="{line}" fill="none" stroke="{ARROW}" stroke-width="4.5" stroke-linecap="round"/>'
        f'<path d="{tip}" fill="{ARROW}" stroke="{ARROW}" stroke-width="2" stroke-linejoin="round"/>'
    )


def _xy(point: tuple[float, float]) -> str:
    return f"{number(point[0])} {number(point[1])}"


def glow(name: str, at: tuple[float, float], radius_m: float, page: Page) -> tuple[str, str]:
    """A gradient and the disc that wears it, as two pieces of text."""
    x, y = page.at(at)
    r = radius_m * page.scale
    stops = "".join(
        f'<stop offset="{offset}" stop-color="{GLOW}" stop-opacity="{opacity}"/>'
        for offset, opacity in (("0", ".9"), (".45", ".55"), ("1", "0"))
    )
    place = f'cx="{number(x)}" cy="{number(y)}" r="{number(r)}"'
    return (
        f'<radialGradient id="{name}" gradientUnits="userSpaceOnUse" {place}>{stops}</radialGradient>',
        f'<circle {place} fill="url(#{name})"/>',
    )
