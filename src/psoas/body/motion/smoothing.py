"""Angles over time made smooth enough to be derived twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import make_interp_spline
from scipy.signal import butter, sosfiltfilt

from psoas.body._data import load_data
from psoas.body.kinematics.sections import Array
from psoas.body.motion.errors import MotionError


@dataclass(frozen=True)
class Smoothed:
    """Coordinates (F, J), their speed and their acceleration, radians, metres and seconds."""

    q: Array
    speed: Array
    acceleration: Array


def smooth(time_s: Array, q: Array, cut_off_hz: float | None = None) -> Smoothed:
    """Low-pass without lag, then derive.

    A Butterworth filter runs forwards and backwards; each pass is of half the order, and its own cut-off is raised so
    that both together halve the power at `cut_off_hz`: 1 / (sqrt(2) - 1)^(1/2n) for a pass of order n.

    Args:
        time_s: (F,) an even grid.
        q: (F, J).
        cut_off_hz: None takes the default of `data/motion.yaml`; 0 leaves the data as they are.

    Returns:
        Smoothed coordinates with first and second derivatives of the quintic spline through them.

    Raises:
        MotionError: a cut-off too high for the rate, or too few frames.
    """
    settings = load_data("motion.yaml")["smoothing"]
    cut = float(settings["cut_off_hz"]["value"]) if cut_off_hz is None else float(cut_off_hz)
    filtered = low_pass(time_s, q, cut)
    spline = make_interp_spline(time_s, filtered, k=5)
    return Smoothed(filtered, spline.derivative(1)(time_s), spline.derivative(2)(time_s))


def low_pass(time_s: Array, values: Array, cut_off_hz: float) -> Array:
    """(F, columns) the zero-lag Butterworth low-pass of :func:`smooth`; 0 leaves the values as they are."""
    if cut_off_hz == 0.0:
        return np.array(values, dtype=float)
    rate = (len(time_s) - 1) / (time_s[-1] - time_s[0])
    highest = float(load_data("motion.yaml")["limits"]["cut_off_of_rate"]) * rate
    if not 0.0 < cut_off_hz <= highest:
        raise MotionError(
            f"cut_off_hz is {cut_off_hz:g}; expected 0 (no filter) or up to {highest:.3g} at {rate:.4g} frames a "
            "second."
        )
    order = int(load_data("motion.yaml")["smoothing"]["order"]["value"]) // 2
    raised = cut_off_hz / (np.sqrt(2.0) - 1.0) ** (0.5 / order)
    sections = butter(order, min(raised, 0.499 * rate), fs=rate, output="sos")
    reach = min(len(time_s) - 1, int(np.ceil(2.0 * rate / cut_off_hz)))
    return np.asarray(sosfiltfilt(sections, values, axis=0, padlen=reach))
