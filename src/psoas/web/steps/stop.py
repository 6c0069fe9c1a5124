"""The page that a danger leads to: what, why, whom to see, how soon, and what hands must not do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from psoas.interview import part_of
from psoas.knowledge.deadlines import with_deadlines
from psoas.screening import STEP, Alarm
from psoas.web.steps.context import STOPPED, Continued, VisitContext
from psoas.web.steps.forms import Sent
from psoas.web.steps.frame import visit_page
from psoas.web.steps.show import answers_of


@dataclass(frozen=True)
class Stop:
    """A danger in words.

    Attributes:
        urgency: the most urgent of the alarms shown.
        how_soon: the action scale of the evidence, as a sentence.
        alarms: most urgent first, one for each cause; the signs that also speak for others are folded in.
        because: what was answered: (id of the sheet that holds it or None, the words).
        forbidden: (techniques, why), those with the same reasons together.
        stopping: whether it stops the visit now; otherwise a practitioner went on.
    """

    urgency: str
    how_soon: str
    alarms: tuple[Alarm, ...]
    because: tuple[tuple[str | None, str], ...]
    forbidden: tuple[tuple[str, str], ...]
    stopping: bool
    continued: tuple[Continued, ...]


def stop_of(desk: VisitContext) -> Stop:
    """The dangers of a visit."""
    interview = desk.interview
    shown = _one_for_each_cause(interview.stops or interview.dangers or interview.screen.alarms)
    urgency = max((alarm.urgency for alarm in shown), key=STEP.__getitem__, default="watch")
    scale: Mapping[str, str] = {str(name): text for name, text in desk.knowledge.red_flags.action_scale.items()}
    return Stop(
        urgency=urgency,
        how_soon=_sentence(scale[urgency]) if urgency in scale else "",
        alarms=shown,
        because=tuple(_because(desk, shown)),
        forbidden=_forbidden(desk),
        stopping=bool(interview.stops),
        continued=desk.continued,
    )


def _forbidden(desk: VisitContext) -> tuple[tuple[str, str], ...]:
    """Each technique once, with every reason against it."""
    found: dict[str, list[str]] = {}
    for ban in desk.interview.screen.forbidden:
        why = found.setdefault(desk.words.technique(ban.technique), [])
        why += [_sentence(ban.why)] if _sentence(ban.why) not in why else []
    alike: dict[str, list[str]] = {}
    for technique, why in found.items():
        alike.setdefault(" ".join(why), []).append(technique)
    return tuple(("; ".join(techniques), why) for why, techniques in alike.items())


def _one_for_each_cause(alarms: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
    found: dict[str, Alarm] = {}
    for alarm in sorted(alarms, key=lambda one: (-STEP[one.urgency], one.suggested)):
        found.setdefault(alarm.condition, alarm)
    return tuple(found.values())


def _because(desk: VisitContext, alarms: tuple[Alarm, ...]) -> dict[tuple[str | None, str], None]:
    """The answers behind the alarms: those that were given, not those that follow from them."""
    given = desk.visit.case.get("findings", {})
    sheet_of = {part.id: sheet.id for sheet in desk.interview.all_sheets for part in sheet.parts}
    names = dict.fromkeys(reason.finding for alarm in alarms for reason in alarm.because)
    said = [name for name in names if name in given]
    behind = [name for name in given if name in sheet_of and given[name] not in ("no", "unknown")]
    found: dict[tuple[str | None, str], None] = {}
    for name in [*said, *(behind if not said else ())]:
        found[(sheet_of.get(name), part_of(name, desk.knowledge).ask)] = None
    if not found:
        for name in names:
            found[(None, _sentence(desk.words.of(name)).rstrip("."))] = None
    return found


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(". ") + "."


def stop_page(
    request: Request,
    desk: VisitContext,
    *,
    sent: Sent | None = None,
    problems: Mapping[str, str] | None = None,
    problem: str = "",
) -> Response:
    """The stop, for a practitioner or in plain words for a client, with what could make it graver to answer at once.

    Args:
        sent, problems: answers of that list that could not be taken, and why.
        problem: what is wrong with a reason to go on.
    """
    stop, ask = stop_of(desk), desk.interview.graver if desk.is_open else None
    context: dict[str, Any] = {"words_for": words_for_client(stop)} if desk.is_client else {"problem": problem}
    return visit_page(
        request, desk, "client_stop" if desk.is_client else "stop", STOPPED, stop=stop, ask=ask,
        status=422 if problem or problems else 200, problems=problems or {},
        answers=answers_of(ask, desk, sent) if ask else {}, ask_words=_words()["graver"], **context,
    )  # fmt: skip


@cache
def _words() -> dict[str, Any]:
    import yaml

    text = (Path(__file__).parent.parent / "words" / "visit.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = with_deadlines(yaml.safe_load(text))
    return found


def words_for_client(stop: Stop) -> dict[str, Any]:
    """The reviewed words that a client reads for this urgency."""
    words = _words()["client_stop"]
    return {**words.get(stop.urgency, words["urgent_referral"]), "practice": words["practice"]}
