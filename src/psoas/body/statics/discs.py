"""Disc pressure from compression, to stand beside pressures measured in people.

``pressure = compression / (area * factor)``. The factor differs with posture and author (0.55 to 0.77), so a pressure
is a middle value with a band, never one number; compression is what the model computes.
"""

from __future__ import annotations

from psoas.body._data import load_data


def disc_area_m2(level: str, height_m: float) -> float:
    """Area of a disc, m2, for a person of a height; see ``data/discs.yaml`` for where it comes from.

    Args:
        level: such as `L4/L5`.
        height_m: of the person, m.

    Returns:
        Area in m2.
    """
    data = load_data("discs.yaml")
    reference = data["area_l4l5_mm2"]
    lengths = data["ap_length_mm"]
    shape = (float(lengths[level]) / float(lengths["L4/L5"])) ** 2
    return float(reference["value"]) * 1e-6 * shape * (height_m / float(reference["height_m"])) ** 2


def disc_pressure_mpa(compression_n: float, level: str, height_m: float) -> float:
    """Pressure in a disc, MPa, at the conversion factor of ``data/discs.yaml``. Tension gives a negative pressure.

    Args:
        compression_n: of the level, N, + presses.
        level: such as `L4/L5`.
        height_m: of the person, m.

    Returns:
        Pressure in MPa, of the sign of the compression.
    """
    return compression_n / (disc_area_m2(level, height_m) * float(load_data("discs.yaml")["factor"]["value"])) * 1e-6


def disc_pressure_band_mpa(compression_n: float, level: str, height_m: float) -> tuple[float, float]:
    """Pressure at the highest and the lowest published factor (Dreischarf et al. 2013), low first, MPa.

    Args:
        compression_n: of the level, N, + presses.
        level: such as `L4/L5`.
        height_m: of the person, m.

    Returns:
        Two pressures in MPa, the lower first.
    """
    factor = load_data("discs.yaml")["factor"]
    area = disc_area_m2(level, height_m)
    ends = sorted(compression_n / (area * float(factor[key])) * 1e-6 for key in ("low", "high"))
    return ends[0], ends[1]
