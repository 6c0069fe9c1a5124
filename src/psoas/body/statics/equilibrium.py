"""The balance of one posture, written as the problem that recruitment solves.

For every coordinate of the body (six of the pelvis in the room, then every joint), with r the moment arm of a muscle
and T its tension, virtual work gives at rest

    sum r T  +  contacts  +  weight  +  load in the hands  +  discs, ligaments and hip capsule  =  0.

Tension is passive plus activation times what the muscle can add at that length. The unknowns are the activations, 0
to 1, how hard each contact pushes, and how far each lumbar joint gives. A contact counts as a cheap "muscle", so that
effort decides how the supports share. A joint that stands a little off the angle asked is pushed back by its disc and
ligaments: two columns a lumbar joint, one each way, at a price, since a posture is known to a degree or two and no
better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from psoas.body._data import load_data
from psoas.body.kinematics.coordinates import INDEX
from psoas.body.kinematics.posture import Posture
from psoas.body.kinematics.sections import Array
from psoas.body.statics.mechanics import Mechanics
from psoas.body.statics.support import Contact, groups_of
from psoas.body.statics.tissue import LUMBAR_JOINTS

_GRAVITY = 9.81


@dataclass(frozen=True)
class Force:
    """A force on a bone at a point, both (3,) in world coordinates, N and m; `cause` names it in the shares."""

    bone: str
    point: Array
    force: Array
    cause: str


@dataclass(frozen=True)
class Balance:
    """One posture as a recruitment problem, with everything needed to read the answer.

    Attributes:
        matrix: (coordinates, muscles + contacts + gives) generalised force at full effort, N and N.m.
        wanted: (coordinates,) what all of them must give.
        gain_n: (muscles,) force one unit of activation adds.
        passive_n: (muscles,) passive force.
        full_contact_n: force of a contact at full effort.
        forces: known external forces.
        gravity: (3,) m/s2, less the acceleration of the whole body.
        contacts: pushes, in the order of the columns after the muscles.
    """

    matrix: Array
    wanted: Array
    gain_n: Array
    passive_n: Array
    full_contact_n: float
    forces: tuple[Force, ...]
    gravity: Array
    contacts: tuple[Contact, ...] = field(repr=False)

    @property
    def muscles(self) -> int:
        """Number of muscles; the columns after them are contacts, then gives."""
        return len(self.gain_n)


def build_balance(
    mechanics: Mechanics,
    pushes: tuple[Contact, ...],
    forces: tuple[Force, ...],
    gravity: Array,
    *,
    gain_n: Array,
    passive_n: Array,
    passive_torque: Array,
    give: Array,
) -> Balance:
    """Write the balance of the posture that `mechanics` holds.

    Args:
        mechanics: the body, set to the posture.
        pushes: contacts that may push.
        forces: known external forces (load in the hands, arms moved, abdominal pressure).
        gravity: (3,) m/s2, less the acceleration of the whole body.
        gain_n, passive_n: (muscles,) active gain and passive force, N.
        passive_torque: (coordinates,) torque of discs, ligaments and capsules, N.m, as it acts.
        give: (2, lumbar joints) N.m, what each joint pushes back when it stands off as far as it may, up and down.
    """
    arms = mechanics.geometry.arms_m
    known = mechanics.weight_torque(gravity) + passive_torque + arms @ passive_n
    for force in forces:
        known += mechanics.jacobian(force.bone, force.point).T @ force.force
    full = float(load_data("contacts.yaml")["full_effort_n"])
    joints = [INDEX[joint] for joint in LUMBAR_JOINTS]
    gives = np.zeros((len(known), 2 * len(joints)))
    for way, torque in enumerate(give):
        gives[joints, way * len(joints) + np.arange(len(joints))] = torque
    columns = np.empty((len(known), len(gain_n) + len(pushes)))
    columns[:, : len(gain_n)] = arms * gain_n
    for number, push in enumerate(pushes):
        columns[:, len(gain_n) + number] = full * generalised(mechanics, push)
    return Balance(
        matrix=np.hstack([columns, gives]),
        wanted=-known,
        gain_n=gain_n,
        passive_n=passive_n,
        full_contact_n=full,
        forces=forces,
        gravity=gravity,
        contacts=pushes,
    )


def generalised(mechanics: Mechanics, push: Contact) -> Array:
    """(coordinates,) generalised force of one newton of a push, with its opposite on another bone if it has one."""
    along = mechanics.jacobian(push.bone, push.point).T @ push.direction
    if push.against:
        along = along - mechanics.jacobian(push.against, push.point).T @ push.direction
    return np.asarray(along)


def effective_gravity(posture: Posture, centre: Array, feet: Mapping[str, tuple[Array, Array]]) -> Array:
    """Gravity less the body's acceleration, (3,) m/s2, for postures balanced by acceleration.

    The ground force passes through the centre of pressure and the centre of mass (the body's turning is neglected), so

        F = f m g (c - p) / (c - p)_up,     g_effective = - F / m.

    Args:
        posture: gives the vertical force in body weights and the place along each foot.
        centre: (3,) centre of mass, m.
        feet: by side, heel and ball (3,), m.
    """
    groups = groups_of(posture.support)
    sides = [side for side in ("left", "right") if f"foot_{side}" in groups]
    place: Array = np.zeros(3)
    shares = [posture.centre_of_pressure.get(f"share_{side}", 1.0) for side in sides]
    for side, share in zip(sides, shares, strict=True):
        heel, ball = feet[side]
        place = place + share / sum(shares) * (heel + posture.centre_of_pressure.get(side, 0.5) * (ball - heel))
    line = centre - place
    return np.asarray(-posture.vertical_force_bw * _GRAVITY * line / line[2])


GRAVITY: NDArray[np.float64] = np.array([0.0, 0.0, -_GRAVITY])
