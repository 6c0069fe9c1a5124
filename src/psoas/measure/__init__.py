"""Joint angles with their uncertainty, from numbers typed in, a phone's inclinometer log, or a tapped photo.

    angle_from_taps(taps_of({"side": "right", "taps": {"trochanter": [812, 540], "knee": [1120, 610], ...}}))
    from_inclinometer("log.csv", side="right")
    average_trials([-12, -10, -13], side="right", method="inclinometer", pelvis="controlled")
    propose_taps(load_picture("photo.jpg"), side="right")    # picture_of(data, name) for an upload

Angles come back as an `Angle` with `value_deg` and `sd_deg`. What cannot be measured raises `MeasureError`, whose
message can be shown to a person. Only `propose_taps` needs the pose network (`pip install 'psoas[vision]'`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from psoas.measure.angle import Angle
    from psoas.measure.logs.inclinometer import InclinometerAngle, from_inclinometer
    from psoas.measure.photo import angle_from_taps, angles_from_taps
    from psoas.measure.picture import Picture, load_picture, picture_of
    from psoas.measure.proposal import Proposal, propose_taps
    from psoas.measure.taps import Taps, read_taps, taps_of
    from psoas.measure.trials import average_trials

_HOMES = {
    "angle": ("Angle",),
    "logs.inclinometer": ("InclinometerAngle", "from_inclinometer"),
    "photo": ("angle_from_taps", "angles_from_taps"),
    "picture": ("Picture", "load_picture", "picture_of"),
    "proposal": ("Proposal", "propose_taps"),
    "taps": ("Taps", "read_taps", "taps_of"),
    "trials": ("average_trials",),
}

__all__ = [
    "Angle", "InclinometerAngle", "Picture", "Proposal", "Taps", "angle_from_taps", "angles_from_taps",
    "average_trials", "from_inclinometer", "load_picture", "picture_of", "propose_taps", "read_taps", "taps_of",
]  # fmt: skip

# A part is imported when it is first named, so that pictures cost nothing to those who type numbers.
__getattr__, __dir__, _ = lazy_loader.attach(__name__, submod_attrs=_HOMES)
