"""Markers put on a body of known sizes in known postures give both back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from psoas.body import Body, load_markers, solve_motion
from psoas.body.kinematics.coordinates import COORDINATES, INDEX, lumbar_shares
from psoas.body.motion.errors import MotionError
from psoas.body.motion.markers.files import read_markers
from psoas.body.motion.markers.fit import MarkerFit
from psoas.body.motion.markers.sites import sites_of
from psoas.body.motion.markers.sizes import first_places, resized
from tests.cli.run import psoas
from tests.motion.files import Array, clock

LABELS = (
    "V.Sacral", "Sternum", "Top.Head",
    *(f"{side}.{name}" for side in "RL" for name in (
        "ASIS", "Knee.Lat", "Knee.Med", "Ankle.Lat", "Ankle.Med", "Heel", "Toe.Tip", "Toe.Lat", "Toe.Med", "Acromium",
    )),
)  # fmt: skip
SIZES = dict.fromkeys(("pelvis", "femur", "tibia", "foot", "thorax"), 1.05)
THEIRS = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""From our axes (forward, left, up) to the usual ones of a .trc (forward, up, right)."""


def trc(
    path: Path, labels: tuple[str, ...], places_m: Array, *, unit: str = "mm", frames: int = 0, digits: int = 6
) -> Path:
    """Write markers (F, markers, 3)."""
    scale = {"mm": 1e3, "m": 1.0}[unit]
    count = frames or len(places_m)
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"60\t60\t{count}\t{len(labels)}\t{unit}\t60\t1\t{count}",
        "Frame#\tTime\t" + "\t\t\t".join(labels) + "\t\t",
        "\t\t" + "\t".join(f"{axis}{n + 1}" for n in range(len(labels)) for axis in "XYZ"),
    ]
    rows = [
        "\t".join(
            [f"{n + 1}", f"{n / 60:.{digits}f}", *("" if np.isnan(v) else f"{v * scale:.6f}" for v in frame.ravel())]
        )
        for n, frame in enumerate(places_m)
    ]
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")
    return path


def movement(time: Array) -> Array:
    q = np.zeros((len(time), len(COORDINATES)))
    wave = np.sin(2 * np.pi * time)
    q[:, INDEX["pelvis_up"]], q[:, INDEX["pelvis_forward"]] = 0.95, 0.1 * time
    q[:, INDEX["hip_flexion_right"]], q[:, INDEX["hip_flexion_left"]] = 0.3 + 0.3 * wave, 0.3 - 0.3 * wave
    q[:, INDEX["knee_flexion_right"]], q[:, INDEX["knee_flexion_left"]] = 0.6 + 0.3 * wave, 0.5
    q[:, INDEX["hip_adduction_left"]], q[:, INDEX["pelvis_rotation"]] = 0.1 * wave, 0.1 * wave
    for level, share in lumbar_shares().items():
        q[:, INDEX[f"lumbar_flexion_{level}"]] = share * (0.2 + 0.1 * wave)
    return q


class Person:
    """Bones five percent larger than the height tells, with markers over their landmarks."""

    def __init__(self, man: Body) -> None:
        self.body = resized(man, SIZES)
        sites, _ = sites_of(LABELS)
        rough: Mapping[str, Array] = first_places(man, sites, SIZES)
        self._fit = MarkerFit(self.body, [sites[x].bone for x in LABELS], np.array([rough[x] for x in LABELS]))

    def seen(self, q: Array) -> Array:
        return np.array([self._fit.markers_m(row) for row in q]) @ THEIRS.T

    def standing(self) -> Array:
        q = np.zeros((10, len(COORDINATES)))
        q[:, INDEX["pelvis_up"]] = 0.95
        return self.seen(q)


@pytest.fixture(scope="module")
def person(man: Body) -> Person:
    return Person(man)


