"""From height, mass, sex and age to the size, weight, strength and stiffness of a person's body."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.muscles import Muscles
from psoas.body.kinematics.geometry import Dependency
from psoas.body.subject.passive import Passive, extension_shift_deg

if TYPE_CHECKING:
    from psoas.body.subject.compiled import CompiledBody

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
    *,
    height_m: float | None = None,
    mass_kg: float | None = None,
    sex: str = "unspecified",
    age_years: float | None = None,
) -> Person:
    """A checked person; what is None becomes the mean of the sex and age and is named in `assumed`."""
    if sex not in SEXES:
        raise ValueError(f"sex is {sex!r}; expected one of {', '.join(SEXES)}.")
    data = load_data("anthropometry.yaml")
    given = {"age_years": age_years, "height_m": height_m, "mass_kg": mass_kg}
    values: dict[str, float] = {}
    for field, value in given.items():
        low, high = data["allowed"][field]
        if value is not None:
            chosen = float(value)
        elif field == "age_years":
            chosen = float(data["means"]["age_years"])
        else:
            chosen = population_mean(field, sex, values["age_years"])
        if not np.isfinite(chosen) or not low <= chosen <= high:
            raise ValueError(f"{field} is {chosen:g}; expected {low:g} to {high:g}.")
        values[field] = chosen
    assumed = tuple(field for field, value in given.items() if value is None)
    return Person(values["height_m"], values["mass_kg"], sex, values["age_years"], assumed)


def reference_person() -> Person:
    """The man the reference body is: the source's own size."""
    reference = load_data("anthropometry.yaml")["reference"]
    return person_of(
        height_m=float(reference["height_m"]["value"]),
        mass_kg=float(reference["mass_kg"]["value"]),
        sex="male",
        age_years=float(reference["age_years"]["value"]),
    )


def population_mean(field: str, sex: str, age_years: float) -> float:
    """Mean height in metres or mass in kilograms of adults of a sex and age."""
    if sex == "unspecified":
        return 0.5 * (population_mean(field, "male", age_years) + population_mean(field, "female", age_years))
    table = load_data("anthropometry.yaml")["means"]["by_age"]
    return float(np.interp(age_years, table["age_years"], table[sex][field]))


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


def strength_factor(person: Person) -> float:
    """Strength of the person's muscles as a multiple of the reference man's."""
    return _muscle_over_length(person) / _muscle_over_length(reference_person())


def _muscle_over_length(person: Person) -> float:
    """Muscle volume over body height, with sex and age: a cross-section up to a constant."""
    data = load_data("anthropometry.yaml")["strength"]
    volume, age = data["muscle_volume_cm3"], data["age"]
    mass = min(person.mass_kg, float(data["body_mass_index_cap"]["value"]) * person.height_m**2)
    section = (float(volume["per_kg_m"]) * mass * person.height_m + float(volume["fixed"])) / person.height_m
    decades = max(0.0, person.age_years - float(age["steady_until_years"]["value"])) / 10.0
    female = float(data["female_share"]["value"]) * (1.0 - float(age["loss_per_decade_female"]["value"])) ** decades
    male = (1.0 - float(age["loss_per_decade_male"]["value"])) ** decades
    share = {"male": male, "female": female, "unspecified": 0.5 * (male + female)}[person.sex]
    return float(section * share)


def passive_strain_factor(age_years: float) -> float:
    """How much earlier, as a factor on fibre strain, relaxed muscles pull in age; 1 in the young."""
    data = load_data("muscle_architecture.yaml")["curves"]["passive_strain_in_age"]
    years = [float(data["from_years"]["value"]), float(data["complete_at_years"]["value"])]
    return float(np.interp(age_years, years, [1.0, float(data["factor"]["value"])]))


def scaled(compiled: CompiledBody, person: Person) -> tuple[Any, tuple[Dependency, ...], Muscles, Passive]:
    """The reference model, the rules of its joints, its muscles and its passive tissue made to the size of `person`.

    Lengths go with height alike in every segment (Drillis and Contini's proportions, recalled); masses with body mass;
    the spine's and hip's passive moments with mass times height (our choice).
    """
    reference = reference_person()
    size = person.height_m / reference.height_m
    model = _scaled_model(compiled.model, person, size)
    rules = tuple(
        replace(rule, polynomial=tuple(size * c for c in rule.polynomial)) if _is_length(rule, model) else rule
        for rule in compiled.dependencies
    )
    strain = passive_strain_factor(person.age_years)
    muscles = replace(
        compiled.muscles,
        strength_n=compiled.muscles.strength_n * strength_factor(person),
        optimal_fibre_m=compiled.muscles.optimal_fibre_m * size,
        slack_m=compiled.muscles.slack_m * size,
        passive_full=compiled.muscles.passive_start
        + strain * (compiled.muscles.passive_full - compiled.muscles.passive_start),
    )
    weight = person.mass_kg * person.height_m / (reference.mass_kg * reference.height_m)
    shift = extension_shift_deg(person.sex, person.age_years)
    return model, rules, muscles, Passive(compiled.capsule, weight, weight, shift)


def _scaled_model(reference: Any, person: Person, size: float) -> Any:
    import mujoco

    from psoas.body.anatomy.source import hear_mujoco

    model = copy.copy(reference)
    for array in (model.body_pos, model.body_ipos, model.jnt_pos, model.site_pos, model.geom_pos, model.geom_size):
        array *= size
    shares = segment_shares(person.sex)
    radius_share = float(load_data("anthropometry.yaml")["radius_of_gyration_share"]["value"])
    for index in range(1, model.nbody):
        mass = shares.get(str(model.body(index).name), 0.0) * person.mass_kg
        radius = radius_share * max(2.0 * float(np.linalg.norm(model.body_ipos[index])), 0.1)
        model.body_mass[index] = mass
        model.body_inertia[index] = max(mass * radius**2, 1e-6)
    hear_mujoco()
    mujoco.mj_setConst(model, mujoco.MjData(model))
    return model


def _is_length(rule: Dependency, model: Any) -> bool:
    """Whether a dependent joint is a slide, whose travel grows with the body; the pelvis's own slides are free."""
    import mujoco

    slides = {int(model.jnt_qposadr[j]) for j in range(model.njnt) if model.jnt_type[j] == mujoco.mjtJoint.mjJNT_SLIDE}
    return rule.address in slides and len(rule.polynomial) > 2
