"""A client reads plain words: no examiner's wording, no id, no note of the evidence, no reference without a target."""

from __future__ import annotations

import re
from html import unescape

import pytest

from psoas.interview import danger_sheets
from psoas.knowledge import load
from psoas.web.security.limits import Bucket
from tests.web.conftest import House
from tests.web.test_visit import CALM, Going, begin, by_phone

KNOWLEDGE = load()
TABLE = KNOWLEDGE.findings.findings
CAN_ANSWER = tuple(sorted(name for name, finding in TABLE.items() if finding.mode in ("ask", "self_test")))
IDS = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
CITED = re.compile(r"\[[a-z_]+(?:_\d{4})?\]|\(see [^)]*\)|https?://")
EXAMINER = (
    "the person",
    "the examiner",
    "familiar pain",
    "palpat",
    "passive",
    "likelihood",
    "specificity",
    "it counts when",
)


def read(html: str) -> str:
    """What stands on a page for a reader."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())


def wrong_words(text: str) -> list[str]:
    lower = text.lower()
    notes = [finding.how for finding in TABLE.values() if finding.how in text]
    return [*IDS.findall(text), *CITED.findall(text), *(one for one in EXAMINER if one in lower), *notes]


@pytest.fixture
def phone(house: House, monkeypatch: pytest.MonkeyPatch) -> Going:
    """A client on the telephone who may turn as many pages as there are."""
    monkeypatch.setattr(Bucket, "take", lambda self, key: None)
    going, _ = by_phone(house)
    going.get("about")
    going.send("about", age_years="33", sex="female")
    going.send("pain", mark=["lumbar_right", "hip_anterior_right"], onset="gradual")
    return going


def test_every_danger_sheet_is_plain(phone: Going) -> None:
    for sheet in danger_sheets():
        answer = phone.client.get(f"{phone.base}/danger?sheet={sheet.id}", follow_redirects=True)
        assert answer.status_code == 200
        assert wrong_words(read(answer.text)) == [], sheet.id


def test_every_question_and_self_test_is_plain(phone: Going) -> None:
    for name in CAN_ANSWER:
        answer = phone.client.get(f"{phone.base}/questions?q={name}")
        assert answer.status_code == 200, name
        assert wrong_words(read(answer.text)) == [], name


def test_what_an_examiner_finds_is_no_question_for_a_client(phone: Going) -> None:
    for name in ("facet_line_tender", "faber", "motor_deficit", "mri_modic_1"):
        assert phone.client.get(f"{phone.base}/questions?q={name}").status_code == 404


def test_a_practitioner_reads_the_words_of_the_trade_too(house: House) -> None:
    going = begin(house, CALM)
    page = read(going.get("questions?q=worse_lifting").text)
    assert "Does lifting things make the pain worse?" in page and TABLE["worse_lifting"].how in page


def test_the_front_of_the_hip_can_be_marked(phone: Going) -> None:
    page = phone.get("pain").text
    assert 'data-region="hip_anterior_left"' in page and 'name="mark" value="hip_anterior_left"' in page
    assert "hip_anterior_right" in phone.case["pain"]["regions"]


def test_told_and_measured_stand_beside_each_other_on_the_review(house: House) -> None:
    differ = {
        "findings": {"hip_internal_rotation_reduced": {"right": "no"}},
        "measurements": [{"id": "hip.internal_rotation", "side": "right", "value_deg": 20}],
    }
    page = read(begin(house, CALM | differ).get("review").text)
    assert "Told and measured differ" in page and "no was told, but measured it is yes" in page
    assert "Told and measured differ" not in read(begin(house, CALM).get("review").text)
