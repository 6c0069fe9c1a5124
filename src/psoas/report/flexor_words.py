"""How the estimate of the hip flexors is worded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psoas.body.flexibility.tightness_result import NextMeasurement, Tightness
    from psoas.body.statics.compensation import Compensation

FLEXOR_WORDS = {
    "iliopsoas": "iliopsoas (psoas and iliacus)",
    "rectus_femoris": "rectus femoris",
    "sartorius": "sartorius",
    "tensor_fasciae_latae": "tensor fasciae latae",
}
MEASURE_WORDS = {
    "modified_thomas.thigh_angle": "the thigh in the modified Thomas test",
    "modified_thomas.knee_angle": "the knee in the modified Thomas test",
    "modified_thomas.abduction": "the drift outwards in the modified Thomas test",
    "ober.angle": "the modified Ober test",
    "hip.extension": "hip extension lying prone, with an inclinometer",
    "ely.knee_flexion": "the prone knee bend (Ely), up to where the buttock lifts",
}
CAVEAT = (
    "A short hip flexor is a finding worth working on, not proof of the source of the pain. "
    "Re-test after working on it."
)
LOADS_TITLE = "What the model makes of it, standing still (against flexors of average length):"
_CLEAR = 0.9
_LIKELY = 0.6
_HARDLY_DEG = 0.5
"""A change of posture below this rounds to nothing; our choice."""


def in_short(found: Tightness) -> str:
    """The clearest difference, or that there is none, in a sentence."""
    told = [
        (one.probability_real, flexor, one.percent)
        for flexor, one in found.difference.items()
        if all(found.determined(flexor, side) for side in ("left", "right"))
    ]
    if not told:
        return "These readings do not tell left from right; measure both sides with the pelvis held."
    real, flexor, percent = max(told)
    side = "right" if percent > 0 else "left"
    which, by = f"The {side} {FLEXOR_WORDS[flexor]}", f"about {abs(percent):.0f} %"
    if real >= _CLEAR:
        return f"{which} is shorter than the other side's by {by}: more than measuring can err."
    if real >= _LIKELY:
        return f"{which} may be shorter than the other side's ({by}); measuring could err as much."
    return "No difference between the sides beyond what measuring can err."


def muscle_and_side(name: str) -> str:
    """`sartorius_left` as 'sartorius left'."""
    muscle, side = name.rsplit("_", 1)
    return f"{muscle.replace('_', ' ')} {side}"


def next_words(one: NextMeasurement) -> str:
    """What to measure next, and what it would tell."""
    return (
        f"{MEASURE_WORDS[one.id]}, {one.side}, pelvis held ({one.id}): would tell most of the "
        f"{one.settles.replace('_', ' ')}, now known to {one.sd_now:.0f} %, then to {one.sd_then:.1f} %."
    )


def at_ease_words(found: Compensation) -> str:
    """How the body would stand with these flexors, against average ones, in sentences."""
    change = found.changes()
    tilt, lumbar, pressed = (
        change[name] for name in ("chosen_pelvic_tilt_deg", "chosen_lumbar_flexion_deg", "chosen_compression_L5/S1_n")
    )
    parts = [
        *([f"its pelvis tilted {_degrees(tilt)} further {_way(tilt, 'forward', 'back')}"] if _told(tilt) else []),
        *([f"its lumbar curve {_degrees(lumbar)} {_way(lumbar, 'flatter', 'deeper')}"] if _told(lumbar) else []),
        *(
            f"its {side} knee {_degrees(knee)} {_way(knee, 'more bent', 'straighter')}"
            for side in ("left", "right")
            if _told(knee := change[f"chosen_knee_flexion_{side}_deg"])
        ),
    ]
    how = f"with {', '.join(parts[:-1])}{' and ' if parts[:-1] else ''}{parts[-1]}" if parts else "hardly otherwise"
    load = f"{abs(pressed):.0f} N {_way(pressed, 'more', 'less')}"
    return (
        f"Left to choose the posture of least effort, this body would stand {how} than with average flexors; "
        f"L5/S1 would carry {load}. This is the model's own result: nothing published was found to hold it against."
    )


def _told(degrees: float) -> bool:
    return abs(degrees) >= _HARDLY_DEG


def _degrees(change: float) -> str:
    return f"{abs(change):.0f}°"


def _way(change: float, more: str, less: str) -> str:
    return more if change > 0 else less
