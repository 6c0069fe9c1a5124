"""The side-view film inside the `sports2d` package (BSD-3), read from where it is installed; nothing is copied.

Two people: a woman walks past from right to left below, a man jumps about on a wall above.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from psoas.measure import Picture
from psoas.measure._data import load_data

WEIGHTS = Path(__file__).resolve().parents[2] / "src" / "psoas" / "measure" / "weights"


def film() -> Path:
    """The film; skips the test where the package is not installed."""
    found = find_spec("Sports2D")
    if found is None or not found.submodule_search_locations:
        pytest.skip("the package sports2d is not installed (the test set of scripts/bootstrap.py brings it)")
    return Path(next(iter(found.submodule_search_locations))) / "Demo" / "demo.mp4"


@cache
def frame(seconds: float) -> Picture:
    """One frame of it."""
    pytest.importorskip("av", reason="videos need the vision extra")
    from psoas.measure.video import load_frame

    return load_frame(film(), seconds)


def needs_the_network() -> None:
    """Skips the test where LiteRT or the weights are not there."""
    pytest.importorskip("ai_edge_litert", reason="the pose network needs the vision extra")
    if missing := [one["name"] for one in load_data("weights.yaml")["files"] if not (WEIGHTS / one["name"]).is_file()]:
        pytest.skip(f"the weights are not there ({', '.join(missing)}); scripts/pose_weights.py fetches them")
