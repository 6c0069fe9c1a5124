"""What the 3D view of one person shows, as plain JSON: bones, hip flexors and discs, standing and in activities.

Lengths are whole tenths of a millimetre in the room (forward, left, up), turns are quaternions (w, x, y, z) times
10,000: a scene is small and the same on every machine. Two states stand side by side: `normal`, with flexors of average
length, and `measured`, with the shortening that the measured angles tell; without angles there is only `normal`. Both
take the same postures, save in `at_ease`: there each stands as costs it least, and `stands_at` says in which frame.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from psoas.case import Case

if TYPE_CHECKING:
    from psoas.body.flexibility.tightness_result import Tightness
    from psoas.body.kinematics.posture import Posture
    from psoas.body.statics.compensation import Compensation
    from psoas.body.subject.model import Body
    from psoas.body.view.strands import Strand

Floats = NDArray[np.float64]

SCENE_FORMAT = 1
FLEXORS = ("psoas_major", "iliacus", "rectus_femoris", "sartorius", "tensor_fasciae_latae")
MUSCLE_WORDS = {
    "psoas_major": "psoas major",
    "iliacus": "iliacus",
    "rectus_femoris": "rectus femoris",
    "sartorius": "sartorius",
    "tensor_fasciae_latae": "tensor fasciae latae",
}
_ESTIMATED_AS = {"psoas_major": "iliopsoas", "iliacus": "iliopsoas"}
AT_EASE = "at_ease"
ACTIVITIES = {
    "standing": "Standing still",
    AT_EASE: "Standing with least effort",
    "walking": "Walking, one stride",
    "bending": "Bending forward and back up",
}
"""In their order; `at_ease` only where a flexor was measured."""
_STRIDE_PERCENT = tuple(range(0, 100, 4))
_BEND_DEG = (*range(0, 61, 5), *range(55, 0, -5))
_EASE_STEPS = 8
_POINTS_OF = {"standing": 28, AT_EASE: 28, "walking": 16, "bending": 16}
_PER_M = 10_000
_PER_TURN = 10_000
_KEPT = 32


def scene_of(case: Case) -> dict[str, Any]:
    """The standing body of a case, with what the tables beside it say.

    Raises:
        ValueError: a person whom the model cannot be scaled to; the message says what is allowed.
    """
    return _scene(_key(case))


def activity_of(case: Case, name: str) -> dict[str, Any]:
    """An activity of `ACTIVITIES` frame by frame: bones, strands and discs once, loads for each state.

    Raises:
        KeyError: an unknown activity, or `at_ease` of somebody of whom no flexor was measured.
        ValueError: a person whom the model cannot be scaled to.
    """
    if name not in ACTIVITIES or (name == AT_EASE and ease_of(case) is None):
        raise KeyError(name)
    return _activity(_key(case), name)


def ease_of(case: Case) -> Compensation | None:
    """How this body stands with average flexors and with its own, each as costs least.

    None where no flexor was measured, or where the model finds no such posture: the rest of the scene does without.

    Raises:
        ValueError: a person whom the model cannot be scaled to.
    """
    return _eased(_key(case))


def _key(case: Case) -> str:
    """What a scene depends on: the person and the measurements."""
    return case.model_dump_json(include={"person", "measurements"})


def _case_of(key: str) -> Case:
    return Case.model_validate({"psoas_case": 1, **json.loads(key)})


@dataclass(frozen=True)
class _Subject:
    """A body with what was measured of it; `shorten` is empty when nothing was."""

    body: Body
    found: Tightness | None
    shorten: Mapping[str, float]


def _subject(key: str) -> _Subject:
    from psoas.assessment.body_findings import body_findings
    from psoas.body.flexibility.flexor_ids import reads_a_flexor
    from psoas.body.subject.model import Body

    case = _case_of(key)
    found = body_findings(case).tightness if reads_a_flexor(case) else None
    if found is not None:
        person = found.person
        body = Body.of(height_m=person.height_m, mass_kg=person.mass_kg, sex=person.sex, age_years=person.age_years)
        return _Subject(body, found, found.shorten())
    given = case.person
    body = Body.of(
        height_m=given.height_m, mass_kg=given.mass_kg, sex=given.sex or "unspecified", age_years=given.age_years
    )
    return _Subject(body, None, {})


@lru_cache(maxsize=_KEPT)
def _eased(key: str) -> Compensation | None:
    from psoas.body.kinematics.posture import PostureError
    from psoas.body.statics.compensation import compensate

    subject = _subject(key)
    try:
        return compensate(subject.body, shorten=subject.shorten) if subject.shorten else None
    except (PostureError, ArithmeticError):
        return None


@lru_cache(maxsize=_KEPT)
def _scene(key: str) -> dict[str, Any]:
    from psoas.body.view.strands import strands

    subject = _subject(key)
    body = subject.body
    held = strands(body.pose("standing"), FLEXORS)
    return {
        "format": SCENE_FORMAT,
        "person": {
            "height_m": round(body.person.height_m, 2),
            "mass_kg": round(body.person.mass_kg, 1),
            "sex": body.person.sex,
            "assumed": [name.split("_")[0] for name in body.person.assumed],
        },
        "measured": subject.found is not None,
        "levels": _level_names(),
        "muscles": [_muscle(body, one, subject.found) for one in held],
        "activities": {name: words for name, words in ACTIVITIES.items() if name != AT_EASE or subject.shorten},
        "standing": _activity(key, "standing"),
    }


@lru_cache(maxsize=_KEPT)
def _activity(key: str, name: str) -> dict[str, Any]:
    from psoas.body.view.skeleton import places_of_bones
    from psoas.body.view.strands import strands

    subject = _subject(key)
    postures = _postures(key, name)
    normal = _solved(subject.body, postures, {})
    settled = [one.posture for one in normal]
    states = {"normal": _loads(normal)}
    if subject.found is not None:
        states["measured"] = _loads(_solved(subject.body, postures, subject.shorten))
    posed = [subject.body.pose(one) for one in settled]
    places = places_of_bones(subject.body, np.array([one.q for one in posed]))
    points = _POINTS_OF[name]
    return {
        "name": name,
        "words": ACTIVITIES[name],
        "size": round(places.size, 5),
        "bones": list(places.names),
        "positions": _whole(places.positions_m.reshape(len(posed), -1), _PER_M),
        "turns": _whole(_quaternions(places.turns).reshape(len(posed), -1), _PER_TURN),
        "strands": [[_line(one, points) for one in strands(each, FLEXORS)] for each in posed],
        "discs": [_discs(each) for each in posed],
        "states": states,
        "stands_at": {"normal": 0, "measured": _EASE_STEPS} if name == AT_EASE else None,
    }


def _postures(key: str, name: str) -> list[Posture]:
    from psoas.body.kinematics.postures import posture

    if name == AT_EASE and (eased := _eased(key)) is not None:
        way = eased.way(_EASE_STEPS)
        return [*way, *way[-2:0:-1]]
    if name == "walking":
        return [posture("walking", phase_percent=float(at)) for at in _STRIDE_PERCENT]
    if name == "bending":
        return [posture("standing", trunk_deg=float(at)) for at in _BEND_DEG]
    return [posture("standing")]


def _solved(body: Body, postures: Sequence[Posture], shorten: Mapping[str, float]) -> list[Any]:
    from psoas.body.statics.loads import solve

    return [solve(body, one, shorten=shorten) for one in postures]


def _loads(solved: Sequence[Any]) -> dict[str, Any]:
    """Compression and shear by frame and level, the pull of each muscle by frame, newtons; and whether it balances."""
    names = _level_names()
    return {
        "compression_n": [[round(each.levels[name].compression_n) for name in names] for each in solved],
        "shear_n": [[round(each.levels[name].shear_n) for name in names] for each in solved],
        "pull_n": {
            f"{muscle}_{side}": [round(each.muscles[f"{muscle}_{side}"].force_n) for each in solved]
            for muscle in FLEXORS
            for side in ("left", "right")
        },
        "balanced": all(each.feasible for each in solved),
    }


def _level_names() -> list[str]:
    """`T12/L1` to `L5/S1`, from the top: the order of the discs."""
    from psoas.body.anatomy.registration import LEVELS
    from psoas.body.statics.loads import LEVEL_NAMES

    return [LEVEL_NAMES[level] for level in LEVELS]


def _muscle(body: Body, strand: Strand, found: Tightness | None) -> dict[str, Any]:
    """A strand's muscle, side and thickness, with the shortening of its flexor where the readings tell of it."""
    muscle, side = strand.muscle.rsplit("_", 1)
    flexor = _ESTIMATED_AS.get(muscle, muscle)
    told = found is not None and found.determined(flexor, side)
    one = found.sides[side][flexor] if found is not None and told else None
    at = body.muscles.names.index(strand.fascicle)
    return {
        "name": strand.fascicle,
        "muscle": muscle,
        "side": side,
        "words": f"{MUSCLE_WORDS[muscle]}, {side}",
        "strength_n": round(float(body.muscles.strength_n[at])),
        "told": told,
        "shorter_percent": round(one.shortening_percent, 1) if one else None,
        "low": round(one.interval_90[0], 1) if one else None,
        "high": round(one.interval_90[1], 1) if one else None,
    }


