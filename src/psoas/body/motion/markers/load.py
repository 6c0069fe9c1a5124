"""From markers to a body of the person's own sizes and its movement."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from psoas.body.kinematics.coordinates import COORDINATES
from psoas.body.kinematics.sections import Array
from psoas.body.motion.errors import MotionError
from psoas.body.motion.gaps import runs
from psoas.body.motion.markers.files import Markers, read_markers
from psoas.body.motion.markers.fit import MarkerFit
from psoas.body.motion.markers.sites import Site, data, landmarks_of, room_of, sites_of
from psoas.body.motion.markers.sizes import first_places, measured_sizes, resized
from psoas.body.motion.plates import read_plates
from psoas.body.motion.trial import Motion
from psoas.body.subject.model import Body


def load_markers(
    path: str | Path, body: Body, *, static: str | Path, plates: str | Path | None = None
) -> tuple[Body, Motion]:
    """A body with bones of the person's own size, and the movement, from markers.

    The static trial gives every bone its size from distances between landmarks, and every marker its place on its bone;
    it needs front of the pelvis, sacrum, outer knee and ankle, heel and shoulder (`data/markers.yaml` has the names).

    Args:
        path: the movement, `.trc` or `.c3d`.
        body: made from the person's height and mass.
        static: the person standing still, `.trc` or `.c3d`.
        plates: a `.mot`/`.sto` file of ground forces in the same room and OpenSim's axes, or None.

    Returns:
        The resized body, which the movement is to be solved with, and the movement with the residual of every marker.

    Raises:
        MotionError: what cannot be taken, naming file, frame or marker, and what is allowed.
    """
    standing = read_markers(Path(static))
    sites, left_out = sites_of(standing.labels)
    seen = landmarks_of(standing, sites)
    room = room_of(standing.name, seen)
    own, places, posture, notes = _registered(standing, sites, room, body)
    moving = read_markers(Path(path))
    used = [label for label in moving.labels if label in places]
    least = int(data()["limits"]["least_markers"])
    if len(used) < least:
        raise MotionError(f"{moving.name} shares {len(used)} markers with {standing.name}; expected {least} or more.")
    _check_sides(moving, sites, room)
    motion = _fitted(own, moving, used, sites, places, posture, room)
    if left_out:
        notes.append(f"Markers not on a bone of ours, left out: {', '.join(left_out)}.")
    motion = replace(motion, notes=(*notes, *motion.notes))
    if plates is not None:
        made, said = read_plates(Path(plates), motion.time_s)
        motion = replace(motion, plates=made, notes=(*motion.notes, *said))
    return own, motion


def _registered(
    standing: Markers, sites: dict[str, Site], room: Array, body: Body
) -> tuple[Body, dict[str, Array], Array, list[str]]:
    """The resized body, the place of every marker on its bone, the posture of the static trial, and what was found."""
    landmarks = {name: room @ place for name, place in landmarks_of(standing, sites).items()}
    sizes = measured_sizes(body, standing.name, landmarks)
    own = resized(body, sizes)
    rough = first_places(body, sites, sizes)
    labels = list(rough)
    mean = {label: room @ _mean(standing, label) for label in sites if _is_seen(standing, label)}
    labels = [label for label in labels if label in mean]
    fit = _fit(own, labels, sites, rough)
    found = fit.fit(np.array([[mean[label] for label in labels]]), _start(mean, sites))
    every = list(mean)
    on_bones = MarkerFit(own, [sites[label].bone for label in every], np.zeros((len(every), 3)))
    places = on_bones.on_bones(found.q[0], np.array([mean[label] for label in every]))
    said = ", ".join(f"{bone} {100 * (size - 1):+.0f} %" for bone, size in sizes.items())
    off = 100.0 * float(np.sqrt(np.mean(found.apart_m**2)))
    return (
        own,
        dict(zip(every, places, strict=True)),
        found.q[0],
        [
            f"Sizes against the height alone: {said}.",
            f"Static trial: {len(labels)} landmarks fitted to {off:.1f} cm (root mean square), then markers put on.",
        ],
    )


def _fit(body: Body, labels: list[str], sites: dict[str, Site], places: dict[str, Array]) -> MarkerFit:
    return MarkerFit(
        body,
        [sites[label].bone for label in labels],
        np.array([places[label] for label in labels]),
        np.array([sites[label].weight for label in labels]),
    )


def _mean(markers: Markers, label: str) -> Array:
    return np.asarray(np.nanmean(markers.places_m[:, markers.labels.index(label)], axis=0))


def _is_seen(markers: Markers, label: str) -> bool:
    return bool(np.isfinite(markers.places_m[:, markers.labels.index(label)]).any())


def _start(mean: dict[str, Array], sites: dict[str, Site]) -> Array:
    """Standing, the pelvis where its front markers are."""
    q = np.zeros(len(COORDINATES))
    front = np.mean([place for label, place in mean.items() if sites[label].landmark.startswith("asis")], axis=0)
    q[:3] = front - np.array([data()["landmarks"]["asis"]["at"][0], 0.0, data()["landmarks"]["asis"]["at"][2]])
    return q


def _check_sides(moving: Markers, sites: dict[str, Site], room: Array) -> None:
    """Refuse a movement in which left and right are not as in the static trial, whichever way the person faces."""
    seen = landmarks_of(moving, sites)
    if not {"asis_left", "asis_right", "sacrum"} <= set(seen):
        return
    across = room @ (seen["asis_left"] - seen["asis_right"])
    ahead = room @ (0.5 * (seen["asis_left"] + seen["asis_right"]) - seen["sacrum"])
    if ahead[0] * across[1] < 0.0:
        raise MotionError(
            f"{moving.name}: the right front of the pelvis lies left of the left one. Left and right are swapped."
        )


def _fitted(
    body: Body,
    moving: Markers,
    used: list[str],
    sites: dict[str, Site],
    places: dict[str, Array],
    posture: Array,
    room: Array,
) -> Motion:
    """The movement, with what is to be said about gaps and residuals."""
    columns = [moving.labels.index(label) for label in used]
    seen = moving.places_m[:, columns] @ room.T
    fit = _fit(body, used, sites, places)
    start = posture.copy()
    first = np.nanmean(seen[0], axis=0) - np.nanmean(fit.markers_m(start), axis=0)
    start[:3] += np.where(np.isfinite(first), first, 0.0)
    found = fit.fit(seen, start)
    with np.errstate(invalid="ignore"):
        off = np.sqrt(np.nanmean(found.apart_m**2, axis=1))
    limit = float(data()["limits"]["residual_m"])
    bad = ~(off < limit)
    if bad.all():
        raise MotionError(
            f"{moving.name}: the markers lie {100 * np.nanmin(off):.0f} cm off at best; expected under "
            f"{100 * limit:.0f} cm. Are static trial and movement of the same person, with the same markers?"
        )
    if bad.any():
        frame = int(np.flatnonzero(bad)[0])
        raise MotionError(
            f"{moving.name}, frame {frame + 1} ({moving.time_s[frame]:.3f} s): markers lie {100 * off[frame]:.0f} cm "
            f"off; expected under {100 * limit:.0f} cm. Are two markers exchanged?"
        )
    each = np.sqrt(np.nanmean(found.apart_m**2, axis=0))
    worst = used[int(np.argmax(each))]
    notes = [
        f"{len(used)} markers fitted to {100 * np.sqrt(np.nanmean(found.apart_m**2)):.1f} cm (root mean square); "
        f"worst {worst}, {100 * each.max():.1f} cm."
    ]
    for column, label in enumerate(used):
        for begin, after in runs(~np.isfinite(seen[:, column, 0])):
            notes.append(f"{label} is not seen from frame {begin + 1} to {after}; the others carry its bone.")
    return Motion(
        moving.name,
        moving.time_s,
        found.q,
        COORDINATES,
        placed=True,
        markers_m=found.apart_m,
        marker_names=tuple(used),
        notes=tuple(notes),
    )
