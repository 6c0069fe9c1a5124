"""What pulls on a hanging leg: relaxed muscles, the hip's capsule and gravity, for many people at once.

The torque tau (N, 4) acts on the leg's coordinates; its slope d tau / d q and its change with every unknown come along,
so that an equilibrium and its sensitivities need no finite differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Vector
from psoas.body.flexibility.leg_surface import LegSurface, leg_surface
from psoas.body.subject.passive import extension_shift_deg
from psoas.body.subject.scaling import Person, passive_strain_factor, reference_person, segment_shares, strength_factor

FLEXORS = ("iliopsoas", "rectus_femoris", "sartorius", "tensor_fasciae_latae")
UNKNOWNS = (*FLEXORS, "vasti", "abductors", "capsule_deg")
"""What may differ from the normal leg: shortening in percent of slack length, and degrees by which the front of the
capsule is taut earlier. The last three are not asked for; they could be taken for a short flexor, so they stay open."""

GRAVITY_M_S2 = 9.81
_SHARED = ("surface", "unknown_of", "normal")
_MEMBERS = {
    "iliopsoas": ("psoas_major", "iliacus"),
    "vasti": ("vastus_intermedius", "vastus_lateralis", "vastus_medialis"),
    "abductors": ("gluteus_medius", "gluteus_minimus"),
}


@dataclass(frozen=True)
class Legs:
    """One leg of each of N people, M fascicles. Lengths in metres, forces in newtons, masses (N, 3) in kilograms.

    thickness_m is what a pennate fibre keeps; `unknown_of` (7, M) is 1 where an unknown shortens a fascicle; `normal`
    (7,) is what the average adult differs from the bare model by: every unknown counts from there.
    """

    surface: LegSurface
    size: Vector
    strength_n: Vector
    optimal_fibre_m: Vector
    slack_m: Vector
    thickness_m: Vector
    passive_start: Vector
    passive_full: Vector
    masses_kg: Vector
    hip_scale: Vector
    hip_shift_deg: Vector
    unknown_of: Vector
    normal: Vector

    @classmethod
    def of(cls, people: Sequence[Person], surface: LegSurface | None = None) -> Legs:
        """The legs of `people`, scaled as `Body.of` scales the whole body."""
        at = surface or leg_surface()
        reference = reference_person()
        size = np.array([one.height_m / reference.height_m for one in people])
        weight = np.array([one.mass_kg * one.height_m for one in people])
        shares = [segment_shares(one.sex) for one in people]
        masses = [
            [share[f"{name}_right"] * one.mass_kg for name in ("femur", "tibia", "foot")]
            for share, one in zip(shares, people, strict=True)
        ]
        strain = np.array([passive_strain_factor(one.age_years) for one in people])[:, None]
        optimal = size[:, None] * at.optimal_fibre_m
        return cls(
            surface=at,
            size=size,
            strength_n=np.array([strength_factor(one) for one in people])[:, None] * at.strength_n,
            optimal_fibre_m=optimal,
            slack_m=size[:, None] * at.slack_m,
            thickness_m=optimal * np.sin(at.pennation_rad),
            passive_start=np.broadcast_to(at.passive_start, optimal.shape),
            passive_full=at.passive_start + strain * (at.passive_full - at.passive_start),
            masses_kg=np.array(masses),
            hip_scale=weight / (reference.mass_kg * reference.height_m),
            hip_shift_deg=np.array([extension_shift_deg(one.sex, one.age_years) for one in people]),
            unknown_of=_unknown_of(at),
            normal=normal_unknowns(),
        )

    def take(self, at: NDArray[np.intp]) -> Legs:
        """The legs of the people with these indices, which may repeat."""
        held = {name: getattr(self, name) for name in self.__dataclass_fields__}
        per_person = {name: value[at] for name, value in held.items() if name not in _SHARED}
        return Legs(**{**held, **per_person})

    def __len__(self) -> int:
        return len(self.size)


def normal_unknowns() -> Vector:
    """(7,) by how much the average adult's leg differs from the bare model's: `normal` of `tightness.yaml`."""
    data = load_data("tightness.yaml")["normal"]
    return np.array([float(data.get(name, 0.0)) for name in UNKNOWNS])


def _unknown_of(surface: LegSurface) -> Vector:
    found = np.zeros((len(UNKNOWNS), surface.count))
    for row, name in enumerate(UNKNOWNS):
        found[row] = np.isin(surface.groups, _MEMBERS.get(name, (name,)))
    return found


@dataclass(frozen=True)
class Torque:
    """tau (N, 4), newton metres; by_q (N, 4, 4) = d tau_i / d q_j; by_unknown (N, 4, 7); by_tilt (N, 4), per radian.

    `by_unknown` is per percent, and for the capsule per degree.
    """

    tau: Vector
    by_q: Vector
    by_unknown: Vector
    by_tilt: Vector


def torque(legs: Legs, unknowns: Vector, q: Vector, gravity: tuple[Vector, Vector] | None) -> Torque:
    """Everything passive on the leg at `q` (N, 4), with gravity when its direction is given.

    unknowns (N, 7) in the order of UNKNOWNS, zero for the average adult. gravity: unit vectors (N, 3) in the pelvis's
    frame and their change with the pelvis's backward tilt.
    """
    value, slope, curvature = legs.surface.evaluate(q)
    m = legs.surface.count
    unknowns = unknowns + legs.normal
    length, by_q = legs.size[:, None] * value[:, :m], legs.size[:, None, None] * slope[..., :m]
    by_qq = legs.size[:, None, None, None] * curvature[..., :m]
    force, stiffness, by_percent = _pull(legs, unknowns, length)
    tau = -np.einsum("njm,nm->nj", by_q, force)
    tau_q = -np.einsum("nim,nm,njm->nij", by_q, stiffness, by_q) - np.einsum("nijm,nm->nij", by_qq, force)
    tau_u = -np.einsum("njm,nm,um->nju", by_q, by_percent, legs.unknown_of)
    capsule, capsule_q, capsule_shift = _capsule(legs, unknowns[:, -1], q)
    tau += capsule
    tau_q[:, range(4), range(4)] += capsule_q
    tau_u[:, 0, -1] += capsule_shift
    tilt = np.zeros_like(tau)
    if gravity is not None:
        down, down_by_tilt = gravity
        arm = (legs.size[:, None, None] * slope[..., m:]).reshape(len(q), 4, 3, 3)
        bend = (legs.size[:, None, None, None] * curvature[..., m:]).reshape(len(q), 4, 4, 3, 3)
        weight = GRAVITY_M_S2 * legs.masses_kg
        tau += np.einsum("njsx,ns,nx->nj", arm, weight, down)
        tau_q += np.einsum("nijsx,ns,nx->nij", bend, weight, down)
        tilt = np.einsum("njsx,ns,nx->nj", arm, weight, down_by_tilt)
    return Torque(tau, tau_q, tau_u, tilt)


def _pull(legs: Legs, unknowns: Vector, length: Vector) -> tuple[Vector, Vector, Vector]:
    """Tension (N, M) of the relaxed fascicles, per metre of length, and per percent of shortening.

    As `Muscles.passive_n`: F = strength * stretch(l / optimal) * cos; shortening takes its share off `optimal` and the
    fibre keeps its thickness.
    """
    left = 1.0 - (unknowns @ legs.unknown_of) / 100.0
    optimal = legs.optimal_fibre_m * left
    along = np.maximum(length - legs.slack_m, 0.0)
    fibre = np.maximum(np.hypot(along, legs.thickness_m), 1e-6)
    cosine = along / fibre
    share, share_slope = _stretch(fibre / optimal, legs.passive_start, legs.passive_full)
    force = legs.strength_n * share * cosine
    stiffness = legs.strength_n * (share_slope * cosine**2 / optimal + share * (1.0 - cosine**2) / fibre)
    by_percent = legs.strength_n * share_slope * cosine * (fibre / optimal) / left / 100.0
    return force, np.where(along > 0.0, stiffness, 0.0), by_percent


def _stretch(normal: Vector, start: Vector, full: Vector) -> tuple[Vector, Vector]:
    """Share of strength a relaxed fibre pulls at `normal`, as `passive_share`, and its slope."""
    k = float(load_data("muscle_architecture.yaml")["curves"]["passive_exponent"]["value"])
    stretch = np.maximum(normal - 1.0 - start, 0.0) / (full - start)
    inside = np.minimum(stretch, 1.0)
    top = k * np.exp(k) / np.expm1(k)
    share = np.expm1(k * inside) / np.expm1(k) + top * np.maximum(stretch - 1.0, 0.0)
    slope = np.where(stretch > 0.0, k * np.exp(k * inside) / np.expm1(k), 0.0) / (full - start)
    return share, slope


def _capsule(legs: Legs, earlier_deg: Vector, q: Vector) -> tuple[Vector, Vector, Vector]:
    """Moment (N, 4) of the hip's capsule, its slope per radian (N, 4), and of flexion per degree taut earlier (N,).

    Flexion is the body's own `HipCapsule`. Sideways and in rotation the body has none, and a hanging leg needs one: an
    even springiness and a wall at each end of the range, both from `tightness.yaml`.
    """
    front_nm, front_deg, back_nm, back_deg = legs.surface.capsule
    hip = np.degrees(q[:, 0]) - legs.hip_shift_deg
    front = legs.hip_scale * front_nm * np.exp(-(hip - earlier_deg + 20.0) / front_deg)
    back = legs.hip_scale * back_nm * np.exp((hip - 120.0) / back_deg)
    per_rad = np.degrees(1.0)
    moment, slope = np.zeros_like(q), np.zeros_like(q)
    moment[:, 0] = front - back
    slope[:, 0] = -per_rad * (front / front_deg + back / back_deg)
    data = load_data("tightness.yaml")["hip_sideways"]
    for column, name in ((1, "adduction"), (2, "rotation")):
        row = data[name]
        angle, width = np.degrees(q[:, column]), float(row["wall_deg"])
        high = float(row["wall_nm"]) * np.exp((angle - float(row["end_deg"][1])) / width)
        low = float(row["wall_nm"]) * np.exp((float(row["end_deg"][0]) - angle) / width)
        spring = float(row["spring_nm_per_deg"])
        moment[:, column] = legs.hip_scale * (low - high - spring * angle)
        slope[:, column] = -legs.hip_scale * per_rad * ((low + high) / width + spring)
    return moment, slope, front / front_deg
