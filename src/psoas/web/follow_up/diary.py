"""The diary of a plan at home: a tick for each exercise and day, and the pain of the day; the last word counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from psoas.records import Entry

PAIN = "pain"
SHOWN_DAYS = 14
OLDEST_DAYS, AHEAD_DAYS = 60, 1
"""How far back a line may tell, and how far a telephone's calendar may be ahead of the practice's. Our choice."""
MOST_PAIN = 10
KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
LATEST_MS = 2**53


class NotALine(ValueError):  # noqa: N818 - the name is what is wrong
    """What was sent is no line of this diary; says what is wrong."""


@dataclass(frozen=True, slots=True)
class Row:
    """One exercise over the last days.

    Attributes:
        done: for each day shown, whether it was ticked.
        asked: on how many days a week; None where the plan does not say.
        last_week: days ticked of the last seven.
    """

    name: str
    done: tuple[bool, ...]
    asked: int | None
    last_week: int


@dataclass(frozen=True, slots=True)
class Diary:
    """The last days of a diary as the practice reads it, the oldest day first."""

    days: tuple[date, ...]
    rows: tuple[Row, ...]
    pain: tuple[int | None, ...]
    lines: int


def line_of(told: Any, items: Iterable[str], today: date) -> tuple[str, dict[str, Any]]:
    """A line as it was sent: its key and what is kept.

    Raises:
        NotALine: it is not one.
    """
    if not isinstance(told, dict):
        raise NotALine("a line is no object.")
    key, what, value, at = (told.get(name) for name in ("key", "what", "value", "at"))
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise NotALine("key is missing; expected 8 to 64 letters and digits.")
    on = _day(told.get("on"))
    if not today - timedelta(days=OLDEST_DAYS) <= on <= today + timedelta(days=AHEAD_DAYS):
        raise NotALine(f"on is {on}; expected a day of the last {OLDEST_DAYS}.")
    if what == PAIN:
        if type(value) is not int or not 0 <= value <= MOST_PAIN:
            raise NotALine(f"value is {value!r}; expected a whole number from 0 to {MOST_PAIN}.")
    elif not isinstance(what, str) or what not in set(items):
        raise NotALine(f"what is {str(what)[:80]!r}; expected something of the plan, or pain.")
    elif type(value) is not bool:
        raise NotALine(f"value is {value!r}; expected true or false.")
    if type(at) is not int or not 0 <= at < LATEST_MS:
        raise NotALine("at is no moment in milliseconds.")
    return key, {"on": on.isoformat(), "what": what, "value": value, "at": at}


def _day(given: Any) -> date:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise NotALine(f"on is {str(given)[:40]!r}; expected a day such as 2026-03-07.") from None


def state_of(entries: Iterable[Entry]) -> dict[tuple[str, str], Any]:
    """(day, what) -> the value told last by the telephone's clock; lines of one moment, in the order they came."""
    lines = sorted((one.content for one in entries), key=lambda line: line["at"])
    return {(line["on"], line["what"]): line["value"] for line in lines}


def diary_of(entries: Iterable[Entry], items: Iterable[Mapping[str, Any]], today: date) -> Diary:
    """What the practice sees: the last days, each exercise of the plan and the pain."""
    kept = tuple(entries)
    state = state_of(kept)
    days = tuple(today - timedelta(days=back) for back in reversed(range(SHOWN_DAYS)))
    rows = []
    for item in items:
        done = tuple(state.get((day.isoformat(), item["id"])) is True for day in days)
        if item["kind"] == "exercise" or any(done):
            rows.append(Row(item["name"], done, item["days_a_week"], sum(done[-7:])))
    pain = tuple(state.get((day.isoformat(), PAIN)) for day in days)
    return Diary(days, tuple(rows), pain, len(kept))
