"""The guided loop of treat and re-test within one visit: which step comes next, from what was kept so far.

    state = state_of(laid_down, entries)     # state.step says what to do; state.result is sealed until it is done

Entries are plain data, kept one at a time as they come, so that a browser that dies loses nothing:

    {"reading": {"pain_0_10": 6, "angle_deg": -4}}    {"done": "treatment"}    {"stopped": "why"}

The order within each pair is drawn by lot from the seed that was kept at the start, and told only when its step comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from psoas.case.messages import of_shape
from psoas.errors import CaseError
from psoas.trial.angle import AngleChange, AngleReading, angle_change
from psoas.trial.choices import table
from psoas.trial.model import TrialError
from psoas.trial.retest import Did, Reading, Retest, goes_on, retest
from psoas.trial.schedule import new_seed

Name = Annotated[str, Field(min_length=1, max_length=200)]
What = Literal["read", "do", "too_mild", "finished", "stopped"]


class LaidDown(BaseModel):
    """What was chosen before the first reading.

    Attributes:
        movement: what reproduces the pain.
        treatment, comparison: what is done, each for `seconds`; `treatment_id` names the treatment in the evidence.
        hip_flexor: whether the treatment works on a hip flexor: only then the result bears on that verdict.
        angle: id of the measurement that the treatment should change, empty for none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    psoas_retest: Literal[1] = 1
    movement: Name
    treatment: Name
    treatment_id: Annotated[str, Field(max_length=80)] = ""
    hip_flexor: bool = False
    side: Literal["left", "right", "both"] = "both"
    comparison: Name
    seconds: Annotated[int, Field(strict=True, ge=10, le=600)] = 90
    angle: Annotated[str, Field(max_length=80)] = ""
    seed: Annotated[int, Field(strict=True, ge=0)] = Field(default_factory=new_seed)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Check plain data.

        Raises:
            CaseError: with a sentence for each problem.
        """
        try:
            return cls.model_validate(dict(data))
        except ValidationError as err:
            raise CaseError(*of_shape(err, {"": cls})) from None


@dataclass(frozen=True, slots=True)
class Step:
    """What to do now.

    Attributes:
        what: `read` the pain, `do` something for a while, or why there is nothing more to do.
        after: what the reading comes after, or what is to be done.
        number: of the reading or of the thing done, from 1; `cycle` is the pair it belongs to, 0 before the first.
    """

    what: What
    after: Did = "before"
    number: int = 0
    cycle: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """A re-test as far as it has come. `result` and `angle` are None until the last step: what is half is not told."""

    laid_down: LaidDown
    readings: tuple[Reading, ...]
    angles: tuple[AngleReading, ...]
    step: Step
    result: Retest | None
    angle: AngleChange | None
    stopped: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be done."""
        return self.step.what in ("too_mild", "finished", "stopped")


BEFORE = 2
"""Readings before anything is done, so that the noise is known."""


def state_of(laid_down: LaidDown, entries: Sequence[Mapping[str, Any]]) -> State:
    """Where a re-test stands after these entries, oldest first; one that does not fit its step counts for nothing."""
    readings: list[Reading] = []
    angles: list[AngleReading] = []
    after: Did = "before"
    stopped = ""
    step = _next(laid_down, readings, waiting=None)
    for entry in entries:
        if "stopped" in entry:
            stopped = str(entry["stopped"]) or "stopped"
            break
        if "done" in entry and step.what == "do":
            after = step.after
            step = _next(laid_down, readings, waiting=after)
        elif "reading" in entry and step.what == "read":
            told = entry["reading"]
            readings.append(Reading(after, float(told["pain_0_10"])))
            if told.get("angle_deg") is not None:
                angles.append(AngleReading(after, float(told["angle_deg"])))
            step = _next(laid_down, readings, waiting=None)
    if stopped and step.what not in ("finished", "too_mild"):
        step = Step("stopped")
    result = _result(readings) if step.what in ("finished", "stopped") else None
    return State(
        laid_down, tuple(readings), tuple(angles), step, result, angle_change(angles) if result else None, stopped
    )  # fmt: skip


def _next(laid_down: LaidDown, readings: Sequence[Reading], *, waiting: Did | None) -> Step:
    """The step after these readings; `waiting`: what was done and not yet read after."""
    number = len(readings) + 1
    pairs = sum(reading.after != "before" for reading in readings)
    if waiting is not None:
        return Step("read", waiting, number, pairs // 2 + 1)
    if number <= BEFORE:
        return Step("read", "before", number)
    most = int(table()["retest"]["most_cycles"])
    if pairs % 2 == 0 and not goes_on(readings, most):
        return Step("finished" if pairs else "too_mild", number=number)
    cycle = pairs // 2
    return Step("do", _order(laid_down.seed, cycle)[pairs % 2], pairs + 1, cycle + 1)


def _order(seed: int, cycle: int) -> tuple[Did, Did]:
    """The order of a pair, by lot."""
    first = bool(np.random.default_rng([seed, cycle]).integers(0, 2))
    return ("treatment", "comparison") if first else ("comparison", "treatment")


def _result(readings: Sequence[Reading]) -> Retest | None:
    """What whole pairs say; a half one is left out, so that stopping early cannot choose what is compared."""
    pairs = sum(reading.after != "before" for reading in readings)
    whole = readings if pairs % 2 == 0 else readings[:-1]
    try:
        return retest(whole)
    except TrialError:
        return None
