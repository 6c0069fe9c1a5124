"""The scene of the 3D view: the model's own bones, strands and loads, in whole numbers, the right way round."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from psoas.assessment import read_case
from psoas.body.statics.loads import solve
from psoas.body.subject.model import Body
from psoas.body.view.skeleton import bones_at_their_joints, bones_in_room, places_of_bones
from psoas.body.view.strands import strands
from psoas.web.pictures.body_scene import ACTIVITIES, FLEXORS, activity_of, ease_of, scene_of
from tests.web.test_result import case_of

PERSON = {"height_m": 1.82, "mass_kg": 84.0, "sex": "male", "age_years": 41}
HALF_A_STEP_M = 0.5e-4


@cache
def scene() -> dict[str, Any]:
    return scene_of(read_case(case_of("short_hip_flexor")))


def test_every_level_has_its_own_load() -> None:
    solved = solve(Body.of(**PERSON), "standing").levels  # type: ignore[arg-type]
    told = dict(zip(scene()["levels"], scene()["standing"]["states"]["normal"]["compression_n"][0], strict=True))
    assert told == {level: round(load.compression_n) for level, load in solved.items()}
    assert scene()["levels"][0] == "T12/L1" and scene()["levels"][-1] == "L5/S1"


def test_discs_stand_from_the_top_down_like_the_levels() -> None:
    heights = [disc[2] for disc in scene()["standing"]["discs"][0]]
    assert heights == sorted(heights, reverse=True)
    assert all(np.linalg.norm(disc[3:]) == pytest.approx(10_000, abs=2) for disc in scene()["standing"]["discs"][0])


def test_a_psoas_strand_runs_from_the_vertebra_to_the_femur_of_its_side() -> None:
    standing = scene()["standing"]
    for muscle, line in zip(scene()["muscles"], standing["strands"][0], strict=True):
        points = np.array(line).reshape(-1, 3)
        assert (points[-1, 1] > 0) == (muscle["side"] == "left"), muscle["name"]
        if muscle["muscle"] == "psoas_major":
            assert points[0, 2] > 1000 > 0 > points[-1, 2], "from above the hips to below them"


def test_strands_are_those_of_the_model() -> None:
    body = Body.of(**PERSON).pose(solve(Body.of(**PERSON), "standing").posture)  # type: ignore[arg-type]
    held = strands(body, FLEXORS)
    assert [one["name"] for one in scene()["muscles"]] == [one.fascicle for one in held]
    for one, line in zip(held, scene()["standing"]["strands"][0], strict=True):
        ends = np.array(line).reshape(-1, 3)[[0, -1]] / 10_000
        assert np.abs(ends - one.points[[0, -1]]).max() <= HALF_A_STEP_M + 1e-9


def test_bones_by_their_places_are_the_bones_in_the_room() -> None:
    body = Body.of(**PERSON).pose("sitting_upright")  # type: ignore[arg-type]
    found, places, shapes = bones_in_room(body), places_of_bones(body, body.q[None]), bones_at_their_joints()
    assert set(places.names) == set(found)
    for name, at, turn in zip(places.names, places.positions_m[0], places.turns[0], strict=True):
        own = shapes[name.replace("_left", "_right")].vertices * places.size
        mirrored = own * (1, -1, 1) if name.endswith("_left") else own
        np.testing.assert_allclose(mirrored @ turn.T + at, found[name].vertices, atol=1e-9)


@pytest.mark.parametrize("name", ACTIVITIES)
def test_every_activity_balances_and_keeps_both_states_apart(name: str) -> None:
    made = activity_of(read_case(case_of("short_hip_flexor")), name)
    frames = len(made["positions"])
    for state in ("normal", "measured"):
        loads = made["states"][state]
        assert loads["balanced"]
        assert len(loads["compression_n"]) == frames == len(made["strands"]) == len(made["discs"])
    assert made["states"]["normal"]["compression_n"] != made["states"]["measured"]["compression_n"]


def test_standing_with_least_effort_each_state_takes_its_own_posture() -> None:
    case = read_case(case_of("short_hip_flexor"))
    made, eased = activity_of(case, "at_ease"), ease_of(case)
    assert eased is not None
    for state, chosen in (("normal", eased.chosen_before), ("measured", eased.chosen)):
        frame = made["stands_at"][state]
        for at, level in enumerate(scene()["levels"]):
            assert made["states"][state]["compression_n"][frame][at] == pytest.approx(
                chosen.loads.levels[level].compression_n, abs=3
            )
    sacrum = [disc[5] for disc in (made["discs"][made["stands_at"][state]][-1] for state in ("normal", "measured"))]
    assert sacrum[0] != sacrum[1], "the pelvis turned"


def test_who_had_nothing_measured_has_no_posture_of_their_own() -> None:
    case = read_case({"psoas_case": 1, "person": PERSON})
    assert ease_of(case) is None and "at_ease" not in scene_of(case)["activities"]
    with pytest.raises(KeyError):
        activity_of(case, "at_ease")


def test_an_unknown_activity_is_refused() -> None:
    with pytest.raises(KeyError):
        activity_of(read_case(case_of("short_hip_flexor")), "flying")
