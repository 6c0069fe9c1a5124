"""An angle as it comes out of measuring, whatever it was measured with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from psoas.errors import MeasureError
from psoas.knowledge import load, nearest_ids
from psoas.knowledge.angle_error import ask_about_sign, method_with_sd, plausible_deg

Side = Literal["left", "right"]
Pelvis = Literal["controlled", "free"]

_Z90 = 1.6449
"""Half the width of a 90 % interval in standard deviations."""


@dataclass(frozen=True)
class Angle:
    """One measured angle.

    Attributes:
        id: a measurement id of the case format, which also fixes the sign.
        side: `left` or `right`; None for what has no side.
        value_deg: the angle in degrees.
        sd_deg: its standard deviation in degrees, everything counted.
        method: how it was read, in words that a case file keeps.
        pelvis: `controlled` or `free` as in a case file; None when not told.
        values_deg: the trials that were averaged, in the order given; empty for a photo or a log.
        against: what the angle is measured against: `pelvis`, `table`, `zero`, or '' for a number typed in.
        causes_deg: standard deviation by cause, in degrees.
        notes: what a person should know before using it, in sentences.
    """

    id: str
    side: Side | None
    value_deg: float
    sd_deg: float
    method: str
    pelvis: Pelvis | None = None
    values_deg: tuple[float, ...] = ()
    against: str = ""
    causes_deg: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def interval_90_deg(self) -> tuple[float, float]:
        """The range that holds the true angle nine times in ten."""
        return self.value_deg - _Z90 * self.sd_deg, self.value_deg + _Z90 * self.sd_deg

    @property
    def trials(self) -> int:
        """Number of readings behind the angle."""
        return max(1, len(self.values_deg))

    def to_measurements(self) -> list[dict[str, Any]]:
        """Entries for the `measurements` of a case file: every trial, or the angle with its sd in the method."""
        if self.values_deg:
            return [self._entry(value, self.method) for value in self.values_deg]
        return [self._entry(round(self.value_deg, 1), method_with_sd(self.method, self.sd_deg))]

    def _entry(self, value_deg: float, method: str) -> dict[str, Any]:
        side = {"side": self.side} if self.side else {}
        pelvis = {"pelvis": self.pelvis} if self.pelvis else {}
        return {"id": self.id, **side, "value_deg": value_deg, **pelvis, **({"method": method} if method else {})}

    def to_answer(self) -> dict[str, Any]:
        """Plain data for JSON."""
        low, high = self.interval_90_deg
        return {
            "id": self.id,
            "side": self.side,
            "value_deg": round(self.value_deg, 2),
            "sd_deg": round(self.sd_deg, 2),
            "interval_90_deg": [round(low, 2), round(high, 2)],
            "against": self.against or None,
            "pelvis": self.pelvis,
            "trials": self.trials,
            "method": self.method,
            "sd_causes_deg": {name: round(value, 2) for name, value in self.causes_deg.items()},
            "notes": list(self.notes),
        }


def known_angle(name: str) -> str:
    """The id itself, if the evidence measures it in degrees.

    Raises:
        MeasureError: naming the nearest ids.
    """
    angles = sorted(key for key, one in load().findings.measurement_ids.items() if one.unit == "deg")
    if name in angles:
        return name
    near = nearest_ids(name, angles) or tuple(angles)
    raise MeasureError(f"{name!r} is no angle of a case; near it are {', '.join(near)}.")


def check_plausible(name: str, side: str | None, value_deg: float, hint: str = "") -> None:
    """Ask back what no joint shows.

    Raises:
        MeasureError: with the reading, what is expected and what may have gone wrong.
    """
    low, high = plausible_deg(name)
    if not low <= value_deg <= high:  # NaN is refused as well
        of = f" of the {side} side" if side else ""
        raise MeasureError(
            f"{name}{of} is {value_deg:.4g} degrees; expected {low:g} to {high:g}. {hint or ask_about_sign(name)}"
        )


def side_of(word: object, what: str = "the side") -> Side:
    """`left` or `right`.

    Raises:
        MeasureError: for any other word.
    """
    if word == "left":
        return "left"
    if word == "right":
        return "right"
    raise MeasureError(f"{what} is {word!r}; expected left or right.")
