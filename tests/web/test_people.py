"""The list, one person, their links, copy and erasure: what the pages keep and say."""

from __future__ import annotations

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient

from psoas.records import Person
from psoas.web.pages.people.records import PER_PAGE, age_years
from psoas.web.words import DONE
from tests.web.conftest import House, csrf_of

ANNA = {"given_name": "Anna", "family_name": "Berg", "birth_date": "1984-03-02", "sex": "female"}


def send(client: TestClient, path: str, **fields: str) -> object:
    session = client.app.state.records.session(client.cookies["psoas-session"])
    return client.post(path, data={"csrf": session.csrf, **fields})


def add(house: House, **fields: str) -> Person:
    with house.records.work(house.scope) as work:
        return work.people.add(**{**ANNA, **fields})


def test_somebody_added_is_kept_and_shown(house: House) -> None:
    client = house.client()
    answer = send(client, "/people/new", **ANNA, contact="020 7946 0123", note="Two lines\nof note")
    where = answer.headers["location"]
    assert re.fullmatch(r"/people/[^/]+\?said=added", where)
    shown = client.get(where).text
    assert "Anna Berg" in shown and "2 March 1984" in shown and "Two lines\nof note" in shown and "Added." in shown


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"given_name": "", "family_name": ""}, "Give at least one name."),
        ({"birth_date": "1 March"}, "1 March is not a date"),
        ({"birth_date": "2999-01-01"}, "is not a birth date of somebody alive"),
        ({"birth_date": "1700-01-01"}, "is not a birth date of somebody alive"),
    ],
)
def test_a_slip_is_named_at_its_field_and_nothing_is_lost(house: House, fields: dict[str, str], sentence: str) -> None:
    client = house.client()
    answer = send(client, "/people/new", **{**ANNA, "contact": "by post", **fields})
    assert answer.status_code == 422 and sentence in answer.text
    assert 'value="by post"' in answer.text and 'aria-invalid="true"' in answer.text
    with house.records.work(house.scope) as work:
        assert work.people.count("") == 0


def test_what_is_told_is_shown_as_text_and_never_as_markup(house: House) -> None:
    person = add(house, given_name="<script>alert(1)</script>", note='"><img src=x onerror=alert(1)>')
    client = house.client()
    for path in ("/people", f"/people/{person.id}", f"/people/{person.id}/edit", f"/people/{person.id}/links"):
        text = client.get(path).text
        assert "<script>alert" not in text and "<img" not in text
    assert "<script>" not in client.get("/people", params={"search": "<script>alert(1)</script>"}).text


def test_search_finds_parts_of_names_and_pages_through_many(house: House) -> None:
    add(house, family_name="Müller")
    for number in range(PER_PAGE):
        add(house, family_name=f"Smith {number:02}")
    client = house.client("desk")
    assert "1 to 1 of 1" in client.get("/people?search=mull").text
    first = client.get("/people?search=smith")
    assert f"1 to {PER_PAGE} of {PER_PAGE}" in first.text and ">More<" not in first.text
    assert f"{PER_PAGE + 1} to {PER_PAGE + 1} of {PER_PAGE + 1}" in client.get(f"/people?at={PER_PAGE}").text
    assert "Nobody here is called" in client.get("/people?search=zzz").text


def test_under_htmx_only_the_rows_come(house: House) -> None:
    add(house)
    part = house.client().get("/people?search=berg", headers={"hx-request": "true", "hx-request-type": "partial"}).text
    assert "Berg, Anna" in part and "<html" not in part


def test_a_change_is_kept(house: House) -> None:
    person, client = add(house), house.client("desk")
    send(client, f"/people/{person.id}/edit", **{**ANNA, "family_name": "Berg-Lind"})
    with house.records.work(house.scope) as work:
        assert work.people.get(person.id).family_name == "Berg-Lind"


