"""The words of a visit: everything known about one person at one visit, checked and frozen.

A `Case` is made from plain data with `Case.of(data, vocabulary)`. The shape is here; which findings, regions,
measurements and illnesses exist comes from the knowledge as a `Vocabulary`, so that this room needs no other.

What is absent is unknown, and unknown moves nothing: a field that was not given is None, an empty tuple or an absent
key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from psoas.case import messages as problems_of
from psoas.case.vocabulary import Vocabulary, translated
from psoas.errors import CaseError

Side = Literal["left", "right"]
Sex = Literal["male", "female", "unspecified"]
Onset = Literal["sudden", "gradual", "after_injury"]
Course = Literal["improving", "stable", "worsening", "episodic"]
Effect = Literal["none", "partial", "temporary", "hours", "good", "worse"]

MAX_DEPTH = 12
"""How deep a case file may nest; the format needs five. Our choice."""

WORST_IN_WORDS = {"mild": 2.0, "moderate": 5.0, "severe": 8.0}

_TRUTH = {True: "yes", False: "no"}


def answer_word(value: Any) -> Any:
    """YAML 1.1 reads a bare yes or no as a truth value; a case means the word."""
    return _TRUTH[value] if isinstance(value, bool) else value


def _no_truth_value(value: Any) -> Any:
    """Python takes True for 1; a version number is no truth value."""
    return answer_word(value)


def _unknown_is_none(value: Any) -> Any:
    return None if value == "unknown" else value


def _yes_no_or_none(value: Any) -> Any:
    return _unknown_is_none(answer_word(value))


def _none_is_empty(value: Any) -> Any:
    return () if value is None or value == "unknown" else value


def _none_is_empty_mapping(value: Any) -> Any:
    return {} if value is None or value == "unknown" else value


def _between(low: float, high: float) -> Any:
    """A number in this range; text, truth values, NaN and infinity are no numbers."""
    return Field(strict=True, allow_inf_nan=False, ge=low, le=high)


_T = TypeVar("_T")
_Absent = BeforeValidator(_unknown_is_none)
Maybe = Annotated[_T | None, _Absent]
"""A value that may be absent; the word `unknown` means the same."""
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
YesNo = Annotated[Literal["yes", "no"] | None, BeforeValidator(_yes_no_or_none)]
Words = Annotated[
    tuple[Annotated[str, Field(strict=True, min_length=1, max_length=300)], ...],
    BeforeValidator(_none_is_empty),
    Field(max_length=200),
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Activity(_Part):
    """Sport, dance or service. `change_percent_last_8_weeks` is positive when the load went up."""

    id: str
    hours_per_week: Maybe[Annotated[float, _between(0, 168)]] = None
    change_percent_last_8_weeks: Maybe[Annotated[float, _between(-100, 2000)]] = None


class Person(_Part):
    """Who the visit is about."""

    age_years: Maybe[Annotated[float, _between(0, 120)]] = None
    sex: Maybe[Sex] = None
    height_m: Maybe[Annotated[float, _between(0.4, 2.6)]] = None
    mass_kg: Maybe[Annotated[float, _between(2, 400)]] = None
    pregnant: YesNo = None
    pregnancy_weeks: Maybe[Annotated[float, _between(0, 45)]] = None
    activities: Annotated[tuple[Activity, ...], BeforeValidator(_none_is_empty), Field(max_length=50)] = ()


class Pain(_Part):
    """The complaint: the drawing and the course.

    `regions`: region_side -> worst intensity of the last week, 0-10, None when marked and not rated.
    """

    regions: Annotated[
        dict[str, Annotated[float, _between(0, 10)] | None],
        BeforeValidator(_none_is_empty_mapping),
    ] = {}
    map_complete: YesNo = None
    worst_overall_0_10: Maybe[Literal["mild", "moderate", "severe"] | Annotated[float, _between(0, 10)]] = None
    duration_weeks: Maybe[Annotated[float, _between(0, 5200)]] = None
    onset: Maybe[Onset] = None
    course: Maybe[Course] = None

    @property
    def worst(self) -> float | None:
        """The larger of the overall rating (mild 2, moderate 5, severe 8) and the strongest rated region."""
        overall = self.worst_overall_0_10
        rated = [value for value in self.regions.values() if value is not None]
        if overall is not None:
            rated.append(WORST_IN_WORDS[overall] if isinstance(overall, str) else overall)
        return max(rated, default=None)

    def marks(self) -> tuple[tuple[str, str], ...]:
        """The marks of the drawing as (region, side)."""
        return tuple((region, side) for region, _, side in (key.rpartition("_") for key in self.regions))


class Tried(_Part):
    """One kind of care so far. `hours`: it helped each time for hours only; `temporary`: for days or weeks."""

    what: Annotated[str, Field(strict=True, min_length=1, max_length=200)]
    weeks: Maybe[Annotated[float, _between(0, 5200)]] = None
    effect: Maybe[Effect] = None


class Settled(_Part):
    """Something tried on this person alone, and what it settled. It is never asked by the danger screen.

    Attributes:
        what: id of the thing in a plan, or `hip_flexors` for a treatment of theirs that has no id.
        by: `retest` within a visit, or `trial` over weeks.
        verdict: whether it helps; of a re-test, whether treating it brought more than the comparison.
        hip_flexor: whether it was done to a hip flexor; only then a re-test moves the verdict on them.
        likelihood_ratio: of a re-test, held within the limits that the simulation gives it.
        effect_points: change of pain beyond the comparison, 0 to 10, negative is relief.
        ended: the day it ended.
        origin: id of the record that it comes from.
    """

    what: Annotated[str, Field(strict=True, min_length=1, max_length=120)]
    by: Literal["retest", "trial"]
    verdict: Literal["helps", "does_not", "cannot_tell_yet"]
    hip_flexor: YesNo = None
    side: Maybe[Literal["left", "right", "both"]] = None
    likelihood_ratio: Maybe[Annotated[float, _between(0.25, 4.0)]] = None
    effect_points: Maybe[Annotated[float, _between(-10, 10)]] = None
    ended: Maybe[date] = None
    origin: Annotated[str, Field(max_length=64)] | None = None


class Measurement(_Part):
    """One reading. Exactly one value, in the unit that the measurement's id asks for."""

    id: str
    side: Maybe[Side] = None
    value_deg: Maybe[Annotated[float, _between(-1e6, 1e6)]] = None
    value_cm: Maybe[Annotated[float, _between(-1e6, 1e6)]] = None
    value_m: Maybe[Annotated[float, _between(-1e6, 1e6)]] = None
    value_s: Maybe[Annotated[float, _between(-1e6, 1e6)]] = None
    value_grade: Maybe[Annotated[float, _between(-1e6, 1e6)]] = None
    pelvis: Maybe[Literal["controlled", "free"]] = None
    method: Annotated[str, Field(max_length=100)] | None = None

    def values(self) -> dict[str, float]:
        """The values given, by the name of their field."""
        return {name: value for name in VALUE_FIELDS if (value := getattr(self, name)) is not None}


