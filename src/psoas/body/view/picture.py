"""A picture of the body: bones, hip flexors along their paths, and what each lumbar level carries.

    body = Body.of()
    draw(body, solve(body, "standing"), side="oblique").savefig("body.png")

`picture` is what is shown, as numbers; `draw` puts it on a matplotlib figure, which `save` writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from psoas.body.anatomy.blueprint import Vector
from psoas.body.anatomy.registration import LEVELS
from psoas.body.kinematics.posture import Posture
from psoas.body.statics.loads import LEVEL_NAMES
from psoas.body.statics.results import Loads
from psoas.body.subject.model import Body
from psoas.body.view.drawn import Drawn, Picture
from psoas.body.view.page import page
from psoas.body.view.raster import Camera, Frame, shade
from psoas.body.view.skeleton import bones_in_room
from psoas.body.view.strands import strands

SIDES = ("side", "front", "oblique")
FLEXORS = ("psoas_major", "iliacus", "rectus_femoris", "sartorius", "tensor_fasciae_latae")
COLOURS = ("force", "stretch")
_PIXELS_PER_M = 2400.0
_MOST_PIXELS = 1900
_CLOSE_BONES = ("t12", "l1", "l2", "l3", "l4", "l5", "pelvis")
_CLOSE_MUSCLES = ("psoas_major", "iliacus")
_FADE_M = 0.04  # how far inside the edge of a close picture a bone that goes on begins to fade
_SEEN_WITHIN_M = 0.006  # a strand this little behind a bone's surface lies on it


def picture(
    body: Body,
    loads: Loads | None = None,
    *,
    side: str = "side",
    muscles: Sequence[str] = FLEXORS,
    colour: str = "force",
    close: bool = False,
    pixels: int = _MOST_PIXELS,
) -> Picture:
    """What a picture of `body` shows.

    Args:
        body: posed, and shortened where it is tight; with loads it is set to the posture that they were solved in.
        loads: of that body; without them muscles are shown relaxed.
        side: `side` (from the right), `front` or `oblique`, of the body as it stands or lies.
        muscles: public muscles or fascicles; without a side, both.
        colour: by `force` in newtons or by `stretch`, fibre length over optimal fibre length.
        close: lumbar spine, pelvis and hips alone, larger.
        pixels: of the image of the bones along its longer side, at most.

    Raises:
        ValueError: an unknown side, colour or muscle.
    """
    if side not in SIDES:
        raise ValueError(f"side is {side!r}; expected one of {', '.join(SIDES)}.")
    if colour not in COLOURS:
        raise ValueError(f"colour is {colour!r}; expected one of {', '.join(COLOURS)}.")
    if loads is not None:
        body = body.pose(loads.posture)
    paths = strands(body, muscles)
    if not paths:
        raise ValueError(f"muscles is empty; expected names such as {', '.join(FLEXORS)}.")
    geometry = body.geometry
    bones = bones_in_room(body)
    pelvis = geometry.bone_rotations[body.kinematics.bone_names.index("pelvis")]
    camera = camera_of(side, pelvis)
    lines = [camera.project(path.points) for path in paths]
    shown = [camera.project(bone.vertices) for name, bone in bones.items() if not close or name in _CLOSE_BONES]
    around = strands(body, _CLOSE_MUSCLES) if close else paths
    frame = _frame(shown + [camera.project(path.points) for path in around], pixels)
    shaded = shade(tuple(bones.values()), camera, frame)
    lines = [line[_inside(line, frame)] for line in lines]
    force = body.passive_tension_n() if loads is None else loads.fascicle_arrays.force_n
    value = force if colour == "force" else body.muscles.normalised_lengths(geometry.lengths_m)
    at = {name: index for index, name in enumerate(body.muscles.names)}
    centres = camera.project(geometry.level_positions_m)
    return Picture(
        side=side,
        frame=frame,
        image=_faded(shaded.image, frame) if close else shaded.image,
        strands=tuple(
            Drawn(
                path.fascicle,
                path.muscle,
                line[:, :2],
                line[:, 2],
                _seen(line, shaded.near_m, frame),
                float(value[at[path.fascicle]]),
                float(body.muscles.strength_n[at[path.fascicle]]),
            )
            for path, line in zip(paths, lines, strict=True)
            if len(line)
        ),
        levels={LEVEL_NAMES[level]: centres[row, :2] for row, level in enumerate(LEVELS)},
        compression_n={} if loads is None else {name: load.compression_n for name, load in loads.levels.items()},
        force_n={path.muscle: float(force[body.members(path.muscle)].sum()) for path in paths},
        colour=colour,
    )


def camera_of(side: str, pelvis: Vector) -> Camera:
    """The view of a body whose pelvis has axes `pelvis` (3, 3), columns forward, left, up, in the room.

    The pelvis's axes are taken to the nearest of the room, so that a small tilt is seen as a tilt, and someone who lies
    is seen from the front from above. The room's up is the picture's up unless the view is from above or below.
    """
    forward = _nearest_axis(pelvis[:, 0])
    left = _nearest_axis(pelvis[:, 1] - forward * (forward @ pelvis[:, 1]))
    head = np.cross(forward, left)
    sky = np.array([0.0, 0.0, 1.0])
    out = {"side": -left, "front": forward, "oblique": 0.82 * forward - 0.52 * left + 0.22 * sky}[side]
    out = out / np.linalg.norm(out)
    up = head if abs(out @ sky) > 0.98 else sky
    up = up - out * (up @ out)
    up = up / np.linalg.norm(up)
    return Camera(np.cross(up, out), up, out)


def draw(
    body: Body,
    loads: Loads | None = None,
    *,
    side: str = "side",
    muscles: Sequence[str] = FLEXORS,
    colour: str = "force",
    close: bool = False,
    posture: str | Posture | None = None,
    note: str = "",
) -> Any:
    """A matplotlib figure, 9 inches wide, of `picture` with its labels; arguments and errors as there.

    `posture` is the name in the title where no loads tell it; `note` says what else is special about the body.

    Raises:
        ImportError: matplotlib is not installed; the message says how to get it.
    """
    shown = picture(body, loads, side=side, muscles=muscles, colour=colour, close=close)
    named = loads.posture if loads is not None else posture
    name = named.name if isinstance(named, Posture) else named
    reasons = loads.reasons if loads is not None and not loads.feasible else ()
    return page(shown, body.person, name or "as posed", note, reasons)


def _nearest_axis(direction: Vector) -> Vector:
    axis = np.zeros(3)
    largest = int(np.argmax(np.abs(direction)))
    axis[largest] = np.sign(direction[largest])
    return axis


def _frame(seen: Sequence[Vector], most_pixels: int) -> Frame:
    """A frame around everything (each (n, 3)) with a finger's breadth to spare."""
    low = np.min([points[:, :2].min(axis=0) for points in seen], axis=0) - 0.02
    high = np.max([points[:, :2].max(axis=0) for points in seen], axis=0) + 0.02
    width, height = high - low
    pixels = min(_PIXELS_PER_M, most_pixels / max(width, height))
    return Frame(float(low[0]), float(low[1]), float(width), float(height), float(pixels))


