"""Published series: how many people with a source showed a finding, or marked a region.

A series acts only where its reference has an identifier and its row an id. Several series of one row and source are put
together by their people; where they disagree, the spread between them is added.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from psoas.diagnosis.likelihood.accuracy import logit
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.frequencies import PublishedSeries


@dataclass(frozen=True, slots=True)
class Series:
    """A published share of yes in people with one source, with the standard deviation of its logit."""

    share: float
    sd_logit: float
    source: tuple[str, ...]
    read_in: tuple[str, ...]


@lru_cache(maxsize=2)
def series_of(knowledge: Knowledge) -> dict[str, dict[str, Series]]:
    """Per row and source the published share."""
    references = knowledge.published_frequencies.sources
    held: defaultdict[tuple[str, str], list[PublishedSeries]] = defaultdict(list)
    for one in knowledge.published_frequencies.rows:
        resolved = all(references[name].doi or references[name].pmid for name in one.source)
        counted = one.people is not None and one.people.k is not None and bool(one.people.n)
        if one.row is not None and resolved and counted:
            held[one.row, one.source_of_pain].append(one)
    found: defaultdict[str, dict[str, Series]] = defaultdict(dict)
    spectrum = knowledge.diagnosis_choices.dependence.series_sd_logit
    for (row, source), several in held.items():
        found[row][source] = _together(several, spectrum)
    return dict(found)


def _together(several: list[PublishedSeries], spectrum: float) -> Series:
    counted = [(one.people.k or 0.0, one.people.n or 0.0) for one in several if one.people]
    people = sum(n for _, n in counted)
    share = (sum(k for k, _ in counted) + 0.5) / (people + 1.0)  # half a person off none and all
    logits = [logit((k + 0.5) / (n + 1.0)) for k, n in counted]
    mean = sum(logits) / len(logits)
    between = math.sqrt(sum((one - mean) ** 2 for one in logits) / len(logits))
    sd = math.sqrt(1.0 / (people * share * (1.0 - share)) + between**2 + spectrum**2)
    sources = dict.fromkeys(name for one in several for name in one.source)
    read_in = dict.fromkeys(word for one in several for word in one.read_in)
    return Series(share, sd, tuple(sources), tuple(read_in))
