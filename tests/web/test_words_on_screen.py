"""No id of the evidence reaches a screen, and figures are said as people say them."""

from __future__ import annotations

import re

from psoas.interview.sheets import part_of
from psoas.knowledge import load
from psoas.web.render import chance, signed

AN_ID = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


def test_how_a_test_is_done_names_other_findings_in_words() -> None:
    knowledge = load()
    told = {name: part_of(name, knowledge).how or "" for name in knowledge.findings.findings}
    assert {name: how for name, how in told.items() if AN_ID.search(how)} == {}


def test_a_change_has_a_sign_of_its_own_length() -> None:
    assert [signed(value) for value in (14.2, -4.0, 0.3, -0.3)] == ["+14", "−4", "0", "0"]


def test_a_chance_is_never_none_or_all() -> None:
    assert [chance(value) for value in (0, 1, 99, 100)] == ["under 1 %", "1 %", "99 %", "over 99 %"]
    assert [chance(value, short=True) for value in (0, 100)] == ["< 1 %", "> 99 %"]
