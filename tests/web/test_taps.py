"""Points tapped on a photo, one after the other, kept in the form and nowhere else."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from starlette.datastructures import FormData

from psoas.errors import PsoasError
from psoas.web.uploads.taps import SHOWN_WIDTH, TAPS, Placed, angle_of, placed_by, shown_size


def placed(**fields: str) -> Placed:
    return placed_by(FormData({name.replace("_", "."): value for name, value in fields.items()}))


def photo(size: tuple[int, int] = (1280, 960)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, "JPEG")
    return out.getvalue()


def test_points_are_tapped_in_order() -> None:
    first = placed(photo_x="10", photo_y="20")
    assert (dict(first.points), first.next) == ({"trochanter": (10, 20)}, "knee")
    second = placed(trochanter_x="10", trochanter_y="20", photo_x="30", photo_y="40")
    assert (second.points["knee"], second.next, second.is_enough) == ((30, 40), "asis", False)


def test_two_points_are_enough_with_the_pelvis_held() -> None:
    two = {"trochanter_x": "10", "trochanter_y": "20", "knee_x": "30", "knee_y": "40"}
    assert placed(**two, held="controlled").is_enough
    assert not placed(**two).is_enough


def test_the_last_point_is_taken_back_and_all_are_begun_again() -> None:
    two = {"trochanter_x": "10", "trochanter_y": "20", "knee_x": "30", "knee_y": "40"}
    assert list(placed(**two, do="undo").points) == ["trochanter"]
    assert placed(**two, do="again").points == {}


@pytest.mark.parametrize("fields", [{"photo_x": "ten"}, {"photo_x": "-3"}, {"photo_x": "9" * 9}, {"side": "both"}])
def test_what_is_no_point_is_said(fields: dict[str, str]) -> None:
    with pytest.raises(PsoasError, match="expected"):
        placed(**({"photo_x": "1", "photo_y": "1"} | fields))


def test_a_photo_is_shown_at_one_width_so_that_a_tap_means_the_same_everywhere() -> None:
    assert shown_size(photo()) == (SHOWN_WIDTH, 480)
    assert len(TAPS) == 4


def test_the_angle_of_four_points_is_that_of_the_measuring_room() -> None:
    measure = pytest.importorskip("psoas.measure")
    points = {"trochanter": (320, 260), "knee": (525, 300), "asis": (285, 215), "psis": (270, 320)}
    found = angle_of(Placed(points, side="right"), photo())
    taps = measure.taps_of({"side": "right", "taps": {name: list(at) for name, at in points.items()}})
    assert found.value_deg == pytest.approx(measure.angle_from_taps(taps, size_px=(640, 480)).value_deg)
    assert found.side == "right" and found.sd_deg > 0
