"""Plots of a movement's loads over time, and the page that holds them."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from psoas.body.kinematics.posture import SIDES
from psoas.body.motion.results import MotionLoads
from psoas.body.view.plots import figure_grid, save

_SHADES = ("#c6d3e3", "#a9bdd6", "#8aa6c8", "#6a8db8", "#4a73a6", "#28508a")
_SIDE = {"left": "#b3402a", "right": "#1f6f5c"}


def plot_motion(path: Path, loads: Sequence[MotionLoads]) -> None:
    """Draw loads over time into a PNG or SVG file; several trials of one movement as mean and band of one deviation.

    Args:
        path: ends in .png or .svg.
        loads: one trial, or several, which are laid over one another from start to end in percent.

    Raises:
        PostureError: another ending. ImportError: matplotlib is missing.
    """
    save(_drawn(loads), path)


def page(loads: Sequence[MotionLoads]) -> str:
    """One self-contained HTML page: the plots, the largest figures, and what was assumed."""
    picture = io.StringIO()
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": "psoas"}):
        _drawn(loads).savefig(picture, format="svg", metadata={"Date": None})
    svg = picture.getvalue()
    parts = [_table(trial) for trial in loads]
    title = html.escape(", ".join(trial.name for trial in loads))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Loads of {title}</title>"
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:68rem;margin:2rem auto;padding:0 1rem;color:#1c2430}"
        "table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:right}"
        "th:first-child,td:first-child{text-align:left}svg{max-width:100%;height:auto}</style></head><body>"
        f"<h1>Loads of {title}</h1>{svg[svg.index('<svg') :]}{''.join(parts)}</body></html>\n"
    )


def _table(loads: MotionLoads) -> str:
    told = loads.summary()
    rows = "".join(
        f"<tr><td>{level}</td><td>{_whole(row['compression_max_n'])}</td><td>{_whole(row['compression_mean_n'])}</td>"
        f"<td>{_whole(row['shear_max_n'])}</td></tr>"
        for level, row in told["levels"].items()
    )
    notes = "".join(f"<li>{html.escape(note)}</li>" for note in loads.notes)
    return (
        f"<h2>{html.escape(loads.name)}</h2><p>{told['solved']} of {told['frames']} frames solved, "
        f"{told['feasible']} by muscles alone; ground forces {told['ground']}.</p><table><tr><th>level</th>"
        f"<th>largest compression N</th><th>mean N</th><th>largest shear N</th></tr>{rows}</table><ul>{notes}</ul>"
    )


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _drawn(loads: Sequence[MotionLoads]) -> Any:
    drawn, axes = figure_grid(rows=3, columns=2, width_in=5.2, height_in=2.6)
    (press, shear), (share, psoas), (hips, moments) = axes
    first = loads[0]
    for at, level in enumerate(first.levels):
        _band(press, loads, lambda trial, at=at: trial.compression_n[:, at], _SHADES[at], level)
        _band(shear, loads, lambda trial, at=at: trial.shear_n[:, at], _SHADES[at], level)
        _band(
            share,
            loads,
            lambda trial, at=at: 100.0 * trial.psoas_press_n[:, at] / trial.compression_n[:, at],
            _SHADES[at],
            level,
        )
    for at, side in enumerate(SIDES):
        _band(psoas, loads, lambda trial, at=at: trial.psoas_n[:, at], _SIDE[side], side)
        _band(hips, loads, lambda trial, at=at: trial.hips_n[:, at], _SIDE[side], side)
        _band(moments, loads, lambda trial, side=side: _hip_moment(trial, side), _SIDE[side], side)
    titles = ("compression (N)", "forward shear (N)", "psoas, share of compression (%)", "psoas major (N)",
              "hip contact (N)", "hip flexion moment, net (N.m)")  # fmt: skip
    for one, title in zip(axes.flat, titles, strict=True):
        one.set_title(title, fontsize=10, loc="left")
        one.spines[["top", "right"]].set_visible(False)
    for one in axes[-1]:
        one.set_xlabel("time (s)" if len(loads) == 1 else "of the trial (%)", fontsize=9)
    press.legend(fontsize=7, frameon=False, ncols=3)
    psoas.legend(fontsize=8, frameon=False)
    return drawn


def _hip_moment(trial: MotionLoads, side: str) -> Any:
    from psoas.body.kinematics.coordinates import INDEX

    return trial.moments_nm[:, INDEX[f"hip_flexion_{side}"]]


def _band(axis: Any, loads: Sequence[MotionLoads], read: Any, colour: str, label: str) -> None:
    """One line, or mean and one standard deviation of several trials."""
    if len(loads) == 1:
        axis.plot(loads[0].time_s, read(loads[0]), color=colour, label=label, linewidth=1.3)
        return
    percent = np.linspace(0.0, 100.0, 101)
    rows = []
    for trial in loads:
        good = trial.solved
        if good.any():
            time = trial.time_s[good]
            rows.append(np.interp(percent, 100.0 * (time - time[0]) / max(np.ptp(time), 1e-9), read(trial)[good]))
    middle, spread = np.mean(rows, axis=0), np.std(rows, axis=0)
    axis.plot(percent, middle, color=colour, label=label, linewidth=1.3)
    axis.fill_between(percent, middle - spread, middle + spread, color=colour, alpha=0.2, linewidth=0)
