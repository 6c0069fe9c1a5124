"""How far a reading of a joint angle can be trusted, from `angle_readings.yaml`; for all rooms that read angles."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from psoas.knowledge import load

_MDC_PER_SEM = 1.96 * math.sqrt(2.0)
"""The smallest change that two readings can tell is this many standard errors of one."""

_OWN_SD = re.compile(r"\bsd\s*[:=]?\s*(\d+(?:\.\d+)?)\s*deg\b", re.IGNORECASE)


def kind_of_method(method: str | None) -> tuple[bool, bool]:
    """Whether a method is a home photo or phone, and whether it is an instrument."""
    pack, words = load().angle_readings, (method or "").lower()
    home = any(word in words for word in pack.home)
    return home, not home and any(word in words for word in pack.instruments)


def own_sd_deg(method: str | None) -> float | None:
    """The standard deviation that a method states of itself, as in `photo, sd 6.2 deg`; None where it states none."""
    found = _OWN_SD.search(method or "")
    return float(found[1]) if found else None


def method_with_sd(method: str, sd_deg: float) -> str:
    """A method that states its own standard deviation, to a tenth of a degree and never rounded down."""
    return f"{method}, sd {math.ceil(sd_deg * 10 - 1e-9) / 10:.1f} deg"


def error_sd_deg(name: str, held: bool, home: bool, instrument: bool) -> float:
    """Standard error of one reading in degrees, from the smallest detectable change of the method."""
    if home:
        return _sem("home")
    if name == "ely.knee_flexion":
        return _sem("ely_held" if held else "ely_free")
    sd = _sem("held_instrument" if held and instrument else "ordinary")
    return math.hypot(sd, _sem("side_lying_free")) if name == "ober.angle" and not held else sd


def reading_sd_deg(name: str, held: bool, method: str | None) -> float:
    """Standard error of one reading in degrees; what the method states of itself counts where it is larger."""
    home, instrument = kind_of_method(method)
    return max(error_sd_deg(name, held, home, instrument), own_sd_deg(method) or 0.0)


def averaged_sd(sd_deg: float, values: Sequence[float]) -> float:
    """Error of the mean of several trials: the session's part stays, the trials' part shrinks with their number.

    Trials that scatter more than the method should carry their own scatter instead.
    """
    share, count = load().angle_readings.session_share.value, len(values)
    trial_variance = (1.0 - share) * sd_deg**2
    if count > 2:
        mean = math.fsum(values) / count
        trial_variance = max(trial_variance, math.fsum((value - mean) ** 2 for value in values) / (count - 1))
    elif count == 2:  # two trials tell little of the scatter: only a gap beyond three sd counts
        gap = abs(values[0] - values[1])
        trial_variance = max(trial_variance, 0.5 * gap**2 if gap > 3.0 * sd_deg else 0.0)
    return math.sqrt(share * sd_deg**2 + trial_variance / count)


def plausible_deg(name: str) -> tuple[float, float]:
    """Lowest and highest reading of an angle that is taken without asking back, in degrees.

    Raises:
        KeyError: a measurement that the evidence does not know, or that is no angle.
    """
    pack = load().angle_readings.plausible.span_deg
    if name in pack:
        return pack[name]
    known = load().findings.measurement_ids[name]
    if known.unit != "deg":
        raise KeyError(name)
    return known.range


def ask_about_sign(name: str) -> str:
    """What to ask when a reading is implausible."""
    if name == "hip.extension":
        return "Is the sign or the joint swapped? Extension is positive behind straight; published means are 7 to 18."
    if name in ("modified_thomas.thigh_angle", "ober.angle"):
        return "Is the sign swapped? Below the horizontal is negative, above it positive."
    return "Please measure or type it again."


def _sem(name: str) -> float:
    one = load().angle_readings.errors[name]
    return one.sem_deg if one.sem_deg is not None else (one.mdc95_deg or 0.0) / _MDC_PER_SEM
