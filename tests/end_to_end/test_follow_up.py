"""Follow-up in a real browser: a check-in on the client's telephone, an alarm, a danger that stops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.conftest import NARROW
from tests.end_to_end.serving import Practice

OpenPage = Callable[..., Page]
CASE: dict[str, Any] = {
    "psoas_case": 1,
    "person": {"age_years": 46, "sex": "female"},
    "pain": {"regions": {"lumbar_left": 6}, "duration_weeks": 4, "course": "stable"},
    "measurements": [
        {
            "id": "modified_thomas.thigh_angle", "side": "left", "value_deg": 6, "pelvis": "controlled",
            "method": "inclinometer",
        }
    ],
    "goals": ["tie my shoes"],
}  # fmt: skip


@pytest.fixture
def person(practice: Practice) -> str:
    """Somebody with a finished visit."""
    with practice.records.work(practice.scope) as work:
        made = work.people.add(given_name="Ida", family_name="Followed")
        visit = work.visits.start(made.id, case=CASE)
        work.visits.close(visit.id, "finished")
    return made.id


def link_of(practice: Practice, person: str) -> str:
    with practice.records.work(practice.scope) as work:
        return f"/c/{work.links.make(person, 'check_in')[1]}"


def open_groups(page: Page) -> None:
    for group in page.locator("details.signs-group").all():
        if group.get_attribute("open") is None:
            group.locator("summary").click()


def none_of_these(page: Page) -> None:
    open_groups(page)
    for box in page.get_by_label("None of these").all():
        box.check()


def rate(page: Page, legend: str, value: int) -> None:
    page.get_by_role("group", name=legend).first.get_by_role("radio", name=str(value), exact=True).check()


def test_a_client_checks_in_on_a_telephone(
    practice: Practice, open_page: OpenPage, page: Page, person: str, axe: Callable[[Page], None]
) -> None:
    phone = open_page(practice.url, viewport=NARROW, has_touch=True)
    phone.goto(link_of(practice, person))
    expect(phone.get_by_role("heading", level=1)).to_have_text("How is it going, Ida?")
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert phone.evaluate("document.documentElement.scrollHeight") < 2500
    open_groups(phone)
    targets = "[...document.querySelectorAll('.choice, .scale-step, button')].filter(e => e.offsetParent)"
    heights = phone.evaluate(f"{targets}.map(e => e.offsetHeight)")
    assert min(heights) >= 44
    axe(phone)
    none_of_these(phone)
    rate(phone, "Your worst pain of the last 7 days", 4)
    rate(phone, "How well can you do it now?", 7)
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    axe(phone)
    with practice.records.work(practice.scope) as work:
        (told,) = work.check_ins.of(person)
    assert told.content["pain_0_10"] == 4
    assert told.content["activities"] == {"tie my shoes": 7}
    assert set(told.content["danger"].values()) == {"no"}
    page.goto(f"/people/{person}/progress")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Improving")
    axe(page)


def test_a_danger_on_the_telephone_shows_what_to_do(
    practice: Practice, open_page: OpenPage, page: Page, person: str, axe: Callable[[Page], None]
) -> None:
    phone = open_page(practice.url, viewport=NARROW)
    phone.goto(link_of(practice, person))
    open_groups(phone)
    phone.get_by_label("Do you newly leak urine without feeling it?").check()
    rate(phone, "Your worst pain of the last 7 days", 0)
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Go to an emergency department now")
    expect(phone.get_by_role("main")).to_contain_text("newly leak urine")
    axe(phone)
    page.goto(f"/people/{person}/progress")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Danger sign")
    axe(page)


def test_worsening_raises_the_alarm_and_reopens_the_visit(
    practice: Practice, page: Page, person: str, axe: Callable[[Page], None]
) -> None:
    page.goto(f"/people/{person}/check-ins/new")
    axe(page)
    none_of_these(page)
    rate(page, "Your worst pain of the last 7 days", 9)
    page.get_by_label("Thigh angle, modified Thomas test, left, degrees").fill("-4")
    page.get_by_label("The pelvis was held").check()
    page.get_by_role("button", name="Keep the check-in").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Worsening")
    expect(page.get_by_role("heading", name="Think again about where it comes from")).to_be_visible()
    expect(page.get_by_role("region", name="Angles, then and now")).to_contain_text("longer than before")
    axe(page)
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("region", name="Check-ins as a table")).to_contain_text("9")
    with page.expect_navigation(url="**/visits/**"):
        page.get_by_role("button", name="Reopen: start a visit").click()
    with practice.records.work(practice.scope) as work:
        visit = work.visits.open_of(person)
    assert visit is not None
    assert visit.case["tried"][-1]["effect"] == "worse"


def test_a_check_in_works_without_scripts_and_with_the_keyboard_alone(
    practice: Practice, open_page: OpenPage, person: str
) -> None:
    page = open_page(practice.url, viewport=NARROW, java_script_enabled=False)
    page.goto(link_of(practice, person))
    page.get_by_role("group", name="Your worst pain").get_by_role("radio", name="0", exact=True).focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Send").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    with practice.records.work(practice.scope) as work:
        assert work.check_ins.of(person)[-1].content["pain_0_10"] == 3


def test_an_empty_check_in_says_what_is_missing(practice: Practice, open_page: OpenPage, person: str) -> None:
    page = open_page(practice.url, viewport=NARROW)
    page.goto(link_of(practice, person))
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("answer at least one question")


def test_signs_left_out_are_asked_once_more_and_a_danger_asks_what_is_graver(
    practice: Practice, open_page: OpenPage, page: Page, person: str, axe: Callable[[Page], None]
) -> None:
    """Without scripts, too: the groups open by themselves."""
    phone = open_page(practice.url, viewport=NARROW, java_script_enabled=False)
    phone.goto(link_of(practice, person))
    rate(phone, "Your worst pain of the last 7 days", 4)
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", level=2).first).to_have_text("You have not looked at these signs yet")
    phone.locator("summary", has_text="Fever, feeling ill").click()
    phone.get_by_label("In the last two weeks, have you had a fever?").check()
    phone.get_by_role("button", name="Send these too").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("See a doctor today")
    expect(phone.get_by_role("heading", name="Before you go: is any of this true as well?")).to_be_visible()
    phone.get_by_label("Is the belly hard to the touch?").check()
    phone.get_by_role("button", name="Save these answers").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Go to an emergency department now")
    page.goto("/people")
    row = page.get_by_role("region", name="Need a practitioner").get_by_role("link", name="Followed, Ida").first
    expect(row).to_contain_text("emergency, now")
    axe(page)
    row.click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Danger sign")
