"""The plan on a client's telephone: opened once, then without network; ticks are neither lost nor doubled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

from psoas.web.computed.plans import basis_of, content_of, first_draft
from psoas.web.computed.results import keep_result
from psoas.web.demo import safety_answered
from tests.end_to_end.conftest import NARROW, WIDE
from tests.end_to_end.serving import ROOT, Practice
from tests.end_to_end.test_visit import fits

OpenPage = Callable[..., Page]
Axe = Callable[[Page], None]
EXAMPLE = Path(ROOT) / "examples" / "short_hip_flexor.yaml"


KEPT = """async () => {
  if (!navigator.serviceWorker.controller) return false;
  const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const urls = (await Promise.all(stores.map((one) => one.keys()))).flat().map((one) => one.url);
  const wanted = [...document.images].map((one) => one.src);
  return wanted.every((url) => urls.includes(url)) &&
    ["/plan", ".css", ".js"].every((end) => urls.some((url) => url.endsWith(end)));
}"""
"""Whether the worker serves this page and has kept all of it."""


def a_plan_link(practice: Practice) -> tuple[str, str]:
    """A new person with a saved plan, and the path of a link to it."""
    case = safety_answered(yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")))
    with practice.records.work(practice.scope) as work:
        person = work.people.add(given_name="Jonas", family_name=f"Pocket{datetime.now(UTC).timestamp():.0f}").id
        visit = work.visits.start(person, case=case)
        result = keep_result(work, visit)
        basis = basis_of(result)
        work.plans.keep(visit.id, result.id, content_of(first_draft(basis, None), basis))
        _, token = work.links.make(person, "plan", days=90)
    return person, f"/c/{token}/plan"


def lines(practice: Practice, person: str) -> list[tuple[str, object]]:
    """What is kept, in the order in which the telephone noted it."""
    with practice.records.work(practice.scope) as work:
        kept = work.entries.of(person, "diary")
    return [(one.content["what"], one.content["value"]) for one in sorted(kept, key=lambda one: one.content["at"])]


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_plan_is_read_ticked_and_seen_by_the_practice(
    practice: Practice, open_page: OpenPage, axe: Axe, size: dict[str, int]
) -> None:
    person, path = a_plan_link(practice)
    page = open_page(practice.url, viewport=size)
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Jonas, your plan")
    fits(page)
    axe(page)
    page.get_by_role("radio", name="4", exact=True).check()
    first = page.locator("[name=done]").first
    first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    page.reload()
    expect(page.locator("[name=done]").first).to_be_checked()
    page.get_by_role("button", name="–").or_(page.locator("[data-days] button").nth(5)).first.click()
    expect(page.locator("[name=done]").first).not_to_be_checked()
    expect(page.get_by_text("Done yesterday").first).to_be_visible()
    assert [value for _, value in lines(practice, person)] == [4, True]
    page.emulate_media(media="print")
    fits(page)
    seen = open_page(practice.url, token=practice.token(), viewport=size)
    seen.goto(f"/people/{person}/progress")
    expect(seen.get_by_role("heading", name="The plan at home")).to_be_visible()
    fits(seen)
    axe(seen)
    seen.goto(f"/people/{person}/scores")
    seen.get_by_role("button", name="Keep the score").click()
    expect(seen.locator(".problem").first).to_be_visible()
    fits(seen)
    axe(seen)


def test_without_network_nothing_is_lost_and_nothing_doubled(practice: Practice, open_page: OpenPage) -> None:
    person, path = a_plan_link(practice)
    page = open_page(practice.url, viewport=NARROW, allow=("ERR_INTERNET_DISCONNECTED", "Failed to fetch"))
    page.goto(path)
    for _ in range(300):  # the worker keeps the page in its own time
        if page.evaluate(KEPT):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(KEPT)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jonas, your plan")
    shown = page.evaluate(
        "Promise.all([...document.images].map(one => one.decode().then(() => one.naturalWidth > 0, () => false)))"
    )
    assert shown and all(shown)
    page.get_by_role("radio", name="7", exact=True).check()
    page.get_by_role("radio", name="2", exact=True).check()
    page.locator("[name=done]").first.check()
    expect(page.get_by_text("It is sent when there is network.")).to_be_visible()
    page.reload()
    expect(page.locator("[name=done]").first).to_be_checked()
    assert lines(practice, person) == []

    second = page.context.new_page()
    page.context.set_offline(False)
    second.goto(path)
    expect(second.get_by_text("Everything is sent.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    assert [value for _, value in lines(practice, person)] == [7, 2, True]
    expect(page.get_by_role("radio", name="2", exact=True)).to_be_checked()


def test_an_answer_that_is_lost_on_the_way_doubles_nothing(practice: Practice, open_page: OpenPage) -> None:
    person, path = a_plan_link(practice)
    page = open_page(practice.url, viewport=NARROW, service_workers="block", allow=("net::ERR_FAILED",))
    page.goto(path)

    def keep_and_lose(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route("**/plan/lines", keep_and_lose, times=1)
    page.get_by_role("radio", name="5", exact=True).check()
    expect(page.get_by_text("It is sent when there is network.")).to_be_visible()
    page.context.clear_cookies()  # a telephone that was closed has forgotten them
    page.reload()
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    assert lines(practice, person) == [("pain", 5)]


def test_pictures_alternate_unless_motion_is_not_wanted(practice: Practice, open_page: OpenPage) -> None:
    _, path = a_plan_link(practice)
    pair = "[...document.querySelectorAll('.frames--2 img')].slice(0, 2)"
    seen = f"{pair}.map(one => getComputedStyle(one).animationName)"
    moving = open_page(practice.url, viewport=NARROW, reduced_motion="no-preference")
    moving.goto(path)
    assert moving.evaluate(seen) == ["frame-2", "frame-2"]
    moving.get_by_label("Hold the pictures still").check()
    assert moving.evaluate(seen) == ["none", "none"]
    still = open_page(practice.url, viewport=NARROW)
    still.goto(path)
    assert still.evaluate(seen) == ["none", "none"]
    expect(still.get_by_label("Hold the pictures still")).to_be_hidden()
