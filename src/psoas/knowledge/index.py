"""Cross-references over the evidence that every question about a case needs: which answer follows from which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from psoas.case import FindingWord, MeasurementWord, Vocabulary
from psoas.knowledge import load
from psoas.knowledge.readers.illness_reader import illness_reader_of
from psoas.knowledge.readers.medicine_reader import Reader, reader_of

if TYPE_CHECKING:
    from psoas.knowledge import (
        Combination,
        Condition,
        DerivedFinding,
        Finding,
        Flag,
        Knowledge,
        Measurement,
        Region,
        Threshold,
    )

URGENCIES = ("self_care", "watch", "routine_referral", "urgent_referral", "same_day", "emergency_now")


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Tables by id, made once from the packs.

    `flags` are the screen's own questions; `acts` also holds the findings that the screen gives an action. `sets`
    lists, for a flag, the thresholds that answer it yes; `reader` reads what a person takes.
    """

    findings: Mapping[str, Finding]
    flags: Mapping[str, Flag]
    acts: Mapping[str, Flag]
    condition_of: Mapping[str, Condition]
    combinations: Mapping[str, Combination]
    thresholds: Mapping[str, Threshold]
    derived: Mapping[str, DerivedFinding]
    regions: Mapping[str, Region]
    measurements: Mapping[str, Measurement]
    same: Mapping[str, tuple[str, ...]]
    implied_by: Mapping[str, tuple[str, ...]]
    sets: Mapping[str, tuple[str, ...]]
    known_covers: Mapping[str, frozenset[str]]
    medicines: Mapping[str, frozenset[str]]
    reader: Reader


@lru_cache(maxsize=2)
def index_of(knowledge: Knowledge) -> Index:
    """The index of these packs."""
    screen, packs = knowledge.red_flags, knowledge.findings
    acts = {flag.id: flag for condition in screen.conditions.values() for flag in condition.flags.values()}
    flags = {name: flag for name, flag in acts.items() if flag.defined_in is None}
    condition_of = {
        entry: condition
        for condition in screen.conditions.values()
        for entry in (*condition.flags, *condition.combinations)
    }
    combinations = {
        **{name: combo for condition in screen.conditions.values() for name, combo in condition.combinations.items()},
        **screen.vital_signs.combinations,
        **screen.laboratory.combinations,
    }
    thresholds = {**screen.vital_signs.thresholds, **screen.laboratory.thresholds}
    same: dict[str, set[str]] = defaultdict(set)
    implied_by: dict[str, set[str]] = defaultdict(set)
    entries: dict[str, Finding | Flag] = {**packs.findings, **flags}
    for name, entry in entries.items():
        if entry.same_as:
            same[name].add(entry.same_as)
            same[entry.same_as].add(name)
        for target in entry.implies:
            implied_by[target].add(name)
        for origin in getattr(entry, "implied_by", ()):
            implied_by[name].add(origin)
    sets: dict[str, list[str]] = defaultdict(list)
    for threshold in thresholds.values():
        if threshold.sets:
            sets[threshold.sets].append(threshold.when)
    return Index(
        findings=packs.findings,
        flags=flags,
        acts=acts,
        condition_of=condition_of,
        combinations=combinations,
        thresholds=thresholds,
        derived=packs.derived_findings,
        regions=knowledge.terminology.pain_drawing_regions,
        measurements=packs.measurement_ids,
        same={name: tuple(sorted(others)) for name, others in same.items()},
        implied_by={name: tuple(sorted(others)) for name, others in implied_by.items()},
        sets={name: tuple(texts) for name, texts in sets.items()},
        known_covers={name: frozenset({name, *known.covers_ids}) for name, known in screen.known_conditions.items()},
        medicines={
            name: frozenset({name, *members}) for name, members in knowledge.interactions.medicine_names.items()
        },
        reader=reader_of(knowledge),
    )


@lru_cache(maxsize=2)
def vocabulary_of(knowledge: Knowledge) -> Vocabulary:
    """The ids and ranges that a case may use."""
    index = index_of(knowledge)
    words = {
        name: FindingWord(sided=finding.sided, places=finding.values[4:]) for name, finding in index.findings.items()
    }
    words |= {name: FindingWord(sided=flag.sided) for name, flag in index.flags.items()}
    # Illnesses of the screen, and the allergies and the like that only an interaction asks about. What a field of its
    # own says (pregnancy, age) is not an illness: there the screen would not see it.
    partners = knowledge.interactions.partners.values()
    illnesses = {*knowledge.red_flags.known_conditions, *(one.id for one in partners if one.kind == "condition")}
    illnesses -= {"pregnancy", "child_under_16"}
    covered = {name for known in knowledge.red_flags.known_conditions.values() for name in known.covers_ids}
    return Vocabulary(
        findings=words,
        measurements={
            name: MeasurementWord(one.value, one.unit, *one.range, sided=one.sided)
            for name, one in index.measurements.items()
        },
        regions=frozenset(f"{name}_{side}" for name, region in index.regions.items() for side in region.sides),
        region_words={name: word.to for name, word in knowledge.sources_of_pain.region_map.items()},
        activities=frozenset(knowledge.findings.activity_ids),
        conditions=frozenset(illnesses | covered | set(knowledge.illnesses.noted)),
        condition_prefixes=("cancer_",),
        read_illness=illness_reader_of(knowledge).read,
        vitals={
            name: span for name, span in knowledge.red_flags.vital_signs.fields.items() if not isinstance(span, str)
        },
        laboratory=dict(knowledge.red_flags.laboratory.fields),
        medicines=frozenset(
            {name for members in index.medicines.values() for name in members}
            | {one.id for one in partners if one.kind in ("drug", "drug_class")}
        ),
    )


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary of the evidence that comes with this version."""
    return vocabulary_of(load())
