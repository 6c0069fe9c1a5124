"""The demonstration: ten fictional people, each at the stage that their note names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from psoas.records import Records, Scope, open_records
from psoas.web.demo import fill, people
from psoas.web.follow_up.record import course_of

NOW = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[Records, Scope]]:
    with open_records("sqlite://", key=None) as records:
        yield records, fill(records, now=NOW)


def verdict_of(demo: tuple[Records, Scope], name: str) -> str:
    records, scope = demo
    with records.work(scope) as work:
        (person,) = work.people.search(name)
        course = course_of(work, person.id)
    assert course is not None
    return course.judged().verdict


def test_ten_people_who_all_say_that_they_are_fictional(demo: tuple[Records, Scope]) -> None:
    records, scope = demo
    with records.work(scope) as work:
        found = work.people.search()
    assert len(found) == len(people()) == 10
    assert all(person.note.startswith("Fictional.") for person in found)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("Improving", "improving"), ("Stalled", "no_lasting_response"), ("Worsening", "worsening"),
        ("Recovered", "recovered"), ("Danger", "danger"), ("Plan", "unknown"),
    ],
)  # fmt: skip
def test_each_course_is_what_its_name_says(demo: tuple[Records, Scope], name: str, verdict: str) -> None:
    assert verdict_of(demo, name) == verdict


def test_open_stopped_and_finished_visits_are_there(demo: tuple[Records, Scope]) -> None:
    records, scope = demo
    with records.work(scope) as work:
        states = {person.family_name: work.visits.of(person.id)[0].state for person in work.people.search(limit=20)}
    assert (states["Newcomer"], states["Midway"], states["Danger"], states["Plan"]) == (
        "open", "open", "stopped", "finished",
    )  # fmt: skip


def test_the_past_is_in_order_and_the_audit_trail_whole(demo: tuple[Records, Scope]) -> None:
    records, scope = demo
    assert records.verify() == []
    with records.work(scope) as work:
        times = [entry.at for entry in work.audit.entries(limit=500)]
    assert times in (sorted(times), sorted(times, reverse=True))


def test_it_is_the_same_every_time(demo: tuple[Records, Scope]) -> None:
    def cases(records: Records, scope: Scope) -> list[object]:
        with records.work(scope) as work:
            found = work.people.search(limit=20)
            return [
                (
                    person.family_name,
                    work.visits.of(person.id)[0].case,
                    # `follows` is the visit's id, drawn anew for each store
                    [{k: v for k, v in one.content.items() if k != "follows"} for one in work.check_ins.of(person.id)],
                )
                for person in found
            ]

    with open_records("sqlite://", key=None) as again:
        assert cases(again, fill(again, now=NOW)) == cases(*demo)
