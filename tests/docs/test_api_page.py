"""The pages on the API and on follow-up say what the program does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from psoas.follow_up import MEASURES, choices
from psoas.follow_up.types import VERDICTS
from psoas.web.api.description import openapi
from psoas.web.failures import CODES
from tests.web.apps import CASE, running

DOCS = Path(__file__).resolve().parents[2] / "docs"
API = (DOCS / "api.md").read_text(encoding="utf-8")
FOLLOW_UP = (DOCS / "follow_up.md").read_text(encoding="utf-8")


def test_the_request_of_the_page_is_answered_and_its_failure_is_real() -> None:
    asked = re.search(r"-d '(.*?)'", API, re.S)
    shown = re.search(r"```json\n(.*?)```", API, re.S)
    assert asked and shown
    made = running()
    with made.records:
        token = made.headers()
        assert made.client.post("/api/v1/assess", json=json.loads(asked[1]), headers=token).status_code == 200
        wrong = made.client.post("/api/v1/assess", json={**CASE, "pain": {"onset": "odd"}}, headers=token)
        assert wrong.json() == json.loads(shown[1])


def test_every_path_and_code_is_on_the_page() -> None:
    for path in openapi()["paths"]:
        stem = re.sub(r"\{\w+\}", "{id}", path.removeprefix("/api/v1"))
        told = stem if stem != "/schema/{id}" else "/schema/{case,answer,check_in}"
        assert told in API, path
    for status, code in CODES.items():
        if status != 415:
            assert f"{status} {code}" in API


def test_measures_and_verdicts_are_on_the_page() -> None:
    for measure in MEASURES:
        assert f"`{measure}`" in FOLLOW_UP
    for verdict in VERDICTS:
        if verdict != "unknown":
            assert verdict.replace("_", " ") in FOLLOW_UP
    for degrees in (choices.ORDINARY_PRACTICE_DEG, choices.TRAINED_TESTER_DEG, choices.HOME_PHOTO_DEG):
        assert f"{degrees:g}°" in FOLLOW_UP
