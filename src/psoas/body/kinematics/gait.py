"""Walking: joint angles, ground force and centre of pressure at any moment of the stride.

A periodic cubic runs through the key frames of ``data/gait.yaml``. The left leg runs half a stride after the right.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.posture import Posture, PostureError, check_angles, spread_over_levels


def walking(phase_percent: float | None = None) -> Posture:
    """The posture at one moment of level walking.

    Args:
        phase_percent: percent of the right leg's stride, 0 = right heel strike, 0 to 100. None takes the first peak of
            the ground force.

    Returns:
        A posture balanced by acceleration: the legs on the ground, the vertical force in body weights and the place of
        the centre of pressure follow the published curves.
    """
    data = load_data("gait.yaml")["walking"]
    phase = float(data["default_phase_percent"] if phase_percent is None else phase_percent)
    if not 0.0 <= phase <= 100.0:
        raise PostureError(f"phase_percent is {phase:g}; expected 0 to 100.")
    angles: dict[str, float] = spread_over_levels({"lumbar_flexion": float(data["lumbar_flexion_deg"])})
    angles["pelvis_tilt"] = float(data["pelvis_pitch_deg"])
    stance_end = float(data["stance_end_percent"])
    pressure: dict[str, float] = {}
    support: list[str] = []
    for side, own in (("right", phase % 100.0), ("left", (phase + 50.0) % 100.0)):
        for joint, word in (("hip_flexion",) * 2, ("knee_flexion",) * 2, ("ankle_flexion", "ankle_dorsiflexion")):
            angles[f"{joint}_{side}"] = _periodic(data["phase_percent"], data[f"{word}_deg"], own, 100.0)
        if own <= stance_end:
            path = data["centre_of_pressure"]
            pressure[side] = float(np.interp(own, path["phase_percent"], path["fraction"]))
            pressure[f"share_{side}"] = _share(own, stance_end)
            support.append(f"foot_{side}")
    check_angles(angles)
    force = data["vertical_force"]
    return Posture(
        name=f"walking@{phase:g}",
        angles_deg=MappingProxyType(angles),
        support=tuple(support),
        balance="accelerate",
        vertical_force_bw=_periodic(force["phase_percent"], force["body_weights"], phase % 50.0, 50.0),
        centre_of_pressure=MappingProxyType(pressure),
        friction=1.0,
        sources=("perry_burnfield", "lee_2005", "winter_1991"),
    )


def _periodic(knots: list[float], values: list[float], at: float, period: float) -> float:
    """Value at `at` of the periodic cubic spline through the knots.

    With h the spacing and m the slopes at the knots, continuity of the second derivative gives at each knot
    m[i-1]/h[i-1] + 2 (1/h[i-1] + 1/h[i]) m[i] + m[i+1]/h[i] = 3 (d[i-1]/h[i-1] + d[i]/h[i]), d the chord slopes.
    """
    x, y = np.asarray(knots, float), np.asarray(values, float)
    count = len(x)
    h = np.append(x[1:], x[0] + period) - x
    d = (np.roll(y, -1) - y) / h
    before, i = np.roll(h, 1), np.arange(count)
    lhs = np.zeros((count, count))
    lhs[i, i] = 2 * (1 / before + 1 / h)
    np.add.at(lhs, (i, (i - 1) % count), 1 / before)
    np.add.at(lhs, (i, (i + 1) % count), 1 / h)
    m = np.linalg.solve(lhs, 3 * (np.roll(d, 1) / before + d / h))
    place = x[0] + (at - x[0]) % period
    k = int(np.searchsorted(x, place, side="right")) - 1
    t = (place - x[k]) / h[k]
    after = (k + 1) % count
    hermite = (2 * t**3 - 3 * t**2 + 1, t**3 - 2 * t**2 + t, 3 * t**2 - 2 * t**3, t**3 - t**2)
    return float(hermite[0] * y[k] + hermite[1] * h[k] * m[k] + hermite[2] * y[after] + hermite[3] * h[k] * m[after])


def _share(own_percent: float, stance_end: float) -> float:
    """Part of the ground force on a leg: it grows in the double support after heel strike, fades before toe-off."""
    double = stance_end - 50.0
    return float(np.interp(own_percent, [0.0, double, 50.0, stance_end], [0.0, 1.0, 1.0, 0.0]))
