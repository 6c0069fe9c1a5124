"""The long back muscles pull where they lie."""

from __future__ import annotations

import numpy as np

from psoas.body import Body
from psoas.body._data import load_data
from psoas.body.anatomy.blueprint import Blueprint


def test_fascicles_that_pass_l3_pull_from_where_the_muscle_lies(body: Body) -> None:
    """The path is held at each vertebra; half-way between two it may come a little nearer to the disc."""
    least = float(load_data("back_paths.yaml")["least_distance_behind_m"]["value"])
    arms = body.moment_arms("lumbar_flexion_l3l4")
    for muscle in ("longissimus_thoracis_right", "iliocostalis_right"):
        at = [i for i in body.members(muscle) if abs(arms[i]) > 1e-6 and "_r" in body.muscles.names[i][-10:-6]]
        assert len(at) > 4
        assert np.median(-arms[at]) > 0.95 * least
        assert np.min(-arms[at]) > 0.65 * least


def test_ends_stay_on_their_bones(blueprint: Blueprint) -> None:
    for route in blueprint.routes.values():
        if route.group in load_data("back_paths.yaml")["muscles"]:
            assert route.points[0].bone != route.points[-1].bone
