"""Exercises computed on a body: every entry of the registry, left and right, known directions, and the tuck."""

from __future__ import annotations

import pytest

from psoas.body import Body
from psoas.body.exercises.registry import ExerciseTable, exercise_ids, exercise_table, is_even, tilted
from psoas.body.kinematics.posture import Posture, PostureError
from psoas.body.kinematics.postures import posture, posture_names
from psoas.body.statics.loads import solve
from psoas.knowledge import load

PSOAS, ILIACUS, RECTUS = "psoas_major_right", "iliacus_right", "rectus_femoris_right"
STRETCHES = ("half_kneeling_tuck_stretch", "modified_lunge_stretch", "edge_of_table_stretch", "prone_hip_extension")


@pytest.fixture(scope="module")
def table(body: Body) -> ExerciseTable:
    return exercise_table(body)


POSED = sorted(name for name, one in load().exercises.exercises.items() if one.pose is not None)
"""Exercises that the pack poses for the model; those of the care pathways have pictures or words alone so far."""


def test_every_posed_exercise_of_the_registry_is_computed(table: ExerciseTable) -> None:
    assert {one.id for one in table.exercises} == set(POSED)
    assert len(table.exercises) == 2 * len(exercise_ids())


@pytest.mark.parametrize("name", POSED)
def test_the_body_can_hold_every_exercise(table: ExerciseTable, name: str) -> None:
    """Muscles and supports alone; the couch stretch only part of the way, as the rectus femoris is then too short."""
    for side in ("left", "right"):
        found = table.of(name, side)
        assert found.feasible, [one.reasons for one in found.own]
        assert (found.reach < 1.0) == (name == "couch_stretch")


@pytest.mark.parametrize("name", ["couch_stretch", "bird_dog", "piriformis_stretch", "hip_airplane", "side_plank"])
def test_left_mirrors_right(table: ExerciseTable, name: str) -> None:
    left, right = table.of(name, "left"), table.of(name, "right")
    for one, other in zip(left.positions, right.positions, strict=True):
        for muscle, value in one.stretch_percent.items():
            stem, side = muscle.rsplit("_", 1)
            twin = f"{stem}_{'left' if side == 'right' else 'right'}"
            assert other.stretch_percent[twin] == pytest.approx(value, abs=1e-6)
            assert other.effort[twin] == pytest.approx(one.effort[muscle], abs=2e-4)
        for level, force in one.levels.items():
            assert other.levels[level].compression_n == pytest.approx(force.compression_n, rel=1e-3, abs=0.5)


@pytest.mark.parametrize("name", [one for one in posture_names() if one.startswith("exercise:")])
def test_a_posture_mirrored_twice_is_itself(name: str) -> None:
    once = posture(name)
    twice = once.mirrored().mirrored()
    assert (dict(twice.angles_deg), twice.support) == (dict(once.angles_deg), once.support)


def test_a_mirrored_posture_turns_the_pelvis_the_other_way() -> None:
    mirrored = posture("exercise:hip_airplane:end").mirrored()
    assert mirrored.angle("pelvis_list") == -15 and mirrored.angle("pelvis_rotation") == -15
    assert mirrored.angle("hip_flexion_left") == 50 and "foot_left" in mirrored.support


@pytest.mark.parametrize("name", STRETCHES)
def test_a_shorter_psoas_is_stretched_further_and_pulls_more(body: Body, table: ExerciseTable, name: str) -> None:
    passive, stretch = [], []
    for percent in (0.0, 8.0, 16.0):
        tight = exercise_table(body, shorten={PSOAS: percent}, only=(name,)).of(name)
        end = tight.at("end")
        assert end is not None
        passive.append(end.passive_n[PSOAS])
        stretch.append(end.stretch_percent[PSOAS])
    assert passive[0] < passive[1] < passive[2]
    assert stretch[0] < stretch[1] < stretch[2]
    end = table.of(name).at("end")
    assert end is not None and passive[0] == pytest.approx(end.passive_n[PSOAS])


def test_stretch_does_not_hang_on_height(table: ExerciseTable) -> None:
    """Muscles scale with the body, so a taller body at the same angles is stretched by the same percentage."""
    tall = Body.of(height_m=1.95, mass_kg=90, sex="male", age_years=40)
    name = "half_kneeling_tuck_stretch"
    end, other = exercise_table(tall, only=(name,)).of(name).at("end"), table.of(name).at("end")
    assert end is not None and other is not None
    for muscle in (PSOAS, ILIACUS, RECTUS):
        assert end.stretch_percent[muscle] == pytest.approx(other.stretch_percent[muscle], abs=0.5)


