"""JSON schemas of the case file and of the answer, for those who write or read them in other programs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from psoas.case import Case
from psoas.knowledge.index import vocabulary

Probability = Field(ge=0, le=1)
FlexorName = Literal["iliopsoas", "rectus_femoris", "sartorius", "tensor_fasciae_latae"]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Because(_Shape):
    """An answer that made a rule fire."""

    finding: str
    source: str


class AlarmShape(_Shape):
    """A rule of the danger screen that fired."""

    condition: str
    urgency: Literal["routine_referral", "urgent_referral", "same_day", "emergency_now"]
    because: list[Because] = Field(min_length=1)
    rule: str
    say: str
    do: str


class ForbiddenShape(_Shape):
    """A technique with a reason present in the case."""

    technique: str
    because: list[str] = Field(min_length=1)
    source: str


class NotClearedShape(_Shape):
    """A technique that stays off until its questions are answered."""

    technique: str
    ask: list[str] = Field(min_length=1)


class MedicineShape(_Shape):
    """A medicine as it was written and understood; `understood` false: it is asked back, and keeps techniques off."""

    written: str
    understood: bool
    names: list[str]
    classes: list[str]
    say: str


class ConflictShape(_Shape):
    """An answer that says no where something else in the case says yes; yes wins until one of them is corrected."""

    field: str
    say: str


class ScreenShape(_Shape):
    """The danger screen."""

    urgency: Literal["self_care", "watch", "routine_referral", "urgent_referral", "same_day", "emergency_now"]
    alarms: list[AlarmShape]
    not_asked: list[str]
    forbidden: list[ForbiddenShape]
    not_cleared: list[NotClearedShape]
    medicines: list[MedicineShape]
    conflicts: list[ConflictShape]


class WeightShape(_Shape):
    """What one answer says of one source, in bits."""

    finding: str
    log2_odds: float
    source: str
    read_in: str


class SourceShape(_Shape):
    """One source of the differential."""

    source: str
    probability: float = Probability
    interval_90: tuple[float, float]
    responsibility: float = Probability
    for_: list[WeightShape] = Field(alias="for")
    against: list[WeightShape]
    rank: int = Field(ge=1)


class ShortShape(_Shape):
    """The side whose iliopsoas is shorter than the other's, and how sure the angles make that, 0 to 1."""

    side: Literal["left", "right"]
    how_sure: float = Probability


class PsoasShape(_Shape):
    """The verdict on the hip flexors, the four hip-flexor sources taken together."""

    as_source: Literal["probably", "possibly", "probably_not", "cannot_tell_yet"]
    probability: float = Probability
    interval_90: tuple[float, float]
    because: list[WeightShape]
    short: ShortShape | None
    settle_by: str
    withheld: str | None


class NextShape(_Shape):
    """A question or test not yet done."""

    finding: str
    expected_information_bits: float = Field(ge=0)
    who: Literal["self", "practitioner"]
    minutes: float = Field(gt=0)


class FlexorShape(_Shape):
    """How much shorter one hip flexor is than the average adult's, in percent of slack length; negative is longer."""

    shortening_percent: float
    sd: float = Field(gt=0)


class FlexorsShape(_Shape):
    """The hip flexors of which the measured angles tell, by side."""

    left: dict[FlexorName, FlexorShape]
    right: dict[FlexorName, FlexorShape]


class LevelShape(_Shape):
    """Load at one lumbar level, newtons; positive shear pulls the upper vertebra forward."""

    compression_n: float
    shear_n: float


class PlanShape(_Shape):
    """One thing to do."""

    id: str
    kind: str
    certainty: str
    dose: dict[str, Any]
    because: list[str]
    stop_if: list[str]
    for_: str | None = Field(alias="for", description="the source or cause it is for, or no_single_source")
    phase: Literal["calm", "rebuild", "return"] | None
    order: int | None = Field(
        ge=0,
        le=5,
        description="0 a referral, 1 the load to change, 2 what eases now, 3 the exercise for the source, 4 the next, "
        "5 the way back",
    )
    progress_when: str | None
    until_seen: str | None = Field(description="what to do until somebody has looked; for a referral")


class AnswerShape(_Shape):
    """What `psoas assess CASE --json` prints."""

    psoas_version: str
    knowledge_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    case: str
    screen: ScreenShape
    differential: list[SourceShape]
    no_single_source: float = Probability
    psoas: PsoasShape
    next: list[NextShape]
    flexors: FlexorsShape = Field(default=..., description="only with hip angles and the body model installed")
    levels: dict[Literal["standing"], dict[str, LevelShape]] = Field(default=..., description="as `flexors`")
    plan: list[PlanShape] = Field(max_length=5)


ABSENT_WHEN_UNFILLED = ("flexors", "levels")
"""Sections that are left out rather than faked."""


def answer_schema() -> dict[str, Any]:
    """JSON schema of the answer."""
    schema = AnswerShape.model_json_schema(by_alias=True)
    schema["required"] = [name for name in schema["required"] if name not in ABSENT_WHEN_UNFILLED]
    return schema


def case_schema() -> dict[str, Any]:
    """JSON schema of the case file, with the ids that this version knows."""
    words = vocabulary()
    schema = Case.model_json_schema()
    answers: dict[str, Any] = {"enum": ["yes", "no", "unknown", "not_possible", True, False]}
    properties = {}
    for name, word in sorted(words.findings.items()):
        single = {"enum": [*answers["enum"], *word.places]}
        sides = {"type": "object", "properties": {"left": single, "right": single}, "additionalProperties": False}
        properties[name] = {"anyOf": [single, sides]} if word.sided else single
    schema["properties"]["findings"] = {"type": "object", "properties": properties, "additionalProperties": False}
    schema["$defs"]["Pain"]["properties"]["regions"]["propertyNames"] = {"enum": sorted(words.regions)}
    schema["$defs"]["Measurement"]["properties"]["id"] = {"enum": sorted(words.measurements)}
    schema["$defs"]["Activity"]["properties"]["id"] = {"enum": sorted(words.activities)}
    _allow_the_spellings(schema)
    return schema


def _allow_the_spellings(node: Any) -> None:
    """What may be absent may be `unknown`; a bare yes or no of YAML is read as a truth value."""
    if isinstance(node, dict):
        choices = node.get("anyOf")
        if isinstance(choices, list) and {"type": "null"} in choices:
            choices.append({"const": "unknown"})
            if any(choice.get("enum") == ["yes", "no"] for choice in choices):
                choices.append({"type": "boolean"})
        for value in node.values():
            _allow_the_spellings(value)
    elif isinstance(node, list):
        for value in node:
            _allow_the_spellings(value)
