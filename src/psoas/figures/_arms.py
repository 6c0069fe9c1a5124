"""Arms that reach for something: two links from the shoulder to where the hand is.

The body model has no arm joints, so where a pose does not set the shoulder, a picture says by name where the hands are
(`scenes.yaml`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from psoas.figures._skeleton import FOREARM, OUT, UPPER_ARM, Point, Skeleton

HAND = 0.15
SHORTEST = 0.12
Place = Callable[[Skeleton, str], Skeleton]

AHEAD, BACK, UP, DOWN = (np.array(axis, dtype=float) for axis in ((1, 0, 0), (-1, 0, 0), (0, 0, 1), (0, 0, -1)))


def reach(held: Skeleton, side: str, target: Point, *, elbow: Point, hand: Point | None = None) -> Skeleton:
    """Put a hand at a place.

    Args:
        target: where the wrist goes; out of reach, the arm is straight toward it.
        elbow: direction in which the elbow points, in the world.
        hand: direction of the fingers; along the forearm when left out.
    """
    shoulder = held.points[f"shoulder_{side}"]
    way = target - shoulder
    far = max(float(np.linalg.norm(way)), 1e-9)
    ahead = way / far
    distance = min(max(far, SHORTEST), UPPER_ARM + FOREARM - 0.002)
    aside = elbow - ahead * float(elbow @ ahead)
    aside = aside / max(float(np.linalg.norm(aside)), 1e-9)
    along = (UPPER_ARM**2 + distance**2 - FOREARM**2) / (2 * distance)
    joint = shoulder + along * ahead + np.sqrt(max(UPPER_ARM**2 - along**2, 0.0)) * aside
    wrist = shoulder + distance * ahead
    fingers = wrist - joint if hand is None else hand
    fingers = fingers / float(np.linalg.norm(fingers))
    return held.with_parts({f"elbow_{side}": joint, f"wrist_{side}": wrist, f"finger_{side}": wrist + HAND * fingers})


def _out(held: Skeleton, side: str) -> Point:
    return np.asarray(OUT[side] * held.frames["thorax"][:, 1])


def _hang(held: Skeleton, side: str) -> Skeleton:
    target = held.points[f"shoulder_{side}"] + 0.5 * DOWN + 0.05 * _out(held, side) + 0.04 * AHEAD
    return reach(held, side, target, elbow=BACK)


def _floor(held: Skeleton, side: str) -> Skeleton:
    target = held.points[f"shoulder_{side}"] * np.array([1.0, 1.0, 0.0]) + np.array([0.0, 0.0, 0.045])
    return reach(held, side, target, elbow=BACK, hand=AHEAD + 0.25 * DOWN)


def _floor_ahead(held: Skeleton, side: str) -> Skeleton:
    target = held.points[f"shoulder_{side}"] * np.array([1.0, 1.0, 0.0]) + np.array([0.48, 0.0, 0.04])
    return reach(held, side, target, elbow=UP, hand=AHEAD + 0.12 * DOWN)


def _press(held: Skeleton, side: str) -> Skeleton:
    target = held.points[f"shoulder_{side}"] * np.array([1.0, 1.0, 0.0]) + np.array([0.02, 0.0, 0.04])
    if held.points[f"shoulder_{side}"][2] < 0.2:
        target = target + 0.14 * AHEAD + 0.05 * _out(held, side)
    return reach(held, side, target, elbow=BACK + 0.6 * UP, hand=AHEAD + 0.15 * DOWN)


def _mat(held: Skeleton, side: str) -> Skeleton:
    along = held.frames["thorax"][:, 2] * np.array([1.0, 1.0, 0.0])
    target = held.points[f"shoulder_{side}"] - 0.49 * along + 0.1 * _out(held, side)
    target[2] = 0.035
    return reach(held, side, target, elbow=_out(held, side), hand=-along)


def _belly(held: Skeleton, side: str) -> Skeleton:
    front, out = held.frames["thorax"][:, 0], _out(held, side)
    target = held.points["spine_3"] + 0.11 * front + 0.09 * out
    return reach(held, side, target, elbow=out - 0.5 * front, hand=-out - 0.25 * held.frames["thorax"][:, 2])


def _chest(held: Skeleton, side: str) -> Skeleton:
    front, out, up = held.frames["thorax"][:, 0], _out(held, side), held.frames["thorax"][:, 2]
    target = held.points["spine_7"] + 0.13 * front + 0.02 * out + 0.02 * up
    return reach(held, side, target, elbow=out - up, hand=-out + 0.6 * up)


def _hips(held: Skeleton, side: str) -> Skeleton:
    out, frame = _out(held, side), held.frames["pelvis"]
    target = held.points["spine_1"] + 0.15 * out + 0.05 * frame[:, 0] + 0.02 * frame[:, 2]
    return reach(
        held, side, target, elbow=1.2 * out - 0.7 * held.frames["thorax"][:, 0], hand=frame[:, 0] - 0.7 * frame[:, 2]
    )


def _under_back(held: Skeleton, side: str) -> Skeleton:
    target = held.points["spine_3"] + 0.05 * _out(held, side)
    target[2] = 0.03
    return reach(held, side, target, elbow=_out(held, side), hand=-_out(held, side))


def _forward(held: Skeleton, side: str) -> Skeleton:
    target = held.points[f"shoulder_{side}"] + 0.44 * AHEAD + 0.12 * DOWN
    return reach(held, side, target, elbow=DOWN)


def _knee(leg: str, share: float) -> Place:
    def hold(held: Skeleton, side: str) -> Skeleton:
        target = held.along(f"hip_{leg}", f"knee_{leg}", share) + 0.075 * held.frames[f"thigh_{leg}"][:, 0]
        return reach(held, side, target, elbow=0.6 * _out(held, side) + 0.5 * DOWN - 0.5 * AHEAD)

    return hold


def _behind_thigh(leg: str) -> Place:
    def hold(held: Skeleton, side: str) -> Skeleton:
        thigh = held.frames[f"thigh_{leg}"]
        target = held.along(f"hip_{leg}", f"knee_{leg}", 0.74) - 0.07 * thigh[:, 0] + 0.04 * OUT[side] * thigh[:, 1]
        return reach(
            held,
            side,
            target,
            elbow=_out(held, side) + 0.4 * DOWN,
            hand=-OUT[side] * thigh[:, 1] - 0.3 * thigh[:, 0] - 0.5 * thigh[:, 2],
        )

    return hold


def _shin(leg: str) -> Place:
    def hold(held: Skeleton, side: str) -> Skeleton:
        shank = held.frames[f"shank_{leg}"]
        target = held.along(f"knee_{leg}", f"ankle_{leg}", 0.1) + 0.07 * shank[:, 0] + 0.03 * OUT[side] * shank[:, 1]
        return reach(held, side, target, elbow=_out(held, side) + 0.6 * DOWN)

    return hold


def _strap(leg: str) -> Place:
    def hold(held: Skeleton, side: str) -> Skeleton:
        foot = held.points[f"ball_{leg}"]
        chest = held.points["spine_7"] + 0.16 * held.frames["thorax"][:, 0]
        way = foot - chest
        target = chest + 0.28 * way / float(np.linalg.norm(way)) + 0.02 * _out(held, side)
        return reach(held, side, target, elbow=_out(held, side) + DOWN)

    return hold


def _chair(held: Skeleton, side: str) -> Skeleton:
    target = held.points["pelvis"] + np.array([0.42, OUT[side] * 0.12, 0.0])
    target[2] = 0.9
    return reach(held, side, target, elbow=DOWN + 0.3 * BACK, hand=AHEAD + 0.4 * DOWN)


def _forearm_floor(held: Skeleton, side: str) -> Skeleton:
    shoulder = held.points[f"shoulder_{side}"]
    elbow = np.array([shoulder[0], shoulder[1], 0.035])
    across = held.frames["pelvis"][:, 0]
    return held.with_parts(
        {
            f"elbow_{side}": elbow,
            f"wrist_{side}": elbow + FOREARM * across,
            f"finger_{side}": elbow + (FOREARM + HAND) * across,
        }
    )


def _under_head(held: Skeleton, side: str) -> Skeleton:
    along = held.frames["thorax"][:, 2]
    target = held.points["head"] + 0.04 * along
    target[2] = 0.03
    return reach(held, side, target, elbow=along + AHEAD + 0.4 * UP, hand=along)


def _mat_in_front(held: Skeleton, side: str) -> Skeleton:
    target = held.points["spine_3"] + 0.2 * held.frames["thorax"][:, 0]
    target[2] = 0.05
    return reach(held, side, target, elbow=UP, hand=held.frames["thorax"][:, 2] + 0.2 * DOWN)


def _under_face(held: Skeleton, side: str) -> Skeleton:
    along, out = held.frames["thorax"][:, 2], _out(held, side)
    target = held.points["head"] + 0.03 * along + 0.02 * out
    target[2] = 0.03
    return reach(held, side, target, elbow=out + 0.2 * along, hand=-out + 0.1 * along)


def _lap(held: Skeleton, side: str) -> Skeleton:
    target = held.along(f"hip_{side}", f"knee_{side}", 0.45) + 0.11 * UP
    return reach(held, side, target, elbow=_out(held, side) + BACK, hand=AHEAD - 0.4 * _out(held, side))


def _ribs(held: Skeleton, side: str) -> Skeleton:
    front, out = held.frames["thorax"][:, 0], _out(held, side)
    target = held.points["spine_6"] + 0.08 * front + 0.13 * out
    return reach(held, side, target, elbow=out - 0.6 * front, hand=front - 0.4 * out)


def _wall(held: Skeleton, side: str) -> Skeleton:
    target = held.points["pelvis"] + np.array([0.42, OUT[side] * 0.15, 0.0])
    target[2] = 1.2
    return reach(held, side, target, elbow=DOWN + 0.3 * _out(held, side), hand=UP + 0.1 * AHEAD)


def _handlebar(held: Skeleton, side: str) -> Skeleton:
    target = held.points[f"shoulder_{side}"] + 0.36 * AHEAD + 0.3 * DOWN
    return reach(held, side, target, elbow=DOWN + 0.4 * _out(held, side), hand=AHEAD + 0.3 * DOWN)


def _poles(held: Skeleton, side: str) -> Skeleton:
    target = held.points[f"shoulder_{side}"] + 0.3 * AHEAD + 0.34 * DOWN + 0.05 * _out(held, side)
    return reach(held, side, target, elbow=DOWN + BACK, hand=AHEAD + 0.2 * DOWN)


def _run(held: Skeleton, side: str) -> Skeleton:
    ahead = -1.0 if float(held.points[f"knee_{side}"][0]) > float(held.points["pelvis"][0]) + 0.1 else 1.0
    target = held.points[f"shoulder_{side}"] + (0.08 + 0.16 * ahead) * AHEAD + (0.24 - 0.06 * ahead) * DOWN
    return reach(held, side, target, elbow=BACK + 0.6 * DOWN)


def _balance(held: Skeleton, side: str) -> Skeleton:
    target = held.points[f"shoulder_{side}"] + 0.4 * _out(held, side) + 0.22 * DOWN + 0.1 * AHEAD
    return reach(held, side, target, elbow=DOWN + 0.4 * BACK)


def _as_posed(held: Skeleton, side: str) -> Skeleton:
    return held


PLACES: Mapping[str, Place] = MappingProxyType({
    "hang": _hang, "floor": _floor, "floor_ahead": _floor_ahead, "press": _press, "mat": _mat, "belly": _belly,
    "chest": _chest, "hips": _hips, "under_back": _under_back, "forward": _forward, "chair": _chair,
    "forearm_floor": _forearm_floor, "under_head": _under_head, "mat_in_front": _mat_in_front, "posed": _as_posed,
    "under_face": _under_face, "lap": _lap, "ribs": _ribs, "wall": _wall, "handlebar": _handlebar, "poles": _poles,
    "run": _run, "balance": _balance,
    "left_knee": _knee("left", 0.8), "right_knee": _knee("right", 0.8), "left_shin": _shin("left"),
    "behind_right_thigh": _behind_thigh("right"), "behind_left_thigh": _behind_thigh("left"),
    "strap_right": _strap("right"),
})  # fmt: skip
"""Where a hand may be, by name."""


def swing(held: Skeleton, side: str) -> Skeleton:
    """An arm that swings in walking, against the leg of its side."""
    leg = held.points[f"ankle_{side}"] - held.points["pelvis"]
    target = held.points[f"shoulder_{side}"] + 0.44 * DOWN - 0.45 * float(leg[0]) * AHEAD + 0.04 * _out(held, side)
    return reach(held, side, target + 0.03 * AHEAD, elbow=BACK)


def place(held: Skeleton, side: str, where: str) -> Skeleton:
    """Put one arm where a scene says."""
    return PLACES[where](held, side)
