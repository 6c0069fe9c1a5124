"""The launcher in Python, for machines without a POSIX shell: what `psoas` beside the repository does, for `psoas.cmd`.

    python scripts/launch.py assess examples/desk_worker.yaml

It installs what the command needs on its first call, then runs `python -m psoas` in `.venv`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves out a script's own folder
from bootstrap import HERE, is_ready, python_of

EXTRA_OF = {
    "body": "body", "study": "body", "tightness": "body", "exercises": "body",
    "measure": "vision",
    "serve": "web", "records": "web", "handout": "web", "letter": "web",
}  # fmt: skip
"""The set that a command needs; every other needs `base`. The launcher for a shell holds the same."""


def main() -> int:
    """Set up where that has not been done, run the command, and end as it ended."""
    if sys.version_info < (3, 11):  # noqa: UP036 - it is run by whatever Python the machine has
        print(f"psoas: Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 3
    words = sys.argv[1:]
    name = EXTRA_OF.get(words[0], "base") if words else "base"
    if not is_ready(name) and subprocess.run([sys.executable, str(HERE / "scripts" / "bootstrap.py"), name]).returncode:
        return 3
    # Compiled modules are kept: compiling them anew would take a third of each start.
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [str(python_of(HERE / ".venv")), "-m", "psoas", *words]
    if os.name == "posix":
        os.execve(command[0], command, env)  # noqa: S606
    try:
        return subprocess.run(command, env=env).returncode
    except KeyboardInterrupt:  # the command has heard it as well and has said its last line
        return 130


if __name__ == "__main__":
    sys.exit(main())
