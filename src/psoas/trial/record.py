"""The file of a trial: what is compared, the order that was drawn, and the days so far.

The order is drawn when the file is made and stays in it; `today` tells a day's block only when that day has come, so
that nobody plans around it. A trial that met a danger sign is stopped for good and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from psoas.case.messages import of_shape
from psoas.errors import CaseError
from psoas.trial.choices import table
from psoas.trial.model import Posterior, posterior
from psoas.trial.schedule import Schedule, draw, new_seed

Scale = Annotated[int, Field(strict=True, ge=0, le=10)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Day(BaseModel):
    """One day: worst pain 0 to 10, the person's own activity 0 (cannot) to 10 (as before), whether it was done."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pain_0_10: Scale | None = None
    activity_0_10: Scale | None = None
    did_it: bool | None = None
    note: Annotated[str, Field(max_length=2000)] = ""


class Trial(BaseModel):
    """A trial on one person.

    Attributes:
        treatment, comparison: what is done in the two kinds of block; the comparison may be 'nothing'.
        starts: the first day of the run-in.
        seed: of the lot that drew the order.
        days: by date.
        stopped: why it was stopped before its time, empty while it runs.
        stopped_on: the day on which it was; days before it may still be told, from a telephone that was offline.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    psoas_trial: Literal[1] = 1
    treatment: Text
    comparison: Text = "nothing"
    activity: Annotated[str, Field(max_length=200)] = ""
    starts: date
    run_in_days: Annotated[int, Field(strict=True, ge=0, le=28)] = 7
    block_days: Annotated[int, Field(strict=True, ge=2, le=28)] = 7
    pairs: Annotated[int, Field(strict=True, ge=1, le=12)] = 3
    seed: Annotated[int, Field(strict=True, ge=0)] = Field(default_factory=new_seed)
    days: Annotated[dict[date, Day], Field(max_length=1000)] = {}
    stopped: Annotated[str, Field(max_length=500)] = ""
    stopped_on: date | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Check plain data.

        Raises:
            CaseError: with a sentence for each problem.
        """
        if not isinstance(data, Mapping):
            raise CaseError("the trial", "is no block of fields; a trial begins with `psoas_trial: 1`.")
        try:
            trial = cls.model_validate(dict(data))
        except ValidationError as err:
            raise CaseError(*of_shape(err, {"": cls, "days": Day})) from None
        if outside := [day for day in trial.days if not trial.starts <= day <= trial.last]:
            raise CaseError("days", f"{outside[0]} lies outside of the trial, {trial.starts} to {trial.last}.")
        return trial

    @property
    def schedule(self) -> Schedule:
        """The order that was drawn."""
        return draw(block_days=self.block_days, pairs=self.pairs, run_in_days=self.run_in_days, seed=self.seed)

    @property
    def last(self) -> date:
        """The last day."""
        return self.starts + timedelta(days=self.schedule.days - 1)

    def today(self, day: date) -> str:
        """What is to be done on a day; the order beyond it is not told."""
        if self.stopped:
            return f"The trial was stopped: {self.stopped}"
        number = (day - self.starts).days
        if number < 0:
            return f"The trial starts on {self.starts}."
        if day > self.last:
            return "The trial is over; analyse it."
        if number < self.run_in_days:
            return f"Run-in, day {number + 1} of {self.run_in_days}: nothing changes; only tell the pain."
        block, within = divmod(number - self.run_in_days, self.block_days)
        what = self.treatment if self.schedule.blocks[block] else self.comparison
        return f"Block {block + 1} of {2 * self.pairs}, day {within + 1} of {self.block_days}: {what}."

    def told(self, day: date, entry: Day) -> Trial:
        """The same trial with a day told; what was told before for that day is replaced where it is told again.

        Raises:
            CaseError: a day outside of the trial, or a trial that was stopped.
        """
        if self.stopped and (self.stopped_on is None or day > self.stopped_on):
            raise CaseError("the trial", f"was stopped: {self.stopped}")
        if not self.starts <= day <= self.last:
            raise CaseError("the day", f"is {day}; the trial runs from {self.starts} to {self.last}.")
        before = self.days.get(day, Day())
        merged = before.model_copy(update=entry.model_dump(exclude_unset=True, exclude_none=True))
        return self.model_copy(update={"days": {**self.days, day: merged}})

    def stop(self, why: str, on: date | None = None) -> Trial:
        """The same trial, stopped for good on a day."""
        return self.model_copy(update={"stopped": why, "stopped_on": on})

    def pain_until(self, day: date) -> list[float | None]:
        """Pain of each day from the first to `day` or the last, None where none was told."""
        count = min((day - self.starts).days + 1, self.schedule.days)
        told = (self.days.get(self.starts + timedelta(days=number)) for number in range(max(count, 0)))
        return [float(entry.pain_0_10) if entry and entry.pain_0_10 is not None else None for entry in told]

    def posterior(self, day: date) -> Posterior:
        """What the days until `day` say; see `psoas.trial.model.posterior`."""
        pain = self.pain_until(day)
        return posterior(pain, self.schedule.on_treatment()[: len(pain)], starts=self.starts)

    @property
    def looks(self) -> tuple[date, ...]:
        """The last day before each look, as they were laid down before the trial began."""
        limits = table()["verdict"]
        days = self.schedule.looks(first=limits["first_look_blocks"], every=limits["looks_every_blocks"])
        return tuple(self.starts + timedelta(days=count - 1) for count in days)

    def last_look(self, day: date) -> date | None:
        """The last day that the latest look by `day` takes in; None before the first. Later days wait for the next."""
        return max((look for look in self.looks if look <= day), default=None)

    def look_is_due(self, day: date) -> bool:
        """Whether the trial may be looked at by `day`: at the ends of blocks that were laid down before it began."""
        return bool(self.stopped) or self.last_look(day) is not None
