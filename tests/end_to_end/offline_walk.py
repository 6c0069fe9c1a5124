"""A walk through the app on a machine without a network: run by test_offline.py in a network namespace of its own.

    unshare --user --map-root-user --net python -m tests.end_to_end.offline_walk FOLDER

Server and browser both run inside; only the loopback device is there.
"""

from __future__ import annotations

import errno
import fcntl
import socket
import struct
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect, sync_playwright

from psoas.case import parse_case_text
from psoas.web.security.cookies import SESSION, cookie_name
from psoas.web.settings import Settings
from tests.end_to_end.conftest import ARGUMENTS, CHROMIUM
from tests.end_to_end.serving import ROOT, serving_new
from tests.web.test_result import leave_safety_open

SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1
ELSEWHERE = ("192.0.2.1", 80)
"""An address that documentation may use and nobody has."""


def switch_on_loopback() -> None:
    """A new network namespace has its loopback device switched off."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as some:
        fcntl.ioctl(some, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def is_cut_off() -> bool:
    """Whether there is no way to another machine."""
    with socket.socket() as some:
        some.settimeout(2)
        return some.connect_ex(ELSEWHERE) == errno.ENETUNREACH


def walk(folder: Path) -> None:
    """People, a visit's result with its body, the plan and the sheet to take home."""
    case = parse_case_text((ROOT / "examples" / "short_hip_flexor.yaml").read_text(encoding="utf-8"))
    with serving_new(folder / "practice.db") as practice, sync_playwright() as playwright:
        with practice.records.work(practice.scope) as work:
            person = work.people.add(given_name="Anna", family_name="Berg")
            visit = work.visits.start(person.id, case=case)
            leave_safety_open(work, visit.id, case)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        context = browser.new_context(base_url=practice.url)
        context.set_default_timeout(60_000)
        name = cookie_name(SESSION, Settings(port=urlsplit(practice.url).port or 80))
        context.add_cookies([{"name": name, "value": practice.token(), "url": practice.url, "sameSite": "Lax"}])
        page = context.new_page()
        page.goto("/people")
        expect(page.get_by_text("Berg, Anna")).to_be_visible()
        page.goto(f"/visits/{visit.id}/result")
        expect(page.get_by_role("heading", name="Where the pain may come from")).to_be_visible()
        expect(page.locator("canvas")).to_be_visible(timeout=60_000)
        page.goto(f"/visits/{visit.id}/plan")
        expect(page.get_by_role("button", name="Save the plan")).to_be_visible()
        sheet = page.request.get(f"/visits/{visit.id}/handout.pdf")
        assert sheet.ok and sheet.body().startswith(b"%PDF")
        browser.close()


if __name__ == "__main__":
    switch_on_loopback()
    if not is_cut_off():
        sys.exit("this machine still has a network")
    walk(Path(sys.argv[1]))
    print("walked")
