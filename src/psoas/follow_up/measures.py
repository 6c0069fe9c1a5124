"""The measures of a check-in, and the change of each that counts, with where it was read.

Only measures whose wording is free to ship are asked; `free_to_ship` says so from the licences of outcomes.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass

from psoas.care.types import Citation
from psoas.errors import KnowledgeError
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.outcomes import Reading

MEASURES = ("nrs_pain", "psfs", "groc_11", "sleep_interference_nrs", "hip_extension_angle", "adverse_event_check")
"""What a check-in asks, by id of outcomes.yaml."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A change that counts: `value` in points of the measure (or degrees), `what` it is, and its source."""

    what: str
    value: float
    cited: tuple[Citation, ...]

    @property
    def unverified(self) -> bool:
        """Whether the figure was recalled and not seen in a stored page."""
        return all(read in ("recalled", "proposal") for one in self.cited for read in one.read_in)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every change that the judgement uses.

    Attributes:
        pain_detectable, pain_important: points of 0-10. `pain_important_share`: of the person's own start.
        function_detectable, function_detectable_single, function_important: points of 0-10, mean or one activity.
        change_important: steps of -5 to +5.
    """

    pain_detectable: Threshold
    pain_important: Threshold
    pain_important_share: Threshold
    function_detectable: Threshold
    function_detectable_single: Threshold
    function_important: Threshold
    change_important: Threshold


def free_to_ship(measure: str, knowledge: Knowledge) -> bool:
    """Whether a measure may be asked in our own words, by its licence and by the policy of the pack."""
    pack = knowledge.outcomes
    free = measure in pack.ship_policy.free_to_ship_with_own_wording
    return free and measure in pack.measures and pack.measures[measure].licence.ship is True


def cite(sources: tuple[str, ...], read_in: tuple[str, ...], knowledge: Knowledge, pack: str) -> tuple[Citation, ...]:
    """Citations of these ids of a pack."""
    known = getattr(knowledge, pack).sources
    return tuple(Citation(name, pack, known[name].citation, read_in) for name in sources)


def thresholds(knowledge: Knowledge) -> Thresholds:
    """The thresholds as outcomes.yaml holds them."""
    pain, psfs, change = (knowledge.outcomes.measures[name] for name in ("nrs_pain", "psfs", "groc_11"))
    detectable = next(one for one in pain.other_thresholds if one.is_mdc95)
    activity = next(one for one in psfs.other_thresholds if one.value_single is not None)

    def of(what: str, field: str, reading: Reading | None, scale: float = 1.0) -> Threshold:
        value = getattr(reading, field)
        if reading is None or not isinstance(value, float):
            raise KnowledgeError(f"outcomes.yaml: the {what} is {value!r}; expected a number in `{field}`.")
        return Threshold(what, value * scale, cite(reading.source, reading.read_in, knowledge, "outcomes"))

    return Thresholds(
        pain_detectable=of("smallest change of pain beyond measuring error", "value", detectable),
        pain_important=of("smallest fall of pain that people call important", "value", pain.mic),
        pain_important_share=of("important fall as a share of the start", "value", pain.mic_percent, 0.01),
        function_detectable=of("smallest change of the mean of activities beyond error", "value_mean", activity),
        function_detectable_single=of("smallest change of one activity beyond error", "value_single", activity),
        function_important=of("smallest gain in activities that people call important", "value", psfs.mic),
        change_important=of("smallest step of overall change that counts", "value", change.mic),
    )
