"""The whole chain beside OpenSim's static optimisation and joint reaction, over a like bend, in one run, on one core.

    pip install opensim && pip install --no-deps pose2sim    # here or in an environment of its own
    python -m benchmarks.opensim_peer [--frames 16] [--opensim-python PATH] [--model FILE.osim] [--json FILE]

Both bend slowly forward from upright to 60 degrees, the same lumbar flexion and pelvic tilt in the same frames, with a
body of the same mass. The models are not the same: other muscles, other joints; in OpenSim's the pelvis is held in the
air by six forces and neither discs, ligaments nor passive muscle carry anything. The ratio is therefore one of size,
not of equal answers. OpenSim's loading of its model and our building of ours are not counted.

OpenSim writes forces and reports success after its optimiser failed. Its answers are therefore called sound only if its
log names no frame without a solution and its reserves gave no more than 1 N.m (our choice).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import timing  # isort: skip  (first: sets one thread before NumPy)
import numpy as np

WORKER = Path(__file__).with_name("_opensim_worker.py")
TO_DEG, STEP_DEG = 60, 10
LASTS_S = 8.0  # slow, so that inertia does not decide the outcome
FEWEST = 8  # fewer frames are too few for OpenSim's splines
SOUND_NM = 1.0
UNSOLVED = "The optimizer could not find a solution"  # in OpenSim's log, once a frame; its tool still reports success


def ask_opensim(python: str, ask: dict[str, Any]) -> dict[str, Any]:
    """The worker's answer; `missing` holds a sentence where OpenSim or the model is not there.

    Raises:
        RuntimeError: OpenSim was there and failed; with the end of what it wrote.
    """
    if shutil.which(python) is None:
        return {"missing": f"there is no Python at {python}"}
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder, "ask.json"), Path(folder, "answer.json")
        asked.write_text(json.dumps(ask))
        # Its output is hundreds of lines about pictures it did not find; kept, and shown only if it fails.
        done = subprocess.run(
            [python, str(WORKER), str(asked), str(answered)], capture_output=True, text=True, cwd=folder
        )
        if done.returncode:
            raise RuntimeError(f"OpenSim failed:\n{done.stderr[-2000:]}")
        answer: dict[str, Any] = json.loads(answered.read_text())
        answer["unsolved"] = (done.stdout + done.stderr).count(UNSOLVED)
        return answer


def asked_of(frames: int, q: Any) -> dict[str, Any]:
    """The bend for OpenSim, as our own body makes it: seconds and radians, one a frame."""
    from psoas.body.kinematics.coordinates import INDEX

    lumbar = [at for name, at in INDEX.items() if name.startswith("lumbar_flexion")]
    tilt = q[:, INDEX["pelvis_tilt"]]
    return {
        "time_s": np.linspace(0.0, LASTS_S, frames).tolist(),
        "lumbar_rad": (q[:, lumbar] - q[0, lumbar]).sum(axis=1).tolist(),
        "tilt_rad": (tilt - tilt[0]).tolist(),
    }


def compare(python: str, model: str | None, frames: int) -> dict[str, Any]:
    """Both sides' figures, or `missing`."""
    look = ask_opensim(python, {"model": model, "core": timing.CORE})
    if "missing" in look:
        return look
    # LazyRouters, so that a machine without OpenSim hears so at once.
    from benchmarks.postures import PERSON, timed

    from psoas.body import Body
    from psoas.body.kinematics.postures import posture
    from psoas.body.statics.loads import solve
    from psoas.body.statics.movement import movement_through, solve_movement

    body = Body.of(**{**PERSON, "mass_kg": look["mass_kg"]})
    postures = [posture("standing", trunk_deg=float(angle)) for angle in np.linspace(0.0, TO_DEG, frames)]
    movement = movement_through(body, postures)
    before = timing.machine()["load_1min"]
    theirs = ask_opensim(python, {"model": model, "core": timing.CORE, **asked_of(frames, movement.q)})
    timing.pin()
    answer = solve_movement(body, movement)
    singly = timed(lambda: [solve(body, one) for one in postures])
    together = timed(lambda: solve_movement(body, movement), rounds=25)
    disc = np.linalg.norm(np.stack([answer.compression_n, answer.shear_n, answer.lateral_shear_n]), axis=0)[:, -1]
    theirs["per_s"] = theirs["frames"] / (theirs["optimise_s"] + theirs["reaction_s"])
    theirs["processor_per_s"] = theirs["frames"] / theirs["processor_s"]
    return {
        "machine": timing.machine(),
        "load_before": before,
        "mass_kg": look["mass_kg"],
        "opensim": theirs,
        "psoas": {
            "fascicles": len(body.muscles.names),
            "coordinates": movement.q.shape[1],
            "frames": frames,
            "single_per_s": frames / singly[0],
            "single_processor_per_s": frames / singly[1],
            "movement_per_s": frames / together[0],
            "movement_processor_per_s": frames / together[1],
            "feasible": bool(answer.feasible.all()),
            "residual_nm": float(answer.residual_nm.max()),
            "reserves_nm": float(answer.reserves_nm.max()),
            "disc_n": disc.tolist(),
        },
    }


