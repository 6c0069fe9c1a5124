"""Nothing is open for coming from this machine: a proxy or a tunnel on it looks the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import uvicorn

from psoas.web import serve
from psoas.web.serve import ServeError, check
from psoas.web.settings import Settings
from tests.web.apps import CASE, running
from tests.web.conftest import House

STATELESS = ("assess", "screen", "next", "check")


@pytest.mark.parametrize("settings", [Settings(), Settings(trusted_proxies=("127.0.0.1",)), Settings(demo=True)])
@pytest.mark.parametrize("job", STATELESS)
def test_a_job_without_a_token_is_refused_wherever_the_app_listens(settings: Settings, job: str) -> None:
    made = running(settings)
    scheme = "https" if settings.is_secure else "http"
    with made.records:
        at = f"{scheme}://localhost/api/v1/{job}"
        assert made.client.post(at, json=CASE).status_code == 401
        assert made.client.post(at, json=CASE, headers={"x-forwarded-for": "127.0.0.1"}).status_code == 401
        assert made.client.post(at, json=CASE, headers=made.headers()).status_code == 200


@pytest.mark.parametrize("settings", [{}, {"trusted_proxies": ("127.0.0.1",)}])
def test_every_new_store_asks_for_the_code_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: dict[str, object]
) -> None:
    """Behind a proxy on the same machine a stranger claimed a new store: being local was judged by the address."""
    codes: list[str | None] = []
    opened: list[str] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: codes.append(self.config.app_settings))
    monkeypatch.setattr(serve, "bring_up_to_date", lambda: None)
    monkeypatch.setattr(serve, "warm_up", lambda *_: None)
    real = serve.config_for

    def remembered(app: object, given: Settings) -> uvicorn.Config:
        config = real(app, given)  # type: ignore[arg-type]
        config.app_settings = given.set_up_code  # type: ignore[attr-defined]
        return config

    monkeypatch.setattr(serve, "config_for", remembered)
    monkeypatch.setattr(serve.webbrowser, "open", opened.append)
    monkeypatch.setenv("PSOAS_PASSPHRASE", "four words for tests")
    serve.run(Settings(store=str(tmp_path / "a.db"), port=0, **settings), open_browser=False)  # type: ignore[arg-type]
    assert codes[0] is not None and len(codes[0]) == 8


@pytest.mark.parametrize("proxy", ["*", "0.0.0.0/0", "::/0", "10.0.0.0/16", "proxy.example", ""])
def test_a_proxy_is_named_exactly(proxy: str) -> None:
    with pytest.raises(ServeError, match="--behind-proxy is"):
        check(Settings(trusted_proxies=(proxy,)))


@pytest.mark.parametrize("proxy", ["127.0.0.1", "192.168.1.2", "::1", "10.0.3.0/28", "172.18.0.0/24"])
def test_the_address_of_a_proxy_is_taken(proxy: str) -> None:
    check(Settings(trusted_proxies=(proxy,)))


def test_the_browser_that_is_opened_brings_the_code_along(make_house: Callable[..., House]) -> None:
    from starlette.testclient import TestClient

    from psoas.records import open_records
    from psoas.web.app import create_app

    with open_records("sqlite://") as records:
        app = create_app(Settings(set_up_code="ABCD2345"), records)
        page = TestClient(app, base_url="http://localhost").get("/set-up?code=ABCD2345")
        assert 'value="ABCD2345"' in page.text
        assert json.dumps("ABCD2345") not in TestClient(app, base_url="http://localhost").get("/set-up").text
