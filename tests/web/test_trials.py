"""Trials on one person in the app, without a browser: within a visit, over weeks with a turned clock, what follows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from psoas.records import ids
from psoas.web.pages import trials as pages_of_trials
from psoas.web.security.limits import Bucket, Limits
from tests.web.conftest import House, csrf_of
from tests.web.test_result import leave_safety_open

CASE: dict[str, Any] = {
    "psoas_case": 1,
    "person": {"age_years": 40, "sex": "female"},
    "pain": {"regions": {"lumbar_right": 6}, "duration_weeks": 30, "course": "stable"},
}
LOOK = 35
"""The day, from 0, on which the first look of blocks of seven days falls: after a run-in of seven and four blocks."""
FIRST = datetime(2026, 3, 2, 18, tzinfo=UTC)


class Clock:
    """A clock that the test turns, in the place of the one of the records."""

    def __init__(self) -> None:
        self.moment = FIRST

    def get(self) -> datetime:
        return self.moment

    def to_day(self, number: int) -> date:
        """The evening of a day of the trial, from 0."""
        self.moment = FIRST + timedelta(days=number)
        return self.moment.date()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setenv("PSOAS_TIME_ZONE", "UTC")
    made = Clock()
    monkeypatch.setattr(ids, "_MOMENT", made)
    return made


def visit_of(house: House) -> tuple[str, str]:
    """A person with an open visit whose danger questions were knowingly left open."""
    with house.records.work(house.scope) as work:
        person = work.people.add(given_name="Ida", family_name="Tried").id
        visit = work.visits.start(person, case=CASE).id
        leave_safety_open(work, visit, CASE)
    return person, visit


def send(client: TestClient, path: str, **fields: str) -> Any:
    page = client.get(path.partition("?")[0])
    return client.post(path, data={"csrf": csrf_of(page.text), **fields})


def begin_retest(client: TestClient, visit: str, **fields: str) -> str:
    form = {
        "movement": "Standing up", "treatment": "own", "own": "Stretch of the right hip flexors",
        "own_hip_flexor": "yes", "comparison": "Hand at rest", "seconds": "60", "side": "right",
        "angle": "hip.extension", **fields,
    }  # fmt: skip
    answer = send(client, f"/visits/{visit}/retest", **form)
    assert answer.status_code == 303, re.sub(r"<[^>]+>", " ", answer.text)[-600:]
    return str(answer.headers["location"])


def go_through(client: TestClient, at: str, relief: dict[str, int]) -> str:
    """Answer every step; each treatment or comparison takes its points off."""
    pain = 7
    for _ in range(20):
        text = client.get(at).text
        if "Done: test again" in text:
            done = "treatment" if "Stretch of the right" in re.search(r"<h1>(.*?)</h1>", text)[1] else "comparison"  # type: ignore[index]
            pain = max(0, pain - relief[done])
            assert send(client, at, do="done", seen=seen_of(text)).status_code == 303
        elif "pad-key" in text:
            assert "Likelihood ratio" not in text, "sealed until it is done"
            assert send(client, at, pain=str(pain), angle="-4", seen=seen_of(text)).status_code == 303
        else:
            return text
    raise AssertionError("it does not end")


def seen_of(text: str) -> str:
    return re.search(r'name="seen" value="(\d+)"', text)[1]  # type: ignore[index]


def test_a_visit_goes_to_its_verdict_and_the_case_knows_it(house: House) -> None:
    _, visit = visit_of(house)
    client = house.client()
    at = begin_retest(client, visit)
    text = go_through(client, at, {"treatment": 3, "comparison": 0})
    assert "A sign that it takes part" in text and "Likelihood ratio" in text
    with house.records.work(house.scope) as work:
        (row,) = work.visits.get(visit).case["settled"]
    assert row["verdict"] == "helps" and row["hip_flexor"] == "yes" and 2 <= row["likelihood_ratio"] <= 4
    assert row["origin"] in at
    assert house.records.verify() == [] or "no key" in house.records.verify()[0]


def test_an_equal_change_from_both_says_that_it_does_not(house: House) -> None:
    _, visit = visit_of(house)
    client = house.client()
    text = go_through(client, begin_retest(client, visit), {"treatment": 1, "comparison": 1})
    assert "A sign that it takes part" not in text


def test_every_reading_is_kept_at_once_and_none_twice(house: House) -> None:
    _, visit = visit_of(house)
    client = house.client()
    at = begin_retest(client, visit)
    form = {"csrf": csrf_of(client.get(at).text), "pain": "6", "seen": "0"}
    assert [client.post(at, data=form).status_code for _ in range(2)] == [303, 303]
    assert client.get(f"/visits/{visit}/retest").headers["location"] == at, "the one under way goes on"
    assert "Reading 2 of 2 before" in house.client().get(at).text, "another browser goes on where it was left"


def test_wrong_words_get_a_sentence(house: House) -> None:
    _, visit = visit_of(house)
    client = house.client()
    refused = send(client, f"/visits/{visit}/retest", movement="Bending", treatment="nothing known", comparison="x")
    assert refused.status_code == 422 and "is not chosen" in refused.text
    at = begin_retest(client, visit)
    for pain in ("11", "six", "", "²", "0001234"):
        answer = send(client, at, pain=pain, seen="0")
        assert answer.status_code == 422 and "expected a whole number from 0 to 10" in answer.text


def test_a_danger_lets_nothing_be_treated(house: House) -> None:
    with house.records.work(house.scope) as work:
        person = work.people.add(given_name="Ida", family_name="Danger").id
        visit = work.visits.start(person, case={**CASE, "findings": {"saddle_numbness": "yes"}}).id
    client = house.client()
    page = client.get(f"/visits/{visit}/retest")
    assert "nothing is treated" in page.text and "Draw the lot" not in page.text
    assert client.post(f"/visits/{visit}/retest", data={"csrf": csrf_of(page.text)}).status_code == 200
    with house.records.work(house.scope) as work:
        assert work.trials.of(person) == ()


# ---- over weeks


def begin_weeks(house: House, client: TestClient, person: str, way: str = "5-3") -> str:
    answer = send(
        client, f"/people/{person}/trials", treatment="own", own="Hip-flexor stretch", comparison="walking",
        activity="tie my shoes", way=way,
    )  # fmt: skip
    assert answer.status_code == 303, re.sub(r"<[^>]+>", " ", answer.text)[-600:]
    return str(answer.headers["location"])


def phone_of(house: House, person: str) -> tuple[TestClient, str]:
    with house.records.work(house.scope) as work:
        _, token = work.links.make(person, "trial", days=120)
    house.app.state.limits = Limits(client=Bucket(burst=10_000, every_s=0.001))  # six weeks pass in a second
    return house.client(None), f"/c/{token}"


def tap(phone: TestClient, at: str, day: date, **fields: str) -> Any:
    """One tap for a day."""
    form = {"csrf": csrf_of(phone.get(f"{at}/check-in").text), "day": day.isoformat(), **fields}
    return phone.post(f"{at}/trial", data=form)


def finished_person(house: House) -> str:
    person, visit = visit_of(house)
    with house.records.work(house.scope) as work:
        work.visits.close(visit, "finished")
    return person


def test_six_weeks_with_missed_days_end_in_a_word_and_the_next_visit_knows_it(house: House, clock: Clock) -> None:
    person = finished_person(house)
    at = begin_weeks(house, house.client(), person, way="7-3")
    phone, link = phone_of(house, person)
    with house.records.work(house.scope) as work:
        (stored,) = work.trials.of(person)
    order = pages_of_trials.Trial.of(
        {name: value for name, value in stored.content.items() if name not in ("treatment_id", "hip_flexor")}
    ).schedule.on_treatment()
    told = 0
    for number, on in enumerate(order[:LOOK]):
        day = clock.to_day(number)
        text = house.client().get(at).text
        assert "Open the look" not in text and "points" not in text and "<circle" not in text, "before its time"
        if number in (9, 17):
            continue  # missed for good
        offline = 20 <= number < 23
        if number == 23:  # a telephone that was offline for three days
            for back in (3, 2, 1):
                assert (
                    tap(phone, link, day - timedelta(days=back), pain=str(2 if order[number - back] else 6)).status_code
                    == 303
                )
                told += 1
        if not offline:
            shown = phone.get(f"{link}/trial").text
            if number >= 7:
                assert ("Hip-flexor stretch" in shown) is bool(on), "told on the day itself"
            tap(phone, link, day, pain=str(2 if on else 6))
            tap(phone, link, day, activity="5")
            tap(phone, link, day, did="yes")
            told += 1
    clock.to_day(LOOK)
    assert "Open the look" in house.client().get(at).text
    with house.records.work(house.scope) as work:
        kept = {one.content["day"] for one in work.trials.entries(stored.id)}
    assert told == len(kept) == LOOK - 2
    opened = send(house.client(), at, do="look")
    assert opened.status_code == 303
    text = house.client().get(at).text
    assert "It helps" in text and "<circle" in text
    assert "It helps you" in phone.get(f"{link}/trial").text
    clock.to_day(42)
    client = house.client()
    client.post(f"/people/{person}/visits", data={"csrf": csrf_of(client.get(f"/people/{person}").text)})
    with house.records.work(house.scope) as work:
        visit = work.visits.open_of(person)
        assert visit is not None
        (row,) = visit.case["settled"]
    assert (row["by"], row["verdict"], row["what"]) == ("trial", "helps", "Hip-flexor stretch")


@pytest.mark.parametrize("begun", [False, True])
def test_a_danger_that_a_program_writes_into_a_visit_stops_it_too(house: House, clock: Clock, begun: bool) -> None:
    person = finished_person(house)
    at = begin_weeks(house, house.client(), person)
    phone, link = phone_of(house, person)
    tap(phone, link, clock.to_day(0), pain="5")
    case = {"psoas_case": 1, "findings": {"saddle_numbness": "yes"}}
    program = house.client()
    headers = {"X-CSRF-Token": csrf_of(program.get(f"/people/{person}").text), "origin": "http://localhost"}
    if begun:
        with house.records.work(house.scope) as work:
            visit = work.visits.start(person, case={"psoas_case": 1})
        answer = program.put(
            f"/api/v1/visits/{visit.id}", json={"case": case, "version": visit.version}, headers=headers
        )
    else:
        answer = program.post(f"/api/v1/people/{person}/visits", json={"case": case}, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    assert answer.status_code in (200, 201), answer.text
    assert "The trial is stopped" in phone.get(f"{link}/trial").text
    assert "Stopped on" in house.client().get(at).text


def test_a_danger_in_week_two_stops_it_at_once_and_waits_for_the_practice(house: House, clock: Clock) -> None:
    person = finished_person(house)
    at = begin_weeks(house, house.client(), person)
    phone, link = phone_of(house, person)
    tap(phone, link, clock.to_day(0), pain="5")
    clock.to_day(10)
    form = {"csrf": csrf_of(phone.get(f"{link}/check-in").text), "danger": "saddle_numbness", "pain": "5"}
    answer = phone.post(f"{link}/check-in", data=form)
    assert answer.headers["location"].endswith("/check-in/stop")
    assert "The trial is stopped" in phone.get(f"{link}/trial").text
    assert "Stopped on" in house.client().get(at).text
    with house.records.work(house.scope) as work:
        assert [one.alarm for one in work.people.alarms(person_id=person)] == ["emergency_now"]
    clock.to_day(11)
    tap(phone, link, clock.moment.date(), pain="1")
    late = clock.moment.date() - timedelta(days=3)
    tap(phone, link, late, pain="4")
    with house.records.work(house.scope) as work:
        (stored,) = work.trials.of(person)
        days = [one.content["day"] for one in work.trials.entries(stored.id) if "day" in one.content]
    assert days == ["2026-03-02", late.isoformat()], "before the stop nothing is lost, after it nothing is asked"
    assert "Draw the lot" not in house.client().get(f"/people/{person}/trials").text, "while a danger waits"


def test_a_look_cannot_be_opened_before_its_time(house: House, clock: Clock) -> None:
    person = finished_person(house)
    at = begin_weeks(house, house.client(), person)
    clock.to_day(20)
    refused = send(house.client(), at, do="look")
    assert refused.status_code == 422 and "not due" in refused.text


def test_the_length_follows_the_run_in_until_the_first_block(house: House, clock: Clock) -> None:
    person = finished_person(house)
    at = begin_weeks(house, house.client(), person)
    phone, link = phone_of(house, person)
    for number in range(6):
        tap(phone, link, clock.to_day(number), pain=str(4 + number % 3))
    assert "What other lengths would settle" in house.client().get(at).text
    assert send(house.client(), at, do="redesign", way="7-4").status_code == 303
    assert "4 pairs of blocks of 7 days" in house.client().get(at).text
    clock.to_day(7)
    late = send(house.client(), at, do="redesign", way="5-2")
    assert late.status_code == 422 and "once the first block has begun" in late.text


def test_a_settled_no_leaves_the_plan(house: House) -> None:
    from psoas import assess

    plain = assess(CASE)
    gone = next(item.id for item in plain.plan.items if item.kind == "exercise")
    row = {"what": gone, "by": "trial", "verdict": "does_not", "ended": "2026-03-29"}
    after = assess({**CASE, "settled": [row]})
    assert gone not in [item.id for item in after.plan.items]
    assert any(one.id == gone and "this person alone" in one.reasons[0].words for one in after.plan.dropped)
    assert after.screen == plain.screen, "danger is never touched by it"


def test_the_design_page_shows_its_progress_and_then_the_table(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from psoas.web.trials import designing

    person = finished_person(house)
    client = house.client()
    path = f"/people/{person}/trials/design?pains=5+6+4+5+6&half_life=3"
    first = client.get(path).text
    assert "<progress" in first or "What each length would settle" in first
    for thread in designing.threading.enumerate():
        if thread.name == "design":
            thread.join()
    text = client.get(path, headers={"hx-request": "true"}).text
    assert "What each length would settle" in text and "<html" not in text
    assert "expected 0 to 10" in client.get(f"/people/{person}/trials/design?pains=5+eleven").text


def test_a_check_in_link_is_not_for_the_trial(make_house: Callable[..., House]) -> None:
    house = make_house()
    person = finished_person(house)
    with house.records.work(house.scope) as work:
        _, token = work.links.make(person, "check_in")
    assert house.client(None).get(f"/c/{token}/trial").status_code == 404


def test_an_undecided_look_on_the_way_tells_its_word_and_no_figure(house: House, clock: Clock) -> None:
    person = finished_person(house)
    at = begin_weeks(house, house.client(), person, way="7-3")
    phone, link = phone_of(house, person)
    with house.records.work(house.scope) as work:
        (stored,) = work.trials.of(person)
        laid_down = {key: value for key, value in stored.content.items() if key not in ("treatment_id", "hip_flexor")}
        order = pages_of_trials.Trial.of(laid_down).schedule.on_treatment()
        for number in range(LOOK):
            pain = (4, 7, 3, 8, 5)[number % 5] - (1 if order[number] else 0)
            day = (FIRST + timedelta(days=number)).date().isoformat()
            work.trials.add(stored.id, {"day": day, "pain_0_10": pain})
    clock.to_day(LOOK)
    assert send(house.client(), at, do="look").status_code == 303
    for text in (house.client().get(at).text, phone.get(f"{link}/trial").text):
        assert "cannot be told yet" in text and "points less" not in text and "<circle" not in text
    clock.to_day(49)
    assert send(house.client(), at, do="look").status_code == 303
    assert "<circle" in house.client().get(at).text, "once it is over every day is drawn"
