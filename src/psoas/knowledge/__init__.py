"""What is known, as typed and checked data: sources of pain, findings, red flags, exercises, interventions and more.

`load()` gives everything; each pack is an attribute with the name of its file, and each record has the keys of the
YAML as its attributes (`for`, `class` and `if` end in an underscore). Every figure names its `source` and `read_in`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

from psoas.knowledge._load import Knowledge, load
from psoas.knowledge.problems import EvidenceError, Problem
from psoas.knowledge.readers.nearest import nearest_ids

if TYPE_CHECKING:
    from psoas.knowledge.packs.entry import Cited, Entry, Interval, ReadIn, Source
    from psoas.knowledge.packs.findings import (
        Accuracy,
        Conflict,
        DerivedFinding,
        Finding,
        FindingPack,
        Measurement,
        Mode,
    )
    from psoas.knowledge.packs.illnesses import IllnessPack
    from psoas.knowledge.packs.medicines import MedicinePack
    from psoas.knowledge.packs.red_flags import (
        Action,
        BaseRate,
        Combination,
        Condition,
        Contraindication,
        Flag,
        KnownCondition,
        Level,
        RedFlagPack,
        Rule,
        Strength,
        Technique,
        Threshold,
    )
    from psoas.knowledge.packs.sources import Share, SourceOfPain, SourcesOfPainPack
    from psoas.knowledge.packs.terminology import CodedCondition, Region, Side, TerminologyPack
    from psoas.knowledge.packs.treatment.care import (
        CareFlag,
        Certainty,
        Effect,
        GuidelineStance,
        Intervention,
        InterventionPack,
    )
    from psoas.knowledge.packs.treatment.exercises import Exercise, ExercisePack, LegPose, Pose, Posture
    from psoas.knowledge.packs.treatment.interactions import Interaction, InteractionPack, Partner, Product, Severity

_HOMES = {
    "packs.treatment.care": ("CareFlag", "Certainty", "Effect", "GuidelineStance", "Intervention", "InterventionPack"),
    "packs.entry": ("Cited", "Entry", "Interval", "ReadIn", "Source"),
    "packs.treatment.exercises": ("Exercise", "ExercisePack", "LegPose", "Pose", "Posture"),
    "packs.findings": ("Accuracy", "Conflict", "DerivedFinding", "Finding", "FindingPack", "Measurement", "Mode"),
    "packs.treatment.interactions": ("Interaction", "InteractionPack", "Partner", "Product", "Severity"),
    "packs.illnesses": ("IllnessPack",),
    "packs.medicines": ("MedicinePack",),
    "packs.red_flags": (
        "Action", "BaseRate", "Combination", "Condition", "Contraindication", "Flag", "KnownCondition", "Level",
        "RedFlagPack", "Rule", "Strength", "Technique", "Threshold",
    ),
    "packs.sources": ("Share", "SourceOfPain", "SourcesOfPainPack"),
    "packs.terminology": ("CodedCondition", "Region", "Side", "TerminologyPack"),
}  # fmt: skip

__all__ = [
    "Accuracy",
    "Action",
    "BaseRate",
    "CareFlag",
    "Certainty",
    "Cited",
    "CodedCondition",
    "Combination",
    "Condition",
    "Conflict",
    "Contraindication",
    "DerivedFinding",
    "Effect",
    "Entry",
    "EvidenceError",
    "Exercise",
    "ExercisePack",
    "Finding",
    "FindingPack",
    "Flag",
    "GuidelineStance",
    "IllnessPack",
    "Interaction",
    "InteractionPack",
    "Interval",
    "Intervention",
    "InterventionPack",
    "Knowledge",
    "KnownCondition",
    "LegPose",
    "Level",
    "Measurement",
    "MedicinePack",
    "Mode",
    "Partner",
    "Pose",
    "Posture",
    "Problem",
    "Product",
    "ReadIn",
    "RedFlagPack",
    "Region",
    "Rule",
    "Severity",
    "Share",
    "Side",
    "Source",
    "SourceOfPain",
    "SourcesOfPainPack",
    "Strength",
    "Technique",
    "TerminologyPack",
    "Threshold",
    "load",
    "nearest_ids",
]  # fmt: skip

# The types of a pack are defined when they are first named: a start pays only for the packs it uses.
__getattr__, __dir__, _ = lazy_loader.attach(__name__, submod_attrs=_HOMES)
