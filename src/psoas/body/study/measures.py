"""What the validation targets ask of a body: one figure per target, measured on the model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from psoas.body.anatomy.blueprint import Vector
from psoas.body.anatomy.registration import LEVELS
from psoas.body.kinematics.coordinates import INDEX
from psoas.body.subject.build import compiled_body
from psoas.body.subject.model import Body

# Our choice: the moment at which an examiner calls a passive hip movement its end.
END_FEEL_NM = 22.0
_TENSION_N_PER_CM2 = 46.0


def _optimal_fibre_cm(muscle: str) -> Callable[[Body], float]:
    return lambda body: 100.0 * body.mean_over(f"{muscle}_right", body.muscles.optimal_fibre_m)


def _hip_arm_cm(muscle: str, hip_deg: float) -> Callable[[Body], float]:
    def measure(body: Body) -> float:
        posed = body.pose({"hip_flexion_right": hip_deg})
        return 100.0 * posed.moment_arm("hip_flexion_right", f"{muscle}_right")

    return measure


def _length_change_cm(muscle: str, before: dict[str, float], after: dict[str, float]) -> Callable[[Body], float]:
    def measure(body: Body) -> float:
        name = f"{muscle}_right"
        return 100.0 * (body.pose(after).length(name) - body.pose(before).length(name))

    return measure


def _strength_n(muscle: str) -> Callable[[Body], float]:
    return lambda body: float(body.muscles.strength_n[body.members(muscle)].sum())


def _uppermost_bundle_n(body: Body) -> float:
    """Strength of the bundle of the T12-L1 segment, which this body takes half from T12 and half from L1."""
    return _strength_n("psoas_major_t12_vb_right")(body) + _strength_n("psoas_major_l1_vb_right")(body)


def _least_psoas_arm_cm(body: Body) -> float:
    return min(_hip_arm_cm("psoas_major", hip)(body) for hip in range(-20, 111, 5))


def _rectus_peak_deg(body: Body) -> float:
    angles = np.arange(0.0, 90.5, 1.0)
    arms = [_hip_arm_cm("rectus_femoris", float(hip))(body) for hip in angles]
    return float(angles[int(np.argmax(arms))])


def _to_brim_mm(fascicle: str) -> Callable[[Body], float]:
    """Length along the path from the origin to the last point on the pelvis."""

    def measure(body: Body) -> float:
        bones, points = body.pose("standing").path(f"{fascicle}_right")
        last = max(index for index, bone in enumerate(bones) if bone == "pelvis")
        return 1000.0 * float(np.linalg.norm(np.diff(points[: last + 1], axis=0), axis=1).sum())

    return measure


def _area_at_l4l5_cm2(body: Body) -> float:
    """Cross-sections of the fascicles that cross the disc, cut along its plane: area over the cosine of the slope."""
    at = body.members("psoas_major_right")
    along = np.abs(body.pose("standing").geometry.level_pull[LEVELS.index("l4l5"), 2, at])
    crossing = along > 0
    section = body.muscles.strength_n[at] / _TENSION_N_PER_CM2
    return float((section[crossing] / along[crossing]).sum())


def extension_arm_mm(body: Body, level: str, muscle: str = "psoas_major") -> float:
    """Strength-weighted arm about a level of a muscle's crossing fascicles, both sides, millimetres, extension up."""
    at = np.concatenate([body.members(f"{muscle}_{side}") for side in ("right", "left")])
    arms = -1000.0 * body.moment_arms(f"lumbar_flexion_{level}")[at]
    crossing = np.abs(arms) > 1e-9
    if not crossing.any():
        return 0.0
    return float(np.average(arms[crossing], weights=body.muscles.strength_n[at][crossing]))


def full_effort_load(body: Body, level: str, muscle: str = "psoas_major") -> Vector:
    """Force (3,) of both muscles at full strength on the part above a level: forward, left, up, in newtons."""
    at = np.concatenate([body.members(f"{muscle}_{side}") for side in ("right", "left")])
    return np.asarray(body.geometry.level_pull[LEVELS.index(level)][:, at] @ body.muscles.strength_n[at])


