"""Nothing that was typed is lost or counted twice: notes, forms sent again, sessions that end, evenings and clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from psoas.follow_up import CheckIn
from psoas.records import open_records
from psoas.records.clock import ZONE_VARIABLE, day_of, today
from psoas.records.ids import as_of
from psoas.web.follow_up.record import course_of, keep_check_in
from psoas.web.render import day

CASE = {"psoas_case": 1, "pain": {"regions": {"lumbar_right": 4}, "duration_weeks": 8}}
EVENING = datetime(2026, 6, 2, 3, 30, tzinfo=UTC)
"""Still the first of June in Los Angeles, long the second in Auckland."""


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Any:
    store = open_records("sqlite://")
    store.set_up(practice="P", name="O", login="owner", password="long enough 123")
    session = store.sign_in("owner", "long enough 123", address="x")
    assert session is not None
    yield lambda: store.work(session.scope)
    store.close()


def told(**answers: Any) -> CheckIn:
    return CheckIn(on=today(), **answers)


def person_with_visit(work: Any) -> str:
    with work() as unit:
        person = unit.people.add(given_name="A", family_name="B")
        unit.visits.start(person.id, case=CASE)
        return str(person.id)


def check_in(work: Any, person: str, **answers: Any) -> None:
    with work() as unit:
        keep_check_in(unit, person, told(**answers), course_of(unit, person))


def waiting(work: Any) -> list[str | None]:
    with work() as unit:
        return [one.alarm for one in unit.people.alarms()]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Auckland", "Pacific/Kiritimati"])
def test_a_danger_on_the_evening_of_the_visit_raises_its_alarm(
    zone: str, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ZONE_VARIABLE, zone)
    with as_of(EVENING):
        person = person_with_visit(work)
        check_in(work, person, pain_0_10=9, danger={"saddle_numbness": "yes"})
        assert waiting(work) == ["emergency_now"]


@pytest.mark.parametrize("hours", [-30, -1, 1, 24 * 400])
def test_a_clock_that_was_wrong_silences_no_danger(hours: int, work: Any) -> None:
    """The visit was entered by a clock that ran so far before or behind; later it is right."""
    with as_of(EVENING + timedelta(hours=hours)):
        person = person_with_visit(work)
    with as_of(EVENING):
        check_in(work, person, pain_0_10=9, danger={"saddle_numbness": "yes"})
        assert waiting(work) == ["emergency_now"]
    with as_of(EVENING + timedelta(days=2)), work() as unit:
        course = course_of(unit, person)
        assert course is not None
        assert course.judged().danger.urgency == "emergency_now"


def test_a_no_by_a_clock_that_ran_fast_does_not_outvote_a_later_yes(work: Any) -> None:
    with as_of(EVENING):
        person = person_with_visit(work)
    with as_of(EVENING + timedelta(days=300)):
        check_in(work, person, pain_0_10=3, danger={"saddle_numbness": "no"})
    with as_of(EVENING + timedelta(days=1)):
        check_in(work, person, pain_0_10=5, danger={"saddle_numbness": "yes"})
        assert waiting(work) == ["emergency_now"]


def test_a_check_in_sent_twice_is_one(work: Any) -> None:
    with as_of(EVENING):
        person = person_with_visit(work)
    with as_of(EVENING + timedelta(days=7)):
        check_in(work, person, pain_0_10=5)
        check_in(work, person, pain_0_10=5)
        with work() as unit:
            assert len(unit.check_ins.of(person)) == 1
        check_in(work, person, pain_0_10=5, sleep_0_10=2)  # gone back, changed and sent again
        with work() as unit:
            course = course_of(unit, person)
            assert course is not None
            assert course.judged().verdict != "worsening"


def test_days_are_those_of_the_practice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ZONE_VARIABLE, "Pacific/Kiritimati")
    assert day(EVENING) == "2 June 2026"
    assert day_of(datetime(2026, 6, 1, 20, 0, tzinfo=UTC)) == date(2026, 6, 2)
    assert day(datetime(2026, 6, 1, 20, 0, tzinfo=UTC)) == "2 June 2026"
    monkeypatch.setenv(ZONE_VARIABLE, "America/Los_Angeles")
    assert day(EVENING) == "1 June 2026"
    assert day(date(2026, 6, 2)) == "2 June 2026"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Tokyo", "UTC", "America/Los_Angeles"])
def test_a_child_can_be_born_today_anywhere(zone: str, work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ZONE_VARIABLE, zone)
    for hour in (0, 6, 12, 18):
        with as_of(datetime(2026, 6, 2, hour, tzinfo=UTC)), work() as unit:
            assert unit.people.add(given_name="A", birth_date=today()).birth_date == today()
    with work() as unit:
        assert unit.people.add(given_name="Old", birth_date=date(1891, 2, 3)).birth_date == date(1891, 2, 3)
