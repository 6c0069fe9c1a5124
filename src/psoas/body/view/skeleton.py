"""The bones as surfaces in the room, for pictures: `myo-sim`'s meshes on the joints of a posed body."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from psoas.body._folders import cache_folder
from psoas.body.anatomy.blueprint import MIRROR, Surface, Vector
from psoas.body.subject.cache import cache_key
from psoas.body.subject.model import Body
from psoas.body.subject.scaling import reference_person

# Which bone of the model carries each surface that is shown; the rib cage would hide what matters.
_CARRIED_BY = {
    "t12": "thorax",
    "l1": "l1",
    "l2": "l2",
    "l3": "l3",
    "l4": "l4",
    "l5": "l5",
    "pelvis": "pelvis",
    "femur_right": "femur_right",
    "patella_right": "patella_right",
    "tibia_right": "tibia_right",
    "foot_right": "foot_right",
}


def bones_in_room(body: Body) -> dict[str, Surface]:
    """The surface of every bone shown, both sides, in the room at the body's posture; metres."""
    body.kinematics.place(body.q)
    model, data = body.kinematics.model, body.kinematics.bone_data
    size = body.person.height_m / reference_person().height_m
    placed: dict[str, Surface] = {}
    for name, neutral in neutral_bones().items():
        right = _CARRIED_BY[name]
        placed[name] = _placed(model, data, right, neutral.vertices * size, neutral.faces)
        if name.endswith("_right"):
            left = right.removesuffix("_right") + "_left"
            mirrored = neutral.vertices * MIRROR * size
            placed[left] = _placed(model, data, left, mirrored, neutral.faces[:, ::-1])
    return placed


@dataclass(frozen=True)
class BonePlaces:
    """Where bones are in some postures: `positions_m` (n, bones, 3) and `turns` (n, bones, 3, 3), in the room.

    `names` are those of `bones_at_their_joints`, with a left-hand bone beside each right-hand one; the bones of a
    person are those surfaces times `size`. A left-hand bone is the right-hand one mirrored, left for right.
    """

    names: tuple[str, ...]
    size: float
    positions_m: Vector
    turns: Vector


def bones_at_their_joints() -> dict[str, Surface]:
    """Midline and right-hand bones of the reference man, each in the axes of its own joint; metres."""
    from psoas.body.subject.build import compiled_body

    model = compiled_body().model
    return {
        name: Surface(one.vertices - _origin(model, model.body(_CARRIED_BY[name]).id), one.faces)
        for name, one in neutral_bones().items()
    }


def places_of_bones(body: Body, configurations: Vector) -> BonePlaces:
    """Where every bone shown is, both sides, at configurations (n, J), radians and metres."""
    model, data = body.kinematics.model, body.kinematics.bone_data
    carriers = dict(_CARRIED_BY)
    for name in _CARRIED_BY:
        if name.endswith("_right"):
            carriers[name.removesuffix("_right") + "_left"] = name.removesuffix("_right") + "_left"
    at = [model.body(carrier).id for carrier in carriers.values()]
    positions, turns = [], []
    for q in np.atleast_2d(configurations):
        body.kinematics.place(q)
        positions.append(np.array(data.xpos)[at])
        turns.append(np.array(data.xmat).reshape(-1, 3, 3)[at])
    size = body.person.height_m / reference_person().height_m
    return BonePlaces(tuple(carriers), size, np.stack(positions), np.stack(turns))


def _placed(model: Any, data: Any, bone: str, vertices: Vector, faces: Any) -> Surface:
    """`vertices` (n, 3) of the neutral posture where the bone is now: every bone's axes are the room's at neutral."""
    index = model.body(bone).id
    turn = np.asarray(data.xmat[index]).reshape(3, 3)
    return Surface((vertices - _origin(model, index)) @ turn.T + data.xpos[index], faces)


def _origin(model: Any, bone: int) -> Vector:
    """Where a bone's joint (3,) is at the neutral posture, metres."""
    origin = np.zeros(3)
    while bone > 0:
        origin = origin + model.body_pos[bone]
        bone = int(model.body_parentid[bone])
    return origin


@cache
def neutral_bones() -> dict[str, Surface]:
    """Midline and right-hand bones of the reference man at the neutral posture, the spine seated on the sacrum.

    Composing the source takes seconds, so the surfaces are kept in the cache folder, per version.
    """
    path = cache_folder() / f"bones-{cache_key()}.npz"
    try:
        with np.load(path) as kept:
            return {name: Surface(kept[f"{name}.vertices"], kept[f"{name}.faces"]) for name in _CARRIED_BY}
    except (OSError, KeyError, ValueError):
        pass
    found = _read_bones()
    _keep(path, found)
    return found


def _read_bones() -> dict[str, Surface]:
    from psoas.body.anatomy.registration import TRUNK_BONES, spine_shift
    from psoas.body.anatomy.source import read_source

    surfaces, shift = read_source().surfaces, spine_shift()
    return {
        name: surfaces[name].moved(shift) if carrier in TRUNK_BONES else surfaces[name]
        for name, carrier in _CARRIED_BY.items()
    }


def _keep(path: Path, bones: dict[str, Surface]) -> None:
    """Write beside and move into place; a folder that cannot be written means reading the source every time."""
    arrays: dict[str, Any] = {}
    for name, surface in bones.items():
        arrays[f"{name}.vertices"], arrays[f"{name}.faces"] = surface.vertices, surface.faces
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        Path(temporary).replace(path)
    except OSError:
        return
