"""Ids in the words of the evidence, for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from psoas.knowledge.index import index_of

if TYPE_CHECKING:
    from psoas.knowledge import Flag, Knowledge


class Answered(Protocol):
    """An answer that was scored, whoever scored it."""

    @property
    def finding(self) -> str:
        """The id."""

    @property
    def answer(self) -> str:
        """`yes` or `no`."""


class Words:
    """Names of things, from the packs."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._index = index_of(knowledge)
        self.hip_flexors = frozenset(knowledge.interventions.condition_map["hip_flexor_psoas"])

    def source(self, name: str) -> str:
        """A source of pain, in plain words."""
        return self.knowledge.sources_of_pain.conditions[name].plain_name

    def condition(self, name: str) -> str:
        """A serious cause."""
        text = self.knowledge.red_flags.conditions[name].name
        return (text[:1].lower() + text[1:]).removeprefix("a ")

    def technique(self, name: str) -> str:
        """A technique."""
        return self.knowledge.red_flags.techniques[name].plain

    def region(self, key: str) -> str:
        """A marked region: `buttock_left` is 'buttock, left'."""
        region, _, side = key.rpartition("_")
        label = _small(self._index.regions[region].label.split(",")[0].split(" / ")[0])
        return label if side == "unspecified" else f"{label}, {side}"

    def of(self, name: str) -> str:
        """A finding, flag, combination, illness, region or contraindication, as a short phrase."""
        index = self._index
        if finding := index.findings.get(name):
            return _small(finding.name)
        if flag := index.flags.get(name):
            return _small(flag.ask.rstrip("?")) if flag.ask else name.replace("_", " ")
        if combo := index.combinations.get(name):
            return combo.says
        if threshold := index.thresholds.get(name):
            return _measured(threshold.when)
        if illness := self.knowledge.red_flags.known_conditions.get(name.removeprefix("condition_")):
            return illness.plain
        if rule := self.knowledge.red_flags.manual_contraindications.get(name):
            return rule.condition
        region = name.rpartition("_")[0]
        if region in index.regions:
            return self.region(name)
        if name.startswith("medicines["):
            return f"what medicine {name[10:-1]} of the list is"
        return name.replace("person.", "").replace("_", " ")

    def short(self, name: str) -> str:
        """The same as a few words for a list of reasons; a question becomes the name of what it asks for."""
        return name.replace("_", " ") if name in self._index.flags else self.of(name)

    def number(self, field: str, value: float) -> str:
        """A vital sign or a laboratory result: `vitals.temperature_c`, 38.5 is 'temperature in °C 38.5'."""
        return f"{_FIELDS[field.rpartition('.')[2]]} {value:g}"

    def flag(self, name: str) -> Flag | None:
        """The entry of the screen with this id."""
        return self._index.acts.get(name)

    def home(self, name: str) -> str:
        """The serious cause under which a flag stands."""
        return self._index.condition_of[name].id

    def restates_a_field(self, name: str) -> bool:
        """Whether a flag only says again what age, sex or the drawing said; it counts in combinations."""
        flag = self._index.acts.get(name)
        return flag is not None and bool(flag.derived_from or flag.parts)

    def thing(self, name: str) -> str:
        """Something that a plan may hold, by its id, in small letters; other words stay as they were written."""
        exercise = self.knowledge.exercises.exercises.get(name)
        entry = self.knowledge.interventions.interventions.get(name)
        if exercise is not None:
            return _small(exercise.name)
        return _small(entry.plain_name) if entry is not None else name.replace("_", " ")

    def answered(self, weight: Answered) -> str:
        """An answer that was scored: the phrase, with 'no' when that was the answer."""
        if weight.finding.startswith(_MARK):
            return self._drawn(weight.finding.removeprefix(_MARK), weight.answer)
        if fact := self.knowledge.diagnosis_choices.facts.get(weight.finding):
            return fact.plain if weight.answer == "yes" else fact.plain_no or f"not: {fact.plain}"
        if weight.finding == "retest":
            eased = "eased" if weight.answer == "yes" else "did not ease"
            return f"treating it and testing again {eased} it beyond the comparison"
        phrase = self.short(weight.finding)
        known = weight.finding in self._index.findings or weight.finding in self._index.flags
        if not known and weight.finding.rpartition("_")[0] in self._index.regions:
            phrase = f"pain here: {phrase}"
        return phrase if weight.answer == "yes" else f"not: {phrase}"

    def _drawn(self, place: str, answer: str) -> str:
        """A place of the drawing that was left free, or whether all of it is on one side."""
        if place == "one_side_only":
            return "all pain on one side" if answer == "yes" else "pain on both sides"
        label = {"lumbar_centre": "low back, middle", "lumbar_side": "low back, beside the spine"}.get(place)
        label = label or _small(self._index.regions[place].label.split(",")[0].split(" / ")[0])
        return f"pain here: {label}" if answer == "yes" else f"no pain here: {label}"


_MARK = "mark_"
_FIELDS = {
    "temperature_c": "temperature in °C", "pulse_per_min": "pulse per minute", "systolic_mmhg": "systolic pressure",
    "breaths_per_min": "breaths per minute", "oxygen_saturation_percent": "oxygen saturation in %",
    "crp_mg_l": "CRP in mg/l", "esr_mm_h": "ESR in mm/h", "inr": "INR",
    "white_cells_10e9_l": "white cells in 10^9/l", "haemoglobin_g_l": "haemoglobin in g/l",
}  # fmt: skip


def _measured(when: str) -> str:
    """The condition of a threshold as a phrase: `vitals.pulse_per_min >= 91` is 'pulse per minute >= 91'."""
    text = when.replace("vitals.", "").replace("laboratory.", "")
    for name, words in _FIELDS.items():
        text = text.replace(f"and {name}", "and").replace(name, words)
    return text.replace(">=", "≥").replace("<=", "≤")


def _small(text: str) -> str:
    """A phrase inside a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
