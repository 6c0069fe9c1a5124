"""Medicines, illnesses, care so far and activities in a story, by the readers that read them elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

from psoas.knowledge import Knowledge
from psoas.knowledge.index import index_of
from psoas.knowledge.readers.illness_reader import illness_reader_of
from psoas.knowledge.readers.medicine_names import LONGEST_PHRASE, plain_letters, words_in
from psoas.own_words.clauses import Clause
from psoas.own_words.plain_facts import PlainFacts

_NOT_NOW = re.compile(r"\b(?:used to|stopped|came off|no longer|allerg\w+|years ago|as a child|in the past)\b", re.I)
COMMON = frozenset(
    ("pill", "pills", "tablets", "injection", "injections", "patch", "water", "iron", "salt", "sugar", "lithium")
)
"""Names of medicines that are ordinary words too, and count only when somebody writes them on the list itself."""
_CARE = (
    ("physiotherapy", r"physio\w*"),
    ("massage", r"massag\w+"),
    ("osteopathy", r"osteo(?:path\w*)?"),
    ("chiropractic", r"chiro\w*"),
    ("acupuncture", r"acupunct\w+|needling"),
    ("exercises", r"exercises?|pilates|yoga|stretch\w+"),
    ("injection", r"injections?|jabs?|cortisone"),
    ("painkillers", r"painkillers?|paracetamol|ibuprofen|naproxen|diclofenac|tramadol|anti-?inflammator\w+|tablets"),
    ("heat", r"heat(?: pack)?|hot (?:bath|shower|water bottle)"),
)
_EFFECTS = (
    ("worse", r"\bworse\b|aggravat\w+"),
    ("hours", r"\b(?:few|some|couple of|two|three) hours\b|same (?:day|evening)|till the evening|wears? off"),
    (
        "temporary",
        r"came back|(?:few|some|couple of) (?:days|weeks)|for (?:a |one )?(?:days|week|weeks|month|months|while)\b",
    ),
    (
        "none",
        r"n['\u2019]?t help|no (?:help|difference|effect|good)|did nothing|not help\w*|didn['\u2019]?t (?:do|make)|"
        r"blind bit",
    ),
    ("partial", r"(?:helps?|helped|eases?) (?:a (?:little|bit)|somewhat)|takes the edge off|a little better"),
    ("good", r"\bhelp(?:s|ed)\b|\beas(?:es|ed)\b|does (?:it|me) good|\bgreat\b|\bfixed\b"),
)
_ACTIVITIES = (
    ("running", r"\b(?:i run|i jog|runner|running|jogging|marathon)\b"),
    ("cycling", r"\b(?:cycl\w+|bike rides?|biking)\b"),
    ("swimming", r"\bswim\w*\b"),
    ("yoga_pilates", r"\b(?:yoga|pilates)\b"),
    ("dancing", r"\b(?:danc\w+|ballet)\b"),
    ("football", r"\b(?:football|soccer)\b"),
    ("tennis", r"\b(?:tennis|squash|badminton|padel)\b"),
    ("gymnastics", r"\bgymnast\w*\b"),
    ("rowing", r"\brow(?:ing|er)\b"),
    ("climbing", r"\bclimber|bouldering|rock climbing\b"),
    ("hockey", r"\bhockey\b"),
    ("strength_training", r"\b(?:gym|weights|deadlift\w*|weightlift\w*|crossfit)\b"),
    ("walking", r"\b(?:walk the dog|hik(?:e|ing)|rambling)\b"),
    ("military_training", r"\b(?:basic training|army|recruit)\b"),
    ("manual_work", r"\b(?:builder|nurse|labourer|roofer|mover|farmer|scaffolder|bricklayer)\b"),
)


def add_care(found: PlainFacts, clauses: Iterable[Clause], knowledge: Knowledge) -> None:
    """Add to the facts what the clauses tell of medicines, illnesses, care so far and activities."""
    last = None
    for clause in clauses:
        if clause.polarity in ("other", "unsure"):
            continue
        if clause.polarity == "yes" and not _NOT_NOW.search(clause.text):
            found.medicines += [name for name in _medicines(clause.text, knowledge) if name not in found.medicines]
        if clause.polarity == "yes":
            found.conditions += [name for name in _illnesses(clause.text, knowledge) if name not in found.conditions]
            for name, pattern in _ACTIVITIES:
                if re.search(pattern, clause.text, re.I) and name not in found.activities:
                    found.activities.append(name)
        last = _tried(found, clause, last)


def _medicines(text: str, knowledge: Knowledge) -> list[str]:
    """What a clause names of medicines, as it is written there."""
    reader = index_of(knowledge).reader
    words = words_in(plain_letters(text, knowledge.medicines.letters))
    found, start = [], 0
    while start < len(words):
        size = next((n for n in range(min(LONGEST_PHRASE, len(words) - start), 0, -1)
                     if words[start : start + n] in reader.names.phrases), 0)  # fmt: skip
        if size and (phrase := " ".join(words[start : start + size])) not in COMMON:
            found.append(phrase)
        start += size or 1
    return list(dict.fromkeys(found))


def _illnesses(text: str, knowledge: Knowledge) -> list[str]:
    """The illnesses and operations that a clause names, as ids."""
    reader = illness_reader_of(knowledge)
    words = words_in(plain_letters(text, knowledge.medicines.letters))
    found: list[str] = []
    for start in range(len(words)):
        for size in range(min(LONGEST_PHRASE, len(words) - start), 0, -1):
            if words[start : start + size] in reader.phrases:
                found += reader.read(" ".join(words[start : start + size]))
                break
    return list(dict.fromkeys(found))


def _tried(found: PlainFacts, clause: Clause, last: str | None) -> str | None:
    """Care that a clause names, with how it went where the same clause says it."""
    named = next((what for what, pattern in _CARE if re.search(rf"\b(?:{pattern})\b", clause.text, re.I)), None)
    if named is None or any(row["what"] == named for row in found.tried):
        return last
    effect = next((name for name, pattern in _EFFECTS if re.search(pattern, clause.text, re.I)), None)
    if effect is not None:
        found.tried.append({"what": named, "effect": effect})
    return named