def told(found: dict[str, Any]) -> str:
    """The table, and what has to be said beside it."""
    ours, theirs = found["psoas"], found["opensim"]
    sound = theirs["reserve_nm"] <= SOUND_NM and theirs["unsolved"] == 0
    rows = [
        (
            f"OpenSim {theirs['version']}, {theirs['muscles']} muscles, {theirs['balanced']} coordinates balanced",
            theirs["per_s"],
            theirs["processor_per_s"],
        ),
        (
            f"loads.solve, {ours['fascicles']} fascicles, {ours['coordinates']} coordinates",
            ours["single_per_s"],
            ours["single_processor_per_s"],
        ),
        ("movement.solve_movement, the same", ours["movement_per_s"], ours["movement_processor_per_s"]),
    ]
    lines = [f"{'':58s}{'frames/s':>10s}{'times':>9s}{'frames/processor s':>20s}{'times':>9s}"]
    for name, clock, processor in rows:
        ratio, of_processor = clock / rows[0][1], processor / rows[0][2]
        lines.append(f"{name:58s}{clock:10.2f}{ratio:9.0f}{processor:20.2f}{of_processor:9.0f}")
    lines += [
        f"Bend of {theirs['frames']} frames to {TO_DEG} degrees in {LASTS_S:.0f} s, {found['mass_kg']:.0f} kg. "
        f"OpenSim: static optimisation {theirs['optimise_s']:.1f} s, joint reaction {theirs['reaction_s']:.1f} s.",
        f"OpenSim left {theirs['unsolved']} frames unsolved and its reserves gave at most "
        f"{theirs['reserve_nm']:.2f} N.m ({theirs['reserve_at']}): its answers are "
        f"{'sound' if sound else 'NOT SOUND, and its time says nothing'}. Its pelvis was held by up to "
        f"{theirs['pelvis_n']:.0f} N.",
        f"Psoas: {'every frame feasible' if ours['feasible'] else 'NOT EVERY FRAME FEASIBLE'}, reserves at most "
        f"{ours['reserves_nm']:.2g} N.m, torque left over at most {ours['residual_nm']:.1e} N.m.",
        f"Force on L5/S1, upright and at {TO_DEG} degrees: OpenSim {theirs['disc_n'][0]:.0f} and "
        f"{theirs['disc_n'][-1]:.0f} N, Psoas {ours['disc_n'][0]:.0f} and {ours['disc_n'][-1]:.0f} N.",
        "The models differ (muscles, joints, passive tissue, what carries the pelvis): these are times for like work, "
        "not for equal answers.",
        f"One core each, one after the other; load of the machine {found['load_before']:.1f} before and "
        f"{found['machine']['load_1min']:.1f} after, on {found['machine']['cores']} cores.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure both and print the table, or the sentence that OpenSim is not there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=16)
    parser.add_argument("--opensim-python", default=sys.executable, help="the Python that has OpenSim")
    parser.add_argument("--model", help="the lifting model; without it, that of the pose2sim package")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    arguments = parser.parse_args()
    if arguments.frames < FEWEST:
        parser.error(f"--frames is {arguments.frames}; expected {FEWEST} or more, for OpenSim's splines.")
    model = str(Path(arguments.model).resolve()) if arguments.model else None
    found = compare(arguments.opensim_python, model, arguments.frames)
    if "missing" in found:
        print(f"No comparison with OpenSim: {found['missing']}.")
        return
    print(told(found))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
