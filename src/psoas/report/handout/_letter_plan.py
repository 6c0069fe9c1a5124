"""The plan in the letter to a clinician: what for, what should be checked, the steps with doses, what until then."""

from __future__ import annotations

from typing import Any

from psoas.care.types import Item, Plan
from psoas.report.handout._words import sentence


def letter_plan(plan: Plan) -> dict[str, Any]:
    """The part of the letter: from the one plan that page, phone and handout show, in few words."""
    referral = next((item for item in plan.items if item.kind == "referral"), None)
    lines = [
        _line("", plan.aim.sentence if plan.aim else ""),
        _line("How soon", referral.how_soon if referral and referral.id != plan.urgency else ""),
        _line("To be checked, please", "; ".join(referral.check) if referral else ""),
        _line("Until then", referral.until_seen if referral else ""),
        _line("Steps", "; ".join(filter(None, map(_step, plan.items)))),
        _line("Measured again", _again(plan)),
    ]
    return {"title": "The plan here", "lines": [line for line in lines if line["text"]]}


def _step(item: Item) -> str:
    """One step: an exercise with its dose, a load by its instruction; what eases and the way back by their words."""
    if item.kind == "referral" or item.order in (2, 5):
        return ""
    if item.kind == "exercise":
        return f"{item.practitioner_name} {item.dose_words.rstrip('.')}".strip()
    return (item.say or item.practitioner_name).rstrip(".").partition(". ")[0]


def _again(plan: Plan) -> str:
    if (again := plan.retest) is None:
        return ""
    weeks = "1 week" if again.after_weeks == 1 else f"{again.after_weeks} weeks"
    return f"after {weeks}: {again.plain}; enough: {again.enough}"


def _line(label: str, text: str) -> dict[str, str]:
    return {"label": label, "text": sentence(text) if text else ""}
