"""Names as long as they come: title, sender and date of a sheet never lie over each other."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from psoas import assess
from psoas.knowledge import load
from psoas.knowledge.words import Words
from psoas.report.handout import Clinician, Patient, Practice, client_pdf, doctor_letter_pdf

CASE = Path(__file__).resolve().parents[2] / "examples" / "desk_worker.yaml"
LONG = "Andriantsimitoviaminandriandrazaka"
PRACTICE = "Physiotherapiezentrum am Donauufer"
TODAY = date(2026, 11, 30)


def lines_of(pdf: bytes) -> list[tuple[float, float, str]]:
    """Text of the first page with its height and place: (y, x, text)."""
    found: list[tuple[float, float, str]] = []

    def take(text: str, page: list[float], place: list[float], *more: object) -> None:
        if text.strip():
            height = page[5] + page[3] * place[5]
            found.append((round(height, 1), round(page[4] + page[0] * place[4], 1), text.strip()))

    PdfReader(BytesIO(pdf)).pages[0].extract_text(visitor_text=take)
    return found


@pytest.mark.parametrize("name", [LONG, f"Maria {LONG}", "Ada Lovelace", LONG * 3])
def test_a_long_name_stands_apart_from_practice_and_date(name: str) -> None:
    answer = assess(CASE)
    pdf = client_pdf(
        answer.plan, answer.case, Words(load()), person_name=name, practice=Practice(PRACTICE), today=TODAY
    )
    text = PdfReader(BytesIO(pdf)).pages[0].extract_text().replace("\n", "").replace("\u200b", "")
    for said in (name.split()[-1], PRACTICE, "30 November 2026"):
        assert said.replace(" ", "") in text.replace(" ", "")
    if name != "Ada Lovelace":  # one below the other, so no two of them share a height
        heights = [y for y, _, said in lines_of(pdf) if said in (PRACTICE, "30 November 2026")]
        titles = [y for y, _, said in lines_of(pdf) if said.startswith("Plan for")]
        assert not set(heights) & set(titles)


def test_a_long_name_fits_the_letter() -> None:
    pdf = doctor_letter_pdf(
        assess(CASE),
        person=Patient(LONG * 2, None, ""),
        practice=Practice(PRACTICE * 2),
        clinician=Clinician(LONG),
        today=TODAY,
    )
    text = PdfReader(BytesIO(pdf)).pages[0].extract_text().replace("\n", "").replace("\u200b", "")
    assert LONG * 2 in text.replace(" ", "")
