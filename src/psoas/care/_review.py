"""When to look again, and what to expect by then: the checkpoints of prognosis.yaml."""

from __future__ import annotations

from datetime import date, timedelta

from psoas.care import weights
from psoas.care.types import Review, Stage
from psoas.case import Case
from psoas.knowledge import Knowledge
from psoas.knowledge.index import index_of
from psoas.screening import Screen

_SAY_HOW_LONG = (
    "How long the pain has lasted was not said. This plan holds for any duration; say it, and the plan can be more to "
    "the point."
)
_MESSAGE_OF = {"acute": "acute, low risk", "subacute": "subacute and slow", "chronic": "persistent"}


def reviews(
    case: Case, screen: Screen, stage: Stage | None, knowledge: Knowledge, today: date | None
) -> tuple[Review, tuple[Review, ...]]:
    """The first look again, and the checkpoints after it."""
    week, why = _first_week(case, screen, stage, knowledge)
    made = [
        Review(
            week=point.week,
            on=today + timedelta(weeks=point.week) if today else None,
            check=point.check,
            expected=point.expected,
            if_not=point.if_not,
            why_then=why if point.week == week else point.basis,
            source=point.source,
            read_in=point.read_in,
        )
        for point in knowledge.prognosis.checkpoints
        if point.week >= week
    ]
    return made[0], tuple(made[1:])


def _first_week(case: Case, screen: Screen, stage: Stage | None, knowledge: Knowledge) -> tuple[int, str]:
    """The week of the first look. Which one is our choice; what is looked at stands in the pack."""
    if screen.at_least("same_day"):
        return weights.EARLY_REVIEW_WEEK, "after the visit to the emergency department or doctor, within the week"
    if screen.at_least("routine_referral"):
        return weights.EARLY_REVIEW_WEEK, "to see that the appointment took place, and to ask the danger signs again"
    if case.pain.course == "worsening" or any(one.effect == "worse" for one in case.tried):
        return weights.EARLY_REVIEW_WEEK, "sooner than usual, because the pain gets worse"
    if any(_telling(alarm.rule, knowledge) for alarm in screen.watched):
        return weights.EARLY_REVIEW_WEEK, "sooner than usual, because there is something to keep an eye on"
    if stage is None:
        return weights.UNKNOWN_STAGE_REVIEW_WEEK, "how long the pain has lasted was not said"
    return weights.REVIEW_WEEK[stage], f"the usual first look at {stage} pain"


def _telling(rule: str, knowledge: Knowledge) -> bool:
    """Whether a watched rule says something: a combination, a threshold, or an answer that raises the odds clearly."""
    flag = index_of(knowledge).acts.get(rule)
    return flag is None or flag.strength in ("hard_stop", "strong") or flag.reask_each_visit


def message(screen: Screen, stage: Stage | None, knowledge: Knowledge) -> str | None:
    """Words about the expected course; none while a danger is being looked into."""
    if screen.at_least("routine_referral"):
        return None
    if stage is None:
        return _SAY_HOW_LONG
    return next((one.text for one in knowledge.prognosis.messages if one.use == _MESSAGE_OF.get(stage)), None)
