"""How likely each source is before anything else is known, by setting, with its uncertainty."""

from __future__ import annotations

import zlib

import numpy as np

from psoas.diagnosis.figures import Z90, logit
from psoas.diagnosis.states import Floats
from psoas.knowledge import Knowledge
from psoas.knowledge._choices import PriorShare
from psoas.knowledge.facts import Facts

SETTINGS = ("studio", "primary_care", "pain_clinic")


def share_of(source: str, setting: str, facts: Facts, knowledge: Knowledge) -> tuple[PriorShare, str]:
    """The share that holds for this person in this setting, and why."""
    prior = knowledge.diagnosis_choices.priors[source]
    for line in prior.when:
        if facts.expression(line.if_) is True:
            return line.share, line.why
    share: PriorShare = getattr(prior, setting)
    return share, prior.why


def ln_odds(sources: tuple[str, ...], setting: str, facts: Facts, knowledge: Knowledge, draws: int) -> Floats:
    """Log prior odds; shape `(draws + 1, sources)`, the value itself first.

    The 90 % range is read on the logit scale, each side of the value by itself, since the ranges are lopsided.
    """
    seed = knowledge.diagnosis_choices.figures.seed
    columns = []
    for source in sources:
        share, _ = share_of(source, setting, facts, knowledge)
        normal = np.random.default_rng([seed, zlib.crc32(f"prior/{source}".encode())]).standard_normal(draws)
        normal = np.concatenate([[0.0], normal])
        up, down = logit(share.high) - logit(share.value), logit(share.value) - logit(share.low)
        columns.append(logit(share.value) + normal * np.where(normal > 0, up, down) / Z90)
    return np.stack(columns, axis=1)
