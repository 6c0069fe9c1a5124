"""Makes the pictures of the app in docs/pictures: a practice in memory, its pages in a real browser.

    python scripts/screenshots.py [NAME ...]      # all of them, or some

Needs Debian's Chromium, as the browser tests do. The server runs in this process on a free port; people are fictional.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
import yaml
from playwright.sync_api import Browser, Page, sync_playwright

from psoas.records import open_records
from psoas.web.app import create_app
from psoas.web.assets import bring_up_to_date
from psoas.web.computed.results import keep_result
from psoas.web.demo import safety_answered
from psoas.web.security.cookies import SESSION, cookie_name
from psoas.web.settings import Settings

HERE = Path(__file__).resolve().parent.parent
OUT = HERE / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking",
    "--disable-component-update", "--no-first-run",
]  # fmt: skip
LOGIN, PASSWORD = "olivia", "four words for pictures"


@dataclass(frozen=True)
class Shot:
    """One picture: an address, the window, what is done first, and how much of the page is taken."""

    address: str
    width: int = 1280
    height: int = 900
    dark: bool = False
    quality: str = "high"
    of: str | None = None
    do: Callable[[Page], None] | None = None


def _open_first_reasons(page: Page) -> None:
    page.locator("summary", has_text="Where the pain may come from").click()
    page.locator("details.source > summary").nth(0).click()


def _walk(page: Page) -> None:
    page.get_by_label("Walking, one stride").check()
    page.get_by_role("button", name="Right", exact=True).click()
    page.wait_for_timeout(2500)


def _no_save(page: Page) -> None:
    """The button that stays at the window's foot would lie over the picture."""
    page.locator(".save").evaluate("one => one.remove()")


SHOTS = {
    "result": Shot("/visits/{hip}/result", height=1000),
    "result-body": Shot("/visits/{hip}/result", of=".body-part"),
    "result-walking": Shot("/visits/{hip}/result", of=".body-view", do=_walk),
    "result-reasons": Shot("/visits/{leg}/result", of=".sources", do=_open_first_reasons),
    "result-danger": Shot("/visits/{danger}/result", height=1000),
    "result-phone": Shot("/visits/{hip}/result", width=390, height=844),
    "result-dark": Shot("/visits/{hip}/result", height=1000, dark=True),
    "plan": Shot("/visits/{hip}/plan", of="article:has(#item-half_kneeling_tuck_stretch)", do=_no_save),
}
CASES = {"hip": "short_hip_flexor", "leg": "leg_pain", "danger": "looks_like_a_tight_psoas"}
NAMES = {"hip": ("Jonas", "Fictional"), "leg": ("Mira", "Fictional"), "danger": ("Ada", "Fictional")}


@contextmanager
def practice() -> Iterator[tuple[str, str, dict[str, str]]]:
    """A served practice in memory: its address, a session's token, and the visits by their short names."""
    with open_records("sqlite://", key=None) as records, socket.socket() as listening:
        owner = records.set_up(practice="Harbour Street", name="Olivia Owner", login=LOGIN, password=PASSWORD)
        session = records.sign_in(LOGIN, PASSWORD, address="pictures")
        assert session is not None
        visits = {}
        for short, example in CASES.items():
            case: dict[str, Any] = yaml.safe_load((HERE / "examples" / f"{example}.yaml").read_text(encoding="utf-8"))
            given, family = NAMES[short]
            with records.work(owner.scope) as work:
                person = work.people.add(given_name=given, family_name=family, birth_date=date(1985, 3, 2))
                visit = work.visits.start(person.id, case=safety_answered(case))
                keep_result(work, visit)
                visits[short] = visit.id
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(create_app(Settings(port=port), records), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}", session.token, visits
        finally:
            server.should_exit = True
            thread.join(10)


def take(browser: Browser, url: str, token: str, visits: dict[str, str], name: str) -> Path:
    """Take one picture; returns its file."""
    shot = SHOTS[name]
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
    )
    name_of_session = cookie_name(SESSION, Settings(port=urlsplit(url).port or 80))
    context.add_cookies([{"name": name_of_session, "value": token, "url": url}])
    page = context.new_page()
    page.goto(f"{url}{shot.address.format(**visits)}?quality={shot.quality}", timeout=120_000)
    if page.get_by_role("heading", name="Sign in").count():
        raise RuntimeError(
            f"{shot.address} asked to sign in: the session's cookie has another name than {name_of_session}"
        )
    if page.locator("[data-body-view]").count():
        page.wait_for_selector("[data-ready]", timeout=120_000)
        page.wait_for_timeout(6000)  # software WebGL takes seconds over the first picture
    if shot.do is not None:
        shot.do(page)
    page.evaluate(
        "Promise.all([...document.images].map(one => { one.loading = 'eager'; return one.decode().catch(() => 0); }))"
    )
    path = OUT / f"{name}.png"
    if shot.of:
        page.locator(shot.of).first.screenshot(path=path, timeout=120_000)
    else:
        page.screenshot(path=path, timeout=120_000)
    context.close()
    small(path)
    return path


def small(path: Path) -> None:
    """Keep 256 colours of a picture, enough for a page, so that the repository stays small."""
    from PIL import Image

    with Image.open(path) as picture:
        plain = picture.convert("RGB")
        reduced = plain.quantize(palette=plain.quantize(256), dither=Image.Dither.FLOYDSTEINBERG)
    reduced.save(path, optimize=True)


def main() -> int:
    """Take the pictures named, or all; the exit status."""
    wanted = sys.argv[1:] or list(SHOTS)
    if unknown := set(wanted) - set(SHOTS):
        print(f"no picture {', '.join(sorted(unknown))}; there are {', '.join(SHOTS)}", file=sys.stderr)
        return 2
    OUT.mkdir(parents=True, exist_ok=True)
    bring_up_to_date()
    with practice() as (url, token, visits), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name in wanted:
            path = take(browser, url, token, visits, name)
            print(f"{path.relative_to(HERE)}  {path.stat().st_size / 1000:.0f} kB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
