"""Plots of loads; matplotlib is loaded only here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from psoas.body.kinematics.posture import PostureError
from psoas.body.statics.results import Loads


def figure(columns: int = 1, width_in: float = 5.0, height_in: float = 4.0) -> tuple[Any, Any]:
    """A figure and its axes that need no screen, side by side.

    Raises:
        ImportError: matplotlib is not installed; the message says how to get it.
    """
    drawn = _empty(width_in * columns, height_in)
    return drawn, drawn.subplots(1, columns)


def figure_grid(*, rows: int, columns: int, width_in: float, height_in: float) -> tuple[Any, Any]:
    """A figure and its axes (rows, columns), each of this size; as `figure`."""
    drawn = _empty(width_in * columns, height_in * rows)
    return drawn, drawn.subplots(rows, columns)


def _empty(width_in: float, height_in: float) -> Any:
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError("A plot needs matplotlib; install it with `pip install matplotlib`.") from None
    drawn = Figure(figsize=(width_in, height_in), layout="constrained")
    FigureCanvasAgg(drawn)
    return drawn


def save(drawn: Any, path: Path) -> None:
    """Write a figure as PNG or SVG, by the file's ending.

    Raises:
        PostureError: another ending.
    """
    check_ending(path)
    import matplotlib

    vector = path.suffix.lower() == ".svg"
    with matplotlib.rc_context({"svg.hashsalt": "psoas"}):  # the same figure gives the same file
        drawn.savefig(path, dpi=150, metadata={"Date": None} if vector else None)


def check_ending(path: Path) -> None:
    """Refuse a file that is neither PNG nor SVG.

    Raises:
        PostureError: another ending.
    """
    if path.suffix.lower() not in (".png", ".svg"):
        raise PostureError(f"The plot's file is {path.name}; expected a name ending in .png or .svg.")


def plot_levels(path: Path, answers: Mapping[str, Loads]) -> None:
    """Compression and shear by level, one line per answer."""
    drawn, (left, right) = figure(columns=2)
    for name, answer in answers.items():
        levels: Sequence[str] = list(answer.levels)
        left.plot([answer.levels[level].compression_n for level in levels], levels, marker="o", label=name)
        right.plot([answer.levels[level].shear_n for level in levels], levels, marker="o", label=name)
    left.set_xlabel("compression (N)")
    right.set_xlabel("forward shear (N)")
    left.legend(fontsize="small", frameon=False)
    save(drawn, path)
