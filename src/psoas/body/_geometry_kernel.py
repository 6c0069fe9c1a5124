"""The two sums over every fascicle that run once a posture, compiled: moment arms, and the pull across each level."""

from __future__ import annotations

from typing import Any

import numpy as np

from psoas.body._compile import compiled


@compiled
def sum_level_pull(
    starts: Any,
    counts: Any,
    objects: Any,
    points: Any,
    site_bones: Any,
    wrap_bones: Any,
    above: Any,
    frames: Any,
    out: Any,
) -> None:
    """Adds to `out` (6, 3, M) the pull on the part above each level, per newton of tension, in that level's frame.

    MuJoCo's path arrays: first point and number of points per fascicle, the wrap each point lies on (-1: the next of
    `site_bones`, in order), and positions (n, 3). `above` (bones, 6) is 1 for bones above a level, 0 below, a share for
    the abdominal wall. A stretch of path that runs from one side of a level to the other pulls along itself.
    """
    site = 0
    for muscle in range(len(starts)):
        previous = -1
        for at in range(starts[muscle], starts[muscle] + counts[muscle]):
            if objects[at] == -1:
                bone = site_bones[site]
                site += 1
            else:
                bone = wrap_bones[objects[at]]
            if previous >= 0 and bone != previous:
                step = points[at] - points[at - 1]
                length = np.sqrt(step[0] ** 2 + step[1] ** 2 + step[2] ** 2)
                for level in range(above.shape[1]):
                    crossing = above[previous, level] - above[bone, level]
                    if crossing != 0.0 and length > 1e-12:
                        for row in range(3):
                            frame = frames[level, row]
                            along = frame[0] * step[0] + frame[1] * step[1] + frame[2] * step[2]
                            out[level, row, muscle] += crossing * along / length
            previous = bone


@compiled
def sum_moment_arms(
    slopes_of_length: Any,
    starts: Any,
    counts: Any,
    joints: Any,
    slope: Any,
    first_source: Any,
    sources: Any,
    out: Any,
) -> None:
    """Adds to `out` (J, M) the moment arms: minus the change of length per change of coordinate.

    `slopes_of_length` holds, row by row (`starts`, `counts`), each fascicle's change of length per model joint of
    `joints`; joint k moves by `slope[k]` with each coordinate of `sources[first_source[k]:first_source[k + 1]]`.
    """
    for muscle in range(len(starts)):
        for at in range(starts[muscle], starts[muscle] + counts[muscle]):
            joint = joints[at]
            change = slopes_of_length[at] * slope[joint]
            if change != 0.0:
                for source in range(first_source[joint], first_source[joint + 1]):
                    out[sources[source], muscle] -= change
