"""How hard the psoas works in the tasks for which people wore wire electrodes, in the units of the targets."""

from __future__ import annotations

from collections.abc import Callable

from psoas.body.statics.loads import solve
from psoas.body.subject.model import Body

# Our choice: below this activation on either side, a ratio of sides is a ratio of nothing.
_SILENT = 0.01
# Of the barbell lifts of up to 100 kg that were measured; what two hands of this body can hold at all. Our choice.
_HELD_KG = 60.0


def _psoas(body: Body, task: str, hold_kg: float | None = None) -> tuple[float, float]:
    """Activation of psoas major, left and right."""
    muscles = solve(body, task, hold_kg=hold_kg).muscles
    return muscles["psoas_major_left"].activation, muscles["psoas_major_right"].activation


def _percent(task: str, hold_kg: float | None = None) -> Callable[[Body], float]:
    return lambda body: 100.0 * max(_psoas(body, task, hold_kg))


def _raised_over_resting(body: Body) -> float | None:
    """Raised (right) over resting side in the active straight leg raise; None where both are silent."""
    resting, raised = _psoas(body, "active_straight_leg_raise")
    return raised / resting if min(raised, resting) > _SILENT else None


TASKS: dict[str, Callable[[Body], float | None]] = {
    "vt_situp_activation": _percent("sit_up"),
    "vt_curlup_activation": _percent("exercise:mcgill_curl_up:end"),
    "vt_lift_activation": _percent("lifting_stoop", _HELD_KG),
    "vt_aslr_bilateral": _raised_over_resting,
}
