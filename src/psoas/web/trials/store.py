"""Trials as the records hold them, and what they settle for the case of a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psoas.errors import CaseError
from psoas.records.clock import day_of
from psoas.trial import Course, LaidDown, Retest, State, course_of, state_of

if TYPE_CHECKING:
    from psoas.records import StoredTrial, Work

Data = dict[str, Any]
ABOUT = ("treatment_id", "hip_flexor", "plan_id")
"""What is kept beside how a trial over weeks is laid down, and is none of its analysis."""
EASED, NOT_EASED = 2.0, 0.5
"""Likelihood ratios from which a re-test is said to speak for and against; as the sentence of a re-test has them."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """A trial over weeks with what was kept of it."""

    stored: StoredTrial
    course: Course

    @property
    def treatment_id(self) -> str:
        """The id of what is tried; empty for something in the practitioner's own words."""
        return str(self.stored.content.get("treatment_id", ""))


def retest_of(work: Work, stored: StoredTrial) -> State:
    """A re-test as far as it has come."""
    entries = [entry.content for entry in work.trials.entries(stored.id)]
    return state_of(LaidDown.of(stored.content), entries)


def weeks_of(work: Work, stored: StoredTrial) -> Weeks:
    """A trial over weeks as far as it has come."""
    laid_down = {name: value for name, value in stored.content.items() if name not in ABOUT}
    return Weeks(stored, course_of(laid_down, [entry.content for entry in work.trials.entries(stored.id)]))


def all_weeks(work: Work, person_id: str) -> tuple[Weeks, ...]:
    """The trials over weeks of a person that can be read, the newest first."""
    found = []
    for stored in work.trials.of(person_id):
        if stored.kind == "weeks":
            try:
                found.append(weeks_of(work, stored))
            except CaseError:
                continue
    return tuple(found)


def word_of(result: Retest) -> str:
    """The word for a re-test, as the case has it."""
    if result.likelihood_ratio >= EASED:
        return "helps"
    return "does_not" if result.likelihood_ratio <= NOT_EASED else "cannot_tell_yet"


def settled_by_retest(stored: StoredTrial, state: State) -> Data | None:
    """What a re-test adds to the case; None while it is not over, or says nothing."""
    if not state.is_over or state.result is None:
        return None
    laid_down, result = state.laid_down, state.result
    return {
        "what": laid_down.treatment_id or laid_down.treatment[:120],
        "by": "retest",
        "verdict": word_of(result),
        "hip_flexor": "yes" if laid_down.hip_flexor else "no",
        "side": laid_down.side,
        "likelihood_ratio": round(result.likelihood_ratio, 3),
        "effect_points": round(result.specific, 2),
        "ended": day_of(stored.made_at).isoformat(),
        "origin": stored.id,
    }


def settled_by_weeks(weeks: Weeks) -> Data | None:
    """What a trial over weeks adds to the case; None until a look has settled it."""
    look = weeks.course.settled
    if look is None:
        return None
    return {
        "what": weeks.treatment_id or weeks.course.trial.treatment[:120],
        "by": "trial",
        "verdict": look.verdict.word,
        "hip_flexor": "yes" if weeks.stored.content.get("hip_flexor") else "no",
        "effect_points": round(look.verdict.effect_points, 2),
        "ended": look.until.isoformat(),
        "origin": weeks.stored.id,
    }


def settled_of(work: Work, person_id: str) -> list[Data]:
    """Everything that was settled of a person, the oldest first."""
    found = []
    for stored in reversed(work.trials.of(person_id)):
        try:
            row = (
                settled_by_retest(stored, retest_of(work, stored))
                if stored.kind == "retest"
                else settled_by_weeks(weeks_of(work, stored))
            )
        except (CaseError, KeyError, TypeError, ValueError):
            continue  # kept by a program in a form of its own; the copy of the record holds it
        if row is not None:
            found.append(row)
    return found


def with_settled(case: Data, rows: Sequence[Data]) -> Data:
    """The case with what was settled; a row of a record that is there already is replaced by what it says now."""
    new = {row["origin"]: row for row in rows}
    kept = [row for row in case.get("settled", ()) if row.get("origin") not in new]
    return {**case, "settled": [*kept, *rows]} if rows else case
