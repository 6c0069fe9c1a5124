"""Set-up, sign-in, sign-out: sessions, cookies, where one is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from psoas.records import open_records
from psoas.web.access import safe_next
from psoas.web.app import create_app
from psoas.web.security.cookies import FORM, SESSION
from psoas.web.settings import DEMO_LOGIN, DEMO_PASSWORD, Settings
from tests.web.conftest import PASSWORD, House, csrf_of

ANSWERS = {"practice": "P", "name": "Ann", "login": "ann", "password": PASSWORD, "again": PASSWORD}


def new_app(**settings: object) -> TestClient:
    app = create_app(Settings(**settings), open_records("sqlite://"))  # type: ignore[arg-type]
    return TestClient(app, base_url="http://localhost", follow_redirects=False)


def set_up(client: TestClient, **changes: str) -> object:
    shown = client.get("/set-up")
    return client.post("/set-up", data={"csrf": csrf_of(shown.text), **ANSWERS, **changes})


def test_a_new_store_leads_to_the_set_up_page_and_has_no_default_password() -> None:
    client = new_app()
    assert client.get("/").headers["location"] == "/set-up"
    assert client.get("/people").headers["location"] == "/sign-in?next=/people"
    assert client.get("/sign-in").headers["location"] == "/set-up"
    answer = set_up(client)
    assert answer.status_code == 303 and answer.headers["location"] == "/people"
    assert client.get("/people").status_code == 200


def test_the_set_up_page_is_gone_once_it_was_used() -> None:
    client = new_app()
    set_up(client)
    assert client.get("/set-up").headers["location"] == "/sign-in"
    page = client.get("/people")
    again = client.post("/set-up", data={**ANSWERS, "login": "eve", "csrf": csrf_of(page.text)})
    assert again.headers["location"] == "/sign-in"
    assert client.app.state.records.sign_in("eve", PASSWORD, address="x") is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"again": "another thing"}, "The two passwords differ"),
        ({"password": "short", "again": "short"}, "The password has 5 characters; expected 12"),
        ({"practice": ""}, "practice has 0 characters"),
    ],
)
def test_a_set_up_that_cannot_be_taken_says_why_and_keeps_the_fields(changes: dict[str, str], sentence: str) -> None:
    client = new_app()
    answer = set_up(client, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text and 'value="Ann"' in answer.text and "short" not in answer.text
    assert client.app.state.records.is_new()


def test_from_other_machines_the_set_up_needs_the_code_of_the_terminal() -> None:
    client = new_app(set_up_code="ABCD2345")
    assert set_up(client).status_code == 422
    assert set_up(client, code="ABCD2346").status_code == 422
    assert client.app.state.records.is_new()
    assert set_up(client, code=" abcd2345 ").status_code == 303


def test_guessing_the_code_is_slowed_down() -> None:
    client = new_app(set_up_code="ABCD2345")
    statuses = [set_up(client, code=f"WRONG{n}").status_code for n in range(6)]
    assert statuses == [422] * 5 + [429]


def sign_in(client: TestClient, password: str = PASSWORD, **more: str) -> object:
    shown = client.get("/sign-in")
    return client.post("/sign-in", data={"csrf": csrf_of(shown.text), "login": "owner", "password": password, **more})


def test_signing_in_leads_back_to_where_one_wanted_to_go(house: House) -> None:
    client = house.client(None)
    shown = client.get("/people?search=berg")
    assert shown.headers["location"] == "/sign-in?next=/people%3Fsearch%3Dberg"
    form = client.get(shown.headers["location"])
    assert 'name="next" value="/people?search=berg"' in form.text
    answer = sign_in(client, next="/people?search=berg")
    assert (answer.status_code, answer.headers["location"]) == (303, "/people?search=berg")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "/a\nb",
        "",
        None,
    ],
)
def test_nothing_leads_elsewhere(house: House, elsewhere: str | None) -> None:
    assert safe_next(elsewhere) == "/"
    if elsewhere is not None:
        assert sign_in(house.client(None), next=elsewhere).headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(house: House) -> None:
    client = house.client(None)
    wrong, unknown = sign_in(client, "wrong password"), sign_in(client, login="nobody")
    assert wrong.status_code == unknown.status_code == 422
    assert "do not go together" in wrong.text and "do not go together" in unknown.text
    assert SESSION not in client.cookies


def test_many_tries_are_answered_with_a_rest(house: House) -> None:
    client = house.client(None)
    statuses = [sign_in(client, "wrong password").status_code for _ in range(7)]
    assert statuses[0] == 422 and statuses[-1] == 429
    last = sign_in(client)
    assert last.status_code == 429 and int(last.headers["retry-after"]) > 0


def test_a_session_given_before_sign_in_is_not_taken_over(house: House) -> None:
    client = house.client(None)
    client.cookies.set(SESSION, "chosen-by-somebody-else")
    answer = sign_in(client)
    token = answer.cookies[SESSION]
    assert token != "chosen-by-somebody-else" and house.records.session(token) is not None
    assert house.records.session("chosen-by-somebody-else") is None


def test_signing_in_again_ends_the_session_before(house: House) -> None:
    client = house.client(None)
    first = sign_in(client).cookies[SESSION]
    page = client.get("/people")
    answer = client.post("/sign-in", data={"csrf": csrf_of(page.text), "login": "pract", "password": PASSWORD})
    assert answer.status_code == 303
    assert house.records.session(first) is None


def test_signing_out_ends_the_session_in_the_store_too(house: House) -> None:
    client = house.client()
    token = client.cookies[SESSION]
    answer = client.post("/sign-out", data={"csrf": csrf_of(client.get("/people").text)})
    assert answer.headers["location"] == "/sign-in?said=signed-out"
    assert house.records.session(token) is None
    client.cookies.set(SESSION, token)
    assert client.get("/people").headers["location"].startswith("/sign-in")


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    client = house.client(None)
    form = client.get("/sign-in").headers["set-cookie"]
    session = sign_in(client).headers.get_list("set-cookie")[0]
    for cookie in (form, session):
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
        assert "Secure" not in cookie and "Domain" not in cookie
    assert session.startswith(f"{SESSION}=")


def test_over_tls_cookies_are_secure_and_belong_to_this_host_alone(make_house: Callable[..., House]) -> None:
    client = make_house(trusted_proxies=("127.0.0.1",)).client(None)
    shown = client.get("/sign-in")
    assert shown.headers["set-cookie"].startswith(f"__Host-{FORM}=") and "Secure" in shown.headers["set-cookie"]
    assert shown.headers["strict-transport-security"] == "max-age=31536000"


def test_the_demonstration_is_opened_with_one_click_and_only_there(
    house: House, make_house: Callable[..., House]
) -> None:
    ordinary = house.client(None)
    token = csrf_of(ordinary.get("/sign-in").text)
    assert ordinary.post("/demo", data={"csrf": token}).status_code == 404

    records = open_records("sqlite://")
    records.set_up(practice="Demo", name="Dora", login=DEMO_LOGIN, password=DEMO_PASSWORD)
    demo = TestClient(create_app(Settings(demo=True), records), base_url="http://localhost", follow_redirects=False)
    shown = demo.get("/sign-in")
    assert "Fictional people" in shown.text
    assert demo.post("/demo", data={"csrf": csrf_of(shown.text)}).headers["location"] == "/people"
    records.close()
