"""The life of a visit in the app: finished, reopened, cancelled; a second one that knows the first; a session."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from psoas.records.ids import as_of
from tests.web.conftest import House, csrf_of
from tests.web.test_visit import CALM, Going, answer_sheets, begin

ANGLES = [
    {"id": "modified_thomas.thigh_angle", "side": "left", "value_deg": -12, "pelvis": "controlled"},
    {"id": "modified_thomas.thigh_angle", "side": "right", "value_deg": 4, "pelvis": "controlled"},
]
FULL = CALM | {
    "person": {"age_years": 47, "sex": "female", "height_m": 1.72},
    "conditions": ["diabetes"],
    "medicines": ["ibuprofen"],
    "goals": ["walk 5 km"],
    "measurements": ANGLES,
    "findings": {"worse_with_sitting": "yes", "faber": {"left": "yes"}, "fever": "no", "history_of_cancer": "yes"},
}


def second_visit(house: House, case: dict[str, Any] = FULL, kind: str = "follow_up") -> tuple[Going, str]:
    """A person whose first visit was finished three weeks ago, and the next one; with the id of the first."""
    client = house.client()
    with as_of(datetime.now(UTC) - timedelta(weeks=3)), house.records.work(house.scope) as work:
        person = work.people.add(given_name="Anna", family_name="Berg").id
        first = work.visits.start(person, case=case).id
        work.visits.close(first, "finished")
    csrf = csrf_of(client.get(f"/people/{person}").text)
    answer = client.post(f"/people/{person}/visits", data={"csrf": csrf, "kind": kind})
    base = answer.headers["location"]
    return Going(house, client, base.rpartition("/")[2], base, csrf), first


def test_a_visit_is_looked_over_finished_and_reopened(house: House) -> None:
    going = begin(house, CALM)
    page = going.get("finish").text
    for words in ("safety questions are open", "No note was written", "No consent is on record"):
        assert words in page
    done = going.send("finish", next_on="")
    assert done.headers["location"].endswith("?said=finished") and going.visit.state == "finished"
    again = going.send("finish", next_on="")  # the back button, and once more
    assert again.status_code == 303 and going.visit.state == "finished"
    assert "This visit is finished" in going.get("review").text
    refused = going.send("goals", goal=["run"])
    assert refused.status_code == 409 and "goals" not in going.case
    going.send("reopen")
    assert going.visit.state == "open"
    assert going.send("goals", goal=["run"]).status_code == 303


def test_it_is_not_finished_over_what_a_second_tab_saved(house: House) -> None:
    going = begin(house, CALM)
    going.get("finish")
    stale = going.visit.version
    going.send("goals", goal=["run"])
    answer = going.send("finish", version=stale)
    assert answer.status_code == 409 and "look over it once more" in answer.text and going.visit.state == "open"


def test_a_wrong_day_for_the_next_visit_is_told(house: House) -> None:
    going = begin(house, CALM)
    going.get("finish")
    assert "is past" in going.send("finish", next_on="2020-01-01").text
    assert going.send("finish", next_on="tomorrow").status_code == 422
    assert going.visit.state == "open"


def test_a_visit_with_a_danger_is_neither_finished_nor_cancelled_past_it(house: House) -> None:
    going = begin(house, CALM | {"findings": {"saddle_numbness": "yes"}})
    going.get("finish")
    for way in ("finish", "cancel"):
        assert going.send(way).headers["location"] == f"{going.base}/stop"
        assert going.visit.state == "open"


def test_a_cancelled_visit_is_kept_and_nothing_is_taken_over_from_it(house: House) -> None:
    going = begin(house, FULL)
    going.send("cancel")
    assert going.visit.state == "cancelled" and going.case["goals"] == ["walk 5 km"]
    person = going.visit.person_id
    answer = going.client.post(f"/people/{person}/visits", data={"csrf": going.csrf})
    new = Going(house, going.client, answer.headers["location"].rpartition("/")[2], answer.headers["location"])
    assert new.visit.kind == "assessment" and "goals" not in new.case
    assert new.client.post(f"{going.base}/reopen", data={"csrf": going.csrf}).status_code == 409


def test_two_tabs_start_one_visit(house: House) -> None:
    going = begin(house)
    person = going.visit.person_id
    again = going.client.post(f"/people/{person}/visits", data={"csrf": going.csrf, "kind": "treatment"})
    assert again.headers["location"] == going.base


def test_a_follow_up_knows_the_first_visit(house: House) -> None:
    going, first = second_visit(house)
    case = going.case
    assert (going.visit.kind, going.visit.previous_id) == ("follow_up", first)
    assert case["person"]["height_m"] == 1.72 and case["conditions"] == ["diabetes"]
    assert case["medicines"] == ["ibuprofen"] and case["goals"] == ["walk 5 km"]
    assert case["pain"] == {"duration_weeks": 11.0, "onset": "gradual"}, "three weeks longer, and drawn anew"
    assert case["findings"] == {"worse_with_sitting": "yes", "history_of_cancer": "yes"}
    assert "measurements" not in case, "they are measured again"
    page = going.get("/visits/" + going.visit_id)
    assert str(page.url).endswith("/since")
    for words in ("True last time: still so?", "172 cm", "diabetes", "ibuprofen", "walk 5 km", "1 test and 1 meas"):
        assert words in page.text
    assert 'value="lumbar_left" checked' in going.get("pain").text and "last time 6" in going.get("pain").text


def test_danger_is_asked_again_in_lines_and_none_is_taken_for_granted(house: House) -> None:
    going, _ = second_visit(house)
    page = going.get("since").text
    sheets = re.findall(r'name="none" value="(\w+)"', page)
    shown = re.findall(r'name="shown" value="(\w+)"', page)
    assert len(sheets) >= 10 and "fever" in shown and "history_of_cancer" not in shown
    answer = going.send("since", course="improving", worst="3", shown=shown, none=sheets[:2])
    assert answer.headers["location"] == f"{going.base}/pain"
    case = going.case
    assert case["pain"]["course"] == "improving" and case["pain"]["worst_overall_0_10"] == 3
    assert case["findings"]["saddle_numbness"] == "no" and case["findings"]["history_of_cancer"] == "yes"
    assert "fever" not in case["findings"], "a line that nobody ticked stays open"
    left = going.get("since").text
    assert len(re.findall(r'name="none" value="(\w+)"', left)) == len(sheets) - 2
    going.send("since", **{"still.history_of_cancer": "no"})
    assert going.case["findings"]["history_of_cancer"] == "no"


def test_a_tick_and_none_in_one_line_are_sent_back(house: House) -> None:
    going, _ = second_visit(house)
    going.get("since")
    answer = going.send("since", shown=["fever"], tick=["fever"], none=["fever_and_infection"])
    assert "keep one" in answer.text and "fever" not in going.case["findings"]


def test_a_new_danger_stops_a_follow_up_at_once(house: House) -> None:
    going, _ = second_visit(house)
    going.get("since")
    answer = going.send("since", shown=["saddle_numbness"], tick=["saddle_numbness"])
    assert answer.headers["location"] == f"{going.base}/stop"


def test_a_danger_of_the_last_visit_is_not_forgotten(house: House) -> None:
    going, _ = second_visit(house, FULL | {"findings": {"saddle_numbness": "yes"}})
    with house.records.work(house.scope) as work:
        assert [one.visit_id for one in work.people.alarms()] == [going.visit_id]
    page = going.get("/visits/" + going.visit_id)
    assert str(page.url).endswith("/since") and "True last time" in page.text
    going.send("since", course="stable")
    assert str(going.get("/visits/" + going.visit_id).url).endswith("/stop")
    going.send("since", **{"still.saddle_numbness": "no"})
    assert going.case["findings"]["saddle_numbness"] == "no"
    with house.records.work(house.scope) as work:
        assert work.people.alarms() == ()


def test_a_danger_told_between_visits_is_taken_over(house: House) -> None:
    client = house.client()
    with as_of(datetime.now(UTC) - timedelta(weeks=3)), house.records.work(house.scope) as work:
        person = work.people.add(family_name="Berg").id
        work.visits.close(work.visits.start(person, case=FULL).id, "finished")
    told = {"psoas_check_in": 1, "on": datetime.now(UTC).date().isoformat(), "danger": {"fever": "yes"}}
    with house.records.work(house.scope) as work:
        work.check_ins.add(person, told, alarm="same_day")
    csrf = csrf_of(client.get(f"/people/{person}").text)
    base = client.post(f"/people/{person}/visits", data={"csrf": csrf}).headers["location"]
    with house.records.work(house.scope) as work:
        assert work.visits.get(base.rpartition("/")[2]).case["findings"]["fever"] == "yes"


def test_a_new_complaint_takes_over_facts_and_not_the_old_pain(house: House) -> None:
    going, _ = second_visit(house, kind="assessment")
    case = going.case
    assert case["person"]["height_m"] == 1.72 and case["conditions"] == ["diabetes"]
    assert "pain" not in case and "goals" not in case
    assert case["findings"] == {"history_of_cancer": "yes"}


def test_a_treatment_session_needs_no_assessment(house: House) -> None:
    going, first = second_visit(house, kind="treatment")
    going.get("since")
    assert going.send("since", course="improving", worst="2").headers["location"] == f"{going.base}/note"
    page = going.get("result").text
    assert "A treatment session has no assessment of its own" in page and f"/visits/{first}/result" in page
    going.get("finish")
    assert going.send("finish").status_code == 303
    with house.records.work(house.scope) as work:
        last = work.visits.last_held(going.visit.person_id)
        assert last is not None and last.id == first


def test_two_visits_side_by_side(house: House) -> None:
    going, _ = second_visit(house)
    now = going.case | {
        "pain": {"regions": {"lumbar_left": 2}, "worst_overall_0_10": 2, "course": "improving"},
        "findings": {"worse_with_sitting": "no", "faber": {"left": "no"}},
        "measurements": [ANGLES[0] | {"value_deg": -25}],
    }
    with house.records.work(house.scope) as work:
        work.visits.save(going.visit_id, now, version=going.visit.version, what="test")
    page = going.get("compare").text
    assert "What changed" in page and "6 of 10" in page and "2 of 10" in page
    assert "−12°" in page and "−25°" in page
    assert "Answers that are no longer the same" in page and "left: yes" in page and "left: no" in page


def test_nothing_comes_from_nothing(house: House) -> None:
    going = begin(house)
    page = going.get("result").text
    assert "No result yet" in page and f'href="{going.base}/pain"' in page
    for path in ("plan", "handout.pdf"):
        assert "No result yet" in going.get(path).text
    with house.records.work(house.scope) as work:
        assert work.results.of(going.visit_id) == ()
    assert "No result yet" in going.client.post(f"{going.base}/result", data={"csrf": going.csrf}).text


def test_safety_comes_before_a_result_or_is_knowingly_left_open(house: House) -> None:
    going = begin(house, CALM)
    page = going.get("result").text
    assert "No result yet" in page and "Go on without them" in page
    answer = going.send("left-open")
    assert answer.headers["location"] == f"{going.base}/result"
    assert "No result yet" not in going.get("result").text
    going = begin(house, CALM)
    answer_sheets(going)
    assert "No result yet" not in going.get("result").text


def test_open_safety_questions_are_counted_once(house: House) -> None:
    going = begin(house, CALM)
    counts = {
        int(found)
        for path in ("result", "review", "finish")
        for found in re.findall(r"(\d+) safety questions are open", going.get(path).text)
    }
    assert len(counts) == 1
    going.send("left-open")
    assert {int(found) for found in re.findall(r"(\d+) safety questions are open", going.get("result").text)} == counts


def test_a_returning_client_does_not_start_blank(house: House) -> None:
    _, first = second_visit(house)
    with house.records.work(house.scope) as work:
        person = work.visits.get(first).person_id
        open_ = work.visits.open_of(person)
        assert open_ is not None
        work.visits.close(open_.id, "cancelled")
        _, token = work.links.make(person, "intake")
    client = house.client(None)
    page = client.get(f"/c/{token}/intake").text
    client.post(f"/c/{token}/intake", data={"csrf": csrf_of(page)})
    assert 'value="172"' in client.get(f"/c/{token}/intake/about").text
