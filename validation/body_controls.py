"""Bodies that are wrong on purpose: what public models do, to show that our tests would catch it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from psoas.body.anatomy.assembly import corrected_blueprint
from psoas.body.anatomy.blueprint import Blueprint, Point, Route
from psoas.body.anatomy.muscles import Muscles
from psoas.body.subject.build import compile_blueprint, compiled_body
from psoas.body.subject.model import Body
from psoas.body.subject.scaling import reference_person


def psoas_cut_at_pelvis() -> Body:
    """A psoas that ends on the pelvic brim, as in the usual lumbar models: it cannot move or load the hip."""
    plan = corrected_blueprint()
    for route in _psoas(plan):
        brim = max(index for index, step in enumerate(route.steps) if isinstance(step, Point) and step.bone == "pelvis")
        plan.routes[route.name] = replace(route, steps=route.steps[: brim + 1])
    return _body(plan)


def psoas_straight_to_femur() -> Body:
    """A psoas drawn straight from each vertebra to the femur, over neither the lower vertebrae nor the brim."""
    plan = corrected_blueprint()
    for route in _psoas(plan):
        plan.routes[route.name] = replace(route, steps=(route.steps[0], route.steps[-1]))
    return _body(plan)


def psoas_unfitted() -> Body:
    """A whole psoas that kept fibres and tendon of a path ending at the brim, as a published full-body model does."""
    right = compiled_body()
    cut = psoas_cut_at_pelvis().muscles
    return Body.compiled(replace(right, muscles=_with_psoas_of(right.muscles, cut)), reference_person())


def _with_psoas_of(muscles: Muscles, other: Muscles) -> Muscles:
    at = np.array([index for index, group in enumerate(muscles.groups) if group.startswith("psoas_major")])
    slack, fibre = muscles.slack_m.copy(), muscles.optimal_fibre_m.copy()
    slack[at], fibre[at] = other.slack_m[at], other.optimal_fibre_m[at]
    return replace(muscles, slack_m=slack, optimal_fibre_m=fibre)


def _psoas(plan: Blueprint) -> list[Route]:
    return [route for route in plan.routes.values() if route.group == "psoas_major"]


def _body(plan: Blueprint) -> Body:
    return Body.compiled(compile_blueprint(plan), reference_person())
