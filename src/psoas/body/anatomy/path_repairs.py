"""Small repairs to paths of the source that lie on the wrong side or jump within the joints' ranges."""

from __future__ import annotations

from dataclasses import replace

from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import MIRROR, Blueprint, Point


def repair_paths(plan: Blueprint) -> None:
    """Applies the repairs of this module."""
    _put_rectus_abdominis_right(plan)
    _shrink_gastrocnemius_wrap(plan)
    _drop_idle_wraps(plan)


def _put_rectus_abdominis_right(plan: Blueprint) -> None:
    """Mirrors the rectus abdominis to its own side and takes it straight from pubis to ribs.

    Reasons: the source's right muscle lies on the left and its left one on the right; and its wrap in front of the
    abdomen touches it only in deep flexion, where it throws it from one side to the other by 20 mm.
    """
    route = plan.routes["rectus_abdominis"]
    steps = tuple(Point(point.bone, point.position * MIRROR) for point in (route.points[0], route.points[-1]))
    plan.routes["rectus_abdominis"] = replace(route, steps=steps)


def _shrink_gastrocnemius_wrap(plan: Blueprint) -> None:
    """Gives the lateral gastrocnemius a smaller cylinder behind the knee.

    Reason: with the source's the femur's end of the muscle enters the cylinder beyond 120 degrees of knee flexion and
    the path jumps by 15 mm.
    """
    data = load_data("path_repairs.yaml")["lateral_gastrocnemius_wrap"]
    wrap = plan.wraps[data["wrap"]]
    plan.wraps[wrap.name] = replace(wrap, radius_m=float(data["radius_m"]))


def _drop_idle_wraps(plan: Blueprint) -> None:
    """Takes away the two cylinders behind the back.

    Reason: no muscle touches them anywhere between 40 degrees of extension and 60 of flexion, but in side bend with
    rotation they throw a fascicle of the iliocostalis by a millimetre, and each costs time in every posture.
    """
    idle = set(load_data("path_repairs.yaml")["idle_wraps"])
    for name, route in plan.routes.items():
        steps = tuple(step for step in route.steps if isinstance(step, Point) or step.wrap not in idle)
        plan.routes[name] = replace(route, steps=steps)
    for wrap in idle:
        del plan.wraps[wrap]
