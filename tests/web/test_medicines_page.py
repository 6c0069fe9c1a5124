"""Medicines in the app: what was understood stands in place at once, and what is not is asked back."""

from __future__ import annotations

import re
from typing import Any

from tests.web.conftest import House, csrf_of

CASE = {"psoas_case": 1, "pain": {"regions": {"lumbar_right": 4}, "duration_weeks": 8}}


def visit_of(house: House, **case: Any) -> str:
    with house.records.work(house.scope) as work:
        return work.visits.start(work.people.add(given_name="Mara").id, case=CASE | case).id


def version_of(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def save(house: House, visit: str, **fields: Any) -> Any:
    client = house.client()
    page = client.get(f"/visits/{visit}/medicines").text
    return client.post(
        f"/visits/{visit}/medicines",
        data={"csrf": csrf_of(page), "version": version_of(page), "takes": "these", **fields},
    )


def case_of(house: House, visit: str) -> dict[str, Any]:
    with house.records.work(house.scope) as work:
        return work.visits.get(visit).case


def test_what_was_understood_stands_beside_the_field_and_the_rest_is_asked_back(house: House) -> None:
    visit = visit_of(house)
    assert save(house, visit, medicine=["Eliquis 5 mg", "Foobarol", "Bisoprolol 2,5 mg"]).status_code == 303
    assert case_of(house, visit)["medicines"] == ["Eliquis 5 mg", "Foobarol", "Bisoprolol 2,5 mg"]
    page = house.client().get(f"/visits/{visit}/medicines").text
    assert "Eliquis 5 mg = apixaban, blood thinner" in page
    assert "is not understood" in page
    assert 'value="Foobarol = anticoagulant"' in page
    assert "Foobarol" in house.client().get(f"/visits/{visit}/review").text


def test_an_answer_is_kept_with_the_entry(house: House) -> None:
    visit = visit_of(house)
    save(house, visit, medicine=["Foobarol"], what=["Foobarol = none of these"])
    assert case_of(house, visit)["medicines"] == ["Foobarol = none of these"]
    save(house, visit, medicine=["Foobarol"], what=["Foobarol = anticoagulant"])
    assert case_of(house, visit)["medicines"] == ["Foobarol = anticoagulant"]
    assert "blood thinner" in house.client().get(f"/visits/{visit}/medicines").text


def test_it_is_shown_as_soon_as_it_is_typed(house: House) -> None:
    visit = visit_of(house)
    client = house.client()
    page = client.get(f"/visits/{visit}/medicines").text
    sent = {"csrf": csrf_of(page), "version": version_of(page), "takes": "these", "medicine": ["Xarelto"]}
    part = client.post(f"/visits/{visit}/medicines", data=sent, headers={"hx-request": "true"}).text
    assert "Xarelto = rivaroxaban, blood thinner" in part
    assert 'hx-swap-oob="innerHTML"' in part


def test_a_no_of_a_sheet_against_a_medicine_is_shown_in_the_review(house: House) -> None:
    visit = visit_of(house, findings={"takes_anticoagulant": "no"}, medicines=["warfarin 3 mg"])
    page = house.client().get(f"/visits/{visit}/review").text
    assert "contradict each other" in page
    assert "blood thinner" in page


def test_an_illness_is_read_as_people_write_it_and_refused_when_it_is_not_understood(house: House) -> None:
    visit = visit_of(house)
    assert save(house, visit, takes="", has="these", other_illness=["AAA, allergic to plasters"]).status_code == 303
    assert case_of(house, visit)["conditions"] == ["aortic_aneurysm", "adhesive_allergy"]
    refused = save(house, visit_of(house), takes="", has="these", other_illness=["Foobaritis"])
    assert refused.status_code == 422
    assert "no such illness is known" in refused.text
