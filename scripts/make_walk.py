"""Makes examples/walk.csv: two strides of ordinary walking from the published curves that the body walks by.

    .venv/bin/python scripts/make_walk.py

A trial of the project's own: no person was measured. Sixty frames a second, 1.1 s a stride.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from psoas.body.kinematics.postures import posture

HERE = Path(__file__).resolve().parent.parent
OUT = HERE / "examples" / "walk.csv"
RATE_HZ, STRIDE_S, STRIDES = 60.0, 1.1, 2
LIMB = ("hip_flexion", "knee_flexion", "ankle_flexion")


def walk() -> str:
    """The file's text."""
    names = ["pelvis_tilt", "lumbar_flexion", *(f"{joint}_{side}" for side in ("right", "left") for joint in LIMB)]
    lines = ["time_s," + ",".join(f"{name}_deg" for name in names)]
    for time in np.arange(0.0, STRIDES * STRIDE_S + 1e-9, 1.0 / RATE_HZ):
        pose = posture("walking", phase_percent=float(100.0 * (time / STRIDE_S % 1.0)))
        angles = {"lumbar_flexion": pose.lumbar_flexion_deg}
        row = [angles[name] if name in angles else pose.angle(name) for name in names]
        lines.append(f"{time:.4f}," + ",".join(f"{value:.3f}" for value in row))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    OUT.write_text(walk(), encoding="utf-8")
