"""A story cut into clauses, each said as true, as false, as unsure, of somebody else, or only supposed.

Negation by a small rule set after NegEx (Chapman et al. 2001, J Biomed Inform 34:301-310): a cue denies what follows it
up to the end of the clause; inability ('I cannot pass urine') is no denial.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Polarity = Literal["yes", "no", "unsure", "other"]

MOST_CHARACTERS = 20_000
"""Four pages of a letter; what is longer is refused with a sentence, not cut."""

_SENTENCE = re.compile(r"(?<=[.!?;:\n])\s+|\n+|[•\u2013\u2014]\s")
_JOINT = re.compile(
    r",\s*(?=(?:and|but|or|so|then|also|it|i|i'm|my|the|there|no|not|worse|better|when|because|which|sometimes)\b)"
    r"|\s+(?=(?:but|however|although|though|whereas|except|because)\b)|\s+and\s+(?=(?:i|it|my|there|no|the)\b)|;\s*",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:no|not|never|none|without|den(?:y|ies|ied)|negative for|free of|nor|neither|"
    r"(?:do|does|did|is|are|was|were|has|have|had|wo|would)n['\u2019]?t)\b",
    re.IGNORECASE,
)
_INABILITY = re.compile(
    r"\b(?:can(?:not|['\u2019]?t)|could(?: not|n['\u2019]?t)|unable|not able|no longer|not any ?more|nothing|"
    r"no (?:feeling|sensation|position|relief|appetite|strength|period|control)|"
    r"not (?:sleep|feel|help|notice)|won['\u2019]?t go|never stops|"
    r"\w*n['\u2019]?t (?:feel|help|ease|work|carry|stop|hold|notice|go away|want to eat|do what|been able))\b",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:not sure|don['\u2019]?t know|don['\u2019]?t think so|maybe|perhaps|might|possibly|i suppose|hard to say)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:my (?:mother|father|mum|mom|dad|sister|brother|wife|husband|son|daughter|friend|aunt|uncle|neighbour|"
    r"grand\w+)|"
    r"runs in (?:my|the) family)\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:if i|in case|afraid (?:of|that)|worried (?:about|that)|could it be|is it)\b", re.IGNORECASE
)


_LEAD = re.compile(
    r"^(?:i|it|there|he|she|we|have|has|had|is|any|really|been)\s+(?:have|has|had|is|any|really|been)?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a story.

    Attributes:
        text: as it was said.
        core: what is denied, without the cue, where the clause denies; else the text.
        polarity: `yes` said, `no` denied, `unsure`, `other` of somebody else or only supposed.
    """

    text: str
    core: str
    polarity: Polarity


def clauses_of(story: str) -> list[Clause]:
    """The clauses of a story, in order.

    Raises:
        ValueError: longer than `MOST_CHARACTERS`.
    """
    if len(story) > MOST_CHARACTERS:
        raise ValueError(f"is {len(story)} characters long; at most {MOST_CHARACTERS} are read.")
    clean = " ".join("".join(c if c.isprintable() or c == "\n" else " " for c in line) for line in story.split(" "))
    found = []
    for sentence in _SENTENCE.split(clean):
        denied = False
        for number, piece in enumerate(_listed(sentence)):
            text = piece.strip(" \t,.;:!?\"'()-")
            if len(text) < 3:
                continue
            clause = clause_of(text)
            # 'no fever, chills or weight loss': what a list goes on with is denied like its first.
            if number and denied and clause.polarity == "yes" and len(text.split()) <= 4:
                clause = Clause(text, text, "no")
            denied = clause.polarity == "no"
            found.append(clause)
    return found


def _listed(sentence: str) -> list[str]:
    parts = [part for part in _JOINT.split(sentence) if part]
    split = []
    for part in parts:
        if _CUE.search(part) and not _INABILITY.search(part):
            split += re.split(r",\s*(?:or\s+|and\s+|nor\s+)?|\s+(?:or|nor)\s+", part)
        else:
            split.append(part)
    return split


def clause_of(text: str) -> Clause:
    """One clause with its polarity."""
    if _OTHER.search(text) or _SUPPOSED.search(text):
        return Clause(text, text, "other")
    if _UNSURE.search(text):
        return Clause(text, _UNSURE.sub(" ", text).strip(), "unsure")
    cue = _CUE.search(text)
    if cue and not _INABILITY.search(text):
        core = " ".join(f"{text[: cue.start()]} {text[cue.end() :]}".split())
        core = re.sub(r"^(?:but|and|so|though|although)\s+", "", core, flags=re.IGNORECASE)
        core = _LEAD.sub("", core)
        return Clause(text, core or text, "no")
    return Clause(text, text, "yes")
