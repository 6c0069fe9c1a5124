"""A visit in a real browser: from the person to the result, stopped by a danger, on a telephone, after a power cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from psoas.records import open_records
from tests.end_to_end.conftest import NARROW, WIDE
from tests.end_to_end.serving import LOGIN, PASSPHRASE, PASSWORD, Practice, Process

OpenPage = Callable[..., Page]
Axe = Callable[[Page], None]

CALM = {
    "psoas_case": 1,
    "person": {"age_years": 47, "sex": "female"},
    "pain": {"regions": {"lumbar_left": 6}, "duration_weeks": 8, "onset": "gradual", "course": "stable"},
}
STEPS = ("about", "pain", "danger", "questions", "tests", "angles", "medicines", "goals", "review")


def add_person(practice: Practice) -> str:
    with practice.records.work(practice.scope) as work:
        return work.people.add(given_name="Anna", family_name="Berg").id


def add_visit(practice: Practice, **more: object) -> str:
    person = add_person(practice)
    with practice.records.work(practice.scope) as work:
        return work.visits.start(person, case=CALM | more).id


def fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 1, f"{page.url} is {wide} px wider than the screen"


def go_on(page: Page) -> None:
    """Send the form, and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name="Continue", exact=True).click()


def answer_no(page: Page, look: Callable[[Page], None] = lambda _: None) -> int:
    """Sheets and questions with nothing true, until none is shown; the number of screens, each looked at."""
    for screens in range(30):
        look(page)
        none = page.get_by_label("None of these")
        no = page.get_by_role("radio", name="No", exact=True)
        if none.count():
            none.check()
        elif no.count():
            no.check()
        else:
            return screens
        go_on(page)
    raise AssertionError("it does not end")


def test_a_first_visit_from_signing_in_to_the_sheet_to_take_home(practice: Practice, open_page: OpenPage) -> None:
    page = open_page(practice.url)
    page.goto(f"/people/{add_person(practice)}")
    page.get_by_label("Name").fill(LOGIN)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Start a visit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("About the person")
    page.get_by_label("Age", exact=True).fill("47")
    page.get_by_label("Female", exact=True).check()
    page.get_by_label("Height").fill("172")
    page.get_by_label("Running", exact=True).check()
    go_on(page)
    page.locator("figure[data-view=back] [data-region=lumbar_left]").click()
    page.locator("figure[data-view=back] [data-region=buttock_left]").click()
    page.get_by_role("slider", name="How strong, low back, left").fill("6")
    expect(page.locator("[name='rate.lumbar_left']")).to_have_value("6")
    expect(page.locator("[data-region=lumbar_left]").first).to_have_attribute("data-level", "6")
    page.locator("figure[data-view=back] [data-region=buttock_left]").click()
    expect(page.locator("[data-place=buttock_left]")).to_be_hidden()
    page.get_by_label("For how long").fill("2")
    page.get_by_label("Bit by bit").check()
    page.get_by_label("About the same").check()
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("A short check of the whole body")
    page.go_back()
    expect(page.locator("[name='rate.lumbar_left']")).to_have_value("6")
    page.go_forward()
    assert 2 + answer_no(page) < 20, "a first answer comes in under twenty screens"
    expect(page.get_by_role("heading", level=1)).to_have_text("Enough for a first answer")
    page.get_by_role("link", name="On to the tests").click()
    first = page.locator(".test").first
    first.locator(".segment", has_text=re.compile("^no$")).first.click()
    expect(page.locator("#kept")).to_contain_text("Saved")
    page.get_by_role("button", name="Continue to angles").click()
    page.get_by_label("Thigh angle, modified Thomas test, left, trial 1").fill("-12")
    page.get_by_label("Thigh angle, modified Thomas test, left, trial 2").fill("-13")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Medicine, as it stands on the packet 1").fill("ibuprofen")
    page.get_by_label("Medicine, as it stands on the packet 1").blur()
    expect(page.get_by_label("Takes these")).to_be_checked()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Goal 1").fill("walk 5 km")
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Review")
    expect(page.locator("main")).to_contain_text("6 of 10")
    expect(page.locator("main")).to_contain_text("−12°, −13°")
    page.get_by_role("link", name="See the result").click()
    expect(page.get_by_role("heading", name="Where the pain may come from")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Go to the plan").click()
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("The plan is saved.")).to_be_visible()
    sheet = page.request.get(page.url.split("/plan")[0] + "/handout.pdf")
    assert sheet.ok and sheet.body().startswith(b"%PDF")


