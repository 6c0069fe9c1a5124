"""Words of the visit's forms for the ids of the case, and how long lists are grouped.."""

from __future__ import annotations

from psoas.knowledge import Knowledge, Measurement

SEXES = {"female": "Female", "male": "Male", "unspecified": "Other, or rather not say"}
YES_NO = {"no": "No", "yes": "Yes", "": "Not known"}
ONSETS = {"sudden": "Suddenly", "gradual": "Bit by bit", "after_injury": "After an injury"}
COURSES = {
    "improving": "Getting better",
    "stable": "About the same",
    "worsening": "Getting worse",
    "episodic": "It comes and goes",
}
UNITS = {"days": "days", "weeks": "weeks", "months": "months", "years": "years"}
EFFECTS = {
    "": "choose",
    "good": "It helped",
    "partial": "It helped a little",
    "temporary": "It helped for days or weeks",
    "hours": "It helped for hours each time",
    "none": "It made no difference",
    "worse": "It made it worse",
}
ACTIVITIES = {
    "walking": "Walking",
    "running": "Running",
    "cycling": "Cycling",
    "swimming": "Swimming",
    "strength_training": "Strength training",
    "yoga_pilates": "Yoga or Pilates",
    "dancing": "Dancing",
    "football": "Football",
    "tennis": "Tennis or other racket sport",
    "hockey": "Hockey",
    "gymnastics": "Gymnastics",
    "rowing": "Rowing",
    "climbing": "Climbing",
    "martial_arts": "Martial arts",
    "jumping": "Jumping sports",
    "throwing": "Throwing sports",
    "triathlon": "Triathlon",
    "military_training": "Military training",
    "manual_work": "Heavy manual work",
    "other": "Another sport",
}

PLACES_OF_BODY = {
    "Back": ("lumbar", "thoracic", "flank", "sacroiliac", "sacrum_coccyx", "buttock"),
    "Belly and pelvis": ("upper_abdomen", "lower_abdomen", "groin", "pubis", "pelvis", "perineum_saddle"),
    "Hip and thigh": (
        "hip",
        "hip_anterior",
        "hip_lateral",
        "thigh_anterior",
        "thigh_posterior",
        "thigh_lateral",
        "thigh_medial",
        "thigh",
    ),
    "Knee, leg and foot": (
        "knee",
        "calf",
        "shin_lateral",
        "shin_medial",
        "foot",
        "foot_dorsum",
        "leg",
        "leg_front_whole",
        "leg_back_whole",
    ),
}
"""The regions of the drawing under headings, for those who choose from a list."""

_ANGLES = {
    "Length of the hip flexors": ("modified_thomas.", "hip.extension", "ober.", "ely."),
    "Movement of the hips": ("hip.", "knee."),
    "Movement of the back": ("lumbar.", "finger_floor", "straight_leg_raise."),
    "Power": ("power.",),
    "Other": ("",),
}


def angle_groups(knowledge: Knowledge) -> list[tuple[str, list[Measurement]]]:
    """The measurements under headings, each under the first that fits."""
    left = dict(knowledge.findings.measurement_ids)
    groups = []
    for heading, beginnings in _ANGLES.items():
        names = [name for begin in beginnings for name in left if name.startswith(begin)]
        groups.append((heading, [left.pop(name) for name in dict.fromkeys(names)]))
    return groups
