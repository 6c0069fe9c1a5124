"""The body of one person: pose it, ask it for lengths, moment arms, forces of gravity."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from psoas.body.anatomy.blueprint import Vector
from psoas.body.anatomy.muscles import Muscles
from psoas.body.kinematics.coordinates import COORDINATES, check_ranges, coordinate_vector, index_of, to_edge_units
from psoas.body.kinematics.geometry import Geometry, Kinematics, stacked
from psoas.body.kinematics.posture import Posture
from psoas.body.kinematics.postures import posture as named_posture
from psoas.body.subject.build import compiled_body
from psoas.body.subject.compiled import CompiledBody
from psoas.body.subject.passive import Passive
from psoas.body.subject.scaling import Person, person_of, scaled

Pose = str | Mapping[str, float] | Posture | Vector


@dataclass(frozen=True)
class Body:
    """A person's body in one posture. Make it with `Body.of(...)`; `pose` returns the same body in another posture.

    `muscles` holds one entry per fascicle, in the order of every muscle array; `coordinates` the order of every
    coordinate array. `q` is the posture (J,), radians and metres.
    """

    person: Person
    muscles: Muscles
    passive: Passive
    kinematics: Kinematics
    q: Vector

    @classmethod
    def of(
        cls,
        *,
        height_m: float | None = None,
        mass_kg: float | None = None,
        sex: str = "unspecified",
        age_years: float | None = None,
    ) -> Body:
        """The body of a person, standing. What is not given is the mean of the sex and age; `person.assumed` lists it.

        Args:
            height_m: height, metres.
            mass_kg: mass, kilograms.
            sex: `male`, `female` or `unspecified` (the mean of both).
            age_years: age, years.

        Returns:
            The body, standing relaxed.

        Raises:
            ValueError: a value out of range; the message names the field, the value and what is allowed.
        """
        person = person_of(height_m=height_m, mass_kg=mass_kg, sex=sex, age_years=age_years)
        return cls.compiled(compiled_body(), person)

    @classmethod
    def compiled(cls, reference: CompiledBody, person: Person) -> Body:
        """The body of `person` made from a compiled reference body, standing."""
        model, rules, muscles, passive = scaled(reference, person)
        return cls(person, muscles, passive, Kinematics(model, rules), np.zeros(len(COORDINATES)))

    @property
    def coordinates(self) -> tuple[str, ...]:
        """Names of the coordinates, the order of `q`."""
        return COORDINATES

    def pose(self, posture: Pose) -> Body:
        """The same body in `posture`: its name, a mapping of coordinates in degrees, or an array (J,) in radians.

        Names are those of `psoas.body.kinematics.postures`, such as `"standing"`. Coordinates not named in a mapping
        are zero, which is relaxed standing.

        Args:
            posture: its name, a mapping of coordinates in degrees, or an array (J,) in radians and metres.

        Returns:
            A new body; this one is left as it is.

        Raises:
            ValueError: an unknown name, or an angle outside its joint's range.
        """
        return replace(self, q=self.configuration(posture))

    def configuration(self, posture: Pose) -> Vector:
        """The array (J,) of `posture`, checked against the joints' ranges.

        Args:
            posture: as :meth:`pose` takes it.

        Returns:
            Joint coordinates (J,), radians and metres, in the order of `coordinates`.

        Raises:
            ValueError: an unknown name, another shape, or an angle outside its joint's range.
        """
        if isinstance(posture, str):
            posture = named_posture(posture)
        if isinstance(posture, Posture):
            posture = posture.joints_deg
        if isinstance(posture, Mapping):
            return coordinate_vector(posture)
        q = np.asarray(posture, dtype=float)
        if q.shape != (len(COORDINATES),):
            raise ValueError(f"posture has shape {q.shape}; expected ({len(COORDINATES)},)")
        check_ranges(to_edge_units(q))
        return q

    @cached_property
    def geometry(self) -> Geometry:
        """Every geometric array at the present posture; see `Geometry` for shapes."""
        return self.kinematics.evaluate(self.q)

    def geometries(self, postures: Vector | Sequence[Pose]) -> Geometry:
        """`Geometry` of many postures at once, every array with one more axis in front.

        Args:
            postures: (n, J) in radians and metres, whose ranges are not checked, or postures as :meth:`pose` takes.

        Returns:
            `Geometry` whose arrays have the n postures as their first axis.
        """
        rows = postures if isinstance(postures, np.ndarray) else [self.configuration(one) for one in postures]
        return stacked([self.kinematics.evaluate(row) for row in np.atleast_2d(rows)])

    def members(self, muscle: str) -> NDArray[np.intp]:
        """Indices of the fascicles of a public muscle such as `psoas_major_right`, or of one fascicle.

        Args:
            muscle: such as `psoas_major_right`, or one fascicle.

        Returns:
            Indices (k,) into every fascicle array.

        Raises:
            ValueError: no muscle of this name; the message names the nearest.
        """
        found = self.muscles.members(muscle)
        if found.size == 0:
            near = difflib.get_close_matches(muscle, self.muscles.public_names, n=3, cutoff=0.5)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise ValueError(f"muscle is {muscle!r}; expected one of {len(self.muscles.public_names)} names{hint}")
        return found

    def mean_over(self, muscle: str, values: Vector) -> float:
        """Strength-weighted mean of a fascicle array (M,) over the fascicles of `muscle`.

        Args:
            muscle: a muscle or a fascicle.
            values: (M,) one number for each fascicle.

        Returns:
            The mean over its fascicles, weighted by their strength, in the unit of `values`.

        Raises:
            ValueError: no muscle of this name.
        """
        at = self.members(muscle)
        return float(np.average(values[at], weights=self.muscles.strength_n[at]))

    def path(self, fascicle: str) -> tuple[tuple[str, ...], Vector]:
        """Bones (n names) and positions (n, 3), metres, of the fixed points of a fascicle's path in this posture.

        Args:
            fascicle: its name.

        Returns:
            Names (n,) of the bones and positions (n, 3) in metres.
        """
        self.kinematics.place(self.q)
        return self.kinematics.path(fascicle)

    def lengths(self) -> Vector:
        """Length of every fascicle (M,), origin to insertion along its path, metres."""
        return self.geometry.lengths_m

    def length(self, muscle: str) -> float:
        """Length of a muscle in metres; of several fascicles their strength-weighted mean.

        Args:
            muscle: a muscle or a fascicle.

        Returns:
            Metres, origin to insertion along the path.

        Raises:
            ValueError: no muscle of this name.
        """
        return self.mean_over(muscle, self.lengths())

    def moment_arms(self, coordinate: str) -> Vector:
        """Moment arm of every fascicle about `coordinate` (M,), metres; positive drives the coordinate up.

        Args:
            coordinate: such as `hip_flexion_right`.

        Returns:
            (M,) metres; positive drives the coordinate up.

        Raises:
            ValueError: no coordinate of this name.
        """
        return np.asarray(self.geometry.arms_m[index_of(coordinate)])

    def moment_arm(self, coordinate: str, muscle: str) -> float:
        """Moment arm of a muscle in metres; of several fascicles their strength-weighted mean.

        Args:
            coordinate: such as `hip_flexion_right`.
            muscle: a muscle or a fascicle.

        Returns:
            Metres; positive drives the coordinate up.

        Raises:
            ValueError: no coordinate or muscle of this name.
        """
        return self.mean_over(muscle, self.moment_arms(coordinate))

    def curve(self, coordinate: str, muscle: str, degrees: Sequence[float]) -> dict[str, list[float]]:
        """Moment arm and length of `muscle` as `coordinate` runs over `degrees` from the present posture.

        Args:
            coordinate: the one that runs.
            muscle: a muscle or a fascicle.
            degrees: values of the coordinate (n,), degrees; the other coordinates stay as they are.

        Returns:
            Lists (n,) `degrees`, `moment_arm_m` and `length_m`.

        Raises:
            ValueError: an unknown name, or an angle outside its range.
        """
        index = index_of(coordinate)
        arms, lengths = [], []
        for value in degrees:
            edge = to_edge_units(self.q)
            edge[index] = value
            check_ranges(edge)
            q = self.q.copy()
            q[index] = edge[index] / to_edge_units(np.ones(len(COORDINATES)))[index]
            at = self.pose(q)
            arms.append(at.moment_arm(coordinate, muscle))
            lengths.append(at.length(muscle))
        return {"degrees": [float(v) for v in degrees], "moment_arm_m": arms, "length_m": lengths}

    def gravity(self) -> Vector:
        """Gravity's generalised force (J,): newton metres for angles, newtons for slides."""
        return self.geometry.gravity

    def passive_moments(self, compression_n: float | Vector | None = None) -> Vector:
        """Passive generalised forces (J,) of discs, ligaments and hip capsules, without muscle; newton metres.

        Args:
            compression_n: compression that stiffens the levels, N: one number or (6,) in the order of LEVELS; None
                takes that of standing.

        Returns:
            (J,) newton metres; positive drives the coordinate up.
        """
        return self.passive.moments(self.q, compression_n)

    def passive_tension_n(self) -> Vector:
        """Tension (M,) of the relaxed fascicles in newtons."""
        return self.muscles.passive_n(self.lengths())

    def capacity_n(self) -> Vector:
        """Force (M,) full activation would add to each fascicle's passive tension, newtons."""
        return self.muscles.capacity_n(self.lengths())

    def shortened(self, percent_by_muscle: Mapping[str, float]) -> Body:
        """The same body with tight muscles, `{"psoas_major_right": 10}`; see `Muscles.shortened`.

        Args:
            percent_by_muscle: percent off the slack length, -50 to 50, by muscle and side; negative lengthens.

        Returns:
            A new body in the same posture; this one is left as it is.

        Raises:
            ValueError: an unknown muscle, or a percentage out of range.
        """
        return replace(self, muscles=self.muscles.shortened(dict(percent_by_muscle)))

    def mass_kg(self) -> float:
        """Mass of the whole body in kilograms."""
        return float(np.sum(self.kinematics.model.body_mass))

    def segment_masses_kg(self) -> dict[str, float]:
        """Mass of every segment in kilograms."""
        model: Any = self.kinematics.model
        return {name: float(model.body_mass[model.body(name).id]) for name in self.kinematics.bone_names}

    def centre_of_mass_m(self) -> Vector:
        """Centre of mass of the whole body (3,) in the room: forward, left, up from between the hips when standing."""
        self.kinematics.place(self.q)
        return np.array(self.kinematics.bone_data.subtree_com[0])