def test_the_front_desk_sees_no_visits(house: House) -> None:
    person = add(house)
    with house.records.work(house.scope) as work:
        work.visits.start(person.id, case={})
    assert "Visits" in house.client("pract").get(f"/people/{person.id}").text
    shown = house.client("desk").get(f"/people/{person.id}").text
    assert "Visits" not in shown and "Private links" in shown and "/progress" not in shown


def test_an_open_visit_is_offered_to_go_on_with(house: House) -> None:
    person, client = add(house), house.client()
    assert "Start a visit" in client.get(f"/people/{person.id}").text
    with house.records.work(house.scope) as work:
        visit = work.visits.start(person.id, case={})
    shown = client.get(f"/people/{person.id}").text
    assert "Go on with the visit" in shown and f"/visits/{visit.id}" in shown and "Start a visit" not in shown


def test_a_link_is_shown_once_with_a_code_and_can_be_withdrawn(house: House) -> None:
    person, client = add(house), house.client("pract")
    shown = send(client, f"/people/{person.id}/links", purpose="check_in", days="14").text
    token = re.search(r'value="http://localhost/c/([^"]+)"', shown).group(1)
    assert "<svg" in shown and "on this machine only" in shown
    link = house.records.client_link(token)
    assert link is not None and link.person_id == person.id
    listed = client.get(f"/people/{person.id}/links").text
    assert token not in listed and "open" in listed
    send(client, f"/people/{person.id}/links/{link.id}/withdraw")
    assert house.records.client_link(token) is None
    assert "withdrawn" in client.get(f"/people/{person.id}/links").text


def test_a_link_for_nothing_is_not_made(house: House) -> None:
    person = add(house)
    assert send(house.client(), f"/people/{person.id}/links", purpose="", days="14").status_code == 422
    assert send(house.client(), f"/people/{person.id}/links", purpose="intake", days="9999").status_code == 422


@pytest.mark.parametrize("typed", ["", "Anna", "anna berg", "Berg Anna"])
def test_erasing_asks_for_the_whole_name(house: House, typed: str) -> None:
    person = add(house)
    answer = send(house.client(), f"/people/{person.id}/erase", name=typed)
    assert answer.status_code == 422 and "nothing is erased" in answer.text
    with house.records.work(house.scope) as work:
        assert work.people.get(person.id).given_name == "Anna"


def test_somebody_erased_is_gone(house: House) -> None:
    person, client = add(house), house.client()
    assert send(client, f"/people/{person.id}/erase", name="Anna  Berg").headers["location"] == "/people?said=erased"
    assert client.get(f"/people/{person.id}").status_code == 404
    assert house.records.verify() == []


def test_accounts_are_added_and_stopped(house: House) -> None:
    owner = house.client()
    send(owner, "/accounts", name="Nina New", login="nina", password="a new long password", role="practitioner")
    session = house.records.sign_in("nina", "a new long password", address="x")
    assert session is not None and session.scope.role == "practitioner"
    send(owner, f"/accounts/{session.account.id}/disable")
    assert house.records.session(session.token) is None
    assert "cannot sign in" in owner.get("/accounts").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"role": "client"}, "client is no role"),
        ({"password": "short"}, "The password has 5 characters"),
        ({"login": "desk"}, "is taken"),
    ],
)
def test_an_account_that_cannot_be_says_why(house: House, fields: dict[str, str], sentence: str) -> None:
    wanted = {"name": "N", "login": "nina", "password": "a new long password", "role": "practitioner"}
    answer = send(house.client(), "/accounts", **{**wanted, **fields})
    assert answer.status_code == 422 and sentence in answer.text and "short" not in answer.text


def test_an_owner_sets_a_forgotten_password(house: House) -> None:
    owner, theirs = house.client(), house.client("pract")
    with house.records.work(house.scope) as work:
        account = next(one for one in work.accounts.list() if one.login == "pract")
    assert send(owner, f"/accounts/{account.id}/password", password="short").status_code == 422
    send(owner, f"/accounts/{account.id}/password", password="a new long password")
    assert theirs.get("/people").status_code == 303
    assert house.records.sign_in("pract", "a new long password", address="x") is not None


