"""From a story to proposals: what it says of each finding, and which danger signs it comes near.

Nothing here enters a case: a person confirms each proposal. A danger sign near any clause is a question at once, first,
whatever else was said and however it was said; the model can add such questions and never answer or close one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

from psoas.errors import CaseError
from psoas.knowledge import Knowledge, load
from psoas.knowledge.index import index_of, vocabulary_of
from psoas.own_words.candidates import Candidate, candidates_of
from psoas.own_words.care_told import add_care
from psoas.own_words.clauses import clauses_of
from psoas.own_words.plain_facts import PlainFacts, facts_in
from psoas.own_words.shorthand import signs_in
from psoas.own_words.wordings import wordings_of

SHORTHAND = 0.97
"""Nearness of what shorthand says outright."""
Answer = Literal["yes", "no", "ask"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing that the story may say.

    Attributes:
        id: finding or flag.
        answer: `yes` or `no` as told; `ask` where the words come near and no more.
        quote: the clause.
        nearness: 0 to 1, of the clause to the nearest wording.
        side: `left`, `right` or `both`, where it is told and the finding has sides.
        value: the place or level that stands for a yes, where a finding lists such (`faber`: `back`).
    """

    id: str
    answer: Answer
    quote: str
    nearness: float
    side: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard.

    `dangers` come first and are always to be asked; `by_meaning` is False where the model is missing.
    """

    story: str
    dangers: tuple[Proposal, ...]
    proposals: tuple[Proposal, ...]
    facts: PlainFacts
    by_meaning: bool
    unread: tuple[str, ...] = field(default=())


def tell(story: str, knowledge: Knowledge | None = None, *, on: date | None = None) -> Heard:
    """Listen to a story.

    Args:
        on: the day on which it is told, for 'since Easter'; today where it is left out.

    Raises:
        CaseError: longer than four pages.
    """
    known = knowledge or load()
    try:
        clauses = clauses_of(story)
    except ValueError as err:
        raise CaseError("the story", str(err)) from None
    signs, rest = signs_in(story)
    found = [Proposal(sign.id, sign.answer, sign.quote, SHORTHAND, sign.side, sign.value) for sign in signs]
    heard, unread = candidates_of(clauses, known)
    found += [_proposal(row, known) for row in heard]
    dangers, proposals = _sorted_out(found, known)
    facts = facts_in(clauses, vocabulary_of(known).regions, on=on or date.today())
    add_care(facts, clauses, known)
    return Heard(
        story=story,
        dangers=dangers,
        proposals=proposals,
        facts=facts,
        by_meaning=wordings_of(known).vectors is not None,
        unread=tuple(text for text in unread if not signs or text in rest),
    )


def _proposal(row: Candidate, known: Knowledge) -> Proposal:
    danger = row.id in _danger_ids(known)
    unsure = danger or row.clause.polarity == "unsure"
    answer: Answer = "no" if row.denied else "ask" if unsure else "yes"
    side = row.side if row.id in _sided(known) else None
    return Proposal(row.id, answer, row.clause.text, round(row.nearness, 3), side)


def _sorted_out(found: list[Proposal], known: Knowledge) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...]]:
    """Danger signs and findings, each id once: what is said outweighs what is denied, and nearer outweighs farther."""
    of: dict[str, Proposal] = {}
    danger_ids = _danger_ids(known)
    for row in found:
        if row.id in danger_ids and row.answer == "yes":
            row = Proposal(row.id, "ask", row.quote, row.nearness, row.side, row.value)
        kept = of.get(row.id)
        if kept is None or (not _is_sign(kept, danger_ids) and _rank(row) > _rank(kept)):
            of[row.id] = row
    dangers = sorted(
        (row for row in of.values() if row.id in danger_ids), key=lambda row: (row.answer == "no", -row.nearness)
    )
    told = sorted((row for row in of.values() if row.id not in danger_ids), key=lambda row: -row.nearness)
    return tuple(dangers), tuple(told)


def _rank(row: Proposal) -> tuple[bool, float]:
    return row.answer != "no", row.nearness


def _is_sign(row: Proposal, danger_ids: frozenset[str]) -> bool:
    """Whether shorthand says it, which is more exact than any nearness; a danger sign is asked all the same."""
    return row.nearness == SHORTHAND and row.id not in danger_ids


@lru_cache(maxsize=2)
def _danger_ids(known: Knowledge) -> frozenset[str]:
    return frozenset(index_of(known).flags)


@lru_cache(maxsize=2)
def _sided(known: Knowledge) -> frozenset[str]:
    index = index_of(known)
    return frozenset(name for table in (index.findings, index.flags) for name, about in table.items() if about.sided)
