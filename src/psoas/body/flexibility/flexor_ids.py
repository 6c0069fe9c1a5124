"""Which measurements of a case read a hip flexor; light, so that a case without any costs nothing."""

from __future__ import annotations

from psoas.case import Case, Measurement

FLEXOR_IDS = frozenset(
    {
        "modified_thomas.thigh_angle",
        "modified_thomas.knee_angle",
        "modified_thomas.abduction",
        "ober.angle",
        "hip.extension",
        "ely.knee_flexion",
    }
)


def bears(one: Measurement) -> bool:
    """Whether a measurement reads a hip flexor of a known side."""
    return one.id in FLEXOR_IDS and one.side is not None and one.value_deg is not None


def reads_a_flexor(case: Case) -> bool:
    """Whether anything was measured that an estimate of flexor tightness can use."""
    return any(bears(one) for one in case.measurements)
