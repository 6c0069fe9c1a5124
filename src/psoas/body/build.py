"""The reference body, compiled: the model everything is scaled from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from psoas.body.assembly import build_spec, compile_spec, corrected_blueprint
from psoas.body.kinematics import Dependency, dependencies_of
from psoas.body.muscles import Muscles


@dataclass(frozen=True)
class CompiledBody:
    """The compiled reference model with its muscles and the rules of its joints."""

    model: Any
    muscles: Muscles
    dependencies: tuple[Dependency, ...]


@cache
def compiled_body() -> CompiledBody:
    """The reference body."""
    plan = corrected_blueprint()
    model = compile_spec(build_spec(plan))
    names = tuple(str(model.tendon(i).name) for i in range(model.ntendon))
    routes = [plan.routes[name.rsplit("_", 1)[0]] for name in names]
    strength = np.array([route.strength_n for route in routes])
    blank = np.full(len(names), np.nan)
    groups = tuple(f"{route.group}_{name.rsplit('_', 1)[1]}" for route, name in zip(routes, names, strict=True))
    muscles = Muscles(names, groups, strength, blank, blank, blank)
    return CompiledBody(model, muscles, dependencies_of(plan, model))
