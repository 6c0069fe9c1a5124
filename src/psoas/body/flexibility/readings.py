"""Readings of the tests of hip-flexor length: what a case gives, how far each can be trusted, what looks wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from psoas.body.flexibility.flexor_ids import bears
from psoas.body.flexibility.hanging_leg import ADD, FLEX, KNEE
from psoas.case import Case, Measurement
from psoas.knowledge.angle_error import (
    ask_about_sign,
    averaged_sd,
    kind_of_method,
    plausible_deg,
    reading_sd_deg,
)

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")


class TightnessError(ValueError):
    """Readings that no estimate can be made of, or that must be asked back; the message says what to do."""


@dataclass(frozen=True)
class Reading:
    """One angle of one leg, signed as in the case file (thigh below the horizontal negative, extension positive).

    pelvis: `controlled`, `free` or None (not told, taken as free). method: free words; they tell instruments from
    photos, may state an error of their own (`photo, sd 6.2 deg`), and `knee straight` or `knee bent` where a test is
    done both ways.
    """

    id: str
    side: Side
    value_deg: float
    pelvis: str | None = None
    method: str | None = None

    @property
    def held(self) -> bool:
        """Whether the pelvis was held."""
        return self.pelvis == "controlled"


@dataclass(frozen=True)
class Measure:
    """What an id measures: value = tilt_sign * tilt + sum of angle[j] * q[j], in a position of the body."""

    manoeuvre: str
    other_knee: str
    position: str
    coordinate: int
    sign: float
    tilt: float = 0.0


MEASURES: Mapping[str, Measure] = {
    "modified_thomas.thigh_angle": Measure("thomas", "thomas_knee_straight", "supine", FLEX, 1.0, 1.0),
    "modified_thomas.knee_angle": Measure("thomas", "thomas", "supine", KNEE, 1.0),
    "modified_thomas.abduction": Measure("thomas", "thomas_knee_straight", "supine", ADD, -1.0),
    "ober.angle": Measure("ober", "ober", "side", ADD, -1.0),
    "hip.extension": Measure("prone_extension", "prone_extension_knee_bent", "prone", FLEX, -1.0, -1.0),
    "ely.knee_flexion": Measure("ely", "ely", "prone", KNEE, 1.0),
}
"""Ids of a case that read a hip flexor."""


@dataclass(frozen=True)
class Row:
    """Trials of one angle taken the same way, averaged: mean and error sd in degrees, and the number of trials."""

    id: str
    side: Side
    held: bool
    manoeuvre: str
    value_deg: float
    sd_deg: float
    trials: int
    home: bool

    @property
    def kind(self) -> tuple[str, str, bool, str]:
        """What is alike for people who were measured in the same way."""
        return (self.side, self.id, self.held, self.manoeuvre)


def readings_of(case: Case) -> tuple[Reading, ...]:
    """The readings of a case that bear on a hip flexor; those without a side or a value are left out."""
    return tuple(_reading(one) for one in case.measurements if bears(one))


def _reading(one: Measurement) -> Reading:
    side: Side = "left" if one.side == "left" else "right"
    return Reading(one.id, side, float(one.value_deg or 0.0), one.pelvis, one.method)


def rows_of(readings: Iterable[Reading]) -> tuple[Row, ...]:
    """Readings averaged by angle, side and way of measuring, in a fixed order.

    Raises TightnessError for an unknown id or side, a number that is none, or a value that no hip shows.
    """
    trials: dict[tuple[str, str, str, bool, bool, bool], list[Reading]] = {}
    for one in readings:
        _check(one)
        home, instrument = kind_of_method(one.method)
        key = (one.side, one.id, _manoeuvre(one), one.held, home, instrument)
        trials.setdefault(key, []).append(one)
    return tuple(_row(key, trials[key]) for key in sorted(trials))


def _row(key: tuple[str, str, str, bool, bool, bool], trials: Sequence[Reading]) -> Row:
    side, name, manoeuvre, held, home, _ = key
    values = np.array([one.value_deg for one in trials])
    single = [reading_sd_deg(name, held, one.method) for one in trials]
    sd = averaged_sd(float(np.sqrt(np.mean(np.square(single)))), values.tolist())
    known: Side = "left" if side == "left" else "right"
    return Row(name, known, held, manoeuvre, float(values.mean()), sd, len(values), home)


def _manoeuvre(one: Reading) -> str:
    measure, words = MEASURES[one.id], (one.method or "").lower().replace("_", " ")
    other = "knee straight" if one.id.startswith("modified_thomas") else "knee bent"
    return measure.other_knee if other in words else measure.manoeuvre


def _check(one: Reading) -> None:
    if one.id not in MEASURES:
        raise TightnessError(f"{one.id!r} does not read a hip flexor; expected one of {', '.join(MEASURES)}.")
    if one.side not in SIDES:
        raise TightnessError(f"the side of {one.id} is {one.side!r}; expected left or right.")
    low, high = plausible_deg(one.id)
    if not (np.isfinite(one.value_deg) and low <= one.value_deg <= high):
        raise TightnessError(
            f"{one.id} of the {one.side} side is {one.value_deg:g} degrees; expected {low:g} to {high:g}. "
            f"{ask_about_sign(one.id)}"
        )


def remarks_on(rows: Sequence[Row]) -> tuple[str, ...]:
    """What a person should know about the readings before trusting the estimate, in sentences."""
    found = []
    if loose := [row for row in rows if not row.held and MEASURES[row.id].position != "side"]:
        found.append(
            f"The pelvis was not held, or it was not said, in {_list(loose)}: it tips forward by an unknown amount and "
            "hides shortness, so these readings say little. Repeat with the low back flat and the pelvis held."
        )
    if single := [row for row in rows if row.trials == 1]:
        found.append(f"One trial only of {_list(single)}; the mean of two or three is surer.")
    if home := [row for row in rows if row.home]:
        found.append(f"From a photo or phone: {_list(home)}; changes under 10 degrees are noise.")
    return (*found, *_turned_signs(rows))


def _turned_signs(rows: Sequence[Row]) -> list[str]:
    """Readings that would agree if one of them had the other sign."""
    at = {(row.id, row.side): row.value_deg for row in rows}
    found = []
    for name in ("modified_thomas.thigh_angle", "hip.extension", "ober.angle"):
        left, right = at.get((name, "left")), at.get((name, "right"))
        if left is not None and right is not None and abs(left + right) < 3 and abs(left - right) > 16:
            found.append(
                f"{name} is {left:g} on the left and {right:g} on the right, the same with the sign turned: "
                "please make sure that neither sign is swapped."
            )
    for side in SIDES:
        thigh, extension = at.get(("modified_thomas.thigh_angle", side)), at.get(("hip.extension", side))
        if thigh is not None and extension is not None and abs(thigh + extension) > 20:
            found.append(
                f"On the {side} the thigh angle ({thigh:g}) and hip extension ({extension:g}) do not go together; "
                "a thigh below the horizontal is negative, extension is positive. Is one sign swapped?"
            )
    return found


def _list(rows: Sequence[Row]) -> str:
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row.id, []).append(row.side)
    return ", ".join(f"{name} ({' and '.join(dict.fromkeys(sides))})" for name, sides in names.items())
