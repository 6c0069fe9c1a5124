"""What each clause comes near to: by words that must be heard, and by meaning.

Words raise a question wherever a rule holds. Meaning adds what lies near enough, unless the clause lies nearer to what
people tell beside their complaint (`data/harmless.yaml`): that keeps back only what the model itself would have added.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from psoas.knowledge import Knowledge
from psoas.own_words.clauses import Clause
from psoas.own_words.encoder import Floats, encoder
from psoas.own_words.heard_words import WordHit, word_hits
from psoas.own_words.wordings import HARMLESS, Wordings, wordings_of

NEAR, NEAR_DANGER = 0.55, 0.52
"""Cosine of two meanings from which a finding is proposed, and from which a danger is asked about. Our choice."""
MARGIN = 0.03
"""By so much a danger sign may lie farther than the nearest finding or harmless remark and is asked about still."""
SURE, NEAR_BESIDE = 0.84, 0.62
"""Where words alone tell a clause so surely, meaning adds only what lies so near."""
EACH_FINDING, EACH_DANGER, EACH_BY_MEANING = 3, 4, 2
"""Proposals that a clause gives at most: of findings, of danger signs by words, and of danger signs by meaning."""
SECOND = 0.14
"""A second finding of a clause lies at most so much farther than the first."""
DENIES_BY = 0.12
"""By so much the whole clause must be nearer than what it denies to be taken as said and not as denied."""
OF_OTHERS = (
    "family_aneurysm",
    "family_history",
    "family_history_spa",
    "family_history_oa",
    "family_clot",
    "tb_household",
)
"""What is told of relatives, and not of oneself."""
_WORSE = re.compile(r"\b(?:worse\w*|hurts?|aggravat\w*|brings? (?:it )?on|kills?|painful|hard|can't|cannot)\b", re.I)
_BETTER = re.compile(
    r"\b(?:eas\w+|reliev\w+|relief|helps?|helped|better|settles?|loosens?|fine|goes away|further)\b", re.I
)
_SIDE = re.compile(
    r"\b(left|right|both(?: sides)?|bilat\w*)\b(?!\s*(?:now|away|after|before|handed|through|over|round))", re.I
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An id that a clause comes near to."""

    id: str
    clause: Clause
    nearness: float
    denied: bool
    side: str | None


def candidates_of(clauses: list[Clause], knowledge: Knowledge) -> tuple[list[Candidate], list[str]]:
    """The candidates of all clauses, and the clauses that nothing came near."""
    wordings = wordings_of(knowledge)
    table = _Table.of(wordings)
    near = _nearness(clauses, wordings)
    found: list[Candidate] = []
    unread = []
    for clause, (whole, core) in zip(clauses, near, strict=True):
        best = _of_clause(clause, whole, core, table)
        found += best
        if not best and clause.polarity != "other":
            unread.append(clause.text)
    return [*found, *_of_sentences(clauses, {row.id for row in found}, table)], unread


@dataclass(frozen=True, eq=False)
class _Table:
    """The wordings by id: `ids` in order, where each begins in `rows`, and which are of danger, worse or better."""

    ids: tuple[str, ...]
    starts: np.ndarray
    place: dict[str, int]
    danger: np.ndarray
    worse: np.ndarray
    better: np.ndarray
    harmless: np.ndarray

    @classmethod
    def of(cls, wordings: Wordings) -> _Table:
        return _table(wordings)


@lru_cache(maxsize=2)
def _table(wordings: Wordings) -> _Table:
    rows = wordings.rows
    starts = [at for at, row in enumerate(rows) if at == 0 or rows[at - 1].id != row.id]
    ids = tuple(rows[at].id for at in starts)
    worse = np.array([bool(_WORSE.search(row.text)) for row in rows])
    better = np.array([bool(_BETTER.search(row.text)) for row in rows])
    return _Table(
        ids, np.array(starts), {name: at for at, name in enumerate(ids)},
        np.array([rows[at].danger for at in starts]), worse & ~better, better & ~worse,
        np.array([name == HARMLESS for name in ids]),
    )  # fmt: skip


def _nearness(clauses: list[Clause], wordings: Wordings) -> list[tuple[Floats, Floats]]:
    """Of each clause, and of what it denies, to every wording."""
    texts = list(dict.fromkeys(text for clause in clauses for text in (clause.text, clause.core)))
    if wordings.vectors is not None:
        of = dict(zip(texts, encoder().vectors(texts) @ wordings.vectors.T, strict=True))
    else:
        of = {text: np.array([_alike(text, row.text) for row in wordings.rows], dtype=np.float32) for text in texts}
    return [(of[clause.text], of[clause.core]) for clause in clauses]


def _alike(said: str, wording: str) -> float:
    """How alike two texts are by their words and letters, 0 to 1: what is left where meaning cannot be read."""
    a, b = set(said.lower().split()), set(wording.lower().split())
    if not a & b:
        return 0.0
    shared = len(a & b) / max(1, min(len(a), len(b)))
    return 0.5 * shared + 0.5 * difflib.SequenceMatcher(None, said.lower(), wording.lower()).ratio()


