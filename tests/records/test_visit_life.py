"""The life of a visit, its note and consents, and people merged, on both databases."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from psoas.records import Conflict, Invalid, NotFound, Records
from psoas.records.database.tables import visit as visit_table
from psoas.records.ids import new_id, now

from .conftest import Practice


def test_two_at_once_start_one_visit(practice: Practice) -> None:
    records, started, refused = practice.records, [], []
    with records.work(practice.owner) as work:
        person = work.people.add(family_name="Vale").id

    def start() -> None:
        try:
            with records.work(practice.owner) as work:
                started.append(work.visits.start(person, case={}).id)
        except Conflict as err:
            refused.append(err)

    tabs = [threading.Thread(target=start) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert (len(started), len(refused)) == (1, 3)


def test_the_database_itself_holds_one_open_visit(practice: Practice) -> None:
    values = {"practice_id": practice.owner.practice_id, "person_id": practice.person, "started_at": now()}
    more = {"changed_at": now(), "state": "open", "version": 1, "case": "{}", "id": new_id()}
    with pytest.raises(Conflict), practice.records.work(practice.owner) as work:
        work.begin_write()
        work.connection.execute(insert(visit_table).values(**values, **more))
    with practice.records.work(practice.owner) as work:
        assert [one.id for one in work.visits.of(practice.person)] == [practice.visit]


def test_a_visit_is_finished_once_and_reopened(practice: Practice) -> None:
    records = practice.records
    with records.work(practice.owner) as work:
        done = work.visits.close(practice.visit, "finished", next_on=date.today() + timedelta(days=21))
        assert work.visits.close(practice.visit, "finished") == done, "a button pressed twice"
        with pytest.raises(Conflict, match="reopen it, or start a new one"):
            work.visits.save(practice.visit, {}, version=1, what="pain")
        with pytest.raises(Conflict):
            work.visits.close(practice.visit, "cancelled")
        actions = [one.action for one in work.audit.entries()]
        assert actions.count("visit.finished") == 1
    with records.work(practice.owner) as work:
        follow_up = work.visits.start(practice.person, case={}, kind="follow_up", previous_id=practice.visit)
        assert (follow_up.kind, follow_up.previous_id) == ("follow_up", practice.visit)
        with pytest.raises(Conflict, match="another visit open"):
            work.visits.reopen(practice.visit)
        work.visits.close(follow_up.id, "cancelled")
        last = work.visits.last_held(practice.person)
        assert last is not None and last.id == practice.visit, "a cancelled one did not take place"
        again = work.visits.reopen(practice.visit)
        assert (again.state, again.case) == ("open", done.case)
        assert work.visits.reopen(practice.visit) == again
    assert records.verify() == []


def test_a_visit_is_not_ended_over_what_somebody_saved_meanwhile(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        work.visits.save(practice.visit, {"a": 1}, version=1, what="pain")
        with pytest.raises(Conflict, match="look over it once more"):
            work.visits.close(practice.visit, "finished", version=1)
        assert work.visits.close(practice.visit, "finished", version=2).state == "finished"


def test_a_follow_up_is_of_the_same_person_and_of_a_known_kind(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        other = work.people.add(family_name="Vale").id
        with pytest.raises(NotFound):
            work.visits.start(other, case={}, kind="follow_up", previous_id=practice.visit)
        with pytest.raises(Invalid, match="expected one of assessment, follow_up, treatment"):
            work.visits.start(other, case={}, kind="chat")


def test_a_treatment_session_is_carried_over_from_by_nobody(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        work.visits.close(practice.visit, "finished")
        session = work.visits.start(practice.person, case={}, kind="treatment", previous_id=practice.visit)
        work.visits.close(session.id, "finished")
        last = work.visits.last_held(practice.person)
        assert last is not None and last.id == practice.visit
        assert work.visits.last_held(practice.person, before=practice.visit) is None


def test_a_cancelled_visit_does_not_clear_an_alarm(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        work.visits.close(practice.visit, "finished")
        work.check_ins.add(practice.person, {"nrs": 9}, alarm="same_day")
        visit = work.visits.start(practice.person, case={})
        assert work.people.alarms() == ()
        work.visits.close(visit.id, "cancelled")
        (waiting,) = work.people.alarms()
        assert waiting.alarm == "same_day"


def test_a_note_is_kept_in_versions_and_never_cut(practice: Practice) -> None:
    long = "Ж" * 200_000 + " the end"
    with practice.records.work(practice.owner) as work:
        work.visits.close(practice.visit, "finished")
        second = work.notes.keep(practice.visit, {"said": long}, after=1)
        assert work.notes.keep(practice.visit, {"said": long}, after=1) == second, "sent twice"
        with pytest.raises(Conflict, match="Somebody else wrote this note"):
            work.notes.keep(practice.visit, {"said": "mine"}, after=1)
        assert [one.number for one in work.notes.of(practice.visit)] == [2, 1]
        assert work.notes.get(second.id).content["said"] == long
        assert [one.id for one in work.notes.of_person(practice.person)] == [second.id]
        with pytest.raises(Invalid, match="Nothing was kept"):
            work.notes.keep(practice.visit, {"said": "x" * 4_000_001}, after=2)
    assert practice.records.verify() == []


def test_a_merge_and_its_undo_lose_nothing_and_keep_the_chain_whole(practice: Practice) -> None:
    records = practice.records
    with records.work(practice.owner) as work:
        double = work.people.add(given_name="Anna", family_name="Berg").id
        work.visits.close(practice.visit, "finished")
        work.visits.start(double, case={"pain": {}})
        work.people.merge(double, practice.person)
        work.people.merge(double, practice.person)
        assert {one.id for one in work.people.search("Berg")} == {double}
        assert [one.id for one in work.visits.of(double)][-1] == practice.visit and len(work.visits.of(double)) == 2
        assert [one.id for one in work.plans.of_person(double)] == [practice.plan]
        assert [one.id for one in work.check_ins.of(double)] == [practice.check_in]
        assert [one.id for one in work.links.of(double)] == [practice.link]
        assert [one.id for one in work.notes.of_person(double)] == [practice.note]
        with pytest.raises(Conflict, match="merged into another"):
            work.visits.start(practice.person, case={})
        with pytest.raises(Conflict, match="another visit open"):
            work.visits.reopen(practice.visit)
    assert records.verify() == []
    with records.work(practice.owner) as work:
        work.people.unmerge(practice.person)
        assert {one.id for one in work.people.search("Berg")} == {double, practice.person}
        assert [one.id for one in work.visits.of(practice.person)] == [practice.visit]
        assert len(work.visits.of(double)) == 1
    assert records.verify() == []


def test_whoever_has_two_open_visits_is_not_merged(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        double = work.people.add(family_name="Berg").id
        work.visits.start(double, case={})
        with pytest.raises(Conflict, match="Both have a visit open"):
            work.people.merge(double, practice.person)


def test_erasing_takes_those_merged_along(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        double = work.people.add(family_name="Berg").id
        work.people.merge(double, practice.person)
        work.people.erase(double)
        with pytest.raises(NotFound):
            work.people.get(practice.person)
    assert practice.records.verify() == []


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        (("Seán", "O’Brien"), "O'Brien"),
        (("Seán", "O’Brien"), "Brien, Seán"),
        (("Seán", "O’Brien"), "sean obrien"),
        (("Søren", "Sørensen"), "Sorensen"),
        (("Łukasz", "Groß"), "gross lukasz"),
        (("Ada", "Smith-Jones"), "jones smith"),
    ],
)
def test_a_name_is_found_however_it_is_typed(memory: Records, kept: tuple[str, str], typed: str) -> None:
    owner = memory.add_practice(practice="P", name="O", login="olga", password="correct horse battery").scope
    with memory.work(owner) as work:
        person = work.people.add(given_name=kept[0], family_name=kept[1])
        assert [one.id for one in work.people.search(typed)] == [person.id]


def test_who_may_be_the_same_person(in_memory: Practice) -> None:
    with in_memory.records.work(in_memory.owner) as work:

        def alike(**fields: Any) -> list[str]:
            return [one.id for one in work.people.alike(**fields)]

        assert alike(given_name="berg", family_name="ANNA") == [in_memory.person]
        assert alike(given_name="Anna", family_name="Vale", birth_date="1980-05-31") == [in_memory.person]
        assert alike(given_name="Anna", family_name="Berg", birth_date="1981-01-01") == []
        assert alike(given_name="Anna", family_name="Vale") == []


def test_the_list_knows_who_came_when_and_the_front_desk_not_why(practice: Practice) -> None:
    soon = date.today() + timedelta(days=7)
    with practice.records.work(practice.owner) as work:
        work.visits.close(practice.visit, "finished", next_on=soon)
        overview = work.people.overview([practice.person])[practice.person]
        assert (overview.state, overview.next_on, overview.case) == ("finished", soon, {"pain": {"worst": 7}})
    with practice.records.work(practice.front_desk) as work:
        overview = work.people.overview([practice.person])[practice.person]
        assert overview.next_on == soon and overview.case is None
