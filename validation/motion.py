"""A measured walk beside another program's answers: moments, loads and time.

    .venv/bin/python -m validation.motion FOLDER

FOLDER holds OpenSim's example subject01 (72.6 kg, 1.8034 m): `subject01_walk1_ik.mot` (angles),
`subject01_walk1_grf.mot` (plates), `InverseDynamicsOutput.sto` (its moments), and for the part on markers
`subject01_static.trc` and `subject01_walk1.trc`. They are not part of the project.
"""

from __future__ import annotations

import copy
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from psoas.body import Body, load_markers, load_motion, solve_motion
from psoas.body.kinematics.coordinates import INDEX, LUMBAR_KINDS
from psoas.body.kinematics.geometry import Kinematics
from psoas.body.kinematics.sections import Array
from psoas.body.motion.loads import moments_of
from psoas.body.motion.results import MotionLoads
from psoas.body.motion.tables import Table, read_table
from psoas.body.motion.trial import Motion
from psoas.body.subject.build import compiled_body
from psoas.body.subject.scaling import scaled

DATA: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
MASS_KG, HEIGHT_M, G = 72.6, 1.8034, 9.81
LOADED_N = 20.0
SETTLED_S, THEIRS_SETTLED_S = 0.1, 0.2
"""A filter's own start, at the beginning of our file and of their run, is left out."""


@dataclass(frozen=True)
class Beside:
    """One moment against the other program's over the frames where the leg stands."""

    name: str
    peak_nm: float
    rms_percent: float
    peak_percent: float
    correlation: float


def table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A table of Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (columns, ("---",) * len(columns), *rows))


def person() -> Body:
    """The body of the man who walked."""
    return Body.of(height_m=HEIGHT_M, mass_kg=MASS_KG, sex="male")


def with_other_masses(body: Body) -> Body:
    """The same bones and muscles with the other program's masses: one trunk without arms of its own."""
    model = copy.copy(body.kinematics.model)
    for name in DATA["other_body"]["none"]:
        _weigh(model, name, {"mass_kg": 0.0, "centre_m": [0.0, 0.0, 0.0], "inertia": [0.0, 0.0, 0.0]})
    for name, row in DATA["other_body"]["bones"].items():
        for bone in (name,) if name in ("thorax", "pelvis") else (f"{name}_right", f"{name}_left"):
            _weigh(model, bone, row)
    upper = sum(model.body_pos[model.body(name).id] for name in ("l4", "l3", "l2", "l1", "thorax"))
    model.body_ipos[model.body("thorax").id] -= upper  # told from the foot of the trunk, held from its top
    rules = scaled(compiled_body(), body.person)[1]
    return replace(body, kinematics=Kinematics(model, rules))


def _weigh(model: Any, bone: str, row: dict[str, Any]) -> None:
    at = model.body(bone).id
    model.body_mass[at], model.body_ipos[at] = row["mass_kg"], row["centre_m"]
    model.body_inertia[at] = row["inertia"]


def with_one_lumbar_joint(motion: Motion) -> Motion:
    """The motion with every lumbar angle at L5/S1, where the other program has its one joint."""
    q = motion.q.copy()
    for kind in LUMBAR_KINDS:
        columns = [at for name, at in INDEX.items() if name.startswith(f"lumbar_{kind}_")]
        whole = q[:, columns].sum(axis=1)
        q[:, columns] = 0.0
        q[:, INDEX[f"lumbar_{kind}_l5s1"]] = whole
    return replace(motion, q=q)


def compared(time_s: Array, moments_nm: Array, ground_n: Array, theirs: Table) -> list[Beside]:
    """Our moments (F, J) against theirs over the stance of each leg, in the time that both cover."""
    begin = max(time_s[0] + SETTLED_S, theirs.time_s[0] + THEIRS_SETTLED_S)
    end = min(time_s[-1], theirs.time_s[-1])
    inside = (time_s >= begin) & (time_s <= end)
    found = []
    for column, (coordinate, sign, side) in DATA["columns"].items():
        loaded = inside if side == "both" else inside & (ground_n[:, ("left", "right").index(side), 2] > LOADED_N)
        their = np.interp(time_s[loaded], theirs.time_s, theirs.column(column))
        ours = sign * moments_nm[loaded, INDEX[coordinate]]
        peak = float(np.abs(their).max())
        found.append(
            Beside(
                column.removesuffix("_moment"),
                peak,
                float(np.sqrt(np.mean((ours - their) ** 2))) / peak * 100.0,
                (float(np.abs(ours).max()) - peak) / peak * 100.0,
                float(np.corrcoef(ours, their)[0, 1]),
            )
        )
    return found


def variants(motion: Motion, theirs: Table) -> dict[str, list[Beside]]:
    """Ours, and ours with the other program's choices put in one after the other, to see what differs by which."""
    body, other = person(), with_other_masses(person())
    one = with_one_lumbar_joint(motion)
    slow = float(DATA["other_body"]["filter_hz"]["value"])
    runs = {
        "Psoas": (body, motion, None),
        "its masses": (other, motion, None),
        "its masses, one lumbar joint": (other, one, None),
        "its masses, joint and filter": (other, one, slow),
    }
    return {
        name: compared(*moments_of(whose, moved, cut_off_hz=cut), theirs) for name, (whose, moved, cut) in runs.items()
    }


