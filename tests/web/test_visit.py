"""The visit without a browser: every step is shown and taken, saved at once, and stopped by a danger."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi.testclient import TestClient

from psoas.records import Visit
from tests.web.conftest import House, csrf_of

STEPS = ("about", "pain", "danger", "questions", "tests", "angles", "medicines", "goals", "review")


@dataclass
class Going:
    """A visit that somebody fills in."""

    house: House
    client: TestClient
    visit_id: str
    base: str
    csrf: str = field(default="")

    def get(self, path: str) -> Any:
        """A page of the visit, redirects followed."""
        answer = self.client.get(f"{self.base}/{path}" if not path.startswith("/") else path, follow_redirects=True)
        if found := re.search(r'name="csrf" value="([^"]+)"', answer.text):
            self.csrf = found.group(1)
        return answer

    def send(self, path: str, *, version: int | None = None, part: bool = False, **fields: Any) -> Any:
        """Send a form as a browser does."""
        data = {"csrf": self.csrf, "version": str(version if version is not None else self.visit.version), **fields}
        headers = {"hx-request": "true"} if part else {}
        return self.client.post(f"{self.base}/{path}", data=data, headers=headers)

    @property
    def visit(self) -> Visit:
        """The visit as it is kept now."""
        with self.house.records.work(self.house.scope) as work:
            return work.visits.get(self.visit_id)

    @property
    def case(self) -> dict[str, Any]:
        """The case as it is kept now."""
        return self.visit.case


CALM = {
    "psoas_case": 1,
    "person": {"age_years": 47, "sex": "female"},
    "pain": {"regions": {"lumbar_left": 6}, "duration_weeks": 8, "onset": "gradual", "course": "stable"},
}


def begin(house: House, case: dict[str, Any] | None = None, **person: Any) -> Going:
    """A person with a visit."""
    client = house.client()
    with house.records.work(house.scope) as work:
        known = work.people.add(given_name="Anna", family_name="Berg", **person)
        if case is not None:
            work.visits.start(known.id, case=case)
    csrf = csrf_of(client.get(f"/people/{known.id}").text)
    answer = client.post(f"/people/{known.id}/visits", data={"csrf": csrf})
    assert answer.status_code == 303
    base = answer.headers["location"]
    return Going(house, client, base.rpartition("/")[2], base, csrf)


def answer_sheets(going: Going, **ticks: list[str]) -> int:
    """Answer every danger sheet that comes first; `ticks`: sheet -> what is ticked there. Returns how many."""
    for number in range(20):
        page = going.get("danger")
        found = re.search(r'name="sheet" value="(\w+)"', page.text)
        if "/danger" not in str(page.url) or found is None:
            return number
        shown = re.findall(r'name="shown" value="(\w+)"', page.text)
        ticked = [name for name in ticks.get(found.group(1), []) if name in shown]
        said: dict[str, Any] = {"tick": ticked} if ticked else {"none": "1"}
        going.send("danger", sheet=found.group(1), shown=shown, **said)
    raise AssertionError("the sheets do not end")


def test_a_visit_begins_with_what_the_record_knows(house: House) -> None:
    from datetime import date

    going = begin(house, birth_date=date(1980, 1, 1), sex="female")
    assert going.case["person"]["sex"] == "female" and going.case["person"]["age_years"] >= 45
    page = going.get("/visits/" + going.visit_id)
    assert str(page.url).endswith("/about") and 'value="female" checked' in page.text
    person = going.visit.person_id
    again = going.client.post(f"/people/{person}/visits", data={"csrf": going.csrf})
    assert again.headers["location"] == going.base, "the open visit is gone on with"


@pytest.mark.parametrize("step", STEPS)
def test_every_step_can_be_opened_at_any_time(house: House, step: str) -> None:
    going = begin(house, {"psoas_case": 1})
    page = going.get(step)
    assert page.status_code == 200 and page.text.count("<h1") == 1
    assert "Anna Berg" in page.text


def test_each_step_is_saved_at_once_and_leads_on(house: House) -> None:
    going = begin(house, {"psoas_case": 1})
    going.get("about")
    answer = going.send("about", age_years="47", sex="female", height_cm="172", activity=["running"])
    assert answer.headers["location"] == f"{going.base}/pain"
    assert going.case["person"] == {
        "age_years": 47, "sex": "female", "height_m": 1.72, "activities": [{"id": "running"}],
    }  # fmt: skip
    fields = {"mark": ["lumbar_left"], "rate.lumbar_left": "6", "rate.buttock_left": "3", "duration": "2"}
    answer = going.send("pain", duration_unit="months", onset="gradual", course="stable", **fields)
    assert answer.headers["location"] == f"{going.base}/danger"
    assert going.case["pain"]["regions"] == {"lumbar_left": 6, "buttock_left": 3}
    assert answer_sheets(going) <= 12
    assert str(going.get("/visits/" + going.visit_id).url).partition("?")[0].endswith(("/questions", "/danger"))
    going.get("medicines")
    going.send("medicines", takes="none", has="these", illness=["diabetes"])
    assert going.case["conditions"] == ["diabetes"] and going.case["findings"]["takes_anticoagulant"] == "no"
    going.send("goals", goal=["walk 5 km", ""], notes="prefers mornings")
    assert going.case["goals"] == ["walk 5 km"]
    review = going.get("review").text
    assert "6 of 10" in review and "diabetes" in review and "walk 5 km" in review


def test_a_no_on_both_sides_is_no_yes_in_the_review(house: House) -> None:
    sides = {
        "leg_weakness": {"left": "no", "right": "no"},
        "straight_leg_raise": {"left": "unknown", "right": "unknown"},
    }
    going = begin(house, {"psoas_case": 1, "findings": {**sides, "worse_with_sitting": "yes"}})
    review = going.get("review").text
    assert "left: no" not in review and "1 answer is no; 1 was asked and not known." in review
    assert "Is a leg newly weak" not in review.partition("Answered yes")[2].partition("</dl>")[0]


def test_none_of_these_writes_no_to_what_was_shown_and_skipping_writes_unknown(house: House) -> None:
    going = begin(house, CALM)
    page = going.get("danger?sheet=bladder_and_bowel")
    shown = re.findall(r'name="shown" value="(\w+)"', page.text)
    assert "saddle_numbness" in shown and len(shown) == 10
    going.send("danger", sheet="bladder_and_bowel", shown=shown[:4], none="1")
    assert going.case["findings"] == dict.fromkeys(shown[:4], "no"), "what was not shown is not answered"
    page = going.get("danger?sheet=walking_and_hands")
    shown = re.findall(r'name="shown" value="(\w+)"', page.text)
    going.send("danger", sheet="walking_and_hands", shown=shown, skip="1")
    assert {going.case["findings"][name] for name in shown} == {"unknown"}


def test_what_cannot_be_taken_is_said_at_the_field_and_nothing_is_lost(house: House) -> None:
    going = begin(house, {"psoas_case": 1})
    going.get("about")
    answer = going.send("about", age_years="400", height_cm="abc", sex="female")
    assert answer.status_code == 422 and going.case == {"psoas_case": 1}
    assert "expected a number" in answer.text and 'value="abc"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    answer = going.send("about", age_years="400", sex="female")
    assert "at most 120" in answer.text
    answer = going.send("danger", sheet="bladder_and_bowel", shown=["saddle_numbness"])
    assert answer.status_code == 422 and "nothing is ticked" in answer.text.lower()


def test_a_danger_stops_the_visit_until_a_practitioner_says_why_to_go_on(house: House) -> None:
    going = begin(house, CALM)
    going.get("danger?sheet=bladder_and_bowel")
    answer = going.send("danger", sheet="bladder_and_bowel", shown=["saddle_numbness"], tick=["saddle_numbness"])
    assert answer.headers["location"] == f"{going.base}/stop" and going.visit.step == "stop"
    page = going.get("stop").text
    assert "cauda equina" in page and "emergency department" in page and "letter.pdf" in page
    assert "between the legs" in page and "Manipulation" in page
    for step in ("questions", "tests", "angles", "medicines", "goals"):
        assert str(going.get(step).url).endswith("/stop")
    person = going.client.get(f"/people/{going.visit.person_id}").text
    assert "danger" in person.lower()
    refused = going.send("stop", do="continue", reason="ok")
    assert refused.status_code == 422 and str(going.get("tests").url).endswith("/stop")
    reason = "Seen in hospital this morning, scan clear"
    answer = going.send("stop", do="continue", reason=reason)
    assert answer.status_code == 303
    page = going.get("tests")
    assert str(page.url).endswith("/tests") and reason in page.text and "cauda equina" in page.text
    with house.records.work(house.scope) as work:
        assert "visit.save: went on past a danger" in {entry.action for entry in work.audit.entries(limit=10)}
    going.get("danger?sheet=chest_and_fainting")
    again = going.send("danger", sheet="chest_and_fainting", shown=["coughing_blood"], tick=["coughing_blood"])
    assert again.headers["location"].endswith("/stop"), "another danger stops it anew"


def test_a_wrong_tick_is_taken_back_on_its_sheet(house: House) -> None:
    going = begin(house, CALM)
    going.get("danger?sheet=bladder_and_bowel")
    going.send("danger", sheet="bladder_and_bowel", shown=["saddle_numbness"], tick=["saddle_numbness"])
    assert "danger?sheet=bladder_and_bowel" in going.get("stop").text
    going.get("danger?sheet=bladder_and_bowel")
    answer = going.send("danger", sheet="bladder_and_bowel", shown=["saddle_numbness"], none="1")
    assert not answer.headers["location"].endswith("/stop")


def test_an_ended_visit_is_read_and_not_changed(house: House) -> None:
    going = begin(house, CALM | {"findings": {"saddle_numbness": "yes"}})
    going.get("stop")
    going.send("stop", do="end")
    assert going.visit.state == "stopped"
    page = going.get("/visits/" + going.visit_id)
    assert str(page.url).endswith("/stop") and "not changed any more" in page.text
    assert going.send("about", age_years="50").status_code == 409


def test_two_people_do_not_lose_each_others_answers(house: House) -> None:
    going = begin(house, CALM)
    old = going.visit.version
    going.get("goals")
    going.send("goals", goal=["walk"], version=old)
    going.get("about")
    merged = going.send("about", age_years="47", sex="female", height_cm="170", version=old)
    assert merged.status_code == 303, "what touches different fields is merged"
    assert going.case["goals"] == ["walk"] and going.case["person"]["height_m"] == 1.7
    clash = going.send("goals", goal=["run"], version=old)
    assert clash.status_code == 409 and "walk" in clash.text and "run" in clash.text
    assert going.case["goals"] == ["walk"]
    now = re.search(r'name="version" value="(\d+)"', clash.text)
    assert now and going.send("goals", goal=["run"], version=int(now.group(1))).status_code == 303
    assert going.case["goals"] == ["run"]


def test_tests_are_entered_by_side_and_saved_as_they_are_entered(house: House) -> None:
    going = begin(house, CALM)
    going.get("tests")
    fields = {"a.straight_leg_raise.left": "no", "a.straight_leg_raise.right": "not_possible"}
    answer = going.send("tests", part=True, who="physiotherapist", looked_up="straight_leg_raise",
                        shown=["straight_leg_raise"], **fields)  # fmt: skip
    assert answer.status_code == 200 and "Saved" in answer.text and f'value="{going.visit.version}"' in answer.text
    assert going.case["findings"]["straight_leg_raise"] == {"left": "no", "right": "not_possible"}
    page = going.get("tests?test=faber").text
    assert "Done (1)" in page and "FABER" in page
    fields = {"a.patellar_pubic_percussion.left": "yes", "who": "physiotherapist"}
    stop = going.send("tests", part=True, shown=["patellar_pubic_percussion"], **fields)
    assert stop.headers["hx-redirect"].endswith("/stop")


def test_a_bodyworker_is_shown_no_tests_of_a_physiotherapist(house: House) -> None:
    going = begin(house, CALM)
    page = going.get("tests?who=bodyworker").text
    assert 'value="slump_test"' not in page
    assert 'value="slump_test"' in going.get("tests?who=physiotherapist").text


def test_forty_degrees_of_extension_are_asked_back(house: House) -> None:
    pytest.importorskip("mujoco")
    going = begin(house, CALM)
    going.get("angles")
    fields = {"shown": ["hip.extension"], "m.hip.extension.left": ["40", "", ""]}
    asked = going.send("angles", **fields)
    assert asked.status_code == 200 and "Is that right?" in asked.text and "measurements" not in going.case
    assert going.send("angles", sure="1", **fields).status_code == 303
    assert going.case["measurements"][0]["value_deg"] == 40


def test_the_list_of_places_works_without_the_figure(house: House) -> None:
    page = begin(house, {"psoas_case": 1}).get("pain").text
    for place in ("lumbar_left", "hip_unspecified", "perineum_saddle_centre", "leg_back_whole_right"):
        assert f'name="mark" value="{place}"' in page and f'name="rate.{place}"' in page
    assert page.count('data-region="lumbar_left"') == 1


# ---- on the client's telephone


def by_phone(house: House) -> tuple[Going, str]:
    client = house.client(None)
    with house.records.work(house.scope) as work:
        person = work.people.add(given_name="Anna", family_name="Berg")
        _, token = work.links.make(person.id, "intake")
    page = client.get(f"/c/{token}", follow_redirects=True)
    assert page.status_code == 200 and "Begin" in page.text and "Berg" not in page.text
    going = Going(house, client, "", f"/c/{token}/intake", csrf_of(page.text))
    answer = client.post(f"/c/{token}/intake", data={"csrf": going.csrf})
    assert answer.headers["location"] == f"/c/{token}/intake/about"
    with house.records.work(house.scope) as work:
        visit = work.visits.open_of(person.id)
        assert visit is not None
    going.visit_id = visit.id
    return going, token


def test_a_client_fills_in_the_first_part_and_the_practitioner_goes_on(house: House) -> None:
    going, token = by_phone(house)
    going.get("about")
    going.send("about", age_years="33", sex="male")
    going.send("pain", mark=["lumbar_right"], onset="gradual")
    assert answer_sheets(going) <= 12
    page = going.get("questions").text
    assert "Tests" not in page and "cauda" not in page and "Anna" not in page
    for step in ("tests", "angles", "medicines", "goals", "review"):
        assert going.client.get(f"/c/{token}/intake/{step}").status_code == 404
    practitioner = house.client()
    page = practitioner.get(f"/visits/{going.visit_id}", follow_redirects=True)
    assert page.status_code == 200 and going.case["person"]["age_years"] == 33


def test_a_danger_on_the_telephone_says_plainly_what_to_do_and_alerts_the_practice(house: House) -> None:
    going, _ = by_phone(house)
    going.get("danger?sheet=bladder_and_bowel")
    going.send("danger", sheet="bladder_and_bowel", shown=["no_urine_passed"], tick=["no_urine_passed"])
    page = going.get("stop").text
    assert "Please get medical help now" in page and "emergency number" in page
    assert "cauda" not in page, "a client reads no name of a disease"
    assert "Go on all the same" not in page
    assert str(going.get("questions").url).endswith("/stop")
    assert "danger" in house.client().get(f"/people/{going.visit.person_id}").text.lower()
    assert str(house.client().get(f"/visits/{going.visit_id}", follow_redirects=True).url).endswith("/stop")


def test_a_link_for_a_check_in_opens_no_visit(house: House) -> None:
    with house.records.work(house.scope) as work:
        person = work.people.add(given_name="Anna")
        _, token = work.links.make(person.id, "check_in")
    assert house.client(None).get(f"/c/{token}/intake/danger").status_code == 404


def test_the_letter_is_there_as_soon_as_a_danger_stops_the_visit(house: House) -> None:
    pytest.importorskip("typst")
    going = begin(house, CALM | {"findings": {"saddle_numbness": "yes"}})
    letter = going.client.get(f"{going.base}/letter.pdf")
    assert letter.status_code == 200 and letter.content.startswith(b"%PDF")


def test_a_picture_of_a_test_is_drawn_and_another_name_is_not_there(house: House) -> None:
    client = house.client()
    picture = client.get("/visits/pictures/faber.svg")
    assert picture.headers["content-type"] == "image/svg+xml" and "<svg" in picture.text
    assert client.get("/visits/pictures/nothing.svg").status_code == 404


# ---- before you go


def at_a_stop(going: Going) -> tuple[str, list[str]]:
    page = going.get("stop").text
    return page, re.findall(r'name="shown" value="(\w+)"', page)


def test_a_stop_asks_at_once_what_could_make_it_graver(house: House) -> None:
    going = begin(house, CALM | {"findings": {"fever": "yes"}})
    page, shown = at_a_stop(going)
    assert "24 hours" in page or "same day" in page.lower() or "today" in page
    assert "is any of this true as well" in page and "hip_any_movement_painful" in shown
    wrong = going.send("stop", do="graver", shown=shown)
    assert wrong.status_code == 422 and "nothing is ticked" in wrong.text.lower()
    answer = going.send("stop", do="graver", shown=shown, tick=["hip_any_movement_painful"])
    assert answer.headers["location"] == f"{going.base}/stop" and going.visit.step == "stop"
    page, shown = at_a_stop(going)
    assert "stop--emergency_now" in page and not shown
    assert going.case["findings"]["belly_hard"] == "no"


def test_the_list_of_a_stop_takes_back_no_answer_and_saves_in_any_order(house: House) -> None:
    going = begin(house, CALM | {"findings": {"fever": "yes"}})
    _, shown = at_a_stop(going)
    old = going.visit.version
    going.send("stop", do="graver", shown=[*shown[:3], "fever"], none="1")
    assert going.case["findings"]["fever"] == "yes"
    again = going.send("stop", do="graver", shown=shown, tick=[shown[-1]], version=old)
    assert again.status_code == 303 and going.case["findings"][shown[-1]] != "no"
    assert [going.case["findings"][name] for name in shown[:3]] == ["no"] * 3


def test_a_client_is_asked_the_same_without_a_name_of_a_disease(house: House) -> None:
    going, _ = by_phone(house)
    going.get("danger?sheet=fever_and_infection")
    going.send("danger", sheet="fever_and_infection", shown=["fever"], tick=["fever"])
    page, shown = at_a_stop(going)
    assert "Please see a doctor today" in page and "saddle_numbness" in shown and "cauda" not in page
    going.send("stop", do="graver", shown=shown, tick=["saddle_numbness"])
    assert "Please get medical help now" in going.get("stop").text


def test_a_stop_that_is_over_takes_no_more_answers(house: House) -> None:
    going = begin(house, CALM | {"findings": {"fever": "yes"}})
    _, shown = at_a_stop(going)
    going.send("stop", do="end")
    assert going.send("stop", do="graver", shown=shown, none="1").status_code == 409
    assert "is any of this true as well" not in going.get("stop").text
