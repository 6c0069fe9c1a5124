"""How often each finding is there in people with each source of pain, by judgement.

Two files have this shape: `finding_frequencies.yaml`, and `vocabulary_frequencies.yaml` for ids that came later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from psoas.knowledge.packs.entry import Cited, Entry, ReadIn, Source, entry


@entry
class FrequencyCell(Cited):
    """One cell put right by a reviewer or by a practice's own data: it stands in place of the judged one.

    `share` in percent; `sd_logit`: standard deviation of its logit.
    """

    share: float
    sd_logit: float
    note: str | None = None


@entry
class FrequencyRow(Entry):
    """Share of yes, in percent, for each of the pack's `sources` in order, and the spread between the judges.

    `corrected`: cells by source that replace the judged ones.
    """

    share: tuple[float, ...]
    sd_logit: tuple[float, ...]
    corrected: Mapping[str, FrequencyCell] = field(default_factory=dict)


@entry
class FrequencyPack(Entry):
    """`finding_frequencies.yaml` and `vocabulary_frequencies.yaml`.

    `sources`: the columns, sources of pain and `other` (pain of these places without a specific source). `rows`: by id
    of a finding or flag, or of a fact of the case (`age_20_39`, `mark_groin`).
    """

    schema_version: int
    topic: str
    read_in: tuple[ReadIn, ...]
    passes: int
    sources: tuple[str, ...]
    rows: Mapping[str, FrequencyRow]


@entry
class Counted(Entry):
    """`k` of `n` people, or their `share` where no numbers are printed; `who` they are, in a comparison group."""

    k: float | None = None
    n: float | None = None
    share: float | None = None
    who: str | None = None


@entry
class PublishedSeries(Cited):
    """One published share of a finding, or of a marked region, among people with one source.

    `row`: the row of `finding_frequencies.yaml` that it speaks of; None while no id says the same.
    """

    source_of_pain: str
    finding: str
    row: str | None
    asked: str | None = None
    people: Counted | None = None
    compared: Counted | None = None
    note: str | None = None


@entry
class PublishedFrequencyPack(Entry):
    """`published_frequencies.yaml`."""

    schema_version: int
    topic: str
    sources: Mapping[str, Source]
    rows: tuple[PublishedSeries, ...]
