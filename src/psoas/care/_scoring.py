"""How much speaks for a candidate, in points that a reader can add up (`weights` has the numbers and the reasons)."""

from __future__ import annotations

from dataclasses import dataclass

from psoas.care import _catalogue as catalogue
from psoas.care import weights
from psoas.care._candidates import Candidate
from psoas.care._effects import effects_of, ranking_points
from psoas.care.types import Because, Score
from psoas.diagnosis.types import Diagnosis
from psoas.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the differential says, as the plan needs it.

    Attributes:
        responsibility: of each specific source.
        general: what is left over for general care, 0 to 1.
        leading: the specific source with the largest responsibility, if it answers for enough.
    """

    responsibility: dict[str, float]
    general: float
    leading: str | None
    no_single_source: float

    @classmethod
    def of(cls, diagnosis: Diagnosis) -> Complaint:
        """Read the differential; sources that wait for a danger to be excluded do not lead."""
        specific = {one.source: one.responsibility for one in diagnosis.differential}
        ranked = sorted(diagnosis.differential, key=lambda one: one.rank)
        leading = next(
            (
                one.source
                for one in ranked
                if one.source not in diagnosis.withheld and one.responsibility >= weights.LEADING_RESPONSIBILITY
            ),
            None,
        )
        left = 1.0 - min(1.0, sum(specific.values()))
        return cls(specific, max(weights.LEAST_GENERAL, left), leading, diagnosis.no_single_source)

    def share(self, one: Candidate) -> float:
        """The share of the complaint that a candidate speaks to, 0 to 1."""
        meant = sum(self.responsibility.get(source, 0.0) for source in one.sources)
        return min(1.0, meant + (self.general if one.general else 0.0))


def score(one: Candidate, complaint: Complaint, knowledge: Knowledge) -> Score:
    """The points of one candidate, criterion by criterion."""
    certainty = one.certainty
    points = ranking_points(effects_of(one.intervention, knowledge))
    noticed = knowledge.interventions.meta.worthwhile_difference_0_100.pain
    if points is None:
        said = one.intervention.effect or one.intervention.effect_in_words
        size = weights.UNKNOWN_SIZE if said and one.intervention.id not in catalogue.NO_GAIN else 0.0
    else:
        size = weights.EFFECT_POINTS * max(0.0, min(1.0, points / noticed))
    stances = sum(weights.STANCE_POINTS[stance.stance] for stance in one.intervention.guideline)
    burden = weights.BURDEN_POINTS[one.kind]
    burden += weights.THRUST_POINTS if "spinal_manipulation" in one.technique else 0.0
    burden += weights.REFER_POINTS if one.who == "refer" else 0.0
    parts = (
        ("certainty", weights.CERTAINTY_POINTS[certainty]),
        ("effect", size * weights.EFFECT_TRUST[certainty]),
        ("guidelines", min(weights.STANCE_CAP, stances)),
        ("match", weights.MATCH_POINTS * complaint.share(one)),
        ("leading_source", weights.LEADING_POINTS if complaint.leading in one.sources else 0.0),
        ("finding", weights.FINDING_POINTS if one.act_on else 0.0),
        ("dose", _dose(one)),
        ("burden", burden),
    )
    return Score(tuple((name, round(value, 3)) for name, value in parts))


def _dose(one: Candidate) -> float:
    if one.exercise is None:
        return 0.0
    aimless = one.exercise.directional_bias in ("flexion", "extension") and not one.towards
    points = weights.DOSE_POINTS[one.exercise.dose_basis]
    points += weights.OWN_STUDY_POINTS if one.exercise.evidence else 0.0
    return points + (weights.AIMLESS_POINTS if aimless else 0.0)


def because(one: Candidate, complaint: Complaint, stage: str | None, knowledge: Knowledge) -> tuple[Because, ...]:
    """What led to a candidate: its sources by responsibility, findings of the case, and the general ground."""
    shares = sorted(
        ((complaint.responsibility.get(source, 0.0), source) for source in one.sources),
        key=lambda pair: (-pair[0], pair[1]),
    )
    names = knowledge.sources_of_pain.conditions
    reasons = [
        Because(source, names[source].plain_name, round(share, 3))
        for share, source in shares
        if share >= weights.SHOWN_RESPONSIBILITY
    ]
    findings = knowledge.findings.findings
    reasons += [
        Because(name, findings[name].name if name in findings else name.replace("_", " ")) for name in one.act_on
    ]
    if one.general:
        reasons.append(Because("no_single_source", "Helps back pain whatever its source"))
    if stage:
        reasons.append(Because(stage, knowledge.interventions.meta.stages[stage]))  # type: ignore[index]
    return tuple(reasons)
