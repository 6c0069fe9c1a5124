"""Findings that must not be multiplied: what each conflict rule of the evidence leaves of a weight.

Each rule looks at the answered findings of its group, for one source at a time, and returns the share of the
logarithm that stays: 1, 0, or a half where the evidence asks for less and gives no figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from psoas.diagnosis.accuracy import Figure
from psoas.knowledge import Conflict, Knowledge
from psoas.knowledge.rules.facts import Facts

Answers = Mapping[str, str]
_QUALITY = ("very_low", "low", "moderate", "high")


@dataclass(frozen=True, slots=True)
class Scored:
    """An answered finding that would weigh on a source."""

    finding: str
    answer: str
    figure: Figure
    is_cluster: bool
    is_examination: bool

    @property
    def ln(self) -> float:
        """Natural logarithm of its ratio."""
        return self.figure.ln_ratio(self.answer)

    @property
    def rank(self) -> tuple[bool, float]:
        """Positive answers before negative ones, the stronger first."""
        return (self.answer != "yes", -abs(self.ln))

    @property
    def rank_by_ratio(self) -> tuple[bool, float]:
        """Positive answers before negative ones; of a yes the highest ratio first, of a no the lowest."""
        return (self.answer != "yes", -self.ln if self.answer == "yes" else self.ln)

    @property
    def rank_of_cluster(self) -> tuple[int, bool, float]:
        """Better studied clusters first."""
        return (-_QUALITY.index(self.figure.row.quality), *self.rank)


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at: its source, all answers, the facts, and what half means."""

    condition: str
    answers: Answers
    facts: Facts
    half: float
    raised: frozenset[str]


Keep = Callable[[Sequence[Scored], Context], dict[str, float]]


def _only(kept: Sequence[Scored], members: Sequence[Scored]) -> dict[str, float]:
    names = {one.finding for one in kept}
    return {one.finding: 1.0 if one.finding in names else 0.0 for one in members}


def strongest(members: Sequence[Scored], _: Context) -> dict[str, float]:
    """The yes with the highest ratio; when all are no, the no with the lowest (`meta.conflict_rules`)."""
    return _only([min(members, key=lambda one: one.rank_by_ratio)], members)


def two_strongest(members: Sequence[Scored], _: Context) -> dict[str, float]:
    """At most two."""
    return _only(sorted(members, key=lambda one: one.rank)[:2], members)


def cluster(members: Sequence[Scored], context: Context) -> dict[str, float]:
    """The count of tests, the best-studied one.

    While no count is known, the strongest member: in full when it is well studied (moderate or better) or its ratio is
    capped already, else half.
    """
    clusters = sorted((one for one in members if one.is_cluster), key=lambda one: one.rank_of_cluster)
    if clusters:
        return _only(clusters[:1], members)
    rows = {one.finding: one.figure.row for one in members}
    well = {name for name, row in rows.items() if row.quality in ("moderate", "high") or row.lr_pos_cap}
    kept = strongest(members, context)
    return {name: share * (1.0 if name in well else context.half) for name, share in kept.items()}


def cluster_or_strongest(members: Sequence[Scored], context: Context) -> dict[str, float]:
    """The count of tests where one is known, else the strongest member."""
    return cluster(members, context) if any(one.is_cluster for one in members) else strongest(members, context)


def centralisation_then_cluster(members: Sequence[Scored], context: Context) -> dict[str, float]:
    """Disc pain makes sacroiliac tests positive too: with centralisation no positive test speaks for the joint.

    Once it was looked for and not found, the count of tests has its own, sharper figure, and no other count stays.
    """
    seen = context.answers.get("centralisation")
    sharp = "sij_cluster_no_centralisation"
    if seen == "yes":
        return {one.finding: 0.0 if one.answer == "yes" or one.finding == sharp else 1.0 for one in members}
    held = next((one.answer for one in members if one.finding == sharp), None)
    if held == "yes" or (held and seen == "no"):
        return {one.finding: 0.0 if one.is_cluster and one.finding != sharp else 1.0 for one in members}
    return {one.finding: 0.0 if one.finding == sharp else 1.0 for one in members}


