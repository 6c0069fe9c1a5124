"""How likely each source is before anything else is known, by setting, with its uncertainty."""

from __future__ import annotations

import zlib
from functools import lru_cache

import numpy as np

from psoas.diagnosis.likelihood.accuracy import Z90, logit
from psoas.diagnosis.likelihood.knobs import Knobs
from psoas.diagnosis.states import Floats
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.choices import PriorShare


def ln_odds(sources: tuple[str, ...], setting: str, knowledge: Knowledge, knobs: Knobs, draws: int) -> Floats:
    """Log prior odds; shape `(draws + 1, sources)`, the value itself first.

    The shares are guesses within a factor of three: `towards_equal` draws their logits to their mean. The 90 % range is
    read on the logit scale, each side of the value by itself, since the ranges are lopsided.
    """
    seed = knowledge.diagnosis_choices.figures.seed
    shares: list[PriorShare] = [getattr(knowledge.diagnosis_choices.priors[source], setting) for source in sources]
    values = np.array([logit(share.value) for share in shares])
    means = knobs.towards_equal * values.mean() + (1 - knobs.towards_equal) * values
    columns = []
    for source, share, mean in zip(sources, shares, means, strict=True):
        normal = _normal(source, seed, draws)
        up, down = logit(share.high) - logit(share.value), logit(share.value) - logit(share.low)
        columns.append(mean + normal * np.where(normal > 0, up, down) / Z90)
    return np.stack(columns, axis=1)


@lru_cache(maxsize=64)
def _normal(source: str, seed: int, draws: int) -> Floats:
    """Standard normal draws of one source after a 0; shape `(draws + 1,)`. They do not depend on the person."""
    drawn = np.random.default_rng([seed, zlib.crc32(f"prior/{source}".encode())]).standard_normal(draws)
    found = np.concatenate([[0.0], drawn])
    found.flags.writeable = False
    return found
