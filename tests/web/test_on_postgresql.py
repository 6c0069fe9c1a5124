"""A whole visit by plain forms, from an empty store to a check-in, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from psoas.records import Records, open_records
from psoas.web import serve
from psoas.web.app import create_app
from psoas.web.settings import Settings
from tests.web.conftest import PASSWORD, csrf_of

KEY = "four words for tests"


@pytest.fixture(params=["sqlite", "postgresql"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    """A new store without accounts, in a file or on a server."""
    on_server = request.param == "postgresql"
    url = str(request.getfixturevalue("postgres_url")) if on_server else f"sqlite:///{tmp_path}/practice.db"
    with open_records(url, key=KEY) as opened:
        yield opened


class Browser:
    """A browser without scripts: it remembers the page it is on, and sends that page's forms."""

    def __init__(self, records: Records) -> None:
        app = create_app(Settings(), records)
        self.client = TestClient(app, base_url="http://localhost", follow_redirects=True)
        self.text, self.path = "", ""

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        self.text, self.path = answer.text, str(answer.url.path)
        return self.text

    def send(self, path: str, **fields: Any) -> str:
        """Send a form and go where the answer leads."""
        version = re.search(r'name="version" value="(\d+)"', self.text)
        data = {"csrf": csrf_of(self.text), **({"version": version.group(1)} if version else {}), **fields}
        answer = self.client.post(path, data=data)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        self.text, self.path = answer.text, str(answer.url.path)
        return self.text


def answer_sheets(browser: Browser, visit: str) -> None:
    """No to every danger sheet that comes first."""
    for _ in range(20):
        browser.get(f"{visit}/danger")
        sheet = re.search(r'name="sheet" value="(\w+)"', browser.text)
        if not browser.path.endswith("/danger") or sheet is None:
            return
        shown = re.findall(r'name="shown" value="(\w+)"', browser.text)
        browser.send(f"{visit}/danger", sheet=sheet.group(1), shown=shown, none="1")
    raise AssertionError("the sheets do not end")


def test_a_whole_visit_from_the_first_start_to_a_check_in(records: Records) -> None:
    browser = Browser(records)
    browser.get("/")
    assert browser.path == "/set-up"
    browser.send("/set-up", practice="Hafenstraße", name="Ann", login="ann", password=PASSWORD, again=PASSWORD)
    assert browser.path == "/people"

    browser.get("/people/new")
    browser.send("/people/new", given_name="Zoë", family_name="Ångström 😀", sex="female", birth_date="1980-02-29")
    person = browser.path
    assert "Ångström 😀" in browser.text
    assert "Zoë" in browser.get("/people?text=ångström")

    browser.get(person)
    browser.send(f"{person}/visits")
    visit = "/".join(browser.path.split("/")[:3])
    browser.get(f"{visit}/about")
    browser.send(f"{visit}/about", age_years="45", sex="female", height_cm="172")
    browser.get(f"{visit}/pain")
    marks = {"mark": ["lumbar_left", "buttock_left"], "rate.lumbar_left": "6", "rate.buttock_left": "3"}
    browser.send(f"{visit}/pain", duration="8", duration_unit="weeks", onset="gradual", course="stable", **marks)
    answer_sheets(browser, visit)
    browser.get(f"{visit}/medicines")
    browser.send(f"{visit}/medicines", takes="none", has="none")
    browser.get(f"{visit}/goals")
    browser.send(f"{visit}/goals", goal=["walk 5 km"], notes="prefers mornings – “never” evenings")
    assert "walk 5 km" in browser.get(f"{visit}/review")

    result = browser.get(f"{visit}/result")
    assert "Where the pain may come from" in result
    assert browser.get(f"{visit}/result") == result, "it is shown as it was kept"
    browser.get(f"{visit}/plan")
    chosen = re.findall(r'name="id" value="([^"]+)"', browser.text)
    browser.send(f"{visit}/plan", id=chosen, do="save")
    assert "version 1" in browser.get(f"{visit}/plan")

    browser.get(f"{person}/check-ins/new")
    browser.send(f"{person}/check-ins/new", pain="3", change="2")
    assert "3" in browser.get(f"{person}/progress")
    scope = records.operator()
    with records.work(scope) as work:
        assert [one.content["pain_0_10"] for one in work.check_ins.of(person.rpartition("/")[2])] == [3]
    assert records.verify() == []


def test_a_visit_goes_on_after_the_server_was_started_anew(records: Records) -> None:
    owner = records.set_up(practice="P", name="Ann", login="ann", password=PASSWORD)
    with records.work(owner.scope) as work:
        person = work.people.add(given_name="Mara")
        work.visits.start(person.id, case={"psoas_case": 1})
    for said in ("30", "31"):
        browser = Browser(records)
        browser.get("/sign-in")
        browser.send("/sign-in", login="ann", password=PASSWORD)
        browser.get(f"/people/{person.id}")
        browser.send(f"/people/{person.id}/visits")
        visit = "/".join(browser.path.split("/")[:3])
        browser.get(f"{visit}/about")
        browser.send(f"{visit}/about", age_years=said, sex="female")
    assert 'value="31"' in browser.get(f"{visit}/about")


def test_a_server_that_does_not_answer_is_told_in_a_sentence() -> None:
    from psoas.records import Unreachable

    with pytest.raises(Unreachable, match=r"127\.0\.0\.1/practice does not answer: .*check that the server runs"):
        serve.open_store("postgresql+psycopg://test@127.0.0.1:1/practice")
