"""Forms that are sent twice, or after the session had ended, and notes that are as long as may be."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from psoas.records.access import sign_in
from tests.web.conftest import House, csrf_of

CASE = {"psoas_case": 1, "pain": {"regions": {"lumbar_right": 4}, "duration_weeks": 8}}
PERSON = {"given_name": "Ada", "family_name": "Twice", "birth_date": "1980-03-21", "sex": "female"}


def test_a_person_sent_twice_is_one(house: House) -> None:
    client = house.client()
    form = PERSON | {"csrf": csrf_of(client.get("/people/new").text)}
    first, second = client.post("/people/new", data=form), client.post("/people/new", data=form)
    assert first.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    other = client.post("/people/new", data=form | {"birth_date": "1981-03-21"})
    assert other.headers["location"] != first.headers["location"]


def test_visits_started_at_once_are_one(house: House) -> None:
    with house.records.work(house.scope) as work:
        person = work.people.add(given_name="At once").id
    clients = [house.client() for _ in range(6)]
    csrf = [csrf_of(client.get("/people/new").text) for client in clients]
    ready, answers = threading.Barrier(len(clients)), []

    def start(number: int) -> None:
        ready.wait()
        answers.append(clients[number].post(f"/people/{person}/visits", data={"csrf": csrf[number]}))

    threads = [threading.Thread(target=start, args=(number,)) for number in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with house.records.work(house.scope) as work:
        (visit,) = work.visits.of(person)
    assert {answer.headers["location"] for answer in answers} == {f"/visits/{visit.id}"}


def test_notes_are_kept_whole_and_seen(house: House) -> None:
    """2000 letters in 43 lines: browsers send a line's end as two signs."""
    client = house.client()
    lines = "\n".join(f"line {number:02d} " + "x" * 38 for number in range(43))[:2000].ljust(2000, "z")
    with house.records.work(house.scope) as work:
        person = work.people.add(given_name="Notes")
        visit = work.visits.start(person.id, case=CASE)
    page = client.get(f"/visits/{visit.id}/goals").text
    sent = {"csrf": csrf_of(page), "version": str(visit.version), "notes": lines.replace("\n", "\r\n")}
    assert client.post(f"/visits/{visit.id}/goals", data=sent).status_code == 303
    with house.records.work(house.scope) as work:
        assert work.visits.get(visit.id).case["notes"] == lines
    assert "line 42" in client.get(f"/visits/{visit.id}/review").text


def test_notes_that_are_too_long_are_refused_and_not_cut(house: House) -> None:
    client = house.client()
    with house.records.work(house.scope) as work:
        visit = work.visits.start(work.people.add(given_name="Notes").id, case=CASE)
    page = client.get(f"/visits/{visit.id}/goals").text
    sent = {"csrf": csrf_of(page), "version": str(visit.version), "notes": "x" * 30_000}
    assert client.post(f"/visits/{visit.id}/goals", data=sent).status_code == 422


def test_what_was_typed_when_the_session_had_ended_can_be_saved_after_signing_in(house: House) -> None:
    client = house.client()
    form = PERSON | {"csrf": csrf_of(client.get("/people/new").text)}
    client.post("/sign-out", data={"csrf": form["csrf"]})
    answer = client.post("/people/new", data=form, headers={"referer": "http://localhost/people/new"})
    where = answer.headers["location"]
    assert where.startswith("/sign-in?next=/unsent/")
    said = client.get(where).text
    assert "not saved yet" in said
    signed_in = house.client()
    page = signed_in.get(where.partition("next=")[2].partition("&")[0]).text
    assert "Twice" in page and 'action="/people/new"' in page
    again = signed_in.post("/people/new", data=PERSON | {"csrf": csrf_of(page)})
    assert again.headers["location"].startswith("/people/")


def test_what_was_typed_is_given_back_to_nobody_else(house: House) -> None:
    """The next who signs in at the same machine may be somebody else."""
    client = house.client("pract")
    client.post("/sign-out", data={"csrf": (csrf := csrf_of(client.get("/people/new").text))})
    sent = PERSON | {"csrf": csrf}
    where = client.post("/people/new", data=sent, headers={"referer": "http://localhost/people/new"}).headers[
        "location"
    ]
    page = where.partition("next=")[2].partition("&")[0]
    assert house.client("desk").get(page).status_code == house.client("owner").get(page).status_code == 404
    assert "Twice" in house.client("pract").get(page).text


def test_a_session_that_was_idle_too_long_gives_back_what_was_typed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = house.client()
    form = PERSON | {"csrf": csrf_of(client.get("/people/new").text)}
    with monkeypatch.context() as patched:
        patched.setattr(sign_in, "IDLE", timedelta(seconds=-1))
        where = client.post("/people/new", data=form).headers["location"]
    assert where.startswith("/sign-in?next=/unsent/")
    assert "Twice" in house.client().get(where.partition("next=")[2].partition("&")[0]).text


def test_a_form_with_a_password_is_never_kept(house: House) -> None:
    client = house.client(None)
    client.get("/sign-in")
    answer = client.post("/account", data={"password": "secret words here"})
    assert "unsent" not in answer.headers["location"]
    assert "said=not-kept" in answer.headers["location"]


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/static/nothing-of-this-name", "/people"])
def test_head_is_answered_as_get_is(path: str, house: House) -> None:
    client = house.client(None)
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.content == b""
