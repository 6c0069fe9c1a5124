"""Reads bones, joints, muscle paths and surfaces out of `myo-sim` into a `Blueprint`, uncorrected.

`myo-sim` (Apache-2.0) composes its full body from a torso after Christophy 2012 and legs after Rajagopal 2016. None of
it is copied here: the composed specification is compiled once in memory and read.
"""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import mujoco
import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Blueprint, Bone, Joint, Over, Point, Route, Step, Surface, Vector, Wrap

_LOG = logging.getLogger("psoas.body")
# Columns of the source frame (x left, y back, z up) that make ours (x forward, y left, z up).
_TO_OURS = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
_MIDLINE_SOURCE_X = -0.025
# The source's hip axes are 0.06 degrees off the anatomical ones; exact axes keep a one-plane posture in its plane.
_HIP_AXES = {
    "hip_flexion_r": (0.0, -1.0, 0.0),
    "hip_adduction_r": (1.0, 0.0, 0.0),
    "hip_rotation_r": (0.0, 0.0, 1.0),
}


_COMPOSING = threading.RLock()
"""The filters of Python's warnings belong to the whole process, and so does the source's own composer."""


def hear_mujoco() -> None:
    """Sends MuJoCo's warnings to the log `psoas.body`: otherwise it writes a MUJOCO_LOG.TXT into the caller's folder.

    MuJoCo has one handler for the process and calls it from any thread; swapped while another thread computes, it ends
    the process. So it is set once, before the first model, and stays. A handler that somebody else has set is left.
    """
    with _COMPOSING:
        if mujoco.get_mju_user_warning() is None:
            mujoco.set_mju_user_warning(_LOG.info)


@contextmanager
def composing() -> Iterator[None]:
    """Composing attaches parts with an empty prefix, and MuJoCo warns of each; the prefix is the source's own choice,
    harmless because the composed model is compiled here and never saved."""
    with _COMPOSING, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Attaching a spec with an empty prefix")
        yield


hear_mujoco()


class _Reader:
    """The compiled source model at its neutral posture, and look-ups into it in our frame."""

    def __init__(self) -> None:
        from myo_sim.build import compose

        with composing():
            self.model: Any = compose.build_spec("myofullbody").compile()
        self.data = mujoco.MjData(self.model)
        mujoco.mj_forward(self.model, self.data)
        self.names: dict[str, Any] = load_data("source_names.yaml")
        self.origin = np.zeros(3)
        hip = self.place(self.data.xpos[self.model.body("femur_r").id])
        self.origin = np.array([hip[0], 0.0, hip[2]])

    def place(self, position: Vector) -> Vector:
        """A source position (3,) or positions (n, 3) in our frame."""
        shifted = np.asarray(position, dtype=float) - np.array([_MIDLINE_SOURCE_X, 0.0, 0.0])
        return np.asarray(shifted @ _TO_OURS.T - self.origin)

    def turn(self, direction: Vector) -> Vector:
        """A source direction (3,) in our frame."""
        return np.asarray(_TO_OURS @ np.asarray(direction, dtype=float))

    def bone_of_body(self, body_id: int) -> str | None:
        """Our name of the segment that carries source body `body_id`; arms, neck and head ride on the thorax."""
        name: str = self.model.body(body_id).name
        if name in self.names["bones"]:
            return str(self.names["bones"][name])
        return None

    def point(self, site_id: int) -> Point:
        bone = self.bone_of_body(int(self.model.site_bodyid[site_id]))
        if bone is None:
            raise ValueError(f"site {self.model.site(site_id).name} lies on a segment this body does not have")
        return Point(bone, self.place(self.data.site_xpos[site_id]))


@cache
def _reader() -> _Reader:
    """The compiled source, kept for bodies built one after another; a body from the cache never asks for it."""
    return _Reader()


