"""Checks that ids are unique and mean one thing, that citations resolve, and that words come from their lists."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from psoas.knowledge.checks import tables
from psoas.knowledge.checks.walk import get, places, references_of, texts
from psoas.knowledge.packs.entry import Cited, Entry
from psoas.knowledge.packs.loads import LoadLimit
from psoas.knowledge.packs.treatment.claims import ClaimSource
from psoas.knowledge.problems import Problem

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge

UNSOURCED = {"reasoned", "proposal"}
"""Ways of reading that need no source, and words that may stand in place of one."""

_SOURCE_KEYS = (
    "source", "guideline", "effect_in_words_source", "dose_source", "harms_source", "via", "dose_via", "icd_10_cm",
    "icd_10_who",
)  # fmt: skip
_GROUP_STAND_INS = {"self_p4_or_bridge", "self_mat_test"}
"""Names that `conflicts` use for a pair of findings."""


def check_ids(k: Knowledge) -> Iterator[Problem]:
    """Answers, causes and illnesses are three kinds of words; an id belongs to one of them and is defined once."""
    red, findings = k.red_flags, k.findings
    answers = Counter([*findings.findings, *findings.measurement_ids, *tables.thresholds(k)])
    answers.update(flag.id for _, flag in tables.flag_entries(k) if flag.defined_in is None)
    for condition in red.conditions.values():
        answers.update([*condition.combinations, *condition.models])
    answers.update([*red.vital_signs.combinations, *red.laboratory.combinations])
    causes = Counter([*red.conditions, *k.sources_of_pain.conditions])
    causes.update(variant for source in k.sources_of_pain.conditions.values() for variant in source.variants)
    declared = {c.id for c in red.conditions.values() if c.same_as}
    declared.update(c.id for c in k.sources_of_pain.conditions.values() if c.same_as)
    illnesses = {*red.known_conditions, *k.interventions.flags, *k.interactions.partners}

    for name, times in answers.items():
        if times > 1:
            yield Problem("red_flags", name, f"defined {times} times", "an answer that is defined once in all packs")
    for name, times in causes.items():
        if times > 1 and name not in declared:
            yield Problem("sources_of_pain", name, "a cause in two packs", "same_as on one of the two")
    for one, other, what in (
        (set(answers), set(causes), "an answer and a cause"),
        (set(answers), illnesses, "an answer and an illness"),
        (set(causes), set(red.known_conditions), "a cause and an illness"),
        (set(answers), set(red.techniques), "an answer and a technique"),
    ):
        for name in sorted(one & other):
            yield Problem("red_flags", name, what, "an id that is only one of the two")
    for name in findings.derived_findings:
        if name not in findings.findings:
            yield Problem("findings", f"derived_findings/{name}", name, "the id of a finding")
    for pack, table in (("findings", findings.findings), ("red_flags", tables.own_flags(k))):
        for name, answer in table.items():
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                yield Problem(pack, name, name, "an id in snake_case")
            for key in ("same_as", "implies", "implied_by"):
                for other_name in texts(getattr(answer, key, None)):
                    if other_name not in answers:
                        yield Problem(pack, f"{name}/{key}", other_name, "the id of an answer")


def check_sources(k: Knowledge) -> Iterator[Problem]:
    """Every citation resolves, every cited record says how it was read, one id is one paper in all packs."""
    papers: dict[str, dict[str, str]] = defaultdict(dict)
    for pack, tree in k.packs().items():
        listed = set(references_of(tree))
        for source in references_of(tree).values():
            if source.doi:
                papers[source.id][source.doi.lower()] = pack
        for place in places(tree):
            node = place.node
            for key in _SOURCE_KEYS:
                for name in texts(get(node, key)):
                    in_words = not isinstance(node, Entry) and not re.fullmatch(r"[a-z0-9_]+", name)
                    if name not in listed | UNSOURCED and not in_words and not isinstance(node, LoadLimit):
                        yield Problem(pack, f"{place.where}/{key}", name, "the id of a source listed in this pack")
            if isinstance(node, ClaimSource) and node.id not in listed:
                yield Problem(pack, place.where, node.id, "the id of a source listed in this pack")
            if isinstance(node, Entry):
                yield from _reading(pack, place.where, node)
    for name, dois in papers.items():
        if len(dois) > 1:
            said = ", ".join(f"{doi} in {pack}" for doi, pack in dois.items())
            yield Problem(next(iter(dois.values())), f"sources/{name}", said, "one paper for one id in all packs")


def _reading(pack: str, where: str, node: Entry) -> Iterator[Problem]:
    """A source goes with how it was read: one word for all, or one for each of several sources."""
    source, read_in = texts(get(node, "source")), texts(get(node, "read_in"))
    if isinstance(node, Cited) and not read_in:
        yield Problem(pack, f"{where}/read_in", None, "how the figure was read")
    if isinstance(node, Cited) and not source and not set(read_in) <= UNSOURCED:
        yield Problem(pack, f"{where}/source", None, "the id of a source, since read_in is not reasoned or proposal")
    if len(read_in) > 1 and len(source) > 1 and len(read_in) != len(source):
        yield Problem(pack, f"{where}/read_in", list(read_in), f"one word, or one for each of {len(source)} sources")
    if read_in == ("reasoned",) and source and "reasoned" not in source:
        yield Problem(pack, f"{where}/read_in", "reasoned", "another word, since a source is named")


def check_vocabulary(k: Knowledge) -> Iterator[Problem]:
    """Words that name a region, technique, cause or finding name one that exists."""
    yield from _regions(k)
    yield from _techniques(k)
    red, sources, findings = k.red_flags, k.sources_of_pain.conditions, k.findings
    for name in red.psoas_mimics.ids:
        if name not in red.conditions:
            yield Problem("red_flags", "psoas_mimics/ids", name, "the id of a cause")
    for flag, names in k.interventions.flag_map.items():
        if flag not in k.interventions.flags:
            yield Problem("interventions", f"flag_map/{flag}", flag, "an id of flags")
        for name in names:
            if name not in red.conditions:
                yield Problem("interventions", f"flag_map/{flag}", name, "the id of a cause of the screen")
    for word, names in k.interventions.condition_map.items():
        if word not in k.interventions.condition_ids:
            yield Problem("interventions", f"condition_map/{word}", word, "one of condition_ids")
        for name in names:
            if name not in sources:
                yield Problem("interventions", f"condition_map/{word}", name, "the id of a source of pain")
    for condition in red.conditions.values():
        for key in ("icd10", "guideline"):
            if not getattr(condition, key):
                yield Problem("red_flags", f"conditions/{condition.id}/{key}", None, "at least one")
    for finding in findings.findings.values():
        for row in finding.accuracy:
            if row.condition not in sources:
                where = f"findings/{finding.id}/accuracy"
                yield Problem("findings", where, row.condition, "the id of a source of pain")
        if finding.dependence_group and finding.dependence_group not in findings.conflicts:
            where = f"findings/{finding.id}/dependence_group"
            yield Problem("findings", where, finding.dependence_group, "the id of a conflict")
    for conflict in findings.conflicts.values():
        for name in conflict.findings:
            if name not in findings.findings and name not in _GROUP_STAND_INS:
                yield Problem("findings", f"conflicts/{conflict.id}/findings", name, "the id of a finding")


def _regions(k: Knowledge) -> Iterator[Problem]:
    terms = k.terminology
    table = terms.pain_drawing_regions
    regions = set(table) | tables.sided_regions(k)
    for source in k.sources_of_pain.conditions.values():
        for name in source.typical_pain_regions:
            if name not in regions:
                where = f"conditions/{source.id}/typical_pain_regions"
                yield Problem("sources_of_pain", where, name, "a region of the pain drawing")
        for name in source.look_alikes:
            if name not in k.red_flags.conditions and name not in k.sources_of_pain.conditions:
                yield Problem("sources_of_pain", f"conditions/{source.id}/look_alikes", name, "the id of a cause")
    for word, entry in k.sources_of_pain.region_map.items():
        if word in regions:
            yield Problem("sources_of_pain", f"region_map/{word}", word, "a word that is not itself a region")
        for name in entry.to:
            if name not in regions:
                yield Problem("sources_of_pain", f"region_map/{word}/to", name, "a region of the pain drawing")
    for region in table.values():
        where = f"pain_drawing_regions/{region.id}"
        for name in region.whole_of:
            if name not in table:
                yield Problem("terminology", f"{where}/whole_of", name, "a region of the pain drawing")
        for name in region.covers:
            if name not in table or set(region.sides) - set(table[name].sides) or table[name].covers:
                yield Problem("terminology", f"{where}/covers", name, "a plain region with the same sides")
        for side in region.sides:
            if side not in terms.pain_drawing_sides:
                yield Problem("terminology", f"{where}/sides", side, f"one of {', '.join(terms.pain_drawing_sides)}")


def _techniques(k: Knowledge) -> Iterator[Problem]:
    red = k.red_flags
    known = {*red.techniques, "sport"}
    for name in ("manual_contraindications", "harm_reports", "harm_rates"):
        table = getattr(red, name)
        for entry in table.values() if hasattr(table, "values") else table:
            for technique in entry.technique:
                if technique not in known:
                    yield Problem("red_flags", name, technique, f"one of {', '.join(sorted(known))}")
    for contra in red.manual_contraindications.values():
        for technique in contra.level_by_technique:
            if technique not in contra.technique:
                where = f"manual_contraindications/{contra.id}/level_by_technique"
                yield Problem("red_flags", where, technique, "one of its own techniques")
    for intervention in k.interventions.interventions.values():
        if intervention.technique and intervention.technique not in red.techniques:
            where = f"interventions/{intervention.id}/technique"
            yield Problem("interventions", where, intervention.technique, f"one of {', '.join(red.techniques)}")
