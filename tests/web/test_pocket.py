"""The plan in the client's pocket: what it shows, what is kept of a tick, and whom a link lets in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from psoas.records.clock import today
from psoas.web.computed.plans import basis_of, content_of, first_draft
from psoas.web.computed.results import keep_result
from psoas.web.demo import safety_answered
from psoas.web.pages.clients import pocket
from tests.web.conftest import House, csrf_of

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples" / "short_hip_flexor.yaml"


@pytest.fixture
def person(house: House) -> str:
    """Somebody with a saved plan."""
    case = safety_answered(yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")))
    with house.records.work(house.scope) as work:
        person = work.people.add(given_name="Jonas")
        visit = work.visits.start(person.id, case=case)
        result = keep_result(work, visit)
        basis = basis_of(result)
        work.plans.keep(visit.id, result.id, content_of(first_draft(basis, None), basis))
    return person.id


@pytest.fixture
def base(house: House, person: str) -> str:
    with house.records.work(house.scope) as work:
        _, token = work.links.make(person, "plan", days=90)
    return f"/c/{token}/plan"


def exercises(house: House, person: str) -> list[str]:
    with house.records.work(house.scope) as work:
        items = work.plans.of_person(person)[0].content["client"]["items"]
    return [one["id"] for one in items if one["kind"] == "exercise"]


def line(what: str, value: Any, key: str = "0123456789ab", at: int = 1, days: int = 0) -> dict[str, Any]:
    on = (today() - timedelta(days=days)).isoformat()
    return {"key": key, "on": on, "what": what, "value": value, "at": at}


def send(client: TestClient, base: str, *lines: Any) -> Any:
    token = client.get(f"{base}/state").json()["csrf"]
    return client.post(f"{base}/lines", json=list(lines), headers={"x-csrf-token": token})


def told(client: TestClient, base: str) -> dict[str, Any]:
    return {one["what"]: one["value"] for one in client.get(f"{base}/state").json()["told"]}


def test_the_page_shows_the_plan_in_plain_words_with_pictures(house: House, person: str, base: str) -> None:
    client = house.client(None)
    page = client.get(base).text
    first = exercises(house, person)[0]
    assert "Jonas, your plan" in page and f'value="{first}"' in page and "/figures/" in page and "Get help" in page
    for word in ("bits", "odds", "certainty", "not verified", "differential"):
        assert word not in page, "examiner's words are not for a client"
    assert client.get(base.removesuffix("/plan")).headers["location"] == base


def test_a_line_sent_twice_is_kept_once_and_the_last_word_counts(house: House, person: str, base: str) -> None:
    client, first = house.client(None), exercises(house, person)[0]
    ticked = line(first, True, "aaaaaaaaaaaa", at=5)
    for _ in range(2):
        assert send(client, base, ticked).json() == {"kept": ["aaaaaaaaaaaa"], "refused": []}
    send(client, base, line(first, False, "bbbbbbbbbbbb", at=9), line("pain", 4, "cccccccccccc"))
    assert told(client, base) == {first: False, "pain": 4}
    send(client, base, line(first, True, "dddddddddddd", at=7))
    assert told(client, base)[first] is False, "a line that comes late changes nothing that was said after it"
    with house.records.work(house.scope) as work:
        assert len(work.entries.of(person, "diary")) == 4
    assert house.records.verify() == []


@pytest.mark.parametrize(
    "wrong",
    [
        line("pain", 11), line("pain", True), line("pain", "3"), line("nothing_of_the_plan", True),
        line("pain", 3, "x"), line("pain", 3, at=-1), line("pain", 3, days=400), line("pain", 3, days=-9), {}, "pain",
        None, {**line("pain", 3), "on": "tomorrow"}, {**line("pain", 3), "what": ["pain"]},
    ],
)  # fmt: skip
def test_what_is_no_line_is_refused_with_a_reason_and_the_others_are_kept(house: House, base: str, wrong: Any) -> None:
    client = house.client(None)
    answer = send(client, base, wrong, line("pain", 2, "eeeeeeeeeeee")).json()
    assert answer["kept"] == ["eeeeeeeeeeee"] and answer["refused"][0]["why"]
    assert told(client, base) == {"pain": 2}


@pytest.mark.parametrize("body", [b"{", b'{"a": 1}', b"[" * 5000, b"\xff"])
def test_a_body_that_is_no_list_of_lines_is_refused(house: House, base: str, body: bytes) -> None:
    client = house.client(None)
    token = client.get(f"{base}/state").json()["csrf"]
    assert client.post(f"{base}/lines", content=body, headers={"x-csrf-token": token}).status_code == 422
    assert client.post(f"{base}/lines", json=[]).status_code == 403, "and nothing without the token"


def test_without_scripts_the_same_as_a_plain_form(house: House, person: str, base: str) -> None:
    client, first = house.client(None), exercises(house, person)[0]
    token = client.get(f"{base}/state").json()["csrf"]
    for _ in range(2):
        answer = client.post(base, data={"csrf": token, "done": first, "pain": "3"})
        assert answer.headers["location"] == f"{base}?said=in-diary"
    assert told(client, base) == {first: True, "pain": 3}
    client.post(base, data={"csrf": token, "pain": "5"})
    assert told(client, base) == {first: False, "pain": 5}
    with house.records.work(house.scope) as work:
        assert len(work.entries.of(person, "diary")) == 4


def test_the_practice_sees_it_beside_the_progress(house: House, person: str, base: str) -> None:
    client, first = house.client(None), exercises(house, person)[0]
    owner = house.client("owner")
    assert "The plan at home" not in owner.get(f"/people/{person}/progress").text
    send(client, base, line(first, True, "aaaaaaaaaaaa"), line("pain", 4, "cccccccccccc", days=1))
    page = owner.get(f"/people/{person}/progress").text
    assert "The plan at home" in page and "1 of " in page


def test_a_danger_that_was_told_stands_before_the_exercises(house: House, person: str, base: str) -> None:
    with house.records.work(house.scope) as work:
        work.check_ins.add(
            person, {"psoas_check_in": 1, "on": today().isoformat(), "danger": {"saddle_numbness": "yes"}}
        )
    page = house.client(None).get(base).text
    assert "emergency department" in page and 'name="done"' not in page


def test_the_parts_of_an_app_belong_to_one_plan(
    house: House, base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / pocket.manifest()["pocket_worker.js"]).write_text("// as built", encoding="utf-8")
    monkeypatch.setattr(pocket, "STATIC", tmp_path)
    client = house.client(None)
    manifest = client.get(f"{base}/app.webmanifest")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    assert manifest.json()["scope"] == manifest.json()["start_url"] == base
    worker = client.get(f"{base}/worker.js")
    assert worker.headers["service-worker-allowed"] == base and "javascript" in worker.headers["content-type"]
    assert client.get(f"{base}/icon.svg").text.startswith("<svg")


def test_a_plan_link_opens_nothing_else_and_ends_with_its_maker(house: House, person: str, base: str) -> None:
    client, root = house.client(None), base.removesuffix("/plan")
    assert client.get(f"{root}/check-in").status_code == client.get(f"{root}/intake").status_code == 404
    with house.records.work(house.scope) as work:
        maker = work.accounts.add("Paula", "paula", "correct horse battery", "practitioner")
    with house.records.work(maker.scope) as work:
        _, token = work.links.make(person, "plan")
    assert client.get(f"/c/{token}/plan").status_code == 200
    with house.records.work(house.scope) as work:
        work.accounts.disable(maker.id)
    for path in ("", "/state", "/worker.js", "/app.webmanifest", "/icon.svg"):
        assert client.get(f"/c/{token}/plan{path}").status_code == 404


def test_the_front_desk_makes_none_and_nobody_without_a_plan_is_given_one(house: House, person: str) -> None:
    assert 'value="plan"' not in house.client("desk").get(f"/people/{person}/links").text
    with house.records.work(house.scope) as work:
        other = work.people.add(given_name="Nobody").id
    owner = house.client("owner")
    token = csrf_of(owner.get(f"/people/{other}/links").text)
    refused = owner.post(f"/people/{other}/links", data={"csrf": token, "purpose": "plan", "days": "14"})
    assert refused.status_code == 422 and "There is no plan yet" in refused.text


def test_a_plan_kept_by_an_earlier_psoas_says_so(house: House, person: str, base: str) -> None:
    with house.records.work(house.scope) as work:
        kept = work.plans.of_person(person)[0]
        work.plans.keep(kept.visit_id, kept.result_id, {"format": 1, "choices": [], "plan": {}})
    assert "cannot be shown here" in house.client(None).get(base).text