def _line(strand: Strand, points: int) -> list[int]:
    """A strand as `points` points evenly along it, one after the other."""
    steps = np.linalg.norm(np.diff(strand.points, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0.0, along[-1], points)
    even = np.stack([np.interp(at, along, strand.points[:, axis]) for axis in range(3)], axis=1)
    return _whole(even.reshape(1, -1), _PER_M)[0]


def _discs(body: Body) -> list[list[int]]:
    """Each disc's centre and turn: three lengths and a quaternion; its axes are forward, left, up of the end plate."""
    geometry = body.geometry
    turns = _quaternions(np.swapaxes(geometry.level_frames, -1, -2))
    centres = _whole(geometry.level_positions_m, _PER_M)
    return [[*centre, *turn] for centre, turn in zip(centres, _whole(turns, _PER_TURN), strict=True)]


def _whole(values: Any, factor: int) -> list[list[int]]:
    found: list[list[int]] = np.rint(np.asarray(values) * factor).astype(int).tolist()
    return found


def _quaternions(turns: Any) -> Floats:
    """(..., 4) w, x, y, z from (..., 3, 3), with w at least 0."""
    import mujoco

    flat = np.ascontiguousarray(np.asarray(turns, dtype=float).reshape(-1, 9))
    found = np.empty((len(flat), 4))
    for row, matrix in zip(found, flat, strict=True):
        mujoco.mju_mat2Quat(row, matrix)
    found[found[:, 0] < 0] *= -1.0
    return found.reshape(*np.shape(turns)[:-2], 4)
