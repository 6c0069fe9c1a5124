"""The body figure of the pain drawing, and which hands-on test has a picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

PICTURES = {
    "modified_thomas": ("modified_thomas.thigh_angle", "modified_thomas.knee_angle", "modified_thomas.abduction"),
    "straight_leg_raise": ("straight_leg_raise", "slr_with_differentiation", "straight_leg_raise.angle"),
    "prone_knee_bend": ("prone_knee_bend", "femoral_nerve_stretch", "ely.knee_flexion"),
    "hip_extension_prone": ("hip.extension", "passive_hip_extension_painful"),
    "faber": ("faber", "faber_pain_front", "faber_pain_side", "faber_pain_back"),
    "fadir": ("fadir",),
    "slump": ("slump_test",),
    "ober": ("ober.angle", "ober_tight", "ober_painful"),
    "forward_bend": ("lumbar.flexion", "lumbar_flexion_painful", "lumbar_flexion_limited", "finger_floor_distance"),
    "single_leg_stance": ("single_leg_stance_30s", "single_leg_stance.time"),
}
"""Picture -> findings and measurements that are tested or read in the position that it shows."""


@dataclass(frozen=True, slots=True)
class View:
    """One view of the body, `front` or `back`: its outline and, on it, (region with side, SVG path) to tap."""

    name: str
    outline: str
    hair: str
    face: str
    shapes: tuple[tuple[str, str], ...]


@cache
def body_views() -> tuple[tuple[View, ...], float, float]:
    """The views with the width and height of their page; wholes (leg, hip) are chosen from the list."""
    from psoas.figures import pain_map

    held = pain_map()
    views = tuple(
        View(
            name=view,
            outline=held.outlines[view],
            hair=held.hair[view],
            face=held.face if view == "front" else "",
            shapes=tuple((one.id, one.path) for one in held.regions if one.view == view and not one.whole),
        )
        for view in held.outlines
    )
    return views, held.width, held.height


@cache
def _picture_by_id() -> dict[str, str]:
    from psoas.figures import available_tests

    names = available_tests()
    return {id_: name for name, ids in PICTURES.items() if name in names for id_ in ids}


def picture_of(name: str) -> str | None:
    """The address of the picture of a test, if there is one."""
    found = _picture_by_id().get(name)
    return f"/visits/pictures/{found}.svg" if found else None
