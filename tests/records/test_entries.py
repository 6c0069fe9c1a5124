"""Lines told one by one: kept once under their keys, the client's own diary alone by a plan link."""

from __future__ import annotations

from typing import Any

import pytest

from psoas.records import Invalid, Records, Refused
from tests.records.conftest import Practice, fill

LINE: dict[str, Any] = {"what": "pain", "value": 4}


def test_a_line_sent_again_stays_as_it_was_and_makes_no_second(practice: Practice) -> None:
    with practice.records.work(practice.client("plan")) as work:
        first = work.entries.add(practice.person, "diary", [("a", LINE), ("b", LINE), ("a", {"what": "other"})])
        again = work.entries.add(practice.person, "diary", [("b", {"what": "other"})])
        assert [one.content for one in first] == [LINE, LINE, LINE] and again == (first[1],)
        assert [one.key for one in work.entries.of(practice.person, "diary")] == ["first", "a", "b"]
    assert practice.records.verify() == []


def test_one_wrong_key_keeps_nothing(practice: Practice) -> None:
    for wrong in ("", "a b", "x" * 65):
        with pytest.raises(Invalid), practice.records.work(practice.practitioner) as work:
            work.entries.add(practice.person, "score", [("good", LINE), (wrong, LINE)])
    with pytest.raises(Invalid), practice.records.work(practice.practitioner) as work:
        work.entries.add(practice.person, "score", [("good", {"what": "x" * 5000})])
    with practice.records.work(practice.practitioner) as work:
        assert work.entries.of(practice.person, "score") == ()


@pytest.mark.parametrize("purpose", ["check_in", "intake"])
def test_other_links_reach_no_diary_and_a_plan_link_no_scores(practice: Practice, purpose: str) -> None:
    with pytest.raises(Refused), practice.records.work(practice.client(purpose)) as work:
        work.entries.of(practice.person, "diary")
    with pytest.raises(Refused), practice.records.work(practice.client("plan")) as work:
        work.entries.add(practice.person, "score", [("a", LINE)])


def test_they_go_with_the_person(store: Records) -> None:
    practice = fill(store, "Birch")
    with store.work(practice.owner) as work:
        work.people.erase(practice.person)
    assert store.verify() == []
