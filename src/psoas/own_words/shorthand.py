"""Practitioners' shorthand: 'SLR neg bilat, FABER + R post, PSIS tender L', and the sentences of a letter.

A test counts only with a result beside it; a name alone says nothing. A side at the head of a line ('L: thigh thrust+')
holds to its end. The names are data (`data/shorthand.yaml`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

_SEGMENT = re.compile(r"[,;•\n]|\.(?=\s|$)|\bbut\b", re.IGNORECASE)
_HEAD = re.compile(r"^\s*(l|r|left|right|bilat\w*|both)(?:\s+(?:hip|sij|leg|side))?\s*:", re.IGNORECASE)
_TOPIC = re.compile(r"^\s*(?:(?:l|r|left|right) )?(hip|sij|lx|mri)\s*:", re.IGNORECASE)
_LEFT = re.compile(r"\bleft\b|(?<![\w/])\(?L\)?(?![\w/'-])|(?<![\w/])lt\b")
_RIGHT = re.compile(r"\bright\b|(?<![\w/])\(?R\)?(?![\w/'-])|(?<![\w/])rt\b")
_BOTH = re.compile(
    r"\bbilat\w*|\bboth(?: sides)?\b|\bR\s?[=&/+]\s?L\b|\bL\s?[=&/+]\s?R\b|\bB/L\b|\bboth hips\b", re.IGNORECASE
)
_DENIED = re.compile(
    r"\b(?:no|not|without|denies|nil|neg(?:ative)?|free|full|normal|painfree)\b|(?:^|\s)-ve\b|\bpain ?free\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A result read from shorthand: `answer` yes, no, or ask where it stands unsure; side and value where told."""

    id: str
    answer: Literal["yes", "no", "ask"]
    quote: str
    side: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class _Test:
    names: re.Pattern[str]
    yes: re.Pattern[str]
    no: re.Pattern[str]
    always: str | None


@dataclass(frozen=True)
class _Tables:
    tests: dict[str, _Test]
    signs: dict[str, tuple[tuple[re.Pattern[str], ...], ...]]
    values: dict[str, dict[str, re.Pattern[str]]]


@cache
def _tables() -> _Tables:
    text = resources.files("psoas.own_words").joinpath("data/shorthand.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    tests = {name: _test(row, raw) for name, row in raw["tests"].items()}
    signs = {
        name: tuple(tuple(_word(part) for part in line.split(" & ")) for line in lines)
        for name, lines in raw["signs"].items()
    }
    values = {name: {value: _word(words) for value, words in row.items()} for name, row in raw["values"].items()}
    return _Tables(tests, signs, values)


def _test(row: dict[str, Any], raw: dict[str, Any]) -> _Test:
    yes = "|".join(filter(None, (row.get("present"), raw["positive"])))
    no = "|".join(filter(None, (row.get("absent"), raw["negative"])))
    return _Test(_word(row["names"]), _result(yes), _result(no), row.get("always"))


def _word(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def _result(words: str) -> re.Pattern[str]:
    """Words of a result; a plus or minus may stand close to the name ('FADIR+')."""
    return re.compile(rf"(?:(?<![\w/])|(?=[+\u2212-]))(?:{words})(?!\w)", re.IGNORECASE)


def signs_in(story: str) -> tuple[list[Sign], frozenset[str]]:
    """The signs of a text, each id once, and the segments that nothing was read from."""
    found: dict[str, Sign] = {}
    rest: set[str] = set()
    for line in re.split(r"\n+|(?<=[.])\s+", story):
        head, topic = _HEAD.match(line), _TOPIC.match(line)
        side = _side_of(head[1]) if head else None
        for segment in filter(None, (part.strip() for part in _SEGMENT.split(line))):
            said = f"{topic[1]} {segment}" if topic and topic[1].lower() not in segment.lower() else segment
            signs = list(_of_segment(said, side))
            for sign in signs:
                found.setdefault(sign.id, sign)
            if not signs:
                rest.add(segment)
    return list(found.values()), frozenset(rest)


def _of_segment(segment: str, head: str | None) -> list[Sign]:
    tables = _tables()
    side = _side_of(segment) or head
    found = []
    for name, test in tables.tests.items():
        match = test.names.search(segment)
        answer = _answer(test, segment, match) if match else None
        if answer is None:
            continue
        value = None
        if answer == "yes":
            value = next((key for key, words in tables.values.get(name, {}).items() if words.search(segment)), None)
        found.append(Sign(name, answer, segment, side, value))
    for name, choices in tables.signs.items():
        if any(all(part.search(segment) for part in parts) for parts in choices):
            found.append(Sign(name, _told(name, segment), segment, side, None))
    return found


def _answer(test: _Test, segment: str, match: re.Match[str]) -> Literal["yes", "no"] | None:
    """The result of a test: what stands after its name, or before it where nothing stands after."""
    if test.always == "yes":
        return "yes"
    for part in (segment[match.end() :], segment[: match.start()], match[0]):
        no, yes = test.no.search(part), test.yes.search(part)
        if no and (not yes or no.start() <= yes.start()):
            return "no"
        if re.search(r"\b(?:no|denies|without|nil)\b", part, re.IGNORECASE) and part != segment[match.end() :]:
            return "no"
        if yes:
            return "yes"
    return None


_NORMAL = ("neuro_exam_normal", "hip_exam_normal", "lumbar_movement_normal", "sij_all_tests_negative")


def _told(name: str, segment: str) -> Literal["yes", "no"]:
    if name in _NORMAL:
        return "yes"
    return "no" if _DENIED.search(segment) else "yes"


def _side_of(text: str) -> str | None:
    plain = re.sub(r"\bL\d(?:[/-]\w\d?)?|\bS1\b", " ", text)
    if _BOTH.search(plain):
        return "both"
    left, right = (
        bool(_LEFT.search(plain)) or plain.lower() in ("l", "left"),
        bool(_RIGHT.search(plain)) or plain.lower() in ("r", "right"),
    )
    return "both" if left and right else "left" if left else "right" if right else None
