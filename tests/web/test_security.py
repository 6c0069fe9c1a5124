"""What stands between the network and the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from psoas.web.security.headers import content_policy, host_name
from psoas.web.security.limits import BODY_BYTES, Bucket, TooOften
from tests.web.conftest import House, csrf_of

NEW = {"given_name": "Anna"}


def people_of(house: House) -> int:
    with house.records.work(house.scope) as work:
        return work.people.count("")


def test_every_answer_carries_the_protective_headers(house: House) -> None:
    client = house.client()
    for path in ("/people", "/nothing-here", "/healthz", "/static/app.js"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"
        assert headers["content-security-policy"] == content_policy()
        assert headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in headers


def test_the_content_policy_lets_no_inline_code_and_no_other_host_in() -> None:
    policy = content_policy()
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert part in policy.split("; ")
    assert "script-src 'self' 'wasm-unsafe-eval'" in content_policy(wasm=True).split("; ")


@pytest.mark.parametrize("token", [None, "", "wrong", "é"])
def test_a_form_without_its_token_changes_nothing(house: House, token: str | None) -> None:
    client = house.client()
    answer = client.post("/people/new", data=NEW if token is None else {**NEW, "csrf": token})
    assert answer.status_code == 403
    assert people_of(house) == 0


def test_the_token_of_another_session_does_not_do(house: House) -> None:
    theirs = csrf_of(house.client("pract").get("/people/new").text)
    assert house.client().post("/people/new", data={**NEW, "csrf": theirs}).status_code == 403


def test_the_token_may_come_in_the_header(house: House) -> None:
    client = house.client()
    token = csrf_of(client.get("/people/new").text)
    assert client.post("/people/new", data=NEW, headers={"X-CSRF-Token": token}).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://localhost:9999"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 303),
        ({"origin": "http://localhost"}, 303),
        ({}, 303),
    ],
)
def test_a_form_from_another_site_is_refused_even_with_the_token(
    house: House, headers: dict[str, str], status: int
) -> None:
    client = house.client()
    data = {**NEW, "csrf": csrf_of(client.get("/people/new").text)}
    assert client.post("/people/new", data=data, headers=headers).status_code == status


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8417", "localhost.evil.example", "", "127.0.0.1.evil.example"]
)
def test_a_name_that_is_not_ours_is_refused(house: House, host: str) -> None:
    answer = house.client().get("/people", headers={"host": host})
    assert answer.status_code == 421 and "Anna" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8417", "127.0.0.1:8417", "[::1]:8417"])
def test_names_of_this_machine_are_taken(house: House, host: str) -> None:
    assert house.client().get("/healthz", headers={"host": host}).status_code == 200


def test_a_name_given_at_the_start_is_taken(make_house: Callable[..., House]) -> None:
    house = make_house(host="0.0.0.0", names=("practice.example",), trusted_proxies=("10.0.0.1",))
    assert house.client(None).get("/healthz", headers={"host": "practice.example"}).status_code == 200
    assert house.client(None).get("/healthz", headers={"host": "0.0.0.0"}).status_code == 421


def test_nobody_speaks_in_the_clear_around_the_proxy(make_house: Callable[..., House]) -> None:
    client = make_house(trusted_proxies=("10.0.0.1",)).client()
    assert client.get("/people").status_code == 200
    around = client.get("http://localhost/people")
    assert around.status_code == 421 and "only over TLS" in around.text


def test_host_names_are_read_with_and_without_port() -> None:
    assert [host_name(text) for text in ("A.b:80", "[::1]:80", "[::1]", "x", "")] == ["a.b", "::1", "::1", "x", ""]


def test_a_request_that_says_it_is_too_large_gets_a_page(house: House) -> None:
    client = house.client()
    token = csrf_of(client.get("/people/new").text)
    answer = client.post("/people/new", data={**NEW, "note": "x" * BODY_BYTES}, headers={"X-CSRF-Token": token})
    assert answer.status_code == 413 and "That is too large" in answer.text
    assert "content-security-policy" in answer.headers


def test_a_request_that_grows_too_large_is_cut_off_while_it_arrives(house: House) -> None:
    client, sent = house.client(), 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b"given_name=Anna&note="
        while sent < 50:
            sent += 1
            yield b"x" * (BODY_BYTES // 4)

    answer = client.post(
        "/people/new", content=endless(), headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413
    assert people_of(house) == 0


def test_a_part_of_a_page_is_sent_to_sign_in_as_a_whole(house: House) -> None:
    answer = house.client(None).get("/people", headers={"hx-request": "true"})
    assert answer.status_code == 200 and answer.headers["hx-redirect"] == "/sign-in?next=/people"
    assert "location" not in answer.headers


def test_a_bucket_refills_and_counts_each_key_alone() -> None:
    now = [0.0]
    bucket = Bucket(burst=2, every_s=10.0, clock=lambda: now[0])
    bucket.take("a")
    bucket.take("a")
    bucket.take("b")
    with pytest.raises(TooOften) as refused:
        bucket.take("a")
    assert refused.value.wait_s == 10.0
    now[0] = 9.0
    with pytest.raises(TooOften) as refused:
        bucket.take("a")
    assert refused.value.wait_s == pytest.approx(1.0)
    now[0] = 10.0
    bucket.take("a")


def test_made_up_addresses_do_not_fill_the_memory() -> None:
    bucket = Bucket(burst=1, every_s=60.0, keys=100, clock=lambda: 0.0)
    for number in range(1000):
        bucket.take(str(number))
    assert len(bucket) == 100


def test_no_page_of_the_interface_of_programs_is_open(house: House) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert house.client().get(path).status_code == 404


def test_an_unknown_static_file_is_not_served(house: House) -> None:
    client = house.client(None)
    for path in ("/static/manifest.json", "/static/.built", "/static/../settings.py", "/static/%2e%2e/settings.py"):
        assert client.get(path).status_code == 404
