"""The pain drawing: front and back of our figure, with a shape to tap for every region and side.

On the front the person's left is at the viewer's right; on the back, at the viewer's left. Regions of one view never
overlap, except the `whole` ones (whole leg, hip without a part), which lie beneath their parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from psoas.figures import _flesh as flesh
from psoas.figures import _head as heads
from psoas.figures._arms import reach
from psoas.figures._flesh import BUILDS, Camera, Outline, smooth
from psoas.figures._ground import settle
from psoas.figures._scene import load
from psoas.figures._skeleton import OUT, SIDES, Skeleton
from psoas.figures._svg import Page, path

View = Literal["front", "back"]
VIEWS: tuple[View, View] = ("front", "back")
WIDTH, HEIGHT, SCALE = 320.0, 640.0, 350.0
CAMERAS: Mapping[str, Camera] = {"front": Camera.at(0.0), "back": Camera.at(180.0)}
LEGS_APART_DEG, FEET_OUT_DEG = 6.0, 12.0
HALF_WIDTH = {"thigh": (0.092, 0.055), "shank": (0.056, 0.036)}
"""Half the width of a limb at its upper and lower end, m: what `across` is measured in."""
CORNER = 0.006


@dataclass(frozen=True, slots=True)
class PainRegion:
    """One shape of the pain drawing.

    Attributes:
        id: region and side as in a case: `lumbar_left`.
        label: the region in words; `side` is left, right or centre.
        view: the view it is drawn on; a region may have a shape on each.
        path: the `d` of an SVG path in the page of the map.
        at: a point well inside, px, for a label or a number.
        whole: a region that is made of others and lies beneath them.
    """

    id: str
    region: str
    side: str
    label: str
    view: View
    path: str
    at: tuple[float, float]
    whole: bool


@dataclass(frozen=True, slots=True)
class PainMap:
    """The pain drawing: a page of `width` by `height` px for each view.

    Attributes:
        outlines: the body, as the `d` of a path, by view.
        hair: the hair, by view, to tell front from back.
        face: eyes and mouth on the front.
        regions: wholes first, so that what is drawn later lies on top.
    """

    width: float
    height: float
    outlines: Mapping[str, str]
    hair: Mapping[str, str]
    face: str
    regions: tuple[PainRegion, ...]


@cache
def pain_map() -> PainMap:
    """The map, the same for everyone."""
    held = _standing()
    page = Page(SCALE, (WIDTH / 2, HEIGHT - 16.0), WIDTH, HEIGHT)
    outlines: dict[str, Outline] = {view: _outline(held, CAMERAS[view]) for view in VIEWS}
    parts = _parts(held, outlines)
    regions = [*_wholes(parts, page), *(_region(key, shape, page, whole=False) for key, shape in parts.items())]
    face = [shape for kind, shape in heads.dots(held, CAMERAS["front"]) if kind == "ink"]
    return PainMap(
        width=WIDTH,
        height=HEIGHT,
        outlines={view: path(shape, page) for view, shape in outlines.items()},
        hair={view: path(heads.hair(held, CAMERAS[view], tied=False), page) for view in VIEWS},
        face="".join(path(shape, page) for shape in face),
        regions=tuple(regions),
    )


def _standing() -> Skeleton:
    from psoas.body.kinematics.postures import posture

    apart = {f"hip_adduction_{side}": -LEGS_APART_DEG for side in SIDES}
    out = {f"hip_rotation_{side}": -FEET_OUT_DEG for side in SIDES}
    held = settle(posture("standing").with_angles(**apart, **out))
    for side in SIDES:
        shoulder = held.points[f"shoulder_{side}"]
        target = shoulder + np.array([0.02, OUT[side] * 0.20, -0.46])
        held = reach(
            held, side, target, elbow=np.array([-0.4, OUT[side], 0.0]), hand=np.array([0.0, OUT[side] * 0.3, -1.0])
        )
    return held


def _outline(held: Skeleton, camera: Camera) -> Outline:
    """The whole body as one smooth shape."""
    from shapely import union_all

    build = BUILDS["slim"]
    shapes = [
        heads.skin(held, camera),
        flesh.neck(held, camera),
        flesh.trunk(held, camera, build),
        flesh.hull(camera, flesh.trunk_sections(held, build)),
    ]
    for side in SIDES:
        shapes += [
            flesh.leg(held, side, camera, build),
            flesh.foot(held, side, camera),
            flesh.arm(held, side, camera, build),
        ]
    return smooth(union_all(shapes), 0.02)


Key = tuple[str, str, View]


def _parts(held: Skeleton, outlines: Mapping[str, Outline]) -> dict[Key, Outline]:
    """Every plain region by region, side and view; none covers another."""
    from shapely import union_all

    arms = {view: union_all([flesh.arm(held, side, CAMERAS[view], BUILDS["slim"]) for side in SIDES]) for view in VIEWS}
    found: dict[Key, Outline] = {}
    taken: dict[str, list[Outline]] = {view: [arms[view]] for view in VIEWS}
    for said in load("pain_map.yaml")["shapes"]:
        view: View = said["view"]
        for side, raw in _raw(held, said, CAMERAS[view]).items():
            shape = raw.intersection(outlines[view]).difference(union_all(taken[view]))
            shape = _largest(shape.buffer(-0.0015).buffer(-CORNER, 6).buffer(CORNER, 6))
            found[said["region"], side, view] = shape
            taken[view].append(shape.buffer(0.0015))
    return found


def _raw(held: Skeleton, said: Mapping[str, Any], camera: Camera) -> dict[str, Outline]:
    """The shapes of one row by side, as the view shows them, before anything is cut off."""
    from shapely import Polygon

    if "centre" in said:
        half = said["centre"]
        return {"centre": Polygon([*half, *((-out, up) for out, up in reversed(half))]).buffer(0)}
    if "side" in said:
        toward = {side: OUT[side] * camera.flat(np.array([0.0, 1.0, 0.0]))[0] for side in SIDES}
        return {side: Polygon([(toward[side] * out, up) for out, up in said["side"]]) for side in SIDES}
    return {side: _limb(held, said, side, camera) for side in SIDES}


def _limb(held: Skeleton, said: Mapping[str, Any], side: str, camera: Camera) -> Outline:
    """A piece of a limb; shares beyond 1 run on along the next segment or straight on."""
    from shapely import Polygon

    joints = {"thigh": ("hip", "knee", "ankle"), "shank": ("knee", "ankle", None)}[said["limb"]]
    a, b = (np.array(camera.flat(held.points[f"{joint}_{side}"])) for joint in joints[:2])
    wide, narrow = HALF_WIDTH[said["limb"]]
    outward = OUT[side] * camera.flat(np.array([0.0, 1.0, 0.0]))[0]

    def at(along: float, across: float) -> tuple[float, float]:
        start, end = a, b
        if along > 1 and joints[2]:
            start, end = b, np.array(camera.flat(held.points[f"{joints[2]}_{side}"]))
            along -= 1
        way = end - start
        aside = np.array([-way[1], way[0]]) / float(np.linalg.norm(way))
        aside = aside * np.sign(aside[0] * outward)
        point = start + along * way + across * (wide + (narrow - wide) * min(along, 1.0)) * aside
        return float(point[0]), float(point[1])

    (top, bottom), (inner, outer) = said["along"], said["across"]
    shares = [top, *([1.0] if top < 1.0 < bottom else []), bottom]
    return Polygon([*(at(share, outer) for share in shares), *(at(share, inner) for share in reversed(shares))]).buffer(
        0
    )


def _largest(shape: Outline) -> Outline:
    parts: list[Outline] = list(getattr(shape, "geoms", [shape]))
    return max(parts, key=lambda part: part.area)


def _wholes(parts: Mapping[Key, Outline], page: Page) -> list[PainRegion]:
    from shapely import box, union_all

    found = []
    for said in load("pain_map.yaml")["wholes"]:
        for side in said["sides"]:
            for view in (said["view"],) if "view" in said else VIEWS:
                held = [
                    shape
                    for (region, where, seen), shape in parts.items()
                    if region in said["of"] and seen == view and side in (where, "centre")
                ]
                if not held:
                    continue
                shape = union_all(held).buffer(CORNER, 6).buffer(-CORNER, 6)
                if "below_m" in said:
                    shape = shape.intersection(box(-1.0, 0.0, 1.0, said["below_m"]))
                found.append(_region((said["region"], side, view), _largest(shape), page, whole=True))
    return found


def _region(key: Key, shape: Outline, page: Page, *, whole: bool) -> PainRegion:
    from psoas.knowledge import load as knowledge
    from psoas.knowledge.index import index_of

    region, side, view = key
    inside = page.at(shape.representative_point().coords[0])
    return PainRegion(
        id=f"{region}_{side}",
        region=region,
        side=side,
        label=index_of(knowledge()).regions[region].label,
        view=view,
        path=path(shape, page),
        at=(round(inside[0], 1), round(inside[1], 1)),
        whole=whole,
    )


def pain_map_svg(marks: Mapping[str, float | None], view: View, *, title: str = "Pain drawing") -> str:
    """One view as a picture with the marked regions filled: the stronger the pain, the deeper the colour.

    Args:
        marks: region and side -> worst intensity 0-10, None where it was not rated; `pain.regions` of a case.
    """
    from html import escape

    held = pain_map()
    name = f"pain-{view}"
    shapes = []
    for one in held.regions:
        if one.id in marks and one.view == view:
            strength = marks[one.id]
            opacity = 0.35 + 0.06 * (5.0 if strength is None else strength)
            shapes.append(f'<path d="{one.path}" fill="#c81e1e" fill-opacity="{opacity:.2f}"/>')
    said = ", ".join(
        dict.fromkeys(f"{one.label.lower()} {one.side}" for one in held.regions if one.id in marks and one.view == view)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {held.width:g} {held.height:g}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}, {view}</title>'
        f'<desc id="{name}-d">{escape("Marked: " + said if said else "Nothing is marked on this view")}.</desc>'
        f'<path d="{held.outlines[view]}" fill="#f4e3d3" stroke="#8d7b6c" stroke-width="1.5"/>'
        f'<path d="{held.hair[view]}" fill="#8d7b6c"/>'
        + (f'<path d="{held.face}" fill="#5c4f45"/>' if view == "front" else "")
        + "".join(shapes)
        + _letters(view)
        + "</svg>"
    )


def _letters(view: View) -> str:
    """L and R beside the feet, as strokes: the person's left and right."""
    strokes = {"L": "v20h11", "R": "m0 20v-20h7a5.5 5.5 0 0 1 0 11h-7m7 0l5 9"}
    places = {"L": WIDTH - 52, "R": 40.0} if view == "front" else {"L": 40.0, "R": WIDTH - 52}
    return "".join(
        f'<path d="M{x:g} {HEIGHT - 60:g}{strokes[name]}" fill="none" stroke="#5c4f45" stroke-width="3"/>'
        for name, x in places.items()
    )
