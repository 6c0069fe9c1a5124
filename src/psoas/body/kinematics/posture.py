"""Postures by name and by angles.

A :class:`Posture` says how the joints stand, how the pelvis is turned in space and what carries the person. It knows
nothing of muscles or of a particular body. Joint angles use the model's coordinates
(:mod:`psoas.body.kinematics.coordinates`), in degrees from relaxed standing; a total of the lumbar spine is shared out
over the levels. The arms are no joints of the model: ``shoulder_flexion_<side>`` and ``elbow_flexion_<side>`` say where
their weight is and what they lean on.

Every figure comes from ``data/postures.yaml``, ``data/gait.yaml`` or ``data/exercise_poses.yaml`` with its source.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from psoas.body._data import load_data
from psoas.body.kinematics.coordinates import COORDINATES, LUMBAR_KINDS, lumbar_shares, range_of

SIDES = ("left", "right")
_ARMS = ("shoulder_flexion", "elbow_flexion")
TRADE_WORDS = {  # word in the data files -> coordinate and sign
    "hip_abduction": ("hip_adduction", -1.0),
    "hip_external_rotation": ("hip_rotation", -1.0),
    "ankle_dorsiflexion": ("ankle_flexion", 1.0),
}

_TURN_WITH_SIDE = ("pelvis_list", "pelvis_rotation", "lumbar_side_bend", "lumbar_rotation")
"""Angles whose sign turns when left and right are exchanged; those of a limb carry their side in the name."""

Balance = Literal["fixed", "lean", "accelerate"]


class PostureError(ValueError):
    """A posture, angle or load that the model does not accept; the message says what is allowed."""


@dataclass(frozen=True)
class Posture:
    """How a person stands, sits or lies.

    Attributes:
        name: the name it was asked by.
        angles_deg: every joint angle that is not zero, in degrees, by coordinate, and the arms' angles.
        support: contact groups that may carry the person (``data/contacts.yaml``).
        surface: for lying, which side of the body touches: ``back``, ``front``, ``side`` or ``none``.
        balance: ``fixed`` takes the angles as they are; ``lean`` turns the legs about the ankles, feet flat, until the
            centre of mass (with any load) is over the feet; ``accelerate`` keeps the angles and lets the centre of mass
            accelerate so that the ground force passes through the centre of pressure (walking, running, stairs).
        vertical_force_bw: vertical ground force in body weights; 1 at rest.
        centre_of_pressure: along each foot that carries, 0 heel to 1 ball, with the share each side takes as weight.
        friction: coefficient that lets supports push sideways; 0 means vertical forces only.
        hold_kg: mass held in the hands by default, kg.
        hold_distance_m: its horizontal distance in front of the L5/S1 disc, m; None lets it hang below the shoulders.
        sources: keys of the sources behind the angles.
    """

    name: str
    angles_deg: Mapping[str, float]
    support: tuple[str, ...]
    surface: str = "none"
    balance: Balance = "fixed"
    vertical_force_bw: float = 1.0
    centre_of_pressure: Mapping[str, float] = field(default_factory=dict)
    friction: float = 0.0
    hold_kg: float = 0.0
    hold_distance_m: float | None = None
    sources: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Read-only mappings do not pickle; a posture sent to another process takes them as plain ones and back."""
        values = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        return _restored, ({k: dict(v) if isinstance(v, Mapping) else v for k, v in values.items()},)

    def angle(self, coordinate: str) -> float:
        """Angle of a coordinate in degrees (0 when the posture leaves it at relaxed standing)."""
        return float(self.angles_deg.get(coordinate, 0.0))

    @property
    def lumbar_flexion_deg(self) -> float:
        """Change of the whole lumbar curve from relaxed standing, + rounded."""
        return sum(self.angle(f"lumbar_flexion_{level}") for level in lumbar_shares())

    @property
    def trunk_deg(self) -> float:
        """Inclination of the thorax from relaxed standing, + forward."""
        return self.angle("pelvis_tilt") + self.lumbar_flexion_deg

    @property
    def joints_deg(self) -> dict[str, float]:
        """The angles of the model's coordinates alone, for :func:`coordinate_vector`."""
        return {name: value for name, value in self.angles_deg.items() if name in COORDINATES}

    @property
    def lies(self) -> bool:
        """Whether the person lies on a bed or a mat."""
        return any(group.startswith("bed") for group in self.support)

    @property
    def rests(self) -> bool:
        """Whether the trunk rests of itself: on the back or the front. On the side it would roll, and must be held."""
        return self.lies and self.surface != "side"

    def mirrored(self) -> Posture:
        """The same posture with left and right exchanged: angles, what carries, and where the feet press."""
        return replace(
            self,
            name=f"{self.name}:mirrored",
            angles_deg=MappingProxyType(
                {_other_side(name): -value if name.startswith(_TURN_WITH_SIDE) else value
                 for name, value in self.angles_deg.items()}
            ),
            support=tuple(map(_other_side, self.support)),
            centre_of_pressure=MappingProxyType({_other_side(k): v for k, v in self.centre_of_pressure.items()}),
        )  # fmt: skip

    def with_angles(self, **angles_deg: float) -> Posture:
        """The same posture with some angles changed.

        ``lumbar_flexion`` and its like set the whole curve, shared out over the levels.

        Raises:
            PostureError: an unknown coordinate, or an angle outside its range.
        """
        changed = {**self.angles_deg, **spread_over_levels(angles_deg)}
        check_angles(changed)
        return replace(self, angles_deg=MappingProxyType(changed))


