"""The reference body, compiled: the model everything is scaled from."""

from __future__ import annotations

from functools import cache

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.architecture import fascicle_strength_n, fit_fascicle
from psoas.body.anatomy.assembly import build_spec, compile_spec, corrected_blueprint
from psoas.body.anatomy.blueprint import Blueprint
from psoas.body.anatomy.muscles import Muscles
from psoas.body.kinematics.coordinates import COORDINATES, coordinate_vector
from psoas.body.kinematics.geometry import Kinematics, dependencies_of
from psoas.body.subject.cache import load_or_build
from psoas.body.subject.compiled import CompiledBody
from psoas.body.subject.passive import fit_capsule


@cache
def compiled_body() -> CompiledBody:
    """The reference body, from the cache when it is there."""
    return load_or_build(lambda: compile_blueprint(corrected_blueprint()))


def compile_blueprint(plan: Blueprint) -> CompiledBody:
    """Compiles a blueprint and fits its muscles."""
    model = compile_spec(build_spec(plan))
    rules = dependencies_of(plan, model)
    kinematics = Kinematics(model, rules)
    muscles = fitted_muscles(plan, kinematics)
    return CompiledBody(model, muscles, rules, fit_capsule(kinematics, muscles), plan.notes)


def fitted_muscles(plan: Blueprint, kinematics: Kinematics) -> Muscles:
    """The muscles of the reference body, each fitted to its path."""
    names = kinematics.muscle_names
    routes = [plan.routes[name.rsplit("_", 1)[0]] for name in names]
    standing = kinematics.lengths(np.zeros(len(COORDINATES)))
    hip = float(load_data("muscle_architecture.yaml")["psoas_sarcomere"]["hip_flexion_deg"])
    measured = kinematics.lengths(coordinate_vector({"hip_flexion_right": hip, "hip_flexion_left": hip}))
    fits = [
        fit_fascicle(route, standing_m=at, psoas_measured_m=flexed)
        for route, at, flexed in zip(routes, standing, measured, strict=True)
    ]
    return Muscles(
        names=names,
        groups=tuple(f"{r.group}_{name.rsplit('_', 1)[1]}" for r, name in zip(routes, names, strict=True)),
        strength_n=np.array([fascicle_strength_n(route) for route in routes]),
        optimal_fibre_m=np.array([fit.optimal_fibre_m for fit in fits]),
        slack_m=np.array([fit.slack_m for fit in fits]),
        pennation_rad=np.array([fit.pennation_rad for fit in fits]),
        passive_start=np.array([fit.passive_start for fit in fits]),
        passive_full=np.array([fit.passive_full for fit in fits]),
    )
