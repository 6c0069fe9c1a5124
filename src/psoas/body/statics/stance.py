"""Brings a posture into balance over its supports before any muscle is asked.

``lean``: pelvis, spine and knees stay as asked; the legs turn about the ankles, feet flat, until the centre of mass
with what is held stands over the feet. ``accelerate``: the angles stay, and gravity is replaced by gravity less the
body's acceleration (walking, running, stairs). ``fixed``: nothing moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.coordinates import range_of
from psoas.body.kinematics.posture import SIDES, Posture, PostureError
from psoas.body.kinematics.sections import Array
from psoas.body.statics.arms import Arm, Build, arms_of, grip_point
from psoas.body.statics.equilibrium import GRAVITY, Force, effective_gravity
from psoas.body.statics.mechanics import Mechanics
from psoas.body.statics.support import Contact, Standing, can_hold, contacts

_STEPS = 40


@dataclass(frozen=True)
class Stance:
    """A posture that has been placed over its supports; the body is left set to it.

    Attributes:
        posture: with the leg angles that bring it over the feet.
        arms: by side.
        forces: load in the hands and the arms' lifted weight.
        gravity: (3,) m/s2, less the body's acceleration.
        contacts: every push available.
        standing: whether those pushes can hold the body at all.
        centre: (3,) centre of mass with the load, m.
    """

    posture: Posture
    arms: dict[str, Arm]
    forces: tuple[Force, ...]
    gravity: Array
    contacts: tuple[Contact, ...]
    standing: Standing
    centre: Array


def take_stance(
    mechanics: Mechanics, build: Build, posture: Posture, hold_kg: float, distance_m: float | None
) -> Stance:
    """Place a posture over its supports.

    Args:
        mechanics: the body; it is moved.
        build: the person's size.
        posture: what is asked.
        hold_kg: mass in the hands, kg.
        distance_m: its horizontal distance in front of the L5/S1 disc; None hangs it below the shoulders.

    Raises:
        PostureError: the load is out of reach, or no ankle angle in its range brings the body over the feet.
    """
    if posture.balance == "lean":
        posture = _lean(mechanics, build, posture, hold_kg, distance_m)
        if posture.angle("knee_flexion_left") != posture.angle("knee_flexion_right"):
            posture = _lean(mechanics, build, _level_feet(mechanics, posture), hold_kg, distance_m)
    mechanics.set(posture)
    arms, forces, centre = _carried(mechanics, build, posture, hold_kg, distance_m)
    gravity = GRAVITY
    if posture.balance == "accelerate":
        gravity = effective_gravity(posture, centre, _feet(mechanics, build))
        arms, forces, _ = _carried(mechanics, build, posture, hold_kg, distance_m, gravity)
    pushes = contacts(posture, build, mechanics.place, arms)
    total = mechanics.mass_kg * gravity + sum((force.force for force in forces), np.zeros(3))
    return Stance(posture, arms, forces, gravity, pushes, can_hold(pushes, total, centre, posture), centre)


def _lean(mechanics: Mechanics, build: Build, posture: Posture, hold_kg: float, distance_m: float | None) -> Posture:
    """Turn both legs about the ankles, feet flat, until the centre of mass stands where it should over the feet.

    Where the ankles end before that, their end is taken as long as the centre of mass is still over the feet.
    """
    goal = float(load_data("contacts.yaml")["standing"]["centre_of_mass_ahead_of_ankle_m"]["value"]) * build.scale

    def ahead(shank_deg: float) -> float:
        mechanics.place_bones(posture.with_angles(**_leg_angles(mechanics, posture, shank_deg)))
        _, _, centre = _carried(mechanics, build, posture, hold_kg, distance_m)
        ankles = 0.5 * (mechanics.place("foot_left")[0][0] + mechanics.place("foot_right")[0][0])
        return float(centre[0] - ankles) - goal

    low, high = _shank_range(mechanics, posture)
    at_low, at_high = ahead(low), ahead(high)
    if at_low * at_high > 0:
        end, gap = (low, at_low) if abs(at_low) < abs(at_high) else (high, at_high)
        nearest, farthest = load_data("contacts.yaml")["standing"]["still_over_feet_m"]
        if nearest * build.scale <= goal + gap <= farthest * build.scale:
            return posture.with_angles(**_leg_angles(mechanics, posture, end))
        where = "in front of" if gap > 0 else "behind"
        raise PostureError(
            f"{posture.name} cannot be brought over the feet: with the ankles at the end of their range the centre of "
            f"mass is {abs(gap) * 100:.1f} cm {where} where it should be; lower the load, bring it nearer or bend less."
        )
    for _ in range(_STEPS):
        middle = low + (high - low) * at_low / (at_low - at_high)  # secant inside a bracket (Illinois)
        value = ahead(middle)
        if abs(value) < 1e-9:
            break
        if value * at_high < 0:
            low, at_low = high, at_high
        else:
            at_low *= 0.5
        high, at_high = middle, value
    return posture.with_angles(**_leg_angles(mechanics, posture, middle))


def _level_feet(mechanics: Mechanics, posture: Posture) -> Posture:
    """Drop the pelvis to the side of the shorter (more bent) leg until both feet stand on the floor.

    The legs stay upright under the pelvis and the trunk bends back by the same angle, so the shoulders stay level.
    """
    for _ in range(3):
        mechanics.place_bones(posture)
        left, right = (mechanics.place(f"foot_{side}")[0][2] for side in SIDES)
        hips = mechanics.place("femur_left")[0] - mechanics.place("femur_right")[0]
        drop = posture.angle("pelvis_list") + float(np.degrees(np.arctan2(right - left, np.linalg.norm(hips))))
        posture = posture.with_angles(
            pelvis_list=drop, lumbar_side_bend=-drop, hip_adduction_left=drop, hip_adduction_right=-drop
        )
    return posture


def _shank_range(mechanics: Mechanics, posture: Posture) -> tuple[float, float]:
    """Lowest and highest forward tilt of the shanks, degrees, that leaves ankles and hips inside their range."""
    low, high = range_of("ankle_flexion_right")
    if posture.angle("knee_flexion_left") == posture.angle("knee_flexion_right"):
        hip_low, hip_high = range_of("hip_flexion_right")
        straight = posture.angle("knee_flexion_left") + posture.angle("pelvis_tilt")  # hip = straight - tilt of shank
        low, high = max(low, straight - hip_high), min(high, straight - hip_low)
        possible = [low, high] if low <= high else []
    else:
        possible = [tilt for tilt in np.arange(low, high, 0.5) if _fits(mechanics, posture, tilt)]
    if not possible:
        raise PostureError(f"{posture.name} cannot be stood in: no ankle angle leaves both hips inside their range.")
    return float(possible[0]), float(possible[-1])


def _fits(mechanics: Mechanics, posture: Posture, shank_deg: float) -> bool:
    angles = _leg_angles(mechanics, posture, shank_deg)
    return all(range_of(name)[0] <= value <= range_of(name)[1] for name, value in angles.items())


def _leg_angles(mechanics: Mechanics, posture: Posture, shank_deg: float) -> dict[str, float]:
    """Feet flat and side by side: ankle = tilt of the shank, thigh swings knee - tilt, hip = swing + pelvis.

    The straighter leg's shank takes the tilt; the other's is turned until its foot stands beside, which with thigh a,
    shank b, knee k and tilt t means the same a sin(k - t) - b sin(t).
    """
    knees = {side: np.radians(posture.angle(f"knee_flexion_{side}")) for side in SIDES}
    first = min(SIDES, key=lambda side: knees[side])
    thigh, shank = mechanics.leg_lengths()

    def ahead(knee: float, tilt: float) -> float:
        return float(thigh * np.sin(knee - tilt) - shank * np.sin(tilt))

    angles = {}
    for side in SIDES:
        tilt = np.radians(shank_deg)
        wanted = ahead(knees[first], tilt)
        for _ in range(20 if knees[side] != knees[first] else 0):
            slope = -thigh * np.cos(knees[side] - tilt) - shank * np.cos(tilt)
            tilt += (wanted - ahead(knees[side], tilt)) / slope
        angles[f"ankle_flexion_{side}"] = float(np.degrees(tilt))
        angles[f"hip_flexion_{side}"] = float(np.degrees(knees[side] - tilt)) + posture.angle("pelvis_tilt")
    return angles


def _carried(
    mechanics: Mechanics,
    build: Build,
    posture: Posture,
    hold_kg: float,
    distance_m: float | None,
    gravity: Array = GRAVITY,
) -> tuple[dict[str, Arm], tuple[Force, ...], Array]:
    """Arms, the forces they and the load put on the thorax, and the centre of mass of body and load."""
    _, axes = mechanics.place("thorax")
    middle = mechanics.place("arms")[0]
    grip = None
    if hold_kg > 0:
        l5s1 = mechanics.place("l5")[0]  # a lumbar bone has its origin in the joint below it
        grip = grip_point(build, posture, distance_m, l5s1, middle)
    arms = arms_of(build, posture, middle, axes, grip)
    forces: list[Force] = []
    moved: Array = np.zeros(3)
    for side in SIDES:
        weight = build.arm_mass_kg * gravity
        forces.append(Force("thorax", arms[side].centre, weight, "arms"))
        forces.append(Force("thorax", middle, -weight, "arms"))
        moved = moved + build.arm_mass_kg * (arms[side].centre - middle)
    mass, centre = mechanics.mass_kg, mechanics.centre_of_mass()
    if grip is not None:
        forces.append(Force("thorax", grip, hold_kg * gravity, "load"))
        return arms, tuple(forces), (mass * centre + moved + hold_kg * grip) / (mass + hold_kg)
    return arms, tuple(forces), centre + moved / mass


def _feet(mechanics: Mechanics, build: Build) -> dict[str, tuple[Array, Array]]:
    """Heel and ball of each foot, m."""
    feet = {}
    for side in SIDES:
        ankle, axes = mechanics.place(f"foot_{side}")
        rows = {row["name"]: row for row in load_data("contacts.yaml")["groups"]["foot_SIDE"]}
        heel, ball = (
            ankle + axes @ np.array([rows[name]["forward"], 0.0, rows[name]["up"]]) * build.scale
            for name in ("heel", "ball_in")
        )
        feet[side] = (heel, ball)
    return feet