def read_source() -> Blueprint:
    """Reads the midline and right side of the source body.

    Returns a blueprint whose paths still hold every flaw of the source (see `assembly.corrected_blueprint`). Masses are
    left at zero: they come from `scaling`.
    """
    reader = _reader()
    plan = Blueprint(bones=_bones(reader), wraps={}, routes={}, surfaces=_surfaces(reader))
    for index in range(reader.model.nu):
        source_name = reader.model.actuator(index).name
        named = _public_name(source_name, reader.names)
        if named is None:
            continue
        name, group = named
        steps = _steps(reader, plan, int(reader.model.actuator_trnid[index, 0]))
        strength = float(reader.model.actuator_gainprm[index, 2])
        plan.routes[name] = Route(name, group, tuple(steps), strength, source_name)
    return plan


def _public_name(source_name: str, names: dict[str, Any]) -> tuple[str, str] | None:
    """(fascicle name, muscle name) without side for a right-hand muscle of trunk or leg, else None."""
    if not source_name.endswith("_r"):
        return None
    stem = source_name[:-2]
    if stem in names["leg_muscles"]:
        group, fascicle = names["leg_muscles"][stem]
        return (f"{group}_{fascicle}" if fascicle else group), group
    for prefix, group in names["trunk_prefixes"].items():
        if stem.startswith(prefix):
            fascicle = stem[len(prefix) :].lower().replace(".", "_").replace("-", "_")
            return (f"{group}_{fascicle}" if fascicle else group), group
    return None


def _steps(reader: _Reader, plan: Blueprint, tendon: int) -> list[Step]:
    model = reader.model
    steps: list[Step] = []
    first = int(model.tendon_adr[tendon])
    for at in range(first, first + int(model.tendon_num[tendon])):
        thing = int(model.wrap_objid[at])
        if model.wrap_type[at] == mujoco.mjtWrap.mjWRAP_SITE:
            steps.append(reader.point(thing))
            continue
        side = int(model.wrap_prm[at])
        wrap = _wrap(reader, thing)
        plan.wraps[wrap.name] = wrap
        steps.append(Over(wrap.name, reader.point(side) if side >= 0 else None))
    return steps


def _wrap(reader: _Reader, geom: int) -> Wrap:
    model, data = reader.model, reader.data
    sphere = model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_SPHERE
    bone = reader.bone_of_body(int(model.geom_bodyid[geom]))
    if bone is None:
        raise ValueError(f"wrap {model.geom(geom).name} lies on a segment this body does not have")
    return Wrap(
        name=model.geom(geom).name.removesuffix("_r"),
        bone=bone,
        kind="sphere" if sphere else "cylinder",
        centre=reader.place(data.geom_xpos[geom]),
        axis=reader.turn(data.geom_xmat[geom].reshape(3, 3)[:, 2]),
        radius_m=float(model.geom_size[geom, 0]),
        half_length_m=0.0 if sphere else float(model.geom_size[geom, 1]),
    )


def _bones(reader: _Reader) -> dict[str, Bone]:
    """The segments of trunk and right leg, with the leg's joints; lumbar joints are set by `registration`.

    The arms are one weight at the height of the shoulders: hanging freely in any posture they pull straight down there.
    """
    model, data = reader.model, reader.data

    def at(body: str) -> Vector:
        return reader.place(data.xpos[model.body(body).id])

    def com(body: str) -> Vector:
        return reader.place(data.xipos[model.body(body).id])

    bones = {"pelvis": Bone("pelvis", "world", np.zeros(3), com=com("pelvis"))}
    parent = "pelvis"
    for number in (5, 4, 3, 2, 1):
        bones[f"l{number}"] = Bone(f"l{number}", parent, at(f"lumbar{number}"), com=com(f"lumbar{number}"))
        parent = f"l{number}"
    bones["thorax"] = Bone("thorax", "l1", at("torso"), com=com("torso"))
    bones["abdomen"] = Bone("abdomen", "pelvis", at("Abdomen"), com=com("Abdomen"))
    bones["head"] = Bone("head", "thorax", at("head"), com=com("head"))
    shoulder = at("humerus_r")
    bones["arms"] = Bone("arms", "thorax", shoulder * [1, 0, 1], com=shoulder * [1, 0, 1])
    for name, source, above in (
        ("femur_right", "femur_r", "pelvis"),
        ("patella_right", "patella_r", "femur_right"),
        ("tibia_right", "tibia_r", "femur_right"),
        ("foot_right", "talus_r", "tibia_right"),
    ):
        bones[name] = Bone(name, above, at(source), _leg_joints(reader, source), com=com(source))
    return bones


