"""The pain drawing: every region of the evidence has a shape, on the right side, inside the body, over no other."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from shapely import Polygon, contains_xy

from psoas import figures
from psoas.figures import PainRegion
from psoas.knowledge import load
from psoas.knowledge.index import index_of

MAP = figures.pain_map()


def polygon(d: str) -> Polygon:
    """The area of a path, its holes left out."""
    rings = []
    for ring in d.split("z")[:-1]:
        start, _, rest = ring.removeprefix("M").partition("l")
        x, y = map(float, start.split())
        points = [(x, y)]
        numbers = list(map(float, re.findall(r"-?\d*\.?\d+", rest)))
        for one, two in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + one, y + two
            points.append((x, y))
        rings.append(Polygon(points))
    shape = max(rings, key=lambda one: one.area)
    return shape if shape.is_valid else shape.buffer(0)


def test_every_region_and_side_of_the_evidence_can_be_tapped() -> None:
    wanted = {
        f"{name}_{side}"
        for name, region in index_of(load()).regions.items()
        for side in region.sides
        if side != "unspecified"
    }
    assert {one.id for one in MAP.regions} == wanted


def test_the_persons_left_is_at_the_viewers_right_on_the_front_and_at_the_left_on_the_back() -> None:
    for one in MAP.regions:
        if one.side == "centre":
            assert one.at[0] == pytest.approx(MAP.width / 2, abs=22), one.id
        else:
            right_of_middle = (one.side == "left") is (one.view == "front")
            assert (one.at[0] > MAP.width / 2) is right_of_middle, one.id


def test_left_and_right_are_mirror_images() -> None:
    areas = {(one.region, one.view, one.whole, one.side): polygon(one.path).area for one in MAP.regions}
    for (region, view, whole, side), area in areas.items():
        if side == "left":
            assert area == pytest.approx(areas[region, view, whole, "right"], rel=0.03), region


@pytest.mark.parametrize("one", MAP.regions, ids=lambda one: f"{one.id}-{one.view}")
def test_a_region_lies_inside_the_body_with_its_label_inside_it(one: PainRegion) -> None:
    shape, body = polygon(one.path), polygon(MAP.outlines[one.view])
    assert shape.difference(body.buffer(0.6)).area < 0.005 * shape.area
    assert contains_xy(shape, *one.at)
    assert shape.area > 60


@pytest.mark.parametrize("view", ["front", "back"])
def test_regions_do_not_overlap_and_wholes_lie_beneath(view: str) -> None:
    here = [one for one in MAP.regions if one.view == view]
    plain = [(one.id, polygon(one.path)) for one in here if not one.whole]
    for (first, one), (second, two) in combinations(plain, 2):
        assert one.intersection(two).area < 1.5, (first, second)
    wholes = [one.whole for one in here]
    assert wholes == sorted(wholes, reverse=True)


def test_a_picture_of_the_drawing_fills_what_is_marked() -> None:
    text = figures.pain_map_svg({"lumbar_left": 8, "buttock_left": None, "groin_right": 3}, "back")
    ElementTree.fromstring(text)
    assert text.count("#c81e1e") == 2
    assert "low back, lumbar left" in text and "groin" not in text
