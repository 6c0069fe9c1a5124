"""What was tried on this person alone: re-tests move the hip flexors, trials the plan, and neither the danger."""

from __future__ import annotations

from typing import Any

import pytest

from psoas import assess
from psoas.diagnosis.tried import RATIO_MOST
from psoas.trial.choices import table

CASE: dict[str, Any] = {
    "psoas_case": 1,
    "person": {"age_years": 40, "sex": "female"},
    "pain": {"regions": {"lumbar_right": 6}, "duration_weeks": 30, "course": "stable"},
}


def with_retests(*ratios: float, hip_flexor: str = "yes") -> Any:
    rows = [
        {"what": "half_kneeling_tuck_stretch", "by": "retest", "verdict": "helps" if ratio > 1 else "does_not",
         "hip_flexor": hip_flexor, "likelihood_ratio": ratio}
        for ratio in ratios
    ]  # fmt: skip
    return assess({**CASE, "settled": rows} if rows else CASE)


def odds(answer: Any) -> float:
    p = answer.diagnosis.psoas.probability
    return float(p / (1 - p))


def test_the_odds_of_the_hip_flexors_move_by_the_ratio() -> None:
    assert odds(with_retests(3.0)) / odds(with_retests()) == pytest.approx(3.0, rel=1e-6)
    assert odds(with_retests(0.4)) / odds(with_retests()) == pytest.approx(0.4, rel=1e-6)


def test_several_visits_are_held_within_the_limits_of_one() -> None:
    assert odds(with_retests(4.0, 4.0, 4.0)) == pytest.approx(odds(with_retests(4.0)))
    assert odds(with_retests(0.25, 0.25)) == pytest.approx(odds(with_retests(0.25)))
    row = table()["retest"]
    assert (row["ratio_most"], row["ratio_least"]) == (RATIO_MOST, 1 / RATIO_MOST)


def test_what_was_done_to_another_part_moves_nothing() -> None:
    assert with_retests(4.0, hip_flexor="no").to_json()["differential"] == with_retests().to_json()["differential"]


def test_the_danger_screen_never_reads_it() -> None:
    danger = {**CASE, "findings": {"saddle_numbness": "yes"}}
    row = {"what": "hip_flexors", "by": "retest", "verdict": "helps", "hip_flexor": "yes", "likelihood_ratio": 4.0}
    plain, tried = assess(danger), assess({**danger, "settled": [row]})
    assert plain.screen == tried.screen
    assert plain.plan.urgency == tried.plan.urgency


def test_its_reason_and_its_source_are_told() -> None:
    answer = with_retests(3.0)
    flexors = [one for one in answer.diagnosis.differential if any(why.finding == "retest" for why in one.for_)]
    assert len(flexors) == 4
    (why,) = (why for why in flexors[0].for_ if why.finding == "retest")
    assert why.read_in == ("reasoned",) and why.log2_odds == pytest.approx(1.585, abs=1e-3)
    assert answer.to_json()["psoas"]["settled"][0]["likelihood_ratio"] == 3.0
    assert "settled" not in with_retests().to_json()["psoas"]


def test_a_trial_over_weeks_moves_the_plan_and_no_probability() -> None:
    plain = assess(CASE)
    gone = next(item.id for item in plain.plan.items if item.kind == "exercise")
    row = {"what": gone, "by": "trial", "verdict": "does_not", "ended": "2026-03-29"}
    later = {**row, "verdict": "helps", "ended": "2026-09-29"}
    after = assess({**CASE, "settled": [row]})
    assert after.to_json()["differential"] == plain.to_json()["differential"]
    assert gone not in [item.id for item in after.plan.items]
    assert gone in [item.id for item in assess({**CASE, "settled": [later, row]}).plan.items], "the last word counts"


@pytest.mark.parametrize(
    ("row", "field"),
    [({"likelihood_ratio": 9.0}, "likelihood_ratio"), ({"verdict": "perhaps"}, "verdict"), ({"by": "faith"}, "by"),
     ({"what": ""}, "what"), ({"cure": 1}, "cure")],
)  # fmt: skip
def test_a_wrong_row_gets_a_sentence(row: dict[str, Any], field: str) -> None:
    from psoas.errors import CaseError

    whole = {"what": "walking", "by": "retest", "verdict": "helps", **row}
    with pytest.raises(CaseError, match=field):
        assess({**CASE, "settled": [whole]})
