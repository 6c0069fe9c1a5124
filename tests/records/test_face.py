"""The promises to the app: what is kept comes back, in one transaction, within a scope."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date
from typing import Any

import pytest

from psoas.records import Conflict, Invalid, NotFound, Records, Refused

from .conftest import PASSWORD, Practice, answer


def test_a_new_store_is_set_up_once(store: Records) -> None:
    assert store.is_new()
    owner = store.set_up(practice="Birch", name="Olga", login="Olga@Birch", password=PASSWORD)
    assert (owner.role, owner.login, owner.practice) == ("owner", "olga@birch", "Birch")
    assert not store.is_new()
    with pytest.raises(Conflict, match="already set up"):
        store.set_up(practice="Other", name="Otto", login="otto", password=PASSWORD)
    assert store.verify() == []


def test_what_was_kept_comes_back(practice: Practice) -> None:
    with practice.records.work(practice.practitioner) as work:
        person = work.people.get(practice.person)
        assert (person.given_name, person.birth_date, person.note) == ("Anna", date(1980, 5, 31), "Left-handed")
        assert person.created_at.tzinfo is UTC
        assert work.visits.open_of(person.id) == work.visits.get(practice.visit)
        assert work.visits.get(practice.visit).case == {"pain": {"worst": 7}}
        kept = work.results.latest(practice.visit)
        assert kept is not None
        assert (kept.answer, kept.page) == (answer(), {"headline": "No single source"})
        assert (kept.psoas_version, kept.knowledge_sha256, kept.by) == (
            "0.1.0",
            "ab" * 32,
            practice.practitioner.account_id,
        )
        assert [one.content for one in work.plans.of_person(person.id)] == [{"items": ["walk"]}]
        assert [one.content for one in work.check_ins.of(person.id)] == [{"nrs": 4}]
        assert work.files.get(practice.file).data == b"\x89PNG secret picture"
        assert [one.data for one in work.files.of(practice.visit)] == [b""]
    assert practice.records.verify() == []


def test_records_cannot_be_changed_in_hand(practice: Practice) -> None:
    with practice.records.work(practice.practitioner) as work:
        person = work.people.get(practice.person)
    with pytest.raises(dataclasses.FrozenInstanceError):
        person.note = "x"  # type: ignore[misc]


def test_an_exception_leaves_nothing_behind(practice: Practice) -> None:
    with pytest.raises(RuntimeError, match="power"), practice.records.work(practice.practitioner) as work:
        work.people.add(family_name="Vale")
        raise RuntimeError("power")
    with practice.records.work(practice.owner) as work:
        assert work.people.count() == 1
        assert work.audit.entries(limit=1)[0].action == "client_link.make: check_in"
    assert practice.records.verify() == []


def test_a_stale_save_is_a_conflict_and_loses_nobodys_answers(practice: Practice) -> None:
    with practice.records.work(practice.practitioner) as work:
        saved = work.visits.save(practice.visit, {"pain": {"worst": 3}}, version=1, step="danger", what="pain")
        assert (saved.version, saved.step) == (2, "danger")
    with (
        pytest.raises(Conflict, match="version 2, you had 1"),
        practice.records.work(practice.owner) as work,
    ):
        work.visits.save(practice.visit, {"pain": {}}, version=1, what="pain")
    with practice.records.work(practice.owner) as work:
        assert work.visits.get(practice.visit).case == {"pain": {"worst": 3}}
        assert work.visits.save(practice.visit, {}, version=2, what="goals").step == "danger"


@pytest.mark.parametrize("state", ["finished", "stopped"])
def test_a_closed_visit_stays_as_it_is(practice: Practice, state: str) -> None:
    with practice.records.work(practice.practitioner) as work:
        assert work.visits.close(practice.visit, state).state == state
        assert work.visits.open_of(practice.person) is None
        with pytest.raises(Conflict, match=state):
            work.visits.save(practice.visit, {}, version=1, what="pain")
        assert work.visits.start(practice.person, case={}).state == "open"


def test_a_person_has_one_open_visit(practice: Practice) -> None:
    with practice.records.work(practice.practitioner) as work, pytest.raises(Conflict, match="open visit"):
        work.visits.start(practice.person, case={})


def test_plans_count_their_versions(practice: Practice) -> None:
    with practice.records.work(practice.practitioner) as work:
        second = work.plans.keep(practice.visit, practice.result, {"items": []})
        assert second.number == 2
        assert work.plans.latest(practice.visit) == second
        assert work.plans.get(practice.plan).content == {"items": ["walk"]}


def test_search_finds_people_by_every_word_of_their_name(practice: Practice) -> None:
    expected = {"": 3, "muller": 1, "MÜLLER": 1, "anna b": 1, "berg anna": 1, "%": 0, "_": 0, "zz": 0, "an": 2}
    with practice.records.work(practice.front_desk) as work:
        work.people.add(given_name="Jan", family_name="Müller")
        work.people.add(given_name="Olu", family_name="Okoro")
        assert {text: work.people.count(text) for text in expected} == expected
        assert {text: len(work.people.search(text)) for text in expected} == expected


def test_people_come_in_pages_ordered_by_family_name(practice: Practice) -> None:
    with practice.records.work(practice.front_desk) as work:
        for name in ("Zed", "Able", "Öst"):
            work.people.add(family_name=name)
        names = [one.family_name for one in work.people.search()]
        assert names == ["Able", "Berg", "Öst", "Zed"]
        assert [one.family_name for one in work.people.search(limit=2, offset=1)] == ["Berg", "Öst"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "family_name and given_name are empty; expected at least one of them."),
        ({"family_name": "A", "birth_date": "31.5.1980"}, "birth_date is '31.5.1980'; expected a day such as"),
        ({"family_name": "A", "birth_date": "2999-01-01"}, "expected a day from 1890-01-01 to today"),
        ({"family_name": "A", "sex": "x"}, "sex is 'x'; expected one of female"),
        ({"family_name": "A" * 121}, "family_name has 121 characters; expected at most 120."),
        ({"family_name": "A", "shoe_size": 44}, "shoe_size is not kept about a person"),
        ({"family_name": 3}, "family_name is 3; expected text."),
    ],
)
def test_a_person_that_cannot_be_kept_gets_a_sentence(
    in_memory: Practice, fields: dict[str, Any], sentence: str
) -> None:
    practice = in_memory
    with practice.records.work(practice.owner) as work, pytest.raises(Invalid) as caught:
        work.people.add(**fields)
    assert sentence in str(caught.value)


def test_content_that_is_no_json_is_refused(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        for bad in ({"x": float("nan")}, {"x": date(2020, 1, 1)}):
            with pytest.raises(Invalid, match="plain JSON"):
                work.visits.save(practice.visit, bad, version=1, what="pain")
        with pytest.raises(Invalid, match="without personal content"):
            work.visits.save(practice.visit, {}, version=1, what="told of <her> mother")
        with pytest.raises(Invalid, match="psoas_version"):
            work.results.keep(practice.visit, {}, page={})


def test_a_client_link_reaches_one_person_for_one_purpose(practice: Practice) -> None:
    link = practice.records.client_link(practice.token)
    assert link is not None
    assert (link.person_id, link.purpose, link.plan_id) == (practice.person, "check_in", practice.plan)
    with practice.records.work(link.scope) as work:
        work.check_ins.add(practice.person, {"nrs": 2})
        assert work.plans.get(practice.plan).content == {"items": ["walk"]}
        with pytest.raises(Refused, match="not for filling in"):
            work.visits.save(practice.visit, {}, version=1, what="pain")
    with practice.records.work(practice.front_desk) as work:
        work.links.revoke(link.id)
    assert practice.records.client_link(practice.token) is None
    assert practice.records.client_link("nonsense") is None


def test_an_intake_link_fills_in_the_visit_it_is_for(practice: Practice) -> None:
    with practice.records.work(practice.practitioner) as work:
        _, token = work.links.make(practice.person, "intake", visit_id=practice.visit)
    link = practice.records.client_link(token)
    assert link is not None
    with practice.records.work(link.scope) as work:
        assert work.visits.get(practice.visit).id == practice.visit
    with practice.records.work(practice.practitioner) as work:
        work.visits.close(practice.visit, "finished")
        other = work.visits.start(practice.person, case={})
    with practice.records.work(link.scope) as work, pytest.raises(NotFound):
        work.visits.get(other.id)
    assert practice.records.client_link(token) is None, "it ends with its visit"


def test_erasing_a_person_takes_everything_and_keeps_the_chain(practice: Practice) -> None:
    records = practice.records
    with records.work(practice.practitioner) as work, pytest.raises(Refused, match="an owner"):
        work.people.erase(practice.person)
    with records.work(practice.owner) as work:
        work.people.erase(practice.person)
    assert records.verify() == []
    assert records.client_link(practice.token) is None
    with records.work(practice.owner) as work:
        assert work.people.count() == 0
        for reach in (
            lambda: work.people.get(practice.person),
            lambda: work.visits.get(practice.visit),
            lambda: work.results.get(practice.result),
            lambda: work.plans.of_person(practice.person),
            lambda: work.check_ins.of(practice.person),
            lambda: work.files.get(practice.file),
        ):
            with pytest.raises(NotFound):
                reach()
        assert work.audit.entries(limit=1)[0].action == "person.erase"
