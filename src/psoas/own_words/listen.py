"""From a story to proposals: what it says of each finding, and which danger signs it comes near.

Nothing here enters a case: a person confirms each proposal. A danger sign near any clause is a question at once, first,
whatever else was said and however it was said; the model can add such questions and never answer or close one.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np

from psoas.errors import CaseError
from psoas.knowledge import Knowledge, load
from psoas.knowledge.index import vocabulary_of
from psoas.own_words.clauses import Clause, clauses_of
from psoas.own_words.encoder import encoder
from psoas.own_words.plain_facts import PlainFacts, facts_in
from psoas.own_words.wordings import Wordings, wordings_of

NEAR, NEAR_DANGER = 0.55, 0.46
"""Cosine of two meanings from which a finding is proposed, and from which a danger is asked about. Our choice."""
EACH = 2
"""Proposals a clause gives at most, of findings and of danger signs each."""
DENIES_BY = 0.12
"""By so much the whole clause must be nearer than what it denies to be taken as said and not as denied."""
_WORSE = re.compile(r"\b(?:worse\w*|hurts?|aggravat\w*|brings? (?:it )?on|kills?|painful|hard|can't|cannot)\b", re.I)
_BETTER = re.compile(
    r"\b(?:eas\w+|reliev\w+|relief|helps?|helped|better|settles?|loosens?|fine|goes away|further)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing that the story may say.

    Attributes:
        id: finding or flag.
        answer: `yes` or `no` as told; `ask` where the words come near and no more.
        quote: the clause.
        nearness: 0 to 1, of the clause to the nearest wording.
    """

    id: str
    answer: Literal["yes", "no", "ask"]
    quote: str
    nearness: float


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


def tell(story: str, knowledge: Knowledge | None = None) -> Heard:
    """Listen to a story.

    Raises:
        CaseError: longer than four pages.
    """
    known = knowledge or load()
    try:
        clauses = clauses_of(story)
    except ValueError as err:
        raise CaseError("the story", str(err)) from None
    wordings = wordings_of(known)
    near = _nearness(clauses, wordings)
    dangers, proposals, unread = _proposed(clauses, near, wordings)
    return Heard(
        story=story,
        dangers=dangers,
        proposals=proposals,
        facts=facts_in(clauses, vocabulary_of(known).regions),
        by_meaning=wordings.vectors is not None,
        unread=unread,
    )


@dataclass(frozen=True, slots=True)
class _Near:
    """How near the whole clause and, where it denies, what it denies stand to each wording; (wordings,)."""

    whole: np.ndarray
    core: np.ndarray


def _nearness(clauses: list[Clause], wordings: Wordings) -> list[_Near]:
    texts = list(dict.fromkeys(text for clause in clauses for text in (clause.text, clause.core)))
    if wordings.vectors is not None:
        rows = encoder().vectors(texts) @ wordings.vectors.T
        of = dict(zip(texts, rows, strict=True))
    else:
        of = {text: np.array([_alike(text, row.text) for row in wordings.rows]) for text in texts}
    return [_Near(of[clause.text], of[clause.core]) for clause in clauses]


def _alike(said: str, wording: str) -> float:
    """How alike two texts are by their words and letters, 0 to 1: what is left where meaning cannot be read."""
    a, b = set(said.lower().split()), set(wording.lower().split())
    shared = len(a & b) / max(1, min(len(a), len(b)))
    return 0.5 * shared + 0.5 * difflib.SequenceMatcher(None, said.lower(), wording.lower()).ratio()


def _proposed(
    clauses: list[Clause], near: list[_Near], wordings: Wordings
) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...], tuple[str, ...]]:
    dangers: dict[str, Proposal] = {}
    proposals: dict[str, Proposal] = {}
    unread = []
    for clause, nearness in zip(clauses, near, strict=True):
        best = _best(clause, nearness, wordings)
        for found in best:
            into = dangers if found.id in _danger_ids(wordings) else proposals
            kept = into.get(found.id)
            if kept is None or _rank(found) > _rank(kept):
                into[found.id] = found
        if not best:
            unread.append(clause.text)
    ordered = sorted(dangers.values(), key=lambda row: (row.answer == "no", -row.nearness))
    told = sorted(proposals.values(), key=lambda row: -row.nearness)
    return tuple(ordered), tuple(told), tuple(unread)


def _rank(row: Proposal) -> tuple[bool, float]:
    return row.answer != "no", row.nearness


@lru_cache(maxsize=2)
def _danger_ids(wordings: Wordings) -> frozenset[str]:
    return frozenset(row.id for row in wordings.rows if row.danger)


def _contrary(said: str, wording: str) -> bool:
    """Whether one speaks of worse and the other of better: near in meaning, and opposite."""
    said_worse, said_better = bool(_WORSE.search(said)), bool(_BETTER.search(said))
    worse, better = bool(_WORSE.search(wording)), bool(_BETTER.search(wording))
    return (said_worse and not said_better and better and not worse) or (
        said_better and not said_worse and worse and not better
    )


def _best(clause: Clause, near: _Near, wordings: Wordings) -> list[Proposal]:
    """The nearest findings and the nearest danger signs of one clause. What somebody else has is nobody's sign here."""
    if clause.polarity == "other":
        return []
    found = []
    for danger, least in ((True, NEAR_DANGER), (False, NEAR)):
        score: dict[str, tuple[float, bool]] = {}
        for row, whole, core in zip(wordings.rows, near.whole, near.core, strict=True):
            if row.danger is not danger:
                continue
            denied = clause.polarity == "no" and float(whole) < float(core) + DENIES_BY
            value = float(core) if denied else float(whole)
            if value < least or value <= score.get(row.id, (0.0, False))[0]:
                continue
            if not danger and not denied and _contrary(clause.text, row.text):
                continue
            score[row.id] = (value, denied)
        for name, (value, denied) in sorted(score.items(), key=lambda item: -item[1][0])[:EACH]:
            found.append(Proposal(name, _answer(clause, danger=danger, denied=denied), clause.text, round(value, 3)))
    return found


def _answer(clause: Clause, *, danger: bool, denied: bool) -> Literal["yes", "no", "ask"]:
    if denied:
        return "no"
    return "ask" if danger or clause.polarity == "unsure" else "yes"
