"""How an exercise is shown: the data of `scenes.yaml` and the poses of the body model, put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from psoas.figures._arms import place, swing
from psoas.figures._flesh import Camera
from psoas.figures._ground import settle
from psoas.figures._skeleton import SIDES, Point, Skeleton, turn_y

if TYPE_CHECKING:
    from psoas.body.kinematics.posture import Posture

Step = Literal["start", "end"]
STEPS: tuple[Step, Step] = ("start", "end")


@cache
def load(name: str) -> dict[str, Any]:
    """A data file of the pictures; read-only, as it is shared."""
    import yaml

    text = resources.files("psoas.figures").joinpath("data", name).read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def scenes() -> Mapping[str, dict[str, Any]]:
    """Every exercise and hands-on test with a picture."""
    return _scenes()


@cache
def _scenes() -> Mapping[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in ("scenes.yaml", "scenes_of_pathways.yaml"):
        found.update(load(name)["scenes"])
    return MappingProxyType(found)


def tests() -> Mapping[str, dict[str, Any]]:
    """The hands-on tests with a picture."""
    found: dict[str, dict[str, Any]] = load("tests.yaml")["tests"]
    return found


def test_pair(name: str) -> dict[Step, Skeleton]:
    """Both steps of a hands-on test; a test without a start has the end alone."""
    held = tests()[name]
    found = {step: build(held["scene"], test_posture(name, step), step) for step in STEPS if step in held}
    if "start" in found:
        found["end"] = found["end"].moved(_gap(found["start"], found["end"], held["scene"]))
    return found


def test_posture(name: str, step: Step) -> Posture:
    """The pose of a hands-on test; angles are checked against the joints' ranges."""
    from psoas.body.kinematics.postures import posture

    held = tests()[name]
    found = posture("standing").with_angles(**held[step])
    return replace(found, name=f"test:{name}:{step}", support=tuple(held["support"]))


def at_step(said: Any, step: Step, default: Any) -> Any:
    """What holds at a step: one value for both, or one for each."""
    if isinstance(said, dict) and set(said) <= set(STEPS):
        return said.get(step, default)
    return default if said is None else said


def exercise_posture(exercise_id: str, step: Step) -> Posture:
    """The posture that the body model takes for this step; a hip may turn out beyond the model's joint (`turn_out`).

    An exercise that the model does not solve yet has its angles in the scene (`pose`), within the joints' ranges too.
    """
    from psoas.body.kinematics.postures import posture

    if own := scenes()[exercise_id].get("pose"):
        found = posture("standing").with_angles(**own[step])
        return replace(found, name=f"exercise:{exercise_id}:{step}", support=tuple(own["support"]))
    found = posture(f"exercise:{exercise_id}:{step}")
    if out := float(scenes()[exercise_id].get("turn_out", 0.0)):  # beyond the range of the model's joint
        turned = {**found.angles_deg, "hip_rotation_right": found.angle("hip_rotation_right") - out}
        found = replace(found, angles_deg=MappingProxyType(turned))
    return found


def build(scene: Mapping[str, Any], posture: Posture, step: Step) -> Skeleton:
    """The skeleton of one step, settled and with its arms placed."""
    held = settle(
        posture,
        head_deg=float(at_step(scene.get("head"), step, 0.0)),
        walking=bool(scene.get("walking")),
        uneven=bool(scene.get("uneven")),
    )
    if lift := float(at_step(scene.get("lift_chest"), step, 0.0)):
        held = lift_chest(held, lift)
    for side in SIDES:
        if scene.get("arms") == "swing":
            held = swing(held, side)
        else:
            held = place(held, side, _arm(scene.get("arms", "hang"), side, step))
    return held


def _arm(said: Any, side: str, step: Step) -> str:
    said = at_step(said, step, "hang")
    if isinstance(said, dict):
        said = at_step(said.get(side, "hang"), step, "hang")
    return str(said)


def lift_chest(held: Skeleton, degrees: float) -> Skeleton:
    """Head and shoulders come off the floor as one block, about the lower ribs: what the lumbar curve does not show."""
    about = held.points["spine_6"]
    turn = turn_y(degrees)
    upper = ("spine_7", "spine_8", "neck", "skull", "head", "shoulder_left", "shoulder_right")
    points = {name: about + turn @ (held.points[name] - about) for name in upper}
    return held.with_parts(points, {name: turn @ held.frames[name] for name in ("thorax", "head")})


@lru_cache(maxsize=64)
def pair(exercise_id: str) -> dict[Step, Skeleton]:
    """Both steps of an exercise in one place: the joint that the scene holds stays where it is."""
    scene = scenes()[exercise_id]
    found = {step: build(scene, exercise_posture(exercise_id, step), step) for step in STEPS}
    if side := scene.get("planted"):
        found["end"] = _planted(found["start"], found["end"], side)
    found["end"] = found["end"].moved(_gap(found["start"], found["end"], scene))
    return found


def _gap(start: Skeleton, end: Skeleton, scene: Mapping[str, Any]) -> Point:
    """The way that brings the joint held in place back to where it was; its height only where the scene says so."""
    joint = scene.get("hold", "pelvis")
    level = 1.0 if scene.get("hold_height") else 0.0
    gap: Point = (start.points[joint] - end.points[joint]) * np.array([1.0, 1.0, level])
    return gap


def _planted(start: Skeleton, end: Skeleton, side: str) -> Skeleton:
    """Turn a step so that the standing leg stays as it was and the pelvis moves over it."""
    turn = start.frames[f"shank_{side}"] @ end.frames[f"shank_{side}"].T
    turned = end.turned(turn, end.points[f"ankle_{side}"])
    turned = turned.moved(np.array([0.0, 0.0, start.points[f"heel_{side}"][2] - turned.points[f"heel_{side}"][2]]))
    for one in SIDES:
        turned = place(turned, one, "chair")
    return turned


def camera_of(scene: Mapping[str, Any], view: str) -> Camera:
    """The camera of the main view or of the front view."""
    held = scene if view == "side" else scene["front"]
    return Camera.at(float(held.get("around", -90.0)), float(held.get("above", 0.0)))