def test_a_heavier_body_loads_its_levels_more(body: Body) -> None:
    heavy = Body.of(height_m=body.person.height_m, mass_kg=body.person.mass_kg * 1.25, sex="male", age_years=40)
    light = Body.of(height_m=body.person.height_m, mass_kg=body.person.mass_kg, sex="male", age_years=40)
    name = "half_kneeling_tuck_stretch"
    loads = [exercise_table(one, only=(name,)).of(name).levels["L4/L5"].compression_n for one in (light, heavy)]
    assert loads[1] > 1.1 * loads[0]


def test_stretches_lengthen_the_psoas_and_flexed_hips_slacken_it(table: ExerciseTable) -> None:
    usual = table.standing.stretch_percent[PSOAS]
    for name in (*STRETCHES, "standing_lunge_stretch", "prone_press_up"):
        assert table.of(name).stretch_percent[PSOAS] > usual
    for name in ("breathing_90_90", "childs_pose", "constructive_rest", "sciatic_slider"):
        assert table.of(name).stretch_percent[PSOAS] < usual


def test_the_other_side_is_not_stretched(table: ExerciseTable) -> None:
    found = table.of("half_kneeling_tuck_stretch", "right").stretch_percent
    assert found["psoas_major_left"] < found["psoas_major_right"] - 20


def test_a_straight_knee_frees_the_rectus_femoris(table: ExerciseTable) -> None:
    found = table.of("prone_hip_extension")
    bent, straight = found.at("end"), found.at("knee_straight")
    assert bent is not None and straight is not None
    assert straight.stretch_percent[RECTUS] < 0 < bent.stretch_percent[RECTUS]
    assert straight.stretch_percent[PSOAS] == pytest.approx(bent.stretch_percent[PSOAS], abs=0.1)


def test_every_fascicle_of_a_flexor_is_told(table: ExerciseTable, body: Body) -> None:
    end = table.of("half_kneeling_tuck_stretch").at("end")
    assert end is not None
    told = [name for name in end.fascicle_stretch_percent if name.startswith("psoas_major") and name.endswith("_right")]
    assert len(told) == 12
    values = [end.fascicle_stretch_percent[name] for name in told]
    assert min(values) <= end.stretch_percent[PSOAS] <= max(values)


@pytest.mark.parametrize("name", STRETCHES)
def test_the_tuck_stretches_more(table: ExerciseTable, name: str) -> None:
    """The thighs where they were: a tucked pelvis extends the hips, and the flexors pull harder."""
    found = table.of(name)
    tucked, untucked = found.at("tucked"), found.at("untucked")
    assert tucked is not None and untucked is not None
    for muscle in (PSOAS, ILIACUS, RECTUS):
        assert tucked.stretch_percent[muscle] > untucked.stretch_percent[muscle]
    assert tucked.flexor_moment_nm["right"] > untucked.flexor_moment_nm["right"]


def test_the_tuck_loads_the_flexors_and_the_usual_push_does_not(table: ExerciseTable) -> None:
    """Direction of ppt_stretch_2024: the tuck changed the passive moment of the hip, the forward push hardly."""
    gained = {}
    for name in ("half_kneeling_tuck_stretch", "modified_lunge_stretch"):
        start, end = table.of(name).own
        gained[name] = end.flexor_moment_nm["right"] - start.flexor_moment_nm["right"]
    assert gained["half_kneeling_tuck_stretch"] > 3.0
    assert gained["modified_lunge_stretch"] < 1.0


def test_tilting_the_pelvis_leaves_thighs_and_trunk_in_the_room() -> None:
    end = posture("exercise:modified_lunge_stretch:end")
    moved = tilted(end, -10)
    assert moved.trunk_deg == pytest.approx(end.trunk_deg)
    for side in ("left", "right"):
        swing = [one.angle(f"hip_flexion_{side}") - one.angle("pelvis_tilt") for one in (end, moved)]
        assert swing[0] == pytest.approx(swing[1])


def test_the_whole_takes_the_worse_of_start_and_end(table: ExerciseTable) -> None:
    found = table.of("sit_to_stand")
    assert found.levels["L4/L5"].size_n == max(one.levels["L4/L5"].size_n for one in found.own)
    assert found.effort["vastus_lateralis_right"] == max(one.effort["vastus_lateralis_right"] for one in found.own)


