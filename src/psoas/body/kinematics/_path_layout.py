"""Lays a compiled model's muscle paths and joints out as the flat arrays `_path_kernel` walks."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from psoas.body.kinematics._path_kernel import CYLINDER, POINT, SPHERE

Arrays = tuple[Any, ...]


def path_arrays(model: Any) -> Arrays:
    """Steps of all paths, one after another: (first_step, kinds, bones, local, turn, radius, side_bones, side_local).

    first_step (M + 1,) bounds each fascicle's steps. A step is a point of a bone or a wrap carried by one, at `local`
    (3,) in the bone's axes; a wrap has its axes `turn` (3, 3), its radius, and the point its path keeps to.
    """
    first_step, rows = [0], []
    for tendon in range(model.ntendon):
        first = int(model.tendon_adr[tendon])
        for at in range(first, first + int(model.tendon_num[tendon])):
            thing = int(model.wrap_objid[at])
            is_point = model.wrap_type[at] == mujoco.mjtWrap.mjWRAP_SITE
            rows.append(_point(model, thing) if is_point else _wrap(model, thing, int(model.wrap_prm[at])))
        first_step.append(len(rows))
    columns = list(zip(*rows, strict=True))
    return (np.array(first_step), *(np.ascontiguousarray(np.array(column)) for column in columns))


def _point(model: Any, site: int) -> Arrays:
    return POINT, int(model.site_bodyid[site]), model.site_pos[site], np.eye(3), 0.0, 0, np.zeros(3)


def _wrap(model: Any, geom: int, side_site: int) -> Arrays:
    if side_site < 0:
        raise ValueError(f"wrap {model.geom(geom).name} has no side point; give its path one")
    radius = float(model.geom_size[geom, 0])
    turn = np.zeros(9)
    mujoco.mju_quat2Mat(turn, model.geom_quat[geom])
    kind = CYLINDER if model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_CYLINDER else SPHERE
    side_bone, side = int(model.site_bodyid[side_site]), model.site_pos[side_site]
    bone, centre = int(model.geom_bodyid[geom]), model.geom_pos[geom]
    if side_bone == bone and np.linalg.norm(side - centre) < radius:
        raise ValueError(f"wrap {model.geom(geom).name} has its side point inside; paths inside a wrap are not walked")
    return kind, bone, centre, turn.reshape(3, 3), radius, side_bone, side


def chain_arrays(model: Any, chosen: Any) -> Arrays:
    """Joints between every two bones: (first_joint, joints, signs, slides, first_source, sources).

    For bones a and b (number a * B + b) the joints that move one but not the other, sign +1 when they move b. `chosen`
    (K, J) says which coordinates each joint follows; first_source (K + 1,) and sources list them.
    """
    above = [_ancestors(model, bone) for bone in range(model.nbody)]
    own = [[j for j in range(model.njnt) if model.jnt_bodyid[j] == bone] for bone in range(model.nbody)]
    first_joint, joints, signs = [0], [], []
    for a in range(model.nbody):
        for b in range(model.nbody):
            for bone in sorted(above[a] ^ above[b]):
                joints.extend(own[bone])
                signs.extend([1.0 if bone in above[b] else -1.0] * len(own[bone]))
            first_joint.append(len(joints))
    sources = [np.flatnonzero(row) for row in chosen]
    return (
        np.array(first_joint),
        np.array(joints),
        np.array(signs),
        np.array(model.jnt_type == mujoco.mjtJoint.mjJNT_SLIDE),
        np.concatenate([[0], np.cumsum([len(found) for found in sources])]),
        np.concatenate(sources),
    )


def _ancestors(model: Any, bone: int) -> frozenset[int]:
    """The bone itself and every bone that carries it, the room left out."""
    found = set()
    while bone > 0:
        found.add(bone)
        bone = int(model.body_parentid[bone])
    return frozenset(found)
