"""Angles from taps: known answers, what must not matter, and the uncertainty carried through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psoas.errors import MeasureError
from psoas.knowledge import load
from psoas.measure import Taps, angle_from_taps, angles_from_taps
from psoas.measure._data import choice, load_data
from psoas.measure.hip_angle import thigh_to_pelvis_deg
from tests.measure.scene import MIRROR, SIZE_PX, lying, moved, turn

THIGH = st.floats(-30.0, 40.0)


@pytest.mark.parametrize("thigh_deg", [-20.0, -10.6, 0.0, 15.0])
def test_with_the_pelvis_held_both_ways_of_measuring_agree(thigh_deg: float) -> None:
    pelvis, table, knee = angles_from_taps(lying(thigh_deg), size_px=SIZE_PX)
    assert (pelvis.against, table.against, knee.id) == ("pelvis", "table", "modified_thomas.knee_angle")
    assert pelvis.value_deg == pytest.approx(thigh_deg, abs=1e-6)
    assert table.value_deg == pytest.approx(thigh_deg, abs=1e-6)
    assert knee.value_deg == pytest.approx(60.0, abs=1e-6)


def test_a_tipped_pelvis_hides_shortness_from_the_table_and_not_from_the_spines() -> None:
    """The same hip, with the pelvis held and tipped forward by 20 degrees: the thigh hangs 20 degrees lower."""
    held, tipped = lying(-5.0, tilt_deg=10.0), lying(-25.0, tilt_deg=-10.0)
    against_pelvis = [angles_from_taps(one, size_px=SIZE_PX)[0].value_deg for one in (held, tipped)]
    assert against_pelvis == pytest.approx([-5.0, -5.0], abs=1e-6)
    assert angles_from_taps(tipped, size_px=SIZE_PX)[1].value_deg == pytest.approx(-25.0, abs=1e-6)


def test_a_standing_person_with_an_upright_pelvis_has_a_straight_hip() -> None:
    """Zero of the model's hip is 10 degrees of the thigh angle: the tilt of a held pelvis, which the table reads."""
    held = load().angle_readings.pelvis.held_supine_tilt.value
    standing = moved(lying(0.0, tilt_deg=0.0, table=False), turn(90.0), (1200.0, -100.0))
    assert angle_from_taps(standing, size_px=SIZE_PX).value_deg == pytest.approx(held, abs=1e-6)


@given(THIGH, st.floats(-180.0, 180.0), st.booleans(), st.floats(0.2, 3.0))
@settings(max_examples=100, deadline=None)
def test_turning_mirroring_and_scaling_the_picture_changes_nothing(
    thigh_deg: float, degrees: float, mirrored: bool, scale: float
) -> None:
    taps = lying(thigh_deg, table=False)
    matrix = scale * turn(degrees) @ (MIRROR if mirrored else np.eye(2))
    size = tuple(round(scale * side) for side in SIZE_PX)
    before = angle_from_taps(taps, size_px=SIZE_PX)
    after = angle_from_taps(moved(taps, matrix, (300.0, -50.0)), size_px=(size[0], size[1]))
    assert after.value_deg == pytest.approx(before.value_deg, abs=1e-6)
    assert after.causes_deg["taps"] == pytest.approx(before.causes_deg["taps"], rel=0.01)


@given(THIGH, st.booleans())
@settings(max_examples=50, deadline=None)
def test_a_mirrored_picture_reads_the_same_against_the_table(thigh_deg: float, mirrored: bool) -> None:
    taps = replace(lying(thigh_deg, ankle=False), asis=None, psis=None)
    taps = moved(taps, MIRROR, (1768.0, 0.0)) if mirrored else taps
    assert angle_from_taps(taps, size_px=SIZE_PX).value_deg == pytest.approx(thigh_deg, abs=1e-6)


