"""Points tapped on a side-on picture, and how they are read from a file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psoas.case import parse_case_text, read_case_text
from psoas.errors import CaseError, MeasureError
from psoas.measure._data import choice
from psoas.measure.angle import Pelvis, Side, side_of

Point = tuple[float, float]
"""A point of the picture as a person sees it: pixels from the left edge, pixels from the top edge."""

NAMES = ("trochanter", "knee", "asis", "psis", "ankle")
_ALIASES = {
    "greater_trochanter": "trochanter",
    "hip": "trochanter",
    "lateral_knee": "knee",
    "anterior_superior_iliac_spine": "asis",
    "iliac_spine_front": "asis",
    "front_iliac_spine": "asis",
    "posterior_superior_iliac_spine": "psis",
    "iliac_spine_back": "psis",
    "back_iliac_spine": "psis",
}
_FIELDS = ("psoas_taps", "side", "pelvis", "height_m", "method", "picture", "seconds", "unit", "taps", "table")
_HEIGHT_M = (0.4, 2.6)


@dataclass(frozen=True)
class Taps:
    """Points of one leg in pixels of the upright picture.

    Attributes:
        side: the leg nearer to the camera.
        trochanter: the bony knob at the side of the hip.
        knee: the outer knob just above the joint.
        asis: front upper iliac spine; psis: back upper iliac spine. Both, or the pelvis stays unknown.
        ankle: the outer ankle bone, where the knee is wanted too.
        table: two points along the table's edge, which give the horizontal.
        pelvis: whether it was held, where that is known.
        height_m: the person's height, which gives the scale; None takes the mean adult's.
        method: words for the case file; `knee straight` where the test was done so.
    """

    side: Side
    trochanter: Point
    knee: Point
    asis: Point | None = None
    psis: Point | None = None
    ankle: Point | None = None
    table: tuple[Point, Point] | None = None
    pelvis: Pelvis | None = None
    height_m: float | None = None
    method: str = "photo"

    def points(self) -> dict[str, Point]:
        """The points tapped, by name; those of the table are `table_1` and `table_2`."""
        named = {name: point for name in NAMES if (point := getattr(self, name)) is not None}
        if self.table is not None:
            named |= {"table_1": self.table[0], "table_2": self.table[1]}
        return named

    def to_data(self) -> dict[str, Any]:
        """Plain data of a taps file."""
        data: dict[str, Any] = {"psoas_taps": 1, "side": self.side}
        data |= {name: getattr(self, name) for name in ("pelvis", "height_m") if getattr(self, name) is not None}
        if self.method != "photo":
            data["method"] = self.method
        data["taps"] = {
            name: [round(at, 1) for at in point] for name in NAMES if (point := getattr(self, name)) is not None
        }
        if self.table is not None:
            data["taps"]["table"] = [[round(at, 1) for at in point] for point in self.table]
        return data


def read_taps(path: str | Path, *, size_px: tuple[int, int] | None = None) -> Taps:
    """Taps from a YAML or JSON file; see `taps_of`.

    Args:
        path: a YAML or JSON file.
        size_px: width and height of the picture, pixels; needed where points are given as shares of it.

    Returns:
        The taps, in pixels from the top left corner of the upright picture.

    Raises:
        MeasureError: the file cannot be read, or what `taps_of` refuses.
    """
    try:
        data = parse_case_text(read_case_text(path))
    except CaseError as err:
        where, sentence = err.problems[0]
        place = where if where == str(path) else f"{path}, {where}"
        raise MeasureError(f"{place}: {_about_taps(sentence)}") from None
    return taps_of(data, size_px=size_px)


def _about_taps(sentence: str) -> str:
    """What the reader of case files says, in words that fit a file of taps."""
    for word, fitting in (
        (
            "a case that begins with `psoas_case: 1`",
            "taps, such as `side: right` and `taps: {trochanter: [812, 540], ...}`",
        ),
        ("case file", "taps file"),
        ("a case", "a taps file"),
    ):
        sentence = sentence.replace(word, fitting)
    return sentence


def taps_of(data: Mapping[str, Any], *, size_px: tuple[int, int] | None = None) -> Taps:
    """Taps from plain data: the points under `taps` or beside the other fields, each `[x, y]` or `{x: , y: }`.

    Points are pixels of the upright picture, or shares of its width and height where `unit: share` is given.

    Args:
        data: the content of a taps file.
        size_px: width and height of the upright picture; points must then lie inside.

    Returns:
        The taps, in pixels from the top left corner of the upright picture.

    Raises:
        MeasureError: a point that is missing, malformed or outside, a field that is not known; names the field.
    """
    if not isinstance(data, Mapping):
        raise MeasureError("The taps are not a block of fields; expected side, and taps with trochanter and knee.")
    inner = data.get("taps", {})
    if not isinstance(inner, Mapping):
        raise MeasureError(
            f"taps is {inner!r}; expected a block such as {{trochanter: [812, 540], knee: [1120, 610]}}."
        )
    fields = {name: value for name, value in data.items() if name in _FIELDS and name != "table"}
    named = dict(_named({**{name: value for name, value in data.items() if name not in fields}, **inner}))
    if data.get("psoas_taps", 1) != 1:
        raise MeasureError(f"psoas_taps is {data['psoas_taps']!r}; this version reads 1.")
    scale = _scale(fields.get("unit", "pixel"), size_px)
    table = named.pop("table", None)
    points = {name: _point(f"taps.{name}", value, scale, size_px) for name, value in named.items()}
    for name in ("trochanter", "knee"):
        if name not in points:
            raise MeasureError(f"taps.{name} is missing; expected at least trochanter and knee, each as [x, y].")
    return Taps(
        side=side_of(fields.get("side"), "side of the taps"),
        pelvis=_pelvis(fields.get("pelvis")),
        height_m=_height(fields.get("height_m")),
        method=_method(fields.get("method")),
        table=None if table is None else _table(table, scale, size_px),
        **points,
    )


def _named(points: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Points under their own names; None counts as absent."""
    seen: dict[str, str] = {}
    for word, value in points.items():
        name = _ALIASES.get(str(word), str(word))
        if name not in (*NAMES, "table"):
            allowed = ", ".join((*NAMES, "table"))
            raise MeasureError(
                f"{word!r} is not a point to tap; expected {allowed}, or a field side, pelvis, height_m."
            )
        if value is None:
            continue
        if name in seen:
            raise MeasureError(f"taps.{name} stands twice, as {seen[name]!r} and {word!r}; give it once.")
        seen[name] = str(word)
        yield name, value


