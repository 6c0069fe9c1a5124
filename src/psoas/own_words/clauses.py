"""A story cut into clauses, each said as true, as false, as unsure, of somebody else, or only supposed.

Negation by a small rule set after NegEx (Chapman et al. 2001, J Biomed Inform 34:301-310): a cue denies what follows it
up to the end of the clause; inability ('I cannot pass urine') is no denial.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

Polarity = Literal["yes", "no", "unsure", "other"]

MOST_CHARACTERS = 20_000
"""Four pages of a letter; what is longer is refused with a sentence, not cut."""

_SENTENCE = re.compile(r"(?<=[.!?;:\n])\s+|\n+|[•\u2013\u2014]\s")
_JOINT = re.compile(
    r",\s*(?=(?:[\w'\u2019-]+\s+){1,4}(?:is|are|was|were|hurts?|helps?|makes?|eases?|doesn['\u2019]t|isn['\u2019]t|"
    r"feels?)\b)|,\s*(?=(?:and|but|or|so|then|also|it|i|i'm|my|the|there|"
    r"no|not|worse|better|when|because|which|sometimes)\b)"
    r"|\s+(?=(?:but|however|although|though|whereas|except|because)\b)|\s+and\s+(?=(?:i|it|my|there|no|the)\b)|;\s*",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:no|not|never|none|without|den(?:y|ies|ied)|negative for|free of|nor|neither|"
    r"nobody|no one|(?:do|does|did|is|are|was|were|has|have|had|wo|would)n['\u2019]?t|"
    r"nothing(?= (?:numb|weak|swollen|red|wrong|below)))\b",
    re.IGNORECASE,
)
_INABILITY = re.compile(
    r"\b(?:can(?:not|['\u2019]?t)|could(?: not|n['\u2019]?t)|unable|not able|no longer|not any ?more|"
    r"nothing(?! (?:numb|weak|swollen|red|wrong|below))|"
    r"no (?:feeling|sensation|position|relief|appetite|strength|period|control|urge|"
    r"change|difference|better|worse|improvement)|"
    r"not (?:sleep|feel|help|notice)|won['\u2019]?t go|never stops|"
    r"\w*n['\u2019]?t (?:even )?(?:heal|feel|help|ease|work|carry|stop|hold|notice|"
    r"go away|want to eat|do what|been able|let))\b",
    re.IGNORECASE,
)
_FINE = re.compile(
    r"\b(?:(?:is|are|was|were|feels?|works?|'s|\u2019s|it's|sleep)\s+"
    r"(?:all |perfectly |completely |still |otherwise |quite |absolutely |"
    r"both )*(?:fine|normal|ok|okay|good|strong|steady|all right|alright|no problem|no trouble)|"
    r"(?:sleep|slept) (?:well|right through|fine)|normally|without (?:any |a )?(?:pain|trouble|problems?|difficulty)|"
    r"(?<!not )well in (?:my|him|her)self|can (?:put|take) (?:my )?full weight|"
    r"no (?:problem|trouble|bother)(?: at all)?|not a problem|"
    r"(?:is|are|was)n['\u2019]?t (?:a |any )?(?:problem|trouble|bother)|doesn['\u2019]t bother me)\b|"
    r"(?<!not )(?<!n't )\b(?:normal|intact|nad|clear)$",
    re.IGNORECASE,
)
_ONLY_SO = re.compile(r"\b(?:can(?:no|['\u2019]?)t|never|not)\b.*\b(?:without|unless)\b", re.IGNORECASE)
"""'I can't walk without limping': what stands behind it is so."""
_TRAILING = re.compile(r"[:,\s-]+(?:nil|none|neg|negative|denied|denies|d(?:id|o|oes) nothing)$", re.IGNORECASE)
_UNSURE = re.compile(
    r"\b(?:not sure|don['\u2019]?t know|don['\u2019]?t think so|maybe|perhaps|might|possibly|i suppose|hard to say)\b",
    re.IGNORECASE,
)
_RELATIVE = (
    r"\b(?:my|his|her|our) (?:mother|father|mum|mom|dad|sister|brother|wife|husband|son|daughter|friend|aunt|uncle|"
    r"cousin|neighbour|flatmate|partner|parents?|nan|gran\w*)(?:['\u2019]s)?\b"
)
_OTHER = re.compile(rf"{_RELATIVE}|\bruns? in (?:my|the|our) family\b", re.IGNORECASE)
_SELF = re.compile(r"\b(?:i|i['\u2019]\w+|me|my|mine|myself)\b", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"\b(?:in case|afraid (?:of|that|it)|worried (?:about|that|it)|could it be|is it|scared (?:of|that it))\b",
    re.IGNORECASE,
)
_FACTORS = re.compile(r"\b(agg\w*|eas(?:e|es|ed|ing)(?: factors)?|rel(?:ieved|ief)?)\s*:\s*", re.IGNORECASE)
_AGGRAVATES = re.compile(r"\bagg(?:s|rav\w*)?\b(?: (?:by|factors?|with))?\s*[:=]?\s*", re.IGNORECASE)
_EASES = re.compile(
    r"\b(?:eas(?:e|es|ed|ing)|rel(?:ieved|ief)?)\b(?: (?:by|factors?|with))?\s*[:=]\s*|^eases\s+", re.IGNORECASE
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
        core: what is denied, without the cue, where the clause has one; else the text.
        polarity: `yes` said, `no` denied, `unsure`, `other` of somebody else or only supposed.
        before: what stands before the cue; a denial reaches forward only.
        sentence: number of the sentence in the story.
    """

    text: str
    core: str
    polarity: Polarity
    before: str = ""
    sentence: int = 0


def clauses_of(story: str) -> list[Clause]:
    """The clauses of a story, in order.

    Raises:
        ValueError: longer than `MOST_CHARACTERS`.
    """
    if len(story) > MOST_CHARACTERS:
        raise ValueError(f"is {len(story)} characters long; at most {MOST_CHARACTERS} are read.")
    clean = " ".join("".join(c if c.isprintable() or c == "\n" else " " for c in line) for line in story.split(" "))
    clean = _FACTORS.sub(r"\1 = ", clean)
    found = []
    for place, sentence in enumerate(_SENTENCE.split(clean)):
        denied = False
        for number, piece in enumerate(_listed(sentence)):
            text = piece.strip(" \t,.;:!?\"'()-")
            text = re.sub(r"^(?:and|but|so|also|then)\s+", "", text, flags=re.IGNORECASE)
            if len(text) < 3:
                continue
            clause = clause_of(text)
            # 'no fever, chills or weight loss': what a list goes on with is denied like its first.
            if number and denied and clause.polarity == "yes" and len(text.split()) <= 4:
                clause = Clause(text, text, "no")
            denied = clause.polarity == "no"
            found.append(replace(clause, sentence=place))
    return found


def _listed(sentence: str) -> list[str]:
    if factors := _factors(sentence):
        return factors
    parts = [part for part in _JOINT.split(sentence) if part]
    split = []
    for part in parts:
        if _CUE.search(part) and not _INABILITY.search(part):
            split += re.split(r",\s*(?:or\s+|and\s+|nor\s+)?|\s+(?:or|nor)\s+", part)
        else:
            split.append(part)
    return split


def _factors(sentence: str) -> list[str]:
    """A clinician's list of what makes it worse and what eases it, each factor said in full."""
    found: list[str] = []
    for pattern, words in ((_AGGRAVATES, "worse with"), (_EASES, "better with")):
        match = pattern.search(sentence)
        if match is None or (pattern is _AGGRAVATES and match.start() > 3):
            continue
        until = re.search(r";|\b(?:ease|eases|eased|aggs?)\b", sentence[match.end() :])
        listed = sentence[match.end() : match.end() + until.start()] if until else sentence[match.end() :]
        found += [
            f"{words} {factor.strip()}" for factor in re.split(r",|/|\band\b|&", listed) if len(factor.strip()) > 2
        ]
    return found


def clause_of(text: str) -> Clause:
    """One clause with its polarity."""
    if _is_of_others(text):
        return Clause(text, text, "other")
    if _UNSURE.search(text):
        return Clause(text, _UNSURE.sub(" ", text).strip(), "unsure")
    if trailing := _TRAILING.search(text):
        return Clause(text, text[: trailing.start()], "no")
    if _ONLY_SO.search(text):
        return Clause(text, text, "yes")
    if fine := _FINE.search(text):
        core = " ".join(f"{text[: fine.start()]} {text[fine.end() :]}".split())
        return Clause(text, core or text, "no")
    cue = _CUE.search(text)
    if cue:
        before = text[: cue.start()]
        core = " ".join(f"{before} {text[cue.end() :]}".split())
        core = re.sub(r"^(?:but|and|so|though|although)\s+", "", core, flags=re.IGNORECASE)
        core = _LEAD.sub("", core) or text
        return Clause(text, core, "yes" if _INABILITY.search(text) else "no", before)
    return Clause(text, text, "yes")


def _is_of_others(text: str) -> bool:
    """Whether it is told of somebody else, or only feared; 'my wife says I look yellow' is told of oneself."""
    if _SUPPOSED.search(text):
        return True
    if not _OTHER.search(text):
        return False
    return not _SELF.search(_OTHER.sub(" ", text))
