"""The comparison within a tolerance lets a last digit pass and nothing else."""

from __future__ import annotations

import pytest

from tests.closeness import differences, differences_in_picture, differences_in_text


@pytest.mark.parametrize(
    ("found", "expected"),
    [("about 18 % at L4/L5", "about 19 % at L4/L5"), ("1.25 and -4", "1.26  and\n-3"), ("+0.1", "0.0"), ("−4", "-5")],
)
def test_a_last_digit_may_differ(found: str, expected: str) -> None:
    assert differences_in_text(found, expected) == []


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("18 %", "20 %"), ("1.25", "1.27"), ("at L4/L5", "at L5/L5"), ("18 %", "18 % or so"), ("yes", "no"),
        ("fill #22242b", "fill #22242c"),
    ],
)  # fmt: skip
def test_more_is_a_difference(found: str, expected: str) -> None:
    assert differences_in_text(found, expected) != []


def test_a_picture_differs_by_its_colours_elements_and_far_coordinates() -> None:
    drawn = '<path d="M12.5,3L-4.1 2" fill="#22242b"/>'
    assert differences_in_picture(drawn.replace("12.5", "12.6").replace("-4.1", "-4.0"), drawn) == []
    for other in (drawn.replace("12.5", "12.8"), drawn.replace("#22242b", "#22342b"), drawn.replace("L", "M")):
        assert differences_in_picture(other, drawn) != []


def test_data_differ_by_names_types_and_more_than_a_millionth() -> None:
    kept = {"p": [0.123456789, 2], "told": True, "words": "18 %", "none": None}
    assert differences({**kept, "p": [0.12345679, 2]}, kept) == []
    for other in (
        {**kept, "p": [0.123457789, 2]}, {**kept, "p": [0.123456789]}, {**kept, "told": 1}, {**kept, "none": 0},
        {**kept, "words": "25 %"}, {"p": kept["p"]},
    ):  # fmt: skip
        assert differences(other, kept) != []


def test_an_outline_may_have_other_points_on_the_same_line() -> None:
    kept = '<path d="M0 0l10 0 0 10-10 0z" fill="#fff"/>'
    assert differences_in_picture(kept.replace("l10 0 0", "l4 0.2 6-0.2 0"), kept) == []
    assert differences_in_picture(kept.replace("l10 0 0", "l4 1.2 6-1.2 0"), kept) != [], "1.2 off is seen"
    assert differences_in_picture(kept.replace("z", "zM1 1l2 0 0 2z"), kept) != [], "a hole more"