@given(THIGH, st.floats(-40.0, 40.0))
@settings(max_examples=50, deadline=None)
def test_a_tilted_camera_does_not_matter_once_the_table_is_tapped(thigh_deg: float, degrees: float) -> None:
    taps = replace(lying(thigh_deg, ankle=False), asis=None, psis=None)
    turned = moved(taps, turn(degrees))
    assert angle_from_taps(turned, size_px=SIZE_PX).value_deg == pytest.approx(thigh_deg, abs=1e-6)


def test_the_error_of_the_taps_is_that_of_a_simulation() -> None:
    """Every tap drawn anew 20,000 times with its own error; the spread is what the slopes say, to 3 %."""
    taps = lying(-10.0, table=False, ankle=False)
    angle = angle_from_taps(taps, size_px=SIZE_PX)
    points = {name: np.array(point) for name, point in taps.points().items()}
    mm = load_data("measure.yaml")["taps"]["landmark_sd_mm"]
    px_per_mm = 500.0 / (1000.0 * choice("person", "height_m") * choice("person", "thigh_share"))
    click = choice("taps", "click_share") * SIZE_PX[0]
    generator = np.random.default_rng(7)
    drawn = [
        thigh_to_pelvis_deg(
            {
                name: point + np.hypot(click, mm[name] * px_per_mm) * generator.normal(size=2)
                for name, point in points.items()
            }
        )
        for _ in range(20_000)
    ]
    assert np.std(drawn) == pytest.approx(angle.causes_deg["taps"], rel=0.03)


def test_a_turned_view_errs_as_a_camera_that_is_really_turned() -> None:
    """Points set in depth and seen by a camera turned by the angle in the data: the shift is within the sd stated."""
    taps = lying(-10.0, table=False, ankle=False)
    angle = angle_from_taps(taps, size_px=SIZE_PX)
    px_per_mm = 500.0 / (1000.0 * choice("person", "height_m") * choice("person", "thigh_share"))
    turned = np.radians(choice("camera", "turned_sd_deg"))
    nearer = load_data("measure.yaml")["camera"]["nearer_mm"]
    shifts = []
    for axis in (0, 1):
        seen = {}
        for name, point in taps.points().items():
            at = np.array(point)
            at[axis] = at[axis] * np.cos(turned) + nearer[name][0] * px_per_mm * np.sin(turned)
            seen[name] = at
        shifts.append(thigh_to_pelvis_deg(seen) - angle.value_deg)
    assert np.hypot(*shifts) == pytest.approx(angle.causes_deg["view not from the side"], rel=0.35)


def test_the_error_is_never_less_than_that_of_a_photo_at_home() -> None:
    held = angle_from_taps(lying(-10.0, pelvis="controlled"), size_px=SIZE_PX)
    assert held.against == "table" and held.sd_deg == pytest.approx(10.0 / (1.96 * np.sqrt(2.0)), abs=1e-6)


def test_against_the_pelvis_every_cause_counts_and_its_shape_among_them() -> None:
    angle = angle_from_taps(lying(-10.0, table=False), size_px=SIZE_PX)
    causes = {name: sd for name, sd in angle.causes_deg.items() if "home" not in name}
    assert angle.sd_deg == pytest.approx(np.sqrt(sum(sd**2 for sd in causes.values())))
    assert causes["shape of the pelvis"] == load().angle_readings.pelvis.spine_line.sd


def test_a_smaller_person_in_the_picture_is_measured_less_surely() -> None:
    far = moved(lying(-10.0, table=False), 0.3 * np.eye(2))
    near = lying(-10.0, table=False)
    assert angle_from_taps(far, size_px=SIZE_PX).sd_deg > angle_from_taps(near, size_px=SIZE_PX).sd_deg


def test_a_taller_person_is_measured_a_little_more_surely() -> None:
    short, tall = (replace(lying(table=False), height_m=height) for height in (1.5, 1.95))
    assert angle_from_taps(tall, size_px=SIZE_PX).sd_deg < angle_from_taps(short, size_px=SIZE_PX).sd_deg


