"""What carries the person: ground, seat, backrest, bed, hands on the thighs.

Each contact can only push. How the contacts share the weight is left open here; recruitment settles it together with
the muscles, as the sharing that costs least effort. What this file settles is whether any sharing at all can hold the
person up: if the centre of mass lies outside the feet it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.posture import SIDES, Posture, PostureError
from psoas.body.kinematics.sections import Array
from psoas.body.recruitment.solver import InfeasibleError, recruit
from psoas.body.statics.arms import Arm, Build

_UP = np.array([0.0, 0.0, 1.0])
_AHEAD = np.array([1.0, 0.0, 0.0])
_IN_AXES_OF_THE_OTHER = {"away": (0, 1.0), "to_left": (1, 1.0), "to_right": (1, -1.0)}
"""Pushes along an axis of the bone that takes the opposite force: its column (forward, left, up) and sign."""


@dataclass(frozen=True)
class Contact:
    """One push the world can give.

    Attributes:
        name: group and point, ``foot_right.heel``; a push along an edge of the friction cone adds its number.
        bone: bone that takes it.
        point: (..., 3) place in world coordinates, m; a leading axis when many postures are placed at once.
        direction: (3,) or (..., 3) force in N per newton of this push.
        against: bone that takes the opposite force, empty when it is the world.
    """

    name: str
    bone: str
    point: Array
    direction: Array
    against: str = ""


Place = tuple[Array, Array]
"""Origin (3,) of a bone and its axes (3, 3: columns forward, left, up) in world coordinates."""


def contacts(
    posture: Posture,
    build: Build,
    place: Callable[[str], Place],
    arms: Mapping[str, Arm],
) -> tuple[Contact, ...]:
    """Every push available in a posture.

    Args:
        posture: names the groups that may carry.
        build: the person's size.
        place: gives a bone's origin and axes in the posture.
        arms: where the arms are.

    Raises:
        PostureError: an unknown support group.
    """
    return tuple(
        push
        for group in groups_of(posture.support)
        for row, side in _rows(group)
        for push in _pushes(_contact(group, row, side, build, place, arms), posture.friction)
    )


@dataclass(frozen=True)
class Standing:
    """Whether the supports can hold the body up at all.

    Attributes:
        holds: some sharing of the supports balances the body as a whole.
        force_gap_n, moment_gap_nm: what is left at best, N and N.m (zeros when it holds).
        reason: one sentence when it does not hold, else empty.
    """

    holds: bool
    force_gap_n: float
    moment_gap_nm: float
    reason: str


def can_hold(pushes: tuple[Contact, ...], weight: Array, centre: Array, posture: Posture) -> Standing:
    """Check the balance of the whole body: do pushes exist that carry `weight` at `centre`?

    It is the recruitment problem of the body taken as one rigid piece: six equations, pushes in place of muscles.

    Args:
        pushes: from :func:`contacts`; those between two bones do not count.
        weight: (3,) N, the force to be carried (of body and load, with what acceleration takes).
        centre: (3,) m, where it acts.
    """
    world = [push for push in pushes if not push.against]
    size = float(np.linalg.norm(weight))
    if not world:
        return Standing(False, size, 0.0, f"Nothing carries the person in {posture.name}.")
    points, directions = (np.array([getattr(p, part) for p in world]) for part in ("point", "direction"))
    wrench = np.concatenate([directions, np.cross(points - centre, directions)], axis=1).T
    wanted = np.concatenate([-weight, np.zeros(3)])
    try:
        recruit(2.0 * size * wrench, wanted)
    except InfeasibleError as short:
        force, moment = (float(np.linalg.norm(part)) for part in short.shortfall_nm.reshape(2, 3))
        return Standing(False, force, moment, _why(world, weight, centre, posture))
    return Standing(True, 0.0, 0.0, "")


def _why(world: list[Contact], weight: Array, centre: Array, posture: Posture) -> str:
    level = np.array([push.point[:2] for push in world])
    low, high = level.min(axis=0), level.max(axis=0)
    ahead, left = centre[0], centre[1]
    words = []
    for value, floor, roof, before, after in (
        (ahead, low[0], high[0], "behind", "in front of"),
        (left, low[1], high[1], "to the right of", "to the left of"),
    ):
        if value < floor:
            words.append(f"{(floor - value) * 100:.1f} cm {before}")
        elif value > roof:
            words.append(f"{(value - roof) * 100:.1f} cm {after}")
    where = " and ".join(words) if words else "outside"
    return f"{posture.name} cannot hold itself up: the centre of mass lies {where} the support."


@cache
def groups_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """Single contact groups behind the names of a posture's support, each once."""
    together = load_data("contacts.yaml")["together"]
    found: list[str] = []
    queue = list(names)
    while queue:
        name = queue.pop(0)
        if name in together:
            queue = [*together[name], *queue]
        elif name not in found:
            found.append(name)
    return tuple(found)


