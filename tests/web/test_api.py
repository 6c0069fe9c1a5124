"""The API: the same answers as everywhere, one error shape, and nobody reaches what is not theirs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

import psoas
from psoas.web.computed.result_cache import ResultCache
from psoas.web.security.limits import BODY_BYTES
from psoas.web.settings import Settings
from tests.web.apps import CASE, PASSWORD, Running, running

API = "/api/v1"


@pytest.fixture(scope="module")
def api() -> Iterator[Running]:
    made = running()
    yield made
    made.records.close()


@pytest.fixture(scope="module")
def signed(api: Running) -> TestClient:
    return TestClient(api.app, base_url="http://localhost", headers=api.headers(), raise_server_exceptions=False)


def error_of(answer: Any) -> dict[str, Any]:
    """The one shape."""
    body = answer.json()
    assert list(body) == ["error"]
    assert sorted(body["error"]) == ["allowed", "code", "field", "message"]
    found: dict[str, Any] = body["error"]
    return found


# ---- stateless


def test_assess_gives_the_answer_of_the_library(signed: TestClient) -> None:
    answer = signed.post(f"{API}/assess", json=CASE)
    assert answer.status_code == 200
    assert answer.json() == psoas.assess(CASE).to_json()


def test_the_same_question_gets_the_same_bytes(signed: TestClient) -> None:
    first, second = (signed.post(f"{API}/assess", json=CASE).content for _ in range(2))
    assert first == second


def test_screen_and_next_are_parts_of_the_whole(signed: TestClient) -> None:
    whole = signed.post(f"{API}/assess", json=CASE).json()
    assert signed.post(f"{API}/screen", json=CASE).json() == whole["screen"]
    following = signed.post(f"{API}/next", json=CASE).json()
    assert following["next"] == whole["next"]
    assert following["not_asked"] == whole["screen"]["not_asked"]


def test_who_asks_is_taken_into_account(signed: TestClient) -> None:
    alone = signed.post(f"{API}/next?who=self", json=CASE).json()["next"]
    assert {one["who"] for one in alone} == {"self"}


def test_check_names_every_problem(signed: TestClient) -> None:
    wrong = CASE | {"person": {"age_years": 400}, "pain": {"duration_weeks": -1}}
    found = signed.post(f"{API}/check", json=wrong).json()
    assert found["ok"] is False
    assert {one["field"] for one in found["problems"]} == {"person.age_years", "pain.duration_weeks"}
    assert signed.post(f"{API}/check", json=CASE).json()["ok"] is True


@pytest.mark.parametrize("name", ["case", "answer", "check_in"])
def test_the_schemas_are_there(signed: TestClient, name: str) -> None:
    assert signed.get(f"{API}/schema/{name}").json()["type"] == "object"


def test_the_evidence_can_be_looked_up(signed: TestClient) -> None:
    about = signed.get(f"{API}/knowledge").json()
    assert about["psoas_version"] == psoas.__version__
    fever = signed.get(f"{API}/knowledge/fever").json()["facts"][0]
    assert fever["pack"] == "red_flags" and fever["sources"]


# ---- failures


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code", "field"),
    [
        ("POST", "/assess", {"json": {"psoas_case": 1, "pain": {"onset": "odd"}}}, 422, "invalid", "pain.onset"),
        ("POST", "/assess", {"json": {"psoas_case": 1, "findings": {"fevr": "yes"}}}, 422, "invalid", "findings.fevr"),
        ("POST", "/assess?who=nobody", {"json": CASE}, 422, "invalid", "who"),
        ("POST", "/assess", {"content": "{"}, 422, "invalid", None),
        ("POST", "/assess", {"content": "[" * 5000}, 422, "invalid", None),
        ("POST", "/assess", {"json": []}, 422, "invalid", None),
        ("GET", "/assess", {}, 405, "method_not_allowed", None),
        ("GET", "/no/such/thing", {}, 404, "not_found", None),
        ("GET", "/knowledge/feverr", {}, 404, "not_found", None),
        ("GET", "/people", {}, 401, "sign_in_needed", None),
        ("POST", "/sessions", {"json": {"login": "anna", "password": "wrong"}}, 401, "sign_in_needed", None),
        ("POST", "/screen", {"content": b" " * (BODY_BYTES + 1)}, 413, "too_large", None),
    ],
)  # fmt: skip
def test_every_failure_has_one_shape(
    api: Running,
    signed: TestClient,
    method: str,
    path: str,
    sent: dict[str, Any],
    status: int,
    code: str,
    field: str | None,
) -> None:
    answer = (api.client if status == 401 else signed).request(method, API + path, **sent)
    found = error_of(answer)
    assert (answer.status_code, found["code"], found["field"]) == (status, code, field)
    assert found["message"]


def test_what_is_allowed_is_a_list(signed: TestClient) -> None:
    onset = error_of(signed.post(f"{API}/assess", json={"psoas_case": 1, "pain": {"onset": "odd"}}))
    assert onset["allowed"] == ["sudden", "gradual", "after_injury"]
    assert error_of(signed.get(f"{API}/assess"))["allowed"] == ["POST"]
    who = error_of(signed.post(f"{API}/next?who=x", json=CASE))
    assert who["allowed"] == ["self", "bodyworker", "physiotherapist"]


def test_a_failure_inside_tells_nothing_of_the_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    made = running()
    with made.records:

        def broken(*_: object) -> object:
            raise ZeroDivisionError("a secret")

        monkeypatch.setattr("psoas.web.api.stateless.words_about", broken)
        answer = made.client.post(f"{API}/check", json=CASE, headers=made.headers())
        assert error_of(answer)["code"] == "internal"
        assert "secret" not in answer.text


# ---- stored


def test_a_visit_from_sign_in_to_progress(api: Running) -> None:
    token = api.client.post(f"{API}/sessions", json={"login": "anna", "password": PASSWORD}).json()["token"]
    mine = TestClient(api.app, base_url="http://localhost", headers={"authorization": f"Bearer {token}"})
    person = mine.post(f"{API}/people", json={"given_name": "Solveig", "birth_date": "1986-05-01"}).json()
    assert mine.get(f"{API}/people?search=solveig").json()["count"] == 1
    assert mine.patch(f"{API}/people/{person['id']}", json={"contact": "tel"}).json()["given_name"] == "Solveig"
    visit = mine.post(f"{API}/people/{person['id']}/visits", json={"case": CASE}).json()
    changed = CASE | {"notes": "walks well"}
    saved = mine.put(f"{API}/visits/{visit['id']}", json={"case": changed, "version": visit["version"]}).json()
    assert saved["version"] == visit["version"] + 1
    result = mine.post(f"{API}/visits/{visit['id']}/results").json()
    assert result["answer"]["screen"]["urgency"] == "watch"
    assert mine.get(f"{API}/visits/{visit['id']}/results").json()["results"] == [result]
    plan = mine.post(f"{API}/visits/{visit['id']}/plans", json={"result_id": result["id"], "content": {"items": []}})
    assert plan.status_code == 201
    assert mine.put(f"{API}/visits/{visit['id']}/state", json={"state": "finished"}).json()["state"] == "finished"
    today = datetime.now(UTC).date().isoformat()
    told = mine.post(f"{API}/people/{person['id']}/check-ins", json={"on": today, "pain_0_10": 3})
    assert told.status_code == 201
    progress = mine.get(f"{API}/people/{person['id']}/progress").json()
    assert (progress["verdict"], progress["pain_change"]) == ("improving", -3)
    assert progress["why"][0]["source"] == ["ostelo_2008"]
    assert mine.delete(f"{API}/sessions/current").status_code == 204
    assert mine.get(f"{API}/people").status_code == 401


def test_a_danger_sign_in_a_check_in_decides(api: Running, signed: TestClient) -> None:
    person = api.person()
    api.visit(person)
    today = datetime.now(UTC).date().isoformat()
    content = {"on": today, "pain_0_10": 0, "change": 5, "danger": {"saddle_numbness": "yes"}}
    assert signed.post(f"{API}/people/{person}/check-ins", json=content).status_code == 201
    progress = signed.get(f"{API}/people/{person}/progress").json()
    assert (progress["verdict"], progress["urgency"], progress["alarm"]) == ("danger", "emergency_now", True)


def test_a_stale_save_is_a_conflict(api: Running, signed: TestClient) -> None:
    visit = api.visit(api.person(), state=None)
    assert signed.put(f"{API}/visits/{visit}", json={"case": CASE, "version": 1}).status_code == 200
    answer = signed.put(f"{API}/visits/{visit}", json={"case": CASE, "version": 1})
    assert (answer.status_code, error_of(answer)["code"]) == (409, "conflict")


STORED = [
    ("GET", "/people/{person}"), ("PATCH", "/people/{person}"), ("GET", "/people/{person}/visits"),
    ("GET", "/people/{person}/plans"), ("GET", "/people/{person}/check-ins"), ("GET", "/people/{person}/progress"),
    ("GET", "/visits/{visit}"), ("GET", "/visits/{visit}/results"), ("POST", "/visits/{visit}/results"),
]  # fmt: skip


@pytest.fixture(scope="module")
def strangers(api: Running) -> dict[str, dict[str, str]]:
    """Headers of somebody from another practice, and of the front desk of this one."""
    api.records.add_practice(practice="Other", name="Olga", login="olga", password=PASSWORD)
    with api.records.work(api.scope) as work:
        work.accounts.add("Dora VisitContext", "dora", PASSWORD, "front_desk")
    found = {}
    for login in ("olga", "dora"):
        session = api.records.sign_in(login, PASSWORD, address="test")
        assert session is not None
        found[login] = {"authorization": f"Bearer {session.token}"}
    return found


@pytest.mark.parametrize(("method", "path"), STORED)
def test_another_practice_finds_nothing(
    api: Running, strangers: dict[str, dict[str, str]], method: str, path: str
) -> None:
    person = api.person()
    url = API + path.format(person=person, visit=api.visit(person))
    sent: dict[str, Any] = {} if method == "GET" else {"json": {}}
    answer = api.client.request(method, url, headers=strangers["olga"], **sent)
    assert (answer.status_code, error_of(answer)["code"]) == (404, "not_found")


@pytest.mark.parametrize(("method", "path"), STORED[2:])
def test_the_front_desk_sees_nothing_clinical(
    api: Running, strangers: dict[str, dict[str, str]], method: str, path: str
) -> None:
    person = api.person()
    url = API + path.format(person=person, visit=api.visit(person))
    answer = api.client.request(method, url, headers=strangers["dora"])
    assert (answer.status_code, error_of(answer)["code"]) == (403, "not_allowed")


def test_a_signed_in_browser_needs_its_form_token(api: Running) -> None:
    session = api.records.sign_in("anna", PASSWORD, address="test")
    assert session is not None
    browser = TestClient(api.app, base_url="http://localhost", cookies={"psoas-session": session.token})
    assert browser.get(f"{API}/people").status_code == 200
    assert error_of(browser.post(f"{API}/people", json={"given_name": "Eve"}))["code"] == "not_allowed"
    assert browser.post(f"{API}/people", json={"given_name": "Eva"}, headers={"x-csrf-token": session.csrf}).is_success


def test_the_stateless_jobs_want_a_token_where_others_can_reach_them() -> None:
    from pathlib import Path

    made = running(Settings(host="10.0.0.5", names=("localhost",), tls_cert=Path("x"), tls_key=Path("y")))
    with made.records:
        outside = TestClient(made.app, base_url="https://localhost")
        assert outside.post(f"{API}/assess", json=CASE).status_code == 401
        assert outside.get(f"{API}/knowledge").status_code == 401
        assert outside.post(f"{API}/screen", json=CASE, headers=made.headers()).status_code == 200


# ---- answers that are kept


def test_two_who_ask_at_once_wait_for_one_computation() -> None:
    kept: ResultCache[int] = ResultCache()
    asked: list[int] = []
    go = threading.Event()

    def compute() -> int:
        asked.append(1)
        go.wait(5)
        return 7

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(kept.get("key", compute))) for _ in range(5)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(5)
    assert (len(asked), found) == (1, [7] * 5)


def test_no_more_is_kept_than_allowed_and_failures_never() -> None:
    kept: ResultCache[float] = ResultCache(most=2)
    for name in "abc":
        kept.get(name, lambda: 1)
    assert len(kept) == 2
    with pytest.raises(ZeroDivisionError):
        kept.get("d", lambda: 1 / 0)
    assert kept.get("d", lambda: 2) == 2
    assert kept.get("c", lambda: 3) == 1


def test_notes_are_never_scored_and_ask_for_no_new_answer(signed: TestClient) -> None:
    plain, noted = (signed.post(f"{API}/assess", json=CASE | more).content for more in ({}, {"notes": "a"}))
    assert plain == noted