def test_what_goes_into_a_case_carries_its_error() -> None:
    angle = angle_from_taps(lying(-10.0, table=False), size_px=SIZE_PX)
    (entry,) = angle.to_measurements()
    assert entry["pelvis"] == "controlled" and entry["value_deg"] == pytest.approx(-10.0, abs=0.05)
    assert entry["method"].startswith("photo, sd ") and entry["method"].endswith(" deg")
    free = replace(lying(-10.0), asis=None, psis=None, pelvis="free")
    assert angle_from_taps(free, size_px=SIZE_PX).to_measurements()[0]["pelvis"] == "free"


def _further(times: float) -> tuple[float, float]:
    """A back spine on the same line, so many times as far from the front one."""
    front, back = (np.array(point) for point in (lying().asis, lying().psis))
    x, y = front + times * (back - front)
    return float(x), float(y)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"asis": None, "psis": None}, "The pelvis is not known"),
        ({"asis": None, "psis": None, "table": None}, "No table edge was tapped"),
        ({"psis": _further(2.2)}, "The iliac spines lie 0.81 of the thigh's length apart"),
    ],
)
def test_doubts_are_said(change: dict[str, object], sentence: str) -> None:
    angles = angles_from_taps(replace(lying(), **change), size_px=SIZE_PX)  # type: ignore[arg-type]
    assert sentence in " ".join(note for angle in angles for note in angle.notes)


def _swapped(taps: Taps) -> Taps:
    return replace(taps, asis=taps.psis, psis=taps.asis)


@pytest.mark.parametrize(
    ("taps", "sentence"),
    [
        (_swapped(lying(-10.0)), "bends .* degrees forward, which no knee does.* iliac spine swapped"),
        (_swapped(lying(35.0, ankle=False, table=False)), r"Are the front and the back iliac spine swapped\?"),
        (lying(-40.0, table=False), r"is -40 degrees; expected -35 to 45\. Are the front"),
        (lying(70.0, table=False), "is 70 degrees; expected -35 to 45"),
        (replace(lying(), knee=(800.0, 400.0)), "taps.trochanter and taps.knee lie on one another"),
        (replace(lying(), psis=lying().asis), "taps.asis and taps.psis lie on one another"),
        (replace(lying(), trochanter=(705.0, 415.0)), "lies on the line between the two iliac spines"),
        (replace(lying(), ankle=lying().knee), "taps.ankle lies on the knee"),
        (replace(lying(), table=((100.0, 100.0), (120.0, 100.0))), "two points of taps.table lie too close"),
        (replace(lying(), table=((100.0, 0.0), (150.0, 900.0))), "table's edge runs at 87 degrees"),
        (moved(lying(table=False), 0.05 * np.eye(2)), "errs by .* degrees .* Take the picture from nearer by"),
        (replace(lying(), knee=(float("nan"), 1.0)), "A tap is not a finite number of pixels"),
    ],
)
def test_what_cannot_be_is_asked_back(taps: Taps, sentence: str) -> None:
    with pytest.raises(MeasureError, match=sentence):
        angles_from_taps(taps, size_px=SIZE_PX)


def test_a_pelvis_said_to_be_held_that_was_not_is_doubted() -> None:
    tipped = angles_from_taps(lying(-25.0, tilt_deg=-20.0, pelvis="controlled"), size_px=SIZE_PX)
    assert tipped[0].against == "table" and "30 degrees further forward than a held one" in " ".join(tipped[0].notes)
    held = angles_from_taps(lying(-10.0, tilt_deg=12.0, pelvis="controlled"), size_px=SIZE_PX)
    assert "Was it held?" not in " ".join(held[0].notes)


def test_spines_that_lie_the_wrong_way_up_on_a_table_get_a_note() -> None:
    swapped = _swapped(lying(0.0, ankle=False))
    notes = " ".join(angle_from_taps(swapped, size_px=SIZE_PX).notes)
    assert "front iliac spine lies below the back one" in notes
