"""A virtual population: people x tightness x postures, and what each part of the work returns.

Everything a person is comes from the seed and the person's number alone, so parts may be worked out in any order, on
any machine, again after a kill, with the same rows. A combination that has no answer is a row with a reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from psoas import __version__
from psoas.body._data import load_data
from psoas.body.kinematics.coordinates import COORDINATES
from psoas.body.kinematics.posture import PostureError
from psoas.body.kinematics.postures import posture as posture_by_name
from psoas.body.statics.movement import MovementLoads, movement_through, solve_members
from psoas.body.statics.options import Options
from psoas.body.statics.placing import place_frames
from psoas.body.statics.tissue import Tissue
from psoas.body.subject.model import Body
from psoas.body.subject.scaling import Person, person_of, population_mean

Row = dict[str, Any]


class StudyError(ValueError):
    """A study that cannot be begun or gone on with; the message says what to do."""


@dataclass(frozen=True)
class Plan:
    """What a study asks.

    Attributes:
        people: how many.
        seed: of the population.
        postures: names, see :func:`psoas.body.kinematics.postures.posture_names`.
        tighten: muscles shortened together, with their side.
        percent: how much, one run each.
        power: of the cost, 2 or 3.
        version: of Psoas; rows of two versions are never mixed.
    """

    people: int
    seed: int
    postures: tuple[str, ...]
    tighten: tuple[str, ...]
    percent: tuple[float, ...]
    power: int = 2
    version: str = __version__

    @classmethod
    def of(
        cls,
        people: int,
        *,
        seed: int = 1,
        postures: Sequence[str] | None = None,
        tighten: Sequence[str] | None = None,
        percent: Sequence[float] | None = None,
        power: int = 2,
    ) -> Plan:
        """A checked plan; what is left out is taken from ``data/study.yaml``.

        Args:
            people: how many, at least 1.
            seed: of the population, 0 or more.
            postures: names of postures.
            tighten: muscles with their side, shortened together.
            percent: shortening of each run, percent of slack length.
            power: of the cost, 2 or 3.

        Returns:
            The checked plan.

        Raises:
            StudyError: no people, nothing to do, or an option out of range.
            PostureError, ValueError: an unknown posture or muscle.
        """
        usual = load_data("study.yaml")
        if people < 1:
            raise StudyError(f"people is {people}; expected at least 1.")
        if seed < 0:
            raise StudyError(f"seed is {seed}; expected 0 or more.")
        plan = cls(
            people,
            seed,
            tuple(usual["postures"] if postures is None else postures),
            tuple(usual["tighten"] if tighten is None else tighten),
            tuple(float(value) for value in (usual["percent"] if percent is None else percent)),
            power,
        )
        if not plan.postures or not plan.percent:
            raise StudyError("a study needs at least one posture and one percentage.")
        for name in plan.postures:
            posture_by_name(name)
        Options(power=power)
        reference = Body.of()
        for value in plan.percent:
            Tissue(reference, dict.fromkeys(plan.tighten, value), {})
        return plan

    @property
    def rows_per_person(self) -> int:
        """Postures times percentages."""
        return len(self.postures) * len(self.percent)

    def parts(self) -> list[range]:
        """People by number, in the groups that are finished and written together."""
        size = int(load_data("study.yaml")["people_per_part"])
        return [range(begin, min(begin + size, self.people)) for begin in range(0, self.people, size)]

    def to_json(self) -> str:
        """The plan as it is kept beside its results."""
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"


def person_number(plan: Plan, number: int) -> Person:
    """Person `number` of the population, from the seed and the number alone."""
    spread = load_data("study.yaml")
    rng = np.random.default_rng([plan.seed, number])
    sex = "female" if rng.random() < float(spread["female_share"]) else "male"
    limit = float(spread["height_within_sd"])
    off = rng.normal()
    while abs(off) > limit:
        off = rng.normal()
    index = float(rng.uniform(*spread["body_mass_index"]))
    age = float(rng.uniform(*spread["age_years"]))
    height = population_mean("height_m", sex, age) + off * float(spread["height_sd_m"][sex])
    mass = index * height**2
    return person_of(height_m=round(height, 4), mass_kg=round(mass, 2), sex=sex, age_years=round(age, 2))


def solve_part(plan: Plan, people: Sequence[int]) -> list[Row]:
    """Every row of some people, in order."""
    return [row for number in people for row in _solve_person(plan, number)]


def _solve_person(plan: Plan, number: int) -> list[Row]:
    person = person_number(plan, number)
    body = Body.of(height_m=person.height_m, mass_kg=person.mass_kg, sex=person.sex, age_years=person.age_years)
    tissues = [Tissue(body, dict.fromkeys(plan.tighten, percent), {}) for percent in plan.percent]
    who = {
        "person": number,
        "sex": person.sex,
        "height_m": person.height_m,
        "mass_kg": person.mass_kg,
        "age_years": person.age_years,
    }
    rows = []
    for name in plan.postures:
        try:
            movement = movement_through(body, [name])
        except PostureError as refused:
            rows += [_row(who, name, percent, _nothing(body), str(refused)) for percent in plan.percent]
            continue
        placed = place_frames(body.kinematics, movement.q)
        answer = solve_members(body, movement, placed, tissues, Options(power=plan.power))
        stood = dict(zip(COORDINATES, np.degrees(movement.q[0]), strict=True))
        for member, percent in enumerate(plan.percent):
            values = {"pelvic_tilt_deg": float(stood["pelvis_tilt"]), **_values(body, answer, member)}
            rows.append(_row(who, name, percent, values, answer.reason[member]))
    return rows


def _row(who: Row, posture: str, percent: float, values: Mapping[str, Any], reason: str) -> Row:
    return {**who, "posture": posture, "percent": percent, **values, "reason": reason}


def _values(body: Body, answer: MovementLoads, member: int) -> Row:
    """The columns of one member, units in their names."""
    values: Row = {}
    for column, level in enumerate(answer.levels):
        key = level.replace("/", "").lower()
        values[f"compression_{key}_n"] = float(answer.compression_n[member, column])
        values[f"shear_{key}_n"] = float(answer.shear_n[member, column])
    for side, force in zip(("left", "right"), answer.hips_n[member], strict=True):
        values[f"hip_{side}_n"] = float(force)
    for muscle in load_data("study.yaml")["reported_muscles"]:
        for side in ("left", "right"):
            at = body.members(f"{muscle}_{side}")
            values[f"{muscle}_{side}_n"] = float(answer.force_n[member, at].sum())
            values[f"{muscle}_{side}_passive_n"] = float(answer.passive_n[member, at].sum())
    values["effort"] = float(answer.effort[member])
    values["residual_nm"] = float(answer.residual_nm[member])
    values["reserves_nm"] = float(answer.reserves_nm[member])
    values["feasible"] = bool(answer.feasible[member])
    return values


def _nothing(body: Body) -> Row:
    """The columns of a combination that was refused: no numbers, not feasible."""
    nan = np.nan
    none = MovementLoads(
        levels=("T12/L1", "L1/L2", "L2/L3", "L3/L4", "L4/L5", "L5/S1"),
        compression_n=np.full((1, 6), nan),
        shear_n=np.full((1, 6), nan),
        lateral_shear_n=np.full((1, 6), nan),
        hips_n=np.full((1, 2), nan),
        activation=np.full((1, len(body.muscles.names)), nan),
        force_n=np.full((1, len(body.muscles.names)), nan),
        passive_n=np.full((1, len(body.muscles.names)), nan),
        effort=np.full(1, nan),
        residual_nm=np.full(1, nan),
        reserves_nm=np.full(1, nan),
        feasible=np.zeros(1, dtype=bool),
        reason=("",),
    )
    return {"pelvic_tilt_deg": nan, **_values(body, none, 0)}
