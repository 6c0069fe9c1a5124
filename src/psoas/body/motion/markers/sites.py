"""Which marker sits on which bone, and how the file's axes lie in the room."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.posture import SIDES
from psoas.body.kinematics.sections import Array
from psoas.body.motion.errors import MotionError
from psoas.body.motion.markers.files import Markers

_SIDED = re.compile(r"^(right|left|r|l)")


@dataclass(frozen=True)
class Site:
    """A marker on a bone; `landmark` such as `asis_right` and its place (3,) on the bone where it is over one.

    `weight` is that of its squared distance in a fit.
    """

    label: str
    bone: str
    landmark: str
    at: tuple[float, float, float] | None
    weight: float = 1.0


def sites_of(labels: tuple[str, ...]) -> tuple[dict[str, Site], list[str]]:
    """Sites by label, and the labels left out: on the arms, which are no bones of ours, or not known."""
    found, left_out = {}, []
    for label in labels:
        site = _site(label)
        if site is None:
            left_out.append(label)
        else:
            found[label] = site
    return found, left_out


def _site(label: str) -> Site | None:
    """The site of a label such as `R.Knee.Lat`, `LASI` or `subject:V.Sacral`."""
    word = re.sub(r"[^a-z0-9]", "", label.lower().rpartition(":")[2])
    mark = _SIDED.match(word)
    cuts = [] if mark is None else sorted({len(mark[0]), 1}, reverse=True)
    for rest, side in (("", ""), *((word[cut:], "right" if word[0] == "r" else "left") for cut in cuts)):
        found = _named(label, rest or word, side)
        if found is not None:
            return found
    return None


def _named(label: str, word: str, side: str) -> Site | None:
    """The site of a word, the side taken off; without a side only what lies in the middle or needs none."""
    table = load_data("markers.yaml")
    for key, row in table["landmarks"].items():
        middle = bool(row.get("middle"))
        if word in row["names"] and middle != bool(side):
            bone = str(row["bone"]).replace("SIDE", side)
            weight = float(table["weights"]["landmarks"].get(key, 1.0))
            return Site(label, bone, key if middle else f"{key}_{side}", _place(row["at"], side or "left"), weight)
    for bone, names in table["clusters"].items():
        if word in names and (side or "SIDE" not in bone):
            weight = float(table["weights"]["clusters"].get(word, 1.0))
            return Site(label, bone.replace("SIDE", side), "", None, weight)
    return None


def _place(at: list[float], side: str) -> tuple[float, float, float]:
    return float(at[0]), float(at[1]) * (1.0 if side == "left" else -1.0), float(at[2])


def landmarks_of(markers: Markers, sites: dict[str, Site]) -> dict[str, Array]:
    """Mean place (3,) of every landmark that the file shows, in the file's axes."""
    out = {}
    for number, label in enumerate(markers.labels):
        site = sites.get(label)
        if site is not None and site.landmark and np.isfinite(markers.places_m[:, number]).any():
            out[site.landmark] = np.nanmean(markers.places_m[:, number], axis=0)
    return out


def room_of(name: str, landmarks: dict[str, Array]) -> Array:
    """(3, 3) from the file's axes to ours (forward, left, up): each of the file's axes is one of ours or its opposite.

    Up is where the pelvis is over the heels; forward, where the front of the pelvis is before the sacrum.

    Raises:
        MotionError: landmarks are missing, axes are not along the room, or left and right are swapped.
    """
    _require(name, landmarks)
    front = np.mean([landmarks[f"asis_{side}"] for side in SIDES], axis=0)
    heels = np.mean([landmarks[f"heel_{side}"] for side in SIDES], axis=0)
    up = _nearest_axis(front - heels)
    ahead = front - landmarks["sacrum"]
    forward = _nearest_axis(ahead - up * (ahead @ up))
    room = np.stack([forward, np.cross(up, forward), up])
    across = room @ (landmarks["asis_left"] - landmarks["asis_right"])
    if across[1] < 0.0:
        raise MotionError(
            f"{name}: the right front of the pelvis lies to the left of the left one. Left and right are swapped, or "
            "the axes are left-handed."
        )
    return room


def _require(name: str, landmarks: dict[str, Array]) -> None:
    wanted: list[str] = load_data("markers.yaml")["limits"]["least_landmarks"]
    missing = [
        word if row.get("middle") else f"{word}_{side}"
        for word in wanted
        for row in (load_data("markers.yaml")["landmarks"][word],)
        for side in (SIDES if not row.get("middle") else ("",))
        if (word if row.get("middle") else f"{word}_{side}") not in landmarks
    ]
    if missing:
        raise MotionError(
            f"{name} shows no marker for {', '.join(missing)}; the static trial needs them. Known names stand in "
            "data/markers.yaml."
        )


def _nearest_axis(direction: Array) -> Array:
    at = int(np.argmax(np.abs(direction)))
    out: Array = np.zeros(3)
    out[at] = np.sign(direction[at])
    return out


def data() -> dict[str, Any]:
    """The table of markers."""
    return load_data("markers.yaml")