def test_the_same_body_gives_the_same_table_to_the_bit(body: Body) -> None:
    once, again = (exercise_table(body, only=("couch_stretch", "bird_dog")) for _ in range(2))
    assert once == again


def test_progress_is_told(body: Body) -> None:
    told: list[tuple[int, int]] = []
    exercise_table(body, only=("bird_dog", "childs_pose"), progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_an_unknown_exercise_is_refused_with_near_names(body: Body, table: ExerciseTable) -> None:
    with pytest.raises(PostureError, match="'couch_strech' is not an exercise of the registry; did you mean couch_str"):
        exercise_table(body, only=("couch_strech",))
    with pytest.raises(PostureError, match="side is 'up'; expected left or right"):
        table.of("couch_stretch", "up")


def test_weighing_by_volume_makes_the_psoas_work_in_a_leg_raise(body: Body) -> None:
    """Twelve psoas fascicles against one iliacus: counted alike the psoas rests, by volume it shares the work."""
    from psoas.body.exercises.registry import sharing

    raised = posture("active_straight_leg_raise").with_angles(hip_flexion_right=60.0)
    alike = solve(body, raised).muscles[PSOAS].activation
    shared = solve(body, raised, options=sharing()).muscles[PSOAS].activation
    assert alike < 0.05 and shared > 0.3


def test_an_answer_that_is_proven_counts_however_the_search_ended() -> None:
    """Cubed activations by volume: the search used to stop by rounding on this body, with a proven answer in hand."""
    body = Body.of(height_m=1.68, mass_kg=66, sex="female", age_years=44)
    short = {"psoas_major_left": 5.19, "iliacus_left": 5.19, "rectus_femoris_left": -11.38, "psoas_major_right": 17.32,
             "iliacus_right": 17.32, "rectus_femoris_right": -1.71}  # fmt: skip
    for side in ("left", "right"):
        for one in (
            exercise_table(body, shorten=short, only=("supported_bridge",)).of("supported_bridge", side).positions
        ):
            assert one.feasible and one.reasons == ()


def test_a_short_rectus_femoris_cannot_kneel_at_the_couch(body: Body) -> None:
    found = exercise_table(body, shorten={"rectus_femoris_right": 15.0}, only=("couch_stretch",)).of("couch_stretch")
    assert not found.feasible and "knee_flexion_right" in " ".join(found.positions[1].reasons)


def test_an_even_exercise_is_the_same_on_either_side(body: Body, table: ExerciseTable) -> None:
    even = {name for name in exercise_ids() if all(is_even(posture(f"exercise:{name}:{s}")) for s in ("start", "end"))}
    assert {"glute_bridge", "cat_camel", "childs_pose", "hip_hinge", "constructive_rest"} <= even
    assert not {"bird_dog", "couch_stretch", "walking_programme", "side_plank"} & even
    for name in even:
        left, right = table.of(name, "left"), table.of(name, "right")
        assert left.positions == right.positions and left.side != right.side


def test_the_mean_over_fascicles_is_the_bodys_own(body: Body, table: ExerciseTable) -> None:
    posed = body.pose("exercise:childs_pose:end")
    muscles = posed.muscles
    rest = muscles.optimal_fibre_m * (1 + muscles.passive_start.clip(0))
    wanted = 100 * (posed.mean_over(PSOAS, muscles.fibre_lengths_m(posed.lengths()) / rest) - 1)
    end = table.of("childs_pose").at("end")
    assert end is not None and end.stretch_percent[PSOAS] == pytest.approx(wanted)


def test_the_psoas_works_most_in_leg_raises_then_sit_ups_then_curl_ups(body: Body) -> None:
    """The order that electrodes show (juker_1998, iliopsoas_emg_sr_2024), and more at 60 degrees than at 30 or 45."""
    from psoas.body.exercises.registry import sharing

    def works(asked: Posture) -> float:
        return solve(body, asked, options=sharing()).muscles[PSOAS].activation

    raised = {at: works(posture("active_straight_leg_raise").with_angles(hip_flexion_right=at)) for at in (30, 45, 60)}
    assert raised[30] < raised[45] < raised[60]
    assert raised[60] > works(posture("sit_up")) > works(posture("exercise:mcgill_curl_up:end"))
