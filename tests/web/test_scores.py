"""Scores of questionnaires filled in elsewhere: entered once, shown over time, refused with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import House, csrf_of

GOOD = {"name": "A form", "score": "42", "lowest": "0", "highest": "100", "better": "lower", "on": "2026-01-05"}


def person_of(house: House) -> str:
    with house.records.work(house.scope) as work:
        return work.people.add(given_name="Mara").id


def send(house: House, person: str, **fields: str) -> Any:
    client = house.client("owner")
    token = csrf_of(client.get(f"/people/{person}/scores").text)
    return client.post(f"/people/{person}/scores", data={"csrf": token, **GOOD, **fields})


def test_scores_are_shown_over_time_and_one_sent_twice_is_one(house: House) -> None:
    person = person_of(house)
    for _ in range(2):
        assert send(house, person).status_code == 303
    send(house, person, score="22", on="2026-02-02")
    send(house, person, score="3,5", highest="10", better="higher", name="Another")
    page = house.client("owner").get(f"/people/{person}/scores").text
    assert "20 % of the scale better than at first" in page and "3.5" in page
    with house.records.work(house.scope) as work:
        assert len(work.entries.of(person, "score")) == 3
    assert house.records.verify() == []
    assert f"/people/{person}/scores" in house.client("owner").get(f"/people/{person}").text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", " ", "expected 1 to 60"),
        ("score", "101", "expected 0 to 100"),
        ("score", "nan", "expected a number"),
        ("score", "inf", "expected a number"),
        ("highest", "0", "more than the lowest"),
        ("better", "sideways", "lower or higher"),
        ("on", "2999-01-01", "today or a day before"),
        ("on", "soon", "expected one such as"),
    ],
)
def test_what_is_no_score_is_refused_with_a_reason(house: House, field: str, value: str, says: str) -> None:
    person = person_of(house)
    answer = send(house, person, **{field: value})
    assert answer.status_code == 422 and says in answer.text
    with house.records.work(house.scope) as work:
        assert work.entries.of(person, "score") == ()
