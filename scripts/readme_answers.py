"""Writes the real output of Psoas into the blocks that ask for it, in README.md and docs/how_it_works.md.

    .venv/bin/python scripts/readme_answers.py           # write
    .venv/bin/python scripts/readme_answers.py --check   # exit 1 when a block is out of date

A block begins with `<!-- output: WORDS -->`, or `<!-- output, 12 lines: WORDS -->`; it holds the first lines that
`psoas WORDS` prints at 80 columns.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
PAGES = (HERE / "README.md", HERE / "docs" / "how_it_works.md")
LINES = 32
BLOCK = re.compile(
    r"(?P<head><!-- output(?:, (?P<most>\d+) lines)?: (?P<words>[^>]+) -->\n```text\n)(?P<shown>.*?)(?P<end>```)", re.S
)


def output(words: str, most: int = LINES) -> str:
    """The first lines of what a command prints, without trailing blanks."""
    env = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "psoas", *shlex.split(words)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE, env=env)
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return "\n".join([*lines[:most], "..."] if len(lines) > most else lines) + "\n"


def filled(text: str) -> str:
    """The text with every block filled."""

    def fill(found: re.Match[str]) -> str:
        return found["head"] + output(found["words"].strip(), int(found["most"] or LINES)) + found["end"]

    return BLOCK.sub(fill, text)


def main() -> int:
    """Write or check."""
    stale = 0
    for page in PAGES:
        shown = page.read_text(encoding="utf-8")
        wanted = filled(shown)
        stale += shown != wanted
        if "--check" not in sys.argv:
            page.write_text(wanted, encoding="utf-8")
            print(f"wrote {page.relative_to(HERE)}")
    return int("--check" in sys.argv and stale > 0)


if __name__ == "__main__":
    sys.exit(main())
