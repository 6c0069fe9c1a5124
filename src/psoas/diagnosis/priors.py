"""How likely each source is before anything else is known, by setting, with its uncertainty."""

from __future__ import annotations

import math
import zlib
from functools import lru_cache

import numpy as np

from psoas.diagnosis.accuracy import Z90, logit
from psoas.diagnosis.states import Floats
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.choices import PriorLine, PriorShare
from psoas.knowledge.rules.facts import Facts

SETTINGS = ("studio", "primary_care", "pain_clinic")


def line_of(source: str, facts: Facts, knowledge: Knowledge) -> PriorLine | None:
    """The line that replaces the usual share for this person: the first whose expression is true."""
    lines = knowledge.diagnosis_choices.priors[source].when
    return next((line for line in lines if facts.expression(line.if_) is True), None)


def share_of(source: str, setting: str, facts: Facts, knowledge: Knowledge) -> PriorShare:
    """The share that holds for this person in this setting.

    Lines are written for the studio; elsewhere they move the odds by as much.
    """
    prior = knowledge.diagnosis_choices.priors[source]
    usual: PriorShare = getattr(prior, setting)
    line = line_of(source, facts, knowledge)
    if line is None or setting == "studio":
        return line.share if line else usual
    by = logit(line.share.value) - logit(prior.studio.value)
    value, low, high = (1 / (1 + math.exp(-logit(p) - by)) for p in (usual.value, usual.low, usual.high))
    return PriorShare(value=value, low=low, high=high)


def ln_odds(sources: tuple[str, ...], setting: str, facts: Facts, knowledge: Knowledge, draws: int) -> Floats:
    """Log prior odds; shape `(draws + 1, sources)`, the value itself first.

    The 90 % range is read on the logit scale, each side of the value by itself, since the ranges are lopsided.
    """
    seed = knowledge.diagnosis_choices.figures.seed
    columns = []
    for source in sources:
        share = share_of(source, setting, facts, knowledge)
        normal = _normal(source, seed, draws)
        up, down = logit(share.high) - logit(share.value), logit(share.value) - logit(share.low)
        columns.append(logit(share.value) + normal * np.where(normal > 0, up, down) / Z90)
    return np.stack(columns, axis=1)


@lru_cache(maxsize=64)
def _normal(source: str, seed: int, draws: int) -> Floats:
    """Standard normal draws of one source after a 0; shape `(draws + 1,)`. They do not depend on the person."""
    drawn = np.random.default_rng([seed, zlib.crc32(f"prior/{source}".encode())]).standard_normal(draws)
    found = np.concatenate([[0.0], drawn])
    found.flags.writeable = False
    return found
