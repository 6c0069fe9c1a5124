"""How the pelvis lies in the tests of hip-flexor length."""

from __future__ import annotations

from psoas.body._data import load_data
from psoas.knowledge import load


def tilt_in(position: str, *, held: bool) -> tuple[float, float]:
    """Mean and sd of the pelvis's backward tilt from standing in a position of the body, degrees."""
    if held and position == "supine":  # measuring turns thigh-to-pelvis angles into this one with the same figure
        tilt = load().angle_readings.pelvis.held_supine_tilt
        return tilt.value, tilt.sd
    row = load_data("tightness.yaml")["pelvis"]["tilt_deg"][position]["held" if held else "free"]
    return float(row[0]), float(row[1])
