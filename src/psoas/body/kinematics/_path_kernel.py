"""Lengths, moment arms and level pull of every fascicle from the places of the bones, compiled.

MuJoCo computes the same lengths and slopes, and the tests hold the two equal; walking each path once, with only the
joints between its two neighbouring bones, is faster and runs without the interpreter's lock.

A stretch of path from a to b, with unit vector u, changes its length with joint k by u . (v_b - v_a); every joint that
carries both bones drops out, as it moves the stretch as a whole. Over a wrap the path touches at two points of one
bone, which to first order slide along it at no change of length, so only the free stretches count.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from psoas.body._compile import compiled

POINT, CYLINDER, SPHERE = 0, 1, 2


@compiled
def walk_paths(
    bone_place: Any,
    bone_turn: Any,
    anchors: Any,
    axes: Any,
    slope: Any,
    frames: Any,
    paths: Any,
    chain: Any,
    above: Any,
    lengths: Any,
    arms: Any,
    pull: Any,
) -> None:
    """Fills `lengths` (M,) and adds to `arms` (J, M) and `pull` (6, 3, M).

    bone_place (B, 3), bone_turn (B, 3, 3), anchors and axes (K, 3) in the room; slope (K,): how far joint k moves with
    each coordinate it follows; frames (6, 3, 3) of the levels; `paths` and `chain` as `_layout` lays them out;
    above (B, 6): 1 for bones above a level, 0 below, a share for the abdominal wall.
    """
    first_step, kinds, bones, local, _, radius, _, _ = paths
    first_joint, joints, signs, slides, first_source, sources = chain
    bone_count, level_count = above.shape
    placed = np.empty((len(kinds), 3))
    for step in range(len(kinds)):
        bone = bones[step]
        for row in range(3):
            placed[step, row] = (
                bone_place[bone, row]
                + bone_turn[bone, row, 0] * local[step, 0]
                + bone_turn[bone, row, 1] * local[step, 1]
                + bone_turn[bone, row, 2] * local[step, 2]
            )
    ends = np.empty((4, 3))
    facing = np.empty((3, 3))
    side = np.empty(3)
    for muscle in range(len(first_step) - 1):
        total = 0.0
        before, pending = -1, -1
        for step in range(first_step[muscle], first_step[muscle + 1]):
            if kinds[step] != POINT:
                pending = step
                continue
            if before < 0:
                before = step
                continue
            for row in range(3):
                ends[0, row] = placed[before, row]
                ends[3, row] = placed[step, row]
            arc = -1.0
            if pending >= 0:
                face_wrap(bone_place, bone_turn, paths, pending, facing, side)
                arc = wrap(placed[pending], facing, radius[pending], kinds[pending], side, ends)
            free = 1 if arc < 0.0 else 2
            total += max(arc, 0.0)
            # The free stretches: one from point to point, or one to and one from the wrap.
            for part in range(free):
                head = 0 if part == 0 else 2
                tail = 3 if part == free - 1 else 1
                start_bone = bones[before] if part == 0 else bones[pending]
                end_bone = bones[step] if part == free - 1 else bones[pending]
                x, y, z = ends[tail, 0] - ends[head, 0], ends[tail, 1] - ends[head, 1], ends[tail, 2] - ends[head, 2]
                length = np.sqrt(x * x + y * y + z * z)
                total += length
                if start_bone == end_bone or length < 1e-12:
                    continue
                x, y, z = x / length, y / length, z / length
                pair = start_bone * bone_count + end_bone
                for at in range(first_joint[pair], first_joint[pair + 1]):
                    k = joints[at]
                    if slides[k]:
                        change = x * axes[k, 0] + y * axes[k, 1] + z * axes[k, 2]
                    else:
                        a = ends[tail, 0] - anchors[k, 0]
                        b = ends[tail, 1] - anchors[k, 1]
                        c = ends[tail, 2] - anchors[k, 2]
                        change = (
                            x * (axes[k, 1] * c - axes[k, 2] * b)
                            + y * (axes[k, 2] * a - axes[k, 0] * c)
                            + z * (axes[k, 0] * b - axes[k, 1] * a)
                        )
                    change *= signs[at] * slope[k]
                    for source in range(first_source[k], first_source[k + 1]):
                        arms[sources[source], muscle] -= change
                for level in range(level_count):
                    crossed = above[start_bone, level] - above[end_bone, level]
                    if crossed != 0.0:
                        for row in range(3):
                            along = frames[level, row, 0] * x + frames[level, row, 1] * y + frames[level, row, 2] * z
                            pull[level, row, muscle] += crossed * along
            before, pending = step, -1
        lengths[muscle] = total


@compiled
def face_wrap(bone_place: Any, bone_turn: Any, paths: Any, step: int, facing: Any, side: Any) -> None:
    """Writes how the wrap of `step` is turned in the room (3, 3) and where its side point lies (3,)."""
    bones, turn, side_bones, side_local = paths[2], paths[4], paths[6], paths[7]
    on, seen = bones[step], side_bones[step]
    for row in range(3):
        side[row] = bone_place[seen, row]
        for column in range(3):
            side[row] += bone_turn[seen, row, column] * side_local[step, column]
            facing[row, column] = (
                bone_turn[on, row, 0] * turn[step, 0, column]
                + bone_turn[on, row, 1] * turn[step, 1, column]
                + bone_turn[on, row, 2] * turn[step, 2, column]
            )


@compiled
def wrap(centre: Any, facing: Any, radius: float, kind: int, side: Any, ends: Any) -> float:
    """Length of the arc over a wrap, -1 when the path passes clear of it.

    `facing` (3, 3): columns are the wrap's axes, a cylinder's own axis the third; `side` (3,): a point on the side
    where the path belongs; `ends` (4, 3): first and last row are the path's points before and after, the middle two
    get the points where it touches.
    """
    local = np.empty((3, 3))
    for column in range(3):
        u, v, w = facing[0, column], facing[1, column], facing[2, column]
        local[0, column] = u * (ends[0, 0] - centre[0]) + v * (ends[0, 1] - centre[1]) + w * (ends[0, 2] - centre[2])
        local[1, column] = u * (ends[3, 0] - centre[0]) + v * (ends[3, 1] - centre[1]) + w * (ends[3, 2] - centre[2])
        local[2, column] = u * (side[0] - centre[0]) + v * (side[1] - centre[1]) + w * (side[2] - centre[2])
    plane = np.zeros((2, 3))
    if kind == SPHERE:
        if not sphere_plane(local, plane):
            return -1.0
    else:
        plane[0, 0], plane[1, 1] = 1.0, 1.0
    flat = np.empty((3, 2))
    for row in range(3):
        for column in range(2):
            flat[row, column] = (
                local[row, 0] * plane[column, 0] + local[row, 1] * plane[column, 1] + local[row, 2] * plane[column, 2]
            )
    touch = np.empty((2, 2))
    arc = wrap_circle(flat, radius, touch)
    if arc < 0.0:
        return -1.0
    lead = np.hypot(flat[0, 0] - touch[0, 0], flat[0, 1] - touch[0, 1])
    trail = np.hypot(flat[1, 0] - touch[1, 0], flat[1, 1] - touch[1, 1])
    rise = local[1, 2] - local[0, 2]
    way = lead + arc + trail
    for row in range(2):
        x = plane[0, 0] * touch[row, 0] + plane[1, 0] * touch[row, 1]
        y = plane[0, 1] * touch[row, 0] + plane[1, 1] * touch[row, 1]
        z = plane[0, 2] * touch[row, 0] + plane[1, 2] * touch[row, 1]
        if kind == CYLINDER:
            # A helix: height runs evenly along the way from point to point.
            z = local[0, 2] + rise * (lead if row == 0 else lead + arc) / way
        for axis in range(3):
            ends[1 + row, axis] = centre[axis] + facing[axis, 0] * x + facing[axis, 1] * y + facing[axis, 2] * z
    if kind == CYLINDER:
        return float(arc * np.sqrt(1.0 + (rise / way) ** 2))
    return float(arc)


@compiled
def sphere_plane(local: Any, plane: Any) -> bool:
    """Fills `plane` (2, 3) with axes of the plane through a sphere's centre and both points; False if they line up."""
    a, b = local[0], local[1]
    nx, ny, nz = a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    size, far = np.sqrt(nx * nx + ny * ny + nz * nz), np.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])
    if size < 1e-15 or far < 1e-15:
        return False
    nx, ny, nz = nx / size, ny / size, nz / size
    for axis in range(3):
        plane[0, axis] = a[axis] / far
    plane[1, 0] = ny * plane[0, 2] - nz * plane[0, 1]
    plane[1, 1] = nz * plane[0, 0] - nx * plane[0, 2]
    plane[1, 2] = nx * plane[0, 1] - ny * plane[0, 0]
    return True


