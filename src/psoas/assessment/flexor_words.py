"""How the estimate of the hip flexors is worded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psoas.body.tightness_result import NextMeasurement, Tightness

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
