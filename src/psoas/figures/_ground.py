"""Where the person touches: a posed skeleton is set down on the floor, a mat, a table or a chair.

The poses of the pack are rounded angles and do not always close over the floor. What carries the trunk decides its
height; a leg that must touch then gives at the hip, by `GIVE_DEG` at most, and a foot that stands lies flat unless the
pose says how the ankle stands. Everything else keeps the pose's angles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from psoas.figures._skeleton import SIDES, Skeleton, pose, set_foot

if TYPE_CHECKING:
    from psoas.body.kinematics.posture import Posture

GIVE_DEG = 22.0
"""The most a leg gives at the hip to reach the floor (our choice)."""
NEAR = 0.004
"""A gap that nobody sees, m."""
COARSE_DEG, FINE_DEG, LITTLE_DEG = 4.0, 0.5, 10.0
"""Steps of the search for the floor, and a give that need not be bettered."""
ALL_FOURS_DEG = 7.0
"""How far the shoulders stand above the hips on hands and knees: arms are longer than thighs (our choice)."""
HEEL_RISES_DEG = 22.0
"""Dorsiflexion beyond which the heel comes off the floor (our choice)."""
BACK, FRONT, SIDE = 0.085, 0.095, 0.165
"""How thick the trunk is below its line when lying on the back, the front or the side, m."""
KNEE, SHIN, CALF = 0.052, 0.042, 0.055
LYING_FOOT_DEG, PRONE_FOOT_DEG = -28.0, -64.0
KNEELING_FOOT_DEG = -68.0


def carried_by(posture: Posture, part: str, side: str) -> bool:
    """Whether the support names this part of this side."""
    plural = {"foot": "feet", "knee": "knees", "shin": "shins", "leg": "legs", "calf": "calves", "hand": "hands"}
    return f"{part}_{side}" in posture.support or plural.get(part, part) in posture.support


def settle(posture: Posture, *, head_deg: float = 0.0, walking: bool = False, uneven: bool = False) -> Skeleton:
    """The skeleton of a posture, feet placed, lowest contact at height 0, middle of the hips at x = y = 0.

    Args:
        head_deg: nod of the head.
        walking: heel and toe as in a stride, not flat.
        uneven: the feet stand at different heights.
    """
    give = dict.fromkeys(SIDES, 0.0)
    if _all_fours(posture):
        posture = posture.with_angles(pelvis_tilt=posture.angle("pelvis_tilt") - ALL_FOURS_DEG)
        give = dict.fromkeys(SIDES, -ALL_FOURS_DEG)

    if uneven or "seat" in posture.support:
        return _resting(posture, give, head_deg, walking, 0.0)
    tries = []
    for first in (0.0, 0.5, 1.0):
        tries.append(_closed(posture, dict(give), head_deg, walking, first))
        if tries[-1][0] < 2 * NEAR and tries[-1][1] < LITTLE_DEG:
            break
    return min(tries, key=lambda one: (round(one[0], 2), one[1]))[2]


def _resting(
    posture: Posture, give: Mapping[str, float], head_deg: float, walking: bool, first: float
) -> Skeleton:  # fmt: skip
    """The skeleton with what carries it at height 0."""
    found = _with_feet(posture, pose(posture, hip_give_deg=give, head_deg=head_deg), walking)
    return found.moved(np.array([0.0, 0.0, -_height(posture, found, first)]))


def _closed(
    posture: Posture, give: dict[str, float], head_deg: float, walking: bool, first: float
) -> tuple[float, float, Skeleton]:  # fmt: skip
    """The gap left under the legs, m, how much the hips gave, and the skeleton; `first` as in `_height`."""

    def made() -> Skeleton:
        return _resting(posture, give, head_deg, walking, first)

    before = dict(give)
    for side in SIDES:
        bottom = _leg_contact(posture, side)
        if bottom is not None and abs(bottom(made())) >= NEAR:
            give[side] += _closing(side, give, bottom, made)
    gaps = [abs(bottom(made())) for side in SIDES if (bottom := _leg_contact(posture, side)) is not None]
    return sum(gaps), sum(abs(give[side] - before[side]) for side in SIDES), made()


def _closing(
    side: str, give: dict[str, float], bottom: Callable[[Skeleton], float], made: Callable[[], Skeleton]
) -> float:  # fmt: skip
    """Degrees at the hip that bring a leg to the floor; the nearest allowed where it cannot reach."""
    before = give[side]

    def best_of(steps: NDArray[np.float64]) -> float:
        tried = []
        for step in steps:
            give[side] = before + float(step)
            tried.append((round(abs(bottom(made())), 3), abs(float(step)), float(step)))
        give[side] = before
        return min(tried)[2]

    near = best_of(np.arange(-GIVE_DEG, GIVE_DEG + 0.01, COARSE_DEG))
    return best_of(np.clip(near + np.arange(-COARSE_DEG, COARSE_DEG + 0.01, FINE_DEG), -GIVE_DEG, GIVE_DEG))


def _all_fours(posture: Posture) -> bool:
    """Whether hands and knees carry a trunk that is not folded down onto the thighs."""
    knees = any(name.startswith("knee") for name in posture.support)
    hands = any(name.startswith("hand") for name in posture.support)
    folded = any(posture.angle(f"knee_flexion_{side}") > 120 for side in SIDES)
    return knees and hands and not folded and posture.angle("pelvis_tilt") > 60


def _height(posture: Posture, held: Skeleton, first: float) -> float:
    """Height of whatever carries the person first: the trunk, else the legs, from the lowest (0) to the highest (1)."""
    support = posture.support
    if any(name.startswith(("bed", "thorax")) for name in support) or "pelvis_front" in support:
        return _trunk_bottom(posture, held)
    legs = [found(held) for side in SIDES if (found := _leg_contact(posture, side)) is not None]
    if not legs:
        return min(float(held.points[f"heel_{side}"][2]) for side in SIDES)
    return min(legs) + first * (max(legs) - min(legs))


def _trunk_bottom(posture: Posture, held: Skeleton) -> float:
    side_lying = abs(posture.angle("pelvis_list")) > 45
    thick = SIDE if side_lying else BACK if posture.angle("pelvis_tilt") < 0 else FRONT
    names = ["spine_0", "spine_7"] if side_lying else [f"spine_{index}" for index in (0, 1, 6, 7, 8)]
    return min(float(held.points[name][2]) for name in names) - thick


def _leg_contact(posture: Posture, side: str) -> Callable[[Skeleton], float] | None:
    """The height of the place where a leg touches; None when it does not."""
    lying = any(name.startswith("bed") for name in posture.support)
    if carried_by(posture, "knee", side) and not lying:
        return lambda held: float(held.points[f"knee_{side}"][2]) - KNEE
    if carried_by(posture, "foot", side):
        return lambda held: min(float(held.points[f"{part}_{side}"][2]) for part in ("heel", "ball"))
    if carried_by(posture, "leg", side) or posture.support[0] == "bed":
        return lambda held: min(
            float(held.points[f"knee_{side}"][2]) - KNEE, float(held.points[f"ankle_{side}"][2]) - SHIN
        )
    return None


def _with_feet(posture: Posture, held: Skeleton, walking: bool) -> Skeleton:
    points, frames = dict(held.points), dict(held.frames)
    for side in SIDES:
        given = posture.angle(f"ankle_flexion_{side}")
        if given == 0.0:
            set_foot(side, _ankle(posture, held, side, walking), points, frames)
    return held.with_parts(points, frames)


def _ankle(posture: Posture, held: Skeleton, side: str, walking: bool) -> float:
    """Dorsiflexion that the support asks of a foot for which the pose says nothing, degrees."""
    shank = held.frames[f"shank_{side}"]
    lean = float(np.degrees(np.arctan2(shank[0, 2], shank[2, 2])))  # + the knee is ahead of the ankle
    if walking:
        return max(-20.0, min(lean, 5.0)) if lean > 0 else 4.0
    if carried_by(posture, "foot", side):
        return min(lean, HEEL_RISES_DEG)
    if carried_by(posture, "shin", side):
        return KNEELING_FOOT_DEG
    if carried_by(posture, "couch", side) or abs(shank[2, 2]) < 0.5:
        return PRONE_FOOT_DEG if shank[2, 0] < -0.5 else LYING_FOOT_DEG
    return -8.0
