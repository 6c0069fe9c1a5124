"""Builds the wheel as a stranger would, installs it into a bare environment, and looks whether it works there.

    python scripts/smoke_wheel.py                     # about a minute with warm caches of pip and npm
    python scripts/smoke_wheel.py --keep /tmp/wheels  # leave the wheel there

What it looks at: licences of what is bundled; an answer; the app's first page, its scripts and the bones of the 3D view
over HTTP; a body with its loads; the pose network on a picture. Exit status 0 when all of it works.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves out a script's own folder
from bootstrap import HERE, python_of

WITHIN_S = 120
"""How long a part may take before it counts as hanging; our choice, far above what any took."""

PHOTO = """
import numpy as np
from psoas.measure.networks import networks
boxes, scores = networks().detect(np.zeros((224, 224, 3), dtype=np.float32))
assert boxes.shape == (2254, 12) and scores.max() < 0.5, "an empty picture shows nobody"
"""
BODY = """
from psoas.body import Body, solve
loads = solve(Body.of(height_m=1.75, mass_kg=75, sex="male", age_years=40), "standing")
assert 200 < loads.levels["L4/L5"].compression_n < 2000
"""


def say(text: str) -> None:
    """Words for a person."""
    print(f"smoke: {text}", file=sys.stderr, flush=True)


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a command outside the checkout; what it prints. Ends everything when it fails."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=cwd, env=env)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def clean_copy(target: Path) -> None:
    """The files that git tracks or would track, as they are now: nothing that was built here comes along."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=HERE)
    for name in filter(None, listed.split("\0")):
        if (HERE / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HERE / name, target / name)


def build(source: Path, target: Path) -> Path:
    """The wheel, built by pip in an environment of its own."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"]
    os.environ["PIP_CONSTRAINT"] = str(HERE / "constraints.txt")
    run(*pip, "--wheel-dir", target, source)
    (wheel,) = target.glob("psoas-*.whl")
    return wheel


def check_content(wheel: Path) -> None:
    """Pages, bones, weights and licences are inside, sources of the pages are not."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for pattern in (
        r"psoas/web/static/app-\w+\.js", r"psoas/web/static/app-\w+\.css", r"psoas/web/static/body-\w+\.glb",
        r"psoas/measure/weights/pose_landmark_full\.tflite", r"psoas/py\.typed", r".*/licenses/LICENSE",
        *(rf".*/licenses/licences/{path.name}" for path in (HERE / "licences").glob("*.txt")),
    ):  # fmt: skip
        if not any(re.fullmatch(pattern, name) for name in names):
            raise SystemExit(f"the wheel has no file {pattern}")
    if strange := [name for name in names if "/frontend/" in name or name.startswith(("tests/", "scripts/"))]:
        raise SystemExit(f"the wheel holds what it should not: {strange[:3]}")


def install(wheel: Path, folder: Path) -> Path:
    """A bare environment with this wheel and its extras; its interpreter."""
    venv.create(folder, with_pip=False)
    python = python_of(folder)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python, "install", "--quiet"]
    run(*pip, "--no-compile", "--constraint", HERE / "constraints.txt", f"{wheel}[web,body]")
    return python


@contextmanager
def serving(python: Path, cwd: Path) -> Iterator[str]:
    """`psoas serve --demo` on a free port; its address."""
    command = [str(python), "-m", "psoas", "serve", "--demo", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=cwd) as server:
        assert server.stderr is not None
        try:
            for line in server.stderr:
                if found := re.search(r"https?://\S+", line):
                    yield found[0].rstrip("/")
                    return
            raise SystemExit("the app ended before it was there")
        finally:
            server.terminate()


def fetch(url: str) -> bytes:
    """What the app answers, asked until it answers."""
    until = time.monotonic() + WITHIN_S
    while True:
        try:
            with urlopen(url, timeout=WITHIN_S) as answer:  # noqa: S310 - an address of this machine
                return bytes(answer.read())
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def check_app(python: Path, folder: Path) -> None:
    """The first page comes, with its scripts, and the bones of the 3D view."""
    package = run(python, "-c", "import psoas; print(psoas.__path__[0])", cwd=folder).strip()
    if Path(package).is_relative_to(HERE):
        raise SystemExit("the environment is not bare: it finds the checkout")
    bones = json.loads((Path(package) / "web/static/manifest-body.json").read_text())["body.glb"]
    with serving(python, folder) as address:
        page = fetch(address + "/").decode()
        scripts = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        if not any(name.endswith(".js") for name in scripts) or not any(name.endswith(".css") for name in scripts):
            raise SystemExit("the first page asks for no script or no style")
        for name in (*scripts, f"/static/{bones}"):
            if not fetch(address + name):
                raise SystemExit(f"{name} is empty")


def check_answer(python: Path, folder: Path) -> None:
    """An example is answered."""
    answer = json.loads(run(python, "-m", "psoas", "assess", HERE / "examples/desk_worker.yaml", "--json", cwd=folder))
    if not answer["differential"]:
        raise SystemExit("the answer ranks nothing")


def main() -> int:
    """Build, install, look; say how long each part took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="a folder to leave the wheel in")
    chosen = parser.parse_args()
    began = time.monotonic()

    def timed(what: str, part: Callable[[], Any]) -> Any:
        start = time.monotonic()
        result = part()
        say(f"{what}: {time.monotonic() - start:.0f} s")
        return result

    with tempfile.TemporaryDirectory(prefix="psoas-wheel-") as made:
        folder = Path(made)
        (folder / "empty").mkdir()
        timed("a clean copy", lambda: clean_copy(folder / "source"))
        wheel = timed("the wheel is built", lambda: build(folder / "source", folder / "wheels"))
        check_content(wheel)
        say(f"{wheel.name}, {wheel.stat().st_size / 1e6:.1f} MB")
        if chosen.keep:
            chosen.keep.mkdir(parents=True, exist_ok=True)
            shutil.copy2(wheel, chosen.keep)
        python = timed("installed with [web,body]", lambda: install(wheel, folder / "bare"))
        timed("an answer", lambda: check_answer(python, folder / "empty"))
        timed("the app", lambda: check_app(python, folder / "empty"))
        timed("a body", lambda: run(python, "-c", BODY, cwd=folder / "empty"))
        timed("the photo reader", lambda: run(python, "-c", PHOTO, cwd=folder / "empty"))
    say(f"all well after {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
