"""Trials on one person in a real browser, 390 px wide: a visit to its verdict, and weeks on a turned clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from psoas.records import ids
from psoas.trial import Trial
from tests.end_to_end.conftest import NARROW
from tests.end_to_end.serving import Practice
from tests.web.test_result import leave_safety_open

OpenPage = Callable[..., Page]
CASE: dict[str, Any] = {
    "psoas_case": 1,
    "person": {"age_years": 40, "sex": "female"},
    "pain": {"regions": {"lumbar_right": 6}, "duration_weeks": 30, "course": "stable"},
}
LOOK = 35
IN_THE_BROWSER = (0, 1, 7, 8, 12, 19, 23, 34)


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.first = datetime.now(UTC).replace(hour=18)
        self.moment = self.first

    def get(self) -> datetime:
        return self.moment

    def to_day(self, number: int) -> date:
        """The evening of a day of the trial, from 0."""
        self.moment = self.first + timedelta(days=number)
        return self.moment.date()


@pytest.fixture
def visit(practice: Practice) -> tuple[str, str]:
    """A person with an open visit that lacks nothing before a result."""
    with practice.records.work(practice.scope) as work:
        person = work.people.add(given_name="Ida", family_name=f"Tried{datetime.now(UTC).timestamp():.0f}").id
        made = work.visits.start(person, case=CASE).id
        leave_safety_open(work, made, CASE)
    return person, made


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def begin(page: Page, visit: str) -> None:
    page.goto(f"/visits/{visit}/retest")
    page.get_by_label("A movement, a position or a test").fill("Standing up from a chair")
    page.get_by_role("radio", name="Something else, in my own words").check()
    page.get_by_text("In my own words", exact=True).click()
    page.get_by_label("What is done").fill("Hip flexors stretched by hand")
    page.get_by_label("It works on a hip flexor").check()
    page.get_by_label("For how many seconds").fill("10")
    page.get_by_role("button", name="Draw the lot and begin").click()


def step(page: Page, pain: int) -> int:
    """Answer the step on the page; the treatment takes three points off, the comparison nothing."""
    done = page.get_by_role("button", name="Done: test again")
    if done.count():
        is_treatment = "stretched by hand" in page.get_by_role("heading", level=1).inner_text()
        done.click()
        return max(0, pain - (3 if is_treatment else 0))
    page.get_by_role("button", name=str(pain), exact=True).click()
    return pain


@pytest.mark.parametrize("scripts", [True, False])
def test_a_visits_retest_goes_to_its_verdict(
    practice: Practice, open_page: OpenPage, visit: tuple[str, str], axe: Callable[[Page], None], scripts: bool
) -> None:
    options = {"token": practice.token(), "viewport": NARROW, "java_script_enabled": scripts}
    page = open_page(practice.url, **options)
    begin(page, visit[1])
    expect(page.get_by_role("heading", level=1)).to_contain_text("Standing up from a chair")
    if scripts:
        fits(page)
        assert min(page.evaluate("[...document.querySelectorAll('.pad-key')].map(e => e.offsetHeight)")) >= 64
        axe(page)
    pain = step(page, 7)
    page.close()  # the browser dies after a reading
    page = open_page(practice.url, **options)
    page.goto(f"/visits/{visit[1]}/retest")
    expect(page.get_by_text("Reading 2 of 2 before")).to_be_visible()
    seen_timer = False
    for _ in range(12):
        if page.get_by_role("heading", name="What it says").count():
            break
        assert not page.get_by_text("Likelihood ratio").count(), "sealed until it is done"
        if scripts and not seen_timer and page.get_by_role("button", name="Start the time").count():
            seen_timer = True
            fits(page)
            axe(page)
            page.get_by_role("button", name="Start the time").click()
            expect(page.get_by_role("timer")).to_have_text("Time is up")
            expect(page.get_by_role("button", name="Done: test again")).to_be_focused()
        pain = step(page, pain)
        page.wait_for_load_state()
    expect(page.get_by_role("heading", name="A sign that it takes part")).to_be_visible()
    if scripts:
        fits(page)
        axe(page)
    with practice.records.work(practice.scope) as work:
        (row,) = work.visits.get(visit[1]).case["settled"]
    assert row["verdict"] == "helps"


def test_weeks_on_a_turned_clock(
    practice: Practice, open_page: OpenPage, visit: tuple[str, str], axe: Callable[[Page], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("PSOAS_TIME_ZONE", "UTC")
    clock = Clock()
    monkeypatch.setattr(ids, "_MOMENT", clock)
    person = visit[0]
    page = open_page(practice.url, token=practice.token(), viewport=NARROW)
    page.goto(f"/people/{person}/trials")
    axe(page)
    page.get_by_role("link", name="How likely is it to settle the question").click()
    expect(page.get_by_role("heading", name="What each length would settle")).to_be_visible(timeout=60_000)
    fits(page)
    axe(page)
    page.get_by_role("link", name="Choose 3 pairs of 7 days").click()
    page.get_by_role("radio", name="Something else of the plan").check()
    page.get_by_label("In my own words", exact=True).fill("Hip-flexor stretch")
    page.get_by_label("One activity to rate each day").fill("tie my shoes")
    page.get_by_role("button", name="Draw the lot and begin").click()
    expect(page.get_by_text("The days stay sealed until then")).to_be_visible()
    axe(page)
    at = page.url
    with practice.records.work(practice.scope) as work:
        (stored,) = (one for one in work.trials.of(person) if one.kind == "weeks")
        made, token = work.links.make(person, "trial", days=120)
    order = Trial.of(
        {name: value for name, value in stored.content.items() if name not in ("treatment_id", "hip_flexor")}
    ).schedule.on_treatment()  # fmt: skip
    phone = open_page(practice.url, viewport=NARROW, has_touch=True, allow=("net::ERR_INTERNET_DISCONNECTED",))
    link = f"/c/{token}/trial"
    for number in range(LOOK):
        day = clock.to_day(number)
        pain = 2 if order[number] else 6
        if number in (9, 17):
            continue  # missed for good
        if number in (20, 21, 22):  # the phone is offline for three days
            phone.context.set_offline(True)
            continue
        phone.context.set_offline(False)
        if number not in IN_THE_BROWSER:  # the other days by the same link, without drawing a page for each tap
            with practice.records.work(made.scope) as work:
                told = {"day": day.isoformat(), "pain_0_10": pain, "activity_0_10": 5}
                work.trials.add(stored.id, told)
            continue
        phone.goto(link)
        phone.get_by_role("button", name=str(pain), exact=True).click()
        expect(phone.get_by_role("heading", level=1)).to_contain_text("tie my shoes")
        phone.get_by_role("button", name="5", exact=True).click()
        if number >= 7:
            phone.get_by_role("button", name="Yes").click()
        if number in (0, 12):
            fits(phone)
            axe(phone)
        if number == 23:
            for back in (3, 2, 1):
                missed = day - timedelta(days=back)
                phone.goto(f"{link}?day={missed}")
                past = 2 if order[number - back] else 6
                phone.get_by_role("button", name=str(past), exact=True).click()
                expect(phone.get_by_role("heading", level=1)).to_contain_text("tie my shoes")
        assert not phone.locator("circle").count(), "nothing is shown before its time"
    clock.to_day(LOOK)
    page = open_page(practice.url, token=practice.token(), viewport=NARROW)
    page.goto(at)
    expect(page.get_by_text("33 days were told")).to_be_visible()
    assert not page.locator("circle").count()
    page.get_by_role("button", name="Open the look").click()
    expect(page.get_by_role("heading", name="It helps")).to_be_visible()
    assert page.locator("circle").count() == LOOK - 2
    fits(page)
    axe(page)
    phone.goto(link)
    expect(phone.get_by_text("It helps you")).to_be_visible()
    axe(phone)
    with practice.records.work(practice.scope) as work:
        case = work.visits.get(visit[1]).case
    assert [row["by"] for row in case["settled"]] == ["trial"]


def test_a_danger_in_week_two_stops_it(
    practice: Practice, open_page: OpenPage, visit: tuple[str, str], monkeypatch: pytest.MonkeyPatch,
    axe: Callable[[Page], None],
) -> None:  # fmt: skip
    monkeypatch.setenv("PSOAS_TIME_ZONE", "UTC")
    clock = Clock()
    monkeypatch.setattr(ids, "_MOMENT", clock)
    with practice.records.work(practice.scope) as work:
        made = work.trials.start(visit[0], "weeks", {"treatment": "Stretch", "starts": clock.to_day(0).isoformat()})
        token = work.links.make(visit[0], "trial", days=120)[1]
    clock.to_day(10)
    phone = open_page(practice.url, viewport=NARROW)
    phone.goto(f"/c/{token}/trial")
    phone.get_by_role("link", name="Something new or worse").click()
    for group in phone.locator("details.signs-group").all():
        group.locator("summary").click()
    phone.get_by_label("Do you newly leak urine without feeling it?").check()
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Go to an emergency department now")
    phone.goto(f"/c/{token}/trial")
    expect(phone.get_by_role("heading", level=1)).to_have_text("The trial is stopped")
    axe(phone)
    page = open_page(practice.url, token=practice.token())
    page.goto(f"/people/{visit[0]}/trials/{made.id}")
    expect(page.get_by_role("heading", name="Stopped on")).to_be_visible()
    axe(page)