def _other_side(name: str) -> str:
    """A name with `left` and `right` exchanged, wherever the word stands in it."""
    exchanged = {"left": "right", "right": "left"}
    return "_".join(exchanged.get(word, word) for word in name.split("_"))


def _restored(values: dict[str, Any]) -> Posture:
    frozen: dict[str, Any] = {k: MappingProxyType(v) if isinstance(v, dict) else v for k, v in values.items()}
    return Posture(**frozen)


def coordinate_names() -> tuple[str, ...]:
    """Every angle a posture may set: the model's coordinates and the arms."""
    return (*COORDINATES, *(f"{joint}_{side}" for joint in _ARMS for side in SIDES))


def check_angles(angles_deg: Mapping[str, float]) -> None:
    """Refuse unknown coordinates and angles outside the joints' range; nothing is ever clipped.

    Raises:
        PostureError: names the angle, its value and the range.
    """
    for name, value in angles_deg.items():
        if name not in coordinate_names():
            raise PostureError(unknown("coordinate", name, (*coordinate_names(), "lumbar_flexion")))
        arm = name.removesuffix("_left").removesuffix("_right")
        low, high = load_data("postures.yaml")["ranges_deg"][arm] if arm in _ARMS else range_of(name)
        if not low - 1e-9 <= value <= high + 1e-9:
            raise PostureError(f"{name}_deg is {value:g}; expected {low:g} to {high:g}.")


def spread_over_levels(angles_deg: Mapping[str, float]) -> dict[str, float]:
    """Angles with each lumbar total written out over the levels."""
    spread: dict[str, float] = {}
    for name, value in angles_deg.items():
        if name in {f"lumbar_{kind}" for kind in LUMBAR_KINDS}:
            spread |= {f"{name}_{level}": float(value) * share for level, share in lumbar_shares().items()}
        else:
            spread[name] = float(value)
    return spread


def forward_bend(trunk_deg: float) -> tuple[float, float]:
    """Split a forward inclination of the trunk into lumbar flexion and pelvic pitch, both in degrees.

    Each band of inclination has its own lumbar-to-hip ratio, and lumbar flexion stops at its measured ceiling (Esola et
    al. 1996). A backward lean is given half to each (our choice).

    Args:
        trunk_deg: inclination of the trunk, degrees, forward positive.

    Returns:
        Lumbar flexion and pelvic pitch in degrees; they add up to the inclination.

    Raises:
        PostureError: an inclination out of range.
    """
    low, high = load_data("postures.yaml")["ranges_deg"]["trunk"]
    if not low <= trunk_deg <= high:
        raise PostureError(f"trunk_deg is {trunk_deg:g}; expected {low:g} to {high:g}.")
    if trunk_deg < 0:
        return trunk_deg / 2, trunk_deg / 2
    bend = load_data("postures.yaml")["forward_bend"]
    lumbar, start = 0.0, 0.0
    for band in bend["bands"]:
        width = min(trunk_deg, float(band["to_deg"])) - start
        if width <= 0:
            break
        ratio = float(band["lumbar_to_hip"])
        lumbar += width * ratio / (1 + ratio)
        start = float(band["to_deg"])
    lumbar = min(lumbar, float(bend["lumbar_ceiling_deg"]))
    return lumbar, trunk_deg - lumbar


def seated_bend(trunk_deg: float) -> tuple[float, float]:
    """Lumbar flexion and pelvic pitch, degrees, of a trunk inclined on a seat; 0 is ``sitting_upright``.

    From there the lumbar spine adds a third of what the hip adds (Tully et al. 2005).
    """
    low, high = load_data("postures.yaml")["ranges_deg"]["trunk"]
    if not low <= trunk_deg <= high:
        raise PostureError(f"trunk_deg is {trunk_deg:g}; expected {low:g} to {high:g}.")
    upright = load_data("postures.yaml")["postures"]["sitting_upright"]
    ratio = float(load_data("postures.yaml")["sitting_bend"]["lumbar_to_hip"])
    lumbar = float(upright["lumbar_flexion"]) + trunk_deg * ratio / (1.0 + ratio)
    return lumbar, trunk_deg - lumbar


def unknown(what: str, came: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(came, known, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else f"expected one of {', '.join(known[:12])} …"
    return f"{came!r} is not a known {what}; {hint}"
