"""What rules read out of a story: where, which side, how long, how strong, how it began and goes, age and sex."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from psoas.own_words.clauses import Clause
from psoas.own_words.times import weeks_since

# How people name places, with the region of the drawing; longer names first, so that 'lower leg' is no leg.
PLACES: tuple[tuple[str, str], ...] = (
    (r"low(?:er)? back|small of (?:my|the) back|lumbar|lumbago", "lumbar"),
    (r"upper back|mid(?:dle)? back|shoulder blades?|thoracic", "thoracic"),
    (r"sacroiliac|si joints?|dimples?(?: of (?:my|the) back)?|psis", "sacroiliac"),
    (r"tail ?bone|coccyx", "coccyx"),
    (r"sacrum", "sacrum"),
    (r"buttocks?|bum(?: cheeks?)?|glutes?|bottom|backside|gluteal", "buttock"),
    (r"groins?|inguinal", "groin"),
    (r"(?:outer|outside of (?:my|the)|side of (?:my|the)|lateral) hips?", "hip_lateral"),
    (r"front of (?:my |the )?thighs?|anterior thighs?", "thigh_anterior"),
    (r"back of (?:my |the )?(?:thighs?|legs?)|hamstrings?|posterior thighs?", "thigh_posterior"),
    (r"(?:outer|outside of (?:my |the )?) ?thighs?|lateral thighs?", "thigh_lateral"),
    (r"inner thighs?|inside of (?:my |the )?thighs?|adductors?", "thigh_medial"),
    (r"hips?", "hip"),
    (r"thighs?", "thigh"),
    (r"knees?", "knee"),
    (r"cal(?:f|ves)", "calf"),
    (r"shins?", "shin_lateral"),
    (r"foot|feet|toes?", "foot"),
    (r"legs?", "leg"),
    (r"(?:my |the )?back", "lumbar"),
)
_HURTS = re.compile(
    r"\b(?:pain\w*|hurt\w*|ach\w+|sore\w*|twinge\w*|sciatica|burn\w*|shoot\w*|stab\w*|throb\w*|stiff\w*|tender\w*)\b",
    re.I,
)
_SIDE = re.compile(r"\b(left|right|both)\b(?!\s*(?:now|away|after|before|handed))", re.I)
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "a couple of": 2, "a few": 3, "several": 4, "half a": 0.5,
}  # fmt: skip
_UNITS = {"day": 1 / 7, "week": 1.0, "month": 52.18 / 12, "year": 52.18}
_AMOUNT = "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True)) + r"|\d+(?:[.,]\d+)?"
_DURATION = re.compile(rf"\b({_AMOUNT})[\s-]+(day|week|month|year)s?\b", re.I)
_LASTS = re.compile(r"\b(?:for|since|about|over|past|last|now|already|ago|history|been)\b", re.I)
_INTENSITY = re.compile(r"\b(\d{1,2})(?:[.,]5)?\s*(?:/|out of|of|from)\s*(?:10|ten)\b", re.I)
_WORST_WORDS = (
    ("severe", r"\b(?:severe|agon\w+|unbearable|excruciating|terrible|intense)\b"),
    ("moderate", r"\bmoderate\b"),
    ("mild", r"\bmild (?:pain|ache)\b"),
)
_TEMPERATURE = re.compile(r"\b(3[5-9]|4[0-2])(?:[.,](\d))?\s*(?:degrees?|\u00b0\s*c?|c\b|celsius)", re.I)
_AGE = re.compile(
    r"\b(?:i(?:'m| am)|aged?)\s+(\d{1,3})(?:\s+years?(?: old)?)?\b|"
    r"\b(\d{1,3})[- ]years?[- ]old\b|\b(\d{2})\s?(?:yo|y/o)\b",
    re.I,
)
_SEX = re.compile(r"\b(man|male|gentleman)\b|\b(woman|female|lady)\b", re.I)
_ONSETS = (
    ("after_injury", r"\b(?:accident|fell|fall|crash|lifted|lifting|injur\w+|slipped|tripped|twisted it|came off)\b"),
    ("sudden", r"\b(?:suddenly|all of a sudden|out of nowhere|from one moment|instantly|woke up with it)\b"),
    ("gradual", r"\b(?:gradual\w*|slowly|crept up|came on over|over (?:the )?(?:weeks|months)|bit by bit)\b"),
)
_COURSES = (
    (
        "worsening",
        r"\b(?:get(?:ting|s) worse|worse and worse|worsening|steadily worse|worse (?:each|every) (?:day|week))\b",
    ),
    ("improving", r"\b(?:getting better|improving|slowly better|a bit better (?:each|every))\b"),
    ("episodic", r"\b(?:comes and goes|on and off|episodes|flare[- ]?ups?|every few (?:weeks|months))\b"),
    ("stable", r"\b(?:stays the same|no change|unchanged|always the same)\b"),
)


@dataclass
class PlainFacts:
    """What rules found; None or empty where the story does not say."""

    regions: dict[str, float | None] = field(default_factory=dict)
    duration_weeks: float | None = None
    worst_0_10: float | None = None
    worst_word: str | None = None
    temperature_c: float | None = None
    onset: str | None = None
    course: str | None = None
    age_years: float | None = None
    sex: str | None = None
    medicines: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    tried: list[dict[str, str | float]] = field(default_factory=list)
    activities: list[str] = field(default_factory=list)


def facts_in(clauses: Iterable[Clause], regions: frozenset[str], *, on: date | None = None) -> PlainFacts:
    """Read the clauses; `regions` are the keys (region_side) that the drawing has."""
    found = PlainFacts()
    side = "unspecified"
    for clause in clauses:
        if clause.polarity == "other":
            continue
        text = clause.text
        _numbers(found, text, on)
        if clause.polarity != "yes":
            continue
        if said := _SIDE.search(text):
            side = said[1].lower()
        if _HURTS.search(text):
            for key in _places(text, side, regions):
                found.regions.setdefault(key, None)
    return found


def _places(text: str, side: str, regions: frozenset[str]) -> list[str]:
    keys, rest = [], text
    for pattern, region in PLACES:
        match = re.search(rf"\b(?:{pattern})\b", rest, re.I)
        if not match:
            continue
        rest = rest[: match.start()] + " " * (match.end() - match.start()) + rest[match.end() :]
        sides = ("left", "right") if side == "both" else (side,)
        for one in sides:
            options = (f"{region}_{one}", f"{region}_unspecified", f"{region}_centre")
            keys += [key for key in options if key in regions][:1]
    return keys


def _numbers(found: PlainFacts, text: str, on: date | None) -> None:
    if found.duration_weeks is None and _LASTS.search(text) and (match := _DURATION.search(text)):
        number = _NUMBERS.get(match[1].lower()) or float(match[1].replace(",", "."))
        found.duration_weeks = round(number * _UNITS[match[2].lower()], 1)
    elif found.duration_weeks is None and on is not None:
        found.duration_weeks = weeks_since(text, on)
    if match := _INTENSITY.search(text):
        value = float(match[1])
        if value <= 10:
            found.worst_0_10 = max(value, found.worst_0_10 or 0.0)
    if match := _TEMPERATURE.search(text):
        found.temperature_c = max(float(f"{match[1]}.{match[2] or 0}"), found.temperature_c or 0.0)
    if found.worst_word is None and _HURTS.search(text):
        found.worst_word = next((word for word, words in _WORST_WORDS if re.search(words, text, re.I)), None)
    if found.age_years is None and (match := _AGE.search(text)):
        age = float(next(group for group in match.groups() if group))
        found.age_years = age if 5 <= age <= 110 else None
    if found.sex is None and (match := _SEX.search(text)):
        found.sex = "male" if match[1] else "female"
    for name, table in (("onset", _ONSETS), ("course", _COURSES)):
        if getattr(found, name) is None:
            word = next((value for value, pattern in table if re.search(pattern, text, re.I)), None)
            setattr(found, name, word)