def psoas_pattern(body: Body) -> str:
    """`extend_above_flex_below` when full psoas effort extends L1/2 and L2/3 and flexes L4/5 and L5/S1."""
    standing = body.pose("standing")
    above = all(extension_arm_mm(standing, level) > 0 for level in ("l1l2", "l2l3"))
    below = all(extension_arm_mm(standing, level) < 0 for level in ("l4l5", "l5s1"))
    return "extend_above_flex_below" if above and below else "other"


def passive_hip_moment_nm(body: Body, hip_deg: float, knee_deg: float = 0.0) -> float:
    """Whole passive moment about the right hip, relaxed muscles and capsule, newton metres, flexion up."""
    posed = body.pose({"hip_flexion_right": hip_deg, "knee_flexion_right": knee_deg})
    muscle = float(posed.moment_arms("hip_flexion_right") @ posed.passive_tension_n())
    return muscle + float(posed.passive_moments()[INDEX["hip_flexion_right"]])


def standing_tension_n(body: Body, muscle: str) -> float:
    """Passive tension of a muscle in standing, summed over its fascicles, newtons."""
    standing = body.pose("standing")
    return float(standing.passive_tension_n()[body.members(muscle)].sum())


def _passive_zero_deg(body: Body) -> float:
    return float(brentq(lambda hip: passive_hip_moment_nm(body, hip), -20.0, 60.0, xtol=0.01))


def _end_feel_deg(toward: float, *, knee_deg: float) -> Callable[[Body], float]:
    """Angle, as a size, where the passive moment resists with END_FEEL_NM; the joint's limit if it never does."""
    direction = float(np.sign(toward))

    def measure(body: Body) -> float:
        def beyond(size: float) -> float:
            return -direction * passive_hip_moment_nm(body, direction * size, knee_deg) - END_FEEL_NM

        if beyond(abs(toward)) < 0.0:
            return abs(toward)
        return float(brentq(beyond, 0.0, abs(toward), xtol=0.01))

    return measure


def _flexion_strength_shape(body: Body) -> str:
    """Greatest hip flexion moment over hip angles, knee at 90: all flexors fully active, with passive forces."""

    def strongest(hip: float) -> float:
        posed = body.pose({"hip_flexion_right": hip, "knee_flexion_right": 90.0})
        arms = posed.moment_arms("hip_flexion_right")
        return float(np.maximum(arms, 0.0) @ posed.capacity_n()) + passive_hip_moment_nm(body, hip, 90.0)

    moments = [strongest(hip) for hip in (0.0, 30.0, 60.0, 90.0, 105.0)]
    least, most = int(np.argmin(moments)), int(np.argmax(moments))
    return "min_at_0_max_at_105" if (least, most) == (0, 4) else f"min_{least}_max_{most}"


