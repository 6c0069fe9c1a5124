"""The app over a store in memory, asked by a client without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from psoas.records import Records, Scope, open_records
from psoas.records.access.tokens import Cost
from psoas.records.parts import accounts
from psoas.web import assets
from psoas.web.app import create_app
from psoas.web.security.cookies import SESSION, cookie_name
from psoas.web.settings import Settings

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real cost has its own test in tests/records."""
    monkeypatch.setattr(accounts, "COST", Cost(passes=1, memory_kib=64))


@pytest.fixture(autouse=True)
def _names_of_assets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are looked at without scripts and styles, so these tests need no build."""

    class Names(dict[str, str]):
        def __missing__(self, name: str) -> str:
            return name

    names = Names({"app.js": "app.js"})
    monkeypatch.setattr(assets, "manifest", lambda: names)


@dataclass(frozen=True)
class House:
    """An app with its store, and one account of every role."""

    app: FastAPI
    records: Records
    scope: Scope

    def client(self, login: str | None = "owner") -> TestClient:
        """A browser without scripts, signed in as `owner`, `pract` or `desk`, or not at all."""
        scheme = "https" if self.app.state.settings.is_secure else "http"
        client = TestClient(self.app, base_url=f"{scheme}://localhost", follow_redirects=False)
        if login is not None:
            session = self.records.sign_in(login, PASSWORD, address="test")
            assert session is not None
            client.cookies.set(cookie_name(SESSION, self.app.state.settings), session.token)
        return client


@pytest.fixture
def make_house() -> Iterator[Callable[..., House]]:
    """Makes an app with settings of one's own."""
    opened: list[Records] = []

    def make(**settings: object) -> House:
        records = open_records("sqlite://")
        opened.append(records)
        owner = records.set_up(practice="Harbour Street", name="Olivia Owner", login="owner", password=PASSWORD)
        with records.work(owner.scope) as work:
            work.accounts.add("Paula Practitioner", "pract", PASSWORD, "practitioner")
            work.accounts.add("Fred Front", "desk", PASSWORD, "front_desk")
        return House(create_app(Settings(**settings), records), records, owner.scope)  # type: ignore[arg-type]

    yield make
    for records in opened:
        records.close()


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    """An app on this machine alone."""
    return make_house()


def csrf_of(text: str) -> str:
    """The token that a page's forms hold."""
    found = re.search(r'name="csrf" value="([^"]+)"', text)
    assert found, "the page has no form"
    return found.group(1)
