"""Reopening the diagnosis when a course stalls or worsens: what to ask, and the case to begin again from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psoas.case import Case
from psoas.case.types import Effect, Tried
from psoas.diagnosis import NextQuestion, diagnose
from psoas.follow_up import choices
from psoas.follow_up.check_in import CheckIn
from psoas.follow_up.danger import case_now
from psoas.follow_up.types import Judgement
from psoas.knowledge import Knowledge
from psoas.screening import Screen, facts_of, screen

PLAN = "the plan so far"


@dataclass(frozen=True, slots=True)
class Reopened:
    """Where a new visit begins.

    Attributes:
        case: the case with the answers since, and the plan so far under `tried`.
        screen: of that case: a plan without effect is itself a fact that the screen knows.
        ask: danger signs without an answer, and those that a stalled course asks for anew.
        next: the questions and tests that would tell most of the source now.
    """

    case: Case
    screen: Screen
    ask: tuple[str, ...]
    next: tuple[NextQuestion, ...]


def reopen(
    case: Case,
    check_ins: Sequence[CheckIn],
    judgement: Judgement,
    knowledge: Knowledge,
    *,
    who: str = "physiotherapist",
) -> Reopened:
    """The case as a new visit should begin, and what to ask in it.

    Args:
        check_ins: oldest first.
    """
    now = case_now(case, check_ins)
    weeks = round(judgement.week) if judgement.week else None
    tried = (*now.tried, Tried(what=PLAN, weeks=weeks, effect=_effect(judgement)))
    now = now.model_copy(update={"tried": tried, "pain": now.pain.model_copy(update=_duration(case, weeks))})
    facts = facts_of(now, knowledge)
    screened = screen(now, knowledge, facts)
    again = tuple(name for name, flag in facts.index.acts.items() if flag.reask_each_visit)
    night = choices.SLEEP_QUESTIONS if check_ins and _sleeps_badly(check_ins[-1]) else ()
    open_ = [name for name in (*again, *night) if facts.holds(name) is None]
    return Reopened(
        case=now,
        screen=screened,
        ask=tuple(dict.fromkeys((*screened.not_asked, *open_))),
        next=diagnose(facts, knowledge, screened, who=who).next,
    )


def _effect(judgement: Judgement) -> Effect | None:
    if judgement.verdict == "worsening":
        return "worse"
    if judgement.verdict != "no_lasting_response":
        return None
    return "temporary" if judgement.had_gained else "none"


def _duration(case: Case, weeks: int | None) -> dict[str, float]:
    lasted = case.pain.duration_weeks
    return {} if lasted is None or weeks is None else {"duration_weeks": lasted + weeks}


def _sleeps_badly(last: CheckIn) -> bool:
    return last.sleep_0_10 is not None and last.sleep_0_10 >= choices.SLEEP_ASKS_FROM
