"""Published series: how many people with a source showed a finding, or marked a region."""

from __future__ import annotations

from dataclasses import dataclass

from psoas.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Series:
    """A published share of yes in people with one source, with the standard deviation of its logit."""

    share: float
    sd_logit: float
    source: tuple[str, ...]
    read_in: tuple[str, ...]


def series_of(knowledge: Knowledge) -> dict[str, dict[str, Series]]:
    """Per finding and source the published share; empty until the series are brought in."""
    del knowledge
    return {}
