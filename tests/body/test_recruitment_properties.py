"""Recruitment: what must hold for any body and any torque."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from psoas.body.recruitment.solver import InfeasibleError, recruit, recruit_batch

Array = NDArray[np.float64]

POWERS = st.sampled_from([2, 3])
CASES = st.integers(0, 10**6)


def a_case(seed: int) -> tuple[Array, Array]:
    """A random body of 1-8 joints and a torque that some mix of low, high and full efforts reaches."""
    rng = np.random.default_rng(seed)
    joints = int(rng.integers(1, 9))
    muscles = int(rng.integers(2 * joints, 40))
    A = rng.normal(0.0, 30.0, (joints, muscles)) * (rng.random((joints, muscles)) < rng.uniform(0.3, 1.0))
    full = rng.random(muscles) < rng.choice([0.0, 0.2, 0.5])
    return A, A @ np.where(full, 1.0, rng.uniform(0.0, rng.choice([0.1, 0.5, 1.0]), muscles))


def close(power: int) -> float:
    return 1e-8 if power == 2 else 2e-6


@settings(deadline=None, max_examples=60)
@given(CASES, POWERS)
def test_a_reachable_torque_is_reached_at_no_more_than_the_known_effort(seed: int, power: int) -> None:
    A, b = a_case(seed)
    answer = recruit(A, b, power=power)
    assert answer.feasible
    assert answer.activation.min() >= 0.0
    assert answer.activation.max() <= 1.0
    np.testing.assert_allclose(A @ answer.activation, b, atol=1e-7)
    # First-order conditions, from the definition: worth A' y equals marginal cost, or the muscle is at a limit.
    worth = A.T @ answer.multiplier - power * answer.activation ** (power - 1)
    inside = (answer.activation > 1e-5) & (answer.activation < 1.0)
    np.testing.assert_allclose(worth[inside], 0.0, atol=1e-7)
    assert (worth[answer.activation <= 1e-5] <= 1e-7).all()
    assert (worth[answer.activation == 1.0] >= -1e-7).all()


@settings(deadline=None, max_examples=30)
@given(CASES, POWERS, st.floats(0.01, 100.0))
def test_stronger_muscles_and_more_torque_cancel(seed: int, power: int, factor: float) -> None:
    A, b = a_case(seed)
    np.testing.assert_allclose(
        recruit(A, b, power=power).activation,
        recruit(factor * A, factor * b, power=power).activation,
        atol=close(power),
    )


@settings(deadline=None, max_examples=30)
@given(CASES, POWERS)
def test_the_order_of_muscles_and_joints_does_not_matter(seed: int, power: int) -> None:
    A, b = a_case(seed)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(A.shape[0]), rng.permutation(A.shape[1])
    shuffled = recruit(A[rows][:, columns], b[rows], power=power)
    np.testing.assert_allclose(shuffled.activation, recruit(A, b, power=power).activation[columns], atol=close(power))


@settings(deadline=None, max_examples=30)
@given(CASES, POWERS)
def test_a_mirrored_body_has_the_mirrored_answer(seed: int, power: int) -> None:
    """Left and right halves alike: mirroring flips the sign of every joint and swaps the sides."""
    A, b = a_case(seed)
    both, asked = np.hstack([A, -A]), A @ np.full(A.shape[1], 0.3) + 0.1 * b
    n = A.shape[1]
    one = recruit(both, asked, power=power).activation
    other = recruit(both, -asked, power=power).activation
    np.testing.assert_allclose(other, np.r_[one[n:], one[:n]], atol=close(power))


@settings(deadline=None, max_examples=40)
@given(CASES, st.floats(1.001, 10.0))
def test_out_of_reach_is_never_hidden(seed: int, beyond: float) -> None:
    """Past the most a direction of torque allows, there is no answer without reserves, and one marked with them."""
    A, _ = a_case(seed)
    direction = np.random.default_rng(seed).normal(size=len(A))
    best = (A.T @ direction > 0.0).astype(float)  # the efforts that give the most along the direction
    if not best.any():
        return
    b = A @ best + (beyond - 1.0) * direction * np.abs(A @ best).max() / np.abs(direction).max()
    with pytest.raises(InfeasibleError) as caught:
        recruit(A, b)
    assert np.abs(caught.value.shortfall_nm).max() > 0.0
    answer = recruit(A, b, reserve_nm=1.0)
    assert not answer.feasible
    np.testing.assert_allclose(A @ answer.activation + answer.reserve_nm, b, atol=1e-6)


@settings(deadline=None, max_examples=30)
@given(CASES, POWERS)
def test_a_warm_start_changes_nothing_in_the_answer(seed: int, power: int) -> None:
    A, b = a_case(seed)
    cold = recruit(A, b, power=power)
    rng = np.random.default_rng(seed)
    for start in (cold, cold.multiplier * 1.3, rng.normal(size=len(b)), np.full(len(b), np.nan)):
        warm = recruit(A, b, power=power, warm_start=start)
        np.testing.assert_allclose(warm.activation, cold.activation, atol=close(power))
    assert recruit(A, b, power=2, warm_start=recruit(A, b)).steps <= 1


@settings(deadline=None, max_examples=20)
@given(CASES, POWERS)
def test_a_batch_is_its_members(seed: int, power: int) -> None:
    A, b = a_case(seed)
    tables = np.stack([A, 1.1 * A, A[:, ::-1]])
    asked = np.stack([b, b, b])
    low = np.random.default_rng(seed).uniform(0.0, 0.01, (3, A.shape[1]))
    batch = recruit_batch(tables, asked, power=power, lower=low, reserve_nm=0.5)
    for member in range(3):
        single = recruit(tables[member], asked[member], power=power, lower=low[member], reserve_nm=0.5)
        np.testing.assert_allclose(batch.activation[member], single.activation, rtol=0.0, atol=1e-12)
        np.testing.assert_allclose(batch.reserve_nm[member], single.reserve_nm, rtol=0.0, atol=1e-12)
        assert batch.feasible[member] == single.feasible


def test_threads_and_movement_change_nothing_in_the_answer() -> None:
    A, b = a_case(11)
    phase = np.linspace(0.0, 1.0, 301)[:, None, None]
    tables = A * (1.0 + 0.2 * np.sin(6.0 * phase))
    asked = np.broadcast_to(b, (301, len(b))) * (0.6 + 0.4 * phase[:, :, 0])
    one = recruit_batch(tables, asked, threads=1)
    np.testing.assert_array_equal(recruit_batch(tables, asked, threads=3).activation, one.activation)
    moving = recruit_batch(tables, asked, movement=True, threads=2)
    np.testing.assert_allclose(moving.activation, one.activation, atol=1e-9)
    assert moving.steps.sum() < one.steps.sum()


def test_a_shared_matrix_is_spread_over_the_members() -> None:
    A, b = a_case(3)
    asked = np.stack([b, 0.5 * b])
    np.testing.assert_array_equal(recruit_batch(A, asked).activation, recruit_batch(np.stack([A, A]), asked).activation)