def beside_published(loads: MotionLoads) -> Iterator[tuple[str, ...]]:
    """Loads over the walk beside what others published."""
    good, weight = loads.solved, MASS_KG * G
    l45, l34 = (loads.level(name) for name in ("L4/L5", "L3/L4"))
    ours = {
        "L4/L5 compression, peak": loads.compression_n[good, l45].max(),
        "L4/L5 forward shear, peak": np.abs(loads.shear_n[good, l45]).max(),
        "L3/L4 compression, peak": loads.compression_n[good, l34].max(),
        "L3/L4 compression, least": loads.compression_n[good, l34].min(),
        "hip contact, peak": loads.hips_n[good].max(),
    }
    for row in DATA["published"]:
        percent = 100.0 * float(ours[row["what"]]) / weight
        held = "yes" if row["low"] <= percent <= row["high"] else "NO"
        yield row["what"], f"{percent:.0f}", f"{row['low']} to {row['high']}", held, row["citation"]


def psoas_by_phase(loads: MotionLoads) -> Iterator[tuple[str, ...]]:
    """When each psoas pulls most, from the last toe-off of its own foot before."""
    for at, side in enumerate(("left", "right")):
        up = loads.ground_n[:, at, 2] > LOADED_N
        offs = np.flatnonzero(up[:-1] & ~up[1:]) + 1
        for off in offs[offs < np.flatnonzero(loads.solved)[-1] - 12]:
            near = slice(max(off - 12, 0), off + 13)
            peak = int(np.argmax(loads.psoas_n[near, at])) + near.start
            apart = (loads.time_s[peak] - loads.time_s[off]) * 1e3
            yield side, f"{loads.time_s[off]:.2f}", f"{loads.psoas_n[peak, at]:.0f}", f"{apart:+.0f}"


def estimated_ground(measured: MotionLoads, estimated: MotionLoads) -> Iterator[tuple[str, ...]]:
    """What is lost without plates."""
    both = measured.solved & estimated.solved
    for at, side in enumerate(("left", "right")):
        gap = estimated.ground_n[both, at] - measured.ground_n[both, at]
        for axis, way in enumerate(("forward", "left", "up")):
            peak = np.abs(measured.ground_n[both, at, axis]).max()
            rms = np.sqrt(np.mean(gap[:, axis] ** 2))
            yield f"ground force {way}, {side} foot", f"{peak:.0f} N", f"{rms:.0f} N", f"{100 * rms / peak:.0f} %"
    for level in ("L5/S1", "L4/L5"):
        column = measured.level(level)
        peak = measured.compression_n[both, column].max()
        rms = np.sqrt(np.mean((estimated.compression_n[both, column] - measured.compression_n[both, column]) ** 2))
        yield f"compression {level}", f"{peak:.0f} N", f"{rms:.0f} N", f"{100 * rms / peak:.0f} %"


def speed(body: Body, motion: Motion, *, repeats: int = 5) -> float:
    """Frames a second from angles to loads, of processor time, the best of a few runs on one thread."""
    best = 0.0
    for _ in range(repeats):
        begin = time.thread_time()
        loads = solve_motion(body, motion)
        best = max(best, float(loads.solved.sum()) / (time.thread_time() - begin))
    return best


def _print_markers(walk: Path, static: Path, plates: Path, theirs: Table) -> None:
    """Sizes, residuals, time and moments of the same walk from its markers."""
    own, motion = load_markers(walk, person(), static=static, plates=plates)
    print("## From markers\n")
    for note in motion.notes:
        print("-", note)
    assert motion.markers_m is not None
    square = motion.markers_m**2
    trunk = np.array([name.endswith(("Acromium", "Temple", "Head")) for name in motion.marker_names])
    for what, which in (("legs, pelvis and sternum", ~trunk), ("shoulders and head", trunk)):
        print(f"- {what}: {100 * np.sqrt(np.nanmean(square[:, which])):.1f} cm root mean square.")
    begin = time.thread_time()
    load_markers(walk, person(), static=static)
    print(f"- Both files, sizes and {len(motion)} frames: {time.thread_time() - begin:.2f} s of processor time.\n")
    rows = compared(*moments_of(own, motion), theirs)
    print(table(("moment", "its peak N.m", "rms, % of peak", "correlation"), [
        (r.name, f"{r.peak_nm:.0f}", f"{r.rms_percent:.1f}", f"{r.correlation:.2f}") for r in rows
    ]), "\n")  # fmt: skip


def main(folder: Path) -> None:
    """Print every table."""
    angles, plates = folder / "subject01_walk1_ik.mot", folder / "subject01_walk1_grf.mot"
    theirs = read_table(folder / "InverseDynamicsOutput.sto")
    motion, body = load_motion(angles, plates=plates), person()
    print("## Moments over the stance of each leg, against OpenSim's inverse dynamics\n")
    for name, rows in variants(motion, theirs).items():
        print(f"{name}\n")
        told = [
            (r.name, f"{r.peak_nm:.0f}", f"{r.rms_percent:.1f}", f"{r.peak_percent:+.1f}", f"{r.correlation:.2f}")
            for r in rows
        ]
        print(table(("moment", "its peak N.m", "rms, % of peak", "peak, %", "correlation"), told), "\n")
    loads = solve_motion(body, motion)
    print("## Loads, percent of body weight\n")
    print(table(("what", "Psoas", "published", "within", "source"), list(beside_published(loads))), "\n")
    print("## Psoas major about toe-off of its own foot\n")
    print(table(("side", "toe-off s", "most N", "ms after toe-off"), list(psoas_by_phase(loads))), "\n")
    bare = solve_motion(body, load_motion(angles))
    print("## Without plates: ground forces estimated\n")
    print(table(("what", "measured peak", "rms difference", "of the peak"), list(estimated_ground(loads, bare))), "\n")
    static, walk = folder / "subject01_static.trc", folder / "subject01_walk1.trc"
    if static.is_file() and walk.is_file():
        _print_markers(walk, static, plates, theirs)
    print(f"Angles to loads: {speed(body, motion):.0f} frames a second on one thread.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
