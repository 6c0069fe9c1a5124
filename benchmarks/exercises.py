"""How long the computed exercises, their ranking and the activities take on one person's body.

    python -m benchmarks.exercises

One core. `table`: every exercise on both sides, start, end and variants, a body of its own each time, flexors
shortened, by the clock and by processor time. `rank`: a goal on a table that is there. `activities`: six activities,
normal and as measured. Beside the times stands how right the answers were: torque left over, and positions held by
muscles and supports alone.
"""

from __future__ import annotations

import json
import time

from benchmarks.timing import machine, median_seconds, pin

BODIES = 5


def main() -> None:
    """Measure and print."""
    pin()
    from psoas.body.exercises.activities import activities
    from psoas.body.exercises.goals import goal_of, rank
    from psoas.body.exercises.registry import exercise_table, sharing
    from psoas.body.kinematics.postures import posture_names
    from psoas.body.statics.loads import solve
    from psoas.body.subject.model import Body

    short = {"psoas_major_right": 12.0, "iliacus_right": 12.0, "rectus_femoris_left": 5.0}
    bodies = [Body.of(height_m=1.6 + 0.08 * i, mass_kg=60.0 + 8 * i, sex="male", age_years=40) for i in range(BODIES)]
    table = exercise_table(bodies[0], shorten=short)
    positions = [one for exercise in table.exercises for one in exercise.positions]
    start = time.process_time()
    for body in bodies:
        exercise_table(body, shorten=short)
    busy = (time.process_time() - start) / BODIES
    goal = goal_of("lengthen right psoas, spare L4/L5")
    start = time.perf_counter()
    for _ in range(200):
        rank(table, goal)
    ranked = (time.perf_counter() - start) / 200
    names = [name for name in posture_names() if name.startswith("exercise:")]
    worst = max(solve(bodies[1], name, options=sharing()).residual_nm for name in names)
    rows = {
        "table, s": median_seconds([lambda b=b: exercise_table(b, shorten=short) for b in bodies]),  # type: ignore[misc]
        "table, s of processor time": busy,
        "positions in a table": len(positions),
        "rank, ms": 1e3 * ranked,
        "activities, s": median_seconds([lambda b=b: activities(b, shorten=short) for b in bodies]),  # type: ignore[misc]
        "largest torque left over, N.m": worst,
        "positions held": sum(one.feasible for one in positions),
    }
    print(json.dumps({"machine": machine(), **{name: float(f"{value:.3g}") for name, value in rows.items()}}, indent=1))


if __name__ == "__main__":
    main()
