"""Loads of a movement into files that researchers use: CSV, OpenSim `.sto`, Parquet, NetCDF."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from psoas.body.kinematics.coordinates import COORDINATES
from psoas.body.kinematics.posture import SIDES
from psoas.body.motion.errors import MotionError
from psoas.body.motion.results import MotionLoads

_AXES: dict[str, tuple[str, ...]] = {
    "compression": ("time", "level"),
    "shear": ("time", "level"),
    "lateral_shear": ("time", "level"),
    "hip_contact": ("time", "side"),
    "joint_moment": ("time", "coordinate"),
    "ground_force": ("time", "side", "axis"),
    "residual_force": ("time", "axis"),
    "residual_moment": ("time", "turn"),
    "muscle_force": ("time", "fascicle"),
    "activation": ("time", "fascicle"),
    "psoas_force": ("time", "side"),
    "psoas_length": ("time", "side"),
    "psoas_fibre_length": ("time", "side"),
    "psoas_hip_moment": ("time", "side"),
    "psoas_compression": ("time", "level"),
    "effort": ("time",),
    "reserve": ("time",),
    "feasible": ("time",),
}


def save_loads(loads: MotionLoads, path: str | Path) -> None:
    """Write the loads to a file of the kind its ending says.

    `.csv` and `.parquet` hold a column a figure, its unit at the end of the name; `.sto` the same for OpenSim; `.nc`
    (NetCDF 3) named axes with units, which xarray and every other NetCDF reader take.

    Args:
        loads: of :func:`psoas.body.motion.loads.solve_motion`.
        path: ends in .csv, .sto, .parquet or .nc.

    Returns:
        Nothing.

    Raises:
        MotionError: another ending, or no such folder.
    """
    path = Path(path)
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise MotionError(f"{path.name} ends in {path.suffix or 'nothing'}; expected {', '.join(_WRITERS)}.")
    if not path.parent.is_dir():
        raise MotionError(f"{path} cannot be written: there is no folder {path.parent}.")
    write(loads, path)


def dataset(loads: MotionLoads) -> Any:
    """The loads with named axes and units, as an xarray Dataset; needs `pip install xarray`.

    Args:
        loads: of :func:`psoas.body.motion.loads.solve_motion`.

    Returns:
        Variables over time, level, side, coordinate, axis and fascicle; `units` among the attributes of each.

    Raises:
        MotionError: xarray is not installed.
    """
    try:
        xarray: Any = importlib.import_module("xarray")
    except ImportError:
        raise MotionError("A Dataset needs xarray, which is not installed; run: pip install xarray") from None
    arrays, axes = _arrays(loads), _coordinates(loads)
    return xarray.Dataset(
        {name: (dims, arrays[name][0], {"units": arrays[name][1]}) for name, dims in _AXES.items()},
        coords={
            "time": ("time", loads.time_s, {"units": "s"}),
            **{name: list(values) for name, values in axes.items()},
        },
        attrs=_attributes(loads),
    )


def _arrays(loads: MotionLoads) -> dict[str, tuple[Any, str]]:
    return {
        "compression": (loads.compression_n, "N"),
        "shear": (loads.shear_n, "N"),
        "lateral_shear": (loads.lateral_shear_n, "N"),
        "hip_contact": (loads.hips_n, "N"),
        "joint_moment": (loads.moments_nm, "N m"),
        "ground_force": (loads.ground_n, "N"),
        "residual_force": (loads.residual_n, "N"),
        "residual_moment": (loads.residual_nm, "N m"),
        "muscle_force": (loads.force_n, "N"),
        "activation": (loads.activation, "1"),
        "psoas_force": (loads.psoas_n, "N"),
        "psoas_length": (loads.psoas_length_m, "m"),
        "psoas_fibre_length": (loads.psoas_fibre_of_optimal, "1"),
        "psoas_hip_moment": (loads.psoas_hip_nm, "N m"),
        "psoas_compression": (loads.psoas_press_n, "N"),
        "effort": (loads.effort, "1"),
        "reserve": (loads.reserves_nm, "N m"),
        "feasible": (loads.feasible.astype(np.int8), "1"),
    }


def _coordinates(loads: MotionLoads) -> dict[str, tuple[str, ...]]:
    return {
        "level": loads.levels,
        "side": SIDES,
        "coordinate": COORDINATES,
        "axis": ("forward", "left", "up"),
        "turn": ("tilt", "list", "rotation"),
        "fascicle": loads.muscles,
    }


def _attributes(loads: MotionLoads) -> dict[str, str]:
    from psoas import __version__

    ground = "measured" if loads.ground_measured else "estimated"
    return {"motion": loads.name, "psoas": __version__, "ground": ground, "notes": " ".join(loads.notes)}


def _write_csv(loads: MotionLoads, path: Path) -> None:
    columns = loads.columns()
    lines = [",".join(columns)]
    lines += [",".join("" if np.isnan(v) else f"{v:.6g}" for v in row) for row in zip(*columns.values(), strict=True)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_sto(loads: MotionLoads, path: Path) -> None:
    columns = {"time": loads.time_s, **{name: v for name, v in loads.columns().items() if name != "time_s"}}
    head = [f"loads of {loads.name}", "version=1", f"nRows={len(loads)}", f"nColumns={len(columns)}", "inDegrees=no"]
    lines = [*head, "endheader", "\t".join(columns)]
    lines += ["\t".join(f"{value:.8g}" for value in row) for row in zip(*columns.values(), strict=True)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_parquet(loads: MotionLoads, path: Path) -> None:
    arrow: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    table = arrow.table(loads.columns())
    parquet.write_table(table.replace_schema_metadata(_attributes(loads)), path)


def _write_netcdf(loads: MotionLoads, path: Path) -> None:
    from scipy.io import netcdf_file

    with netcdf_file(path, "w") as file:
        for key, text in _attributes(loads).items():
            setattr(file, key, text.encode("utf-8"))
        file.createDimension("time", len(loads))
        time = file.createVariable("time", "f8", ("time",))
        time[:] = loads.time_s
        time.units = "s"
        for name, labels in _coordinates(loads).items():
            letters = np.array([label.encode("utf-8") for label in labels])
            width = f"{name}_letters"
            file.createDimension(name, len(labels))
            file.createDimension(width, letters.dtype.itemsize)
            file.createVariable(name, "c", (name, width))[:] = letters.view("S1").reshape(len(labels), -1)
        for name, (values, unit) in _arrays(loads).items():
            made = file.createVariable(name, "i1" if values.dtype == np.int8 else "f8", _AXES[name])
            made[:] = values
            made.units = unit


_WRITERS: dict[str, Callable[[MotionLoads, Path], None]] = {
    ".csv": _write_csv,
    ".sto": _write_sto,
    ".parquet": _write_parquet,
    ".nc": _write_netcdf,
}
