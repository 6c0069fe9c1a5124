"""What the estimate of flexor tightness says, as frozen records and as the answer's plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psoas.body.flexibility.readings import Row
from psoas.body.subject.scaling import Person

DIGITS = 2


@dataclass(frozen=True)
class FlexorEstimate:
    """One flexor of one side: percent of slack length by which it is shorter than an average adult's (negative longer).

    `interval_90` holds the truth in nine cases of ten, given the model.
    """

    shortening_percent: float
    sd: float
    interval_90: tuple[float, float]

    def to_answer(self) -> dict[str, Any]:
        """Plain numbers, rounded."""
        return {
            "shortening_percent": _rounded(self.shortening_percent),
            "sd": _rounded(self.sd),
            "interval_90": [_rounded(end) for end in self.interval_90],
        }


@dataclass(frozen=True)
class Difference:
    """Right less left: positive means that the right is the shorter one.

    probability_real: chance that the difference lies on the side shown, less the chance of the other side: 0 when the
    readings cannot tell the sides apart, 1 when it is beyond what the measurement could do.
    """

    percent: float
    sd: float
    probability_real: float

    def to_answer(self) -> dict[str, Any]:
        """Plain numbers, rounded."""
        return {"percent": _rounded(self.percent), "probability_real": round(self.probability_real, 3)}


@dataclass(frozen=True)
class NextMeasurement:
    """A reading that would tell more: with the pelvis held, by an instrument; sd of its flexor now and then."""

    id: str
    side: str
    settles: str
    sd_now: float
    sd_then: float

    def to_answer(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "measurement": self.id,
            "side": self.side,
            "pelvis": "controlled",
            "settles": self.settles,
            "sd_now": _rounded(self.sd_now),
            "sd_then": _rounded(self.sd_then),
        }


@dataclass(frozen=True)
class Tightness:
    """Which hip flexor is short, on which side, by how much and how sure.

    sides: `left` and `right` -> flexor -> estimate. undetermined: flexors, as `sartorius_left`, of which these readings
    tell next to nothing. rows: the readings as used. notes: what to know of them, in sentences.
    """

    person: Person
    sides: Mapping[str, Mapping[str, FlexorEstimate]]
    difference: Mapping[str, Difference]
    undetermined: tuple[str, ...]
    measure_next: tuple[NextMeasurement, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    @property
    def left(self) -> Mapping[str, FlexorEstimate]:
        """The left side's flexors."""
        return self.sides["left"]

    @property
    def right(self) -> Mapping[str, FlexorEstimate]:
        """The right side's flexors."""
        return self.sides["right"]

    def determined(self, flexor: str, side: str) -> bool:
        """Whether the readings tell of a flexor."""
        return f"{flexor}_{side}" not in self.undetermined

    def shorten(self) -> dict[str, float]:
        """The flexors the readings tell of, as `Body.shortened` and the loads take them: muscle and side -> percent."""
        found: dict[str, float] = {}
        for side, flexors in self.sides.items():
            for flexor, one in flexors.items():
                if self.determined(flexor, side):
                    for muscle in ("psoas_major", "iliacus") if flexor == "iliopsoas" else (flexor,):
                        found[f"{muscle}_{side}"] = one.shortening_percent
        return found

    def to_answer(self) -> dict[str, Any]:
        """What `psoas tightness CASE --json` prints."""
        return {
            **{side: {name: one.to_answer() for name, one in held.items()} for side, held in self.sides.items()},
            "difference": {name: one.to_answer() for name, one in self.difference.items()},
            "undetermined": list(self.undetermined),
            "measure_next": [one.to_answer() for one in self.measure_next],
        }


def _rounded(value: float) -> float:
    return round(value, DIGITS) + 0.0  # no minus zero
