"""How well a story is heard, on sentences written before anything was tuned to them; half of them is set aside.

python -m validation.own_words            both halves
python -m validation.own_words --misses   what is missed in the open half, to work on; the half set aside stays unseen
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numbers are first computed: sentences are short

from psoas.own_words import Heard, Proposal, tell

DATA = Path(__file__).parent / "data"
AT = 5
"""A hit counts among so many proposals."""
SETS = ("dangers", "dangers denied", "findings", "findings denied", "told together", "shorthand")


@dataclass(frozen=True)
class Line:
    """A sentence, what it tells (id -> answer, by side where it has one), and ids that ordinary words do not part."""

    text: str
    want: dict[str, Any]
    either: dict[str, frozenset[str]]


@dataclass
class Count:
    """What was found of one set."""

    wanted: int = 0
    first: int = 0
    five: int = 0
    proposed: int = 0
    right: int = 0
    negation: int = 0
    sides: int = 0
    side_errors: int = 0
    missed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        share = f"{self.first}/{self.wanted} first, {self.five}/{self.wanted} within {AT}"
        precise = f"{self.right}/{self.proposed} proposals right"
        return f"{share}; {precise}; negation errors {self.negation}; side errors {self.side_errors} of {self.sides}"


def is_kept_back(text: str) -> bool:
    """Whether a text belongs to the half that is set aside: by its own fingerprint, whatever the order."""
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 1


def lines_of(name: str) -> Iterator[Line]:
    """The sentences of a set."""
    raw = _read("own_words_dangers.yaml" if name.startswith("dangers") else "own_words_findings.yaml")
    either = _either(raw["either"] + _read("own_words_dangers.yaml")["either"])
    if name in ("told together", "shorthand"):
        for row in raw["told_together" if name == "told together" else "clinical"]:
            yield Line(row["text"], row["want"], either)
        return
    answer = "no" if name.endswith("denied") else "yes"
    for key in ("denied",) if answer == "no" else ("said", "said_more"):
        for wanted, texts in raw.get(key, {}).items():
            for text in texts:
                yield Line(text, {wanted: answer}, either)


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return read


def _either(groups: list[list[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in groups:
        for name in group:
            found[name] = found.get(name, frozenset()) | frozenset(group)
    return found


def ranked(heard: Heard) -> list[Proposal]:
    """Every proposal, nearest first."""
    return sorted((*heard.dangers, *heard.proposals), key=lambda row: -row.nearness)


def count_of(lines: list[Line]) -> Count:
    """Hits, precision, and errors of negation and side apart."""
    count = Count()
    for line in lines:
        rows = ranked(tell(line.text))
        fits = [_fits(row, line) for row in rows]
        count.proposed += len(rows[:AT])
        count.right += sum(bool(found) for found in fits[:AT])
        for wanted, answer in line.want.items():
            _count_one(count, line, wanted, answer, rows, fits)
    return count


def _fits(row: Proposal, line: Line) -> set[str]:
    return {wanted for wanted in line.want if row.id in line.either.get(wanted, frozenset()) | {wanted}}


def _count_one(count: Count, line: Line, wanted: str, answer: Any, rows: list[Proposal], fits: list[set[str]]) -> None:
    count.wanted += 1
    at = next((number for number, found in enumerate(fits) if wanted in found), None)
    count.first += at is not None and at < len(line.want)
    count.five += at is not None and at < AT
    if at is None or at >= AT:
        count.missed.append(f"{wanted}: {line.text}  -> {', '.join(row.id for row in rows[:AT])}")
        return
    row = rows[at]
    told = set(answer.values()) if isinstance(answer, dict) else {answer}
    is_no, is_unknown = told == {"no"}, told == {"unknown"}
    wrong = row.answer != "no" if is_no else row.answer != "ask" if is_unknown else row.answer == "no"
    if wrong:
        count.negation += 1
        count.missed.append(f"{wanted} heard as {row.answer}: {line.text}")
    if isinstance(answer, dict):
        count.sides += 1
        side = "both" if len(answer) == 2 else next(iter(answer))
        if row.side not in (side, None) or (row.side is None and _asks_side(row)):
            count.side_errors += 1
            count.missed.append(f"{wanted} on {row.side} instead of {side}: {line.text}")


def _asks_side(row: Proposal) -> bool:
    from psoas.knowledge import load
    from psoas.knowledge.index import index_of

    index = index_of(load())
    about = index.findings.get(row.id) or index.flags.get(row.id)
    return bool(about and about.sided)


def false_questions(stories: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """For each harmless story the danger questions that it does not tell."""
    return [
        (
            row["text"],
            [one.id for one in tell(row["text"]).dangers if one.answer != "no" and one.id not in row["true_signs"]],
        )
        for row in stories
    ]


def main() -> None:
    """Print the tables."""
    show = "--misses" in sys.argv
    halves = (("open half", False),) if show else (("open half", False), ("half set aside", True))
    for words, kept in halves:
        print(words)
        for name in SETS:
            lines = [line for line in lines_of(name) if is_kept_back(line.text) is kept]
            count = count_of(lines)
            print(f"  {name}: {len(lines)} sentences; {count}")
            if show:
                print(*(f"    {row}" for row in count.missed), sep="\n")
        stories = [row for row in _read("own_words_harmless.yaml")["stories"] if is_kept_back(row["text"]) is kept]
        asked = false_questions(stories)
        numbers = sorted(len(ids) for _, ids in asked)
        print(f"  harmless stories: {len(asked)}; false danger questions {numbers}, over two in "
              f"{sum(number > 2 for number in numbers)}")  # fmt: skip
        if show:
            print(*(f"    {len(ids)} {', '.join(ids)}: {text[:70]}" for text, ids in asked), sep="\n")


if __name__ == "__main__":
    main()
