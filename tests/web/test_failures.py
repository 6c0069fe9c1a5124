"""When something goes wrong: the right status, plain words, and no inside shown; JSON for programs."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from psoas import records
from psoas.errors import CaseError
from psoas.web.security.cookies import SESSION
from tests.web.conftest import House

CASES = [
    (records.NotFound("no such person"), 404, "There is nothing here", "not_found"),
    (records.Refused("not for the front desk"), 403, "This is not open to you", "not_allowed"),
    (records.Conflict("version 3 is older than 4"), 409, "Somebody else changed this meanwhile", "conflict"),
    (records.Invalid("birth_date", "birth_date is 1; expected a day"), 422, "birth_date is 1; expected", "invalid"),
    (records.Locked("practice.db is held by another program"), 503, "The store cannot be reached", "store_unavailable"),
    (records.Full("no room on the disk"), 503, "cannot be reached just now", "store_unavailable"),
    (records.Paused(90.0), 429, "Too many tries", "too_often"),
    (CaseError("pain.now", "pain.now is 12; expected 0 to 10."), 422, "pain.now is 12; expected 0 to 10.", "invalid"),
    (ZeroDivisionError("secret inside"), 500, "Something went wrong inside Psoas", "internal"),
]


def client_of(house: House, error: Exception) -> TestClient:
    def fail() -> None:
        raise error

    for path in ("/fails", "/api/v1/fails"):
        house.app.add_api_route(path, fail, methods=["GET"])
    client = TestClient(house.app, base_url="http://localhost", raise_server_exceptions=False)
    session = house.records.sign_in("owner", "correct horse battery", address="x")
    assert session is not None
    client.cookies.set(SESSION, session.token)
    return client


@pytest.mark.parametrize(("error", "status", "words", "code"), CASES, ids=lambda value: type(value).__name__)
def test_a_failure_is_told_in_plain_words(house: House, error: Exception, status: int, words: str, code: str) -> None:
    client = client_of(house, error)
    page = client.get("/fails")
    assert page.status_code == status and words in page.text
    assert "<h1>" in page.text and "Traceback" not in page.text and "secret inside" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"

    answer = client.get("/api/v1/fails")
    assert answer.status_code == status
    told = answer.json()["error"]
    assert set(told) == {"code", "message", "field", "allowed"} and told["code"] == code
    assert "secret inside" not in answer.text


def test_the_field_is_named_for_programs(house: House) -> None:
    client = client_of(house, records.Invalid("birth_date", "birth_date is 1; expected a day"))
    assert client.get("/api/v1/fails").json()["error"]["field"] == "birth_date"


def test_when_to_come_back_is_said(house: House) -> None:
    assert client_of(house, records.Paused(89.5)).get("/fails").headers["retry-after"] == "90"


def test_an_address_that_is_none(house: House) -> None:
    client = house.client()
    page = client.get("/no/such/page")
    assert page.status_code == 404 and "Olivia Owner" in page.text
    assert client.get("/api/v1/no-such").json()["error"]["code"] == "not_found"
    assert house.client(None).get("/no/such/page").status_code == 404


def test_a_wrong_method_is_told(house: House) -> None:
    assert house.client().get("/sign-out").status_code == 405


def test_a_number_that_is_none_is_named(house: House) -> None:
    page = house.client().get("/people?at=many")
    assert page.status_code == 422 and "at:" in page.text
