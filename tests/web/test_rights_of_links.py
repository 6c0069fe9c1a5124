"""A private link shows no more than its maker sees, to one browser, for one visit; a first password opens one page."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import PASSWORD, House, csrf_of

CASE: dict[str, Any] = {"psoas_case": 1, "findings": {"fever": "yes"}}


@pytest.fixture
def person(house: House) -> str:
    with house.records.work(house.scope) as work:
        return work.people.add(given_name="Mara").id


def made_by(house: House, login: str, person: str, purpose: str = "intake") -> str:
    """The path of a new link."""
    client = house.client(login)
    token = csrf_of(client.get(f"/people/{person}/links").text)
    shown = client.post(f"/people/{person}/links", data={"csrf": token, "purpose": purpose, "days": "14"})
    assert shown.status_code == 200
    return "/c/" + shown.text.partition("/c/")[2].partition('"')[0].partition("<")[0]


def begin(client: TestClient, link: str) -> Any:
    page = client.get(f"{link}/intake")
    return client.post(f"{link}/intake", data={"csrf": csrf_of(page.text)})


def test_the_front_desk_reaches_no_visit_that_is_under_way(house: House, person: str) -> None:
    """It made a link, opened it, and read and overwrote what the practitioner had asked."""
    with house.records.work(house.scope) as work:
        visit = work.visits.start(person, case=CASE)
    link = made_by(house, "desk", person)
    desk = house.client(None)
    assert "Begin" in desk.get(f"{link}/intake").text
    assert begin(desk, link).status_code == 409, "there is a visit already, and it is not the desk's"
    assert desk.get(f"{link}/intake/danger").headers["location"] == f"{link}/intake"
    with house.records.work(house.scope) as work:
        assert work.visits.get(visit.id).case == CASE


def test_the_front_desk_is_offered_and_given_no_check_in_link(house: House, person: str) -> None:
    desk = house.client("desk")
    page = desk.get(f"/people/{person}/links").text
    assert 'value="check_in"' not in page
    refused = desk.post(f"/people/{person}/links", data={"csrf": csrf_of(page), "purpose": "check_in", "days": "14"})
    assert refused.status_code == 422


def test_a_link_is_for_the_browser_that_began_with_it(house: House, person: str) -> None:
    link = made_by(house, "desk", person)
    telephone, desk = house.client(None), house.client(None)
    assert begin(telephone, link).headers["location"] == f"{link}/intake/about"
    assert telephone.get(f"{link}/intake/about").status_code == 200
    for path in ("/intake", "/intake/about", "/intake/danger", "/intake/stop", ""):
        answer = desk.get(f"{link}{path}")
        assert answer.status_code == 403 and "in use elsewhere" in answer.text
    assert desk.post(f"{link}/intake/about", data={}).status_code == 403


def test_a_practitioners_link_is_for_the_visit_that_is_under_way(house: House, person: str) -> None:
    with house.records.work(house.scope) as work:
        visit = work.visits.start(person, case=CASE)
    link = made_by(house, "pract", person)
    telephone = house.client(None)
    assert "Begin" in telephone.get(f"{link}/intake").text, "nothing is shown before somebody has begun"
    assert begin(telephone, link).status_code == 303
    assert telephone.get(f"{link}/intake/about").status_code == 200
    with house.records.work(house.scope) as work:
        work.visits.close(visit.id, "finished")
    assert telephone.get(f"{link}/intake/about").status_code == 404, "it ends with its visit"


def test_a_link_ends_with_the_account_that_made_it(house: House, person: str) -> None:
    link = made_by(house, "pract", person, "check_in")
    telephone = house.client(None)
    assert telephone.get(f"{link}/check-in").status_code == 200
    with house.records.work(house.scope) as work:
        maker = next(one for one in work.accounts.list() if one.login == "pract")
        work.accounts.disable(maker.id)
    assert telephone.get(f"{link}/check-in").status_code == 404


def test_a_password_that_somebody_else_chose_opens_only_the_page_to_change_it(house: House) -> None:
    owner = house.client()
    token = csrf_of(owner.get("/accounts").text)
    new = {"csrf": token, "name": "New", "login": "new", "password": PASSWORD, "role": "practitioner"}
    assert owner.post("/accounts", data=new).status_code == 303
    client = house.client("new")
    for path in ("/people", "/practice", "/people/new"):
        assert client.get(path).headers["location"] == "/account?said=first-password"
    assert client.get("/api/v1/people", headers={"x-csrf-token": "x"}).status_code == 403
    page = client.get("/account")
    changed = {
        "csrf": csrf_of(page.text),
        "old": PASSWORD,
        "new": "another horse battery",
        "again": "another horse battery",
    }
    assert client.post("/account", data=changed).headers["location"] == "/account?said=password"
    assert client.get("/people").status_code == 200


def test_a_browser_that_has_signed_in_is_known_and_not_locked_out(house: House) -> None:
    client = house.client(None)
    form = {"csrf": csrf_of(client.get("/sign-in").text), "login": "owner", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 303
    for number in range(30):
        house.records.sign_in("owner", "wrong", address=f"stranger {number % 8}")
    client.cookies.delete("psoas-session")
    form["csrf"] = csrf_of(client.get("/sign-in").text)
    assert client.post("/sign-in", data=form).status_code == 303
