"""'Did you mean': the words nearest to one that was not found."""

from __future__ import annotations

from collections.abc import Iterable


def nearest_ids(word: str, candidates: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """Up to `n` candidates that look most like `word`, best first; empty when nothing is near.

    Case, spaces and hyphens do not count: 'Night pain' finds `night_pain`. A candidate that contains the word, or is
    contained in it, counts as near even where the spelling differs much in length.
    """
    from difflib import SequenceMatcher  # only needed once something was misspelt

    wanted = _plain(word)
    if not wanted:
        return ()
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    scored: list[tuple[float, str]] = []
    for candidate in dict.fromkeys(candidates):
        other = _plain(candidate)
        matcher.set_seq1(other)
        score = 0.0
        if matcher.real_quick_ratio() >= 0.6 and matcher.quick_ratio() >= 0.6:
            score = matcher.ratio()
        if len(wanted) >= 4 and len(other) >= 4 and (wanted in other or other in wanted):
            score = max(score, 0.7)
        if score >= 0.6:
            scored.append((-score, candidate))
    return tuple(candidate for _, candidate in sorted(scored)[:n])


def _plain(word: str) -> str:
    return "_".join(word.casefold().replace("-", " ").replace("_", " ").split())
