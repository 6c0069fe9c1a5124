"""How the entries of the packs are offered: kind, family, what must be seen first. Our reading of the packs' notes.

The packs say what an intervention does; they do not say which exercises carry it out, nor put the `note` of an entry
("use only if repeated movement moves the pain toward the spine") in a form a program can follow. This table does, in
the rule language of the packs, with the words it rests on. A test holds it to the packs: every intervention and every
group of exercises stands here once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from psoas.care.types import Kind, Stage

Rule = str | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """How one intervention is offered.

    Attributes:
        products: products of interactions.yaml that it consists of, or partners it counts as.
        by_exercises: carried out by exercises; never an item of its own.
        needs: a rule that must be true; None when nothing is needed.
        why_needs: the words of the pack that the rule stands for.
        act_on: findings that ask for it.
        never: the reason not to offer it at all, beyond certainty and stances.
        back_only: tried on back pain alone: not for a pain that is nowhere in the back.
    """

    kind: Kind
    products: tuple[str, ...] = ()
    by_exercises: bool = False
    needs: Rule | None = None
    why_needs: str = ""
    act_on: tuple[str, ...] = ()
    never: str | None = None
    back_only: bool = False


_EXERCISE = Offer("exercise", by_exercises=True)
_MOVED = ("centralisation", "directional_preference")

OFFERS: Mapping[str, Offer] = MappingProxyType({
    "education_stay_active": Offer("education"),
    "pain_neuroscience_education": Offer("education", never="only beside other active care, and led by a practitioner"),
    "exercise_chronic": _EXERCISE,
    "exercise_acute": _EXERCISE,
    "walking_prevention": _EXERCISE,
    "walking_treatment": _EXERCISE,
    "motor_control_exercise": _EXERCISE,
    "pilates": Offer("exercise", back_only=True),
    "yoga": Offer("exercise", back_only=True),
    "mckenzie": Offer(
        "exercise", needs={"any_of": list(_MOVED)}, act_on=_MOVED, back_only=True,
        why_needs="use only if repeated movement moves the pain toward the spine",
    ),
    "stretching_general": _EXERCISE,
    "hip_flexor_stretching": _EXERCISE,
    "hip_strengthening": _EXERCISE,
    "resistance_training": _EXERCISE,
    "neural_mobilisation": _EXERCISE,
    "massage": Offer("hands_on", ("heat_therapy_same_site",), back_only=True),
    "myofascial_release": Offer("hands_on", ("heat_therapy_same_site",), back_only=True),
    "manual_psoas_release": Offer("hands_on"),
    "foam_rolling": Offer("self_care"),
    "iastm": Offer("hands_on"),
    "spinal_manipulation_acute": Offer("hands_on", back_only=True),
    "spinal_manipulation_chronic": Offer("hands_on", back_only=True),
    "acupuncture": Offer("needling", back_only=True),
    "dry_needling": Offer("needling", back_only=True),
    "kinesiology_tape": Offer("hands_on", back_only=True),
    "heat": Offer("self_care", ("heat_therapy_same_site",), back_only=True),
    "tens": Offer("self_care"),
    "therapeutic_ultrasound": Offer("hands_on"),
    "traction": Offer("hands_on"),
    "lumbar_support": Offer("self_care"),
    "foot_orthotics": Offer("self_care"),
    "mbsr": Offer("mind"),
    "cbt": Offer("mind"),
    "pain_reprocessing_therapy": Offer("mind", never="only when structural causes have been reasonably excluded"),
    "cognitive_functional_therapy": Offer("mind", act_on=("pain_7_or_more", "no_improvement_one_month")),
    "breathing_exercise": _EXERCISE,
    "multidisciplinary": Offer(
        "programme", needs="no_improvement_one_month", act_on=("no_improvement_one_month",),
        why_needs="when other care failed or barriers are large",
    ),
    "nsaid_acute": Offer("medicine", ("nsaid_otc",), back_only=True),
    "nsaid_chronic": Offer("medicine", ("nsaid_otc",), back_only=True),
    "paracetamol": Offer("medicine", ("paracetamol",)),
    "opioids": Offer("medicine", ("sedative",), never="the pack's note: never suggest"),
    "muscle_relaxants": Offer("medicine", ("sedative",), back_only=True),
    "antidepressants": Offer("medicine", ("ssri_snri",)),
    "capsicum_topical": Offer("supplement", ("capsaicin_topical",), back_only=True),
    "devils_claw": Offer("supplement", ("devils_claw",)),
    "willow_bark": Offer("supplement", ("willow_bark",)),
    "turmeric_curcumin": Offer("supplement", ("turmeric",)),
    "cbd": Offer("supplement", ("cbd",)),
    "vitamin_d": Offer("supplement", ("vitamin_d",)),
    "magnesium": Offer("supplement", ("magnesium",)),
    "glucosamine_omega3_boswellia_ginger": Offer("supplement", ("glucosamine", "fish_oil", "boswellia", "ginger")),
    "arnica_comfrey_topical": Offer("supplement", ("arnica_topical",)),
    "epidural_injection": Offer(
        "medicine", needs={"all_of": ["leg_pain_worse_than_back", "pain_7_or_more"]},
        why_needs="only for acute severe sciatica",
    ),
    "surgery": Offer("programme", never="not reviewed in the pack; the screen refers where it is urgent"),
})  # fmt: skip

TOPICAL = frozenset({"capsicum_topical", "arnica_comfrey_topical"})
"""Products for the skin: little of them is absorbed."""


@dataclass(frozen=True, slots=True)
class Family:
    """How one group of exercises is offered.

    Attributes:
        parents: the intervention that carries the evidence, by stage; a stage without one gets none of the group.
        technique: key of the screen's techniques that the exercises count as.
        act_on: findings that ask for them.
        needs: a rule that must be true.
        sources: further sources of pain that they are meant for; our choice, no trial of the pack says so.
        for_general: also for back pain of no single source, where the parent is.
        drill: a single movement out of the programmes that were tried, so its certainty is one step lower.
    """

    parents: Mapping[Stage, str]
    technique: str | None
    act_on: tuple[str, ...] = ()
    needs: Rule | None = None
    sources: tuple[str, ...] = ()
    drill: bool = False
    for_general: bool = True


def _lasting(parent: str) -> Mapping[Stage, str]:
    """Trials are of chronic pain; from six weeks on the same is offered, its certainty one step lower."""
    return MappingProxyType({"subacute": parent, "chronic": parent, "recurrent": parent})


_UNSTABLE = ("lumbar_segmental_instability", "spondylolisthesis", "spondylolysis")

FAMILIES: Mapping[str, Family] = MappingProxyType({
    "hip_flexor_stretch": Family(
        _lasting("hip_flexor_stretching"), "stretching",
        act_on=("modified_thomas_extension_deficit", "hip_extension_limited"),
    ),
    "hip_flexor_strength": Family(
        _lasting("hip_strengthening"), "loaded_exercise", act_on=("hip_flexion_weak",), needs="hip_flexion_weak",
        sources=("hip_flexor_strain", "iliopsoas_tendinopathy"),
    ),
    "rest": Family(MappingProxyType({}), None),  # a position for comfort; no study of it in the packs
    "breathing": Family(MappingProxyType({
        "acute": "breathing_exercise", "subacute": "breathing_exercise", "chronic": "breathing_exercise",
        "recurrent": "breathing_exercise",
    }), None),
    "mobility": Family(MappingProxyType({
        "acute": "exercise_acute", "subacute": "exercise_chronic", "chronic": "exercise_chronic",
    }), "stretching", sources=("axial_spondyloarthritis",), drill=True),
    "trunk_endurance": Family(
        _lasting("motor_control_exercise"), "loaded_exercise",
        act_on=("prone_instability_test", "instability_three_tests"), sources=_UNSTABLE,
    ),
    "hip_strength": Family(
        _lasting("hip_strengthening"), "loaded_exercise", act_on=("hip_abductor_weakness", "hip_weakness_unspecified"),
    ),
    "movement_skill": Family(_lasting("exercise_chronic"), "loaded_exercise", drill=True),
    "stretch": Family(_lasting("stretching_general"), "stretching", for_general=False),
    "nerve": Family(_lasting("neural_mobilisation"), "stretching"),
    "groin_strength": Family(
        _lasting("hip_strengthening"), "loaded_exercise", sources=("adductor_related_groin_pain",), for_general=False,
    ),
    "progression": Family(_lasting("exercise_chronic"), "loaded_exercise", drill=True, for_general=False),
    "balance": Family(_lasting("exercise_chronic"), "loaded_exercise", drill=True, for_general=False),
    "aerobic": Family(MappingProxyType({
        "acute": "exercise_acute", "subacute": "exercise_chronic", "chronic": "exercise_chronic",
        "recurrent": "walking_prevention",
    }), "loaded_exercise"),
})  # fmt: skip

GENTLE_GROUPS = frozenset({"breathing", "aerobic"})
GENTLE_INTERVENTIONS = frozenset({"heat"})
"""What may go on while an urgent appointment is awaited, unless something else forbids it."""


@dataclass(frozen=True, slots=True)
class Twist:
    """What differs for one exercise from its family; None leaves it as it is."""

    parent: str | None = None
    act_on: tuple[str, ...] = ()
    needs: Rule | None = None
    sources: tuple[str, ...] = ()


_OUTER_HIP = Twist(
    act_on=("hip_abductor_weakness", "single_leg_stance_30s", "lateral_hip_pain_one_leg", "resisted_hip_abduction"),
    sources=("greater_trochanteric_pain_syndrome",),
)
_EASED_BENT = (
    "relief_bending_forward",
    "worse_bending_backward",
    "lumbar_extension_painful",
    "thigh_pain_30s_extension",
)
_BENT_EASES = Twist(
    act_on=("relief_bending_forward",),
    needs={"any_of": list(_EASED_BENT)},
    sources=("lumbar_spinal_stenosis", "facet_joint_pain"),
)
ASKS_FOR: Mapping[str, tuple[str, ...]] = MappingProxyType({"flexion": _EASED_BENT, "extension": _MOVED})
"""Findings that ask for bending (it eases, or arching hurts) or for arching (repeated movement draws the pain in)."""

TWISTS: Mapping[str, Twist] = MappingProxyType({
    "prone_press_up": Twist(
        parent="mckenzie", act_on=_MOVED, needs={"any_of": list(_MOVED)},
        sources=("discogenic_pain", "disc_herniation_radiculopathy"),
    ),
    "single_knee_to_chest": _BENT_EASES,
    "double_knee_to_chest": _BENT_EASES,
    "childs_pose": _BENT_EASES,
    "clamshell": _OUTER_HIP,
    "side_lying_hip_abduction": _OUTER_HIP,
    "side_plank": Twist(sources=("quadratus_lumborum_myofascial_pain",)),
    "bird_dog": Twist(sources=("pregnancy_pelvic_girdle_pain",)),
    # The note of hip_strengthening: "the active counterpart of hip-flexor stretching".
    "glute_bridge": Twist(
        act_on=("modified_thomas_extension_deficit", "hip_extension_limited"), sources=("pregnancy_pelvic_girdle_pain",)
    ),
    "piriformis_stretch": Twist(sources=("deep_gluteal_syndrome",)),
    "sciatic_slider": Twist(
        needs={"any_of": ["straight_leg_raise", "pain_below_knee", "dermatomal_leg_pain"]},
        act_on=("straight_leg_raise", "slump_knee_bend"), sources=("deep_gluteal_syndrome",),
    ),
    "femoral_slider": Twist(
        needs={"any_of": ["groin_front_thigh_numb", "groin_front_thigh_burning", {"when": "marked('thigh_anterior')"}]}
    ),
})  # fmt: skip

HIP_FLEXOR_INTERVENTIONS = frozenset({"hip_flexor_stretching", "manual_psoas_release"})
HIP_FLEXOR_GROUPS = frozenset({"hip_flexor_stretch", "hip_flexor_strength"})
HIP_FLEXOR_EXERCISES = frozenset({"femoral_slider", "prone_press_up"})
"""Bend the hip back under the psoas as a stretch does, and wait for the gate like one."""

NO_GAIN = frozenset({"stretching_general", "hip_flexor_stretching"})
"""Their `effect_in_words` says that no difference from control was found."""
