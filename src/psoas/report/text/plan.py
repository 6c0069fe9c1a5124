"""The plan in words: each item with dose, effects beside what people notice, certainty, and what guidelines say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from psoas.care.brief import brief
from psoas.report.phrases import because_words, certainty_words, common_stops, own_stops, review_words
from psoas.report.text.citing import Citing

if TYPE_CHECKING:
    from psoas.care import Plan
    from psoas.care.types import Dropped, HandsOnWork, Item

NOTICEABLE = {
    "yes": "people notice this",
    "no": "smaller than people notice",
    "unclear": "may be too small to notice",
    "unknown": "size not known",
}


def plan_report(plan: Plan, citing: Citing, computed: Mapping[str, str]) -> dict[str, Any]:
    """The whole plan as plain data in words. `computed`: by id, what the body model adds to an item."""
    common = common_stops([item.stop_if for item in plan.items if item.kind != "referral"])
    return {
        "message": plan.message,
        "aim": _aim(plan),
        "brief": [
            {"id": one.id, "title": one.title, "lines": list(one.lines), "folded": list(one.folded)}
            for one in brief(plan)
        ],
        "hands_on": [_hands_on(one, citing) for one in plan.hands_on],
        "hands_on_withheld": [_dropped(one, citing) for one in plan.hands_on_withheld],
        "examine_first": list(plan.examine_first),
        "retest": _retest(plan),
        "avoid": [{"what": one.what, "why": one.why, "until": one.instead} for one in plan.avoid],
        "differs": list(plan.differs),
        "course": plan.course,
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
        "for": item.for_,
        "phase": item.phase,
        "order": item.order,
        "say": item.say,
        "progress_when": item.progress_when,
        "regress_when": item.regress_when,
        "how_soon": item.how_soon,
        "check": list(item.check),
        "until_seen": item.until_seen,
        "again": item.again,
        "citations": citing.held(item.sources),
    }


def _aim(plan: Plan) -> dict[str, Any] | None:
    """What the plan is for; None while a doctor comes first."""
    if (aim := plan.aim) is None:
        return None
    return {
        "sentence": aim.sentence,
        "plain": aim.plain,
        "for": aim.for_,
        "name": aim.name,
        "how_sure": aim.how_sure,
        "probability": aim.probability,
        "phase": aim.phase,
        "phase_why": aim.phase_why,
        "because": [one.words for one in aim.because],
        "hurts": list(aim.hurts),
    }


def _retest(plan: Plan) -> dict[str, Any] | None:
    if (again := plan.retest) is None:
        return None
    return {
        "plain": again.plain,
        "what": again.what,
        "after_weeks": again.after_weeks,
        "enough": again.enough,
        "if_not": again.if_not,
    }


def _hands_on(one: HandsOnWork, citing: Citing) -> dict[str, Any]:
    return {
        "what": one.what,
        "region": one.region,
        "minutes": one.minutes,
        "sessions": one.sessions,
        "expect": one.expect,
        "not_if": one.not_if,
        "certainty": one.certainty.replace("_", " "),
        "again": one.again,
        "citations": citing.held(one.sources),
    }


def _dropped(one: Dropped, citing: Citing) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind.replace("_", " "),
        "reasons": [{"words": reason.words, "citations": citing.of(reason.source)} for reason in one.reasons],
    }
