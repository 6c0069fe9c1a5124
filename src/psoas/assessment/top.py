"""The answer in ten seconds, as typed data: may hands work, where it probably comes from, what to do first.

Its words stand in `psoas.report.top_words`, for the terminal and the page alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from psoas.assessment import Assessment

HandsOn = Literal["not_before_help", "doctor_first", "with_limits", "yes"]
MOST_SOURCES = 2


@dataclass(frozen=True, slots=True)
class Top:
    """The top of an answer.

    Attributes:
        hands_on: whether it is safe to work with hands: not before help was got; not deep and without thrust before
            a doctor has answered; with what is forbidden or not yet cleared left out; yes.
        urgency: of the danger screen.
        held_back: techniques that are forbidden, or off while questions are open.
        sources: the most probable ones, most probable first. Empty while a doctor comes first.
        first: id of the first thing of the plan; None when there is none.
    """

    hands_on: HandsOn
    urgency: str
    held_back: tuple[str, ...]
    sources: tuple[str, ...]
    first: str | None


def top_of(answer: Assessment) -> Top:
    """The top of one answer."""
    screen, diagnosis = answer.screen, answer.diagnosis
    held_back = dict.fromkeys(ban.technique for ban in screen.forbidden)
    held_back |= dict.fromkeys(one.technique for one in screen.not_cleared)
    ranked = sorted(diagnosis.differential, key=lambda one: (-one.probability, one.source))
    waits = screen.at_least("same_day")
    return Top(
        hands_on=_hands_on(answer, bool(held_back)),
        urgency=screen.urgency,
        held_back=tuple(held_back),
        sources=() if waits else tuple(one.source for one in ranked[:MOST_SOURCES]),
        first=answer.plan.items[0].id if answer.plan.items else None,
    )


def _hands_on(answer: Assessment, limited: bool) -> HandsOn:
    if answer.screen.at_least("same_day"):
        return "not_before_help"
    if answer.screen.at_least("urgent_referral"):
        return "doctor_first"
    return "with_limits" if limited else "yes"