def by_pain_place(members: Sequence[Scored], context: Context) -> dict[str, float]:
    """FABER is one observation: front speaks of the hip joint, side of the tendons, back of the sacroiliac joint."""
    place = {
        "femoroacetabular_impingement_labral": "front", "hip_osteoarthritis": "front",
        "greater_trochanteric_pain_syndrome": "side", "sacroiliac_joint_pain": "back",
    }.get(context.condition)  # fmt: skip
    given = context.facts.answer("faber")
    return {
        one.finding: 0.0 if one.finding == "faber" and one.answer == "yes" and given != place else 1.0
        for one in members
    }


def age_once(members: Sequence[Scored], context: Context) -> dict[str, float]:
    """Age inside a scored rule counts there; of bare ages one."""
    ages = [one for one in members if one.finding.startswith("age_")]
    if len(ages) < len(members):
        return {one.finding: 0.0 if one in ages else 1.0 for one in members}
    return strongest(members, context)


def one_place(members: Sequence[Scored], _: Context) -> dict[str, float]:
    """The drawing is one observation: the place that says most."""
    return _only([min(members, key=lambda one: one.rank)], members)


def examination_after_history(members: Sequence[Scored], context: Context) -> dict[str, float]:
    """After two items of history the examination mostly repeats them: half of it stays."""
    told = [one for one in members if not one.is_examination]
    share = context.half if len(told) >= 2 else 1.0
    return {one.finding: share if one.is_examination else 1.0 for one in members}


def hip_joint_first(members: Sequence[Scored], context: Context) -> dict[str, float]:
    """Resisted hip flexion also loads the joint: half stays until the joint's own signs are answered no."""
    clear = all(context.answers.get(sign) == "no" for sign in ("fadir", "hip_internal_rotation_reduced"))
    return {one.finding: 1.0 if clear or not one.finding.startswith("resisted_") else context.half for one in members}


def halved_without_hip_pain(members: Sequence[Scored], context: Context) -> dict[str, float]:
    """Hip signs are common in people whose back hurts: half stays unless the groin or the hip hurts."""
    regions = ("groin", "hip_lateral", "hip", "thigh_anterior")
    hurts = (
        any(context.facts.marked(region) is True for region in regions) or context.answers.get("groin_pain") == "yes"
    )
    return {one.finding: 1.0 if hurts else context.half for one in members}


def fadir_out_rotation_in(members: Sequence[Scored], _: Context) -> dict[str, float]:
    """A negative FADIR rules out, lost rotation in neutral rules in."""
    keep = [
        one
        for one in members
        if (one.answer == "no" and one.finding == "fadir")
        or (one.answer == "yes" and one.finding == "hip_ir_neutral_restricted")
    ]
    return _only(keep or sorted(members, key=lambda one: one.rank)[:1], members)


def one_sensitive_one_specific(members: Sequence[Scored], _: Context) -> dict[str, float]:
    """The strongest yes and the strongest no."""
    kept = [
        min(of_kind, key=lambda one: one.rank)
        for answer in ("yes", "no")
        if (of_kind := [one for one in members if one.answer == answer])
    ]
    return _only(kept, members)


def pattern_or_two_parts(members: Sequence[Scored], context: Context) -> dict[str, float]:
    """The whole pattern once, or at most two of its parts."""
    whole = [one for one in members if one.is_cluster]
    return cluster(members, context) if whole else two_strongest(members, context)


def centralisation_and_one(members: Sequence[Scored], _: Context) -> dict[str, float]:
    """Centralisation and at most one more."""
    first = [one for one in members if one.finding == "centralisation"]
    rest = sorted((one for one in members if one.finding != "centralisation"), key=lambda one: one.rank)
    return _only([*first, *rest[:1]], members)


def tenderness_raises_one(members: Sequence[Scored], context: Context) -> dict[str, float]:
    """Tenderness is a trait of the person: it raises one source, the one it speaks for most."""
    return {
        one.finding: 0.0 if one.ln > 0 and context.condition not in context.raised else 1.0 for one in members
    }  # fmt: skip