def _of_clause(clause: Clause, whole: Floats, core: Floats, table: _Table) -> list[Candidate]:
    scores, denied = _scores(clause, whole, core, table)
    side = _side_of(clause.text)
    by_words = [hit for hit in word_hits(clause) if hit.id in table.place]
    if clause.polarity == "other":
        by_words = [hit for hit in by_words if hit.id in OF_OTHERS]
        return [Candidate(hit.id, clause, _worth(hit, scores, table), False, None) for hit in by_words]
    found = {hit.id: Candidate(hit.id, clause, _worth(hit, scores, table), hit.denied, side) for hit in by_words}
    for name in _near_ids(scores, table):
        if name not in found:
            at = table.place[name]
            found[name] = Candidate(name, clause, float(scores[at]), bool(denied[at]), side)
    words = {hit.id for hit in by_words}
    if any(found[name].nearness >= SURE for name in words):
        found = {name: row for name, row in found.items() if name in words or row.nearness >= NEAR_BESIDE}
    return _kept(list(found.values()), words, table)


def _scores(clause: Clause, whole: Floats, core: Floats, table: _Table) -> tuple[Floats, np.ndarray]:
    """Of each id the nearness of its nearest wording, and whether the clause denies it."""
    if clause.polarity == "no":
        denies = np.full(len(whole), True) if not clause.before else whole < core + DENIES_BY
        value = np.where(denies, core, whole)
        # 'Sitting is fine' denies what is worse, and says nothing of what is better.
        value = np.where(
            table.better & denies & bool(_BETTER.search(clause.text)) & (clause.core != clause.text), 0.0, value
        )
    else:
        denies = np.zeros(len(whole), dtype=bool)
        said_worse, said_better = bool(_WORSE.search(clause.text)), bool(_BETTER.search(clause.text))
        contrary = table.better if said_worse and not said_better else table.worse
        value = np.where(contrary, 0.0, whole) if said_worse != said_better else whole
    best = np.maximum.reduceat(value, table.starts)
    ends = np.append(table.starts[1:], len(value))
    denied = np.array(
        [denies[start:end][np.argmax(value[start:end])] for start, end in zip(table.starts, ends, strict=True)]
    )
    return best, denied


def _worth(hit: WordHit, scores: Floats, table: _Table) -> float:
    """How much a rule counts: more parts are more exact, and meaning breaks ties."""
    at = table.place[hit.id]
    base = 0.74 if table.danger[at] and hit.parts == 1 else {1: 0.6, 2: 0.72}.get(hit.parts, 0.78)
    return min(0.96, base + 0.08 * hit.letters + 0.18 * max(0.0, float(scores[at])))


def _near_ids(scores: Floats, table: _Table) -> list[str]:
    """What lies near enough by meaning: findings, and danger signs that no finding or remark is much nearer than."""
    plain = np.where(table.danger, 0.0, scores)
    findings = [
        int(at) for at in np.argsort(-np.where(table.harmless, 0.0, plain))[:EACH_FINDING] if scores[at] >= NEAR
    ]
    least = max(NEAR_DANGER, float(plain.max()) - MARGIN)
    dangers = [
        int(at) for at in np.argsort(-np.where(table.danger, scores, 0.0))[:EACH_BY_MEANING] if scores[at] >= least
    ]
    return [table.ids[at] for at in (*dangers, *findings) if not table.harmless[at]]


def _kept(found: list[Candidate], words: set[str], table: _Table) -> list[Candidate]:
    """The best of a clause."""
    ordered = sorted(found, key=lambda row: -row.nearness)
    dangers = [row for row in ordered if table.danger[table.place[row.id]]]
    by_words = [row for row in dangers if row.id in words][:EACH_DANGER]
    by_meaning = [row for row in dangers if row.id not in words]
    plain = [row for row in ordered if not table.danger[table.place[row.id]]]
    plain = [row for row in plain if row.nearness >= plain[0].nearness - SECOND][:EACH_FINDING]
    return [*by_words, *by_meaning, *plain]


def _of_sentences(clauses: list[Clause], seen: set[str], table: _Table) -> list[Candidate]:
    """Danger signs whose words stand in several clauses of a sentence that denies nothing."""
    found = []
    for number in dict.fromkeys(clause.sentence for clause in clauses):
        parts = [clause for clause in clauses if clause.sentence == number]
        if len(parts) < 2 or any(part.polarity in ("no", "other") for part in parts):
            continue
        text = " ".join(part.text for part in parts)
        whole = Clause(text, text, "yes", sentence=number)
        for hit in word_hits(whole):
            at = table.place.get(hit.id)
            if hit.id not in seen and hit.parts > 1 and at is not None and table.danger[at]:
                found.append(Candidate(hit.id, whole, 0.66, False, _side_of(text)))
    return found


def _side_of(text: str) -> str | None:
    said = {match.lower()[:4] for match in _SIDE.findall(text)}
    if not said:
        return None
    if said & {"both", "bila"} or {"left", "righ"} <= said:
        return "both"
    return "left" if "left" in said else "right"
