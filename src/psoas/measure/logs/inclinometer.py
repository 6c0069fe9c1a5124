"""A phone as an inclinometer: the steady parts of its log, zero set, and the angle with its standard deviation."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from psoas.errors import MeasureError
from psoas.knowledge.angle_error import reading_sd_deg
from psoas.measure._data import choice
from psoas.measure.angle import Angle, Pelvis, check_plausible, known_angle, side_of
from psoas.measure.logs.file import Array, Log, read_log

_MAD_TO_SD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""


@dataclass(frozen=True)
class SteadyPart:
    """A stretch of a log in which the phone was held still: seconds from its start, median and sd in degrees."""

    start_s: float
    end_s: float
    value_deg: float
    sd_deg: float


@dataclass(frozen=True)
class InclinometerAngle(Angle):
    """An angle from a log, with where in the log it was found.

    Attributes:
        axis: `roll`, `pitch` or `inclination`: the column that was read.
        zero_deg: what the log showed in the zero position.
        steady: every steady part, in time; the last one was read.
    """

    axis: str = ""
    zero_deg: float = 0.0
    steady: tuple[SteadyPart, ...] = ()


def from_inclinometer(
    log: str | Path | Log,
    *,
    name: str = "modified_thomas.thigh_angle",
    side: str | None = None,
    pelvis: Pelvis | None = None,
    zero_deg: float | None = None,
    axis: str | None = None,
    unit: str | None = None,
    flip: bool = False,
) -> InclinometerAngle:
    """The angle that a phone's log shows.

    The phone lies still in the zero position (on the table), is laid on the limb, and lies still again: zero is the
    first steady part, the reading the last one. A phone that started on the limb needs `zero_deg`.

    Args:
        log: a file, or a log that was read.
        name: a measurement id of the case format, which says what is positive.
        side: `left` or `right`.
        pelvis: `controlled`, `free` or None when not told.
        zero_deg: what the log shows in the zero position; None takes the first steady part.
        axis: `roll`, `pitch` or `inclination`; None takes the one that turned most.
        unit: `deg` or `rad`, where the log does not say.
        flip: turn the sign, for a phone that lay the other way about.

    Returns:
        The angle and its standard deviation, degrees, with the axis that was read and notes on what to mind.

    Raises:
        MeasureError: a log that cannot be read, never settles or never moves, or an angle that no joint shows.
    """
    known_angle(name)
    known_side = side_of(side, f"the side of {name}")
    read = log if isinstance(log, Log) else read_log(log, unit=unit, axis=axis)
    chosen, notes = _axis(read, axis)
    angle_deg = _unwrapped(read.angles_deg[chosen])
    parts = steady_parts(read.seconds, angle_deg)
    if not parts:
        raise MeasureError(
            f"The log never settles: {chosen} does not stay within {choice('steady', 'span_deg'):g} degrees for "
            f"{choice('steady', 'seconds_least'):g} s anywhere. Hold the phone still at zero, then on the limb, "
            "each for two seconds."
        )
    zero, zero_sd = (zero_deg, 0.0) if zero_deg is not None else _first_is_zero(parts)
    if not np.isfinite(zero):
        raise MeasureError(f"zero_deg is {zero}; expected what the log shows in the zero position, in degrees.")
    last = parts[-1]
    turned = last.value_deg - zero
    if abs(turned) > choice("steady", "turned_most_deg"):
        raise MeasureError(
            f"The phone turned by {turned:.0f} degrees from zero to the last steady part; expected at most "
            f"{choice('steady', 'turned_most_deg'):g}. Was it turned over between the two?"
        )
    value = -turned if flip else turned
    hint = "Was the phone laid the other way about? Then --flip turns the sign. Or is the zero position another one?"
    check_plausible(name, known_side, value, hint)
    method = reading_sd_deg(name, pelvis == "controlled", "phone inclinometer")
    causes = {"a phone at home": method, "unrest at zero": zero_sd, "unrest on the limb": last.sd_deg}
    return InclinometerAngle(
        id=name, side=known_side, value_deg=value, sd_deg=float(np.sqrt(sum(sd**2 for sd in causes.values()))),
        method="phone inclinometer", pelvis=pelvis, against="zero position", causes_deg=causes,
        notes=(*read.notes, *notes, *_notes(name, parts, value, pelvis, set_by_log=zero_deg is None)),
        axis=chosen, zero_deg=zero, steady=tuple(parts),
    )  # fmt: skip


def steady_parts(seconds: Array, angle_deg: Array) -> list[SteadyPart]:
    """Stretches in which the angle stays within a span for long enough, in time, without overlap.

    Args:
        seconds: (n,) rising time.
        angle_deg: (n,) the angle, without jumps of a whole turn.
    """
    least = float(choice("steady", "seconds_least"))
    seconds, angle_deg = _thinned(seconds, angle_deg)
    ends = _reach(_smoothed(seconds, angle_deg), float(choice("steady", "span_deg")))
    found, start = [], 0
    while start < len(ends):
        end = ends[start]
        if seconds[end] - seconds[start] >= least:
            found.append(_steady(seconds[start : end + 1], angle_deg[start : end + 1]))
            start = end
        start += 1
    return _joined(found)


def _reach(angle_deg: Array, span_deg: float) -> list[int]:
    """For every sample the last one up to which the angle stays within a span; in one pass over the log.

    The two queues hold the samples that are, or may become, the highest and the lowest between start and end.
    """
    values = angle_deg.tolist()
    high: deque[int] = deque()
    low: deque[int] = deque()
    ends, end = [], -1
    for start in range(len(values)):
        while end + 1 < len(values):
            following = values[end + 1]
            highest = max(following, values[high[0]]) if high else following
            lowest = min(following, values[low[0]]) if low else following
            if highest - lowest > span_deg:
                break
            end += 1
            while high and values[high[-1]] <= following:
                high.pop()
            high.append(end)
            while low and values[low[-1]] >= following:
                low.pop()
            low.append(end)
        ends.append(end)
        if high[0] == start:
            high.popleft()
        if low[0] == start:
            low.popleft()
    return ends


def _steady(seconds: Array, angle_deg: Array) -> SteadyPart:
    """One part. Median and median deviation, because its ends may hold the beginning of a movement."""
    middle = np.median(angle_deg)
    spread = _MAD_TO_SD * np.median(np.abs(angle_deg - middle))
    return SteadyPart(float(seconds[0]), float(seconds[-1]), float(middle), float(spread))


def _thinned(seconds: Array, angle_deg: Array) -> tuple[Array, Array]:
    """A fast log as medians of its neighbours, about ten to a `smooth_s`, so that a long one stays quick to read."""
    step = float(np.median(np.diff(seconds)))
    block = int(0.1 * choice("steady", "smooth_s") / step) if step > 0 else 1
    if block < 2:
        return seconds, angle_deg
    whole = len(seconds) // block * block
    parts = (np.median(values[:whole].reshape(-1, block), axis=1) for values in (seconds, angle_deg))
    return next(parts), next(parts)


def _smoothed(seconds: Array, angle_deg: Array) -> Array:
    """Running median over `smooth_s`, so that a tremor or a lost sample does not end a steady part."""
    step = float(np.median(np.diff(seconds)))
    half = int(0.5 * choice("steady", "smooth_s") / step) if step > 0 else 0
    half = min(half, (len(angle_deg) - 1) // 2)
    if half == 0:
        return angle_deg
    padded = np.pad(angle_deg, half, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1), axis=1))


def _joined(parts: list[SteadyPart]) -> list[SteadyPart]:
    """Neighbours in which the phone was not moved, only crept, become one."""
    apart = float(choice("steady", "apart_deg"))
    joined: list[SteadyPart] = []
    for part in parts:
        if joined and abs(part.value_deg - joined[-1].value_deg) <= apart:
            joined[-1] = _both(joined[-1], part)
        else:
            joined.append(part)
    return joined


def _both(one: SteadyPart, other: SteadyPart) -> SteadyPart:
    first, second = one.end_s - one.start_s, other.end_s - other.start_s
    share = first / (first + second)
    mean = share * one.value_deg + (1 - share) * other.value_deg
    variance = share * (one.sd_deg**2 + (one.value_deg - mean) ** 2)
    variance += (1 - share) * (other.sd_deg**2 + (other.value_deg - mean) ** 2)
    return SteadyPart(one.start_s, other.end_s, mean, float(np.sqrt(variance)))


def _axis(log: Log, asked: str | None) -> tuple[str, tuple[str, ...]]:
    if asked is not None:
        if asked not in log.angles_deg:
            raise MeasureError(f"the axis is {asked!r}; this log has {', '.join(log.angles_deg)}.")
        return asked, ()
    spans = {axis: float(np.ptp(_unwrapped(values))) for axis, values in log.angles_deg.items()}
    chosen = max(spans, key=lambda axis: spans[axis])
    if len(spans) == 1:
        return chosen, ()
    others = ", ".join(f"{axis} by {span:.0f}" for axis, span in spans.items() if axis != chosen)
    return chosen, (
        f"Read from {chosen}, which turned most ({spans[chosen]:.0f} degrees; {others}); --axis takes another.",
    )


def _unwrapped(angle_deg: Array) -> Array:
    """Without the jump from 180 to -180 degrees."""
    return np.asarray(np.unwrap(angle_deg, period=360.0), dtype=float)


def _first_is_zero(parts: list[SteadyPart]) -> tuple[float, float]:
    if len(parts) == 1:
        raise MeasureError(
            f"The log has one steady part only ({parts[0].value_deg:.1f} degrees, {parts[0].start_s:.1f} to "
            f"{parts[0].end_s:.1f} s), so it shows no zero. Hold the phone still at zero first, or say with --zero "
            "what the log shows there."
        )
    return parts[0].value_deg, parts[0].sd_deg


def _notes(
    name: str, parts: list[SteadyPart], value: float, pelvis: Pelvis | None, *, set_by_log: bool
) -> tuple[str, ...]:
    first, last = parts[0], parts[-1]
    notes = [f"Read from {last.start_s:.1f} to {last.end_s:.1f} s of the log."]
    if set_by_log:
        notes.append(f"Zero was set from {first.start_s:.1f} to {first.end_s:.1f} s, when the phone first lay still.")
    if len(parts) > 2:
        between = ", ".join(f"{part.start_s:.1f} to {part.end_s:.1f} s" for part in parts[1:-1])
        notes.append(f"It also lay still from {between}; those parts are not used.")
    if name == "modified_thomas.thigh_angle":
        where = "below" if value < 0 else "above"
        notes.append(f"So the thigh lay {abs(value):.0f} degrees {where} the horizontal; if not, use --flip.")
    if pelvis != "controlled":
        notes.append("A phone on the thigh does not see the pelvis: hold it, and say --pelvis controlled.")
    return tuple(notes)
