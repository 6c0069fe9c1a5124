"""The plan for a client's telephone: what the handout says, without the paper, as data that is kept with the plan.

It is kept in words, as it stood when the plan was saved, so that a later Psoas shows the same plan.
"""

from __future__ import annotations

from typing import Any

from psoas import figures
from psoas.care.types import Plan
from psoas.case import Case
from psoas.knowledge import Knowledge
from psoas.report.handout import _client as client
from psoas.report.handout._words import Names, client_words

FORMAT = 1
DAYS_A_WEEK = 7


def pocket_data(plan: Plan, case: Case, names: Names, knowledge: Knowledge) -> dict[str, Any]:
    """Everything that the page shows, in the client's words.

    Returns:
        `lead` (what to do about a danger, else empty), `items` (each with its frames and how many days a week it is
        for), `parts` (when to stop, medicines, what to leave) and `safety` (when to get help).
    """
    lead = client_words()["urgency"].get(plan.urgency, "")
    items = [item for item in plan.items if item.kind != "referral"]
    parts = [
        *(client._stop(knowledge) if any(item.kind == "exercise" for item in items) else []),
        *client._medicines(plan, knowledge),
        *client._leave(plan),
    ]
    return {
        "format": FORMAT,
        "lead": lead,
        "message": plan.aim.plain if plan.aim is not None else plan.message,
        "mirrored": client.working_side(case) == "left",
        "items": [
            {
                **client.card_words(item, knowledge, names),
                "id": item.id,
                "kind": item.kind,
                "days_a_week": _days(item.dose),
                "frames": list(figures.steps(item.id)) if item.id in figures.available() else [],
            }
            for item in items
        ],
        "parts": [{"title": part["title"], "lines": part["lines"]} for part in parts],
        "safety": list(plan.safety_net),
    }


def _days(dose: Any) -> int | None:
    """On how many days of a week; None where the plan does not say."""
    often = dose.get("per_week") if dose else None
    return min(DAYS_A_WEEK, int(often)) if isinstance(often, int | float) and often >= 1 else None
