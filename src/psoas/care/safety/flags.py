"""Which words of `contraindications` hold for a person: from answers, illnesses, medicines, alarms and sources.

The packs name the words (`flags` of interventions.yaml) and tie some to causes of the screen (`flag_map`). Which answer
of a case makes each of the others true is written down nowhere; the table below is our choice, made so that doubt
forbids. A test holds it to the packs: every word stands here or in `CANNOT_BE_SAID`.
"""

from __future__ import annotations

from dataclasses import dataclass

from psoas.care import weights
from psoas.diagnosis.types import Diagnosis
from psoas.knowledge import Knowledge
from psoas.knowledge.rules.facts import Facts
from psoas.screening import Screen


@dataclass(frozen=True, slots=True)
class FlagRule:
    """What makes a flag hold; any one is enough.

    Attributes:
        answers: ids that are yes.
        illnesses: known illnesses and operations, as entered under `conditions`.
        medicines: classes of medicines.
        sources: sources of pain that are likely (`weights.LIKELY`).
        when: expressions of the packs' language.
        whole: groups that were entered as a whole, so that nobody knows which part is meant.
    """

    answers: tuple[str, ...] = ()
    illnesses: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


FLAG_RULES: dict[str, FlagRule] = {
    "recent_abdominal_or_pelvic_surgery": FlagRule(("operation_3_months",), ("abdominal_or_pelvic_surgery_12_weeks",)),
    "recent_spine_surgery": FlagRule(("spinal_operation_3_months",), ("spinal_surgery_12_weeks",)),
    "spinal_instability": FlagRule(
        ("instability_three_tests",),
        ("spondylolisthesis_known", "spondylolysis_known"),
        sources=("spondylolisthesis", "spondylolysis", "lumbar_segmental_instability"),
    ),
    "osteoporosis": FlagRule(("known_osteoporosis",), ("osteoporosis", "vertebral_fracture_healed")),
    "inflammatory_spondyloarthritis": FlagRule(
        ("fused_spine_known",),
        ("ankylosing_spondylitis", "axial_spondyloarthritis_known", "fused_spine"),
        sources=("axial_spondyloarthritis",),
    ),
    "severe_radicular_pain": FlagRule(("leg_pain_worse_than_back", "crossed_straight_leg_raise")),
    # The flag means leg symptoms; a back that hurts in a direction is kept from pushing into it all the same.
    "extension_intolerant": FlagRule(
        (
            "worse_bending_backward",
            "lumbar_extension_painful",
            "thigh_pain_30s_extension",
            "relief_bending_forward",
            "one_leg_hyperextension",
        ),
        sources=("lumbar_spinal_stenosis",),
    ),
    "flexion_intolerant": FlagRule(
        ("worse_bending_forward", "lumbar_flexion_painful", "crossed_straight_leg_raise"),
        sources=("disc_herniation_radiculopathy",),
    ),
    "hip_replacement": FlagRule(("hip_replacement_known",), ("hip_replacement",)),
    "hip_impingement": FlagRule(
        ("fadir", "anterior_impingement_test"), sources=("femoroacetabular_impingement_labral",)
    ),
    "hip_instability": FlagRule((), ("hip_instability",)),
    "knee_cannot_kneel": FlagRule(("personal_knee_oa",), when=("marked('knee')",)),
    "pregnancy": FlagRule(("pregnancy_known", "could_be_pregnant"), ("pregnancy_20_weeks_or_later",)),
    "pregnancy_20_weeks_or_later": FlagRule(
        (), ("pregnancy_20_weeks_or_later",), when=("person.pregnancy_weeks >= 20",)
    ),
    "breastfeeding": FlagRule((), ("breastfeeding",)),
    "anticoagulant": FlagRule(
        ("takes_anticoagulant",), (), ("anticoagulant",), whole=("anticoagulant_or_bleeding_disorder",)
    ),
    "antiplatelet": FlagRule(("one_antiplatelet", "two_antiplatelets"), (), ("antiplatelet",)),
    "bleeding_disorder": FlagRule(
        ("has_bleeding_disorder",),
        ("bleeding_disorder", "haemophilia", "low_platelets"),
        whole=("anticoagulant_or_bleeding_disorder",),
    ),
    "skin_lesion_local": FlagRule(
        ("band_rash", "groin_skin_red"), ("skin_lesion_local", "fragile_skin", "loss_of_skin_sensation")
    ),
    "adhesive_allergy": FlagRule((), ("adhesive_allergy",)),
    "immunosuppressed": FlagRule(
        ("immunosuppression", "on_immune_medicines"), ("transplant", "hiv"), ("immunosuppressant", "corticosteroid")
    ),
    "pacemaker_or_implant": FlagRule((), ("pacemaker_or_implant",)),
    "epilepsy": FlagRule((), ("epilepsy",)),
    "loss_of_skin_sensation": FlagRule((), ("loss_of_skin_sensation",)),
    "balance_risk": FlagRule(("unsteady_walking", "walking_very_difficult"), ("balance_risk",)),
    "hypertension_uncontrolled": FlagRule((), ("hypertension_uncontrolled",)),
    "heart_failure_or_unstable_heart": FlagRule((), ("heart_failure_or_unstable_heart",)),
    "kidney_disease": FlagRule(("on_dialysis", "has_single_kidney"), ("kidney_disease", "dialysis", "single_kidney")),
    "liver_disease": FlagRule((), ("liver_disease",)),
    "peptic_ulcer_or_gi_bleed": FlagRule(("black_stool", "blood_in_stool"), ("peptic_ulcer_or_gi_bleed",)),
    "gallstones_or_bile_obstruction": FlagRule(("yellow_skin",), ("gallstones_or_bile_obstruction",)),
    "aspirin_allergy": FlagRule((), ("aspirin_allergy",)),
    "surgery_within_two_weeks": FlagRule((), ("surgery_within_two_weeks",)),
    # Clots of the past forbid techniques (dm_dvt), not walking; a new swelling raises the alarm of the flag's cause.
    "dvt_suspected": FlagRule(("swollen_leg", "leg_swollen", "leg_swollen_whole", "calf_or_vein_line_pain")),
    "progressive_neuro_deficit": FlagRule(("getting_worse", "weakness_growing", "numbness_spreading")),
    "infection_suspected": FlagRule(("fever_or_rigors", "raised_inflammation_markers")),
    "aortic_aneurysm_suspected": FlagRule(("known_aneurysm", "pulsating_belly"), ("aortic_aneurysm",)),
    "cancer_suspected": FlagRule(("history_of_cancer",), ("cancer", "multiple_myeloma")),
    "abdominal_mass_or_undiagnosed_abdominal_pain": FlagRule(("belly_pain_with_back_pain",)),
}
CANNOT_BE_SAID = ("serious_mental_distress",)
"""Flags that no field of a case can state; they are shown with the item ("leave out if") and nothing more."""


