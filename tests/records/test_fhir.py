"""A record as FHIR R4: valid by the public models, pseudonymous unless asked, and never a diagnosis."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from psoas.records import Records, Refused, open_records
from psoas.web.computed.results import keep_result
from psoas.web.demo import fill as fill_demo

from .conftest import Practice


@pytest.fixture(scope="module")
def demo() -> Records:
    """Ten fictional people, of whom one has everything."""
    records = open_records("sqlite://")
    fill_demo(records)
    with records.work(records.operator()) as work:
        keep_result(work, work.visits.of(work.people.search("Danger")[0].id)[0])
        visit = work.visits.of(work.people.search("Thomas")[0].id)[0]
        result = keep_result(work, visit)
        item = {"id": "glute_bridge", "name": "Glute bridge", "dose_words": "10 times"}
        work.plans.keep(visit.id, result.id, {"plan": {"chosen": []}})
        work.plans.keep(visit.id, result.id, {"plan": {"chosen": [item]}})
        told = work.check_ins.add(visit.person_id, {"psoas_check_in": 1, "on": "2026-01-02", "pain_0_10": 3})
        work.check_ins.respond(told.id, "Telephoned")
    return records


def of(records: Records, name: str, **options: Any) -> dict[str, Any]:
    scope = records.operator()
    with records.work(scope) as work:
        person = work.people.search(name)[0].id
    made = records.export_fhir(scope, person, **options)
    Bundle.model_validate(made)
    return made


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


def test_every_record_of_the_demonstration_is_valid_and_refers_to_itself_alone(demo: Records) -> None:
    with demo.work(demo.operator()) as work:
        names = [one.family_name for one in work.people.search()]
    for name in names:
        made = of(demo, name)
        known = Counter(one["fullUrl"] for one in made["entry"])
        assert max(known.values()) == 1, "every id once"
        assert not resources(made, "OperationOutcome"), name
        text = json.dumps(made)
        assert {part.split('"')[0] for part in text.split('"reference": "')[1:]} <= set(known)


def test_who_it_is_stays_out_unless_asked_for(demo: Records) -> None:
    (patient,) = resources(bundle := of(demo, "Thomas"), "Patient")
    assert patient["birthDate"] == "1985" and "name" not in patient and "Thomas, Theo" not in json.dumps(bundle)
    (patient,) = resources(of(demo, "Thomas", named=True), "Patient")
    assert patient["name"] == [{"family": "Thomas", "given": ["Theo"]}] and patient["birthDate"] == "1985-06-21"


def test_a_source_of_pain_is_a_prediction_and_nothing_is_a_condition(demo: Records) -> None:
    bundle = of(demo, "Thomas")
    assert not resources(bundle, "Condition")
    (assessed,) = resources(bundle, "RiskAssessment")
    none = assessed["prediction"][-1]
    assert none["outcome"]["coding"][0]["code"] == "no_single_source"
    assert all(0 <= one["probabilityDecimal"] <= 100 for one in assessed["prediction"])
    coded = [one["outcome"]["coding"][1] for one in assessed["prediction"] if len(one["outcome"]["coding"]) > 1]
    assert coded and {one["system"] for one in coded} == {"http://hl7.org/fhir/sid/icd-10-cm"}
    assert "snomed" not in json.dumps(bundle)


def test_a_danger_is_an_issue_with_what_to_do(demo: Records) -> None:
    bundle = of(demo, "Danger")
    assert not resources(bundle, "OperationOutcome")
    issues = resources(bundle, "DetectedIssue")
    # Rules and illness scripts of one cause are issues of their own; the most urgent stands first.
    found = next(one for one in issues if one["code"]["coding"][0]["code"] == "cauda_equina_syndrome")
    assert found["severity"] == "high" and "emergency department" in found["mitigation"][0]["action"]["text"]


def test_angles_pain_and_answers_are_as_they_were_told(demo: Records) -> None:
    bundle = of(demo, "Thomas")
    seen = resources(bundle, "Observation")
    angles = [one for one in seen if one["code"]["coding"][0]["code"] == "modified_thomas.thigh_angle"]
    assert sorted(one["valueQuantity"]["value"] for one in angles) == [-13, -12, 1, 3]
    assert (
        angles[0]["valueQuantity"]["code"] == "deg" and angles[0]["method"]["text"] == "pelvis controlled, inclinometer"
    )
    pain = [one for one in seen if one["code"]["coding"][-1]["code"] == "72514-3"]
    assert sorted(one["valueInteger"] for one in pain) == [3, 3, 4]
    (answers,) = resources(bundle, "QuestionnaireResponse")
    items = {one["linkId"]: one for one in answers["item"]}
    assert items["fever"]["answer"][0]["valueCoding"]["code"] == "no"
    assert [one["linkId"] for one in items["leg_weakness"]["item"]] == ["leg_weakness.left", "leg_weakness.right"]


def test_the_newest_plan_and_what_was_done_are_in_it(demo: Records) -> None:
    bundle = of(demo, "Thomas")
    (plan,) = resources(bundle, "CarePlan")
    assert plan["title"] == "Plan, version 2" and len(plan["activity"]) == 1
    orders = resources(bundle, "ServiceRequest")
    assert any(one.get("patientInstruction") == "10 times" for one in orders)
    assert any(one.get("doNotPerform") and one["code"]["coding"][0]["code"] == "deep_psoas_pressure" for one in orders)
    assert resources(bundle, "Communication")[0]["payload"] == [{"contentString": "Telephoned"}]


def test_what_no_page_makes_is_said_and_breaks_nothing(practice: Practice) -> None:
    made = practice.records.export_fhir(practice.practitioner, practice.person)
    Bundle.model_validate(made)
    told = [one["issue"][0]["diagnostics"] for one in resources(made, "OperationOutcome")]
    assert f"Record {practice.result} is not expressed here." in told
    with pytest.raises(Refused):
        practice.records.export_fhir(practice.front_desk, practice.person)
    with practice.records.work(practice.owner) as work:
        assert work.audit.entries(limit=1)[0].action == "person.export"
