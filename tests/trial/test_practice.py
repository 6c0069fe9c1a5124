"""What a practice learns: shares that say how few they rest on, and nothing that changes an answer."""

from __future__ import annotations

import pytest

from psoas.trial.practice import Settled, helped, reliability, share_of


def test_a_share_of_few_is_wide_and_says_that_it_is_not_enough() -> None:
    few, many = share_of(3, 6), share_of(150, 300)
    assert not few.enough and many.enough
    assert few.interval_90[1] - few.interval_90[0] > 3 * (many.interval_90[1] - many.interval_90[0])
    assert few.mean == pytest.approx(0.5) and many.mean == pytest.approx(0.5)


def test_jeffreys_interval_against_another_library() -> None:
    """The quantiles of Beta(10.5, 20.5), by another library."""
    stats = pytest.importorskip("scipy.stats")
    low, high = share_of(10, 30).interval_90
    assert (low, high) == pytest.approx(stats.beta(10.5, 20.5).ppf([0.05, 0.95]), abs=1e-3)


def test_a_published_share_holds_until_the_practice_has_people_of_its_own() -> None:
    assert share_of(0, 0, published=0.08).mean == pytest.approx(0.08, abs=1e-6)
    assert share_of(5, 10, published=0.08).mean == pytest.approx((4 + 5) / 60, abs=1e-6)
    assert share_of(500, 1000, published=0.08).mean == pytest.approx(0.48, abs=0.001)


def test_words_are_held_against_what_came_true() -> None:
    rows = reliability(
        [Settled("probably", 0.7, True), Settled("probably", 0.6, True), Settled("possibly", 0.2, False)]
    )
    assert [(row.word, row.came_true.yes, row.came_true.of) for row in rows] == [("probably", 2, 2), ("possibly", 0, 1)]
    assert rows[0].predicted == pytest.approx(0.65)


def test_what_helped_whom() -> None:
    rows = helped([("walking", "helps"), ("walking", "does_not"), ("stretch", "cannot_tell_yet")])
    assert (rows[0].what, rows[0].helps, rows[0].does_not, rows[1].undecided) == ("walking", 1, 1, 1)
