"""What a tight muscle does to a standing person: in the posture held, and in the posture the body would choose.

Held: the posture stays, muscles and levels change. Chosen: the pelvis may tilt, the lumbar curve follows so that the
trunk stays upright and the eyes look ahead, each knee may bend, hips and ankles follow so that the body stays over its
feet; the posture of least effort is taken (:func:`psoas.body.statics.loads.effort_of`). All of it is this model's own
result: no published simulation of it was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.posture import SIDES, Posture, PostureError
from psoas.body.kinematics.postures import posture as posture_by_name
from psoas.body.kinematics.sections import Array
from psoas.body.statics.loads import settle
from psoas.body.statics.options import Options
from psoas.body.statics.results import Loads
from psoas.body.statics.sensitivity import Band, band_over
from psoas.body.statics.tissue import NOMINAL, Variation
from psoas.body.subject.model import Body

LABEL = "This model's own result: no published simulation of a shortened psoas in standing was found to compare with."
_FLEXORS = ("psoas_major", "iliacus", "rectus_femoris", "sartorius", "tensor_fasciae_latae")


@dataclass(frozen=True)
class Chosen:
    """A standing posture and what it costs.

    Attributes:
        pelvic_tilt_deg: from relaxed standing, + forward.
        lumbar_flexion_deg: change of the whole curve, + rounded (less lordosis).
        hip_flexion_deg, knee_flexion_deg, ankle_flexion_deg: by side.
        effort: squared activations weighted by muscle volume, plus a price on what no muscle could give.
        loads: muscles and levels.
    """

    pelvic_tilt_deg: float
    lumbar_flexion_deg: float
    hip_flexion_deg: Mapping[str, float]
    knee_flexion_deg: Mapping[str, float]
    ankle_flexion_deg: Mapping[str, float]
    effort: float
    loads: Loads = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Angles, effort and loads as plain numbers."""
        return {
            "angles_deg": {
                "pelvic_tilt": self.pelvic_tilt_deg,
                "lumbar_flexion": self.lumbar_flexion_deg,
                **{f"hip_flexion_{side}": value for side, value in self.hip_flexion_deg.items()},
                **{f"knee_flexion_{side}": value for side, value in self.knee_flexion_deg.items()},
                **{f"ankle_flexion_{side}": value for side, value in self.ankle_flexion_deg.items()},
            },
            "effort": self.effort,
            "loads": self.loads.to_dict(),
        }


@dataclass(frozen=True)
class Compensation:
    """A tight body beside the same body untouched.

    Attributes:
        shorten, stiffen: what was asked, percent by muscle.
        held_before, held: the posture held, untouched and tight.
        chosen_before, chosen: the posture of least effort, untouched and tight.
        band: for each headline figure the 10th, 50th and 90th percentile over the uncertain parameters; empty without
            samples.
        samples: bodies drawn; those for which no balanced posture was found are left out and counted in `failed`.
    """

    shorten: Mapping[str, float]
    stiffen: Mapping[str, float]
    held_before: Chosen
    held: Chosen
    chosen_before: Chosen
    chosen: Chosen
    band: Band
    samples: int
    failed: int

    def changes(self) -> dict[str, float]:
        """Headline figures: what tightness changes, held and chosen, against the untouched body."""
        return _changes(self.held_before, self.held, self.chosen_before, self.chosen)

    def way(self, steps: int) -> tuple[Posture, ...]:
        """The postures from the one chosen untouched to the one chosen tight, evenly, both included: `steps` + 1."""
        start, first, last = self.chosen_before.loads.posture, _free(self.chosen_before), _free(self.chosen)

        def at(share: float) -> Posture:
            tilt, lumbar, left, right = (1.0 - share) * first + share * last
            return start.with_angles(
                pelvis_tilt=tilt, lumbar_flexion=lumbar, knee_flexion_left=left, knee_flexion_right=right
            )

        return tuple(at(step / steps) for step in range(steps + 1))

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain numbers, the model's label included."""
        return {
            "label": LABEL,
            "shorten_percent": dict(self.shorten),
            "stiffen_percent": dict(self.stiffen),
            "untouched": {"held": self.held_before.to_dict(), "chosen": self.chosen_before.to_dict()},
            "held": self.held.to_dict(),
            "chosen": self.chosen.to_dict(),
            "changes": self.changes(),
            "band": {name: {"p10": low, "p50": middle, "p90": high} for name, (low, middle, high) in self.band.items()},
            "samples": self.samples,
            "failed": self.failed,
        }


