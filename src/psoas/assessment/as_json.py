"""The answer as plain data: the JSON that other programs read, to the letter of CASE_FORMAT.

Numbers are rounded so that the text is the same from run to run and from machine to machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psoas.assessment import Assessment
    from psoas.assessment.body_findings import BodyFindings
    from psoas.diagnosis import Diagnosis, HipFlexorVerdict, RankedSource, Weight
    from psoas.screening import Alarm, Screen

DIGITS = 6
BITS_DIGITS = 3
BODY_DIGITS = 1


def to_json(answer: Assessment) -> dict[str, Any]:
    """The whole answer; `flexors` and `levels` only with hip angles measured and the body model installed."""
    return {
        "psoas_version": answer.psoas_version,
        "knowledge_sha256": answer.knowledge_sha256,
        "case": answer.name,
        "screen": screen_to_json(answer.screen),
        **diagnosis_to_json(answer.diagnosis, answer.body),
        **body_to_json(answer.body),
        "plan": answer.plan.to_answer(),
    }


def screen_to_json(screen: Screen) -> dict[str, Any]:
    """The `screen` section."""
    return {
        "urgency": screen.urgency,
        "alarms": [_alarm(alarm) for alarm in screen.alarms],
        "not_asked": list(screen.not_asked),
        "forbidden": [
            {"technique": ban.technique, "because": list(ban.because), "source": ", ".join(ban.source)}
            for ban in screen.forbidden
        ],
        "not_cleared": [{"technique": one.technique, "ask": list(one.ask)} for one in screen.not_cleared],
        "medicines": [
            {
                "written": one.written,
                "understood": one.understood,
                "names": list(one.names),
                "classes": list(one.classes),
                "say": one.says,
            }
            for one in screen.medicines
        ],
        "conflicts": [{"field": one.field, "say": one.says} for one in screen.conflicts],
    }


def _alarm(alarm: Alarm) -> dict[str, Any]:
    return {
        "condition": alarm.condition,
        "urgency": alarm.urgency,
        "because": [{"finding": reason.finding, "source": ", ".join(reason.source)} for reason in alarm.because],
        "rule": alarm.rule,
        "say": alarm.say,
        "do": alarm.do,
    }


def diagnosis_to_json(diagnosis: Diagnosis, body: BodyFindings | None = None) -> dict[str, Any]:
    """The `differential`, `no_single_source`, `psoas` and `next` sections."""
    return {
        "differential": [_ranked(source) for source in diagnosis.differential],
        "no_single_source": round(diagnosis.no_single_source, DIGITS),
        "psoas": psoas_to_json(diagnosis.psoas, body),
        "next": [
            {
                "finding": one.finding,
                "expected_information_bits": round(one.expected_information_bits, DIGITS),
                "who": one.who,
                "minutes": one.minutes,
            }
            for one in diagnosis.next
        ],
    }


def psoas_to_json(verdict: HipFlexorVerdict, body: BodyFindings | None) -> dict[str, Any]:
    """The verdict on the hip flexors: as a source, and apart from it what the angles say of their length."""
    tried = {"settled": [row.model_dump(mode="json", exclude_none=True) for row in verdict.tried]}
    return {
        **(tried if verdict.tried else {}),
        "as_source": verdict.as_source,
        "probability": round(verdict.probability, DIGITS),
        "interval_90": [round(end, DIGITS) for end in verdict.interval_90],
        "because": [_weight(weight) for weight in verdict.because],
        "short": _short(body),
        "settle_by": verdict.settle_by,
        "withheld": ", ".join(verdict.withheld) or None,
    }


def _short(body: BodyFindings | None) -> dict[str, Any] | None:
    """The side whose iliopsoas is shorter than the other's and how sure that is; None while the angles do not tell."""
    found = body.tightness if body else None
    difference = found.difference.get("iliopsoas") if found else None
    if found is None or difference is None:
        return None
    if not all(found.determined("iliopsoas", side) for side in ("left", "right")):
        return None
    side = "right" if difference.percent > 0 else "left"
    return {"side": side, "how_sure": round(difference.probability_real, 2)}


def body_to_json(body: BodyFindings | None) -> dict[str, Any]:
    """The `flexors` and `levels` sections; what could not be computed is absent."""
    if body is None or body.tightness is None:
        return {}
    found = body.tightness
    flexors = {
        side: {
            name: {"shortening_percent": round(one.shortening_percent, BODY_DIGITS), "sd": round(one.sd, BODY_DIGITS)}
            for name, one in held.items()
            if found.determined(name, side)
        }
        for side, held in found.sides.items()
    }
    if body.measured is None:
        return {"flexors": flexors}
    levels = {
        level: {"compression_n": round(load.compression_n, 1), "shear_n": round(load.shear_n, 1)}
        for level, load in body.measured.items()
    }
    return {"flexors": flexors, "levels": {"standing": levels}}


def _ranked(source: RankedSource) -> dict[str, Any]:
    return {
        "source": source.source,
        "probability": round(source.probability, DIGITS),
        "interval_90": [round(end, DIGITS) for end in source.interval_90],
        "responsibility": round(source.responsibility, DIGITS),
        "for": [_weight(weight) for weight in source.for_],
        "against": [_weight(weight) for weight in source.against],
        "rank": source.rank,
    }


def _weight(weight: Weight) -> dict[str, Any]:
    return {
        "finding": weight.finding,
        "log2_odds": round(weight.log2_odds, BITS_DIGITS),
        "source": ", ".join(weight.source),
        "read_in": ", ".join(weight.read_in),
    }
