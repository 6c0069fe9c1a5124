"""One picture: person, props, glow and arrows, put together from behind to the front."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np

from psoas.figures import _flesh as flesh
from psoas.figures import _head as heads
from psoas.figures._flesh import BUILDS, Build, Camera, Outline, smooth
from psoas.figures._marks import arrow_points, glow_places
from psoas.figures._props import PROPS, Box, box_of
from psoas.figures._props_more import line, line_ends, weight
from psoas.figures._skeleton import SIDES, Skeleton
from psoas.figures._svg import INK, Page, arrow, glow, path

WIDTH, HEIGHT, MARGIN = 480.0, 400.0, 14.0
LEAST_WIDTH, LEAST_HEIGHT = 300.0, 200.0
LARGEST = 300.0
"""Pixels for a metre at most, so that a small pose does not look like a giant."""

SKINS = (  # skin, its shade, hair
    ("#f2cdb0", "#dcae8d", "#8a5a35"),
    ("#e6b68f", "#cc9670", "#4b3326"),
    ("#cb9468", "#ae774c", "#2f2320"),
    ("#9b6743", "#7f5132", "#1f1a1a"),
    ("#6b452e", "#553422", "#171416"),
)
CLOTHES = {"slim": ("#2f7f86", "#25666c", "#39435f", "#2c344c"), "broad": ("#b4583f", "#964730", "#3d4a4a", "#303a3a")}
"""Shirt, its shade, trousers, their shade, for each body shape."""
LINE = f'stroke="{INK}" stroke-opacity=".3" stroke-width="1.3" stroke-linejoin="round"'


class Painter:
    """Draws one person into one page."""

    def __init__(
        self, held: Skeleton, camera: Camera, page: Page, shape: str, skin: int, *, crossed: bool = False
    ) -> None:
        self.held, self.camera, self.page, self.crossed = held, camera, page, crossed
        self.build: Build = BUILDS[shape]
        self.tied = shape == "slim"
        self.skin, self.skin_shade, self.hair = SKINS[skin]
        self.shirt, self.shirt_shade, self.trousers, self.trousers_shade = CLOTHES[shape]

    def fill(self, shape: Outline, colour: str, *, line: bool = True) -> str:
        """A shape as a path; nothing for an empty one."""
        drawn = path(shape, self.page)
        return f'<path d="{drawn}" fill="{colour}"{" " + LINE if line else ""}/>' if drawn else ""

    def depth(self, *joints: str) -> float:
        """How much nearer these joints are than the middle of the trunk, m."""
        middle = self.camera.depth(self.held.along("spine_0", "spine_8", 0.4))
        return sum(self.camera.depth(self.held.points[name]) for name in joints) / len(joints) - middle

    def _is_far(self, side: str) -> bool:
        """Whether a leg is drawn behind; of crossed legs it is the one that the other lies on, the left."""
        return side == "left" if self.crossed else self.depth(f"hip_{side}", f"knee_{side}") < -0.035

    def legs(self, *, far: bool) -> tuple[str, list[Outline]]:
        """Feet of the far or the near legs, and the trousers on them."""
        text, trousers = "", []
        for side in sorted(SIDES, key=lambda one: self.depth(f"hip_{one}", f"knee_{one}")):
            if self._is_far(side) is not far:
                continue
            limb = flesh.leg(self.held, side, self.camera, self.build)
            mask = flesh.trouser_leg(self.held, side, self.camera, self.build)
            colour = self.skin_shade if far else self.skin
            bare = smooth(limb.difference(mask).union(flesh.foot(self.held, side, self.camera)), 0.006)
            text += self.fill(bare, colour)
            trousers.append(smooth(limb.intersection(mask), 0.012))
        return text, trousers

    def arms(self, *, far: bool) -> str:
        """The far or the near arms."""
        text = ""
        for side in SIDES:
            if (self.depth(f"shoulder_{side}", f"elbow_{side}", f"elbow_{side}", f"wrist_{side}") < -0.035) is not far:
                continue
            limb = flesh.arm(self.held, side, self.camera, self.build)
            text += self.fill(limb, self.skin_shade if far else self.skin)
            cut = smooth(limb.intersection(flesh.sleeve(self.held, side, self.camera, self.build)), 0.005)
            text += self.fill(cut, self.shirt_shade if far else self.shirt)
        return text

    def head(self) -> str:
        """Head with hair and face."""
        text = self.fill(heads.skin(self.held, self.camera), self.skin)
        shapes = heads.dots(self.held, self.camera)
        text += self.fill(heads.hair(self.held, self.camera, tied=self.tied), self.hair, line=False)
        for kind, shape in shapes:
            text += self.fill(shape, self.skin_shade if kind == "ear" else INK, line=False)
        return text

    def person(self) -> str:
        """Everything, from the farthest to the nearest."""
        far_feet, far_trousers = self.legs(far=True)
        near_feet, near_trousers = self.legs(far=False)
        hips = flesh.pelvis(self.held, self.camera, self.build)
        from shapely import union_all

        shirt = self.fill(flesh.trunk(self.held, self.camera, self.build), self.shirt)
        trousers = self.fill(smooth(union_all([*near_trousers, hips]), 0.02), self.trousers)
        neck = self.fill(flesh.neck(self.held, self.camera), self.skin)
        head_first = self.depth("head") < 0.16
        pieces = [self.arms(far=True), far_feet, *(self.fill(one, self.trousers_shade) for one in far_trousers)]
        if head_first:
            pieces += [neck, self.head()]
        pieces += [near_feet]
        pieces += [shirt, trousers] if self._hips_ahead() else [trousers, shirt]
        if not head_first:
            pieces += [neck, self.head()]
        return "".join(pieces)

    def _hips_ahead(self) -> bool:
        """Whether hips and thighs are drawn over the shirt: they are nearer, or the thighs lie against the belly."""
        folded = min(
            float(np.linalg.norm(self.held.points[f"knee_{side}"] - self.held.points["spine_7"])) for side in SIDES
        )
        return self.depth("spine_0") > 0.14 or folded < 0.3


def page_for(
    camera: Camera,
    steps: Mapping[Any, Skeleton],
    boxes: list[Outline],
    marks: list[tuple[float, float]],
    *,
    flip: bool,
) -> Page:
    """One scale and one place for every step, so that the steps can be laid side by side."""
    flat = [camera.flat(point) for held in steps.values() for name, point in held.points.items()]
    flat += [(x, y) for box in boxes for x, y in box.exterior.coords]
    flat += [(x, y - 0.1) for x, y in marks]
    xs, ys = [x for x, _ in flat], [y for _, y in flat]
    left, right, low, high = min(xs) - 0.07, max(xs) + 0.07, min(ys) - 0.02, max(ys) + 0.14
    scale = min((WIDTH - 2 * MARGIN) / (right - left), (HEIGHT - 2 * MARGIN) / (high - low), LARGEST)
    width = max((right - left) * scale + 2 * MARGIN, LEAST_WIDTH)
    height = max((high - low) * scale + 2 * MARGIN, LEAST_HEIGHT)
    origin = (width / 2 - (left + right) / 2 * scale, height - MARGIN + low * scale)
    return Page(scale, origin, width, height, flip)


def draw(
    steps: Mapping[Any, Skeleton], step: str, scene: Mapping[str, Any], camera: Camera, *, shape: str, skin: int,
    mirrored: bool, name: str, title: str, description: str, arrows: bool,
) -> str:  # fmt: skip
    """The picture of one step as SVG text."""
    boxes = [box for prop in scene.get("props", ()) for box in PROPS[prop](steps)]
    if "weight" in scene:
        boxes.append(box_of(weight(steps[step], scene["weight"])))
    outlines = [box.outline(camera) for box in boxes]
    drawn = arrow_points(steps, scene, camera)
    marks = [at for points in drawn for at in points] + line_ends(scene, steps, camera)
    page = page_for(camera, steps, outlines, marks, flip=mirrored)
    held = steps[step]
    painter = Painter(held, camera, page, shape, skin, crossed=bool(scene.get("cross")))
    glows = [
        glow(f"{name}-g{index}", place, radius, page)
        for index, (place, radius) in enumerate(glow_places(held, scene, camera))
    ] if arrows else []  # fmt: skip
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {page.width:.0f} {page.height:.0f}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>',
        f"<defs>{''.join(one for one, _ in glows)}</defs>" if glows else "",
        f'<rect width="{page.width:.0f}" height="{page.height:.0f}" rx="16" fill="#f7f3ec"/>',
        *(_box(box, outline, page) for box, outline in zip(boxes, outlines, strict=True) if not box.front),
        painter.person(),
        *(_box(box, outline, page) for box, outline in zip(boxes, outlines, strict=True) if box.front),
        *(line(said, steps, step, camera, page) for said in scene.get("lines", ())),
        *(one for _, one in glows),
        _strap(held, camera, page) if "strap" in scene.get("props", ()) else "",
        painter.arms(far=False),
        *(arrow(points, page) for points in (drawn if arrows else [])),
        "</svg>",
    ]
    return "".join(pieces)


def _box(box: Box, outline: Outline, page: Page) -> str:
    seen = "" if box.opacity == 1.0 else f' fill-opacity="{box.opacity:g}"'
    return f'<path d="{path(outline, page)}" fill="{box.colour}"{seen}/>'


def _strap(held: Skeleton, camera: Camera, page: Page) -> str:
    sole = held.points["ball_right"]
    points = [held.points["wrist_right"], sole, held.points["wrist_left"]]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (page.at(camera.flat(np.asarray(at))) for at in points))
    return f'<polyline points="{line}" fill="none" stroke="#7b5ea7" stroke-width="4" stroke-linejoin="round"/>'
