"""The ranked sources in words, with the reasons of each, what would change the first place and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from psoas.knowledge.words import Words
from psoas.report.phrases import change_words, notes_on
from psoas.report.sources import VERDICT_WORDS, chance_words, hip_flexor_words, settle_words
from psoas.report.text.citing import Citing

if TYPE_CHECKING:
    from psoas.assessment import Assessment
    from psoas.diagnosis import HipFlexorVerdict, NextQuestion, RankedSource, Weight

NONE_WORDS = "No single source found"
SLIGHT_BITS, CLEAR_BITS, STRONG_BITS = 0.5, 1.5, 3.0
"""Our choice: from here a finding is said to speak a little, clearly, strongly; 1.5 bits are odds times 2.8."""


def ranking_report(answer: Assessment, words: Words, citing: Citing) -> dict[str, Any]:
    """`sources`, `no_single`, `notes`, `change` and `next`."""
    diagnosis = answer.diagnosis
    change = change_words(diagnosis, words)
    return {
        "setting": diagnosis.setting.replace("_", " "),
        "sources": [_source(source, words, citing) for source in diagnosis.differential],
        "no_single": {
            "name": NONE_WORDS,
            "percent": _percent(diagnosis.no_single_source),
            "leads": diagnosis.chances.none_leads,
        },
        "chance": {"word": diagnosis.chances.word, "says": chance_words(diagnosis.chances)},
        "judged_percent": _percent(diagnosis.judged),
        "psoas": _psoas(diagnosis.psoas, words, citing),
        "notes": [note for note in notes_on(diagnosis, words) if note != change],
        "change": change,
        "next": [_next(one, words) for one in diagnosis.next],
    }


def _psoas(verdict: HipFlexorVerdict, words: Words, citing: Citing) -> dict[str, Any]:
    """The verdict on the hip flexors as a source: word, sentence, reasons, what settles it, what withholds it."""
    low, high = verdict.interval_90
    return {
        "as_source": verdict.as_source,
        "says": VERDICT_WORDS[verdict.as_source],
        "sentence": hip_flexor_words(verdict, words),
        "percent": _percent(verdict.probability),
        "low": _percent(low),
        "high": _percent(high),
        "because": _weights(verdict.because, words, citing),
        "settle": settle_words(verdict, words),
        "withheld": [words.condition(name) for name in verdict.withheld],
    }


def _source(source: RankedSource, words: Words, citing: Citing) -> dict[str, Any]:
    low, high = source.interval_90
    return {
        "rank": source.rank,
        "id": source.source,
        "name": words.source(source.source),
        "percent": _percent(source.probability),
        "low": _percent(low),
        "high": _percent(high),
        "responsibility": _percent(source.responsibility),
        "for": _weights(source.for_, words, citing),
        "against": _weights(source.against, words, citing),
    }


def _weights(weights: Iterable[Weight], words: Words, citing: Citing) -> list[dict[str, Any]]:
    return [
        {
            "finding": weight.finding,
            "words": words.answered(weight),
            "bits": round(weight.log2_odds, 2),
            "says": strength(weight.log2_odds),
            "odds": odds_words(weight.log2_odds),
            "citations": citing.of(weight.source, weight.read_in),
            "verified": not {"recalled", "reasoned"} & set(weight.read_in),
            "judged_percent": _percent(weight.judged),
        }
        for weight in weights
    ]


def strength(bits: float) -> str:
    """How strongly a finding speaks, and which way."""
    size, way = abs(bits), "for" if bits >= 0 else "against"
    if size < SLIGHT_BITS:
        return "hardly counts"
    if size < CLEAR_BITS:
        return f"a little {way}"
    return f"clearly {way}" if size < STRONG_BITS else f"strongly {way}"


def odds_words(bits: float) -> str:
    """What a finding does to the odds: 2 bits are 'odds × 4.0', less 2 'odds ÷ 4.0'."""
    factor = 2.0 ** abs(bits)
    return f"odds {'×' if bits >= 0 else '÷'} {factor:.{0 if factor >= 9.95 else 1}f}"


def _next(one: NextQuestion, words: Words) -> dict[str, Any]:
    phrase = words.of(one.finding)
    return {
        "finding": one.finding,
        "words": phrase[:1].upper() + phrase[1:],
        "bits": round(one.expected_information_bits, 2),
        "bits_per_minute": round(one.bits_per_minute, 2),
        "minutes": one.minutes,
        "who": one.who,
    }


def _percent(share: float) -> int:
    """A share as whole percent, as it is shown."""
    return round(100.0 * share)
