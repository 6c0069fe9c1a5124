"""Readings of the tests of hip-flexor length: what a case gives, how far each can be trusted, what looks wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from psoas.body._data import load_data
from psoas.body.blueprint import Vector
from psoas.body.flexor_ids import bears
from psoas.body.hanging_leg import ADD, FLEX, KNEE
from psoas.case import Case, Measurement

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")


class TightnessError(ValueError):
    """Readings that no estimate can be made of, or that must be asked back; the message says what to do."""


@dataclass(frozen=True)
class Reading:
    """One angle of one leg, signed as in the case file (thigh below the horizontal negative, extension positive).

    pelvis: `controlled`, `free` or None (not told, taken as free). method: free words; they tell instruments from
    photos, and `knee straight` or `knee bent` where a test is done both ways.
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
        home, instrument = _kind_of_method(one.method)
        key = (one.side, one.id, _manoeuvre(one), one.held, home, instrument)
        trials.setdefault(key, []).append(one)
    return tuple(_row(key, trials[key]) for key in sorted(trials))


def _row(key: tuple[str, str, str, bool, bool, bool], trials: Sequence[Reading]) -> Row:
    side, name, manoeuvre, held, home, instrument = key
    values = np.array([one.value_deg for one in trials])
    sd = averaged_sd(error_sd_deg(name, held, home, instrument), values)
    known: Side = "left" if side == "left" else "right"
    return Row(name, known, held, manoeuvre, float(values.mean()), sd, len(values), home)


def error_sd_deg(name: str, held: bool, home: bool, instrument: bool) -> float:
    """Standard error of one reading in degrees, from the smallest detectable change of the method."""
    data = load_data("tightness.yaml")["noise"]
    if home:
        mdc = float(data["mdc_home_photo_deg"]["value"])
    elif name == "ely.knee_flexion":
        if not held:
            return float(data["sem_ely_free_deg"]["value"])
        mdc = float(data["mdc_ely_held_deg"]["value"])
    else:
        mdc = float(data["mdc_held_instrument_deg" if held and instrument else "mdc_ordinary_deg"]["value"])
    sd = mdc / (1.96 * np.sqrt(2.0))
    if name == "ober.angle" and not held:
        sd = float(np.hypot(sd, float(data["side_lying_free_sd_deg"]["value"])))
    return float(sd)


def averaged_sd(sd_deg: float, values: Vector) -> float:
    """Error of the mean of several trials: the session's part stays, the trials' part shrinks with their number.

    Trials that scatter more than the method should carry their own scatter instead.
    """
    share = float(load_data("tightness.yaml")["noise"]["session_share"]["value"])
    trial_variance = (1.0 - share) * sd_deg**2
    if len(values) > 2:
        trial_variance = max(trial_variance, float(np.var(values, ddof=1)))
    elif len(values) == 2:  # two trials tell little of the scatter: only a gap beyond three sd counts
        gap = float(abs(values[0] - values[1]))
        trial_variance = max(trial_variance, 0.5 * gap**2 if gap > 3.0 * sd_deg else 0.0)
    return float(np.sqrt(share * sd_deg**2 + trial_variance / len(values)))


def _kind_of_method(method: str | None) -> tuple[bool, bool]:
    """Whether a method is a home photo or phone, and whether it is an instrument."""
    data = load_data("tightness.yaml")["noise"]
    words = (method or "").lower()
    home = any(word in words for word in data["home"])
    return home, not home and any(word in words for word in data["instruments"])


def _manoeuvre(one: Reading) -> str:
    measure, words = MEASURES[one.id], (one.method or "").lower().replace("_", " ")
    other = "knee straight" if one.id.startswith("modified_thomas") else "knee bent"
    return measure.other_knee if other in words else measure.manoeuvre


def _check(one: Reading) -> None:
    if one.id not in MEASURES:
        raise TightnessError(f"{one.id!r} does not read a hip flexor; expected one of {', '.join(MEASURES)}.")
    if one.side not in SIDES:
        raise TightnessError(f"the side of {one.id} is {one.side!r}; expected left or right.")
    low, high = load_data("tightness.yaml")["plausible_deg"][one.id]
    if not (np.isfinite(one.value_deg) and low <= one.value_deg <= high):
        raise TightnessError(
            f"{one.id} of the {one.side} side is {one.value_deg:g} degrees; expected {low:g} to {high:g}. {_ask(one)}"
        )


def _ask(one: Reading) -> str:
    if one.id == "hip.extension":
        return "Is the sign or the joint swapped? Extension is positive behind straight; published means are 7 to 18."
    if one.id in ("modified_thomas.thigh_angle", "ober.angle"):
        return "Is the sign swapped? Below the horizontal is negative, above it positive."
    return "Please measure or type it again."


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
