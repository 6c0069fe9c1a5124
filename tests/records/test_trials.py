"""Trials in the store: laid down once, each reading kept by itself, reached by the right link alone."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest

from psoas.records import Conflict, Invalid, NotFound, Refused
from psoas.records.bundle import bundle
from tests.records.conftest import Practice


def test_entries_come_in_order_and_a_second_press_is_told(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        for number, pain in enumerate((5, 6, 4), 1):
            work.trials.add(practice.trial, {"pain_0_10": pain}, after=number)
        with pytest.raises(Conflict, match="meanwhile"):
            work.trials.add(practice.trial, {"pain_0_10": 4}, after=3)
        assert [one.content["pain_0_10"] for one in work.trials.entries(practice.trial)] == [4, 5, 6, 4]
    assert practice.records.verify() == []


def test_a_trial_link_reaches_the_trial_over_weeks_and_no_more(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        link, _ = work.links.make(practice.person, "trial", days=90)
    with practice.records.work(link.scope) as work:
        assert [one.id for one in work.trials.of(practice.person)] == [practice.trial]
        work.trials.add(practice.trial, {"day": "2026-01-03", "pain_0_10": 3})
        with pytest.raises(NotFound):
            work.trials.get(practice.retest)
        with pytest.raises(NotFound):
            work.trials.add(practice.retest, {"pain_0_10": 3})
        for call in (
            lambda: work.trials.start(practice.person, "weeks", {}),
            lambda: work.trials.of_visit(practice.visit),
            work.trials.every,
        ):
            with pytest.raises(Refused):
                call()
    with practice.records.work(practice.client("check_in")) as work, pytest.raises(Refused, match="not for a trial"):
        work.trials.of(practice.person)


def test_the_front_desk_makes_no_trial_link(practice: Practice) -> None:
    with practice.records.work(practice.front_desk) as work, pytest.raises(Refused):
        work.links.make(practice.person, "trial")


def test_what_cannot_be_kept_gets_a_sentence(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        with pytest.raises(Invalid, match="expected one of retest, weeks"):
            work.trials.start(practice.person, "forever", {})
        with pytest.raises(Invalid, match="expected an object"):
            work.trials.add(practice.trial, "six")  # type: ignore[arg-type]
        with pytest.raises(Invalid, match="at most"):
            work.trials.add(practice.trial, {"note": "x" * 30_000})


def test_the_copy_of_a_record_holds_every_reading_and_its_trail(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        made = zipfile.ZipFile(BytesIO(bundle(work, practice.person)))
    record = json.loads(made.read("record.json"))
    kinds = {one["kind"]: one for one in record["trials"]}
    assert kinds["weeks"]["entries"][0]["content"] == {"day": "2026-01-02", "pain_0_10": 4}
    assert {"trial.start", "trial_entry.add"} <= {one["action"] for one in record["trail"]}
    assert "Trial of " in made.read("index.html").decode()


def test_erasing_a_person_erases_the_trials(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        work.people.erase(practice.person)
    with practice.records.work(practice.owner) as work:
        assert work.trials.every() == ()
    assert practice.records.verify() == []


def test_fhir_holds_every_reading_as_an_observation(practice: Practice) -> None:
    from psoas.records.bundle import fhir

    with practice.records.work(practice.owner) as work:
        work.trials.add(practice.retest, {"reading": {"pain_0_10": 6, "angle_deg": -4}})
        made = fhir(work, practice.person)
    notes = [
        (one["resource"]["effectiveDateTime"][:10], one["resource"]["valueInteger"])
        for one in made["entry"]
        if one["resource"]["resourceType"] == "Observation" and "note" in one["resource"]
    ]
    assert ("2026-01-02", 4) in notes and 6 in [value for _, value in notes]
