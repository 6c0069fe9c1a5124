"""From the first page to a person found again: with a pointer, with keys alone, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError

from psoas.records import open_records
from tests.end_to_end.conftest import NARROW, WIDE, watch
from tests.end_to_end.serving import PASSWORD, Practice, serving

OpenPage = Callable[..., Page]
Axe = Callable[[Page], None]
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])


def add_person(practice: Practice, given_name: str, family_name: str) -> str:
    with practice.records.work(practice.scope) as work:
        person = work.people.add(given_name=given_name, family_name=family_name, sex="female")
        visit = work.visits.start(person.id, case={})
        work.visits.close(visit.id, "finished")
        work.visits.start(person.id, case={})
        work.links.make(person.id, "check_in")
    return person.id


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_set_up_to_a_person_found(front_end: None, open_page: OpenPage, axe: Axe, scripts: bool) -> None:
    with open_records("sqlite://") as records, serving(records) as url:
        page = open_page(url, java_script_enabled=scripts)
        page.goto("/")
        expect(page).to_have_url(f"{url}/set-up")
        if scripts:
            axe(page)
        page.get_by_label("Name of the practice").fill("Harbour Street")
        page.get_by_label("Your name").fill("Olivia Owner")
        page.get_by_label("Name to sign in with").fill("olivia")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("The same password again").fill(PASSWORD)
        page.get_by_role("button", name="Make the practice").click()
        expect(page.get_by_role("heading", name="People")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("You are signed out.")).to_be_visible()

        page.get_by_label("Name").fill("olivia")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Add a person").first.click()
        page.get_by_label("Given name").fill("Anna")
        page.get_by_label("Family name").fill("Müller")
        page.get_by_label("Date of birth").fill("1984-03-02")
        page.get_by_role("radio", name="female", exact=True).check()
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("heading", name="Anna Müller")).to_be_visible()

        page.get_by_role("link", name="People", exact=True).click()
        page.get_by_label("Search by name").fill("muller")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name=re.compile("Müller, Anna")).click()
        expect(page.get_by_role("heading", name="Anna Müller")).to_be_visible()


def test_the_list_follows_what_is_typed(page: Page, practice: Practice) -> None:
    add_person(practice, "Live", "Searched")
    add_person(practice, "Other", "Somebody")
    page.goto("/people")
    page.get_by_label("Search by name").press_sequentially("searc")
    expect(page.get_by_role("link", name=re.compile("Searched, Live"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Somebody"))).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("1 person found")
    expect(page).to_have_url(f"{practice.url}/people")
    expect(page.get_by_label("Search by name")).to_be_focused()


def test_a_person_is_added_with_keys_alone(page: Page) -> None:
    page.goto("/people")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Add a person").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/new")
    tab_to(page, "given_name")
    page.keyboard.type("Keyboard")
    tab_to(page, "family_name")
    page.keyboard.type("Only")
    tab_to(page, "sex")
    page.keyboard.press("ArrowUp")
    tab_to(page, "note")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Add")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Keyboard Only")).to_be_visible()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field is reached; each place on the way must show where the focus is."""
    for _ in range(40):
        page.keyboard.press("Tab")
        outline = "getComputedStyle(document.activeElement.closest('.choice') || document.activeElement).outlineStyle"
        assert page.evaluate(outline) != "none", "the focus cannot be seen"
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"{name} is not reached with Tab")


@SIZES
def test_every_page_is_fit_for_everybody(
    open_page: OpenPage, practice: Practice, axe: Axe, size: dict[str, int]
) -> None:
    person = add_person(practice, "Ruth", "Abernathy-Featherstonehaugh")
    page = open_page(practice.url, token=practice.token(), viewport=size)
    paths = [
        "/people", "/people?search=nobody-is-called-this", "/people/new", f"/people/{person}", f"/people/{person}/edit",
        f"/people/{person}/links", f"/people/{person}/erase", "/accounts", "/account", "/practice",
        f"/accounts/{practice.scope.account_id}/password", "/nothing-here",
    ]  # fmt: skip
    for path in paths:
        page.goto(path)
        check_page(page, axe)
    page.goto(f"/people/{person}/links")
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_label("Address")).to_be_visible()
    check_page(page, axe)
    page.goto("/people/new")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Give at least one name.")).to_be_visible()
    check_page(page, axe)


@SIZES
def test_the_sign_in_page_is_fit_for_everybody(
    open_page: OpenPage, practice: Practice, axe: Axe, size: dict[str, int]
) -> None:
    page = open_page(practice.url, viewport=size)
    page.goto("/sign-in")
    check_page(page, axe)


def check_page(page: Page, axe: Axe) -> None:
    """No violation, one main heading, nothing wider than the screen."""
    axe(page)
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url


def test_the_watch_on_pages_sees_what_it_is_for(browser: Browser, practice: Practice) -> None:
    """A request elsewhere, a script that throws and a missing part are noted; so the other tests can fail."""
    context, wrong = browser.new_context(base_url=practice.url), []
    page = context.new_page()
    watch(page, practice.url, wrong, ())
    page.goto("/sign-in")
    assert wrong == []
    page.evaluate("setTimeout(() => { throw new Error('thrown') }); new Image().src = '/static/none.png'")
    page.wait_for_timeout(300)
    with suppress(PlaywrightError):
        page.goto("http://127.0.0.1:9/elsewhere")
    context.close()
    noted = " ".join(wrong)
    assert "thrown" in noted and "/static/none.png" in noted and "a request left the host" in noted


def test_erasing_waits_for_the_name(page: Page, practice: Practice) -> None:
    person = add_person(practice, "Erase", "Me")
    page.goto(f"/people/{person}/erase")
    button = page.get_by_role("button", name="Erase for good")
    expect(button).to_be_disabled()
    page.get_by_label("Type the full name").fill("Erase Me")
    button.click()
    expect(page.get_by_text("is erased")).to_be_visible()


def test_scripts_and_styles_are_kept_by_the_browser_and_pages_are_not(page: Page) -> None:
    kept: dict[str, str] = {}
    page.on("response", lambda response: kept.update({response.url: response.headers.get("cache-control", "")}))
    shown = page.goto("/people")
    assert shown is not None and shown.headers["cache-control"] == "no-store"
    static = [value for url, value in kept.items() if "/static/" in url]
    assert len(static) >= 2 and set(static) == {"public, max-age=31536000, immutable"}


def test_the_first_page_is_light(page: Page) -> None:
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto("/people", wait_until="networkidle")
    assert 0 < sum(sizes) < 150_000


def test_a_script_put_into_the_page_does_not_run(open_page: OpenPage, practice: Practice) -> None:
    page = open_page(practice.url, token=practice.token(), allow=("Content Security Policy",))
    page.goto("/people")
    added = page.evaluate(
        """async () => {
            const seen = [];
            document.addEventListener('securitypolicyviolation', event => seen.push(event.violatedDirective));
            const script = document.createElement('script');
            script.textContent = 'window.injected = true';
            document.body.append(script);
            await new Promise(done => setTimeout(done, 100));
            return [window.injected === true, seen];
        }"""
    )
    assert added == [False, ["script-src-elem"]]
