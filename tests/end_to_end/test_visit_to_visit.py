"""From visit to visit in a real browser: a first one to its end, a second that knows it, what changed, the letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from psoas.records.ids import as_of
from tests.end_to_end.conftest import NARROW
from tests.end_to_end.serving import Practice
from tests.end_to_end.test_visit import CALM, fits, go_on

OpenPage = Callable[..., Page]
Axe = Callable[[Page], None]
TEN_SECONDS = {"width": 1280, "height": 800}


def a_first_visit(practice: Practice) -> str:
    """Somebody whose first visit was three weeks ago and stands open."""
    with as_of(datetime.now(UTC) - timedelta(weeks=3)), practice.records.work(practice.scope) as work:
        person = work.people.add(given_name="Ada", family_name=f"Return{datetime.now(UTC).timestamp():.0f}").id
        case = CALM | {"person": {"age_years": 47, "sex": "female", "height_m": 1.7}, "medicines": ["ibuprofen"]}
        case |= {"measurements": [{"id": "hip.extension", "side": "left", "value_deg": 5.0, "pelvis": "controlled"}]}
        work.visits.start(person, case=case)
    return person


@pytest.mark.parametrize("size", [TEN_SECONDS, NARROW], ids=["wide", "narrow"])
def test_from_a_first_visit_to_the_letter_of_the_second(
    practice: Practice, open_page: OpenPage, axe: Axe, size: dict[str, int]
) -> None:
    page = open_page(practice.url, token=practice.token(), viewport=size)
    person = a_first_visit(practice)

    def look() -> None:
        fits(page)
        axe(page)

    page.goto(f"/people/{person}")
    page.get_by_role("link", name="Go on with the visit", exact=True).click()
    page.get_by_role("link", name="Result", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No result yet")
    look()
    page.locator("summary", has_text="Go on without them").click()
    page.get_by_role("button", name="Leave them open and see the result").click(timeout=120_000)
    lines = page.locator(".ten-seconds > div")
    expect(lines).to_have_count(3, timeout=90_000)
    if size is TEN_SECONDS:
        box = lines.last.bounding_box()
        assert box is not None and box["y"] + box["height"] < size["height"], "the answer is read without scrolling"
    look()
    page.get_by_role("link", name="Note", exact=True).click()
    page.get_by_label("Done", exact=True).fill("Taught the bridge")
    page.get_by_label("Technique").first.fill("massage")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("The note is saved.")).to_be_visible()
    look()
    page.get_by_role("link", name="Finish", exact=True).click()
    expect(page.get_by_text("No plan was saved.")).to_be_visible()
    look()
    page.get_by_role("button", name="Finish the visit").click()
    expect(page.get_by_text("The visit is finished.")).to_be_visible()
    page.go_back()
    page.go_back()

    page.goto(f"/people/{person}")
    look()
    page.get_by_role("button", name="Start a follow-up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Since last time")
    expect(page.get_by_text("170 cm")).to_be_visible()
    look()
    page.get_by_label("Better").check()
    page.get_by_label("Worst pain of the last week").fill("2")
    for none in page.locator("[name=none]").all():
        none.check()
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Where it hurts")
    expect(page.get_by_text("last time 6").first).to_be_visible()
    look()
    page.locator("[name='rate.lumbar_left']").fill("2")
    go_on(page)
    page.get_by_role("link", name="What changed", exact=True).click()
    expect(page.get_by_text("6 of 10").first).to_be_visible()
    look()
    letter = page.request.get(page.url.replace("/compare", "/letter.pdf"))
    assert letter.ok and letter.body().startswith(b"%PDF")