def held_flags(facts: Facts, knowledge: Knowledge, screen: Screen, diagnosis: Diagnosis) -> dict[str, tuple[str, ...]]:
    """The flags that hold, each with the answers, illnesses, medicines, causes or sources that make it hold."""
    likely = {one.source for one in diagnosis.differential if one.probability >= weights.LIKELY}
    alarmed = {alarm.condition for alarm in screen.alarms}
    held: dict[str, tuple[str, ...]] = {}
    for flag in knowledge.interventions.flags:
        causes = knowledge.interventions.flag_map.get(flag, ())
        reasons = (*(cause for cause in causes if cause in alarmed), *_reasons(flag, facts, likely))
        if reasons:
            held[flag] = tuple(dict.fromkeys(reasons))
    return held


def _reasons(flag: str, facts: Facts, likely: set[str]) -> tuple[str, ...]:
    rule = FLAG_RULES.get(flag, FlagRule())
    reasons = [name for name in rule.answers if facts.yes(name)]
    reasons += [name for name in rule.illnesses if has_illness(name, facts)]
    for family in rule.medicines:
        reasons += facts.taking(family)
    reasons += [name for name in rule.sources if name in likely]
    reasons += [name for name in rule.whole if facts.answer(name) == "yes"]
    reasons += [text for text in rule.when if facts.expression(text)]
    if flag == "pregnancy_20_weeks_or_later" and facts.case.person.pregnancy_weeks is None:
        reasons += ["pregnancy_known"] if facts.yes("pregnancy_known") else []  # the week was not told
    return tuple(reasons)


def has_illness(name: str, facts: Facts) -> bool:
    """Whether the case names the illness, one it covers, or one of its sides."""
    if name in facts.index.known_covers:
        return facts.known(name) is True
    return name in facts.case.conditions
