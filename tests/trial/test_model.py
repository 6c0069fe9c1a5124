"""The days of one person: known answers, an independent computation, and calibration by simulation."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from psoas.trial.choices import Normal, Priors, noticeable_points, priors
from psoas.trial.model import TrialError, design_matrix, exposure, normal_cdf, posterior, posterior_of_many
from psoas.trial.schedule import draw
from psoas.trial.simulate import Person, days_of, drawn_from
from psoas.trial.verdict import verdict_of, word_of, words_of

MONDAY = date(2026, 11, 30)
ONE_POINT = Priors(
    level=Normal(4.5, 2.5),
    effect=Normal(0.0, 1.5),
    trend_per_4_weeks=Normal(0.0, 1.2),
    weekday=Normal(0.0, 0.3),
    day_sd=(1.1,),
    correlation=(0.5,),
    half_life_days=(1.0,),
)


def test_exposure_halves_the_rest_of_the_way_in_each_half_life() -> None:
    there = exposure(np.array([1.0, 1.0, 0.0, 0.0]), 1.0)
    assert there == pytest.approx([0.5, 0.75, 0.375, 0.1875])
    assert exposure(np.array([0.0, 1.0, 0.0]), 0.0) == pytest.approx([0, 1, 0])


def test_normal_distribution_function() -> None:
    assert normal_cdf(np.array([0.0, 1.959963984540054, -1.6448536269514722])) == pytest.approx([0.5, 0.975, 0.05])


@pytest.mark.parametrize("missing", [(), (3, 4, 20), tuple(range(10, 25))])
def test_posterior_equals_the_dense_formula(missing: tuple[int, ...]) -> None:
    """One point of the grid, with gaps: the same mean, spread and evidence as from the full covariance matrix."""
    schedule = draw(block_days=5, pairs=3, seed=3)
    on = np.array(schedule.on_treatment(), dtype=float)
    at = np.array([day for day in range(len(on)) if day not in missing])
    y = np.clip(np.random.default_rng(1).normal(5, 1.5, len(on)), 0, 10)[at]
    found = posterior_of_many(y[None, :], at, on, 0, ONE_POINT).one(0)

    x = design_matrix(on, 0, 1.0)[at]
    noise = 1.1**2 * 0.5 ** np.abs(at[:, None] - at[None, :])
    mean0 = np.array([4.5, 0, 0, *[0] * 7])
    spread0 = np.diag(np.array([2.5, 1.5, 1.2, *[0.3] * 7]) ** 2)
    marginal = x @ spread0 @ x.T + noise
    gain = spread0 @ x.T @ np.linalg.inv(marginal)
    mean = mean0 + gain @ (y - x @ mean0)
    spread = spread0 - gain @ x @ spread0
    off = y - x @ mean0
    evidence = -0.5 * (
        off @ np.linalg.solve(marginal, off) + np.linalg.slogdet(marginal)[1] + len(at) * np.log(2 * np.pi)
    )
    assert found.effect.average == pytest.approx(mean[1], abs=1e-9)
    assert found.effect.sd[0] == pytest.approx(np.sqrt(spread[1, 1]), abs=1e-9)
    assert found.log_evidence == pytest.approx(evidence, abs=1e-8)


def test_a_plain_gain_of_three_points_is_found() -> None:
    schedule = draw(block_days=7, pairs=4, seed=5)
    person = Person(level=6, effect=-3.0, day_sd=0.8, correlation=0.2, half_life_days=0.0)
    pain = days_of(person, schedule, np.random.default_rng(2))
    verdict = verdict_of(posterior(pain, schedule.on_treatment(), starts=MONDAY))
    assert verdict.word == "helps"
    assert verdict.effect_points == pytest.approx(-3.0, abs=0.8)
    assert "helps you" in verdict.sentence


def test_simulation_based_calibration() -> None:
    """Trials drawn from the priors: where the true effect lies in its posterior is uniform, so intervals hold."""
    schedule = draw(block_days=7, pairs=3, seed=11)
    drawn = drawn_from(priors(), schedule, 2000, np.random.default_rng(17))
    at = np.arange(schedule.days)
    batch = posterior_of_many(drawn.pain, at, np.array(schedule.on_treatment(), dtype=float), 0, priors())
    rank = batch.effect_below(drawn.effect)
    counts = np.histogram(rank, 20, (0, 1))[0]
    chi2 = float(np.sum((counts - 100.0) ** 2 / 100.0))
    assert chi2 < 43.8, "a uniform rank exceeds this once in a thousand (19 degrees of freedom)"
    for share in (0.5, 0.8, 0.95):
        covered = float(np.mean(np.abs(rank - 0.5) < share / 2))
        assert covered == pytest.approx(share, abs=0.034), "three standard errors of 2,000 people"


def test_doing_nothing_is_rarely_called_a_help() -> None:
    schedule = draw(block_days=7, pairs=3, seed=4)
    rng = np.random.default_rng(8)
    pain = np.array([days_of(Person(correlation=0.5), schedule, rng) for _ in range(600)], dtype=float)
    batch = posterior_of_many(
        pain, np.arange(schedule.days), np.array(schedule.on_treatment(), dtype=float), 0, priors()
    )
    assert float(np.mean(words_of(batch) == "helps")) < 0.05


def test_missing_days_widen() -> None:
    """With the swings known, fewer days never tell more."""
    schedule = draw(block_days=7, pairs=3, seed=9)
    on, every = np.array(schedule.on_treatment(), dtype=float), np.arange(schedule.days)
    pain = np.full((1, schedule.days), 5.0)
    days = (every, every[::2], every[::5])
    spread = [posterior_of_many(pain[:, at], at, on, 0, ONE_POINT).one(0).effect.sd[0] for at in days]
    assert spread == sorted(spread) and spread[0] < spread[-1]


@pytest.mark.parametrize(("level", "points"), [(2.0, 1.0), (5.0, 1.5), (9.0, 2.0)])
def test_what_people_notice_is_a_third_of_their_pain_between_one_and_two_points(level: float, points: float) -> None:
    assert noticeable_points(level) == pytest.approx(points)


def test_words() -> None:
    assert word_of(0.99, 0.7) == "helps"
    assert word_of(0.60, 0.02) == "does_not"
    assert word_of(0.90, 0.30) == "cannot_tell_yet"


@pytest.mark.parametrize(
    ("pain", "on", "says"),
    [
        ([5, 5], [0], "as many"),
        ([5, 11], [0, 1], "expected 0 to 10"),
        ([None, None, 3], [0, 0, 1], "at least two"),
    ],
)
def test_bad_days_get_a_sentence(pain: list[float | None], on: list[int], says: str) -> None:
    with pytest.raises(TrialError, match=says):
        posterior(pain, on, starts=MONDAY)


def test_the_same_days_give_the_same_bits() -> None:
    schedule = draw(block_days=5, pairs=2, seed=1)
    pain = days_of(Person(), schedule, np.random.default_rng(0))
    first, second = (posterior(pain, schedule.on_treatment(), starts=MONDAY).effect.average for _ in range(2))
    assert first == second
