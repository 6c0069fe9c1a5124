"""Counts the screens, fields and clicks of a practice's first walk, in a real browser.

    python -m validation.clicks          # needs Debian's Chromium and the built pages

From set-up to a person, a first visit without danger, the result, the plan, its end, and a second visit to its changes.
A screen is a page that is looked at; a field is a control that is filled, chosen or ticked; a click is a press of a
button or a link. The person walks honestly: every danger sheet is read and answered, nothing is skipped.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, sync_playwright

from psoas.records import open_records
from psoas.web.app import create_app
from psoas.web.assets import bring_up_to_date
from psoas.web.settings import Settings

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--disable-background-networking", "--no-first-run"]
LONGEST_MS = 120_000
MOST_SCREENS = 40
PASSWORD = "four words for counting"
WINDOW = {"width": 1280, "height": 800}


@dataclass
class Count:
    """What one stretch of the walk took."""

    name: str
    screens: list[str] = field(default_factory=list)
    fields: int = 0
    clicks: int = 0


class Walk:
    """A page whose steps are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.counts = page, [Count("before")]

    @property
    def now(self) -> Count:
        """The stretch that is being walked."""
        return self.counts[-1]

    def begin(self, name: str) -> None:
        """A new stretch."""
        self.counts.append(Count(name))
        self._see()

    def _see(self) -> None:
        heading = self.page.locator("h1").first.inner_text(timeout=LONGEST_MS)
        if not self.now.screens or self.now.screens[-1] != heading:
            self.now.screens.append(heading)

    def fill(self, label: str, value: str) -> None:
        """One field."""
        self.page.get_by_label(label, exact=True).fill(value)
        self.now.fields += 1

    def check(self, label: str, within: str = "body") -> None:
        """One tick or choice."""
        self.page.locator(within).get_by_label(label, exact=True).first.check()
        self.now.fields += 1

    def press(self, role: str, name: str) -> None:
        """One button or link, and the page that follows."""
        with self.page.expect_navigation(timeout=LONGEST_MS):
            self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.now.clicks += 1
        self._see()


@contextmanager
def practice() -> Iterator[str]:
    """A new practice, in memory, on a free port."""
    with open_records("sqlite://", key=None) as records, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(create_app(Settings(port=port), records), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(10)


def set_up(walk: Walk) -> None:
    """The practice and its owner."""
    walk.begin("set-up")
    walk.fill("Name of the practice", "Harbour Street")
    walk.fill("Your name", "Olivia Owner")
    walk.fill("Name to sign in with", "olivia")
    walk.fill("Password", PASSWORD)
    walk.fill("The same password again", PASSWORD)
    walk.press("button", "Make the practice")


def add_person(walk: Walk) -> None:
    """Somebody new; sex and birth are told once, here."""
    walk.begin("person")
    walk.press("link", "Add a person")
    walk.fill("Given name", "Anna")
    walk.fill("Family name", "Berg")
    walk.fill("Date of birth", "1979-03-02")
    walk.check("female")
    walk.press("button", "Add")


def first_answer(walk: Walk) -> None:
    """From the person to the first answer: pain, and every danger sheet that is asked before it."""
    walk.begin("visit to first answer")
    walk.press("button", "Start a visit")
    while (heading := walk.page.locator("h1").first.inner_text()) != "Enough for a first answer":
        if len(walk.now.screens) > MOST_SCREENS:
            raise RuntimeError(f"no first answer after {MOST_SCREENS} screens; the last was {heading}")
        _answer(walk, heading)
        walk.press("button", "Continue")
    walk.press("link", "See the result now")
    walk.page.locator(".ten-seconds").wait_for(timeout=LONGEST_MS)


def _answer(walk: Walk, heading: str) -> None:
    """What somebody with a plain pain in the low back answers on this screen."""
    page = walk.page
    if heading == "About the person":
        return
    if heading == "Where it hurts":
        page.locator("figure[data-view=back] [data-region=lumbar_left]").click()
        walk.now.fields += 1
        page.get_by_role("slider", name="How strong, low back, left").fill("6")
        walk.now.fields += 1
        walk.fill("For how long has this gone on?", "8")
        walk.check("Bit by bit")
        walk.check("About the same")
        return
    none = page.get_by_label("None of these")
    (none if none.count() else page.get_by_role("radio", name="No", exact=True)).first.check()
    walk.now.fields += 1


def plan_and_end(walk: Walk) -> None:
    """The plan as it is proposed, saved; the visit finished."""
    walk.begin("plan and finish")
    walk.press("link", "Go to the plan")
    walk.press("button", "Save the plan")
    walk.press("link", "Finish")
    walk.press("button", "Finish the visit")


def second_visit(walk: Walk) -> None:
    """A follow-up: how it goes, danger asked again, and what changed; the letter is one press more."""
    walk.begin("second visit to what changed")
    walk.press("button", "Start a follow-up")
    walk.check("Better")
    walk.fill("Worst pain of the last week, 0 to 10", "2")
    for none in walk.page.locator("[name=none]").all():
        none.check()
        walk.now.fields += 1
    walk.press("button", "Continue")
    walk.page.locator("[name='rate.lumbar_left']").fill("2")
    walk.now.fields += 1
    walk.press("button", "Continue")
    walk.press("link", "What changed")
    letter = walk.page.request.get(walk.page.url.replace("/compare", "/letter.pdf"), timeout=LONGEST_MS)
    if not letter.body().startswith(b"%PDF"):
        raise RuntimeError("there is no letter")


STRETCHES: tuple[Callable[[Walk], None], ...] = (set_up, add_person, first_answer, plan_and_end, second_visit)


def main() -> int:
    """Walk, and print what it took."""
    if not Path(CHROMIUM).exists():
        print("no chromium on this machine: apt-get install chromium", file=sys.stderr)
        return 2
    bring_up_to_date()
    with practice() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport=WINDOW, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_default_timeout(LONGEST_MS)
        page.goto(url)
        walk = Walk(page)
        for stretch in STRETCHES:
            stretch(walk)
        browser.close()
    for one in walk.counts[1:]:
        print(f"{one.name:32} {len(one.screens):3} screens {one.fields:3} fields {one.clicks:3} clicks")
        print(f"    {' > '.join(one.screens)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
