"""From height, mass, sex and age to the size and weight of every segment."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics import Dependency
from psoas.body.muscles import Muscles

if TYPE_CHECKING:
    from psoas.body.build import CompiledBody

SEXES = ("male", "female", "unspecified")


@dataclass(frozen=True)
class Person:
    """Whose body it is. `assumed` names the fields that were not given and are means of the sex and age."""

    height_m: float
    mass_kg: float
    sex: str
    age_years: float
    assumed: tuple[str, ...] = ()


def person_of(
    *, height_m: float | None, mass_kg: float | None, sex: str = "unspecified", age_years: float | None
) -> Person:
    """A checked person; what is None becomes the mean of the sex and age and is named in `assumed`."""
    if sex not in SEXES:
        raise ValueError(f"sex is {sex!r}; expected one of {', '.join(SEXES)}.")
    data = load_data("anthropometry.yaml")
    given = {"height_m": height_m, "mass_kg": mass_kg, "age_years": age_years}
    values: dict[str, float] = {}
    for field, value in given.items():
        low, high = data["allowed"][field]
        chosen = _mean(field, sex) if value is None else float(value)
        if not np.isfinite(chosen) or not low <= chosen <= high:
            raise ValueError(f"{field} is {chosen:g}; expected {low:g} to {high:g}.")
        values[field] = chosen
    assumed = tuple(field for field, value in given.items() if value is None)
    return Person(values["height_m"], values["mass_kg"], sex, values["age_years"], assumed)


def _mean(field: str, sex: str) -> float:
    means = load_data("anthropometry.yaml")["means"]
    if field == "age_years":
        return float(means[field])
    if sex == "unspecified":
        return 0.5 * (float(means["male"][field]) + float(means["female"][field]))
    return float(means[sex][field])


def segment_shares(sex: str) -> dict[str, float]:
    """Share of body mass of each segment of the model (right and left leg alike), summing to one."""
    data = load_data("anthropometry.yaml")
    if sex == "unspecified":
        male, female = segment_shares("male"), segment_shares("female")
        return {name: 0.5 * (male[name] + female[name]) for name in male}
    part = {name: float(value) / 100.0 for name, value in data["segment_mass_percent"][sex].items()}
    lumbar = float(data["lumbar_block_percent"]["value"]) / 100.0
    shares = {"pelvis": part["lower_trunk"], **{f"l{k}": lumbar / 5 for k in range(1, 6)}}
    shares["thorax"] = part["trunk"] - part["lower_trunk"] - lumbar
    shares["head"] = part["head"]
    shares["arms"] = 2.0 * (part["upper_arm"] + part["forearm"] + part["hand"])
    for side in ("right", "left"):
        shares[f"femur_{side}"] = part["thigh"]
        shares[f"tibia_{side}"] = part["shank"]
        shares[f"foot_{side}"] = part["foot"]
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()}


def scaled(compiled: CompiledBody, person: Person) -> tuple[Any, Muscles, tuple[Dependency, ...]]:
    """The reference model, its muscles and its joints' rules made to the size of `person`."""
    import mujoco

    from psoas.body.source import quiet_mujoco

    reference = load_data("anthropometry.yaml")["reference"]
    size = person.height_m / float(reference["height_m"]["value"])
    model = copy.copy(compiled.model)
    for array in (model.body_pos, model.body_ipos, model.jnt_pos, model.site_pos, model.geom_pos, model.geom_size):
        array *= size
    shares = segment_shares(person.sex)
    for index in range(1, model.nbody):
        mass = shares.get(str(model.body(index).name), 0.0) * person.mass_kg
        model.body_mass[index] = mass
        model.body_inertia[index] = 0.01
    with quiet_mujoco():
        mujoco.mj_setConst(model, mujoco.MjData(model))
    slides = {int(model.jnt_qposadr[j]) for j in range(model.njnt) if model.jnt_type[j] == mujoco.mjtJoint.mjJNT_SLIDE}
    rules = tuple(
        replace(rule, polynomial=tuple(size * c for c in rule.polynomial))
        if rule.address in slides and len(rule.sources) == 1 and len(rule.polynomial) > 2
        else rule
        for rule in compiled.dependencies
    )
    muscles = replace(
        compiled.muscles,
        optimal_fibre_m=compiled.muscles.optimal_fibre_m * size,
        slack_m=compiled.muscles.slack_m * size,
    )
    return model, muscles, rules
