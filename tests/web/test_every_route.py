"""Every route of the app, tried with the wrong account: another practice's, nobody's, the front desk's.

The routes are read from the app, so one that is added is tried without a word here; it has to be named only where it is
open to nobody signed in, or to the front desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from PIL import Image

from psoas import assess
from psoas.records import open_records
from psoas.web.app import create_app
from psoas.web.security.cookies import SESSION
from psoas.web.settings import Settings
from tests.web.conftest import PASSWORD, House
from tests.web.test_result import leave_safety_open

CASE = Path(__file__).resolve().parent.parent.parent / "examples" / "desk_worker.yaml"

OPEN = {"/", "/healthz", "/sign-in", "/set-up", "/demo", "/figures/{id}/{step}.svg"}
"""Open to everybody, and about nobody; and everything under /c/, which asks for a private link instead."""

FRONT_DESK = {
    "/account", "/people", "/people/new", "/people/{person_id}", "/people/{person_id}/edit",
    "/people/{person_id}/links", "/people/{person_id}/links/{link_id}/withdraw", "/sign-out",
    "/unsent/{form_token}",
}  # fmt: skip
"""Open to the front desk: people and links, nothing clinical."""

OWNERS = ("/accounts", "/practice", "/people/{person_id}/erase")
"""Open to an owner alone, with all below."""

SECRET = "Xanthippe"
EXERCISE = "half_kneeling_tuck_stretch"
OTHER_VALUES = {"step": "about", "id": EXERCISE, "name": "faber", "exercise_id": EXERCISE}
"""Parts of an address that are no ids of records."""


@dataclass(frozen=True)
class Route:
    """A path with one method."""

    method: str
    path: str
    context: Any

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def fields(self) -> dict[str, str]:
        """Something for each field that a form must have."""
        dependant = getattr(self.context, "dependant", None)
        return {
            field.alias: "1" for field in (dependant.body_params if dependant else ()) if field.field_info.is_required()
        }


def routes_of(app: Any) -> Iterator[Route]:
    for context in iter_route_contexts(app.routes):
        for method in sorted(getattr(context, "methods", None) or ()):
            if method != "HEAD" and context.path != "/static":
                yield Route(method, context.path, context)


@dataclass(frozen=True)
class Town:
    """Two practices in one store. What there is belongs to the first; `ids` names one of each kind."""

    house: House
    ids: dict[str, str]

    def address(self, route: Route, **others: str) -> str:
        values = {**OTHER_VALUES, **self.ids, **others}
        address = route.path
        while "{" in address:
            before, _, rest = address.partition("{")
            name, _, after = rest.partition("}")
            assert name.partition(":")[0] in values, f"{route}: what does {{{name}}} stand for? Add it to this test."
            address = before + values[name.partition(":")[0]] + after
        return address

    def ask(self, client: TestClient, route: Route, **others: str) -> Any:
        token = client.cookies.get(SESSION)
        session = self.house.records.session(token) if token else None
        headers = {"X-CSRF-Token": session.csrf} if session else {}
        data = route.fields() if route.method != "GET" else None
        return client.request(route.method, self.address(route, **others), headers=headers, data=data)


@cache
def a_case() -> dict[str, Any]:
    """A real case, whose name is the secret."""
    return {**yaml.safe_load(CASE.read_text(encoding="utf-8")), "goals": [SECRET]}


@cache
def an_answer() -> dict[str, Any]:
    """A real answer, as a result keeps it."""
    return assess(CASE).to_json()


def a_picture() -> bytes:
    """A small photo, as files of a visit are."""
    made = BytesIO()
    Image.new("RGB", (64, 48), "grey").save(made, "jpeg")
    return made.getvalue()


@pytest.fixture
def town() -> Iterator[Town]:
    records = open_records("sqlite://")
    ours = records.set_up(practice="First", name="Olivia", login="owner", password=PASSWORD)
    records.add_practice(practice="Second", name="Otto", login="stranger", password=PASSWORD)
    with records.work(ours.scope) as work:
        desk = work.accounts.add("Fred", "desk", PASSWORD, "front_desk")
        work.accounts.add("Paula", "pract", PASSWORD, "practitioner")
        person = work.people.add(given_name=SECRET, family_name=SECRET, contact=SECRET, note=SECRET)
        visit = work.visits.start(person.id, case=a_case())
        leave_safety_open(work, visit.id, a_case())
        result = work.results.keep(visit.id, an_answer(), page={})
        plan = work.plans.keep(visit.id, result.id, {"secret": SECRET})
        check_in = work.check_ins.add(person.id, {"psoas_check_in": 1, "on": "2026-01-02", "adverse": SECRET})
        retest = work.trials.start(
            person.id, "retest", {"movement": SECRET, "treatment": SECRET, "comparison": SECRET}, visit_id=visit.id
        )
        trial = work.trials.start(person.id, "weeks", {"treatment": SECRET, "starts": "2026-01-02"})
        link, token = work.links.make(person.id, "check_in")
        kept = work.files.add(visit.id, name="a.jpg", media_type="image/jpeg", data=a_picture())
    ids = {
        "person_id": person.id, "visit_id": visit.id, "result_id": result.id, "plan_id": plan.id,
        "check_in_id": check_in.id, "link_id": link.id, "file_id": kept.id, "account_id": desk.id, "token": token,
        "retest_id": retest.id, "trial_id": trial.id,
    }  # fmt: skip
    app = create_app(Settings(demo=True), records)
    ids["form_token"] = app.state.unsent.keep(ours.id, "/people/new", "/people/new", [("note", SECRET)])
    yield Town(House(app, records, ours.scope), ids)
    records.close()


def inside(town: Town) -> list[Route]:
    """Routes that need an account."""
    return [
        route
        for route in routes_of(town.house.app)
        if route.path not in OPEN and not route.path.startswith("/c/") and not route.path.startswith("/api/")
    ]


def is_about_records(route: Route, town: Town) -> bool:
    """Whether its address names a record."""
    return any(f"{{{name}}}" in route.path for name in town.ids)


def test_the_routes_are_found(town: Town) -> None:
    found = {str(route) for route in routes_of(town.house.app)}
    assert {"GET /people/{person_id}", "POST /people/{person_id}/erase", "POST /sign-out", "GET /practice"} <= found


def test_another_practices_records_are_not_there(town: Town) -> None:
    client, before = town.house.client("stranger"), town.house.records.heads()
    for route in (route for route in inside(town) if is_about_records(route, town)):
        answer = town.ask(client, route)
        assert answer.status_code == 404, f"{route}: {answer.status_code}"
        assert SECRET not in answer.text, str(route)
    after = town.house.records.heads()
    assert {key: after[key] for key in before if key == town.house.scope.practice_id} == {
        key: before[key] for key in before if key == town.house.scope.practice_id
    }


def test_nor_are_they_for_programs(town: Town) -> None:
    client, before = town.house.client("stranger"), town.house.records.heads()
    for route in routes_of(town.house.app):
        if route.path.startswith("/api/") and is_about_records(route, town):
            answer = town.ask(client, route)
            # What was sent may be judged before it is looked for; either way nothing of it is told.
            assert answer.status_code == 404 or (route.method != "GET" and answer.status_code == 422), str(route)
            assert SECRET not in answer.text, str(route)
    practice = town.house.scope.practice_id
    assert town.house.records.heads()[practice] == before[practice]


def test_the_same_addresses_are_there_for_their_own_practice(town: Town) -> None:
    client = town.house.client("owner")
    for route in inside(town):
        if route.method == "GET" and is_about_records(route, town):
            assert town.ask(client, route).status_code != 404, str(route)


def test_no_list_shows_another_practices_people(town: Town) -> None:
    client = town.house.client("stranger")
    for route in inside(town):
        if route.method == "GET" and "{" not in route.path:
            assert SECRET not in town.ask(client, route).text, str(route)


def test_nobody_signed_in_is_sent_to_sign_in(town: Town) -> None:
    client, before = town.house.client(None), town.house.records.heads()
    for route in inside(town):
        answer = town.ask(client, route)
        assert answer.status_code == 303, f"{route}: {answer.status_code}"
        assert answer.headers["location"].startswith("/sign-in"), str(route)
    assert town.house.records.heads() == before


def test_the_front_desk_sees_nothing_clinical(town: Town) -> None:
    client = town.house.client("desk")
    for route in inside(town):
        if route.path not in FRONT_DESK:
            assert town.ask(client, route).status_code == 403, str(route)


def test_what_is_the_owners_is_not_a_practitioners(town: Town) -> None:
    client = town.house.client("pract")
    owned = [route for route in inside(town) if route.path.startswith(OWNERS)]
    assert owned
    for route in owned:
        assert town.ask(client, route).status_code == 403, str(route)


def test_a_private_link_that_does_not_hold_leads_nowhere(town: Town) -> None:
    client = town.house.client(None)
    for route in routes_of(town.house.app):
        if route.path.startswith("/c/"):
            answer = town.ask(client, route, token="made-up")
            assert answer.status_code in (403, 404), str(route)
            assert SECRET not in answer.text


def test_every_form_without_its_token_is_refused(town: Town) -> None:
    client, before = town.house.client("owner"), town.house.records.heads()
    for route in routes_of(town.house.app):
        if route.method != "GET":
            answer = client.request(route.method, town.address(route), data=route.fields())
            assert answer.status_code == 403, f"{route}: {answer.status_code}"
    assert town.house.records.heads() == before
