"""One check-in: what a person says of the days since the last one, checked and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from psoas.case import Case, Vocabulary
from psoas.case import messages as problems_of
from psoas.case.types import BLOCKS, Maybe, Measurement, YesNo, answer_word
from psoas.errors import CaseError

MOST_ACTIVITIES = 5
"""outcomes.yaml, psfs: the person names 2-5 activities."""

Kept = Literal["not_at_all", "some_days", "most_days", "every_day"]
Answer = Annotated[Literal["yes", "no", "unknown"], BeforeValidator(answer_word)]
Scale = Annotated[int, Field(strict=True, ge=0, le=10)]


class CheckIn(BaseModel):
    """Answers of one check-in. What is absent was not answered, and moves nothing.

    Attributes:
        on: the day.
        pain_0_10: worst region, last week; 10 is the worst pain imaginable.
        activities: the person's own activities, 0 cannot do it, 10 as before.
        activity_order: the order in which the person named them, which a store that sorts names would lose.
        change: since the plan began, -5 very much worse to +5 completely recovered.
        sleep_0_10: how much pain disturbed the last seven nights. Written by us, not a validated scale.
        danger: answers to the danger signs, by id of the screen.
        measurements: angles measured again.
        follows: id of the visit that it was told after, so that no clock decides whether it counts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    psoas_check_in: Literal[1] = 1
    on: date
    pain_0_10: Maybe[Scale] = None
    activities: Annotated[
        dict[Annotated[str, Field(min_length=1, max_length=120)], Scale | None], Field(max_length=MOST_ACTIVITIES)
    ] = {}
    activity_order: Annotated[tuple[str, ...], Field(max_length=MOST_ACTIVITIES)] = ()
    change: Maybe[Annotated[int, Field(strict=True, ge=-5, le=5)]] = None
    sleep_0_10: Maybe[Scale] = None
    kept_to_plan: Maybe[Kept] = None
    sore_over_48h: YesNo = None
    adverse: Annotated[str, Field(max_length=2000)] | None = None
    danger: Annotated[dict[str, Answer], Field(max_length=300)] = {}
    measurements: Annotated[tuple[Measurement, ...], Field(max_length=100)] = ()
    note: Annotated[str, Field(max_length=2000)] | None = None
    follows: Annotated[str, Field(max_length=64)] | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any], vocabulary: Vocabulary) -> Self:
        """Check plain data.

        Raises:
            CaseError: with one sentence for each problem, naming the field, the value and what is allowed.
        """
        if not isinstance(data, Mapping):
            raise CaseError("the check-in", f"is {problems_of.shown(data)}; expected a block of fields.")
        if unknown := [str(name) for name in data if name not in cls.model_fields]:
            raise CaseError(unknown[0], f"there is no such field; allowed: {', '.join(cls.model_fields)}.")
        if "on" not in data:
            raise CaseError("on", "is missing; give the day of the check-in as YYYY-MM-DD.")
        try:
            made = cls.model_validate(_in_order(data))
        except ValidationError as err:
            raise CaseError(*problems_of.of_shape(err, BLOCKS)) from None
        made._look_up(vocabulary)
        return made

    def _look_up(self, vocabulary: Vocabulary) -> None:
        """Ids and ranges, by the same rules as those of a case."""
        measured = [one.model_dump(exclude_none=True) for one in self.measurements]
        try:
            Case.of({"psoas_case": 1, "findings": dict(self.danger), "measurements": measured}, vocabulary)
        except CaseError as err:
            first, *rest = ((place.replace("findings", "danger", 1), text) for place, text in err.problems)
            raise CaseError(*first, *rest) from None

    def to_data(self) -> dict[str, Any]:
        """Plain data to store: what was answered and nothing else."""
        data = {"psoas_check_in": 1} | self.model_dump(mode="json", exclude_defaults=True, exclude={"activity_order"})
        named = list(self.activities)
        return data if named == sorted(named) else data | {"activity_order": named}

    @property
    def mean_activity(self) -> float | None:
        """Mean of the activities that were rated; None when none was."""
        rated = [value for value in self.activities.values() if value is not None]
        return sum(rated) / len(rated) if rated else None


def _in_order(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with the activities as the person named them; what is not in that order comes last."""
    rated, order = data.get("activities"), data.get("activity_order")
    if not isinstance(rated, Mapping) or not isinstance(order, (list, tuple)):
        return dict(data)
    names = [name for name in order if isinstance(name, str) and name in rated]
    return {**data, "activities": {name: rated[name] for name in dict.fromkeys([*names, *rated])}}
