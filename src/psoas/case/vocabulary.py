"""The ids that a case may use, and the words of reports that stand for regions of the drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FindingWord:
    """What may be said of one finding: whether per side, and which places stand for a yes."""

    sided: bool
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasurementWord:
    """What may be said of one measurement: the field its value stands in, its range, whether it has a side."""

    field: str
    unit: str
    low: float
    high: float
    sided: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ids that a case may use, and the ranges that go with them. Made by `psoas.knowledge`.

    `read_illness` gives the ids that an illness written freely names; none when it is not understood.
    """

    findings: Mapping[str, FindingWord]
    measurements: Mapping[str, MeasurementWord]
    regions: frozenset[str]
    region_words: Mapping[str, tuple[str, ...]]
    activities: frozenset[str]
    conditions: frozenset[str]
    condition_prefixes: tuple[str, ...]
    vitals: Mapping[str, tuple[float, float]]
    laboratory: Mapping[str, tuple[float, float]]
    medicines: frozenset[str]
    read_illness: Callable[[str], tuple[str, ...]] = lambda _: ()

    def is_illness(self, name: str) -> bool:
        """Whether this is the id of an illness."""
        bare = name.removesuffix("_left").removesuffix("_right")
        return bare in self.conditions or name.startswith(self.condition_prefixes)


def translated(drawing: Mapping[str, float | None], vocabulary: Vocabulary) -> dict[str, float | None]:
    """Anatomical words of reports become regions of the pain drawing; the stronger rating stays where two meet."""
    regions: dict[str, float | None] = {}
    for key, rating in drawing.items():
        for name in _region_names(key, vocabulary):
            held = regions.get(name)
            regions[name] = rating if held is None else held if rating is None else max(held, rating)
    return regions


def _without_side(name: str, vocabulary: Vocabulary) -> str:
    """A region reported without a side; one in the middle of the body has no other side than the centre."""
    tries = (name, f"{name}_unspecified", f"{name}_centre")
    return next((one for one in tries if one in vocabulary.regions), name)


def _region_names(key: str, vocabulary: Vocabulary) -> list[str]:
    if key in vocabulary.regions:
        return [key]
    if key in vocabulary.region_words:
        return [_without_side(to, vocabulary) for to in vocabulary.region_words[key]]
    word, _, side = key.rpartition("_")
    if word in vocabulary.region_words:
        names = [
            to if to in vocabulary.regions else f"{to}_{side}"
            for to in vocabulary.region_words[word]
            if to not in vocabulary.regions or to.endswith(f"_{side}")
        ]
        if names and all(name in vocabulary.regions for name in names):
            return names
    return [key]
