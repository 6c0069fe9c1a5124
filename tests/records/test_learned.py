"""What the practice learns, from the store; and the file for a study, which holds nothing that names anybody."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pytest

from psoas.records import Refused
from psoas.records.learned import settled_questions, study_file, words_of_trials
from psoas.trial import LaidDown, State, state_of
from tests.records.conftest import Practice, answer


def fill_trials(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        said = {**answer(), "psoas": {"as_source": "possibly", "probability": 0.2}}
        work.results.keep(practice.visit, said, page={})
        laid_down = {
            "movement": "Secret movement", "treatment": "Secret stretch", "comparison": "Hand at rest", "seed": 1,
            "hip_flexor": True, "treatment_id": "half_kneeling_tuck_stretch",
        }  # fmt: skip
        made = work.trials.start(practice.person, "retest", laid_down, visit_id=practice.visit).id
        pain = 8
        work.trials.add(made, {"reading": {"pain_0_10": pain}})
        work.trials.add(made, {"reading": {"pain_0_10": pain}})

        def now() -> State:
            return state_of(LaidDown.of(laid_down), [one.content for one in work.trials.entries(made)])

        while not (state := now()).is_over:
            if state.step.what == "do":
                pain -= 3 if state.step.after == "treatment" else 0
                work.trials.add(made, {"done": state.step.after})
            else:
                work.trials.add(made, {"reading": {"pain_0_10": max(pain, 0)}})
        weeks = work.trials.start(practice.person, "weeks", {"treatment": "Secret stretch", "starts": "2026-01-01"}).id
        work.trials.add(weeks, {"day": "2026-01-02", "pain_0_10": 5, "did_it": True})
        look = {
            "until": "2026-02-04", "days": 35, "answered": 30, "word": "helps", "effect_points": -2.0,
            "interval_90": [-3.0, -1.0], "any_help": 0.99, "noticeable_help": 0.9, "noticeable_points": 1.4,
        }  # fmt: skip
        work.trials.add(weeks, {"look": look})


def test_what_was_said_before_is_held_against_what_the_retest_said(practice: Practice) -> None:
    fill_trials(practice)
    with practice.records.work(practice.owner) as work:
        (one,) = settled_questions(work)
        assert (one.word, one.probability, one.is_so) == ("possibly", 0.2, True)
        assert words_of_trials(work) == [("in own words", "helps")]


def test_the_file_for_a_study_names_nobody_and_is_in_the_trail(practice: Practice) -> None:
    fill_trials(practice)
    with practice.records.work(practice.owner) as work:
        made = zipfile.ZipFile(BytesIO(study_file(work, today=date(2026, 3, 1))))
        assert work.audit.entries(limit=1)[0].action == "practice.study_export"
    text = "".join(made.read(name).decode() for name in made.namelist())
    for word in ("Anna", "Berg", "1980", "Secret", "2026-01", practice.person, practice.visit):
        assert word not in text, word
    assert "half_kneeling_tuck_stretch" in text and "40s" in text
    assert made.read("days.csv").decode().startswith("person,trial,day,weekday,")
    assert practice.records.verify() == []


def test_only_an_owner_makes_it(practice: Practice) -> None:
    with practice.records.work(practice.practitioner) as work, pytest.raises(Refused):
        study_file(work, today=date(2026, 3, 1))
