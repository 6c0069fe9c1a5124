"""What was settled on this person alone, where a person reads it: the verdict and the letter."""

from __future__ import annotations

from datetime import date

from psoas import assess
from psoas.knowledge import load
from psoas.knowledge.words import Words
from psoas.report.handout._letter import letter_data
from psoas.report.sources import hip_flexor_words

CASE = {
    "psoas_case": 1,
    "person": {"age_years": 40, "sex": "female"},
    "pain": {"regions": {"lumbar_right": 6}, "duration_weeks": 30, "course": "stable"},
    "settled": [
        {"what": "half_kneeling_tuck_stretch", "by": "retest", "verdict": "helps", "hip_flexor": "yes",
         "likelihood_ratio": 2.4, "ended": "2026-11-30"},
        {"what": "glute_bridge", "by": "trial", "verdict": "does_not", "ended": "2026-11-28"},
    ],
}  # fmt: skip


def test_the_verdict_names_the_retest_as_its_source() -> None:
    said = hip_flexor_words(assess(CASE).diagnosis.psoas, Words(load()))
    assert "Treated and tested again in a visit, ended 2026-11-30" in said
    assert "likelihood ratio 2.4, simulated" in said
    assert "glute bridge" not in said, "which is no hip flexor"


def test_the_letter_tells_what_was_settled() -> None:
    letter = letter_data(
        assess(CASE), load(), person=None, practice=None, clinician=None, today=date(2026, 12, 1)
    )  # fmt: skip
    assert "Tried over weeks by this person alone, ended 2026-11-28: glute bridge does not help" in letter["complaint"]
    assert "half-kneeling hip-flexor stretch" in letter["complaint"].lower()


def test_an_answer_without_it_says_nothing_of_it() -> None:
    answer = assess({name: value for name, value in CASE.items() if name != "settled"})
    assert "tested again in a visit" not in hip_flexor_words(answer.diagnosis.psoas, Words(load()))
    letter = letter_data(answer, load(), person=None, practice=None, clinician=None, today=date(2026, 12, 1))
    assert "Tried over weeks" not in letter["complaint"]