def test_a_danger_stops_and_stays_in_sight(page: Page, practice: Practice, axe: Axe) -> None:
    visit = add_visit(practice)
    page.goto(f"/visits/{visit}/danger?sheet=bladder_and_bowel")
    page.get_by_text("Has feeling changed between the legs").first.click()
    go_on(page)
    expect(page).to_have_url(re.compile("/stop$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("mbulance or emergency department")
    expect(page.locator("main")).to_contain_text("cauda equina syndrome")
    axe(page)
    page.set_viewport_size(NARROW)
    fits(page)
    axe(page)
    page.get_by_text("Go on all the same").click()
    page.get_by_role("button", name="Go on with this reason").click()
    expect(page.locator("#reason-problem")).to_be_visible()
    page.get_by_label("Why it is safe to go on").fill("Seen in hospital this morning, scan clear")
    page.get_by_role("button", name="Go on with this reason").click()
    expect(page.locator(".alarm-strip")).to_contain_text("scan clear")
    axe(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_stop_asks_what_could_make_it_graver(
    practice: Practice, open_page: OpenPage, axe: Axe, scripts: bool
) -> None:
    visit = add_visit(practice, findings={"fever": "yes"})
    page = open_page(practice.url, token=practice.token(), viewport=NARROW, java_script_enabled=scripts)
    page.goto(f"/visits/{visit}/stop")
    expect(page.get_by_role("heading", name="Before you go: is any of this true as well?")).to_be_visible()
    if scripts:
        fits(page)
        axe(page)
    page.get_by_role("checkbox", name="Is the belly hard to the touch?").first.check()
    page.get_by_role("button", name="Save these answers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mbulance or emergency department")
    expect(page.get_by_role("heading", name="Before you go: is any of this true as well?")).to_have_count(0)
    with practice.records.work(practice.scope) as work:
        assert work.visits.get(visit).case["findings"]["belly_hard"] == "yes"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_step_is_fit_for_everybody(
    practice: Practice, open_page: OpenPage, axe: Axe, size: dict[str, int]
) -> None:
    visit = add_visit(practice, findings={"straight_leg_raise": {"left": "no", "right": "yes"}}, medicines=["apixaban"])
    page = open_page(practice.url, token=practice.token(), viewport=size)
    page.set_default_timeout(30_000)
    for step in (*STEPS, "danger?sheet=strength_of_the_legs", "questions?q=inflammatory_back_pain", "tests?test=faber",
                 "questions?q=leg_pain_worse_than_back"):  # fmt: skip
        page.goto(f"/visits/{visit}/{step}")
        assert page.locator("h1").count() == 1
        fits(page)
        axe(page)


def test_a_client_fills_in_the_first_part_on_a_telephone(practice: Practice, open_page: OpenPage, axe: Axe) -> None:
    person = add_person(practice)
    with practice.records.work(practice.scope) as work:
        _, token = work.links.make(person, "intake")
    page = open_page(practice.url, viewport=NARROW, has_touch=True, is_mobile=True)
    page.goto(f"/c/{token}")
    axe(page)
    page.get_by_role("button", name="Begin").tap()
    page.get_by_label("Age", exact=True).fill("52")
    page.get_by_label("Male", exact=True).check()
    expect(page.get_by_text("Pregnant?")).to_be_hidden()
    fits(page)
    axe(page)
    go_on(page)
    expect(page.locator("figure[data-view=front]")).to_be_hidden()
    page.locator("figure[data-view=back] [data-region=lumbar_right]").tap()
    page.get_by_role("button", name="Front").tap()
    page.locator("figure[data-view=front] [data-region=groin_right]").tap()
    expect(page.locator("[data-place=groin_right]")).to_be_visible()
    fits(page)
    axe(page)
    go_on(page)
    for target in page.locator(".choice:visible, .button:visible").all()[:12]:
        box = target.bounding_box()
        assert box and box["height"] >= 44

    def look(page: Page) -> None:
        fits(page)
        axe(page)

    assert 2 + answer_no(page, look) < 20
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.goto(f"/c/{token}/intake/danger?sheet=bladder_and_bowel")
    page.get_by_label("None of these").uncheck()
    page.get_by_text("Have you lost control of the bowel?").first.tap()
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Please get medical help now")
    expect(page.locator("main")).not_to_contain_text("cauda")
    fits(page)
    axe(page)
    desk = open_page(practice.url, token=practice.token())
    desk.goto(f"/people/{person}")
    expect(desk.get_by_role("alert")).to_contain_text("danger sign")


def test_without_scripts_every_step_works(practice: Practice, open_page: OpenPage) -> None:
    page = open_page(practice.url, token=practice.token(), java_script_enabled=False)
    page.goto(f"/people/{add_person(practice)}")
    page.get_by_role("button", name="Start a visit").click()
    page.get_by_label("Age", exact=True).fill("61")
    page.get_by_label("Other, or rather not say").check()
    go_on(page)
    page.get_by_role("checkbox", name="Low back, left").check()
    page.get_by_label("How strong, low back, left, 0 to 10").fill("7")
    go_on(page)
    assert answer_no(page) >= 5, "the short check and the questions before a first answer"
    page.get_by_role("link", name="On to the tests").click()
    page.locator(".test").first.locator(".segment", has_text=re.compile("^no$")).first.click()
    page.get_by_role("button", name="Continue to angles").click()
    page.get_by_label("Passive hip extension, left, trial 1").fill("40")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="Is that right?")).to_be_visible()
    page.get_by_label("Passive hip extension, left, trial 1").fill("14")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Takes none").check()
    page.get_by_role("button", name="Save and continue").click()
    go_on(page)
    expect(page.locator("main")).to_contain_text("14°")
    expect(page.locator("main")).to_contain_text("7 of 10")


def test_with_keys_alone(page: Page, practice: Practice) -> None:
    visit = add_visit(practice)
    page.goto(f"/visits/{visit}/danger?sheet=one_leg")
    tab_to(page, "None of these")
    page.keyboard.press("Space")
    expect(page.get_by_label("None of these")).to_be_checked()
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("one_leg"))
    page.goto(f"/visits/{visit}/pain")
    tab_to(page, "Choose from a list instead")
    page.keyboard.press("Enter")
    tab_to(page, "Groin, right")
    page.keyboard.press("Space")
    expect(page.locator("[data-region=groin_right]").first).to_have_attribute("data-level", "0")
    tab_to(page, "How strong, groin, right, 0 to 10")
    page.keyboard.type("2")
    expect(page.locator("[data-region=groin_right]").first).to_have_attribute("data-level", "2")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of this name has the focus."""
    for _ in range(300):
        page.keyboard.press("Tab")
        held = page.evaluate(
            "() => { const one = document.activeElement;"
            " const words = one.getAttribute('aria-label') || one.closest('label')?.innerText || one.innerText;"
            " return (words || '').trim() }"
        )
        if held == name:
            return
    raise AssertionError(f"Tab never reaches {name!r}")


def test_a_visit_goes_on_after_the_server_was_killed(front_end: None, open_page: OpenPage, tmp_path: Path) -> None:
    store = tmp_path / "practice.db"
    with open_records(f"sqlite:///{store}", key=PASSPHRASE) as records:
        owner = records.set_up(practice="Harbour Street", name="Olivia Owner", login=LOGIN, password=PASSWORD)
        with records.work(owner.scope) as work:
            person = work.people.add(given_name="Anna", family_name="Berg")
            visit = work.visits.start(person.id, case=CALM)
        session = records.sign_in(LOGIN, PASSWORD, address="test")
        assert session is not None
    first = Process(store)
    page = open_page(first.url, token=session.token)
    page.goto(f"/visits/{visit.id}/danger")
    with page.expect_navigation():
        page.get_by_role("button", name="Ask every sheet in full").click()
    for _ in range(3):
        page.get_by_label("None of these").check()
        go_on(page)
    at = page.get_by_role("heading", level=1).inner_text()
    first.kill()
    second = Process(store)
    page = open_page(second.url, token=session.token)
    page.goto(f"/visits/{visit.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(at)
    page.get_by_label("None of these").check()
    go_on(page)
    expect(page.get_by_role("heading", level=1)).not_to_have_text(at)
    assert second.stop() == 0
    with open_records(f"sqlite:///{store}", key=PASSPHRASE) as records, records.work(owner.scope) as work:
        kept = work.visits.get(visit.id).case["findings"]
        lines = {name: word for name, word in kept.items() if not name.startswith("system_")}
        assert len(lines) > 20 and set(lines.values()) == {"no"}
        assert records.verify() == []
