"""What we chose ourselves for judging a course. What a study gives stands in outcomes.yaml and prognosis.yaml.

The decision rules of outcomes.yaml are sentences ("a product choice", as the pack says of them); their figures stand
here as numbers, and a test holds them equal to the sentences.
"""

from __future__ import annotations

from types import MappingProxyType

WORSE_POINTS = 1.0
WORSE_READINGS = 2
"""Decision rule: "NRS rises by >= 1 on two readings". Smaller than the change that counts as better, because people
notice getting worse sooner (rule deterioration_is_not_the_mirror_of_improvement)."""

WORSE_CHANGE = -2
"""Decision rule: "GROC <= -2"."""

PLATEAU_READINGS = 3
PLATEAU_WEEKS = 4
"""Decision rule: "change within +/- the detectable change for 3 readings over 4 weeks"."""

RECOVERED_READINGS = 2
RECOVERED_CHANGE = 4
"""Decision rule: "NRS = 0 for two weekly readings and GROC at its top two steps", of -5 to +5."""

SLEEP_ASKS_FROM = 7
"""outcomes.yaml, sleep_interference_nrs: ">= 7 [...] prompts the inflammatory-pain and night-pain questions"."""
SLEEP_QUESTIONS = (
    "night_pain",
    "wakes_second_half_of_night",
    "night_pain_eases_on_getting_up",
    "morning_stiffness_over_30min",
)

EARLY_FALL_WEEKS = 2.0
"""Between the published points at 0 and 6 weeks the curve falls as exp(-week / 2): fastest in weeks 1 to 4 and nearly
flat by week 6, as weekly text messages show (band_drawing). The studies give that shape in words, not this figure."""

TRAJECTORY_OF = MappingProxyType({"acute": "acute_2024", "subacute": "subacute_2024", "persistent": "persistent_2024"})
SUBACUTE_FROM_WEEKS = 6.0
PERSISTENT_FROM_WEEKS = 12.0
"""band_drawing: "under 6 acute, 6 to 12 subacute, 12 and over persistent"."""
LONGEST_STUDIED_WEEKS = 52.0

ORDINARY_PRACTICE_DEG = 8.0
TRAINED_TESTER_DEG = 4.0
HOME_PHOTO_DEG = 10.0
"""reading_of_reliability of hip_flexor_tests.yaml: "mdc 4 deg for a trained tester with the pelvis held, 7-8 deg for
ordinary practice", "changes under 10 deg from a home photo as noise". Of 7 to 8 we take the careful end."""

NEEDS_PELVIS_HELD = ("modified_thomas.", "ely.")
"""hip_flexor_tests.yaml: a reading of these without the pelvis held is not usable."""

DETECTABLE_ANGLE = MappingProxyType(
    {
        "modified_thomas.thigh_angle": None,
        "modified_thomas.knee_angle": "mtt_cejudo",
        "hip.extension": None,
        "ely.knee_flexion": "ely_strap",
    }
)
"""Measurement -> entry of `reliability` whose mdc95_deg counts. None: no published figure for ordinary practice, so the
reading of the pack holds. A measurement that is not here gets no verdict."""

GAIN = MappingProxyType(
    {"modified_thomas.thigh_angle": -1, "modified_thomas.knee_angle": 1, "hip.extension": 1, "ely.knee_flexion": 1}
)
"""Sign of a change that is more length: the thigh of the modified Thomas test sinks, the other angles grow."""

ASKED_EACH_TIME: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "bladder_and_bowel",
        (
            "saddle_numbness", "urine_hard_to_start", "urine_stream_not_felt", "bladder_fullness_not_felt",
            "urine_leaks_new", "no_urine_passed", "bowel_control_lost", "rectal_feeling_lost", "genital_feeling_lost",
        ),
    ),
    (
        "legs",
        (
            "leg_weakness", "legs_both_weak", "foot_slaps", "weakness_growing", "numbness_spreading",
            "sciatica_both_legs", "leg_suddenly_cold_pale", "calf_tender", "neuro_weak_elsewhere",
            "neuro_numb_elsewhere",
        ),
    ),
    ("fever", ("fever", "rigors", "feels_ill", "night_sweats", "unexplained_weight_loss")),
    (
        "sudden",
        (
            "fainted_with_pain", "pale_cold_sweat", "breathless_new", "chest_pain_new", "coughing_blood",
            "tearing_chest_to_back", "belly_swollen_firm", "testicle_pain_sudden", "lump_hard_sore",
            "pain_changed_after_knock", "cannot_bear_weight",
        ),
    ),
    (
        "pain_itself",
        (
            "steadily_worsening", "constant_day_and_night", "change_of_known_pain", "worse_after_treatment",
            "relief_never_lasts",
        ),
    ),
)  # fmt: skip
"""The danger signs of every check-in, by group: the adverse_event_check of outcomes.yaml, the safety net of
red_flags.yaml, every flag that it says to ask at each visit, and the hard stops that can begin at any time. The words
of each question are those of the flag itself."""
