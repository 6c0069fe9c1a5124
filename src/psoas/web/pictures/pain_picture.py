"""The picture at the top of a result: where it hurts and how much, and where the first two sources lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from psoas.web.pictures.figure import View, body_views

SIDES = ("left", "right")
WHOLE, TRUNK = "6 8 308 624", "56 100 208 346"
TRUNK_TOP, TRUNK_BOTTOM = 120.0, 405.0
"""In units of the drawing: from the shoulders to above the knees."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered source at a point of a view."""

    number: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Side:
    """One view of the body with its painful regions, region -> strength 0 to 10, and the sources that lie there."""

    view: View
    levels: Mapping[str, int]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class PainPicture:
    """The views that show something. `frame`: what of the page is shown, as a viewBox."""

    sides: tuple[Side, ...]
    frame: str


def picture_of_pain(case: Mapping[str, Any], sources: Sequence[str]) -> PainPicture | None:
    """The picture of a case; None where nothing is marked and no source is named."""
    regions = case.get("pain", {}).get("regions", {})
    views, _, _ = body_views()
    marks = list(_marks(sources, regions))
    sides = [
        Side(view, _levels(view, regions), tuple(_spread(mark for name, mark in marks if name == view.name)))
        for view in views
    ]
    shown = tuple(side for side in sides if side.levels or side.marks)
    return PainPicture(shown, _frame(shown)) if shown else None


def _frame(sides: Sequence[Side]) -> str:
    """The trunk and thighs, large, when everything lies there; else the whole body."""
    heights = [_points()[side.view.name, name][1] for side in sides for name in side.levels]
    heights += [mark.y for side in sides for mark in side.marks]
    return TRUNK if all(TRUNK_TOP < y < TRUNK_BOTTOM for y in heights) else WHOLE


def _levels(view: View, regions: Mapping[str, Any]) -> dict[str, int]:
    return {name: round(regions[name] or 0) for name, _ in view.shapes if name in regions}


def _marks(sources: Sequence[str], regions: Mapping[str, Any]) -> list[tuple[str, Mark]]:
    found = []
    for number, source in enumerate(sources, 1):
        if (place := _places().get(source)) is None:
            continue
        for name in _regions_of(place, _sides_of(regions)):
            if (at := _points().get((place["view"], name))) is not None:
                found.append((str(place["view"]), Mark(number, *at)))
    return found


def _regions_of(place: Mapping[str, Any], sides: Sequence[str]) -> list[str]:
    if place.get("middle"):
        return [f"{place['region']}_centre"]
    return [f"{place['region']}_{side}" for side in sides]


def _sides_of(regions: Mapping[str, Any]) -> tuple[str, ...]:
    """The side that hurts more; both where neither does."""
    strength = {side: sum((rating or 1) for name, rating in regions.items() if name.endswith(f"_{side}"))
                for side in SIDES}  # fmt: skip
    left, right = (strength[side] for side in SIDES)
    return SIDES if left == right else ("left",) if left > right else ("right",)


def _spread(marks: Any) -> list[Mark]:
    """Marks that would lie upon each other stand side by side."""
    placed: list[Mark] = []
    for mark in marks:
        x = mark.x
        while any(abs(x - other.x) < NEAR and abs(mark.y - other.y) < NEAR for other in placed):
            x += NEAR
        placed.append(Mark(mark.number, x, mark.y))
    return placed


NEAR = 26.0
"""Width of a mark in units of the drawing."""


@cache
def _places() -> dict[str, dict[str, Any]]:
    import yaml

    text = (Path(__file__).parent.parent / "words" / "source_places.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return found


@cache
def _points() -> dict[tuple[str, str], tuple[float, float]]:
    from psoas.figures import pain_map

    return {(one.view, one.id): (float(one.at[0]), float(one.at[1])) for one in pain_map().regions}