_HIP_0 = {"hip_flexion_right": 0.0}
_HIP_90 = {"hip_flexion_right": 90.0}
ANATOMY: dict[str, Callable[[Body], float | str | None]] = {
    "vt_psoas_fibre_length": _optimal_fibre_cm("psoas_major"),
    "vt_iliacus_fibre_length": _optimal_fibre_cm("iliacus"),
    "vt_rectus_fibre_length": _optimal_fibre_cm("rectus_femoris"),
    "vt_sartorius_fibre_length": _optimal_fibre_cm("sartorius"),
    "vt_tfl_fibre_length": _optimal_fibre_cm("tensor_fasciae_latae"),
    "vt_psoas_pcsa_total": lambda body: _strength_n("psoas_major_right")(body) / _TENSION_N_PER_CM2,
    "vt_psoas_csa_l45": _area_at_l4l5_cm2,
    "vt_psoas_fmax_at_46": _strength_n("psoas_major_right"),
    "vt_l1_body_fascicle": _uppermost_bundle_n,
    "vt_l1_fascicle_to_brim": _to_brim_mm("psoas_major_l1_vb"),
    "vt_l5_fascicle_to_brim": _to_brim_mm("psoas_major_l5_vb"),
    "vt_psoas_arm_m20": _hip_arm_cm("psoas_major", -20.0),
    "vt_psoas_arm_0": _hip_arm_cm("psoas_major", 0.0),
    "vt_psoas_arm_90": _hip_arm_cm("psoas_major", 90.0),
    "vt_psoas_arm_positive": _least_psoas_arm_cm,
    "vt_iliacus_arm_0": _hip_arm_cm("iliacus", 0.0),
    "vt_iliacus_arm_90": _hip_arm_cm("iliacus", 90.0),
    "vt_rectus_arm_0": _hip_arm_cm("rectus_femoris", 0.0),
    "vt_rectus_arm_90": _hip_arm_cm("rectus_femoris", 90.0),
    "vt_rectus_arm_peak_angle": _rectus_peak_deg,
    "vt_sartorius_arm_90": _hip_arm_cm("sartorius", 90.0),
    "vt_tfl_arm_0": _hip_arm_cm("tensor_fasciae_latae", 0.0),
    "vt_psoas_dlen_0_m20": _length_change_cm("psoas_major", _HIP_0, {"hip_flexion_right": -20.0}),
    "vt_iliacus_dlen_0_90": _length_change_cm("iliacus", _HIP_0, _HIP_90),
    "vt_rectus_dlen_0_90": _length_change_cm("rectus_femoris", _HIP_0, _HIP_90),
    "vt_sartorius_dlen_knee": _length_change_cm("sartorius", _HIP_0, {"knee_flexion_right": 90.0}),
    "vt_tfl_dlen_abd": _length_change_cm("tensor_fasciae_latae", _HIP_0, {"hip_adduction_right": -10.0}),
    "vt_sartorius_dlen_0_90": _length_change_cm("sartorius", _HIP_0, _HIP_90),
    "vt_tfl_dlen_0_90": _length_change_cm("tensor_fasciae_latae", _HIP_0, _HIP_90),
    "vt_lumbar_sign_pattern": psoas_pattern,
    "vt_lumbar_arm_l12": lambda body: extension_arm_mm(body.pose("standing"), "l1l2"),
    "vt_lumbar_arm_l23": lambda body: extension_arm_mm(body.pose("standing"), "l2l3"),
    "vt_lumbar_arm_l34": lambda body: extension_arm_mm(body.pose("standing"), "l3l4"),
    "vt_lumbar_arm_l5s1": lambda body: extension_arm_mm(body.pose("standing"), "l5s1"),
    "vt_compression_l12": lambda body: -float(full_effort_load(body.pose("standing"), "l1l2")[2]),
    "vt_compression_l23": lambda body: -float(full_effort_load(body.pose("standing"), "l2l3")[2]),
    "vt_compression_l45": lambda body: -float(full_effort_load(body.pose("standing"), "l4l5")[2]),
    "vt_compression_l5s1": lambda body: -float(full_effort_load(body.pose("standing"), "l5s1")[2]),
    "vt_shear_l5s1": lambda body: float(full_effort_load(body.pose("standing"), "l5s1")[0]),
    "vt_shear_l12": lambda body: float(full_effort_load(body.pose("standing"), "l1l2")[0]),
    "vt_passive_m20": lambda body: passive_hip_moment_nm(body, -20.0),
    "vt_passive_0": lambda body: passive_hip_moment_nm(body, 0.0),
    "vt_passive_zero_angle": _passive_zero_deg,
    "vt_passive_60": lambda body: passive_hip_moment_nm(body, 60.0),
    "vt_rom_ext_20_44": _end_feel_deg(-30.0, knee_deg=0.0),
    "vt_rom_flex_20_44": _end_feel_deg(140.0, knee_deg=120.0),
    "vt_max_flexion_moment_shape": _flexion_strength_shape,
    "psoas_tension_standing": lambda body: standing_tension_n(body, "psoas_major_right"),
    "largest_end_gap": lambda body: 1000.0 * compiled_body().notes["largest_end_gap_m"],
}