def _inside(line: Vector, frame: Frame) -> NDArray[np.bool_]:
    """Which points (n, 3) of a line lie in the frame."""
    at = line[:, :2] - (frame.left_m, frame.bottom_m)
    return np.asarray(np.all((at >= 0) & (at <= (frame.width_m, frame.height_m)), axis=1))


def _faded(image: NDArray[np.uint8], frame: Frame) -> NDArray[np.uint8]:
    """The image growing clear towards its edges, so that a bone that goes on does not look cut off."""
    away = [np.minimum(np.arange(n), np.arange(n)[::-1]) / (_FADE_M * frame.pixels_per_m) for n in image.shape[:2]]
    share = np.clip(np.minimum(away[0][:, None], away[1][None, :]), 0.0, 1.0)
    faded = image.copy()
    faded[..., 3] = np.round(image[..., 3] / 255.0 * share * 25) / 25 * 255.0
    faded[faded[..., 3] == 0] = 0
    return faded


def _seen(line: Vector, near_m: Vector, frame: Frame) -> NDArray[np.bool_]:
    """Which points (n, 3) of a line no bone hides."""
    rows, columns = near_m.shape
    column = np.clip(((line[:, 0] - frame.left_m) * frame.pixels_per_m).astype(int), 0, columns - 1)
    row = np.clip(rows - 1 - ((line[:, 1] - frame.bottom_m) * frame.pixels_per_m).astype(int), 0, rows - 1)
    return np.asarray(line[:, 2] >= near_m[row, column] - _SEEN_WITHIN_M)