def test_sizes_and_angles_come_back(man: Body, person: Person, tmp_path: Path) -> None:
    q = movement(clock())
    static = trc(tmp_path / "static.trc", LABELS, person.standing())
    own, motion = load_markers(trc(tmp_path / "walk.trc", LABELS, person.seen(q)), man, static=static)
    np.testing.assert_allclose(own.kinematics.model.body_pos, person.body.kinematics.model.body_pos, atol=1e-5)
    np.testing.assert_allclose(np.degrees(motion.q[:, 3:]), np.degrees(q[:, 3:]), atol=0.05)
    np.testing.assert_allclose(motion.q[:, :3], q[:, :3], atol=1e-4)
    assert motion.markers_m is not None and motion.markers_m.max() < 1e-4
    assert solve_motion(own, motion).solved.all()


def test_a_clock_in_milliseconds_shakes_nothing(man: Body, person: Person, tmp_path: Path) -> None:
    q = movement(clock())
    static = trc(tmp_path / "static.trc", LABELS, person.standing())
    own, motion = load_markers(trc(tmp_path / "walk.trc", LABELS, person.seen(q), digits=3), man, static=static)
    rough = solve_motion(own, motion)
    fine = solve_motion(own, load_markers(trc(tmp_path / "w.trc", LABELS, person.seen(q)), man, static=static)[1])
    np.testing.assert_allclose(rough.moments_nm, fine.moments_nm, atol=0.5)


def test_a_marker_not_seen_for_a_while_is_carried_and_named(man: Body, person: Person, tmp_path: Path) -> None:
    q = movement(clock())
    seen = person.seen(q)
    seen[10:40, LABELS.index("R.Knee.Lat")] = np.nan
    static = trc(tmp_path / "static.trc", LABELS, person.standing())
    _, motion = load_markers(trc(tmp_path / "walk.trc", LABELS, seen), man, static=static)
    np.testing.assert_allclose(np.degrees(motion.q[:, 3:]), np.degrees(q[:, 3:]), atol=0.1)
    assert any("R.Knee.Lat is not seen from frame 11 to 40" in note for note in motion.notes)


def test_muscles_of_longer_bones_keep_their_proportions(man: Body, person: Person) -> None:
    ours = man.muscles.normalised_lengths(man.lengths())
    np.testing.assert_allclose(person.body.muscles.normalised_lengths(person.body.lengths()), ours, atol=0.02)
    assert person.body.mass_kg() == pytest.approx(man.mass_kg())
    assert person.body.length("psoas_major_right") == pytest.approx(1.05 * man.length("psoas_major_right"), rel=1e-3)


def test_the_axes_of_the_room_are_found(man: Body, person: Person, tmp_path: Path) -> None:
    """Up may be z, and people may walk along any axis."""
    turned = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    q = movement(clock())
    static = trc(tmp_path / "static.trc", LABELS, person.standing() @ turned.T)
    _, motion = load_markers(
        trc(tmp_path / "walk.trc", LABELS, person.seen(q) @ turned.T, unit="m"), man, static=static
    )
    np.testing.assert_allclose(np.degrees(motion.q[:, 3:]), np.degrees(q[:, 3:]), atol=0.05)


