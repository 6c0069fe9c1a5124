"""One urgency, one deadline: every place that names a time takes it from the one table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import psoas
from psoas.knowledge import load
from psoas.knowledge.deadlines import with_deadlines, within
from psoas.report.handout._words import client_words, letter_words
from psoas.report.phrases import headlines
from psoas.web.follow_up.words import words as check_in_words
from psoas.web.steps.stop import _words as visit_words

SOURCE = Path(psoas.__file__).parent
TIMES = re.compile(r"two weeks|2 weeks|24 hours|within days|this week|doctor today|within weeks", re.IGNORECASE)
PLACES = (
    "web/words/visit.yaml", "web/words/check_in.yaml", "report/handout/data/client.yaml",
    "report/handout/data/letter.yaml", "report/phrases.py",
)  # fmt: skip


def test_every_place_says_the_same_of_an_urgent_referral() -> None:
    said = (
        headlines()["urgent_referral"].lower(),
        client_words()["urgency"]["urgent_referral"],
        letter_words()["headline"]["urgent_referral"],
        letter_words()["asked"]["urgent_referral"],
        check_in_words()["urgency"]["urgent_referral"]["title"],
        check_in_words()["urgency"]["urgent_referral"]["what"],
        check_in_words()["alarms"]["urgent_referral"],
        " ".join(visit_words()["client_stop"]["urgent_referral"]["text"]),
        load().red_flags.action_scale["urgent_referral"],
    )
    for text in said:
        assert within("urgent_referral") in text.lower()


@pytest.mark.parametrize("place", PLACES)
def test_no_file_of_words_names_a_time_of_its_own(place: str) -> None:
    lines = (SOURCE / place).read_text(encoding="utf-8").partition("\nreview:")[0].splitlines()
    assert [line for line in lines if TIMES.search(line) and not line.lstrip().startswith("#")] == []


def test_no_placeholder_is_left() -> None:
    for texts in (headlines(), client_words(), letter_words(), check_in_words(), visit_words()):
        assert "{within}" not in str(texts)
        assert "{soon}" not in str(texts)


def test_a_text_outside_an_urgency_stays_as_it_is() -> None:
    assert with_deadlines({"other": "{within}"}) == {"other": "{within}"}
    assert with_deadlines({"same_day": ["{within}"]}) == {"same_day": ["within 24 hours"]}
