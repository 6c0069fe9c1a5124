"""Taps from a file: what is read, and what is sent back with the name of the field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from psoas.errors import MeasureError
from psoas.measure import read_taps, taps_of
from tests.measure.scene import SIZE_PX, lying

POINTS: dict[str, Any] = {"trochanter": [812, 540], "knee": [1120, 610]}


def test_a_written_file_is_read_back(tmp_path: Path) -> None:
    taps = lying(-10.0, pelvis="controlled")
    file = tmp_path / "taps.json"
    file.write_text(json.dumps(taps.to_data()), encoding="utf-8")
    read = read_taps(file, size_px=SIZE_PX)
    assert read.side == taps.side and read.pelvis == "controlled"
    for name, point in taps.points().items():
        assert read.points()[name] == pytest.approx(point, abs=0.05)


def test_points_may_stand_beside_the_fields_or_under_other_names() -> None:
    flat = taps_of({"side": "left", **POINTS})
    named = taps_of({"side": "left", "taps": {"greater_trochanter": {"x": 812, "y": 540}, "knee": [1120, 610]}})
    shares = taps_of(
        {"side": "left", "unit": "share", "taps": {"trochanter": [0.5, 0.5], "knee": [1, 0]}}, size_px=(200, 100)
    )
    assert flat == named
    assert shares.trochanter == (100.0, 50.0) and shares.knee == (200.0, 0.0)


def test_the_words_of_the_method_stay() -> None:
    assert taps_of({"side": "left", "method": "knee straight", **POINTS}).method == "photo, knee straight"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"taps": POINTS}, "side of the taps is None; expected left or right."),
        ({"side": "L", "taps": POINTS}, "side of the taps is 'L'"),
        ({"side": "left"}, "taps.trochanter is missing"),
        ({"side": "left", "taps": {"trochanter": [1, 2]}}, "taps.knee is missing"),
        ({"side": "left", "taps": [1, 2]}, "taps is [1, 2]; expected a block"),
        ({"side": "left", "taps": POINTS | {"elbow": [1, 2]}}, "'elbow' is not a point to tap"),
        ({"side": "left", "taps": POINTS | {"hip": [1, 2]}}, "taps.trochanter stands twice"),
        ({"side": "left", "taps": POINTS | {"asis": [1]}}, "taps.asis is [1]; expected two numbers"),
        ({"side": "left", "taps": POINTS | {"asis": "1, 2"}}, "taps.asis is '1, 2'; expected two numbers"),
        ({"side": "left", "taps": POINTS | {"asis": [True, 2]}}, "taps.asis is [True, 2]"),
        ({"side": "left", "taps": POINTS | {"asis": [float("nan"), 2]}}, "expected two finite numbers"),
        (
            {"side": "left", "taps": POINTS | {"asis": [5000, 20]}},
            "taps.asis is [5000, 20], outside the picture of 1768 x 994",
        ),
        ({"side": "left", "taps": POINTS | {"asis": [-1, 20]}}, "outside the picture"),
        ({"side": "left", "taps": POINTS | {"asis": [1e300, 2]}}, "of at most 100000 pixels"),
        ({"side": "left", "taps": POINTS | {"table": [1, 2]}}, "taps.table (first) is 1"),
        ({"side": "left", "taps": POINTS | {"table": [[1, 2]]}}, "expected two points along its edge"),
        (
            {"side": "left", "height_m": 175, "taps": POINTS},
            "height_m of the taps is 175; expected 0.4 to 2.6, in metres.",
        ),
        ({"side": "left", "pelvis": "held", "taps": POINTS}, "pelvis of the taps is 'held'; expected controlled, free"),
        ({"side": "left", "unit": "mm", "taps": POINTS}, "unit of the taps is 'mm'; expected pixel"),
        ({"side": "left", "method": 3, "taps": POINTS}, "method of the taps is 3"),
        ({"side": "left", "psoas_taps": 2, "taps": POINTS}, "psoas_taps is 2; this version reads 1."),
    ],
)
def test_bad_taps_get_a_sentence(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(MeasureError) as caught:
        taps_of(data, size_px=SIZE_PX)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "it is empty; expected taps, such as `side: right`"),
        (b"[1, 2]", "it is a list"),
        (b"side: [left", "this is not YAML or JSON"),
        (b"side: left\nside: right", "'side' stands twice"),
        (b"\xff\xfe\x00", "not UTF-8 text"),
        (b"a: &a [x]\nb: *a", "anchors and aliases"),
    ],
)
def test_a_file_that_is_no_taps_file(text: bytes, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "taps.yaml"
    file.write_bytes(text)
    with pytest.raises(MeasureError) as caught:
        read_taps(file)
    assert sentence in str(caught.value) and "taps.yaml" in str(caught.value) and "case" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match="there is no such file"):
        read_taps(tmp_path / "none.yaml")