VALUE_FIELDS = ("value_deg", "value_cm", "value_m", "value_s", "value_grade")


class Vitals(_Part):
    """Vital signs; the ranges are those of the screen's data."""

    temperature_c: Maybe[Number] = None
    pulse_per_min: Maybe[Number] = None
    systolic_mmhg: Maybe[Number] = None
    breaths_per_min: Maybe[Number] = None
    oxygen_saturation_percent: Maybe[Number] = None
    alert: YesNo = None


class Laboratory(_Part):
    """Known results, at most eight weeks old; the ranges are those of the screen's data."""

    crp_mg_l: Maybe[Number] = None
    esr_mm_h: Maybe[Number] = None
    inr: Maybe[Number] = None
    white_cells_10e9_l: Maybe[Number] = None
    haemoglobin_g_l: Maybe[Number] = None


FindingAnswer = str | dict[str, str]


class Case(_Part):
    """Everything known about one person at one visit (CASE_FORMAT, version 1)."""

    psoas_case: Annotated[Literal[1], BeforeValidator(_no_truth_value)]
    person: Annotated[Person, BeforeValidator(_none_is_empty_mapping)] = Person()
    pain: Annotated[Pain, BeforeValidator(_none_is_empty_mapping)] = Pain()
    tried: Annotated[tuple[Tried, ...], BeforeValidator(_none_is_empty), Field(max_length=200)] = ()
    settled: Annotated[tuple[Settled, ...], BeforeValidator(_none_is_empty), Field(max_length=100)] = ()
    findings: Annotated[dict[str, Any], BeforeValidator(_none_is_empty_mapping)] = {}
    measurements: Annotated[tuple[Measurement, ...], BeforeValidator(_none_is_empty), Field(max_length=500)] = ()
    vitals: Annotated[Vitals, BeforeValidator(_none_is_empty_mapping)] = Vitals()
    laboratory: Annotated[Laboratory, BeforeValidator(_none_is_empty_mapping)] = Laboratory()
    medicines: Words = ()
    supplements: Words = ()
    conditions: Words = ()
    goals: Words = ()
    notes: Annotated[str, Field(max_length=20_000)] | None = None
    _illnesses_read: tuple[tuple[str, tuple[str, ...]], ...] = PrivateAttr(())

    @model_validator(mode="before")
    @classmethod
    def _spell(cls, data: Any) -> Any:
        """Findings as words, illnesses in lower case with underscores, before anything is looked at."""
        if not isinstance(data, dict):
            return data
        data = dict(data)
        findings = data.get("findings")
        if isinstance(findings, dict):
            data["findings"] = {name: _spelt(value) for name, value in findings.items()}
        for field in ("supplements", "conditions"):
            if isinstance(data.get(field), (list, tuple)):
                data[field] = [_spelt_name(word) for word in data[field]]
        if isinstance(data.get("medicines"), (list, tuple)):
            data["medicines"] = [_as_written(word) for word in data["medicines"]]
        if data.get("conditions") in (None, "unknown"):
            data.pop("conditions", None)  # not told; an empty list says that there are none
        return data

    @classmethod
    def of(cls, data: Mapping[str, Any], vocabulary: Vocabulary) -> Self:
        """Check plain data against the shape and the vocabulary.

        Raises:
            CaseError: with one sentence for each problem, naming the field, the value and what is allowed.
        """
        if not isinstance(data, Mapping):
            raise CaseError("the case", f"is {problems_of.shown(data)}; expected a block of fields.")
        plain = dict(data)
        if problems := problems_of.of_depth(plain, MAX_DEPTH):
            raise CaseError(*problems[0])
        try:
            case = cls.model_validate(plain)
        except ValidationError as err:
            raise CaseError(*problems_of.of_shape(err, BLOCKS)) from None
        drawing = translated(case.pain.regions, vocabulary)
        case = case.model_copy(update={"pain": case.pain.model_copy(update={"regions": drawing})})
        case = case._with_illnesses_read(vocabulary)
        if problems := problems_of.of_words(case, vocabulary):
            raise CaseError(*problems[0], *problems[1:])
        return case

    def _with_illnesses_read(self, vocabulary: Vocabulary) -> Self:
        """Illnesses that were written freely as their ids; what is not understood stays, and is refused."""
        read = {
            name: found
            for name in self.conditions
            if not vocabulary.is_illness(name) and (found := vocabulary.read_illness(name))
        }
        if not read:
            return self
        ids = dict.fromkeys(one for name in self.conditions for one in read.get(name, (name,)))
        case = self.model_copy(update={"conditions": tuple(ids)})
        case._illnesses_read = tuple(read.items())
        return case

    @property
    def illnesses_read(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What was written freely under `conditions`, each with the ids that it was read as."""
        return self._illnesses_read

    def to_data(self) -> dict[str, Any]:
        """Plain data for a case file: what was given and nothing else.

        An empty list of illnesses is kept: it says that there are none, which is more than saying nothing.
        """
        data = {"psoas_case": 1} | self.model_dump(mode="json", exclude_defaults=True)
        if "conditions" in self.model_fields_set:
            data["conditions"] = list(self.conditions)
        return data


def _spelt(value: Any) -> Any:
    if value is None:
        return "unknown"
    if isinstance(value, dict):
        return {side: _spelt(value[side]) for side in sorted(value, key=str)}  # what was entered first does not matter
    return answer_word(value)


def _as_written(word: Any) -> Any:
    """A medicine stays as it was written, since the reader shows what it made of it."""
    return " ".join(word.split()) if isinstance(word, str) else word


def _spelt_name(word: Any) -> Any:
    return "_".join(word.lower().replace("-", " ").replace("_", " ").split()) if isinstance(word, str) else word


BLOCKS: dict[str, type[BaseModel]] = {
    "": Case, "person": Person, "pain": Pain, "vitals": Vitals, "laboratory": Laboratory, "tried": Tried,
    "settled": Settled, "measurements": Measurement, "person.activities": Activity,
}  # fmt: skip
"""The blocks of a case file, by their place in it; a wrong field's sentence names those that there are."""
