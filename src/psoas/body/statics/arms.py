"""Arms and what the hands hold.

Places may carry leading axes, for many postures at once; angles and loads are then those of all.

The arms ride on the thorax and have no muscles here; the model hangs their mass at the shoulders, where freely hanging
arms pull. Where they are matters through their weight and through what they hold, so a posture that lifts them moves
their mass, and a load is carried by the thorax at the hands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.posture import SIDES, Posture, PostureError
from psoas.body.kinematics.sections import Array


@dataclass(frozen=True)
class Arm:
    """One arm in world coordinates, m: shoulder, elbow and grip (3,), and the centre of its mass."""

    shoulder: Array
    elbow: Array
    hand: Array
    centre: Array


@dataclass(frozen=True)
class Build:
    """Stature, m, and the mass of one arm, kg: what arms and supports need to know of a person."""

    height_m: float
    arm_mass_kg: float

    @property
    def scale(self) -> float:
        """Height over the nominal height of the contact places."""
        return self.height_m / float(load_data("contacts.yaml")["nominal_height_m"])


def shoulders(build: Build, middle: Array, thorax_axes: Array) -> dict[str, Array]:
    """Shoulder centres (3,) by side, m.

    Args:
        build: the person.
        middle: (3,) point midway between the shoulders, where the model hangs the arms' mass.
        thorax_axes: (3, 3) columns forward, left, up.
    """
    half = float(load_data("contacts.yaml")["arms"]["shoulder_half_width_m"]["value"]) * build.scale
    return {"left": middle + thorax_axes[..., :, 1] * half, "right": middle - thorax_axes[..., :, 1] * half}


def posed_arm(build: Build, posture: Posture, side: str, shoulder: Array, thorax_axes: Array) -> Arm:
    """The arm of a posture: by its angles when it gives any, along the trunk in lying, else hanging straight down."""
    flexion, bend = posture.angle(f"shoulder_flexion_{side}"), posture.angle(f"elbow_flexion_{side}")
    if flexion == 0.0 and bend == 0.0:
        down = -thorax_axes[..., :, 2] if posture.lies else np.array([0.0, 0.0, -1.0])
        return _straight(build, shoulder, down)
    lengths = load_data("contacts.yaml")["arms"]
    upper = _swing(thorax_axes, flexion)
    lower = _swing(thorax_axes, flexion + bend)
    elbow = shoulder + upper * float(lengths["upper_arm_of_height"]) * build.height_m
    hand = elbow + lower * float(lengths["forearm_and_grip_of_height"]) * build.height_m
    return Arm(shoulder, elbow, hand, _centre(shoulder, hand))


def holding_arm(build: Build, shoulder: Array, hand: Array) -> Arm:
    """The arm that reaches a grip; its elbow hangs under the line when the arm need not be straight."""
    lengths = load_data("contacts.yaml")["arms"]
    upper, lower = (
        float(lengths[key]) * build.height_m for key in ("upper_arm_of_height", "forearm_and_grip_of_height")
    )
    line = hand - shoulder
    distance = np.linalg.norm(line, axis=-1, keepdims=True)
    along = (distance**2 + upper**2 - lower**2) / (2 * distance)
    across = np.sqrt(np.maximum(upper**2 - along**2, 0.0))
    sag = np.array([0.0, 0.0, -1.0]) + line * line[..., 2:] / distance**2  # down, less its part along the line
    norm = np.linalg.norm(sag, axis=-1, keepdims=True)
    elbow = shoulder + line / distance * along + np.where(norm > 1e-9, sag / np.maximum(norm, 1e-9) * across, 0.0)
    return Arm(shoulder, elbow, hand, _centre(shoulder, hand))


def grip_point(build: Build, posture: Posture, distance_m: float | None, l5s1: Array, shoulder: Array) -> Array:
    """Where a load is held, in the midline, world coordinates, m.

    Args:
        build: the person.
        posture: an upright posture holds the load at elbow height; a bent one lets it hang.
        distance_m: horizontal distance in front of the L5/S1 disc; None hangs the load straight below the shoulders.
        l5s1: (3,) centre of the L5/S1 disc.
        shoulder: (3,) midpoint of the shoulders.

    Raises:
        PostureError: the arms do not reach that far.
    """
    lengths = load_data("contacts.yaml")["arms"]
    upper, lower = (
        float(lengths[key]) * build.height_m for key in ("upper_arm_of_height", "forearm_and_grip_of_height")
    )
    reach = upper + lower
    if distance_m is None:
        return np.asarray(shoulder - np.array([0.0, 0.0, reach]))
    ahead = l5s1[..., 0] + distance_m - shoulder[..., 0]
    if np.any(np.abs(ahead) > reach):
        far_off = shoulder[..., 0] - l5s1[..., 0]
        near, far = float(np.max(far_off)) - reach, float(np.min(far_off)) + reach
        raise PostureError(
            f"hold_distance_m is {distance_m:g}; in {posture.name} the hands reach {max(near, 0.0):.2f} to {far:.2f} m "
            "in front of the L5/S1 disc."
        )
    drop = np.minimum(upper, np.sqrt(reach**2 - ahead**2))
    return np.stack([l5s1[..., 0] + distance_m, shoulder[..., 1], shoulder[..., 2] - drop], axis=-1)


def arms_of(build: Build, posture: Posture, middle: Array, thorax_axes: Array, grip: Array | None) -> dict[str, Arm]:
    """Arms by side; with a `grip` (3,) both hands hold it. Other arguments as in :func:`shoulders`."""
    place = shoulders(build, middle, thorax_axes)
    if grip is None:
        return {side: posed_arm(build, posture, side, place[side], thorax_axes) for side in SIDES}
    return {side: holding_arm(build, place[side], grip) for side in SIDES}


def _straight(build: Build, shoulder: Array, direction: Array) -> Arm:
    lengths = load_data("contacts.yaml")["arms"]
    elbow = shoulder + direction * float(lengths["upper_arm_of_height"]) * build.height_m
    hand = elbow + direction * float(lengths["forearm_and_grip_of_height"]) * build.height_m
    return Arm(shoulder, elbow, hand, _centre(shoulder, hand))


def _centre(shoulder: Array, hand: Array) -> Array:
    along: Array = shoulder + float(load_data("contacts.yaml")["arms"]["centre_along_arm"]) * (hand - shoulder)
    return along


def _swing(thorax_axes: Array, forward_deg: float) -> Array:
    """Direction of a limb that hangs along the trunk and is lifted forward by an angle."""
    angle = np.radians(forward_deg)
    lifted: Array = -np.cos(angle) * thorax_axes[..., :, 2] + np.sin(angle) * thorax_axes[..., :, 0]
    return lifted
