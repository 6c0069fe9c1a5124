"""The result page without a browser: computed once, kept, shown as it was, and again only when asked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from psoas.interview import Interview
from psoas.records import Work
from psoas.web.steps.context import LEFT_OPEN
from tests.web.conftest import House

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"


def case_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def visit_of(house: House, name: str | dict[str, Any]) -> str:
    """A person with an open visit of an example, whose open safety questions were knowingly left open."""
    case = case_of(name) if isinstance(name, str) else name
    with house.records.work(house.scope) as work:
        person = work.people.add(given_name="Anna", family_name="Berg")
        visit = work.visits.start(person.id, case=case)
        leave_safety_open(work, visit.id, case)
        return visit.id


def leave_safety_open(work: Work, visit_id: str, case: dict[str, Any]) -> None:
    """Go on to the result without the danger questions, as a practitioner may."""
    sheets = [sheet for short in (True, False) for sheet in Interview(case, short=short).first_sheets]
    questions = [part.id for sheet in sheets for part in sheet.parts]
    told = json.dumps({"questions": questions, "by": "Olivia Owner"}).encode()
    work.files.add(visit_id, name=LEFT_OPEN, media_type="application/json", data=told)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found.group(1)


def test_the_answer_comes_first_in_three_lines(house: House) -> None:
    page = house.client().get(f"/visits/{visit_of(house, 'leg_pain')}/result")
    assert page.status_code == 200
    asked = ["Is it safe to work with hands?", "Where it probably comes from", "What to do first"]
    lines = re.findall(r"<dt>(.*?)</dt><dd>(.*?)<", page.text)[:3]
    assert [line[0] for line in lines] == asked
    assert lines[1][1].startswith("Clear: slipped disc pressing on a nerve, then")
    assert not re.search(r"\d ?%", "".join(said for _, said in lines)), "words for chances, no figures"
    places = [page.text.index(words) for words in (*asked, "Where the pain may come from", "What to do now")]
    assert places == sorted(places)


def test_the_picture_shows_the_pain_and_the_first_two_sources(house: House) -> None:
    page = house.client().get(f"/visits/{visit_of(house, 'leg_pain')}/result").text
    drawn = page.partition('class="pain-views"')[2].partition("</figure>")[0]
    assert "data-level" in drawn and set(re.findall(r"<text[^>]*>(\d)</text>", drawn)) == {"1", "2"}
    assert re.search(r'aria-label="Pain: [^"]+ of 10', page)


def test_it_is_computed_once_and_shown_from_the_records(house: House) -> None:
    client, visit_id = house.client(), visit_of(house, "desk_worker")
    first = client.get(f"/visits/{visit_id}/result").text
    with house.records.work(house.scope) as work:
        (kept,) = work.results.of(visit_id)
    assert client.get(f"/visits/{visit_id}/result").text == first
    with house.records.work(house.scope) as work:
        assert [one.id for one in work.results.of(visit_id)] == [kept.id]
    assert kept.psoas_version in first and kept.knowledge_sha256[:12] in first
    assert kept.answer["differential"][0]["source"] == kept.page["sources"][0]["id"]


def test_a_changed_visit_keeps_its_result_until_a_new_one_is_asked_for(house: House) -> None:
    client, visit_id = house.client(), visit_of(house, "leg_pain")
    before = client.get(f"/visits/{visit_id}/result").text
    changed = {**case_of("leg_pain"), "pain": {"regions": {"lumbar_left": 2}, "duration_weeks": 1}, "findings": {}}
    with house.records.work(house.scope) as work:
        visit = work.visits.get(visit_id)
        work.visits.save(visit_id, changed, version=visit.version, what="pain")
        leave_safety_open(work, visit_id, changed)
    page = client.get(f"/visits/{visit_id}/result").text
    assert "The answers have changed since" in page and "Clear: slipped disc pressing on a nerve" in page
    asked = client.post(f"/visits/{visit_id}/result", data={"csrf": token_of(page)})
    assert (asked.status_code, asked.headers["location"]) == (303, f"/visits/{visit_id}/result?said=computed")
    after = client.get(f"/visits/{visit_id}/result").text
    assert top_of(after) != top_of(before)
    with house.records.work(house.scope) as work:
        new, old = work.results.of(visit_id)
    earlier = client.get(f"/visits/{visit_id}/result?of={old.id}").text
    assert top_of(earlier) == top_of(before)
    assert client.get(f"/visits/{visit_id}/result?of={'0' * 32}").status_code == 404
    assert new.id != old.id


def top_of(page: str) -> str:
    """The three lines."""
    return page.partition('class="ten-seconds"')[2].partition("</dl>")[0]


def test_a_danger_stands_first_and_the_ranking_waits(house: House) -> None:
    client, visit_id = house.client(), visit_of(house, "looks_like_a_tight_psoas")
    page = client.get(f"/visits/{visit_id}/result").text
    assert "No, not before a doctor has looked." in top_of(page)
    assert page.index("See a doctor today") < page.index("Where the pain may come from")
    assert "This waits until the danger has been looked at." in top_of(page)
    assert f"/visits/{visit_id}/letter.pdf" in page
    assert "data-body-view" not in page, "the body waits too"
    assert "No hands-on work, tape, heat or loaded exercise before the doctor." in page


def test_the_body_gives_the_same_numbers_to_the_picture_and_to_the_table(house: House) -> None:
    client, visit_id = house.client(), visit_of(house, "short_hip_flexor")
    page = client.get(f"/visits/{visit_id}/result").text
    scene = client.get(f"/visits/{visit_id}/body.json").json()
    measured = scene["standing"]["states"]["measured"]["compression_n"][0]
    rows = re.findall(r'<th scope="row">(\w+/\w+)</th><td>(\d+)</td><td>(\d+)</td><td>[+-]', page)
    assert [(level, int(value)) for level, _, value in rows] == list(zip(scene["levels"], measured, strict=True))
    walking = client.get(f"/visits/{visit_id}/body.json?activity=walking").json()
    assert str(max(frame[5] for frame in walking["states"]["measured"]["compression_n"])) in page
    assert client.get(f"/visits/{visit_id}/body.json?activity=flying").status_code == 404
    assert client.get(f"/visits/{visit_id}/body.json?of=x").status_code == 404


def test_without_angles_the_flexors_are_average_and_it_is_said(house: House) -> None:
    visit_id = visit_of(house, {**case_of("leg_pain"), "measurements": []})
    page = house.client().get(f"/visits/{visit_id}/result").text
    assert "No hip angle that reads a flexor was measured" in page
    assert house.client().get(f"/visits/{visit_id}/body.json").json()["measured"] is False


def test_a_bare_answer_from_the_api_does_not_stand_in_the_way(house: House) -> None:
    from psoas import assess

    visit_id = visit_of(house, "desk_worker")
    with house.records.work(house.scope) as work:
        work.results.keep(visit_id, assess(case_of("desk_worker")).to_json(), page={})
    assert house.client().get(f"/visits/{visit_id}/result").status_code == 200
    with house.records.work(house.scope) as work:
        assert len(work.results.of(visit_id)) == 2


@pytest.mark.parametrize("path", ["result", "plan", "body.json", "handout.pdf", "letter.pdf"])
def test_the_front_desk_sees_nothing_of_it(house: House, path: str) -> None:
    visit_id = visit_of(house, "desk_worker")
    assert house.client("desk").get(f"/visits/{visit_id}/{path}").status_code == 403
