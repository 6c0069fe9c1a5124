"""Runs the command line as a person would: a process of its own, with what it prints and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))


@dataclass(frozen=True)
class Ran:
    """What a run printed and its exit code; `err` without what only a machine's first run says."""

    code: int
    out: str
    err: str


FIRST_RUN_ONLY = "psoas: compiling the body's kernels, once"
"""How the line begins that a command says where nobody has computed a body before."""

WITHIN_S = 600
"""After this a command counts as hanging, also on a slow and busy machine that compiles the kernels meanwhile."""


def psoas(*words: str, stdin: str | bytes = b"", columns: int = 80, cwd: Path = ROOT) -> Ran:
    """Run `python -m psoas` with these words."""
    env = {**os.environ, "COLUMNS": str(columns), "NO_COLOR": "1", "PYTHONWARNINGS": "error"}
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "psoas", *words], input=given, capture_output=True, env=env, cwd=cwd,
        timeout=WITHIN_S,
    )  # fmt: skip
    lines = done.stderr.decode().splitlines(keepends=True)
    err = "".join(line for line in lines if not line.startswith(FIRST_RUN_ONLY))
    return Ran(done.returncode, done.stdout.decode(), err)


@cache
def answered(example: Path, *words: str) -> Ran:
    """`psoas assess` of an example, run once for all tests of a process that only read what it prints."""
    return psoas("assess", str(example), *words)
