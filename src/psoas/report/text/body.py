"""What the body model makes of the measured angles, in words and numbers: flexors, and loads normal beside measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psoas.report.flexor_words import (
    CAVEAT,
    FLEXOR_WORDS,
    LOADS_TITLE,
    MEASURE_WORDS,
    in_short,
    muscle_and_side,
    next_words,
)
from psoas.screening import Screen

if TYPE_CHECKING:
    from psoas.assessment.body_findings import BodyFindings
    from psoas.body.flexibility.tightness_result import FlexorEstimate, Tightness

WAIT = "They wait until the danger above has been excluded."


def body_report(body: BodyFindings | None, screen: Screen) -> dict[str, Any]:
    """`flexors` and `levels`, None where there is nothing to show; `body_note` says why in a sentence."""
    if body is None:
        return {"flexors": None, "levels": None, "body_note": None}
    if screen.at_least("same_day"):
        return {"flexors": None, "levels": None, "body_note": f"Hip flexors, as measured: {WAIT[0].lower()}{WAIT[1:]}"}
    return {
        "flexors": None if body.tightness is None else _flexors(body.tightness),
        "levels": _levels(body),
        "body_note": body.why_not,
    }


def _flexors(found: Tightness) -> dict[str, Any]:
    return {
        "sentence": in_short(found),
        "rows": [_row(found, flexor, words) for flexor, words in FLEXOR_WORDS.items()],
        "undetermined": [muscle_and_side(name) for name in found.undetermined],
        "notes": list(found.notes),
        "measure_next": [
            {
                "id": one.id,
                "side": one.side,
                "words": MEASURE_WORDS[one.id],
                "settles": one.settles.replace("_", " "),
                "sentence": (sentence := next_words(one))[:1].upper() + sentence[1:],
            }
            for one in found.measure_next
        ],
        "caveat": CAVEAT,
    }


def _row(found: Tightness, flexor: str, words: str) -> dict[str, Any]:
    difference = found.difference[flexor]
    told = all(found.determined(flexor, side) for side in ("left", "right"))
    return {
        "id": flexor,
        "name": words[:1].upper() + words[1:],
        "left": _side(found.left[flexor], found.determined(flexor, "left")),
        "right": _side(found.right[flexor], found.determined(flexor, "right")),
        "difference_percent": round(difference.percent, 1) if told else None,
        "real_percent": round(100.0 * difference.probability_real) if told else None,
    }


def _side(one: FlexorEstimate, told: bool) -> dict[str, Any]:
    low, high = one.interval_90
    return {
        "told": told,
        "shorter_percent": round(one.shortening_percent, 1),
        "low": round(low, 1),
        "high": round(high, 1),
    }


def _levels(body: BodyFindings) -> dict[str, Any] | None:
    if body.measured is None or body.normal is None:
        return None
    rows = [
        {
            "level": level,
            "compression_n": round(load.compression_n),
            "compression_normal_n": round(body.normal[level].compression_n),
            "shear_n": round(load.shear_n),
            "shear_normal_n": round(body.normal[level].shear_n),
        }
        for level, load in body.measured.items()
    ]
    return {"title": LOADS_TITLE, "rows": rows}