@cache
def _rows(group: str) -> tuple[tuple[Mapping[str, Any], str], ...]:
    """The points of a group with its side written out, and that side."""
    groups = load_data("contacts.yaml")["groups"]
    if group in groups:
        return tuple((row, "left") for row in groups[group])
    for side in SIDES:
        pattern = group.removesuffix(side) + "SIDE"
        if group.endswith(f"_{side}") and pattern in groups:
            return tuple(
                ({k: _with_side(v, side) if isinstance(v, str) else v for k, v in row.items()}, side)
                for row in groups[pattern]
            )
    raise PostureError(f"{group!r} is not a known support; expected a group of data/contacts.yaml.")


def _with_side(word: str, side: str) -> str:
    """`SIDE` and `OTHER` written out."""
    return word.replace("SIDE", side).replace("OTHER", "right" if side == "left" else "left")


def _contact(
    group: str,
    row: Mapping[str, Any],
    side: str,
    build: Build,
    place: Callable[[str], Place],
    arms: Mapping[str, Arm],
) -> Contact:
    bone, against = str(row["bone"]), str(row.get("against", ""))
    axes = place(bone)[1]
    out = float(row.get("out", 0.0)) * (1.0 if side == "left" else -1.0)
    offset = axes @ np.array([float(row.get("forward", 0.0)), out, float(row.get("up", 0.0))]) * build.scale
    if "arm" in row:
        point = getattr(arms[side], row["arm"]) + offset
    else:
        start = place(row["from"])[0]
        end = place(row["to"])[0] if "to" in row else start
        point = start + float(row.get("at", 0.0)) * (end - start) + offset
    if "pull" in row:  # towards a shoulder: two hands together pull anywhere between
        line = arms[row["pull"].removeprefix("shoulder_")].shoulder - point
        direction = line / np.linalg.norm(line, axis=-1, keepdims=True)
        return Contact(f"{group}.{row['name']}", bone, point, direction, against)
    if row.get("push") in _IN_AXES_OF_THE_OTHER:  # lies against a bone, or is held by hands that belong to it
        column, sign = _IN_AXES_OF_THE_OTHER[row["push"]]
        return Contact(f"{group}.{row['name']}", bone, point, sign * place(against)[1][..., :, column], against)
    direction = {"up": _UP, "down": -_UP, "ahead": _AHEAD, "forward": axes[..., :, 0]}[row.get("push", "up")]
    return Contact(f"{group}.{row['name']}", bone, point, direction, against)


def _pushes(contact: Contact, friction: float) -> Iterator[Contact]:
    """The contact itself, or the four edges of its friction cone (any push inside the cone is a mixture of them)."""
    if friction == 0.0 or contact.against:
        yield contact
        return
    normal = contact.direction
    first = np.cross(normal, np.array([0.0, 1.0, 0.0]))
    first = first / np.linalg.norm(first, axis=-1, keepdims=True)
    second = np.cross(normal, first)
    for number, edge in enumerate((first, -first, second, -second)):
        yield Contact(
            f"{contact.name}.{number}", contact.bone, contact.point, normal + friction * edge, contact.against
        )