def test_every_kind_of_entry_in_the_trail_has_words(house: House) -> None:
    person, client = add(house), house.client()
    send(client, f"/people/{person.id}/links", purpose="check_in", days="14")
    client.get(f"/people/{person.id}/export")
    with house.records.work(house.scope) as work:
        visit = work.visits.start(person.id, case={})
        work.visits.save(visit.id, {}, version=visit.version, step="pain", what="pain")
        work.visits.close(visit.id, "finished")
        work.check_ins.add(person.id, {})
        actions = {entry.action.partition(":")[0] for entry in work.audit.entries(limit=100)}
    assert len(actions) > 6 and actions <= set(DONE)


def test_the_last_owner_stays(house: House) -> None:
    answer = send(house.client(), f"/accounts/{house.scope.account_id}/disable")
    assert answer.status_code == 422 and "last owner" in answer.text


def test_a_changed_password_ends_every_other_session(house: House) -> None:
    here, elsewhere = house.client("pract"), house.client("pract")
    answer = send(here, "/account", old="correct horse battery", new="another long one", again="another long one")
    assert answer.headers["location"] == "/account?said=password"
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").headers["location"].startswith("/sign-in")
    assert house.records.sign_in("pract", "another long one", address="x") is not None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"again": "a different one"}, "The two new passwords differ"),
        ({"old": "not the old one"}, "The old password is not right"),
        ({"new": "short", "again": "short"}, "The password has 5 characters"),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(house: House, fields: dict[str, str], sentence: str) -> None:
    wanted = {"old": "correct horse battery", "new": "another long one", "again": "another long one"}
    answer = send(house.client(), "/account", **{**wanted, **fields})
    assert answer.status_code == 422 and sentence in answer.text


def test_the_practice_page_checks_the_records(house: House) -> None:
    client = house.client()
    assert "made the practice" in client.get("/practice").text
    assert "is whole from its first entry" in send(client, "/practice/check").text


def test_a_form_of_several_parts_holds_its_token_too(house: House) -> None:
    client = house.client()
    token = csrf_of(client.get("/people/new").text)
    answer = client.post("/people/new", files={"csrf": (None, token), "given_name": (None, "Anna")})
    assert answer.status_code == 303


def test_age_counts_whole_years() -> None:
    assert age_years(date(2000, 3, 2), date(2026, 3, 1)) == 25
    assert age_years(date(2000, 3, 2), date(2026, 3, 2)) == 26
    assert age_years(date(2024, 2, 29), date(2025, 2, 28)) == 0


def test_who_waits_for_a_practitioner_stands_at_the_top_and_the_front_desk_reads_no_reason(house: House) -> None:
    with house.records.work(house.scope) as work:
        stopped, told = (work.people.add(given_name=name, family_name="Waits").id for name in ("Ada", "Bea"))
        visit = work.visits.start(stopped, case={"psoas_case": 1})
        work.visits.save(visit.id, visit.case, version=1, step="stop", what="danger")
        work.check_ins.add(told, {"psoas_check_in": 1, "on": "2026-01-02"}, alarm="worsening")
    page = house.client().get("/people").text
    assert page.index("Visit stopped for a danger sign") < page.index("Check-in: worsening") < page.index("search")
    assert f"/visits/{visit.id}/stop" in page and f"/people/{told}/progress" in page
    desk = house.client("desk").get("/people").text
    assert "Please call a practitioner" in desk and desk.count("Waits, Ada") == 2
    for secret in ("Visit stopped", "worsening", "Check-in", f"/visits/{visit.id}", "/progress"):
        assert secret not in desk
    assert "Need a practitioner" not in house.client().get("/people?search=Waits").text
