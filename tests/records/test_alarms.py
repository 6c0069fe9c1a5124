"""Who waits for a practitioner: found by one query, within the practice, without a word of why for the front desk."""

from __future__ import annotations

import pytest

from psoas.records import Invalid, Records

from .conftest import Practice, fill


def stop(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        visit = work.visits.get(practice.visit)
        work.visits.save(visit.id, visit.case, version=visit.version, step="stop", what="danger")


def test_nobody_waits_at_first(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        assert work.people.alarms() == ()


def test_a_stopped_visit_waits_until_it_goes_on_or_ends(practice: Practice) -> None:
    stop(practice)
    with practice.records.work(practice.owner) as work:
        (found,) = work.people.alarms()
        assert (found.person.id, found.visit_id, found.alarm) == (practice.person, practice.visit, None)
        assert found.since == work.visits.get(practice.visit).changed_at
        work.visits.close(practice.visit, "stopped")
        assert work.people.alarms() == ()


def test_a_check_in_waits_until_a_later_one_raises_nothing(practice: Practice) -> None:
    with practice.records.work(practice.client()) as work:
        work.check_ins.add(practice.person, {}, alarm="same_day")
    with practice.records.work(practice.owner) as work:
        assert [(one.person.id, one.alarm, one.visit_id) for one in work.people.alarms()] == [
            (practice.person, "same_day", None)
        ]
        work.check_ins.add(practice.person, {}, alarm="worsening")
        assert [one.alarm for one in work.people.alarms()] == ["worsening"], "a person is listed once"
        work.check_ins.add(practice.person, {})
        assert work.people.alarms() == ()


def test_a_check_in_waits_until_a_practitioner_starts_a_visit(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        work.visits.close(practice.visit, "finished")
        work.check_ins.add(practice.person, {}, alarm="same_day")
    with practice.records.work(practice.client("intake")) as work:
        visit = work.visits.start(practice.person, case={})
    with practice.records.work(practice.owner) as work:
        assert len(work.people.alarms()) == 1, "the client's own intake is nobody's look at it"
        work.visits.close(visit.id, "finished")
        work.visits.start(practice.person, case={})
        assert work.people.alarms() == ()


def test_a_check_in_waits_until_somebody_says_what_was_done(practice: Practice) -> None:
    with practice.records.work(practice.client()) as work:
        told = work.check_ins.add(practice.person, {}, alarm="same_day")
    with practice.records.work(practice.practitioner) as work:
        (found,) = work.people.alarms(person_id=practice.person)
        assert found.check_in_id == told.id
        kept = work.check_ins.respond(told.id, "  Telephoned; she sees her doctor today.\0 ")
        assert (kept.words, kept.by) == ("Telephoned; she sees her doctor today.", practice.practitioner.account_id)
        assert work.people.alarms() == () == work.people.alarms(person_id=practice.person)
        assert work.check_ins.responses(practice.person)[-1] == kept
    with practice.records.work(practice.client()) as work:
        work.check_ins.add(practice.person, {}, alarm="same_day")
    with practice.records.work(practice.owner) as work:
        assert len(work.people.alarms()) == 1, "what was done about the last says nothing of this one"
        assert work.audit.entries(limit=2)[1].action == "response.add"
    assert practice.records.verify() == []


@pytest.mark.parametrize("words", ["", " \n ", "x" * 2001])
def test_nothing_said_takes_nobody_off_the_list(practice: Practice, words: str) -> None:
    with pytest.raises(Invalid, match="expected 1 to 2000"), practice.records.work(practice.owner) as work:
        work.check_ins.respond(practice.check_in, words)


def test_the_front_desk_learns_that_and_not_why(practice: Practice) -> None:
    stop(practice)
    with practice.records.work(practice.client()) as work:
        work.check_ins.add(practice.person, {}, alarm="same_day")
    with practice.records.work(practice.front_desk) as work:
        (found,) = work.people.alarms()
    assert found.person.id == practice.person and (found.visit_id, found.alarm) == (None, None)


def test_another_practice_and_an_erased_person_are_not_in_the_list(store: Records) -> None:
    ours, theirs = fill(store, "Birch"), fill(store, "Elm")
    stop(ours)
    with store.work(ours.owner) as work:
        work.check_ins.add(ours.person, {}, alarm="emergency_now")
    with store.work(theirs.owner) as work:
        assert work.people.alarms() == ()
    with store.work(ours.owner) as work:
        assert len(work.people.alarms()) == 1
        work.people.erase(ours.person)
        assert work.people.alarms() == ()


def test_an_alarm_is_one_word(practice: Practice) -> None:
    with pytest.raises(Invalid, match="expected one word"), practice.records.work(practice.owner) as work:
        work.check_ins.add(practice.person, {}, alarm="she fell, badly")
