"""Since when: 'since Easter', 'since last summer', 'since Tuesday', counted back from the day on which it is told."""

from __future__ import annotations

import re
from datetime import date, timedelta

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS = {"spring": 4, "summer": 7, "autumn": 10, "fall": 10, "winter": 1}
"""The month in the middle of a season, of the northern half of the world. Our choice."""
_NAMED = "|".join((*MONTHS, *DAYS, *SEASONS, "easter", "christmas", "xmas", "new year", "yesterday", "last night"))
_SINCE = re.compile(
    rf"\b(?:since|from|began|started|starting|in|last|this|on)\s+"
    rf"(?:about |around |the (?:beginning|end|middle) of |early |late |"
    rf"just (?:before|after) |before |after |last |this |in |on )*({_NAMED}|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


def weeks_since(text: str, on: date) -> float | None:
    """Weeks from what a text names to the day on which it is told; None where it names no time.

    A month, a day or a feast is the latest one that is past.
    """
    match = _SINCE.search(text)
    if match is None:
        return None
    began = _day(match[1].lower(), on)
    if began is None or began > on:
        return None
    return max(0.1, round((on - began).days / 7, 1))


def _day(name: str, on: date) -> date | None:
    if name.isdigit():
        return date(int(name), 7, 1) if int(name) < on.year else None
    if name in ("yesterday", "last night"):
        return on - timedelta(days=1)
    if name in DAYS:
        back = (on.weekday() - DAYS.index(name)) % 7
        return on - timedelta(days=back or 7)
    if name in MONTHS or name in SEASONS:
        month = MONTHS.index(name) + 1 if name in MONTHS else SEASONS[name]
        this = date(on.year, month, 15)
        return this if this <= on else date(on.year - 1, month, 15)
    for year in (on.year, on.year - 1):
        day = {"easter": easter(year), "new year": date(year, 1, 1)}.get(name, date(year, 12, 25))
        if day <= on:
            return day
    return None


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus 1991, Astronomical Algorithms, chapter 8; recalled)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
