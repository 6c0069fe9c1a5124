"""Numbers typed in: repeated trials of one angle become one reading with its error."""

from __future__ import annotations

import math
from collections.abc import Sequence

from psoas.errors import MeasureError
from psoas.knowledge import load
from psoas.knowledge.angle_error import averaged_sd, reading_sd_deg
from psoas.measure.angle import Angle, Pelvis, check_plausible, known_angle, side_of

_PELVIS_MATTERS = ("modified_thomas.", "hip.extension", "ely.")


def average_trials(
    values_deg: Sequence[float],
    *,
    name: str = "modified_thomas.thigh_angle",
    side: str | None = None,
    method: str = "",
    pelvis: Pelvis | None = None,
) -> Angle:
    """The mean of repeated trials, with its standard deviation.

    The error of one reading is that of the method and examiner (`angle_readings.yaml`): an instrument with the pelvis
    held, ordinary practice, or a photo or phone. Half of its variance belongs to the session and stays however often
    the trial is repeated; the other half shrinks with the number of trials. Trials that scatter more than the method
    should count with their own scatter.

    Args:
        values_deg: trials in degrees, signed as in the case format, in any order.
        name: a measurement id of the case format.
        side: `left` or `right`; needed where the measurement has sides.
        method: free words, such as `goniometer` or `inclinometer`.
        pelvis: `controlled`, `free` or None when not told.

    Returns:
        The mean and its standard deviation, degrees, with notes on what to mind.

    Raises:
        MeasureError: no value, a value that is no number or that no joint shows, an unknown id or side.
    """
    known_angle(name)
    sided = load().findings.measurement_ids[name].sided
    known_side = side_of(side, f"the side of {name}") if sided else None
    if pelvis not in (None, "controlled", "free"):
        raise MeasureError(f"pelvis is {pelvis!r}; expected controlled or free, or nothing when it is not known.")
    if not values_deg:
        raise MeasureError(f"No value of {name} was given; type at least one, in degrees.")
    values = [float(value) for value in values_deg]
    for value in values:
        check_plausible(name, known_side, value)
    single = reading_sd_deg(name, pelvis == "controlled", method)
    return Angle(
        id=name,
        side=known_side,
        value_deg=math.fsum(values) / len(values),
        sd_deg=averaged_sd(single, values),
        method=method,
        pelvis=pelvis,
        values_deg=tuple(values),
        causes_deg={"one reading": single},
        notes=_notes(name, values, single, pelvis),
    )


def _notes(name: str, values: Sequence[float], single_sd_deg: float, pelvis: Pelvis | None) -> tuple[str, ...]:
    notes = []
    if len(values) == 1:
        notes.append("One trial only; the mean of two or three is surer.")
    elif max(values) - min(values) > 3.0 * math.sqrt(2.0) * single_sd_deg:
        notes.append(
            f"The trials lie {max(values) - min(values):.3g} degrees apart, more than the method should err; "
            "was the pelvis held alike, and no sign turned? The error shown is that of the trials themselves."
        )
    if name.startswith(_PELVIS_MATTERS) and pelvis != "controlled":
        said = "The pelvis was free" if pelvis == "free" else "It was not said whether the pelvis was held"
        notes.append(f"{said}: it tips by an unknown amount, so this says little of the hip. Repeat with it held.")
    return tuple(notes)
