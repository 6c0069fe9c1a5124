"""Fits each fascicle's optimal fibre and tendon slack length to its path.

The source's trunk muscles carry fibres of up to 1.4 m and negative tendons; the psoas of another public model kept the
fibres of a path that ended at the pelvis and pulls 15 kN in standing. Here fibres sit where sarcomeres were measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Route


@dataclass(frozen=True)
class Fit:
    """One fascicle's fitted parameters: metres, metres, radians, and the strains of its passive curve."""

    optimal_fibre_m: float
    slack_m: float
    pennation_rad: float
    passive_start: float
    passive_full: float


def fascicle_strength_n(route: Route) -> float:
    """Strength of one fascicle in newtons: the source's, raised for the back muscles."""
    back = load_data("muscle_architecture.yaml")["back_strength"]
    return route.strength_n * (float(back["factor"]) if route.group in back["groups"] else 1.0)


def fit_fascicle(route: Route, *, standing_m: float, psoas_measured_m: float) -> Fit:
    """The parameters of one fascicle.

    `standing_m` is its length in standing and `psoas_measured_m` at the hip angle where psoas sarcomeres were measured.
    """
    data = load_data("muscle_architecture.yaml")
    stem = route.source_name.removesuffix("_r")
    if stem in data["legs"]:
        return _fit_leg(data["legs"][stem], standing_m, float(data["passive_widening"].get(route.group, 1.0)))
    muscle = data["trunk"][route.group]
    if route.group == "psoas_major":
        sarcomere, length = float(data["psoas_sarcomere"]["length_um"]), psoas_measured_m
    else:
        sarcomere, length = float(muscle["sarcomere_um"]), standing_m
    normal = sarcomere / float(data["curves"]["optimal_sarcomere_um"]["value"])
    return _fit_trunk(data, muscle, normal=normal, length_m=length)


def _fit_leg(muscle: dict[str, Any], standing_m: float, widening: float) -> Fit:
    """The published parameters; where the path was corrected, slack moves by as much as the length in standing."""
    slack = float(muscle["slack_m"]) + standing_m - float(muscle.get("standing_m", standing_m))
    start, full = muscle["passive_strain"]
    pennation = float(np.radians(muscle["pennation_deg"]))
    return Fit(float(muscle["optimal_fibre_m"]), slack, pennation, start, start + widening * (full - start))


def _fit_trunk(data: dict[str, Any], muscle: dict[str, Any], *, normal: float, length_m: float) -> Fit:
    """Fibres of the muscle's optimal length at `normal` times it when the fascicle is `length_m` long.

    fibre^2 = (length - slack)^2 + (optimal sin(pennation))^2, solved for the slack.
    """
    pennation = float(np.radians(muscle.get("pennation_deg", 0.0)))
    tendon_share = float(data["least_tendon_share"]["value"])
    optimal = min(float(muscle["optimal_fibre_m"]), (1.0 - tendon_share) * length_m / normal)
    along = optimal * np.sqrt(normal**2 - np.sin(pennation) ** 2)
    start, full = data["curves"]["passive_strain"]["value"]
    return Fit(optimal, float(length_m - along), pennation, start, full)
