"""Named options of a solve: the power of the cost, co-contraction, and pressure in the abdomen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.posture import Posture, PostureError
from psoas.body.kinematics.sections import Array
from psoas.body.statics.equilibrium import Force
from psoas.body.statics.support import Place
from psoas.body.subject.model import Body


@dataclass(frozen=True)
class Options:
    """How muscles are recruited.

    Attributes:
        power: 2 or 3; effort is the sum of activation to this power.
        tone: least activation of the trunk's muscles while it is held up; None takes the default of
            ``data/recruitment.yaml``, 0 switches it off. Resting on the back or the front needs none.
        abdominal_pressure_kpa: pressure in the abdomen; it pushes the rib cage up and the pelvic floor down.
        by_volume: weigh each fascicle's activation by its volume (strength times fibre length, mean 1), so that what a
            muscle does hangs less on how many fascicles it is drawn with: the psoas has twelve, the iliacus one.
            Without it every fascicle counts alike.
    """

    power: int = 2
    tone: float | None = None
    abdominal_pressure_kpa: float = 0.0
    by_volume: bool = False

    def __post_init__(self) -> None:
        if self.power not in (2, 3):
            raise PostureError(f"power is {self.power}; expected 2 or 3.")
        if self.tone is not None and not 0.0 <= self.tone <= 0.5:
            raise PostureError(f"tone is {self.tone:g}; expected 0 to 0.5.")
        low, high = load_data("discs.yaml")["abdominal_pressure"]["range_kpa"]
        if not low <= self.abdominal_pressure_kpa <= high:
            raise PostureError(f"abdominal_pressure_kpa is {self.abdominal_pressure_kpa:g}; expected {low} to {high}.")


def tone_of(body: Body, posture: Posture, options: Options) -> Array:
    """(muscles,) least activation of each muscle in a posture."""
    tone = np.zeros(len(body.muscles.names))
    level = float(load_data("recruitment.yaml")["tone"]["value"]) if options.tone is None else options.tone
    if level > 0.0 and not posture.rests:
        groups = load_data("recruitment.yaml")["tone"]["muscles"]
        for group in groups:
            for side in ("left", "right"):
                tone[body.members(f"{group}_{side}")] = level
    return tone


def abdominal_forces(levels_m: Array, place: Callable[[str], Place], options: Options) -> tuple[Force, ...]:
    """The two ends of the abdominal pressure: up on the rib cage, down on the pelvic floor, along the trunk.

    Args:
        levels_m: (..., 6, 3) disc centres; leading axes for many postures at once.
        place: gives a bone's origin (..., 3) and axes (..., 3, 3).
        options: the pressure.
    """
    if options.abdominal_pressure_kpa == 0.0:
        return ()
    data = load_data("discs.yaml")["abdominal_pressure"]
    ahead = float(data["ahead_of_spine_m"]["value"])
    push = options.abdominal_pressure_kpa * 1e3 * float(data["area_m2"]["value"])
    top = levels_m[..., 0, :] + ahead * place("thorax")[1][..., :, 0]
    floor = levels_m[..., -1, :] + ahead * place("pelvis")[1][..., :, 0]
    along = (top - floor) / np.linalg.norm(top - floor, axis=-1, keepdims=True)
    return (
        Force("thorax", top, push * along, "abdominal_pressure"),
        Force("pelvis", floor, -push * along, "abdominal_pressure"),
    )
