"""Cases with a known truth, and how a ranking of them is scored: shared by the scripts that tune and take apart."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from psoas.assessment import read_case
from psoas.diagnosis.likelihood.knobs import Knobs
from psoas.diagnosis.network import network_of, posterior
from psoas.knowledge import Knowledge
from psoas.knowledge.rules.facts import Facts
from psoas.screening import facts_of

FLOOR = 0.001


@dataclass(frozen=True)
class Known:
    """An ordinary case whose source was found."""

    name: str
    facts: Facts
    accepted: frozenset[str]


@dataclass(frozen=True)
class Scored:
    """How a ranking did on one case: first place, first three, natural logarithm of the accepted probability."""

    first: bool
    three: bool
    ln: float
    pairs: tuple[tuple[float, bool], ...]


def known_cases(folder: Path, truth: Path, knowledge: Knowledge) -> list[Known]:
    """The ordinary cases of a folder that have an accepted source, in the order of their names."""
    rows = yaml.safe_load(truth.read_text(encoding="utf-8"))
    files = sorted(path for path in folder.glob("case_*") if path.suffix in (".yaml", ".yml", ".json"))
    return [
        Known(
            path.stem, facts_of(read_case(path, knowledge), knowledge), frozenset(rows[path.stem]["accepted_sources"])
        )
        for path in files
        if not rows[path.stem]["serious"] and rows[path.stem]["accepted_sources"]
    ]  # fmt: skip


def score(known: Known, knowledge: Knowledge, knobs: Knobs, setting: str = "studio") -> Scored:
    """The ranking of one case, at the values themselves."""
    network = network_of(known.facts, knowledge, setting, draws=0, knobs=knobs)
    weight = posterior(network)
    present = network.states.member @ weight
    responsible = (network.gone * weight).sum(axis=1)
    order = [network.states.sources[n] for n in np.lexsort((-present, -responsible))]
    best = max((float(present[network.index[s]]) for s in known.accepted if s in network.index), default=FLOOR)
    pairs = tuple((float(p), s in known.accepted) for s, p in zip(network.states.sources, present, strict=True))
    return Scored(
        order[0] in known.accepted, bool(known.accepted & set(order[:3])),
        math.log(min(max(best, FLOOR), 1 - FLOOR)), pairs,
    )  # fmt: skip


def summed(scores: Iterable[Scored]) -> tuple[float, float, float]:
    """Shares in first place and in the first three, and the mean log score."""
    held = list(scores)
    return (
        float(np.mean([one.first for one in held])), float(np.mean([one.three for one in held])),
        float(np.mean([one.ln for one in held])),
    )  # fmt: skip
