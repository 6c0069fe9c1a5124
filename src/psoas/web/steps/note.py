"""The note of a session: said, found, done, planned; begun from what the visit holds, and kept as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from psoas.web.steps.context import VisitContext
from psoas.web.steps.forms import Sent
from psoas.web.steps.review import Summary, summary_of

if TYPE_CHECKING:
    from psoas.records import Plan

FORMAT = 1
PARTS = {"said": "Said", "found": "Found", "done": "Done", "planned": "Planned"}
HINTS = {
    "said": "What the person told, in their words (subjective).",
    "found": "What was seen, tested and measured (objective), and what you make of it (assessment).",
    "done": "What was done, and how it was taken. Hands-on work has its own lines below.",
    "planned": "What was agreed for the time until the next visit.",
}
TECHNIQUES = (
    "massage", "soft-tissue release", "trigger-point pressure", "mobilisation", "manipulation", "muscle energy",
    "stretching", "nerve gliding", "acupuncture or dry needling", "cupping", "heat", "cold", "tape", "exercise taught",
)  # fmt: skip
"""Offered while typing; anything else may be written. Our choice."""
SIDES = {"": "–", "left": "left", "right": "right", "both": "both"}
REACTIONS = {"": "–", "better": "better", "same": "the same", "sore": "sore", "worse": "worse"}
FIELDS = ("technique", "region", "side", "minutes", "reaction")
SPARE_LINES, MOST_LINES = 3, 3


def content_of(form: Sent) -> dict[str, Any]:
    """The note that a form holds; nothing of it is shortened.

    Lines of hands-on work without any word are left out; a line with minutes that are no number keeps them as written.
    """
    text = {name: _joined(form.get(name, ())) for name in PARTS}
    columns = {name: [word.strip() for word in form.get(f"hands.{name}", ())] for name in FIELDS}
    count = max((len(column) for column in columns.values()), default=0)
    lines = [
        {name: column[number] if number < len(column) else "" for name, column in columns.items()}
        for number in range(count)
    ]
    return {"format": FORMAT, **text, "hands": [line for line in lines if line["technique"] or line["region"]]}


def prefilled(desk: VisitContext, plan: Plan | None) -> dict[str, Any]:
    """A first draft from what the visit holds; it is a draft, and nothing is kept until it is saved."""
    summary = summary_of(desk)
    return {
        "format": FORMAT,
        "said": "\n".join(_said(summary, desk)),
        "found": "\n".join(_found(summary)),
        "done": "",
        "planned": "\n".join(_planned(plan)),
        "hands": [],
    }


def lines_of(content: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The lines of hands-on work, with spare ones to fill in."""
    return [*content.get("hands", ()), *(dict.fromkeys(FIELDS, "") for _ in range(SPARE_LINES))]


def hands_words(line: Mapping[str, str]) -> str:
    """One line of hands-on work for a reader: `massage, low back, left, 15 min: better`."""
    minutes = f"{line['minutes']} min" if line.get("minutes") else ""
    where = ", ".join(word for word in (line["technique"], line["region"], line["side"], minutes) if word)
    return f"{where}: {REACTIONS.get(line['reaction'], line['reaction'])}" if line.get("reaction") else where


def done_in_short(content: Mapping[str, Any]) -> list[str]:
    """What was done, for a letter: the hands-on work, and the first lines that were written."""
    written = [line.strip().rstrip(".") for line in str(content.get("done", "")).splitlines() if line.strip()]
    return [*(hands_words(line) for line in content.get("hands", ())), *written[:MOST_LINES]]


def _said(summary: Summary, desk: VisitContext) -> list[str]:
    lines = [f"{words}: {value}" for words, value in summary.pain]
    if summary.yes:
        lines.append("Yes to: " + "; ".join(words for words, _ in summary.yes))
    goals = desk.visit.case.get("goals", ())
    notes = str(desk.visit.case.get("notes", "")).strip()
    return [*lines, *([f"Wants to: {'; '.join(goals)}"] if goals else []), *([notes] if notes else [])]


def _found(summary: Summary) -> list[str]:
    return [f"{words}: {value}" for words, value in (*summary.tests, *summary.measured)]


def _planned(plan: Plan | None) -> list[str]:
    if plan is None:
        return []
    held = plan.content.get("plan", {})
    return [_item(item) for item in held.get("chosen", ())] + [
        str(held["review"]["sentence"]) for _ in range(1) if "review" in held
    ]


def _item(item: Mapping[str, Any]) -> str:
    dose = f": {item['dose_words'].rstrip('.')}" if item.get("dose_words") and item.get("dose") else ""
    return f"{item['name']}{dose}"


def _joined(words: Any) -> str:
    return "\n".join(words).replace("\r\n", "\n").strip()
