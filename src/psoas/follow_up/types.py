"""What a judgement of the course is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from psoas.follow_up.danger import Danger
from psoas.follow_up.measures import Threshold

Verdict = Literal[
    "recovered", "improving", "as_expected", "unknown", "slower", "no_lasting_response", "worsening", "danger"
]  # fmt: skip
VERDICTS: tuple[Verdict, ...] = Verdict.__args__  # type: ignore[attr-defined]
"""From the best to the most pressing."""
ALARMS = ("no_lasting_response", "worsening", "danger")


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: a sentence, and the change it was held against."""

    words: str
    threshold: Threshold | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """How it goes, as far as the answers tell.

    Attributes:
        verdict: the most pressing of all that hold.
        why: reasons of that verdict.
        danger: the screen of today, run with the answers of today; it decides alone.
        week: weeks from the first visit to the last reading of pain; None without one.
        pain, pain_change: points of 0-10; a fall is negative.
        function_change: points of 0-10 on the same activities; positive is better.
        change: overall change, -5 to +5.
        expected_pain: what people had on average by that week; None beyond the studies.
        had_gained: whether pain had fallen beyond error at some reading.
        beside: remarks that move nothing: measures that disagree, what was not answered.
    """

    verdict: Verdict
    why: tuple[Why, ...]
    danger: Danger
    week: float | None
    pain: float | None
    pain_change: float | None
    function_change: float | None
    change: int | None
    expected_pain: float | None
    had_gained: bool
    beside: tuple[str, ...]

    @property
    def alarm(self) -> bool:
        """Whether somebody must act on it before the next check-in."""
        return self.verdict in ALARMS

    @property
    def step(self) -> int:
        """The verdict as a number: the higher, the more pressing."""
        return VERDICTS.index(self.verdict)
