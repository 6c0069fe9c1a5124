"""Postures by name: what the files of postures, gait and exercises call them.

Every figure comes from ``data/postures.yaml``, ``data/gait.yaml`` or ``data/exercise_poses.yaml`` with its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from psoas.body._data import load_data
from psoas.body.kinematics.gait import walking
from psoas.body.kinematics.posture import (
    SIDES,
    TRADE_WORDS,
    Posture,
    PostureError,
    check_angles,
    forward_bend,
    seated_bend,
    spread_over_levels,
    unknown,
)


def posture_names() -> tuple[str, ...]:
    """Names of every posture: the everyday ones, ``walking`` and ``exercise:<id>:<start|end>``."""
    exercises = (f"exercise:{row['exercise']}:{row['step']}" for row in load_data("exercise_poses.yaml")["exercises"])
    return (*load_data("postures.yaml")["postures"], "walking", *exercises)


def posture(name: str, *, trunk_deg: float | None = None, phase_percent: float | None = None) -> Posture:
    """A posture by name.

    Args:
        name: one of :func:`posture_names`; ``walking`` may carry its phase as ``walking@50``.
        trunk_deg: for standing, lifting and sitting free, the forward inclination of the trunk wanted, degrees.
        phase_percent: for ``walking``, percent of the stride of the right leg, 0 at heel strike.

    Returns:
        The posture: joint angles in degrees, its supports and what it holds.

    Raises:
        PostureError: unknown name, or an option that the posture does not take, or an angle out of range.
    """
    base, _, phase_text = name.partition("@")
    if base == "walking":
        if trunk_deg is not None:
            raise PostureError("trunk_deg does not go with walking; leave it out.")
        return walking(phase_percent if not phase_text else _number("phase", phase_text))
    if phase_percent is not None or phase_text:
        raise PostureError(f"A phase goes with walking only, not with {base}.")
    if base.startswith("exercise:"):
        rows = {
            f"exercise:{row['exercise']}:{row['step']}": row for row in load_data("exercise_poses.yaml")["exercises"]
        }
        if base in rows:
            return _build(base, {**rows[base], "source": "exercise_poses"}, trunk_deg)
    elif base in load_data("postures.yaml")["postures"]:
        return _build(base, load_data("postures.yaml")["postures"][base], trunk_deg)
    raise PostureError(unknown("posture", name, posture_names()))


def _build(name: str, row: Mapping[str, Any], trunk_deg: float | None) -> Posture:
    wanted = trunk_deg if trunk_deg is not None else row.get("trunk")
    seated = row.get("bends") == "seat"
    if trunk_deg is not None and row.get("balance") != "lean" and not seated:
        raise PostureError(f"trunk_deg goes with standing, lifting and sitting free; {name} does not take it.")
    lumbar, pitch = float(row.get("lumbar_flexion", 0.0)), float(row.get("pelvis_pitch", 0.0))
    both = dict(row.get("both", {}))
    if wanted is not None and seated:
        lumbar, pitch = seated_bend(float(wanted))
        both["hip_flexion"] = 90.0 + pitch  # the thighs stay level
    elif wanted is not None:
        lumbar, pitch = forward_bend(float(wanted))
    angles = {"pelvis_tilt": pitch, "pelvis_list": float(row.get("pelvis_roll", 0.0))}
    angles["pelvis_rotation"] = float(row.get("pelvis_rotation", 0.0))
    angles |= spread_over_levels(
        {"lumbar_flexion": lumbar, "lumbar_side_bend": float(row.get("lumbar_lateral_bend", 0.0))}
    )
    for side in SIDES:
        for word, value in {**both, **row.get(side, {})}.items():
            joint, sign = TRADE_WORDS.get(word, (word, 1.0))
            angles[f"{joint}_{side}"] = sign * float(value)
    check_angles(angles)
    hold = row.get("hold", {})
    distance = hold.get("distance_m", "hanging")
    source = row.get("source", ())
    return Posture(
        name=name,
        angles_deg=MappingProxyType({key: value for key, value in angles.items() if value != 0.0}),
        support=tuple(row["support"]),
        surface=str(row.get("surface", "none")),
        balance=row.get("balance", "fixed"),
        vertical_force_bw=float(row.get("vertical_force_bw", 1.0)),
        centre_of_pressure=MappingProxyType(dict(row.get("centre_of_pressure", {}))),
        friction=float(row.get("friction", 0.0)),
        hold_kg=float(hold.get("kg", 0.0)),
        hold_distance_m=None if distance == "hanging" else float(distance),
        sources=(source,) if isinstance(source, str) else tuple(source),
    )


def _number(what: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise PostureError(f"{what} is {text!r}; expected a number.") from None