RULES: dict[str, Keep] = {
    "use_cluster_only": cluster,
    "use_rule_only": cluster,
    "use_cluster_or_strongest": cluster_or_strongest,
    "test_centralisation_first_then_cluster": centralisation_then_cluster,
    "score_once": strongest,
    "use_strongest_only": strongest,
    "use_strongest_only_with_cap": strongest,
    "use_strongest_only_and_ask_what_kind_of_pain": strongest,
    "use_strongest_positive_or_degeneration_absent": strongest,
    "score_for_one_condition_by_pain_place": by_pain_place,
    "at_most_two_items": two_strongest,
    "at_most_two_items_or_use_auc_limited_score": two_strongest,
    "discount_examination_after_full_history": examination_after_history,
    "count_age_once": age_once,
    "fadir_for_out_rotation_for_in": fadir_out_rotation_in,
    "use_whole_pattern_once_or_primary_care_parts_at_most_two": pattern_or_two_parts,
    "one_sensitive_one_specific": one_sensitive_one_specific,
    "clear_hip_joint_first": hip_joint_first,
    "halve_log_lr_without_groin_or_hip_pain": halved_without_hip_pain,
    "use_one_primary_place": one_place,
    "centralisation_plus_at_most_one": centralisation_and_one,
    "tenderness_never_raises_more_than_one_condition": tenderness_raises_one,
}
"""Every rule that `findings.yaml` names; a test holds the two together."""

LOOKED_AT = frozenset({"centralisation", "fadir", "hip_internal_rotation_reduced", "groin_pain", "faber"})
"""Answers that some rule asks for beside the members it weighs: a change of one may move any source."""

_JOINT_AFTER_DISC = "test_centralisation_first_then_cluster"  # concerns every test that the counts are made of


def _tests_of_the_joint(knowledge: Knowledge) -> tuple[str, ...]:
    return knowledge.findings.conflicts["sij_provocation"].findings


# Rules that decide whether a member counts at all come before rules that choose among those that count.
_FIRST = ("test_centralisation_first_then_cluster", "score_for_one_condition_by_pain_place", "count_age_once")


def ordered(knowledge: Knowledge) -> list[Conflict]:
    """The conflict groups in the order in which they are applied."""
    groups = knowledge.findings.conflicts.values()
    return sorted(groups, key=lambda group: group.rule not in _FIRST)


def weights_of(
    condition: str, scored: Sequence[Scored], answers: Answers, facts: Facts, knowledge: Knowledge,
    raised: frozenset[str] = frozenset(),
) -> dict[str, float]:  # fmt: skip
    """For one source: per answered finding the share of its logarithm that counts."""
    context = Context(condition, answers, facts, knowledge.diagnosis_choices.conflicts.half, raised)
    weights = {one.finding: 1.0 for one in scored if one.ln}
    groups, groups_of = _groups_of(knowledge, condition)
    for number in sorted({number for name in weights for number in groups_of.get(name, ())}):
        findings, rule, alone_too = groups[number]
        members = [one for one in scored if one.finding in findings and weights.get(one.finding)]
        if len(members) > 1 or (members and alone_too):
            for finding, share in rule(members, context).items():
                weights[finding] *= share
    return weights


@lru_cache(maxsize=128)
def _groups_of(
    knowledge: Knowledge, condition: str
) -> tuple[list[tuple[frozenset[str], Keep, bool]], Mapping[str, tuple[int, ...]]]:
    """The groups that concern a source, in the order in which they are applied, and per finding which of them.

    Each group is its findings, its rule, and whether it has something to say of a single finding as well.
    """
    groups = []
    for group in ordered(knowledge):
        if group.condition in ("several", condition):
            more = _tests_of_the_joint(knowledge) if group.rule == _JOINT_AFTER_DISC else ()
            groups.append((frozenset((*group.findings, *more)), RULES[group.rule], group.rule in _ALONE_TOO))
    of_finding: dict[str, tuple[int, ...]] = defaultdict(tuple)
    for number, (findings, _, _) in enumerate(groups):
        for name in findings:
            of_finding[name] += (number,)
    return groups, dict(of_finding)


# These have something to say of a single finding as well.
_ALONE_TOO = frozenset({
    "use_cluster_only", "use_rule_only", "score_for_one_condition_by_pain_place", "clear_hip_joint_first",
    "halve_log_lr_without_groin_or_hip_pain", "tenderness_never_raises_more_than_one_condition",
    "test_centralisation_first_then_cluster",
})  # fmt: skip
