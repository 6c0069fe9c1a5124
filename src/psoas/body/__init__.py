"""The musculoskeletal model: lumbar spine, pelvis and hips with a whole psoas.

    from psoas.body import Body, solve
    loads = solve(Body.of(height_m=1.80, mass_kg=82, sex="male"), "standing")
    loads.level("L5/S1").compression_n

`Body` poses a person; `solve` gives muscle forces and the load of every level, `recruit` balances any equations by
muscles, `estimate` reads hip-flexor tightness from a case. MuJoCo is loaded when the first of them is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psoas.body.flexibility.tightness import estimate
    from psoas.body.recruitment.solver import recruit
    from psoas.body.statics.loads import solve
    from psoas.body.subject.model import Body

__all__ = ["Body", "estimate", "recruit", "solve"]

_HOME_OF = {
    "Body": "subject.model",
    "estimate": "flexibility.tightness",
    "recruit": "recruitment.solver",
    "solve": "statics.loads",
}


def __getattr__(name: str) -> Any:
    """The four names are brought in when they are first used, so that importing psoas stays light."""
    if home := _HOME_OF.get(name):
        return getattr(import_module(f"psoas.body.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
