"""Files that are wrong get a sentence that names the place and what is allowed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from psoas.body import load_motion
from psoas.body.motion.errors import MotionError
from tests.motion.files import angles, clock, plate, storage

TIME = clock()
SWING = 20.0 * np.sin(2 * np.pi * TIME)


def spoilt(**columns: np.ndarray | float) -> dict[str, np.ndarray]:
    return angles(TIME, hip_flexion_r=SWING, **columns)


def refused(path: Path, *words: str, **options: object) -> None:
    with pytest.raises(MotionError) as told:
        load_motion(path, **options)  # type: ignore[arg-type]
    for word in words:
        assert word in str(told.value), str(told.value)


def test_radians_called_degrees(tmp_path: Path) -> None:
    table = {name: np.radians(v) if name != "time" and "_t" not in name[6:9] else v for name, v in spoilt().items()}
    file = storage(tmp_path / "a.mot", table)
    refused(file, "looks like radians", "angles='radians'")
    assert load_motion(file, angles="radians").q[:, 24].max() == pytest.approx(np.radians(SWING.max()))


def test_degrees_called_radians(tmp_path: Path) -> None:
    refused(storage(tmp_path / "a.mot", spoilt(), degrees="no"), "cannot be radians", "row ", "hip_flexion_r")


def test_millimetres_for_metres(tmp_path: Path) -> None:
    refused(storage(tmp_path / "a.mot", spoilt(pelvis_ty=1000.0)), "row 8", "1000", "Millimetres?")


def test_a_long_gap_and_a_gap_at_the_end(tmp_path: Path) -> None:
    long, end = SWING.copy(), SWING.copy()
    long[10:30], end[-3:] = np.nan, np.nan
    refused(storage(tmp_path / "a.mot", spoilt(knee_angle_r=long)), "knee_angle_r", "row 18", "up to 0.1 s")
    refused(storage(tmp_path / "b.mot", spoilt(knee_angle_r=end)), "knee_angle_r", "at the end of the trial")


def test_a_column_without_numbers_and_one_that_is_no_number(tmp_path: Path) -> None:
    refused(storage(tmp_path / "a.mot", spoilt(knee_angle_r=np.full_like(TIME, np.nan))), "no row holds a number")
    file = storage(tmp_path / "b.mot", spoilt())
    file.write_text(file.read_text().replace("\n0.5\t", "\n0.5\tx", 1))
    refused(file, "row 38", "pelvis_tilt", "'x0' is not a number")


def test_cut_short_and_too_much_declared(tmp_path: Path) -> None:
    refused(
        storage(tmp_path / "a.mot", spoilt(), rows=2_000_000_000), "declares 2000000000 rows and holds 61", "cut short"
    )
    file = storage(tmp_path / "b.mot", spoilt())
    text = file.read_text()
    file.write_text(text[: len(text) // 2])
    refused(file, "row ", "values where the header names 14 columns")


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.mot"
    with file.open("wb") as handle:
        handle.truncate(2_000_000_000)  # a hole: it takes no room on the disk
    refused(file, "2000 MB", "up to 500 MB")


def test_what_is_no_motion_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.mot", "no such file")
    binary, empty, prose, few = (tmp_path / name for name in ("b.mot", "e.mot", "p.csv", "f.csv"))
    binary.write_bytes(b"\x00\x01" * 100)
    empty.write_text("\n\n")
    prose.write_text("dear reader,\nthis is a letter\n")
    few.write_text("time_s,hip_flexion_right_deg\n0,1\n0.1,2\n")
    refused(binary, "not a text file")
    refused(empty, "is empty")
    refused(prose, "no column 'time'")
    refused(few, "holds 2 rows; expected 8 or more")


def test_time_that_stands_still_or_is_missing(tmp_path: Path) -> None:
    back = TIME.copy()
    back[30] = back[29]
    refused(storage(tmp_path / "a.mot", {**spoilt(), "time": back}), "row 38", "time does not rise")
    hole = np.delete(np.arange(len(TIME)), slice(20, 40))
    refused(storage(tmp_path / "b.mot", {name: v[hole] for name, v in spoilt().items()}), "rows are missing between")


def test_columns_that_nobody_knows(tmp_path: Path) -> None:
    refused(storage(tmp_path / "a.mot", {"time": TIME, "foo": SWING}), "none of its 1 columns", "YAML")
    refused(
        storage(tmp_path / "b.mot", spoilt()),
        "mapped to 'hip_flexon'",
        "hip_flexion",
        names={"pelvis_list": "hip_flexon"},
    )
    refused(storage(tmp_path / "c.mot", spoilt()), "no column 'hip_r'", names={"hip_r": "hip_flexion_right"})
    refused(storage(tmp_path / "d.mot", {**spoilt(), "hip_flexion_right": SWING}), "both give hip_flexion_right")


def grf(tmp_path: Path, name: str, table: dict[str, float]) -> Path:
    return storage(tmp_path / name, {"time": TIME, **{key: np.full_like(TIME, v) for key, v in table.items()}})


def test_plates_that_cannot_be_right(tmp_path: Path) -> None:
    ik = storage(tmp_path / "ik.mot", spoilt())
    far = grf(tmp_path, "mm.mot", plate("", (0.0, 700.0, 0.0), (100.0, 0.0, 90.0), (0.0, 0.0, 0.0)))
    refused(ik, "row 8", "Millimetres?", plates=far)
    refused(ik, "no plate ever carries", plates=grf(tmp_path, "z.mot", plate("", (0, 0, 700), (0, 0, 0), (0, 0, 0))))
    refused(ik, "no ground forces", plates=ik)
    part = plate("", (0.0, 700.0, 0.0), (0.1, 0.0, 0.09), (0.0, 0.0, 0.0))
    del part["ground_force_pz"]
    refused(ik, "no column ground_force_pz", plates=grf(tmp_path, "part.mot", part))
    late = storage(
        tmp_path / "late.mot", {"time": TIME + 9, **dict.fromkeys(plate("", (0, 1, 0), (0, 0, 0), (0, 0, 0)), TIME)}
    )
    refused(ik, "no time in common", plates=late)
    bare = storage(tmp_path / "bare.mot", {"time": TIME, "hip_flexion_r": SWING})
    refused(bare, "where the pelvis is", plates=far)