def compensate(
    body: Body,
    *,
    shorten: Mapping[str, float] | None = None,
    stiffen: Mapping[str, float] | None = None,
    posture: str | Posture = "standing",
    options: Options | None = None,
    samples: int = 0,
    seed: int = 1,
) -> Compensation:
    """Shorten or stiffen hip flexors and compare the posture held with the posture chosen.

    Args:
        body: the person's body.
        shorten: percent by which slack length is shorter, by muscle and side.
        stiffen: percent by which passive force is greater, by muscle and side.
        posture: a posture balanced on the feet to start from.
        options: see :class:`psoas.body.statics.options.Options`.
        samples: bodies drawn for the band over uncertain parameters; 0 leaves the band out.
        seed: of the draw.

    Returns:
        Loads and angles of the posture held and of the one chosen, their differences (chosen less held), and the band.

    Raises:
        PostureError: nothing shortened, a muscle that is no hip flexor, or a posture not balanced on the feet.
    """
    short, stiff = dict(shorten or {}), dict(stiffen or {})
    _check(short, stiff, samples)
    start = posture_by_name(posture) if isinstance(posture, str) else posture
    if start.balance != "lean":
        raise PostureError(f"compensation starts from a posture on both feet; {start.name} is not one.")
    chosen_options = options or Options()

    def once(variation: Variation) -> tuple[Chosen, Chosen, Chosen, Chosen]:
        plain = _Chooser(body, start, {}, {}, chosen_options, variation)
        tight = _Chooser(body, start, short, stiff, chosen_options, variation)
        return plain.at(plain.start), tight.at(tight.start), plain.least(), tight.least()

    four = once(NOMINAL)
    band, failed = band_over(lambda variation: _changes(*once(variation)), samples, seed)
    return Compensation(short, stiff, *four, band=band, samples=samples, failed=failed)


class _Chooser:
    """Finds the posture of least effort over pelvic tilt and the two knees."""

    def __init__(
        self,
        body: Body,
        start: Posture,
        shorten: Mapping[str, float],
        stiffen: Mapping[str, float],
        options: Options,
        variation: Variation,
    ) -> None:
        self._body, self._start = body, start
        self._shorten, self._stiffen, self._options, self._variation = shorten, stiffen, options, variation
        limits = load_data("recruitment.yaml")["compensation"]
        self._low = np.array(
            [limits[key][0] for key in ("pelvic_tilt_deg", "knee_flexion_deg", "knee_flexion_deg")], float
        )
        self._high = np.array(
            [limits[key][1] for key in ("pelvic_tilt_deg", "knee_flexion_deg", "knee_flexion_deg")], float
        )
        self._first_step = float(limits["first_step_deg"])
        self._last_step = float(limits["last_step_deg"])
        self._symmetric = _is_symmetric(shorten) and _is_symmetric(stiffen)
        self._warm: Array | None = None
        self._known: dict[tuple[float, ...], Chosen] = {}

    @property
    def start(self) -> Array:
        """(3,) pelvic tilt and knees of the posture held, degrees."""
        knees = [self._start.angle(f"knee_flexion_{side}") for side in SIDES]
        return np.array([self._start.angle("pelvis_tilt"), *knees])

    def at(self, x: Array) -> Chosen:
        """The posture at a pelvic tilt and two knee angles, solved."""
        key = tuple(np.round(x, 6))
        if key not in self._known:
            self._known[key] = self._solve(x)
        return self._known[key]

    def _solve(self, x: Array) -> Chosen:
        tilt, left, right = (float(v) for v in x)
        trunk = self._start.trunk_deg
        posture = self._start.with_angles(
            pelvis_tilt=tilt, lumbar_flexion=trunk - tilt, knee_flexion_left=left, knee_flexion_right=right
        )
        loads, answer = settle(
            self._body, posture, None, None, self._shorten, self._stiffen, self._options, self._warm, self._variation
        )
        self._warm = answer.multiplier
        at = loads.posture
        penalty = 0.0 if loads.feasible else loads.reserves_nm**2
        return Chosen(
            pelvic_tilt_deg=tilt,
            lumbar_flexion_deg=at.lumbar_flexion_deg,
            hip_flexion_deg={side: at.angle(f"hip_flexion_{side}") for side in SIDES},
            knee_flexion_deg={side: at.angle(f"knee_flexion_{side}") for side in SIDES},
            ankle_flexion_deg={side: at.angle(f"ankle_flexion_{side}") for side in SIDES},
            effort=loads.effort + penalty,
            loads=loads,
        )

    def least(self) -> Chosen:
        """Least effort by pattern search from the posture held: a step each way along every angle, halved when stuck.

        The same start, steps and order for every body, so two bodies differ by their tissue and not by the search.
        """
        here, step = self.start, self._first_step
        best = self.at(here)
        while step >= self._last_step:
            moved = False
            for direction in self._directions():
                for sign in (1.0, -1.0):
                    trial = np.clip(here + sign * step * direction, self._low, self._high)
                    if np.allclose(trial, here):
                        continue
                    found = self._try(trial)
                    if found is not None and found.effort < best.effort - 1e-12:
                        here, best, moved = trial, found, True
                        break
            if not moved:
                step /= 2
        return best

    def _directions(self) -> tuple[Array, ...]:
        both = np.array([0.0, 1.0, 1.0])
        if self._symmetric:
            return np.array([1.0, 0.0, 0.0]), both
        return np.array([1.0, 0.0, 0.0]), both, np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0])

    def _try(self, x: Array) -> Chosen | None:
        try:
            return self.at(x)
        except PostureError:  # cannot stand over the feet there
            return None


