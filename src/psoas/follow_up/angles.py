"""Angles measured again, held against the smallest change that the method can see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psoas.care.types import Citation
from psoas.case.types import Measurement
from psoas.follow_up import choices
from psoas.follow_up.measures import Threshold, cite
from psoas.knowledge import Knowledge
from psoas.knowledge.index import index_of


@dataclass(frozen=True, slots=True)
class AngleChange:
    """One angle then and now, degrees, each the mean of its trials.

    Attributes:
        beyond_error: whether the change is more than the method can err; None when that cannot be said.
        longer: whether a change beyond error is more length; None without one.
        words: one sentence.
    """

    id: str
    name: str
    side: str | None
    before_deg: float
    after_deg: float
    detectable: Threshold | None
    beyond_error: bool | None
    longer: bool | None
    words: str

    @property
    def change_deg(self) -> float:
        """After less before."""
        return self.after_deg - self.before_deg


def compare_angles(
    before: Sequence[Measurement], after: Sequence[Measurement], knowledge: Knowledge, *, trained: bool = False
) -> tuple[AngleChange, ...]:
    """Every angle that was measured both times.

    Args:
        trained: whether the tester was trained in this measurement; the error is smaller then.
    """
    old, new = _by_place(before), _by_place(after)
    return tuple(_compare(old[key], new[key], knowledge, trained) for key in sorted(set(old) & set(new), key=str))


def _by_place(measured: Sequence[Measurement]) -> dict[tuple[str, str | None], list[Measurement]]:
    found: dict[tuple[str, str | None], list[Measurement]] = defaultdict(list)
    for one in measured:
        if one.value_deg is not None:
            found[one.id, one.side].append(one)
    return found


def _compare(old: list[Measurement], new: list[Measurement], knowledge: Knowledge, trained: bool) -> AngleChange:
    name, side = new[0].id, new[0].side
    before, after = (sum(one.value_deg or 0.0 for one in trials) / len(trials) for trials in (old, new))
    detectable = _detectable(name, [*old, *new], knowledge, trained)
    doubt = next(_doubts(name, old, new, detectable), None)
    beyond = None if doubt or detectable is None else abs(after - before) >= detectable.value
    longer = (after - before) * choices.GAIN[name] > 0 if beyond else None
    return AngleChange(
        id=name,
        name=index_of(knowledge).measurements[name].plain,
        side=side,
        before_deg=before,
        after_deg=after,
        detectable=detectable,
        beyond_error=beyond,
        longer=longer,
        words=doubt or _words(after - before, detectable, beyond, longer),
    )


def _doubts(name: str, old: list[Measurement], new: list[Measurement], detectable: Threshold | None) -> Iterator[str]:
    """Why two readings cannot be compared."""
    if detectable is None:
        yield "No study gives the error of this measurement, so no change can be judged."
    if name.startswith(choices.NEEDS_PELVIS_HELD) and any(one.pelvis != "controlled" for one in (*old, *new)):
        yield "The pelvis was not held, or nobody said so, at one of the two: these readings cannot be compared."
    ways = [{_way(one.method) for one in trials} for trials in (old, new)]
    if ways[0] != ways[1]:
        yield "Measured in another way than before: the difference may come from the way of measuring."


def _way(method: str | None) -> str | None:
    """How it was measured, without the error that a photo states of itself."""
    return method and method.partition(", sd ")[0]


def _detectable(name: str, measured: list[Measurement], knowledge: Knowledge, trained: bool) -> Threshold | None:
    if name not in choices.DETECTABLE_ANGLE:
        return None
    if any("photo" in (one.method or "") for one in measured):
        ours = (
            Citation("reading_of_reliability", "hip_flexor_tests", "our choice for a photo at home", ("proposal",)),
        )
        return Threshold("smallest change beyond the error of a photo", choices.HOME_PHOTO_DEG, ours)
    if entry := choices.DETECTABLE_ANGLE[name]:
        published = knowledge.hip_flexor_tests.reliability[entry]
        cited = cite(published.source, published.read_in, knowledge, "hip_flexor_tests")
        return Threshold(published.measure or published.id, float(published.mdc95_deg or 0), cited)
    value = choices.TRAINED_TESTER_DEG if trained else choices.ORDINARY_PRACTICE_DEG
    said = "trained tester, pelvis held" if trained else "ordinary practice"
    reading = knowledge.hip_flexor_tests.reading_of_reliability
    return Threshold(said, value, (Citation("reading_of_reliability", "hip_flexor_tests", reading, ("proposal",)),))


def _words(change: float, detectable: Threshold | None, beyond: bool | None, longer: bool | None) -> str:
    limit = detectable.value if detectable else 0.0
    if not beyond:
        return (
            f"Changed by {change:+.1f}°, less than the {limit:g}° that this way of measuring can err: no change seen."
        )
    return (
        f"Changed by {change:+.1f}°, more than the {limit:g}° that this way of measuring can err: "
        f"{'longer' if longer else 'shorter'} than before."
    )
