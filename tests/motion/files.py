"""Motion files with known content, written by the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
RATE_HZ = 60.0


def clock(seconds: float = 1.0, rate_hz: float = RATE_HZ) -> Array:
    """(n,) an even grid of time."""
    return np.arange(round(seconds * rate_hz) + 1) / rate_hz


def storage(path: Path, columns: Mapping[str, Sequence[float] | Array], *, degrees: str = "yes", rows: int = 0) -> Path:
    """Write OpenSim's format; `rows` declares another number than there is."""
    values = np.stack([np.asarray(column, dtype=float) for column in columns.values()], axis=1)
    head = ["made by a test", "version=1", f"nRows={rows or len(values)}", f"nColumns={len(columns)}"]
    lines = [*head, f"inDegrees={degrees}", "endheader", "\t".join(columns)]
    lines += ["\t".join(f"{value:.10g}" for value in row) for row in values]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def angles(time: Array, **columns: Array | float) -> dict[str, Array]:
    """A table of OpenSim's columns for a body that stands, with some columns as given."""
    standing: dict[str, Array | float] = {
        "pelvis_tilt": 0.0, "pelvis_list": 0.0, "pelvis_rotation": 0.0, "pelvis_tx": 0.0, "pelvis_ty": 1.0,
        "pelvis_tz": 0.0, "hip_flexion_r": 0.0, "knee_angle_r": -5.0, "ankle_angle_r": 0.0, "hip_flexion_l": 0.0,
        "knee_angle_l": -5.0, "ankle_angle_l": 0.0, "lumbar_extension": 0.0,
    }  # fmt: skip
    table = {**standing, **columns}
    return {"time": time, **{name: np.broadcast_to(np.asarray(v, float), time.shape) for name, v in table.items()}}


def plate(prefix: str, force: Sequence[float], place: Sequence[float], turn: Sequence[float]) -> dict[str, float]:
    """One plate's columns in OpenSim's axes (forward, up, right)."""
    head, tail = (f"{prefix}ground_force_", f"{prefix}ground_torque_")
    out = {f"{head}v{axis}": value for axis, value in zip("xyz", force, strict=True)}
    out |= {f"{head}p{axis}": value for axis, value in zip("xyz", place, strict=True)}
    return out | {f"{tail}{axis}": value for axis, value in zip("xyz", turn, strict=True)}
