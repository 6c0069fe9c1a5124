"""What leaves: tables, files, pictures and the command."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import netcdf_file

from psoas.body import Body, load_motion, solve_motion
from psoas.body.motion.errors import MotionError
from psoas.body.motion.export import dataset, save_loads
from psoas.body.motion.results import MotionLoads
from psoas.body.motion.tables import read_table
from psoas.body.view.motion_plot import page, plot_motion
from tests.cli.run import psoas

WALK = Path(__file__).resolve().parents[2] / "examples" / "walk.csv"


@pytest.fixture(scope="module")
def loads(man: Body) -> MotionLoads:
    return solve_motion(man, load_motion(WALK))


def test_the_walk_is_held_by_muscles_and_steps_in_turn(loads: MotionLoads) -> None:
    assert loads.feasible.all() and not any(loads.reason)
    up = loads.ground_n[:, :, 2]
    assert np.corrcoef(up[:, 0], up[:, 1])[0, 1] < -0.7
    half = round(0.55 * 60)  # the left leg runs half a stride after the right
    np.testing.assert_allclose(loads.hips_n[40:60, 0], loads.hips_n[40 - half : 60 - half, 1], rtol=0.15)


def test_columns_agree_with_the_arrays(loads: MotionLoads) -> None:
    table = loads.columns()
    assert all(len(column) == len(loads) for column in table.values())
    np.testing.assert_array_equal(table["compression_l5_s1_n"], loads.compression_n[:, loads.level("L5/S1")])
    np.testing.assert_allclose(table["psoas_major_left_n"], loads.psoas_n[:, 0])
    with pytest.raises(ValueError, match="muscle is 'soas'"):
        loads.muscle_n("soas")


def test_psoas_presses_within_what_presses(loads: MotionLoads) -> None:
    """What the psoas adds at a level is its pull across it: more than nothing, less than its whole tension."""
    both = loads.psoas_n.sum(axis=1)[:, None]
    assert (loads.psoas_press_n > 0).all() and (loads.psoas_press_n <= both + 1e-9).all()


@pytest.mark.parametrize("ending", ["csv", "sto", "parquet", "nc"])
def test_files_give_back_what_was_written(loads: MotionLoads, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"loads.{ending}"
    save_loads(loads, file)
    expected = loads.compression_n[:, -1]
    if ending == "csv":
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        found = [float(row["compression_l5_s1_n"]) for row in rows]
    elif ending == "sto":
        found = read_table(file).column("compression_l5_s1_n")
    elif ending == "parquet":
        import pyarrow.parquet as parquet

        found = parquet.read_table(file)["compression_l5_s1_n"].to_numpy()
    else:
        with netcdf_file(file, mmap=False) as kept:
            assert kept.variables["compression"].units == b"N"
            levels = [b"".join(row).rstrip(b"\x00").decode() for row in kept.variables["level"][:]]
            assert tuple(levels) == loads.levels
            found = kept.variables["compression"][:, -1]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_dataset_has_named_axes_and_units(loads: MotionLoads, tmp_path: Path) -> None:
    xarray: Any = pytest.importorskip("xarray")
    found = dataset(loads)
    at = found["compression"].sel(level="L4/L5").isel(time=10)
    assert float(at) == pytest.approx(loads.compression_n[10, -2]) and found["compression"].attrs["units"] == "N"
    assert float(found["psoas_force"].sel(side="left").max()) == pytest.approx(loads.psoas_n[:, 0].max())
    save_loads(loads, tmp_path / "loads.nc")
    with xarray.open_dataset(tmp_path / "loads.nc", engine="scipy") as kept:
        np.testing.assert_array_equal(kept["compression"], found["compression"])


def test_files_that_cannot_be_written(loads: MotionLoads, tmp_path: Path) -> None:
    with pytest.raises(MotionError, match=r"expected \.csv, \.sto, \.parquet, \.nc"):
        save_loads(loads, tmp_path / "loads.xlsx")
    with pytest.raises(MotionError, match="there is no folder"):
        save_loads(loads, tmp_path / "nowhere" / "loads.csv")


def test_pictures_and_the_page(loads: MotionLoads, tmp_path: Path) -> None:
    plot_motion(tmp_path / "one.svg", [loads])
    plot_motion(tmp_path / "three.png", [loads, loads, loads])
    text = page([loads])
    assert (
        "<svg" in text
        and "walk.csv" in text
        and "133 of 133 frames" in text
        and "http://" not in text.split("</style>")[0]
    )
    assert (tmp_path / "one.svg").stat().st_size > 10_000 and (tmp_path / "three.png").read_bytes()[:4] == b"\x89PNG"


def test_the_command(tmp_path: Path) -> None:
    out, curve = tmp_path / "loads.csv", tmp_path / "walk.html"
    told = psoas(
        "body", "motion", str(WALK), "--height-m", "1.75", "--mass-kg", "75", "--out", str(out), "--plot", str(curve)
    )
    assert told.code == 0 and "133 of 133 frames solved" in told.out and "estimated" in told.out
    assert out.read_text().startswith("time_s,") and curve.read_text().startswith("<!doctype html>")
    wrong = psoas("body", "motion", str(tmp_path / "none.mot"))
    assert wrong.code == 2 and "no such file" in wrong.err
    two = psoas("body", "motion", str(WALK), str(WALK), "--out", str(out))
    assert two.code == 2 and "--out takes one trial" in two.err
