"""Scores of questionnaires that a practice fills in elsewhere: entered as they are, shown over time.

The questions of these questionnaires are not here: most may not be reproduced without a licence (docs/follow_up.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from psoas.records import Entry

LONGEST_NAME = 60
MOST = 10_000.0
"""No questionnaire known to us goes further. Our choice."""
BETTER = ("lower", "higher")


@dataclass(frozen=True, slots=True)
class Scored:
    """One questionnaire over time, the oldest first.

    Attributes:
        better: which way is better, `lower` or `higher`.
        readings: day and score.
        change_percent: from the first to the last, in percent of the scale, positive when better; None with one.
    """

    name: str
    lowest: float
    highest: float
    better: str
    readings: tuple[tuple[date, float], ...]

    @property
    def change_percent(self) -> float | None:
        """How far it went towards better, in percent of the whole scale."""
        if len(self.readings) < 2:
            return None
        went = self.readings[-1][1] - self.readings[0][1]
        return 100.0 * (went if self.better == "higher" else -went) / (self.highest - self.lowest)


def read_score(form: Mapping[str, Any], today: date) -> tuple[dict[str, Any] | None, list[tuple[str, str]]]:
    """What a form tells: the score, or what is wrong with which field."""
    problems: list[tuple[str, str]] = []
    name = " ".join(str(form.get("name", "")).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        problems.append(("name", f"The name has {len(name)} characters; expected 1 to {LONGEST_NAME}."))
    number = {field: _number(form, field, problems) for field in ("score", "lowest", "highest")}
    better = str(form.get("better", ""))
    if better not in BETTER:
        problems.append(("better", "Say which way is better: lower or higher."))
    on = _day(str(form.get("on", "")), today, problems)
    low, high, score = number["lowest"], number["highest"], number["score"]
    if low is not None and high is not None:
        if low >= high:
            problems.append(("highest", f"The highest is {high:g}; expected more than the lowest, {low:g}."))
        elif score is not None and not low <= score <= high:
            problems.append(("score", f"The score is {score:g}; expected {low:g} to {high:g}."))
    if problems:
        return None, problems
    return {"name": name, "score": score, "lowest": low, "highest": high, "better": better, "on": on.isoformat()}, []


def _number(form: Mapping[str, Any], field: str, problems: list[tuple[str, str]]) -> float | None:
    text = str(form.get(field, "")).strip().replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -MOST <= value <= MOST:
        problems.append((field, f"{field.capitalize()} is {text[:20]!r}; expected a number."))
        return None
    return value


def _day(text: str, today: date, problems: list[tuple[str, str]]) -> date:
    try:
        on = date.fromisoformat(text) if text else today
    except ValueError:
        problems.append(("on", f"The day is {text[:20]!r}; expected one such as 2026-03-07."))
        return today
    if on > today:
        problems.append(("on", f"The day is {on}; expected today or a day before."))
    return on


def scored(entries: Iterable[Entry]) -> tuple[Scored, ...]:
    """Each questionnaire with its scale; the same name on another scale is another one."""
    found: dict[tuple[str, float, float, str], list[tuple[date, float]]] = {}
    for one in entries:
        told = one.content
        scale = (told["name"], told["lowest"], told["highest"], told["better"])
        found.setdefault(scale, []).append((date.fromisoformat(told["on"]), told["score"]))
    return tuple(Scored(*scale, tuple(sorted(readings))) for scale, readings in found.items())
