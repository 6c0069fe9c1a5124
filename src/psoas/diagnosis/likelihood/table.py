"""P(yes) of every finding with every source: published accuracy first, published series next, judgement last.

Each cell is a judged frequency, pulled towards what is published. A series gives the share itself, and pulls the
logit of the judged one; an accuracy row gives a ratio to people without the source, and pulls the logarithm of the
judged ratio of that answer, since its comparison group is not our `other`. So a cell may hold one chance for a yes
and another for a no: with `published` at 1 the published ratio of either answer comes out exactly.

`other` is the leak: the chance of a yes in people in whom no specific source is found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from psoas.diagnosis.likelihood.accuracy import Figure, figures_of, logit
from psoas.diagnosis.likelihood.knobs import Knobs
from psoas.diagnosis.likelihood.series import Series, series_of
from psoas.diagnosis.states import Floats
from psoas.knowledge import Knowledge
from psoas.knowledge.frequencies import OTHER, Cell, frequencies_of, ranked_sources

MOST = 0.995
"""A chance never reaches one: nothing said of a person is that sure. Our choice."""
JUDGED = ("reasoned",)


@dataclass(frozen=True, slots=True)
class Birth:
    """Where the chance of one cell comes from: the published sources that pulled on it, and how much is judgement.

    Attributes:
        source, read_in: of what is published; of a judged cell `reasoned`.
        judged: share of the weight that is judgement, 0 to 1.
    """

    source: tuple[str, ...]
    read_in: tuple[str, ...]
    judged: float


BY_JUDGEMENT = Birth(JUDGED, JUDGED, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """What one answer to one finding says of every source.

    Attributes:
        leak: P(yes) when no source is present.
        present: P(yes) when that source alone is present; shape `(sources,)`.
        sd_leak, sd: standard deviations of their logits; `sd` has the shape of `present`.
        births: per source where its chance comes from.
    """

    leak: float
    present: Floats
    sd_leak: float
    sd: Floats
    births: tuple[Birth, ...]

    def ln_ratios(self, answer: str) -> Floats:
        """Logarithm of the ratio of the answer with each source alone against none; shape `(sources,)`."""
        yes: Floats = np.log(self.present / self.leak)
        no: Floats = np.log((1.0 - self.present) / (1.0 - self.leak))
        return yes if answer == "yes" else no

    def without(self, places: frozenset[int]) -> Chance:
        """The same, saying nothing of the sources at these places."""
        present = self.present.copy()
        present[list(places)] = self.leak
        return Chance(self.leak, present, self.sd_leak, self.sd, self.births)


def table_of(knowledge: Knowledge, knobs: Knobs) -> dict[tuple[str, str], Chance]:
    """Per finding and answer what it says; findings and facts of the case, and the marks of the drawing."""
    return _table(knowledge, knobs.for_table())


@lru_cache(maxsize=8)
def _table(knowledge: Knowledge, knobs: Knobs) -> dict[tuple[str, str], Chance]:
    sources = ranked_sources(knowledge)
    rows = {**_composed(knowledge), **frequencies_of(knowledge).rows}
    pack_of = frequencies_of(knowledge).pack_of
    figures = figures_of(knowledge)
    table: dict[tuple[str, str], Chance] = {}
    for name in [*rows, *(name for name in figures if name not in rows)]:
        if not knobs.vocabulary and pack_of.get(name) == "vocabulary_frequencies":
            continue
        published = {figure.condition: figure for figure in figures.get(name, ())}
        row = rows.get(name) if knobs.judged or _is_of_the_case(name, knowledge) else None
        leak = row[OTHER] if row else _published_leak(published, knowledge)
        if leak is None:
            continue
        series = series_of(knowledge).get(name, {})
        for answer in ("yes", "no"):
            table[name, answer] = _chance(answer, leak, row, published, series, sources, knowledge, knobs)
    return table


def _is_of_the_case(name: str, knowledge: Knowledge) -> bool:
    """A mark of the drawing or a fact of the case, which have switches of their own."""
    return name.startswith(("mark_", "condition_")) or name in knowledge.diagnosis_choices.facts


def _published_leak(published: Mapping[str, Figure], knowledge: Knowledge) -> Cell | None:
    """The leak of a finding that nobody judged: its false-positive rates by their people, on the logit scale."""
    if not published:
        return None
    rated = [(f.people, f.false_positive_rate) for f in published.values() if f.false_positive_rate]
    if not rated:
        return Cell(knowledge.diagnosis_choices.figures.false_positive_rate_unknown, 0.5, (), JUDGED)
    people = sum(weight for weight, _ in rated)
    mean = sum(weight * logit(rate) for weight, rate in rated) / people
    return Cell(1 / (1 + math.exp(-mean)), 0.35, (), JUDGED)


def _chance(
    answer: str, leak: Cell, row: Mapping[str, Cell] | None, published: Mapping[str, Figure],
    series: Mapping[str, Series], sources: tuple[str, ...], knowledge: Knowledge, knobs: Knobs,
) -> Chance:  # fmt: skip
    judged_sd = knowledge.diagnosis_choices.dependence.judged_sd_logit
    none = leak.p if answer == "yes" else 1 - leak.p
    ratios, sds, births = [], [], []
    for source in sources:
        cell = row[source] if row else Cell(leak.p, 0.0, (), JUDGED)
        sd = math.hypot(cell.sd_logit, judged_sd) if row else 0.0
        p, birth = cell.p, BY_JUDGEMENT if not cell.source else Birth(cell.source, cell.read_in, 0.0)
        if row and source in series:
            p, sd, birth = _pulled_by_series(p, sd, birth, series[source], knobs)
        ln = math.log((p if answer == "yes" else 1 - p) / none)
        figure = published.get(source)
        printed = None if figure is None else figure.ln_yes if answer == "yes" else figure.ln_no
        if figure and printed is not None:
            weight = knobs.pull(figure.sd_ln(answer), sd) if row else 1.0
            ln = (1 - weight) * ln + weight * printed
            away = 1 - (p if answer == "yes" else 1 - p)
            own = figure.sd_ln(answer) / max(away, 0.05)  # from the logarithm to the logit
            sd = math.hypot((1 - weight) * sd, weight * own)
            birth = _joined(birth, figure, weight)
        ratios.append(math.exp(ln))
        sds.append(sd)
        births.append(birth)
    return _room_for(answer, leak, np.array(ratios), math.hypot(leak.sd_logit, 0.0), np.array(sds), tuple(births))


def _room_for(
    answer: str, leak: Cell, ratios: Floats, sd_leak: float, sds: Floats, births: tuple[Birth, ...]
) -> Chance:  # fmt: skip
    """The chances with these ratios; where the strongest would pass one, the leak makes room and the ratios stay."""
    none = min(leak.p if answer == "yes" else 1 - leak.p, MOST / float(ratios.max()))
    chances = none * ratios
    if answer == "yes":
        return Chance(none, chances, sd_leak, sds, births)
    return Chance(1 - none, 1 - chances, sd_leak, sds, births)


def _pulled_by_series(
    p: float, sd: float, birth: Birth, series: Series, knobs: Knobs
) -> tuple[float, float, Birth]:  # fmt: skip
    weight = knobs.pull(series.sd_logit, sd)
    mean = (1 - weight) * logit(p) + weight * logit(series.share)
    sources = birth.source if birth.judged < 1 else ()
    read_in = birth.read_in if birth.judged < 1 else ()
    if weight == 0:
        return p, sd, birth
    return (
        1 / (1 + math.exp(-mean)),
        math.hypot((1 - weight) * sd, weight * series.sd_logit),
        Birth((*sources, *series.source), (*read_in, *series.read_in), birth.judged * (1 - weight)),
    )


def _joined(birth: Birth, figure: Figure, weight: float) -> Birth:
    if weight == 0:
        return birth
    before = () if birth.judged == 1 else birth.source
    read = () if birth.judged == 1 else birth.read_in
    return Birth((*before, *figure.row.source), (*read, *figure.row.read_in), birth.judged * (1 - weight))


@lru_cache(maxsize=2)
def _composed(knowledge: Knowledge) -> dict[str, dict[str, Cell]]:
    """Counts and patterns that nobody judged as a whole: as often as their parts are on average, on the logit scale.

    Parts of one person go together, so a count of three of five is nearer to one of its tests than independence would
    have it: published ratios of such counts (2 to 4) lie near those of single tests.
    """
    rows = frequencies_of(knowledge).rows
    made: dict[str, dict[str, Cell]] = {}
    for name, finding in knowledge.findings.findings.items():
        parts = [rows[part] for part in finding.cluster_of if part in rows]
        if name not in rows and parts:
            made[name] = {
                column: Cell(
                    1 / (1 + math.exp(-sum(logit(part[column].p) for part in parts) / len(parts))),
                    math.hypot(max(part[column].sd_logit for part in parts), 0.3), (), JUDGED,
                )
                for column in parts[0]
            }  # fmt: skip
    return made
