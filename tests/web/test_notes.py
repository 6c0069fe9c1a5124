"""The note of a session, consents, and what leaves the practice: the letter's share, the copy, the link."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from tests.web.conftest import House, csrf_of
from tests.web.test_visit import CALM, Going, begin
from tests.web.test_visit_life import FULL

LONG = "Ж long words\n" * 4000 + "the last line"


def send_note(going: Going, number: int = 0, **fields: Any) -> Any:
    return going.client.post(f"{going.base}/note", data={"csrf": going.csrf, "number": str(number), **fields})


def test_a_note_begins_with_what_the_visit_holds_and_is_not_kept_until_saved(house: House) -> None:
    going = begin(house, FULL | {"notes": "Prefers mornings"})
    page = going.get("note").text
    for words in ("Low back, left: 6 of 10", "walk 5 km", "Prefers mornings", "−12°", "nothing is saved yet"):
        assert words in page
    with house.records.work(house.scope) as work:
        assert work.notes.of(going.visit_id) == ()


def test_free_text_is_never_cut(house: House) -> None:
    going = begin(house, CALM)
    going.get("note")
    assert send_note(going, said=LONG).status_code == 303
    with house.records.work(house.scope) as work:
        kept = work.notes.latest(going.visit_id)
    assert kept is not None and kept.content["said"] == LONG
    assert "the last line" in going.get("note").text


def test_hands_on_work_is_kept_line_by_line(house: House) -> None:
    going = begin(house, CALM)
    going.get("note")
    hands = {
        "hands.technique": ["massage", "", "tape"],
        "hands.region": ["low back", "", "knee"],
        "hands.side": ["left", "", "right"],
        "hands.minutes": ["15", "", ""],
        "hands.reaction": ["better", "", ""],
    }
    send_note(going, done="Taught the bridge.", **hands)
    page = going.get("note").text
    assert "massage, low back, left, 15 min: better" in page and "tape, knee, right" in page
    with house.records.work(house.scope) as work:
        kept = work.notes.latest(going.visit_id)
    assert kept is not None and len(kept.content["hands"]) == 2


def test_a_second_press_makes_no_second_version_and_nobody_is_written_over(house: House) -> None:
    going = begin(house, CALM)
    going.get("note")
    for _ in range(2):
        assert send_note(going, said="Sleeps better").status_code == 303
    with house.records.work(house.scope) as work:
        assert [one.number for one in work.notes.of(going.visit_id)] == [1]
    other = send_note(going, number=0, said="Written in another tab")
    assert other.status_code == 409
    assert "Written in another tab" in other.text and "Sleeps better" in other.text
    assert 'name="number" value="1"' in other.text, "sent once more, mine is the next version"


def test_a_note_is_written_after_the_visit_is_finished(house: House) -> None:
    going = begin(house, CALM)
    going.get("finish")
    going.send("finish")
    going.get("note")
    assert send_note(going, said="Late in the evening").status_code == 303


def test_a_consent_is_a_dated_record_with_a_signature(house: House) -> None:
    going = begin(house, CALM)
    person = going.visit.person_id
    page = going.client.get(f"/people/{person}/consent").text
    form = {"csrf": csrf_of(page), "to": ["hands_on"], "more": "cupping", "name": "Anna Berg"}
    for _ in range(2):
        answer = going.client.post(f"/people/{person}/consent", data=form | {"signature": "1,2 30,40;50,60 70,80"})
        assert answer.status_code == 303
    page = going.client.get(f"/people/{person}/consent").text
    assert "cupping" in page and page.count("<polyline") == 2
    with house.records.work(house.scope) as work:
        assert len(work.consents.of(person)) == 1, "a button pressed twice"
    going.client.post(f"/people/{person}/consent", data={"csrf": csrf_of(page), "name": "Anna Berg", "do": "withdraw"})
    assert "taken back" in going.client.get(f"/people/{person}/consent").text
    assert "Taken back on" in going.client.get(f"/people/{person}").text


def test_a_consent_to_nothing_is_sent_back_and_a_hostile_signature_is_not_drawn(house: House) -> None:
    going = begin(house, CALM)
    person = going.visit.person_id
    csrf = csrf_of(going.client.get(f"/people/{person}/consent").text)
    assert going.client.post(f"/people/{person}/consent", data={"csrf": csrf, "name": "A"}).status_code == 422
    form = {"csrf": csrf, "to": ["hands_on"], "name": "A", "signature": '"/><script>alert(1)</script>'}
    going.client.post(f"/people/{person}/consent", data=form)
    page = going.client.get(f"/people/{person}/consent").text
    assert "alert(1)" not in page and "<polyline" not in page


def test_note_and_consent_are_in_the_copy_and_its_page_can_be_printed(house: House) -> None:
    going = begin(house, FULL)
    going.get("note")
    send_note(going, said="Sleeps better")
    going.send("left-open")
    going.get("result")
    person = going.visit.person_id
    with house.records.work(house.scope) as work:
        work.consents.keep(person, {"agreed": True, "to": ["hands-on work"], "name": "Anna"})
    made = zipfile.ZipFile(io.BytesIO(going.client.get(f"/people/{person}/export").content))
    page = made.read("index.html").decode()
    assert "Sleeps better" in page and "hands-on work" in page
    assert "log2" not in page and len(page) < 60_000, "the answer's figures stand in record.json"
    assert '"differential"' in made.read("record.json").decode()


def test_a_link_that_no_telephone_can_open_has_no_code_to_scan(house: House) -> None:
    going = begin(house, CALM)
    person = going.visit.person_id
    page = going.client.post(f"/people/{person}/links", data={"csrf": going.csrf, "purpose": "intake"}).text
    assert "opens on this machine only" in page and 'class="qr"' not in page


def test_a_code_names_the_address_that_telephones_reach(make_house: Any) -> None:
    from pathlib import Path

    house = make_house(host="192.168.1.20", tls_cert=Path("c"), tls_key=Path("k"))
    with house.records.work(house.scope) as work:
        person = work.people.add(family_name="Berg").id
    client = house.client()
    csrf = csrf_of(client.get(f"/people/{person}/links").text)
    page = client.post(f"/people/{person}/links", data={"csrf": csrf, "purpose": "intake"}).text
    found = re.search(r'value="(https://[^"]+)/c/', page)
    assert found and found.group(1) == "https://192.168.1.20" and 'class="qr"' in page
