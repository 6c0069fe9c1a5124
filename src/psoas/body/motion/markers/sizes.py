"""A body whose bones have each their own size."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import mujoco
import numpy as np

from psoas.body.kinematics.coordinates import COORDINATES
from psoas.body.kinematics.geometry import Dependency, Kinematics
from psoas.body.kinematics.sections import Array
from psoas.body.motion.errors import MotionError
from psoas.body.motion.markers.sites import Site, data
from psoas.body.subject.build import compiled_body
from psoas.body.subject.model import Body
from psoas.body.subject.scaling import scaled

_TRUNK = ("l5", "l4", "l3", "l2", "l1", "thorax", "head", "arms")


def measured_sizes(body: Body, name: str, landmarks: Mapping[str, Array]) -> dict[str, float]:
    """Size of pelvis, femur, tibia, foot and thorax over that of `body`, from distances between landmarks (3,), m.

    Raises:
        MotionError: a size beyond what is believed.
    """
    ours = standing_landmarks(body)
    low, high = data()["limits"]["size"]
    out = {}
    for bone, pairs in data()["sizes"].items():
        ratios = [
            float(np.linalg.norm(landmarks[a] - landmarks[b]) / np.linalg.norm(ours[a] - ours[b]))
            for pair in pairs
            for a, b in _sided(pair)
            if a in landmarks and b in landmarks
        ]
        out[bone] = float(np.mean(ratios)) if ratios else 1.0
        if not low <= out[bone] <= high:
            raise MotionError(
                f"{name}: the {bone} comes out {out[bone]:.2f} times the size that goes with {body.person.height_m:g} "
                f"m; expected {low:g} to {high:g}. Is the height right, are the markers in the unit that the file says?"
            )
    return out


def _sided(pair: list[str]) -> list[tuple[str, str]]:
    rows = data()["landmarks"]

    def of(word: str, side: str) -> str:
        return word if word not in rows or rows[word].get("middle") else f"{word}_{side}"

    both = [(of(pair[0], side), of(pair[1], side)) for side in ("left", "right")]
    return list(dict.fromkeys(both))


def standing_landmarks(body: Body) -> dict[str, Array]:
    """Place (3,) of every landmark on the standing body, m."""
    body.kinematics.place(np.zeros(len(COORDINATES)))
    bones: Any = body.kinematics.bone_data
    model: Any = body.kinematics.model
    out = {}
    for key, row in data()["landmarks"].items():
        for side in ("left", "right"):
            at = (
                np.array(row["at"])
                * [1.0, 1.0 if side == "left" else -1.0, 1.0]
                * body.person.height_m
                / data()["height_m"]
            )
            where = np.array(bones.xpos[model.body(str(row["bone"]).replace("SIDE", side)).id]) + at
            out[key if row.get("middle") else f"{key}_{side}"] = where
    return out


def first_places(body: Body, sites: Mapping[str, Site], sizes: Mapping[str, float]) -> dict[str, Array]:
    """Place (3,) of each landmark's marker on its bone, m, in a body of these sizes."""
    scale = body.person.height_m / data()["height_m"]
    return {
        label: np.array(site.at) * scale * sizes.get(site.bone.partition("_")[0], 1.0)
        for label, site in sites.items()
        if site.at is not None
    }


def resized(body: Body, sizes: Mapping[str, float]) -> Body:
    """The body with its bones made larger or smaller; muscles keep their proportions along their paths.

    Args:
        body: as made from height and mass.
        sizes: factor by `pelvis`, `femur`, `tibia`, `foot`, `thorax` (the whole trunk above the pelvis).
    """
    model = copy.copy(body.kinematics.model)
    names = [str(model.body(at).name) for at in range(model.nbody)]
    factor = np.array([_factor(name, sizes) for name in names])
    thorax = names.index("thorax")
    before = _height(model, thorax)
    model.body_pos *= factor[np.asarray(model.body_parentid)][:, None]
    model.body_ipos *= factor[:, None]
    for array, owner in (
        (model.jnt_pos, model.jnt_bodyid),
        (model.site_pos, model.site_bodyid),
        (model.geom_pos, model.geom_bodyid),
        (model.geom_size, model.geom_bodyid),
    ):
        array *= factor[np.asarray(owner)][:, None]
    model.body_inertia *= (factor**2)[:, None]
    model.body_pos[names.index("abdomen")] *= _height(model, thorax) / before / factor[names.index("pelvis")]
    mujoco.mj_setConst(model, mujoco.MjData(model))
    rules = tuple(_resized_rule(rule, model, sizes) for rule in scaled(compiled_body(), body.person)[1])
    kinematics = Kinematics(model, rules)
    standing = np.zeros(len(COORDINATES))
    ratio = kinematics.lengths(standing) / body.kinematics.lengths(standing)
    muscles = replace(
        body.muscles, optimal_fibre_m=body.muscles.optimal_fibre_m * ratio, slack_m=body.muscles.slack_m * ratio
    )
    return replace(body, kinematics=kinematics, muscles=muscles)


def _factor(name: str, sizes: Mapping[str, float]) -> float:
    stem = name.partition("_")[0]
    word = "thorax" if stem in _TRUNK else {"patella": "femur", "abdomen": "pelvis"}.get(stem, stem)
    return float(sizes.get(word, 1.0))


def _height(model: Any, body: int) -> float:
    """Height of a bone's origin over the pelvis's in standing, m."""
    total = 0.0
    while body > 1:
        total += float(model.body_pos[body][2])
        body = int(model.body_parentid[body])
    return total


def _resized_rule(rule: Dependency, model: Any, sizes: Mapping[str, float]) -> Dependency:
    """The knee slides along a thigh of another length."""
    slide = model.jnt_type[rule.address] == mujoco.mjtJoint.mjJNT_SLIDE
    if not (slide and len(rule.polynomial) > 2):
        return rule
    return replace(rule, polynomial=tuple(float(sizes.get("femur", 1.0)) * c for c in rule.polynomial))
