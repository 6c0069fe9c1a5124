"""Goals in words, and the exercises that serve them."""

from __future__ import annotations

import pytest

from psoas.body import Body
from psoas.body.exercises.goals import Goal, GoalError, Ranking, goal_of, rank, to_answer
from psoas.body.exercises.registry import ExerciseTable, exercise_table


@pytest.fixture(scope="module")
def table(body: Body) -> ExerciseTable:
    return exercise_table(body)


def ids(ranking: Ranking) -> list[str]:
    return [one.exercise.id for one in ranking.ranked]


@pytest.mark.parametrize(
    "text",
    [
        "lengthen psoas_major_right",
        "lengthen right psoas",
        "Lengthen psoas right",
        "stretch psoas major right",
        "lengthen right psoas-major",
    ],
)
def test_one_muscle_in_many_words(text: str) -> None:
    found = goal_of(text)
    assert (found.verb, found.muscles, found.below_n, found.spare) == ("lengthen", ("psoas_major_right",), None, ())


@pytest.mark.parametrize(
    ("text", "spare", "goal"),
    [
        ("lengthen right psoas, spare L4/L5", (), ("L4/L5",)),
        ("lengthen right psoas spare L4/L5 and L5/S1", (), ("L4/L5", "L5/S1")),
        ("lengthen right psoas", ("l4l5",), ("L4/L5",)),
        ("lengthen right psoas, spare L4-L5", ("L4/L5", "t12/l1"), ("L4/L5", "T12/L1")),
    ],
)
def test_levels_to_spare(text: str, spare: tuple[str, ...], goal: tuple[str, ...]) -> None:
    assert set(goal_of(text, spare).spare) == set(goal)


def test_a_limit_and_both_sides() -> None:
    assert goal_of("strengthen gluteus maximus below 1 kN") == Goal(
        "strengthen", "gluteus maximus", ("gluteus_maximus_left", "gluteus_maximus_right"), 1000.0, ()
    )
    assert goal_of("strengthen gluteus maximus below 850 N").below_n == 850.0


def test_everyday_words() -> None:
    assert goal_of("lengthen left iliopsoas").muscles == ("psoas_major_left", "iliacus_left")
    assert len(goal_of("lengthen hamstrings").muscles) == 6


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("lengthen psaos", "'psaos' is not a muscle of this model; did you mean psoas"),
        ("lengthen", "is not a muscle of this model; expected a muscle"),
        ("lengthen left right psoas", "is not a muscle of this model"),
        ("shorten psoas", "A goal begins with lengthen or strengthen, not 'shorten'"),
        ("", "A goal begins with lengthen or strengthen"),
        ("lengthen psoas, spare L6", "'L6' is no lumbar level; expected one of L5/S1, L4/L5"),
        ("lengthen psoas, save L4/L5", "'save L4/L5' is not understood in a goal"),
        ("strengthen psoas below much", "The limit in 'strengthen psoas below much' is not understood"),
        ("strengthen psoas below -5 N", "is not understood; expected 'below 1 kN'"),
    ],
)
def test_a_bad_goal_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(GoalError) as refused:
        goal_of(text)
    assert sentence in str(refused.value)


def test_stretches_of_the_psoas_come_first_and_none_that_slackens_it(table: ExerciseTable) -> None:
    found = ids(rank(table, goal_of("lengthen psoas_major_right")))
    assert {"modified_lunge_stretch", "half_kneeling_tuck_stretch", "edge_of_table_stretch"} <= set(found)
    assert not {"breathing_90_90", "childs_pose", "constructive_rest", "hamstring_stretch"} & set(found)


def test_sparing_a_level_brings_the_gentle_ones_forward(table: ExerciseTable) -> None:
    plain = rank(table, goal_of("lengthen psoas_major_right"))
    spared = rank(table, goal_of("lengthen psoas_major_right", ["L4/L5"]))
    assert set(ids(plain)) == set(ids(spared))
    first, before = spared.ranked[0].exercise, plain.ranked[0].exercise
    assert first.levels["L4/L5"].size_n < 0.5 * before.levels["L4/L5"].size_n
    assert ids(spared).index("edge_of_table_stretch") < ids(plain).index("edge_of_table_stretch")


def test_the_working_side_is_the_one_that_serves(table: ExerciseTable) -> None:
    for side in ("left", "right"):
        best = rank(table, goal_of(f"lengthen {side} psoas")).ranked[0].exercise
        assert best.side == side


def test_left_and_right_rank_alike_on_an_even_body(table: ExerciseTable) -> None:
    left, right = (rank(table, goal_of(f"lengthen {side} iliopsoas", ["L5/S1"])) for side in ("left", "right"))
    assert ids(left) == ids(right)
    for one, other in zip(left.ranked, right.ranked, strict=True):
        assert one.score == pytest.approx(other.score, abs=2e-3)


def test_no_exercise_over_the_limit_is_offered(table: ExerciseTable) -> None:
    found = rank(table, goal_of("strengthen gluteus maximus below 1 kN"))
    assert found.ranked and found.over
    for one in found.ranked:
        assert max(force.compression_n for force in one.exercise.levels.values()) <= 1000.0
    assert "hip_hinge" in {one.id for one, _ in found.over}
    assert all(most > 1000.0 for _, most in found.over)


def test_strengthening_counts_effort(table: ExerciseTable) -> None:
    found = ids(rank(table, goal_of("strengthen gluteus medius")))
    assert found.index("side_lying_hip_abduction") < found.index("childs_pose")
    assert "glute_bridge" in ids(rank(table, goal_of("strengthen gluteus maximus")))


def test_best_comes_first_and_what_is_made_for_it_before_all_else(table: ExerciseTable) -> None:
    order = [(one.made_for_it, one.score) for one in rank(table, goal_of("lengthen right psoas, spare L5/S1")).ranked]
    assert order == sorted(order, reverse=True)


def test_no_stretch_leads_those_that_strengthen(table: ExerciseTable) -> None:
    """In a lunge the gluteals work against the flexors they pull on; that is no reason to call it strengthening."""
    found = rank(table, goal_of("strengthen gluteus maximus")).ranked
    assert found[0].exercise.id == "hip_hinge" and not found[-1].made_for_it
    stretches = [one for one in found if one.exercise.group == "hip_flexor_stretch"]
    assert stretches and not any(one.made_for_it for one in stretches)


def test_the_answer_has_the_keys_that_programs_rely_on(table: ExerciseTable) -> None:
    goal = goal_of("lengthen psoas_major_right", ["L4/L5"])
    answer = to_answer(rank(table, goal))
    for one in answer:
        assert list(one)[:4] == ["id", "stretch_percent", "effort", "levels"]
        assert one["stretch_percent"]["psoas_major_right"] > 0
        assert set(one["levels"]) == {"L5/S1", "L4/L5", "L3/L4", "L2/L3", "L1/L2", "T12/L1"}
        assert all(0.0 <= value <= 1.0 for value in one["effort"].values())
        assert set(one["levels"]["L4/L5"]) == {"compression_n", "shear_n"}
    tucked = next(one["tuck"] for one in answer if one["id"] == "modified_lunge_stretch")
    assert (
        tucked["with"]["stretch_percent"]["psoas_major_right"]
        > tucked["without"]["stretch_percent"]["psoas_major_right"]
    )
