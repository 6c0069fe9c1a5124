"""Passive moments: discs and ligaments of each lumbar level, capsule and ligaments of the hip.

The measured passive hip moment holds the pull of relaxed muscles. The capsule's part is what is left of it once the
model's own relaxed muscles are taken off, so nothing is counted twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Vector
from psoas.body.anatomy.muscles import Muscles
from psoas.body.anatomy.registration import LEVELS
from psoas.body.kinematics.coordinates import INDEX, LUMBAR_KINDS, coordinate_vector
from psoas.body.kinematics.geometry import Kinematics


@dataclass(frozen=True)
class HipCapsule:
    """Moment of capsule, ligaments and soft tissue about one hip, newton metres, positive into flexion.

    M = front * exp(-(hip + 20) / front_deg) - back * exp((hip - 120) / back_deg), hip flexion in degrees.
    """

    front_nm: float
    front_deg: float
    back_nm: float
    back_deg: float

    def moment(self, hip_deg: Vector | float) -> Vector:
        """The moment at hip flexion angles in degrees, any shape."""
        hip = np.asarray(hip_deg, dtype=float)
        front = self.front_nm * np.exp(-(hip + 20.0) / self.front_deg)
        return np.asarray(front - self.back_nm * np.exp((hip - 120.0) / self.back_deg))


@dataclass(frozen=True)
class Passive:
    """Everything passive that is not muscle, for one body. `spine_scale` and `hip_scale` carry its size."""

    capsule: HipCapsule
    spine_scale: float = 1.0
    hip_scale: float = 1.0
    hip_shift_deg: float = 0.0

    def moments(self, q: Vector, compression_n: float | Vector | None = None) -> Vector:
        """Passive generalised forces (..., J) at configurations `q` (..., J), newton metres; they act on the body.

        `compression_n`, a number or (..., 6) in the order of LEVELS, stiffens the levels; without it that of standing.
        """
        q = np.asarray(q, dtype=float)
        degrees = np.degrees(q)
        out = np.zeros(q.shape)
        stiffening = np.broadcast_to(preload_multiplier(compression_n), (*q.shape[:-1], len(LEVELS)))
        for kind in LUMBAR_KINDS:
            columns = [INDEX[f"lumbar_{kind}_{level}"] for level in LEVELS]
            out[..., columns] = self.spine_scale * stiffening * segment_moment(kind, degrees[..., columns])
        for side in ("right", "left"):
            hip = INDEX[f"hip_flexion_{side}"]
            out[..., hip] = self.hip_scale * self.capsule.moment(degrees[..., hip] - self.hip_shift_deg)
        return out


def segment_moment(kind: str, degrees: Vector) -> Vector:
    """Moment of one unloaded level (disc, ligaments, facets) at angles in degrees, any shape; it resists the angle."""
    data = load_data("passive.yaml")["spine"]
    c1, c2, c3 = data["disc_polynomials"][kind]
    stiffness = data["segment_stiffness_nm_per_deg"]
    ligaments = 1.0 - float(data["disc_share_of_segment"]["value"])
    a = np.asarray(degrees, dtype=float)
    if kind == "flexion":
        disc = c1 * a + c2 * a**2 + c3 * a**3
        return np.asarray(disc - ligaments * np.where(a > 0, stiffness["flexion"], stiffness["extension"]) * a)
    size = np.abs(a)
    disc = np.sign(a) * (c1 * size + c2 * size**2 + c3 * size**3)
    return np.asarray(disc - ligaments * stiffness[kind] * a)


def preload_multiplier(compression_n: float | Vector | None = None) -> Vector:
    """How much stiffer a level is under compression in newtons, any shape; None stands for standing."""
    data = load_data("passive.yaml")["spine"]
    if compression_n is None:
        compression_n = float(data["default_compression_n"]["value"])
    table = data["preload_multiplier"]
    return np.asarray(np.interp(compression_n, table["compression_n"], table["multiplier"]))


def measured_hip_moment(hip_deg: Vector | float, knee_deg: Vector | float) -> Vector:
    """Whole passive hip moment measured in healthy people, newton metres, positive into flexion; angles in degrees."""
    equation = load_data("passive.yaml")["hip"]["equation"]
    a, b = equation["a"], equation["b"]
    hip, knee = np.asarray(hip_deg, dtype=float), np.asarray(knee_deg, dtype=float)
    front = np.exp(a[0] + a[1] * knee + a[2] * hip)
    back = np.exp(b[0] + b[1] * knee + b[2] * hip)
    return np.asarray(front - back + float(equation["c"]))


def muscle_hip_moment(kinematics: Kinematics, muscles: Muscles, hip_deg: float, knee_deg: float) -> float:
    """Moment of all relaxed muscles about the right hip's flexion axis, newton metres, the rest of the body upright."""
    q = coordinate_vector({"hip_flexion_right": hip_deg, "knee_flexion_right": knee_deg})
    at = kinematics.evaluate(q)
    return float(at.arms_m[INDEX["hip_flexion_right"]] @ muscles.passive_n(at.lengths_m))


def fit_capsule(kinematics: Kinematics, muscles: Muscles) -> HipCapsule:
    """The capsule's moment: the measured whole less the relaxed muscles of the reference body.

    Read off at 20 and 10 degrees of extension with a straight knee, where the front of the capsule is taut, and at 120
    and 130 degrees of flexion with the knee at 90, where hamstrings are slack. What depends on the knee is muscle.
    """

    def left(hip_deg: float, knee_deg: float) -> float:
        whole = float(measured_hip_moment(hip_deg, knee_deg))
        return whole - muscle_hip_moment(kinematics, muscles, hip_deg, knee_deg)

    front, front_before = left(-20.0, 0.0), left(-10.0, 0.0)
    back, back_later = -left(120.0, 90.0), -left(130.0, 90.0)
    if not (front > front_before > 0.0 and back_later > back > 0.0):
        raise ValueError("the relaxed muscles alone exceed the measured passive hip moment; their slack is wrong")
    return HipCapsule(front, float(10.0 / np.log(front / front_before)), back, float(10.0 / np.log(back_later / back)))


def extension_shift_deg(sex: str, age_years: float) -> float:
    """How many degrees later (negative: earlier) a person's hip resists extension than the measured young adults'."""
    data = load_data("passive.yaml")["range_shift"]
    for row in data["rows"]:
        if row["age"][0] <= age_years <= row["age"][1]:
            mean = 0.5 * (row["female"] + row["male"]) if sex == "unspecified" else row[sex]
            return float(data["reference_deg"]) - float(mean)
    return 0.0
