"""The plan in words: each item with dose, effects beside what people notice, certainty, and what guidelines say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from psoas.report.phrases import because_words, certainty_words, common_stops, own_stops, review_words
from psoas.report.text.citing import Citing

if TYPE_CHECKING:
    from psoas.care import Plan
    from psoas.care.types import Dropped, Item

NOTICEABLE = {
    "yes": "people notice this",
    "no": "smaller than people notice",
    "unclear": "may be too small to notice",
    "unknown": "size not known",
}


def plan_report(plan: Plan, citing: Citing, computed: Mapping[str, str]) -> dict[str, Any]:
    """The whole plan as plain data in words. `computed`: by id, what the body model adds to an item."""
    common = common_stops([item.stop_if for item in plan.items])
    return {
        "message": plan.message,
        "stage": plan.stage,
        "chosen": [item_report(item, common, citing, computed.get(item.id, "")) for item in plan.items],
        "stop_all": list(common),
        "clashes": [
            {
                "first": one.first,
                "second": one.second,
                "severity": one.severity,
                "words": one.words,
                "evidence": one.evidence,
                "citations": citing.held(one.sources),
            }
            for one in plan.clashes
        ],
        "ask_pharmacist": [{"name": name, "why": why} for name, why in plan.ask_pharmacist],
        "warnings": list(plan.warnings),
        "dropped": [_dropped(one, citing) for one in plan.dropped],
        "not_offered": [_dropped(one, citing) for one in plan.not_offered],
        "leave_for_now": [
            {"what": one.what, "why": one.why, "instead": one.instead, "citations": citing.of(one.source)}
            for one in plan.leave_for_now
        ],
        "review": {
            "sentence": review_words(plan.review),
            "week": plan.review.week,
            "on": plan.review.on.isoformat() if plan.review.on else None,
            "citations": citing.of(plan.review.source, plan.review.read_in, "prognosis"),
        },
        "checkpoints": [review_words(one) for one in plan.checkpoints],
        "safety_net": list(plan.safety_net),
    }


def item_report(item: Item, common: Sequence[str], citing: Citing, computed: str = "") -> dict[str, Any]:
    """One thing to do; `common` are stop rules that stand once for all items."""
    return {
        "id": item.id,
        "kind": item.kind.replace("_", " "),
        "who": item.who,
        "name": item.name,
        "practitioner_name": item.practitioner_name,
        "steps": list(item.steps),
        "dose": dict(item.dose),
        "dose_words": item.dose_words,
        "certainty": item.certainty.replace("_", " "),
        "certainty_words": item.certainty_words or certainty_words(item) + ".",
        "effects": [{"words": one.words, "noticeable": NOTICEABLE[one.noticeable]} for one in item.effects],
        "stances": [
            {"body": one.body, "stance": one.stance.replace("_", " "), "note": one.note} for one in item.stances
        ],
        "disagreement": item.disagreement,
        "harms": item.harms,
        "because": because_words(item),
        "computed": computed,
        "stop_if": list(own_stops(item, common)),
        "leave_out_if": list(item.leave_out_if),
        "after_questions": [name.replace("_", " ") for name in item.after_questions],
        "doctor_first": [name.replace("_", " ") for name in item.doctor_first],
        "retest": item.retest,
        "note": item.note,
        "citations": citing.held(item.sources),
    }


def _dropped(one: Dropped, citing: Citing) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind.replace("_", " "),
        "reasons": [{"words": reason.words, "citations": citing.of(reason.source)} for reason in one.reasons],
    }
