"""Treat and test again within one visit."""

from __future__ import annotations

import pytest

from psoas.trial import Reading, TrialError, characteristics, retest


def visit(*pairs: tuple[str, float]) -> list[Reading]:
    return [Reading(after, pain) for after, pain in pairs]  # type: ignore[arg-type]


STRONG = visit(
    ("before", 6), ("before", 6), ("comparison", 6), ("treatment", 3), ("comparison", 3), ("treatment", 1)
)  # fmt: skip
EQUAL = visit(("before", 7), ("before", 7), ("treatment", 5), ("comparison", 3))


def test_a_strong_repeated_change_of_the_treatment_alone_raises() -> None:
    found = retest(STRONG)
    assert found.likelihood_ratio > 2 and found.interval_90[1] < 0
    assert found.moved(0.10) > 0.15


def test_an_equal_change_from_both_does_not_raise() -> None:
    assert retest(EQUAL).likelihood_ratio < 1
    assert retest(EQUAL).moved(0.10) < 0.10


def test_one_visit_never_proves_a_source() -> None:
    for readings in (STRONG, EQUAL):
        assert 0.25 <= retest(readings).likelihood_ratio <= 4.0
    assert retest(STRONG).uncapped_ratio > 4.0, "the limit is what holds it"
    assert retest(STRONG).moved(0.5) == pytest.approx(0.8)


def test_order_by_lot_does_not_matter_where_nothing_drifts() -> None:
    first = retest(visit(("before", 6), ("before", 6), ("treatment", 4), ("comparison", 3)))
    second = retest(visit(("before", 6), ("before", 6), ("comparison", 5), ("treatment", 3)))
    assert first.specific == pytest.approx(second.specific, abs=0.15)


def test_sources_rise_more_often_than_others() -> None:
    source = characteristics(source=True, visits=150)
    other = characteristics(source=False, visits=150)
    assert source.speaks_for > 2 * other.speaks_for
    assert other.speaks_against > 1.5 * source.speaks_against


@pytest.mark.parametrize(
    ("readings", "says"),
    [
        (visit(("before", 6), ("treatment", 3), ("comparison", 3)), "two are needed"),
        (visit(("before", 6), ("before", 6), ("treatment", 3)), "after the comparison"),
        (visit(("before", 6), ("before", 6), ("treatment", 3), ("before", 3), ("comparison", 3)), "take those first"),
        (visit(("before", 6), ("before", 16), ("treatment", 3), ("comparison", 3)), "expected 0 to 10"),
        (visit(("before", 6), ("before", 6), ("magic", 3), ("comparison", 3)), "expected one of"),
    ],
)
def test_bad_readings_get_a_sentence(readings: list[Reading], says: str) -> None:
    with pytest.raises(TrialError, match=says):
        retest(readings)


def test_a_chance_outside_0_to_1_is_refused() -> None:
    with pytest.raises(TrialError, match="expected 0 to 1"):
        retest(EQUAL).moved(1.2)
    assert retest(EQUAL).moved(0.0) == 0.0
