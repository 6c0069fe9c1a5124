"""The pages of follow-up without a browser: what is refused, what is kept, and a link that shows nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from psoas.web.follow_up.words import words
from psoas.web.security.cookies import SESSION
from tests.web.apps import PASSWORD, Running, running


@pytest.fixture(scope="module")
def app() -> Iterator[Running]:
    made = running()
    session = made.records.sign_in("anna", PASSWORD, address="test")
    assert session is not None
    made.client.cookies.set(SESSION, session.token)
    made.client.headers["x-csrf-token"] = session.csrf
    yield made
    made.records.close()


def told(app: Running, person: str) -> list[dict[str, Any]]:
    with app.records.work(app.scope) as work:
        return [one.content for one in work.check_ins.of(person)]


def sent(app: Running, person: str, **fields: Any) -> Any:
    return app.client.post(f"/people/{person}/check-ins/new", data=fields)


def test_nobody_needs_a_visit_to_tell_of_a_danger(app: Running) -> None:
    person = app.person()
    assert "no visit yet" in app.client.get(f"/people/{person}/progress").text
    assert sent(app, person, danger="saddle_numbness").status_code == 303
    assert told(app, person)[0]["danger"]["saddle_numbness"] == "yes"


def test_none_of_these_is_a_no_to_its_group_alone_and_a_tick_beside_it_wins(app: Running) -> None:
    person = app.person()
    app.visit(person)
    sent(app, person, none="fever", danger="rigors")
    danger = told(app, person)[0]["danger"]
    assert danger["rigors"] == "yes" and danger["fever"] == "no"
    assert "saddle_numbness" not in danger


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"pain": "11"}, "at most 10"),
        ({"pain": "lots"}, "whole number"),
        ({"change": "-9"}, "at least -5"),
        ({"kept_to_plan": "now and then"}, "allowed"),
        ({}, "answer at least one question"),
        ({"adverse": "x" * 3000}, "too long"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(app: Running, fields: dict[str, str], says: str) -> None:
    person = app.person()
    app.visit(person)
    answer = sent(app, person, **fields)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert told(app, person) == []


def test_what_was_typed_is_still_there_after_a_refusal(app: Running) -> None:
    person = app.person()
    app.visit(person)
    page = sent(app, person, pain="3", adverse="<b>fell</b>", change="9").text
    assert 'name="pain" value="3" checked' in page
    assert "&lt;b&gt;fell&lt;/b&gt;" in page


def test_the_goals_of_the_visit_are_the_activities_to_rate(app: Running) -> None:
    person = app.person()
    app.visit(person)
    page = app.client.get(f"/people/{person}/check-ins/new").text
    assert 'value="tie my shoes"' in page and 'value="sit through a film"' in page


def test_the_activities_stay_in_the_order_in_which_the_person_named_them(app: Running) -> None:
    person = app.person()
    app.visit(person)
    named = ["tie my shoes", "sit through a film", "bend down"]
    fields = {f"activity_{n}": name for n, name in enumerate(named)} | {f"score_{n}": str(n) for n in range(3)}
    assert sent(app, person, **fields).status_code == 303
    page = app.client.get(f"/people/{person}/check-ins/new").text
    assert [page.index(f'value="{name}"') for name in named] == sorted(page.index(f'value="{name}"') for name in named)
    progress = app.client.get(f"/people/{person}/progress").text
    assert "tie my shoes: 0 · sit through a film: 1 · bend down: 2" in progress


def test_a_check_in_that_this_version_cannot_read_is_told_of_and_breaks_nothing(app: Running) -> None:
    person = app.person()
    app.visit(person)
    with app.records.work(app.scope) as work:
        work.check_ins.add(person, {"psoas_check_in": 2, "mood": "good"})
    page = app.client.get(f"/people/{person}/progress")
    assert page.status_code == 200 and "cannot be read by this version" in page.text


def test_every_urgency_and_verdict_has_words() -> None:
    from psoas.follow_up.choices import ASKED_EACH_TIME
    from psoas.follow_up.types import VERDICTS
    from psoas.screening import STEP

    assert set(words()["urgency"]) == {name for name, step in STEP.items() if step >= STEP["routine_referral"]}
    assert set(words()["verdicts"]) == set(words()["thanks"]) == set(VERDICTS)
    assert set(words()["groups"]) == {name for name, _ in ASKED_EACH_TIME}


# ---- by a private link


def link_of(app: Running, person: str, purpose: str = "check_in") -> str:
    with app.records.work(app.scope) as work:
        return f"/c/{work.links.make(person, purpose)[1]}"


def test_a_link_leads_to_its_purpose_and_to_nothing_else(app: Running) -> None:
    person = app.person()
    client = TestClient(app.app, base_url="http://localhost", follow_redirects=False)
    link = link_of(app, person)
    assert client.get(link).headers["location"] == f"{link}/check-in"
    assert client.get(link_of(app, person, "intake")).headers["location"].endswith("/intake")
    assert client.get(f"{link_of(app, person, 'intake')}/check-in").status_code == 404
    assert client.get(f"{link}/check-in/other").status_code == 404
    assert client.get("/c/" + "x" * 43 + "/check-in").status_code == 404
    assert client.get(f"/people/{person}").status_code == 303


def test_a_withdrawn_link_is_a_page_that_does_not_exist(app: Running) -> None:
    person = app.person()
    with app.records.work(app.scope) as work:
        link, token = work.links.make(person, "check_in")
        work.links.revoke(link.id)
    client = TestClient(app.app, base_url="http://localhost", raise_server_exceptions=False)
    assert client.get(f"/c/{token}/check-in").status_code == 404


def test_the_stop_page_is_only_for_a_danger(app: Running) -> None:
    person = app.person()
    app.visit(person)
    link = link_of(app, person)
    client = TestClient(app.app, base_url="http://localhost", follow_redirects=False)
    assert client.get(f"{link}/check-in/stop").headers["location"] == f"{link}/check-in"
    with app.records.work(app.scope) as work:
        work.check_ins.add(person, {"psoas_check_in": 1, "on": "2099-01-01", "danger": {"fever": "yes"}})
    assert "See a doctor today" in client.get(f"{link}/check-in/stop").text
    assert client.get(f"{link}/check-in/thanks").headers["location"] == f"{link}/check-in/stop"


def by_phone(app: Running, person: str) -> tuple[TestClient, str]:
    client, link = TestClient(app.app, base_url="http://localhost", follow_redirects=False), link_of(app, person)
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(f"{link}/check-in").text)
    assert found is not None
    client.headers["x-csrf-token"] = found.group(1)
    return client, f"{link}/check-in"


def test_a_danger_asks_at_once_what_could_make_it_graver(app: Running) -> None:
    person = app.person()
    app.visit(person)
    client, at = by_phone(app, person)
    assert client.post(at, data={"danger": "fever", "pain": "4"}).headers["location"] == f"{at}/stop"
    page = client.get(f"{at}/stop").text
    shown = re.findall(r'name="shown" value="(\w+)"', page)
    assert "See a doctor today" in page and "hip_any_movement_painful" in shown
    assert client.post(f"{at}/stop", data={"shown": shown}).status_code == 422
    answer = client.post(f"{at}/stop", data={"shown": shown, "tick": "hip_any_movement_painful"})
    assert answer.headers["location"] == f"{at}/stop"
    page = client.get(f"{at}/stop").text
    assert "emergency department now" in page and 'name="shown"' not in page
    first, more = told(app, person)
    assert (first["pain_0_10"], more["danger"]["fever"], more["danger"]["belly_hard"]) == (4, "yes", "no")
    waiting = app.client.get("/people").text
    assert "Check-in: emergency, now" in waiting and f"/people/{person}/progress" in waiting


def test_a_practitioners_check_in_asks_it_on_the_page_of_progress(app: Running) -> None:
    person = app.person()
    app.visit(person)
    assert sent(app, person, danger="fever").status_code == 303
    shown = re.findall(r'name="shown" value="(\w+)"', app.client.get(f"/people/{person}/progress").text)
    at = f"/people/{person}/check-ins/stop"
    assert app.client.post(at, data={"shown": shown}).status_code == 422
    assert app.client.post(at, data={"shown": shown, "tick": "belly_hard"}).status_code == 303
    page = app.client.get(f"/people/{person}/progress").text
    assert "emergency department now" in page and 'name="shown"' not in page


def test_what_is_skipped_at_a_danger_is_not_asked_again(app: Running) -> None:
    person = app.person()
    client, at = by_phone(app, person)
    client.post(at, data={"danger": "fever"})
    asked: list[str] = []
    for _ in range(8):
        shown = re.findall(r'name="shown" value="(\w+)"', client.get(f"{at}/stop").text)
        assert not set(asked) & set(shown)
        if not shown:
            break
        client.post(f"{at}/stop", data={"shown": shown, "skip": "1"})
        asked += shown
    else:
        pytest.fail("the questions do not end")
    assert "See a doctor today" in client.get(f"{at}/stop").text


def test_every_alarm_has_words_for_the_list_of_people() -> None:
    from psoas.follow_up.types import ALARMS
    from psoas.screening import STEP

    refers = {name for name, step in STEP.items() if step >= STEP["routine_referral"]}
    assert set(words()["alarms"]) == refers | (set(ALARMS) - {"danger"}) | {"stopped", "call"}


def waits(app: Running, person: str) -> bool:
    return f'href="/people/{person}/progress"' in app.client.get("/people").text


def test_what_was_done_takes_a_person_off_the_list_and_stands_beside_the_course(app: Running) -> None:
    person = app.person()
    app.visit(person)
    assert sent(app, person, danger="fever").status_code == 303
    assert waits(app, person)
    page = app.client.get(f"/people/{person}/progress").text
    at = re.findall(rf'action="(/people/{person}/check-ins/\w+/done)"', page)[0]
    refused = app.client.post(at, data={"done": ""})
    assert refused.status_code == 422 and "Say in a few words what was done." in refused.text
    refused = app.client.post(at, data={"done": "x" * 2001})
    assert refused.status_code == 422 and "expected 1 to 2000" in refused.text and "x" * 2001 in refused.text
    answer = app.client.post(at, data={"done": "Telephoned <b>her</b> doctor."})
    assert answer.headers["location"].endswith("/progress?said=dealt-with")
    page = app.client.get(f"/people/{person}/progress").text
    assert "Telephoned &lt;b&gt;her&lt;/b&gt; doctor." in page and f'action="{at}"' not in page
    assert "See a doctor today" in page, "a word takes nothing from the danger"
    assert not waits(app, person)
    assert sent(app, person, danger="fever").status_code == 303
    assert waits(app, person)


def test_a_check_in_is_answered_at_its_own_person_only(app: Running) -> None:
    ours, theirs = app.person(), app.person()
    app.visit(ours)
    sent(app, ours, danger="fever")
    with app.records.work(app.scope) as work:
        (told,) = work.check_ins.of(ours)
    assert app.client.post(f"/people/{theirs}/check-ins/{told.id}/done", data={"done": "x"}).status_code == 404
    assert waits(app, ours)
