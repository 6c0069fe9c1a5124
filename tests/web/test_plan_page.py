"""The plan page without scripts: choose, order, dose, save; nothing that is held back gets in; the papers."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader

from tests.web.conftest import House
from tests.web.test_result import token_of, visit_of


def begun(house: House, name: str = "short_hip_flexor") -> tuple[TestClient, str, str]:
    """A client, the address of a visit, and its plan page."""
    client, address = house.client(), f"/visits/{visit_of(house, name)}"
    client.get(f"{address}/result")
    return client, address, client.get(f"{address}/plan").text


def ids_in(page: str) -> list[str]:
    return re.findall(r'name="id" value="([^"]+)"', page)


def send(client: TestClient, address: str, page: str, do: str, **fields: Any) -> Any:
    data = {"csrf": token_of(page), "id": fields.pop("ids", ids_in(page)), "do": do, **fields}
    return client.post(f"{address}/plan", data=data)


def words_of(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages))


def test_it_starts_with_what_psoas_proposes(house: House) -> None:
    _, _, page = begun(house)
    assert "nothing is saved yet" in page
    assert ids_in(page)[0].startswith("change_") and ids_in(page)[1].startswith("ease_")
    assert "Start: " in page and "certainty very low" in page and "Measure now, and again in" in page
    assert "/figures/half_kneeling_tuck_stretch/end.svg" in page


def test_each_button_works_as_a_plain_form_and_saving_keeps_a_version(house: House) -> None:
    client, address, page = begun(house)
    first, second, *rest = ids_in(page)
    moved = send(client, address, page, f"down:{first}").text
    assert ids_in(moved) == [second, first, *rest]
    less = send(client, address, moved, f"out:{first}").text
    assert ids_in(less) == [second, *rest]
    more = send(client, address, less, "add:clamshell").text
    assert ids_in(more) == [second, *rest, "clamshell"]
    kept = send(client, address, more, "save", **{"dose.clamshell.reps": "7", "note.clamshell": "mind the knee"})
    assert kept.status_code == 303
    visit_id = address.removeprefix("/visits/")
    with house.records.work(house.scope) as work:
        plan = work.plans.latest(visit_id)
    assert plan is not None and plan.number == 1
    assert [one["id"] for one in plan.content["choices"]] == [second, *rest, "clamshell"]
    assert plan.content["choices"][-1] == {"id": "clamshell", "dose": {"reps": 7.0}, "note": "mind the knee"}
    assert plan.content["plan"]["chosen"][-1]["dose_words"].startswith("7 times")
    again = client.get(f"{address}/plan").text
    assert ids_in(again) == [second, *rest, "clamshell"] and 'value="7"' in again and "version 1" in again


def test_what_is_held_back_cannot_be_smuggled_in(house: House) -> None:
    client, address, page = begun(house, "leg_pain")
    assert "add:spinal_manipulation_acute" not in page, "not on offer"
    sent = send(client, address, page, "add:spinal_manipulation_acute")
    assert sent.status_code == 422 and "cannot be added" in sent.text and "leg pain from a nerve" in sent.text
    forced = send(client, address, page, "save", ids=[*ids_in(page), "spinal_manipulation_acute"])
    assert forced.status_code == 422
    with house.records.work(house.scope) as work:
        assert work.plans.latest(address.removeprefix("/visits/")) is None


def test_a_dose_out_of_bounds_is_told_and_not_kept(house: House) -> None:
    client, address, page = begun(house)
    for given, said in (("900", "is 900; expected 1 to 52"), ("many", "expected a number")):
        sent = send(client, address, page, "save", **{"dose.half_kneeling_tuck_stretch.weeks": given})
        assert sent.status_code == 422 and said in sent.text


def test_clashes_are_told_live(house: House) -> None:
    client, address, page = begun(house)
    cream = send(client, address, page, "add:capsicum_topical").text
    assert "capsicum_topical" in ids_in(cream) and "Do not go together" not in cream
    sent = send(client, address, cream, "add:massage")
    assert sent.status_code == 200 and "Do not go together" in sent.text
    part = client.post(
        f"{address}/plan",
        data={"id": ids_in(sent.text), "do": "out:massage"},
        headers={"HX-Request": "true", "X-CSRF-Token": token_of(page)},
    )
    assert "<html" not in part.text and "Do not go together" not in part.text, "a part of the page for htmx"


def test_while_a_doctor_comes_first_nothing_can_be_added(house: House) -> None:
    client, address, page = begun(house, "looks_like_a_tight_psoas")
    assert "See a doctor today" in page and ids_in(page) == []
    sent = send(client, address, page, "add:glute_bridge", ids=[])
    assert sent.status_code == 422
    assert "not on offer" in sent.text


def test_the_sheet_holds_the_plan_that_was_saved(house: House) -> None:
    client, address, page = begun(house)
    send(client, address, page, "save", ids=["education_stay_active", "clamshell"])
    sheet = client.get(f"{address}/handout.pdf?skin=3&shape=broad&side=left")
    assert sheet.headers["content-type"] == "application/pdf"
    words = words_of(sheet.content)
    assert "Plan for Anna Berg" in words and "Harbour Street" in words
    assert "Clamshell" in words and "Glute bridge" not in words


def test_the_letter_needs_no_result(house: House) -> None:
    address = f"/visits/{visit_of(house, 'looks_like_a_tight_psoas')}"
    letter = house.client().get(f"{address}/letter.pdf")
    words = words_of(letter.content)
    assert "Anna Berg" in words and "Olivia Owner" in words and "psoas" in words.lower()
    assert house.client().get(f"{address}/handout.pdf").headers["location"] == f"{address}/result"


def test_a_result_of_another_version_is_shown_and_not_planned_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, address, page = begun(house)
    send(client, address, page, "save")
    monkeypatch.setattr("psoas.__version__", "99.0")
    shown = client.get(f"{address}/plan").text
    assert "made by another version" in shown and "Half-kneeling" in shown and 'name="do"' not in shown
    assert client.get(f"{address}/handout.pdf").status_code == 409


def test_pictures_of_exercises_are_open_and_unknown_ones_are_not_there(house: House) -> None:
    client = house.client(None)
    drawn = client.get("/figures/glute_bridge/end.svg?mirrored=true&skin=4&shape=broad")
    assert drawn.headers["content-type"] == "image/svg+xml" and drawn.text.startswith("<svg")
    for wrong in (
        "/figures/nothing/end.svg",
        "/figures/glute_bridge/middle.svg",
        "/figures/glute_bridge/end.svg?view=up",
    ):
        assert client.get(wrong).status_code == 404
    assert client.get("/figures/glute_bridge/end.svg?skin=9").status_code == 422
