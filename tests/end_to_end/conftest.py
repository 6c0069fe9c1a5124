"""A real browser on a real server: Debian's Chromium, driven by Playwright. Skipped where there is no Chromium."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, expect, sync_playwright

from psoas.web.security.cookies import SESSION, cookie_name
from psoas.web.settings import Settings
from tests.end_to_end.serving import ROOT, Practice, serving_new

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := Path("/usr/bin") / name).exists()), None)
ARGUMENTS = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking",
    "--disable-component-update", "--no-first-run", "--disable-quic", "--disable-sync",
]  # fmt: skip
AXE = ROOT / "src" / "psoas" / "web" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
expect.set_options(timeout=15_000)  # machines that do other things beside
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def front_end() -> None:
    """The built scripts, styles and bones, brought up to date."""
    for script in ("build_frontend.py", "build_body_mesh.py"):
        subprocess.run([sys.executable, str(ROOT / "scripts" / script)], check=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def practice(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A running server with a fresh encrypted store and its owner; shared by the tests of a worker, so that each test
    adds the people it needs."""
    with serving_new(tmp_path_factory.mktemp("practice") / "practice.db") as made:
        yield made


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes watched pages: `open_page(url, token=..., **options of a browser context)`. The test fails where a request
    leaves the host, a script throws, the console shows an error or a part of a page is missing."""
    watched: list[tuple[BrowserContext, list[str]]] = []

    def make(url: str, *, token: str | None = None, allow: tuple[str, ...] = (), **options: object) -> Page:
        context = browser.new_context(**{"base_url": url, "viewport": WIDE, "reduced_motion": "reduce", **options})  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        if token is not None:
            name = cookie_name(SESSION, Settings(port=urlsplit(url).port or 80))
            context.add_cookies([{"name": name, "value": token, "url": url, "httpOnly": True, "sameSite": "Lax"}])
        page, wrong = context.new_page(), []
        watch(page, url, wrong, allow)
        watched.append((context, wrong))
        return page

    yield make
    for context, _ in watched:
        context.close()
    assert [line for _, wrong in watched for line in wrong] == []


@pytest.fixture
def page(practice: Practice, open_page: Callable[..., Page]) -> Page:
    """A page signed in as the owner of `practice`."""
    return open_page(practice.url, token=practice.token())


def watch(page: Page, url: str, wrong: list[str], allow: tuple[str, ...]) -> None:
    """Note what must not happen; `allow` holds parts of console messages that a test provokes."""
    host = urlsplit(url).netloc

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host:
            wrong.append(f"a request left the host: {request.url}")

    def on_response(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type not in ("document", "fetch", "xhr"):
            wrong.append(f"{response.status} for {response.url}")

    # The console also repeats every status over 399, which `on_response` judges.
    page.on("request", on_request)
    page.on("response", on_response)
    page.on("pageerror", lambda error: wrong.append(f"a script failed: {error}"))
    page.on(
        "console",
        lambda message: (
            wrong.append(f"console: {message.text}")
            if message.type == "error" and not any(part in message.text for part in ("Failed to load resource", *allow))
            else None
        ),
    )


@pytest.fixture(scope="session")
def axe(front_end: None) -> Callable[[Page], None]:
    """`axe(page)` asserts that axe-core finds nothing wrong, in the light and in the dark colours."""
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.evaluate(source)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert [
                f"{scheme}: {one['id']}: {one['help']}: {', '.join(str(node['target']) for node in one['nodes'])}"
                for one in found["violations"]
            ] == []

    return check
