"""The box in one's own words in a real browser: a narrow screen, light and dark, with and without script."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.end_to_end.conftest import NARROW
from tests.end_to_end.serving import Practice
from tests.end_to_end.test_visit import add_visit, fits

OpenPage = Callable[..., Page]
STORY = "Since Easter my left leg hurts. Sitting makes it worse. I had a bit of a fever. FABER + R post."


def tell(page: Page, visit: str) -> None:
    page.goto(f"/visits/{visit}/about")
    page.get_by_label("What brought them").fill(STORY)
    with page.expect_navigation():
        page.get_by_role("button", name="Read it").click()


def test_a_story_is_read_and_confirmed_by_taps(
    practice: Practice, open_page: OpenPage, axe: Callable[[Page], None]
) -> None:
    page = open_page(practice.url, token=practice.token(), viewport=NARROW)
    visit = add_visit(practice, pain={})
    tell(page, visit)
    expect(page.get_by_role("heading", level=2).first).to_have_text("First, to be safe")
    fits(page)
    axe(page)
    fever = page.locator("fieldset", has=page.locator("[value=fever]"))
    expect(fever.get_by_role("radio", checked=True)).to_have_count(0)
    fever.get_by_label("No", exact=True).check()
    page.locator("fieldset", has=page.locator("[value=faber]")).get_by_label("Yes", exact=True).check()
    page.get_by_label("All of these are right").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Continue", exact=True).click()
    with practice.records.work(practice.scope) as work:
        case = work.visits.get(visit).case
    assert case["findings"] == {"fever": "no", "faber": {"right": "back"}}
    assert "leg_left" in case["pain"]["regions"] and case["notes"].endswith(STORY)


def test_it_works_without_script(practice: Practice, open_page: OpenPage) -> None:
    page = open_page(practice.url, token=practice.token(), viewport=NARROW, java_script_enabled=False)
    visit = add_visit(practice)
    tell(page, visit)
    expect(page.get_by_role("heading", name="What was understood")).to_be_visible()