def test_c3d_is_read_and_a_cut_one_is_refused(tmp_path: Path) -> None:
    ezc3d: Any = pytest.importorskip("ezc3d")
    made = ezc3d.c3d()
    time = clock()
    points = np.ones((4, 2, len(time)))
    points[0, 0], points[1, 1] = 1000.0 * np.sin(time), 500.0
    made["parameters"]["POINT"]["RATE"]["value"] = [60.0]
    made["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
    made["parameters"]["POINT"]["LABELS"]["value"] = ("LASI", "RASI")
    made["data"]["points"] = points
    file = tmp_path / "walk.c3d"
    made.write(str(file))
    found = read_markers(file)
    assert found.labels == ("LASI", "RASI") and found.time_s[-1] == pytest.approx(time[-1])
    np.testing.assert_allclose(found.places_m[:, 0, 0], np.sin(time), atol=1e-6)
    np.testing.assert_allclose(found.places_m[:, 1, 1], 0.5, atol=1e-6)
    cut = tmp_path / "cut.c3d"
    cut.write_bytes(file.read_bytes()[:700])
    with pytest.raises(MotionError, match=r"cannot be read as C3D|holds \d+ frames"):
        read_markers(cut)
    (tmp_path / "prose.c3d").write_text("dear reader")
    with pytest.raises(MotionError, match="cannot be read as C3D"):
        read_markers(tmp_path / "prose.c3d")


def test_common_names_of_markers() -> None:
    sites, left_out = sites_of(("LASI", "subject:R.Knee.Lat", "RKNE", "SACR", "L_Heel", "C7", "R.Elbow", "RTHI", "foo"))
    bones = {label: site.bone for label, site in sites.items()}
    assert bones == {
        "LASI": "pelvis", "subject:R.Knee.Lat": "femur_right", "RKNE": "femur_right", "SACR": "pelvis",
        "L_Heel": "foot_left", "C7": "thorax", "RTHI": "femur_right",
    }  # fmt: skip
    assert left_out == ["R.Elbow", "foo"]


def test_marker_files_that_are_wrong(man: Body, person: Person, tmp_path: Path) -> None:
    standing, seen = person.standing(), person.seen(movement(clock()))
    static = trc(tmp_path / "static.trc", LABELS, standing)

    def refused(words: str, walk: Path, still: Path = static, body: Body = man) -> None:
        with pytest.raises(MotionError, match=words):
            load_markers(walk, body, static=still)

    swapped = tuple(f"{'L' if x[0] == 'R' else 'R'}{x[1:]}" if x[:2] in ("R.", "L.") else x for x in LABELS)
    walk = trc(tmp_path / "walk.trc", LABELS, seen)
    refused("swapped", walk, trc(tmp_path / "s.trc", swapped, standing))
    refused("swapped", trc(tmp_path / "w.trc", swapped, seen))
    refused("millimetres called metres", trc(tmp_path / "mm.trc", LABELS, seen * 1000.0, unit="m"))
    refused("times the size", walk, trc(tmp_path / "m.trc", LABELS, standing / 1000.0))
    refused("declares 5000 frames and holds 61", trc(tmp_path / "cut.trc", LABELS, seen, frames=5000))
    few = tuple(x for x in LABELS if "Heel" not in x)
    at = [LABELS.index(x) for x in few]
    refused("no marker for heel_left, heel_right", walk, trc(tmp_path / "few.trc", few, standing[:, at]))
    refused("shares 4 markers", trc(tmp_path / "four.trc", LABELS[:4], seen[:, :4]))
    crossed = seen.copy()
    a, b = LABELS.index("R.ASIS"), LABELS.index("R.Toe.Tip")
    crossed[20:, [a, b]] = crossed[20:, [b, a]]
    refused("frame 21 .* exchanged", trc(tmp_path / "x.trc", LABELS, crossed))
    text = walk.read_text().splitlines()
    (tmp_path / "short.trc").write_text("\n".join([*text[:20], text[20][:100]]))
    refused("row 21", tmp_path / "short.trc")
    (tmp_path / "prose.trc").write_text("dear reader\n" * 20)
    refused("PathFileType", tmp_path / "prose.trc")
    refused("come as .trc or .c3d", tmp_path / "walk.mot")


def test_the_command_takes_markers(person: Person, tmp_path: Path) -> None:
    static = trc(tmp_path / "static.trc", LABELS, person.standing())
    walk = trc(tmp_path / "walk.trc", LABELS, person.seen(movement(clock(0.5))))
    words = ("body", "motion", str(walk), "--height-m", "1.75", "--mass-kg", "75", "--sex", "male")
    told = psoas(*words, "--static", str(static), columns=200)
    assert told.code == 0 and "23 markers fitted to 0.0 cm" in told.out
    without = psoas(*words)
    assert without.code == 2 and "--static" in without.err
