"""Shared by the benchmarks: one thread, one core, medians. Import it before NumPy."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


CORE = int(os.environ.get("BENCH_CORE", "0"))


def pin() -> None:
    """Keep this process on one core, where the system allows it: the first, or the one `BENCH_CORE` names."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {CORE})


def machine() -> dict[str, Any]:
    """What the figures were taken on, and how busy it was."""
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load_1min": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def median_seconds(
    calls: Sequence[Callable[[], Any]],
    rounds: int = 3,
    budget_s: float = 6.0,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Median time of one call over all `calls`, each run `rounds` times after one warm-up, within a budget.

    `clock=time.process_time` counts processor time, which other work on the machine changes less.
    """
    calls[0]()
    samples = []
    began = time.perf_counter()
    for _ in range(rounds):
        for call in calls:
            start = clock()
            call()
            samples.append(clock() - start)
            if time.perf_counter() - began > budget_s and len(samples) >= 3:
                return statistics.median(samples)
    return statistics.median(samples)
