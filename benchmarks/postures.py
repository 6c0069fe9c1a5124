"""Postures a second through the whole chain: pose, moment arms, recruitment, loads at every level and hip.

    python -m benchmarks.postures [--frames 1024] [--workers N] [--json FILE]

Two movements of one person (single-leg stance of walking; bending forward from upright to 60 degrees), each frame a
configuration of its own. One core: this process, pinned. All cores: as many processes as cores, each its share of the
frames; the time to start them and to compile is not counted. Beside the time on the clock stands the time the
processor spent on it, which other work on the machine does not lengthen. The stages are timed apart.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import timing  # isort: skip  (first: sets one thread before NumPy)
import numpy as np

from psoas.body import Body
from psoas.body.kinematics.postures import posture
from psoas.body.statics.loads import solve
from psoas.body.statics.movement import Movement, MovementLoads, movement_through, solve_movement
from psoas.body.statics.placing import place_frames

PERSON = {"height_m": 1.75, "mass_kg": 75.0, "sex": "male", "age_years": 30.0}


def movements(body: Body, frames: int) -> dict[str, Movement]:
    """The movements timed here."""
    walk = [f"walking@{phase}" for phase in range(14, 48, 3)]
    bend = [posture("standing", trunk_deg=float(angle)) for angle in range(0, 61, 10)]
    return {
        "walking, one leg": movement_through(body, walk, frames=frames),
        "bending forward": movement_through(body, bend, frames=frames),
    }


def timed(call: Callable[[], Any], rounds: int = 5) -> tuple[float, float]:
    """Median seconds on the clock and of the processor."""
    call()
    clock, processor = [], []
    for _ in range(rounds):
        began = time.perf_counter(), time.process_time()
        call()
        clock.append(time.perf_counter() - began[0])
        processor.append(time.process_time() - began[1])
    return statistics.median(clock), statistics.median(processor)


_body: Body | None = None


def _start() -> None:
    """A worker's body, compiled code and first solve."""
    global _body
    _body = Body.of(**PERSON)  # type: ignore[arg-type]
    solve_movement(_body, movement_through(_body, ["standing"]))


def _share(part: Movement) -> MovementLoads:
    assert _body is not None
    return solve_movement(_body, part)


def on_all_cores(movement: Movement, workers: int, rounds: int = 3) -> float:
    """Median seconds on the clock for all frames over a pool of processes that is already warm."""
    pieces = [
        replace(movement, q=q, gravity=gravity)
        for q, gravity in zip(
            np.array_split(movement.q, workers), np.array_split(movement.gravity, workers), strict=True
        )
    ]
    with ProcessPoolExecutor(workers, initializer=_start) as pool:
        list(pool.map(_share, [replace(piece, q=piece.q[:2], gravity=piece.gravity[:2]) for piece in pieces * 4]))
        samples = []
        for _ in range(rounds):
            began = time.perf_counter()
            list(pool.map(_share, pieces))
            samples.append(time.perf_counter() - began)
    return statistics.median(samples)


def main() -> None:
    """Time both movements and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=1024)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    arguments = parser.parse_args()
    body = Body.of(**PERSON)  # type: ignore[arg-type]
    runs = movements(body, arguments.frames)
    found: dict[str, Any] = {"machine": timing.machine(), "frames": arguments.frames, "movements": {}}
    # The pools first: a process that was pinned would pin its children.
    everywhere = {name: on_all_cores(run, arguments.workers) for name, run in runs.items()}
    timing.pin()
    for name, run in runs.items():
        answer = solve_movement(body, run)
        clock, processor = timed(lambda run=run: solve_movement(body, run))  # type: ignore[misc]
        placing = timed(lambda run=run: place_frames(body.kinematics, run.q[:128]))[1] * arguments.frames / 128  # type: ignore[misc]
        figures = {
            "one_core_per_s": arguments.frames / clock,
            "one_core_processor_per_s": arguments.frames / processor,
            "all_cores_per_s": arguments.frames / everywhere[name],
            "workers": arguments.workers,
            "us_placing": 1e6 * placing / arguments.frames,
            "us_rest": 1e6 * (processor - placing) / arguments.frames,
            "feasible": float(answer.feasible.mean()),
            "worst_residual_nm": float(answer.residual_nm.max()),
        }
        found["movements"][name] = figures
        print(
            f"{name}: {len(body.muscles.names)} fascicles, {arguments.frames} frames\n"
            f"  one core   {figures['one_core_per_s']:8.0f} postures/s on the clock, "
            f"{figures['one_core_processor_per_s']:.0f} of processor time\n"
            f"  {arguments.workers} processes {figures['all_cores_per_s']:7.0f} postures/s on the clock\n"
            f"  a posture  {figures['us_placing']:.0f} us pose and moment arms, "
            f"{figures['us_rest']:.0f} us recruitment, loads and checks\n"
            f"  {100 * figures['feasible']:.0f} % feasible, worst residual {figures['worst_residual_nm']:.1e} N.m"
        )
    single = timed(lambda: solve(body, "standing"))
    found["single_call_ms"] = {"clock": 1e3 * single[0], "processor": 1e3 * single[1]}
    print(f"one call of loads.solve('standing'), stance found as well: {1e3 * single[1]:.1f} ms of processor time")
    print(f"load of the machine: {timing.machine()['load_1min']:.1f} on {os.cpu_count()} cores")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
