"""A trial over weeks as it is kept: how it was laid down, and one entry for each day told, each look and its end.

    course = course_of(laid_down, entries)

Entries are plain data: `{"day": "2026-12-03", "pain_0_10": 4}`, `{"stopped": "why", "on": "2026-12-09"}`,
`{"look": {...}}`, and before the first block `{"redesign": {"block_days": 7, "pairs": 4}}`. What is told again of a day
replaces what was told before; a look that was opened stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from psoas.errors import CaseError
from psoas.trial.model import TrialError
from psoas.trial.needed import weeks_to_settle
from psoas.trial.record import Day, Trial
from psoas.trial.verdict import Verdict, verdict_of

MOST_DAYS_BACK = 7
"""How far back a client may tell a day: our choice; a pain is remembered worse the longer it is past."""


@dataclass(frozen=True, slots=True)
class Look:
    """A look as it was opened.

    Attributes:
        until: the last day it takes in; answered, days: how many of them have a pain.
        weeks_more: weeks that would likely settle it where it is undecided; None where they are too many to say.
    """

    until: date
    days: int
    answered: int
    verdict: Verdict
    weeks_more: int | None = None

    @property
    def settles(self) -> bool:
        """Whether the trial ends with it."""
        return self.verdict.word != "cannot_tell_yet"

    def to_data(self) -> dict[str, Any]:
        """Plain data to keep."""
        said = self.verdict
        return {
            "until": self.until.isoformat(), "days": self.days, "answered": self.answered, "word": said.word,
            "effect_points": round(said.effect_points, 4),
            "interval_90": [round(end, 4) for end in said.interval_90],
            "any_help": round(said.any_help, 4), "noticeable_help": round(said.noticeable_help, 4),
            "noticeable_points": round(said.noticeable_points, 4), "weeks_more": self.weeks_more,
        }  # fmt: skip

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Look:
        """The look as it was kept."""
        low, high = data["interval_90"]
        verdict = Verdict(
            data["word"], data["effect_points"], (low, high), data["any_help"], data["noticeable_help"],
            data["noticeable_points"],
        )  # fmt: skip
        until = date.fromisoformat(data["until"])
        return cls(until, data["days"], data["answered"], verdict, data.get("weeks_more"))


@dataclass(frozen=True, slots=True)
class Course:
    """A trial as far as it has come."""

    trial: Trial
    looks: tuple[Look, ...]

    @property
    def settled(self) -> Look | None:
        """The look that settled it."""
        return next((look for look in self.looks if look.settles), None)

    def is_over(self, day: date) -> bool:
        """Whether no more days are to be lived through."""
        return bool(self.trial.stopped) or self.settled is not None or day > self.trial.last

    def due(self, day: date) -> date | None:
        """The last day of a look that is due by `day` and was not opened; None while there is nothing to open.

        The look falls on the day after its last day, so that the evening of that day can be told.
        """
        if self.settled is not None:
            return None
        end = self.trial.stopped_on if self.trial.stopped else day
        last = self.trial.last_look((end or self.trial.starts) - timedelta(days=1))
        return None if last is None or any(look.until >= last for look in self.looks) else last

    def is_sealed(self, day: date) -> bool:
        """Whether the days stay sealed: until a look has settled it, or it is over and its last look was opened.

        Of an undecided look on the way only the word is told: a figure would colour the blocks that are still to come.
        """
        return self.settled is None and (not self.is_over(day) or self.due(day) is not None)

    def next_look(self, day: date) -> date | None:
        """The day on which the next look falls; None after the last."""
        if self.is_over(day):
            return None
        return next((look + timedelta(days=1) for look in self.trial.looks if look >= day), None)

    def missing(self, day: date, *, back: int | None = None) -> tuple[date, ...]:
        """Days up to yesterday that have no pain, oldest first; at most `back` days back where it is given."""
        end = min(day - timedelta(days=1), self.trial.last, self.trial.stopped_on or date.max)
        first = self.trial.starts if back is None else max(self.trial.starts, day - timedelta(days=back))
        days = (first + timedelta(days=number) for number in range(max((end - first).days + 1, 0)))
        return tuple(one for one in days if (told := self.trial.days.get(one)) is None or told.pain_0_10 is None)

    def look(self, until: date) -> Look:
        """Open the look that takes in the days until this one.

        Raises:
            TrialError: too few days have a value.
        """
        pain = self.trial.pain_until(until)
        found = self.trial.posterior(until)
        verdict = verdict_of(found)
        more = weeks_to_settle(found, len(pain)) if verdict.word == "cannot_tell_yet" else None
        return Look(until, len(pain), sum(value is not None for value in pain), verdict, more)

    def adherence(self) -> tuple[int, int, int, int]:
        """Days on treatment that it was done and that it was told of; days off it that it was done and told of."""
        order = self.trial.schedule.on_treatment()
        found = [0, 0, 0, 0]
        for day, told in self.trial.days.items():
            if told.did_it is None or (number := (day - self.trial.starts).days) < self.trial.run_in_days:
                continue
            at = 0 if order[number] else 2
            found[at] += told.did_it
            found[at + 1] += 1
        return found[0], found[1], found[2], found[3]


def course_of(laid_down: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> Course:
    """A trial with everything that was kept of it, oldest first; a day that the trial does not have counts for nothing.

    Raises:
        CaseError: it was not laid down as a trial.
    """
    trial = Trial.of(laid_down)
    looks: list[Look] = []
    for entry in entries:
        if "stopped" in entry and not trial.stopped:
            trial = trial.stop(str(entry["stopped"]), date.fromisoformat(entry["on"]))
        elif "day" in entry:
            told = Day(**{name: entry[name] for name in ("pain_0_10", "activity_0_10", "did_it") if name in entry})
            try:
                trial = trial.told(date.fromisoformat(entry["day"]), told)
            except CaseError:
                continue
        elif "redesign" in entry:
            trial = trial.model_copy(update=dict(entry["redesign"]))
        elif "look" in entry:
            looks.append(Look.of(entry["look"]))
    return Course(trial, tuple(looks))


__all__ = ["MOST_DAYS_BACK", "Course", "Look", "TrialError", "course_of"]
