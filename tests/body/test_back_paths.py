"""The long back muscles pull where they lie."""

from __future__ import annotations

import numpy as np

from psoas.body import Body
from psoas.body._data import load_data
from psoas.body.blueprint import Blueprint
from psoas.body.registration import joint_centre


def test_fascicles_that_pass_l3_pull_from_where_the_muscle_lies(body: Body) -> None:
    """The path is held at each vertebra; half-way between two it may come a little nearer to the disc."""
    least = float(load_data("back_paths.yaml")["least_distance_behind_m"]["value"])
    arms = body.moment_arms("lumbar_flexion_l3l4")
    for muscle in ("longissimus_thoracis_right", "iliocostalis_right"):
        at = [i for i in body.members(muscle) if abs(arms[i]) > 1e-6 and "_r" in body.muscles.names[i][-10:-6]]
        assert len(at) > 4
        assert np.median(-arms[at]) > 0.95 * least
        assert np.min(-arms[at]) > 0.65 * least


def test_no_point_of_a_path_lies_nearer_than_it_should(blueprint: Blueprint) -> None:
    least = float(load_data("back_paths.yaml")["least_distance_behind_m"]["value"])
    for route in blueprint.routes.values():
        if route.group not in load_data("back_paths.yaml")["muscles"]:
            continue
        for point in route.points[1:-1]:
            if point.bone in ("l2", "l3", "l4"):
                joint = joint_centre({"l2": "l2l3", "l3": "l3l4", "l4": "l4l5"}[point.bone])
                assert joint[0] - point.position[0] > 0.7 * least  # the vertebra leans over the joint below it


def test_ends_stay_on_their_bones(blueprint: Blueprint) -> None:
    for route in blueprint.routes.values():
        if route.group in load_data("back_paths.yaml")["muscles"]:
            assert route.points[0].bone != route.points[-1].bone
