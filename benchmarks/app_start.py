"""How long the practice app takes from the command to its first page, and how heavy that page is.

    python -m benchmarks.app_start [--rounds 7]

Each round is a new process on an encrypted store that exists already; the clock runs from starting the process until
the whole sign-in page has arrived. The first round is warm-up (compiled modules, file cache) and is not counted. The
processor time hardly depends on what else the machine does, so it is the figure to compare. `--demo` fills a practice
of ten people in memory before that page.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from benchmarks.timing import machine

PASSPHRASE = "four words for a benchmark"


@dataclass(frozen=True)
class Start:
    """One start: seconds to the first page, processor seconds until then, bytes of the page with script and style."""

    wall_s: float
    cpu_s: float
    page_bytes: int
    resident_mb: float


def start_once(*kind: str) -> Start:
    """Start a process with these options and fetch its first page."""
    command = [sys.executable, "-m", "psoas", "serve", "--no-browser", "--port", "0", *kind]
    env = {**os.environ, "PSOAS_PASSPHRASE": PASSPHRASE}
    began = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env)
    try:
        assert process.stderr is not None
        url = next(found.group(1) for line in process.stderr if (found := re.search(r"(https?://\S+?)/ ", line)))
        page = fetch(f"{url}/sign-in")
        took, used = time.perf_counter() - began, cpu_s(process.pid)
        linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.decode())
        total = len(page) + sum(len(fetch(url + name)) for name in linked)
        return Start(took, used, total, resident_mb(process.pid))
    finally:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


def fetch(url: str) -> bytes:
    """The whole answer."""
    with urllib.request.urlopen(url) as answer:
        body: bytes = answer.read()
    return body


def cpu_s(pid: int) -> float:
    """Processor seconds used so far, where the system tells: a busy machine does not change them much."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return float("nan")
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Memory in use, where the system tells."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float("nan")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
    return int(found.group(1)) / 1024 if found else float("nan")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    from psoas.records import open_records

    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "practice.db"
        with open_records(f"sqlite:///{store}", key=PASSPHRASE) as records:
            records.set_up(practice="P", name="Ann", login="ann", password="correct horse battery")
        print(machine())
        report("a store on disk", rounds, "--store", str(store))
    report("--demo", rounds, "--demo")


def report(name: str, rounds: int, *kind: str) -> None:
    """Start so many times and print the medians."""
    start_once(*kind)
    found = [start_once(*kind) for _ in range(rounds)]
    times = sorted(one.wall_s for one in found)
    print(f"{name}:")
    print(f"  command to first page: median {statistics.median(times):.2f} s, {times[0]:.2f} to {times[-1]:.2f} s")
    print(f"  processor time until then: median {statistics.median(one.cpu_s for one in found):.2f} s")
    print(f"  first page with script and style: {found[0].page_bytes / 1000:.0f} kB uncompressed")
    print(f"  resident memory just after it: {statistics.median(one.resident_mb for one in found):.0f} MB")


if __name__ == "__main__":
    main()
