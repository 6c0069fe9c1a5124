"""The three lines at the top of an answer, in words: for the terminal and for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psoas.assessment.top import Top, top_of
from psoas.report.flexor_words import in_short as flexors_in_short
from psoas.report.phrases import urgency_words
from psoas.report.sources import VERDICT_WORDS, chance_words

if TYPE_CHECKING:
    from psoas.assessment import Assessment
    from psoas.diagnosis.types import Chances
    from psoas.knowledge.words import Words

ASKED = ("Is it safe to work with hands?", "Where it probably comes from", "What to do first")
"""The three questions that the lines answer."""
SHORTEST_LIST = 3
"""Up to so many techniques that are held back are named; more are counted. Our choice."""


def top_report(answer: Assessment, words: Words) -> dict[str, Any]:
    """`safe`, `where`, `flexors` and `first` as sentences, `hands_on` as data, and `sources`: id and name of each."""
    top = top_of(answer)
    return {
        "hands_on": top.hands_on,
        "safe": safe_words(answer, top, words),
        "where": where_words(top, answer.diagnosis.chances, words),
        "flexors": flexors_words(answer, top),
        "first": first_words(answer),
        "sources": [{"id": name, "name": words.source(name)} for name in top.sources],
    }


def safe_words(answer: Assessment, top: Top, words: Words) -> str:
    """Whether hands may work."""
    if top.hands_on == "not_before_help":
        return "No, not before a doctor has looked."
    if top.hands_on == "doctor_first":
        return f"Only gently: no deep pressure and no thrust. {urgency_words(answer.screen, words)}"
    if top.hands_on == "yes":
        return "Yes. Nothing in these answers forbids it."
    names = [_small(words.technique(name)) for name in top.held_back]
    if len(names) <= SHORTEST_LIST:
        return f"Yes, but not: {'; '.join(names)}."
    more = len(names) - SHORTEST_LIST + 1
    return f"Yes, but not: {'; '.join(names[: SHORTEST_LIST - 1])}; nor {more} more named below."


def where_words(top: Top, chances: Chances, words: Words) -> str:
    """The most probable sources by name, after the word for how sure it is, without a figure."""
    if not top.sources:
        return "This waits until the danger has been looked at."
    first, *others = (_small(words.source(name)) for name in top.sources)
    then = f", then {others[0]}" if others else ""
    if chances.none_leads:
        return f"No single source stands out. The first to think of: {first}{then}."
    said = chance_words(chances)
    if others and chances.word == "leading":
        return f"{said}: {first} before {others[0]}."
    if others and chances.word == "open":
        return f"{said}: {first} and {others[0]} are near each other."
    return f"{said}: {first}{then}."


def flexors_words(answer: Assessment, top: Top) -> str:
    """The verdict on the hip flexors, as a source and as a length; empty while a doctor comes first."""
    if top.hands_on == "not_before_help":
        return ""
    verdict = answer.diagnosis.psoas
    if verdict.withheld:
        return f"{VERDICT_WORDS['cannot_tell_yet']}: a doctor must exclude what looks like a tight psoas first."
    body = answer.body
    length = f" {flexors_in_short(body.tightness)}" if body is not None and body.tightness is not None else ""
    return f"{VERDICT_WORDS[verdict.as_source]}.{length}"


def first_words(answer: Assessment) -> str:
    """The first thing to do."""
    if not answer.plan.items:
        return answer.plan.message or "Nothing in particular."
    item = answer.plan.items[0]
    if item.order == 1 and item.say:
        return item.say
    dose = f" {item.dose_words}" if item.dose and item.kind != "referral" else ""
    return f"{item.name.rstrip('.')}.{dose}"


def _small(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
