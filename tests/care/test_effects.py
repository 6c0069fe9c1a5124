"""Sizes in words: the figures of the packs beside the smallest change people notice."""

from __future__ import annotations

import subprocess
import sys

import pytest

from psoas.care._effects import effects_of, points_of_smd, ranking_points
from psoas.care.types import EffectWords
from psoas.knowledge import load

KNOWLEDGE = load()


def first(name: str) -> EffectWords:
    return effects_of(KNOWLEDGE.interventions.interventions[name], KNOWLEDGE)[0]


def test_an_effect_as_large_as_what_people_notice_is_called_so() -> None:
    words = first("exercise_chronic")
    assert words.noticeable == "yes" and words.points == pytest.approx(15.2)
    assert "less pain by 15.2 points of 100" in words.words
    assert "95 % interval 12.2 to 18.3" in words.words  # the pack has -18.3 to -12.2, less pain being negative


def test_an_interval_that_holds_zero_may_be_nothing() -> None:
    words = first("traction")
    assert words.noticeable == "unclear"
    assert "may be no difference at all" in words.words


def test_a_scale_of_ten_is_read_as_one_of_ten() -> None:
    words = first("mbsr")
    assert words.points == pytest.approx(9.6)
    assert "0.96 points of 10" in words.words and "about 2," in words.words


def test_a_published_positive_direction_is_not_turned_round() -> None:
    words = first("heat")
    assert words.points == pytest.approx(100 * 1.06 / 5)
    assert "less pain by 1.06" in words.words


@pytest.mark.parametrize(
    ("smd", "points"), [(0.0, 0.0), (0.2, 4.0), (0.5, 10.0), (0.65, 15.0), (0.8, 20.0), (3.0, 20.0)]
)
def test_standardised_differences_follow_the_bands_of_the_pack(smd: float, points: float) -> None:
    assert points_of_smd(smd) == pytest.approx(points)


def test_no_difference_from_another_treatment_does_not_count_as_no_effect() -> None:
    entry = KNOWLEDGE.interventions.interventions["walking_treatment"]
    assert not any(one.against_little for one in effects_of(entry, KNOWLEDGE))
    assert ranking_points(effects_of(entry, KNOWLEDGE)) is None


def test_every_intervention_says_something_of_its_effect() -> None:
    for entry in KNOWLEDGE.interventions.interventions.values():
        assert all(one.words.endswith((".", ")")) for one in effects_of(entry, KNOWLEDGE)), entry.id


def test_the_plan_needs_nothing_heavy() -> None:
    code = "import sys, psoas.care; print(sorted({'numpy', 'yaml', 'scipy', 'mujoco', 'rich'} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
