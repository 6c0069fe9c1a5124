"""Nobody reaches what is not theirs: every method of every part, with every wrong caller."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from psoas.records import NotFound, Records, Refused, Scope, Work
from psoas.records.database.tables import PERSONAL
from psoas.records.model import Role
from psoas.records.parts.part import Part

from .conftest import PASSWORD, Practice, answer, fill

Call = Callable[[Work, Practice], Any]

STAFF: tuple[Role, ...] = ("owner", "practitioner", "front_desk")
CLINICAL: tuple[Role, ...] = ("owner", "practitioner")

NAMES_A_RECORD: dict[str, tuple[Call, tuple[Role, ...]]] = {
    "people.get": (lambda w, p: w.people.get(p.person), (*STAFF, "client")),
    "people.change": (lambda w, p: w.people.change(p.person, note="x"), STAFF),
    "people.merge": (lambda w, p: w.people.merge(w.people.add(family_name="New").id, p.person), CLINICAL),
    "people.unmerge": (lambda w, p: w.people.unmerge(p.person), CLINICAL),
    "people.merged_into": (lambda w, p: w.people.merged_into(p.person), STAFF),
    "people.erase": (lambda w, p: w.people.erase(p.person), ("owner",)),
    "visits.start": (lambda w, p: w.visits.start(p.person, case={}), CLINICAL),
    "visits.get": (lambda w, p: w.visits.get(p.visit), (*CLINICAL, "client")),
    "visits.of": (lambda w, p: w.visits.of(p.person), (*CLINICAL, "client")),
    "visits.open_of": (lambda w, p: w.visits.open_of(p.person), (*CLINICAL, "client")),
    "visits.save": (lambda w, p: w.visits.save(p.visit, {}, version=1, what="pain"), CLINICAL),
    "visits.last_held": (lambda w, p: w.visits.last_held(p.person), (*CLINICAL, "client")),
    "visits.close": (lambda w, p: w.visits.close(p.visit, "finished"), CLINICAL),
    "visits.reopen": (lambda w, p: w.visits.reopen(p.visit), CLINICAL),
    "notes.keep": (lambda w, p: w.notes.keep(p.visit, {"said": "more"}, after=1), CLINICAL),
    "notes.get": (lambda w, p: w.notes.get(p.note), CLINICAL),
    "notes.latest": (lambda w, p: w.notes.latest(p.visit), CLINICAL),
    "notes.of": (lambda w, p: w.notes.of(p.visit), CLINICAL),
    "notes.of_person": (lambda w, p: w.notes.of_person(p.person), CLINICAL),
    "consents.keep": (lambda w, p: w.consents.keep(p.person, {"to": "massage"}), CLINICAL),
    "consents.get": (lambda w, p: w.consents.get(p.consent), CLINICAL),
    "entries.add": (lambda w, p: w.entries.add(p.person, "score", [("b", {"score": 1})]), CLINICAL),
    "entries.of": (lambda w, p: w.entries.of(p.person, "diary"), CLINICAL),
    "consents.of": (lambda w, p: w.consents.of(p.person), CLINICAL),
    "trials.start": (lambda w, p: w.trials.start(p.person, "weeks", {"treatment": "walking"}), CLINICAL),
    "trials.add": (lambda w, p: w.trials.add(p.trial, {"day": "2026-01-03"}, after=1), CLINICAL),
    "trials.stop_all": (
        lambda w, p: w.trials.stop_all(p.person, "a danger sign", date(2026, 1, 3)),
        (*CLINICAL, "client"),
    ),
    "trials.get": (lambda w, p: w.trials.get(p.trial), CLINICAL),
    "trials.of": (lambda w, p: w.trials.of(p.person), CLINICAL),
    "trials.of_visit": (lambda w, p: w.trials.of_visit(p.visit), CLINICAL),
    "trials.entries": (lambda w, p: w.trials.entries(p.trial), CLINICAL),
    "results.keep": (lambda w, p: w.results.keep(p.visit, answer(), page={}), CLINICAL),
    "results.get": (lambda w, p: w.results.get(p.result), CLINICAL),
    "results.of": (lambda w, p: w.results.of(p.visit), CLINICAL),
    "results.latest": (lambda w, p: w.results.latest(p.visit), CLINICAL),
    "plans.keep": (lambda w, p: w.plans.keep(p.visit, p.result, {}), CLINICAL),
    "plans.get": (lambda w, p: w.plans.get(p.plan), (*CLINICAL, "client")),
    "plans.latest": (lambda w, p: w.plans.latest(p.visit), (*CLINICAL, "client")),
    "plans.of_person": (lambda w, p: w.plans.of_person(p.person), (*CLINICAL, "client")),
    "check_ins.add": (lambda w, p: w.check_ins.add(p.person, {}), (*CLINICAL, "client")),
    "check_ins.get": (lambda w, p: w.check_ins.get(p.check_in), (*CLINICAL, "client")),
    "check_ins.of": (lambda w, p: w.check_ins.of(p.person), (*CLINICAL, "client")),
    "check_ins.respond": (lambda w, p: w.check_ins.respond(p.check_in, "Telephoned"), CLINICAL),
    "check_ins.responses": (lambda w, p: w.check_ins.responses(p.person), CLINICAL),
    "files.add": (lambda w, p: w.files.add(p.visit, name="a", media_type="image/png", data=b"x"), CLINICAL),
    "files.get": (lambda w, p: w.files.get(p.file), CLINICAL),
    "files.of": (lambda w, p: w.files.of(p.visit), CLINICAL),
    "links.make": (lambda w, p: w.links.make(p.person, "intake"), STAFF),
    "links.revoke": (lambda w, p: w.links.revoke(p.link), STAFF),
    "links.of": (lambda w, p: w.links.of(p.person), STAFF),
    "links.claim": (lambda w, p: w.links.claim("0" * 64), ()),
    "accounts.get": (lambda w, p: w.accounts.get(_account(p)), ("owner",)),
    "accounts.disable": (lambda w, p: w.accounts.disable(_account(p)), ("owner",)),
    "accounts.set_password": (lambda w, p: w.accounts.set_password(_account(p), "a new battery"), ("owner",)),
    "accounts.change_password": (lambda w, p: w.accounts.change_password(_account(p), PASSWORD, "a new battery"), ()),
}
"""Calls with the ids of a practice, and the roles of that practice whose call is answered."""

OF_THE_PRACTICE: dict[str, tuple[Callable[[Work], Any], tuple[Role, ...]]] = {
    "people.search": (lambda w: w.people.search(), STAFF),
    "people.overview": (lambda w: w.people.overview([]), STAFF),
    "people.alike": (lambda w: w.people.alike(family_name="Berg"), STAFF),
    "people.add_all": (lambda w: w.people.add_all([{"family_name": "New"}]), CLINICAL),
    "people.count": (lambda w: w.people.count(), STAFF),
    "people.alarms": (lambda w: w.people.alarms(), STAFF),
    "people.add": (lambda w: w.people.add(family_name="New"), STAFF),
    "accounts.list": (lambda w: w.accounts.list(), ("owner",)),
    "accounts.add": (lambda w: w.accounts.add("New", "new", PASSWORD, "owner"), ("owner",)),
    "audit.entries": (lambda w: w.audit.entries(), ("owner",)),
    "trials.every": (lambda w: w.trials.every(), CLINICAL),
}


def _account(practice: Practice) -> str:
    return str(practice.practitioner.account_id)


class UndoError(Exception):
    """Ends a unit of work so that nothing of it is kept."""


def scopes(practice: Practice) -> list[Scope]:
    return [practice.owner, practice.practitioner, practice.front_desk, practice.client(), practice.client("intake")]


def everything(records: Records) -> str:
    """Every row of every table, to see that nothing changed."""
    with records._reading() as connection:
        names = ("practice", "account", "person", *PERSONAL, "audit")
        return repr([sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}")).all())) for name in names])


def test_every_method_of_every_part_is_tried_here(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        methods = {
            f"{name}.{method}"
            for name, part in vars(work).items()
            if isinstance(part, Part)
            for method, _ in inspect.getmembers(part, inspect.ismethod)
            if not method.startswith("_")
        }
    assert methods == {*NAMES_A_RECORD, *OF_THE_PRACTICE}


def test_another_practices_records_are_not_there(store: Records) -> None:
    ours, theirs = fill(store, "Birch"), fill(store, "Elm")
    before = everything(store)
    for name, (call, _) in NAMES_A_RECORD.items():
        for scope in scopes(theirs):
            with pytest.raises((NotFound, Refused)), store.work(scope) as work:
                call(work, ours)
                pytest.fail(f"{name} was answered to {scope.role} of another practice")
    assert everything(store) == before
    assert store.verify() == []


def test_another_practices_ids_mixed_with_our_own_are_not_there(store: Records) -> None:
    ours, theirs = fill(store, "Birch"), fill(store, "Elm")
    before = everything(store)
    mixed: list[Callable[[Work], Any]] = [
        lambda w: w.plans.keep(theirs.visit, ours.result, {}),
        lambda w: w.check_ins.add(theirs.person, {}, plan_id=ours.plan),
        lambda w: w.links.make(theirs.person, "intake", visit_id=ours.visit),
        lambda w: w.links.make(theirs.person, "check_in", plan_id=ours.plan),
    ]
    for call in mixed:
        with pytest.raises(NotFound), store.work(theirs.owner) as work:
            call(work)
    assert everything(store) == before


def test_one_persons_records_are_not_mixed_with_anothers(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        other = work.people.add(family_name="Vale")
        visit = work.visits.start(other.id, case={})
    for call in (
        lambda w: w.plans.keep(visit.id, practice.result, {}),
        lambda w: w.check_ins.add(other.id, {}, plan_id=practice.plan),
        lambda w: w.links.make(other.id, "intake", visit_id=practice.visit),
        lambda w: w.links.make(other.id, "check_in", plan_id=practice.plan),
    ):
        with pytest.raises(NotFound), practice.records.work(practice.owner) as work:
            call(work)


def test_a_client_reaches_nobody_else(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        other = work.people.add(family_name="Vale")
    before = everything(practice.records)
    for purpose in ("check_in", "intake", "plan"):
        scope = Scope(practice.owner.practice_id, None, "client", other.id, purpose=purpose)  # type: ignore[arg-type]
        for name, (call, _) in NAMES_A_RECORD.items():
            with pytest.raises((NotFound, Refused)), practice.records.work(scope) as work:
                call(work, practice)
                pytest.fail(f"{name} was answered to another client")
    assert everything(practice.records) == before


def test_each_role_may_do_what_is_its_own_and_no_more(practice: Practice) -> None:
    calls: dict[str, tuple[Callable[[Work], Any], tuple[Role, ...]]] = {
        name: (lambda work, call=call: call(work, practice), roles) for name, (call, roles) in NAMES_A_RECORD.items()
    }
    own = {("accounts.get", "practitioner"), ("accounts.change_password", "practitioner")}
    before = everything(practice.records)
    for name, (call, roles) in (calls | OF_THE_PRACTICE).items():
        for scope in (practice.client(), practice.front_desk, practice.practitioner, practice.owner):
            if scope.role in roles or (name, scope.role) in own:
                with pytest.raises(UndoError), practice.records.work(scope) as work:
                    if name == "visits.start":
                        work.visits.close(practice.visit, "finished")
                    call(work)
                    raise UndoError
            else:
                with pytest.raises(Refused), practice.records.work(scope) as work:
                    call(work)
                    pytest.fail(f"{name} was answered to {scope.role}")
    assert everything(practice.records) == before


def test_nothing_personal_is_in_a_refusal(practice: Practice) -> None:
    with pytest.raises(Refused) as refused, practice.records.work(practice.front_desk) as work:
        work.visits.get(practice.visit)
    assert (
        str(refused.value) == "A visit is not open to the front desk; it is to an owner, a practitioner, a client link."
    )


@pytest.mark.parametrize(("role", "person"), [("client", None), ("owner", "x"), ("king", None)])
def test_a_scope_that_would_be_a_hole_cannot_be_built(role: Any, person: str | None) -> None:
    with pytest.raises(ValueError, match=r"expected one of|needs one"):
        Scope("practice", None, role, person)
