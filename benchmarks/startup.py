"""How long a start takes: `import psoas`, the command, and a warm `psoas assess`, interpreter included.

    .venv/bin/python -m benchmarks.startup

Medians of whole processes; targets: import under 0.15 s, a warm `psoas assess` under 0.5 s.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.timing import machine

HERE = Path(__file__).resolve().parent.parent
EXAMPLE = str(HERE / "examples" / "leg_pain.yaml")
JOBS = {
    "python -c pass": ["-c", "pass"],
    "import psoas": ["-c", "import psoas"],
    "psoas --version": ["-m", "psoas", "--version"],
    "psoas screen CASE": ["-m", "psoas", "screen", EXAMPLE],
    "psoas assess CASE": ["-m", "psoas", "assess", EXAMPLE],
    "psoas assess CASE --json": ["-m", "psoas", "assess", EXAMPLE, "--json"],
}
RUNS = 9


def seconds(words: list[str]) -> float:
    """Median wall time of a process, after one run that warms the caches."""
    taken = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True, cwd=HERE)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


if __name__ == "__main__":
    print(machine())
    for name, words in JOBS.items():
        print(f"{name:28s} {seconds(words):6.3f} s")
