"""The musculoskeletal model: lumbar spine, pelvis and hips with a whole psoas.

    from psoas.body import Body, solve
    loads = solve(Body.of(height_m=1.80, mass_kg=82, sex="male"), "standing")
    loads.level("L5/S1").compression_n

`load_motion` reads a movement from joint angles, `load_markers` from markers; `solve_motion` gives its loads frame by
frame.

`Body` poses a person; `solve` gives muscle forces and the load of every level, `recruit` balances any equations by
muscles, `estimate` reads hip-flexor tightness from a case. MuJoCo is loaded when the first of them is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from psoas.body.flexibility.tightness import estimate
    from psoas.body.motion.load import load_motion
    from psoas.body.motion.loads import solve_motion
    from psoas.body.motion.markers.load import load_markers
    from psoas.body.recruitment.solver import recruit
    from psoas.body.statics.loads import solve
    from psoas.body.subject.model import Body

__all__ = ["Body", "estimate", "load_markers", "load_motion", "recruit", "solve", "solve_motion"]

_HOMES = {
    "subject.model": ("Body",),
    "flexibility.tightness": ("estimate",),
    "motion.load": ("load_motion",),
    "motion.loads": ("solve_motion",),
    "motion.markers.load": ("load_markers",),
    "recruitment.solver": ("recruit",),
    "statics.loads": ("solve",),
}

# The names are brought in when they are first used, so that importing psoas stays light.
__getattr__, __dir__, _ = lazy_loader.attach(__name__, submod_attrs=_HOMES)
