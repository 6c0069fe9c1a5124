"""The days of a trial on the client's own telephone, by a private link: two taps a day, each kept at once.

A day can be told for a week back, so that a telephone that was away from the practice's network loses nothing. What is
to be done is told on the day itself; what the days say is told once a look was opened, and not before.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas.records.clock import today
from psoas.trial import Day
from psoas.trial.course import MOST_DAYS_BACK
from psoas.web.access import Client, Visitor, records_of
from psoas.web.render import page, see_other
from psoas.web.steps.forms import Sent, SentForm, first
from psoas.web.trials.drawn import drawn_of
from psoas.web.trials.store import Weeks, all_weeks
from psoas.web.trials.taps import from_0_to_10

router = APIRouter()

FIELDS = {"pain": "pain_0_10", "activity": "activity_0_10"}


@router.get("/c/{token}/trial")
def show(request: Request, visitor: Client, token: str, day: str = "", again: str = "") -> Response:
    """What a day still lacks: one question at a time."""
    now = today()
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(_person(visitor))
        weeks = _under_way(all_weeks(work, person.id), now)
    chosen = _chosen(day, weeks, now)
    told = weeks.course.trial.days.get(chosen, Day()) if weeks is not None and chosen is not None else Day()
    look = weeks.course.looks[-1] if weeks is not None and weeks.course.looks else None
    sealed = weeks is None or weeks.course.is_sealed(now)
    return page(
        request, "trial/day.html", visitor, person=person, weeks=weeks, day=chosen, now=now, told=told,
        ask=_asked(weeks, chosen, told, again) if weeks is not None and chosen is not None else "",
        says=weeks.course.trial.today(chosen or now) if weeks is not None else "",
        missing=weeks.course.missing(now, back=MOST_DAYS_BACK) if weeks is not None else (), look=look,
        drawn=drawn_of(weeks.course, look.until) if weeks is not None and look is not None and not sealed else "",
        sealed=sealed, token=token,
    )  # fmt: skip


@router.post("/c/{token}/trial")
def take(request: Request, visitor: Client, token: str, form: SentForm) -> Response:
    """Keep one tap; told again, the later one counts."""
    now = today()
    with records_of(request).work(visitor.scope) as work:
        weeks = _under_way(all_weeks(work, _person(visitor)), now)
        chosen = _chosen(first(form, "day"), weeks, now)
        told = _told(form)
        if weeks is not None and chosen is not None and told:
            work.trials.add(weeks.stored.id, {"day": chosen.isoformat(), "told_on": now.isoformat(), **told})
    return see_other(f"/c/{token}/trial" + (f"?day={chosen.isoformat()}" if chosen is not None else ""))


def _told(form: Sent) -> dict[str, Any]:
    """The tap; nothing where it is none of the buttons."""
    found: dict[str, Any] = {}
    for name, field in FIELDS.items():
        if (rated := from_0_to_10(first(form, name))) is not None:
            found[field] = rated
    if (did := first(form, "did")) in ("yes", "no"):
        found["did_it"] = did == "yes"
    return found


def _under_way(trials: tuple[Weeks, ...], now: date) -> Weeks | None:
    """The trial that runs; else the newest one, whose late days may still be told."""
    return next((one for one in trials if not one.course.is_over(now)), next(iter(trials), None))


def _chosen(given: str, weeks: Weeks | None, now: date) -> date | None:
    """The day that is asked for, today without one; None where the trial does not have it, or it is too long past."""
    if weeks is None:
        return None
    trial = weeks.course.trial
    try:
        day = date.fromisoformat(given) if given else now
    except ValueError:
        day = now
    # On the day of a stop nothing more is asked; days before it may be told late, and are not lost.
    last = min(now, trial.last, trial.stopped_on - timedelta(days=1) if trial.stopped_on else date.max)
    if (settled := weeks.course.settled) is not None:
        last = min(last, settled.until)
    first_day = max(trial.starts, now - timedelta(days=MOST_DAYS_BACK))
    return day if first_day <= day <= last else None


def _asked(weeks: Weeks, day: date, told: Day, again: str) -> str:
    """The question of a day that is open: pain, activity, done; empty when all are answered."""
    trial = weeks.course.trial
    if told.pain_0_10 is None or again == "pain":
        return "pain"
    if trial.activity and (told.activity_0_10 is None or again == "activity"):
        return "activity"
    in_a_block = (day - trial.starts).days >= trial.run_in_days
    return "did" if in_a_block and (told.did_it is None or again == "did") else ""


def _person(visitor: Visitor) -> str:
    if visitor.link is None or visitor.link.purpose != "trial":
        raise HTTPException(404)
    return visitor.link.person_id
