"""Writes the real output of Psoas into the blocks of README.md that ask for it, or checks that it is there.

    .venv/bin/python scripts/readme_answers.py           # write
    .venv/bin/python scripts/readme_answers.py --check   # exit 1 when a block is out of date

A block begins with `<!-- output: WORDS -->`; it holds the first lines that `psoas WORDS` prints at 80 columns.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
LINES = 32
BLOCK = re.compile(r"(<!-- output: (?P<words>[^>]+) -->\n```text\n)(?P<held>.*?)(```)", re.S)


def output(words: str) -> str:
    """The first lines of what a command prints, without trailing blanks."""
    env = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "psoas", *shlex.split(words)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE, env=env)
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return "\n".join([*lines[:LINES], "..."] if len(lines) > LINES else lines) + "\n"


def filled(text: str) -> str:
    """The text with every block filled."""
    return BLOCK.sub(lambda found: found[1] + output(found["words"].strip()) + found[4], text)


def main() -> int:
    """Write or check."""
    readme = HERE / "README.md"
    held = readme.read_text(encoding="utf-8")
    wanted = filled(held)
    if "--check" in sys.argv:
        return int(held != wanted)
    readme.write_text(wanted, encoding="utf-8")
    print("wrote README.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
