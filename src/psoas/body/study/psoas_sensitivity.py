"""How much the psoas's action depends on what is least certain of it: where it crosses the pelvic brim.

Another model's authors moved their psoas twice because the load of L5/S1 hangs on millimetres of this point.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from psoas.body.anatomy.assembly import corrected_blueprint
from psoas.body.anatomy.registration import LEVELS
from psoas.body.study.measures import extension_arm_mm, full_effort_load, standing_tension_n
from psoas.body.subject.build import compile_blueprint
from psoas.body.subject.model import Body
from psoas.body.subject.scaling import reference_person


@dataclass(frozen=True)
class PsoasAction:
    """What the psoas does in standing with its brim point moved by `moved_mm` (forward, outward, up).

    extension_arm_mm by level, extension positive; compression_n and shear_n of L5/S1 with both sides at full strength;
    hip_arm_cm into flexion; tension_n of one relaxed muscle.
    """

    moved_mm: tuple[float, float, float]
    extension_arm_mm: dict[str, float]
    compression_n: float
    shear_n: float
    hip_arm_cm: float
    tension_n: float


def brim_sensitivity(step_mm: float = 5.0) -> list[PsoasAction]:
    """The psoas's action as it is and with its brim point moved by `step_mm` each way along each axis."""
    moves = [(0.0, 0.0, 0.0)]
    for axis in range(3):
        for sign in (-1.0, 1.0):
            move = [0.0, 0.0, 0.0]
            move[axis] = sign * step_mm
            moves.append((move[0], move[1], move[2]))
    return [_action(move) for move in moves]


def _action(moved_mm: tuple[float, float, float]) -> PsoasAction:
    body = _with_brim_moved(moved_mm)
    force = full_effort_load(body, "l5s1")
    return PsoasAction(
        moved_mm=moved_mm,
        extension_arm_mm={level: extension_arm_mm(body, level) for level in LEVELS},
        compression_n=-float(force[2]),
        shear_n=float(force[0]),
        hip_arm_cm=100.0 * body.moment_arm("hip_flexion_right", "psoas_major_right"),
        tension_n=standing_tension_n(body, "psoas_major_right"),
    )


def _with_brim_moved(moved_mm: tuple[float, float, float]) -> Body:
    """The reference body with the brim point moved; on the right, outward is to the right."""
    shift = np.array([moved_mm[0], -moved_mm[1], moved_mm[2]]) / 1000.0
    plan = corrected_blueprint(psoas_brim_shift_m=shift)
    return Body.compiled(compile_blueprint(plan), reference_person())
