"""Sums that run once for every posture of a movement, compiled: generalised forces of pushes, and cut sections.

A push f at a point p of a bone gives a model joint with motion axis (turn, shift), both about the point c,

    f . (shift + turn x (p - c))

when the joint lies between the bone and the room; each coordinate gathers the joints that follow it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from psoas.body._compile import compiled


@compiled
def _along(axis: Any, at: Any, push: Any) -> Any:
    """Generalised force of `push` (3,) at a point `at` (3,) from the axes' own, for one joint `axis` (6,)."""
    x = axis[3] + axis[1] * at[2] - axis[2] * at[1]
    y = axis[4] + axis[2] * at[0] - axis[0] * at[2]
    z = axis[5] + axis[0] * at[1] - axis[1] * at[0]
    return x * push[0] + y * push[1] + z * push[2]


@compiled
def fill_balance(
    arms: Any, gain: Any, passive: Any, axes: Any, centre: Any, slope: Any, first_source: Any, sources: Any,
    reach: Any, points: Any, pushes: Any, bones: Any, against: Any, full_n: float, known_points: Any, known_forces: Any,
    known_bones: Any, frame_of: Any, matrix: Any, known: Any,
) -> None:  # fmt: skip
    """Write muscles and contacts into `matrix` (members, J, N) and everything given into `known` (members, J).

    Geometry has a leading axis of frames, `gain` and `passive` one of members; `frame_of` (members,) joins them. The
    columns of `matrix` are muscles, then contacts (bone `bones` pushed, `against` taking the opposite; 0 is the room).
    """
    muscles, joints = arms.shape[2], axes.shape[1]
    at, axis = np.empty(3), np.empty(6)
    for member in range(len(matrix)):
        f = frame_of[member]
        for j in range(arms.shape[1]):
            s = 0.0
            for i in range(muscles):
                matrix[member, j, i] = arms[f, j, i] * gain[member, i]
                s += arms[f, j, i] * passive[member, i]
            known[member, j] += s
        for joint in range(joints):
            if slope[f, joint] == 0.0:
                continue
            for k in range(6):
                axis[k] = axes[f, joint, k]
            for push in range(len(bones)):
                sign = reach[bones[push], joint] - reach[against[push], joint]
                if sign != 0.0:
                    for k in range(3):
                        at[k] = points[f, push, k] - centre[f, k]
                    s = sign * full_n * slope[f, joint] * _along(axis, at, pushes[f, push])
                    for source in range(first_source[joint], first_source[joint + 1]):
                        matrix[member, sources[source], muscles + push] += s
            s = 0.0
            for push in range(len(known_bones)):
                if reach[known_bones[push], joint] != 0.0:
                    for k in range(3):
                        at[k] = known_points[f, push, k] - centre[f, k]
                    s += slope[f, joint] * _along(axis, at, known_forces[f, push])
            for source in range(first_source[joint], first_source[joint + 1]):
                known[member, sources[source]] += s


@compiled
def cut_sections(pull: Any, force: Any, frame_of: Any, out: Any) -> None:
    """Add to `out` (members, sections, 3) the muscles' pull: `pull` (frames, sections, 3, M), `force` (members, M)."""
    for member in range(len(out)):
        f = frame_of[member]
        for section in range(out.shape[1]):
            for k in range(3):
                s = 0.0
                for i in range(force.shape[1]):
                    s += pull[f, section, k, i] * force[member, i]
                out[member, section, k] += s