def _free(chosen: Chosen) -> Array:
    """(4,) the angles that are chosen, degrees; hips and ankles follow."""
    knees = chosen.knee_flexion_deg
    return np.array([chosen.pelvic_tilt_deg, chosen.lumbar_flexion_deg, knees["left"], knees["right"]])


def _is_symmetric(percent: Mapping[str, float]) -> bool:
    bases = {name.removesuffix("_left").removesuffix("_right") for name in percent}
    return all(percent.get(f"{base}_left") == percent.get(f"{base}_right") for base in bases)


def _check(shorten: Mapping[str, float], stiffen: Mapping[str, float], samples: int) -> None:
    if not shorten and not stiffen:
        raise PostureError("Nothing to compensate for; shorten or stiffen a hip flexor, such as psoas_major_right=10.")
    if samples < 0:
        raise PostureError(f"samples is {samples}; expected 0 or more.")
    known = [f"{flexor}_{side}" for flexor in _FLEXORS for side in SIDES]
    for name in (*shorten, *stiffen):
        if name not in known:
            raise PostureError(f"{name!r} is not a hip flexor of this model; expected one of {', '.join(known)}.")


def _changes(before: Chosen, held: Chosen, chosen_before: Chosen, chosen: Chosen) -> dict[str, float]:
    found = {
        "held_effort": held.effort - before.effort,
        "chosen_effort": chosen.effort - chosen_before.effort,
        "chosen_pelvic_tilt_deg": chosen.pelvic_tilt_deg - chosen_before.pelvic_tilt_deg,
        "chosen_lumbar_flexion_deg": chosen.lumbar_flexion_deg - chosen_before.lumbar_flexion_deg,
    }
    for side in SIDES:
        for joint in ("hip", "knee"):
            name = f"{joint}_flexion_deg"
            found[f"chosen_{joint}_flexion_{side}_deg"] = (
                getattr(chosen, name)[side] - getattr(chosen_before, name)[side]
            )
    for which, one, two in (("held", before, held), ("chosen", chosen_before, chosen)):
        for level, load in two.loads.levels.items():
            found[f"{which}_compression_{level}_n"] = load.compression_n - one.loads.levels[level].compression_n
            found[f"{which}_shear_{level}_n"] = load.shear_n - one.loads.levels[level].shear_n
        for side in SIDES:
            found[f"{which}_hip_{side}_n"] = two.loads.hips_n[side] - one.loads.hips_n[side]
    return found