def _point(name: str, value: Any, scale: Point, size_px: tuple[int, int] | None) -> Point:
    if isinstance(value, Mapping) and set(value) == {"x", "y"}:
        value = [value["x"], value["y"]]
    pair = list(value) if isinstance(value, (list, tuple)) else []
    if len(pair) != 2 or any(isinstance(at, bool) or not isinstance(at, (int, float)) for at in pair):
        raise MeasureError(f"{name} is {value!r}; expected two numbers, [x, y], from the top left corner.")
    most = choice("taps", "pixels_most")
    if not all(math.isfinite(at) and abs(at) <= most for at in pair):
        raise MeasureError(f"{name} is {value!r}; expected two finite numbers, [x, y], of at most {most} pixels.")
    x, y = float(pair[0]) * scale[0], float(pair[1]) * scale[1]
    if size_px is not None and not (0 <= x <= size_px[0] and 0 <= y <= size_px[1]):
        raise MeasureError(
            f"{name} is [{x:g}, {y:g}], outside the picture of {size_px[0]} x {size_px[1]} pixels. Points count from "
            "the top left corner of the picture as it is seen, after any turning that the camera noted."
        )
    return x, y


def _table(value: Any, scale: Point, size_px: tuple[int, int] | None) -> tuple[Point, Point]:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise MeasureError(f"taps.table is {value!r}; expected two points along its edge, [[x, y], [x, y]].")
    return (
        _point("taps.table (first)", value[0], scale, size_px),
        _point("taps.table (second)", value[1], scale, size_px),
    )


def _scale(unit: Any, size_px: tuple[int, int] | None) -> Point:
    if unit in ("pixel", "pixels", "px"):
        return 1.0, 1.0
    if unit == "share" and size_px is not None:
        return float(size_px[0]), float(size_px[1])
    raise MeasureError(f"unit of the taps is {unit!r}; expected pixel, or share (of width and height) with a picture.")


def _pelvis(word: Any) -> Pelvis | None:
    if word in (None, "unknown"):
        return None
    if word == "controlled":
        return "controlled"
    if word == "free":
        return "free"
    raise MeasureError(f"pelvis of the taps is {word!r}; expected controlled, free or unknown.")


def _height(value: Any) -> float | None:
    if value in (None, "unknown"):
        return None
    low, high = _HEIGHT_M
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise MeasureError(f"height_m of the taps is {value!r}; expected {low:g} to {high:g}, in metres.")
    return float(value)


def _method(value: Any) -> str:
    if value is None:
        return "photo"
    if not isinstance(value, str) or not 0 < len(value) <= 60:
        raise MeasureError(f"method of the taps is {value!r}; expected a few words, such as: photo, knee straight.")
    return value if "photo" in value.lower() else f"photo, {value}"