@compiled
def wrap_circle(flat: Any, radius: float, touch: Any) -> float:
    """Arc (length) of the way round a circle at the origin; -1 when a point is inside or the straight way is clear.

    `flat` (3, 2): the two points and the side the path belongs on; `touch` (2, 2) gets the points of contact. Of the
    two ways round, the one whose arc has its middle nearer to the side is taken, unless its free stretches cross.
    """
    ax, ay, bx, by = flat[0, 0], flat[0, 1], flat[1, 0], flat[1, 1]
    square_a, square_b, square = ax * ax + ay * ay, bx * bx + by * by, radius * radius
    dx, dy = bx - ax, by - ay
    span = dx * dx + dy * dy
    if square_a < square or square_b < square or span < 1e-15:
        return -1.0
    share = min(max(-(dx * ax + dy * ay) / span, 0.0), 1.0)
    nx, ny = ax + share * dx, ay + share * dy
    if nx * nx + ny * ny > square and flat[2, 0] * nx + flat[2, 1] * ny >= 0.0:
        return -1.0
    ta, tb = np.sqrt(square_a - square), np.sqrt(square_b - square)
    best, length = -np.inf, -1.0
    for which in range(2):
        sign = radius if which == 0 else -radius
        px, py = (ax * square + sign * ay * ta) / square_a, (ay * square - sign * ax * ta) / square_a
        qx, qy = (bx * square - sign * by * tb) / square_b, (by * square + sign * bx * tb) / square_b
        if crossing(ax, ay, px, py, bx, by, qx, qy):
            continue
        angle = np.arccos(min(max((px * qx + py * qy) / square, -1.0), 1.0))
        turn = py * qx - px * qy
        mx, my = px + qx, py + qy
        if (turn > 0.0 and which == 1) or (turn < 0.0 and which == 0):
            angle, mx, my = 2.0 * np.pi - angle, -mx, -my
        good = (mx * flat[2, 0] + my * flat[2, 1]) / max(np.hypot(mx, my), 1e-15)
        if good > best:
            best, length = good, radius * angle
            touch[0, 0], touch[0, 1], touch[1, 0], touch[1, 1] = px, py, qx, qy
    return length


@compiled
def crossing(ax: float, ay: float, bx: float, by: float, cx: float, cy: float, dx: float, dy: float) -> bool:
    """Whether the stretches a-b and c-d of the plane cross."""
    across = (dy - cy) * (bx - ax) - (dx - cx) * (by - ay)
    if abs(across) < 1e-15:
        return False
    first = ((dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)) / across
    second = ((bx - ax) * (ay - cy) - (by - ay) * (ax - cx)) / across
    return bool(0.0 <= first <= 1.0 and 0.0 <= second <= 1.0)