def _leg_joints(reader: _Reader, source_body: str) -> tuple[Joint, ...]:
    """Joints of one leg segment, renamed, with the knee's dependent motions as polynomials of the knee angle."""
    model, data = reader.model, reader.data
    renamed = {
        "hip_flexion_r": "hip_flexion_right",
        "hip_adduction_r": "hip_adduction_right",
        "hip_rotation_r": "hip_rotation_right",
        "knee_angle_r": "knee_flexion_right",
        "ankle_angle_r": "ankle_flexion_right",
    }
    body = model.body(source_body).id
    joints = []
    for index in range(model.njnt):
        if model.jnt_bodyid[index] != body:
            continue
        source_name = model.joint(index).name
        name = renamed.get(source_name, source_name.removesuffix("_r") + "_right")
        kind = "slide" if model.jnt_type[index] == mujoco.mjtJoint.mjJNT_SLIDE else "hinge"
        coupled = [
            e
            for e in range(model.neq)
            if model.eq_type[e] == mujoco.mjtEq.mjEQ_JOINT and model.eq_obj1id[e] == index and model.eq_obj2id[e] >= 0
        ]
        follows: tuple[str, ...] = ()
        polynomial: tuple[float, ...] = ()
        if coupled:
            follows = ("knee_flexion_right",)
            polynomial = tuple(float(c) for c in model.eq_data[coupled[0], :5])
        axis = reader.turn(data.xaxis[index])
        if source_name in _HIP_AXES:
            axis = np.array(_HIP_AXES[source_name])
        joints.append(Joint(name, kind, reader.place(data.xanchor[index]), axis, follows, polynomial))
    return tuple(joints)


def _surfaces(reader: _Reader) -> dict[str, Surface]:
    """Bone surfaces by segment. Kept apart as well: `sacrum`, for its end plate, and `t12`, for pictures."""
    model, data = reader.model, reader.data
    parts: dict[str, list[Surface]] = {}
    for geom in range(model.ngeom):
        body = int(model.geom_bodyid[geom])
        bone = reader.bone_of_body(body)
        if bone is None or model.geom_type[geom] != mujoco.mjtGeom.mjGEOM_MESH:
            continue
        mesh = int(model.geom_dataid[geom])
        vertices = model.mesh_vert[model.mesh_vertadr[mesh] :][: model.mesh_vertnum[mesh]]
        faces = model.mesh_face[model.mesh_faceadr[mesh] :][: model.mesh_facenum[mesh]]
        world = vertices @ data.geom_xmat[geom].reshape(3, 3).T + data.geom_xpos[geom]
        surface = Surface(reader.place(world), np.asarray(faces, dtype=np.int64))
        parts.setdefault(bone, []).append(surface)
        if model.body(body).name == "sacrum":
            parts.setdefault("sacrum", []).append(surface)
        if "thoracic12" in model.mesh(mesh).name:
            parts.setdefault("t12", []).append(surface)
    return {bone: _joined(surfaces) for bone, surfaces in parts.items()}


def _joined(surfaces: list[Surface]) -> Surface:
    faces, count = [], 0
    for surface in surfaces:
        faces.append(surface.faces + count)
        count += len(surface.vertices)
    return Surface(np.vstack([s.vertices for s in surfaces]), np.vstack(faces))
