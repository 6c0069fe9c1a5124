"""Recruitment: known answers worked by hand, options, and what is said when there is no answer."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from psoas.body.recruitment.solver import (
    ConvergenceError,
    Engine,
    InfeasibleError,
    RecruitmentError,
    recruit,
    recruit_batch,
)

ENGINES: tuple[Engine, ...] = ("numba", "numpy")
BOTH_SIDES = np.array([[10.0, 5.0, -10.0]])  # one joint: two flexors of 10 and 5 N.m, an extensor of 10 N.m


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.param  # type: ignore[no-any-return]


def test_two_muscles_share_in_proportion_to_their_torque(engine: Engine) -> None:
    # Squared effort: a_i is proportional to its moment, so 6 N.m = 10 (10 k) + 5 (5 k), k = 6 / 125.
    answer = recruit(BOTH_SIDES, [6.0], engine=engine)
    np.testing.assert_allclose(answer.activation, [60 / 125, 30 / 125, 0.0], atol=1e-12)
    assert answer.feasible
    assert answer.effort == pytest.approx((60 / 125) ** 2 + (30 / 125) ** 2)
    # One N.m more costs d(effort)/d(torque) = 2 * 6 / 125 effort.
    assert answer.multiplier[0] == pytest.approx(12 / 125)
    np.testing.assert_array_equal(answer.reserve_nm, [0.0])


def test_cubed_effort_shares_in_proportion_to_the_root(engine: Engine) -> None:
    # Cubed effort: 3 a_i^2 = r_i y, so a is proportional to the root of the moment.
    answer = recruit(BOTH_SIDES, [6.0], power=3, engine=engine)
    k = 6.0 / (10 * np.sqrt(10) + 5 * np.sqrt(5))
    np.testing.assert_allclose(answer.activation, [k * np.sqrt(10), k * np.sqrt(5), 0.0], atol=1e-9)
    assert answer.effort == pytest.approx(k**3 * (10**1.5 + 5**1.5))


def test_a_saturated_muscle_leaves_the_rest_to_the_other(engine: Engine) -> None:
    # 12.5 N.m would ask 1.0 and 0.5 of them; at 14 N.m the strong one stays at 1 and the weak one gives 4.
    for power in (2, 3):
        answer = recruit(BOTH_SIDES, [14.0], power=power, engine=engine)
        np.testing.assert_allclose(answer.activation, [1.0, 0.8, 0.0], atol=1e-12)


def test_the_other_sign_asks_the_other_muscle(engine: Engine) -> None:
    answer = recruit(BOTH_SIDES, [-3.0], engine=engine)
    np.testing.assert_allclose(answer.activation, [0.0, 0.0, 0.3], atol=1e-12)


def test_everything_at_full_effort_is_still_feasible(engine: Engine) -> None:
    answer = recruit(BOTH_SIDES, [15.0], engine=engine)
    np.testing.assert_allclose(answer.activation, [1.0, 1.0, 0.0], atol=1e-9)
    assert answer.feasible


def test_no_torque_asks_nothing(engine: Engine) -> None:
    answer = recruit(BOTH_SIDES, [0.0], engine=engine)
    np.testing.assert_array_equal(answer.activation, [0.0, 0.0, 0.0])
    assert answer.effort == 0.0


def test_weights_shift_the_share(engine: Engine) -> None:
    # w_i a_i proportional to r_i: 10 k / 4 and 5 k.
    answer = recruit(BOTH_SIDES, [6.0], weights=[4.0, 1.0, 1.0], engine=engine)
    k = 6.0 / (25.0 + 25.0)
    np.testing.assert_allclose(answer.activation, [2.5 * k, 5.0 * k, 0.0], atol=1e-12)


def test_co_contraction_holds_every_muscle_up(engine: Engine) -> None:
    # The extensor's 0.2 takes 2 N.m, so the flexors make 8.
    for power in (2, 3):
        answer = recruit(BOTH_SIDES, [6.0], lower=0.2, power=power, engine=engine)
        assert answer.activation.min() == pytest.approx(0.2, abs=1e-12)
        assert answer.activation[2] == pytest.approx(0.2, abs=1e-12)
        assert BOTH_SIDES[0] @ answer.activation == pytest.approx(6.0)
        if power == 2:
            np.testing.assert_allclose(answer.activation[:2], [80 / 125, 40 / 125], atol=1e-12)


def test_a_muscle_over_two_joints_serves_both(engine: Engine) -> None:
    # Muscle 3 gives 1 N.m at both joints; by symmetry a1 = a2 = y, a3 = 2 y, and y + 2 y = 0.6.
    A = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    answer = recruit(A, [0.6, 0.6], engine=engine)
    np.testing.assert_allclose(answer.activation, [0.2, 0.2, 0.4], atol=1e-12)


def test_out_of_reach_is_an_error_that_says_by_how_much(engine: Engine) -> None:
    with pytest.raises(InfeasibleError, match=r"hip_flexion_right \+5 N\.m") as caught:
        recruit(BOTH_SIDES, [20.0], joints=["hip_flexion_right"], engine=engine)
    np.testing.assert_allclose(caught.value.shortfall_nm, [5.0], rtol=1e-9)
    assert "reserve_nm" in str(caught.value)


def test_reserves_make_up_and_are_reported(engine: Engine) -> None:
    for power in (2, 3):
        answer = recruit(BOTH_SIDES, [20.0], reserve_nm=0.1, power=power, engine=engine)
        assert not answer.feasible
        np.testing.assert_allclose(answer.activation, [1.0, 1.0, 0.0], atol=1e-9)
        np.testing.assert_allclose(answer.reserve_nm, [5.0], rtol=1e-9)
        np.testing.assert_allclose(answer.residual_nm, 0.0, atol=1e-9)


def test_reserves_stay_unused_where_the_muscles_can_do_it(engine: Engine) -> None:
    with_reserves = recruit(BOTH_SIDES, [14.9], reserve_nm=100.0, engine=engine)
    without = recruit(BOTH_SIDES, [14.9], engine=engine)
    assert with_reserves.feasible
    np.testing.assert_array_equal(with_reserves.reserve_nm, [0.0])
    np.testing.assert_array_equal(with_reserves.activation, without.activation)


def test_a_reserve_shares_with_muscles_by_its_cost(engine: Engine) -> None:
    # Joint 2 asks 3 N.m of one muscle of 1 N.m, which joint 1 wants at no more than 0.5. With the antagonist at
    # a - 0.5 the cost is a^2 + (a - 0.5)^2 + ((3 - a) / 2)^2, least where 4.5 a = 2.5.
    A = np.array([[1.0, 1.0, -1.0], [1.0, 0.0, 0.0]])
    answer = recruit(A, [0.5, 3.0], reserve_nm=[0.0, 2.0], engine=engine)
    assert not answer.feasible
    np.testing.assert_allclose(answer.activation, [5 / 9, 0.0, 1 / 18], atol=1e-12)
    np.testing.assert_allclose(answer.reserve_nm, [0.0, 22 / 9], atol=1e-12)


def test_a_joint_without_muscles(engine: Engine) -> None:
    A = np.vstack([BOTH_SIDES, np.zeros((1, 3))])
    idle = recruit(A, [6.0, 0.0], engine=engine)
    np.testing.assert_allclose(idle.activation, [60 / 125, 30 / 125, 0.0], atol=1e-12)
    with pytest.raises(InfeasibleError, match="joint 1"):
        recruit(A, [6.0, 2.0], engine=engine)
    with pytest.raises(InfeasibleError):
        recruit(A, [6.0, 2.0], reserve_nm=[1.0, 0.0], engine=engine)
    answer = recruit(A, [6.0, 2.0], reserve_nm=[0.0, 1.0], engine=engine)
    assert not answer.feasible
    np.testing.assert_allclose(answer.reserve_nm, [0.0, 2.0])
    np.testing.assert_allclose(answer.activation, idle.activation, atol=1e-12)


def test_collinear_joints_agree_or_contradict(engine: Engine) -> None:
    A = np.vstack([BOTH_SIDES, 2.0 * BOTH_SIDES])
    for power in (2, 3):
        answer = recruit(A, [6.0, 12.0], power=power, engine=engine)
        np.testing.assert_allclose(answer.activation, recruit(BOTH_SIDES, [6.0], power=power).activation, atol=1e-9)
    with pytest.raises(InfeasibleError):
        recruit(A, [6.0, 11.0], engine=engine)


def test_weak_muscles_are_not_noise(engine: Engine) -> None:
    # The same problem a million times smaller (an animal's joint) has the same activations.
    answer = recruit(1e-5 * BOTH_SIDES, [6e-5], engine=engine)
    np.testing.assert_allclose(answer.activation, [60 / 125, 30 / 125, 0.0], atol=1e-9)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(engine: Engine, bad: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        recruit(BOTH_SIDES, [bad], engine=engine)
    with pytest.raises(ValueError, match="not finite"):
        recruit([[10.0, bad, 1.0]], [1.0], engine=engine)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"power": 4}, "power is 4; expected 2 or 3"),
        ({"weights": [1.0, 0.0, 1.0]}, "weights start at 0; expected finite numbers above 0"),
        ({"weights": [1.0, 1.0]}, r"weights is \(2,\); expected one number or \(3,\)"),
        ({"lower": 1.5}, "lower runs from 1.5 to 1.5; expected 0 to 1"),
        ({"lower": -0.1}, "lower runs from -0.1"),
        ({"lower": np.nan}, "lower runs from nan"),
        ({"reserve_nm": -1.0}, "reserve_nm starts at -1; expected finite numbers from 0"),
        ({"engine": "fortran"}, "engine is 'fortran'"),
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        recruit(BOTH_SIDES, [1.0], **options)  # type: ignore[arg-type]


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"expected \(joints, muscles\) and \(joints,\)"):
        recruit(BOTH_SIDES, [1.0, 2.0])
    with pytest.raises(ValueError, match=r"expected \(members, joints, muscles\)"):
        recruit_batch(np.zeros((3, 2, 4)), np.zeros((4, 2)))


def test_the_answer_cannot_be_changed() -> None:
    answer = recruit(BOTH_SIDES, [6.0])
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.feasible = False  # type: ignore[misc]


def test_a_failed_member_is_a_result_with_a_reason(engine: Engine) -> None:
    batch = recruit_batch(BOTH_SIDES, [[6.0], [20.0], [np.nan], [-3.0]], engine=engine)
    assert list(batch.solved) == [True, False, False, True]
    assert list(batch.feasible) == [True, False, False, True]
    assert batch.reason[0] == batch.reason[3] == ""
    assert "cannot reach" in batch.reason[1]
    assert "not finite" in batch.reason[2]
    assert np.isnan(batch.activation[1:3]).all()
    np.testing.assert_allclose(batch[0].activation, [60 / 125, 30 / 125, 0.0], atol=1e-12)
    with pytest.raises(RecruitmentError, match="member 1: the muscles cannot reach"):
        batch[1]
    with_reserves = recruit_batch(BOTH_SIDES, [[6.0], [20.0]], reserve_nm=1.0, engine=engine)
    assert list(with_reserves.solved) == [True, True]
    assert list(with_reserves.feasible) == [True, False]
    assert "reserves" in with_reserves.reason[1]


def test_an_answer_that_fails_its_checks_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    from psoas.body.recruitment import solver as recruitment

    monkeypatch.setattr(recruitment, "CHECK_TORQUE", -1.0)
    with pytest.raises(ConvergenceError, match="no answer passed the checks"):
        recruit(BOTH_SIDES, [6.0])
    batch = recruit_batch(BOTH_SIDES, [[6.0]])
    assert not batch.solved[0]
    assert np.isnan(batch.activation).all()


def test_without_numba_the_plain_path_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    from psoas.body.recruitment import solver as recruitment

    monkeypatch.setattr(recruitment, "has_numba", lambda: False)
    monkeypatch.setattr(recruitment, "_engine", recruitment._engine.__wrapped__)  # asks again
    np.testing.assert_allclose(recruit(BOTH_SIDES, [6.0]).activation, [60 / 125, 30 / 125, 0.0], atol=1e-12)
