"""The plot of a day's activities: what the psoas puts on every level, normal against as measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from psoas.body.exercises.activities import Activity
from psoas.body.view.plots import figure_grid, save

_NORMAL, _MEASURED = "#8a8f98", "#b3402a"


def plot_activities(path: Path, found: Sequence[Activity], *, measured: bool) -> None:
    """One small picture an activity, levels from above downwards, on one scale.

    Args:
        path: ends in .png or .svg.
        found: from :func:`psoas.body.exercises.activities.activities`.
        measured: whether flexors were measured; without it only the normal figures are drawn.

    Raises:
        PostureError: another ending. ImportError: matplotlib is missing.
    """
    drawn, axes = figure_grid(rows=2, columns=3, width_in=3.2, height_in=2.9)
    levels = list(found[0].normal.from_psoas_n)[::-1]
    for number, (one, at) in enumerate(zip(found, axes.flat, strict=True)):
        series = [("average flexors", one.normal, _NORMAL)]
        if measured:
            series.append(("as measured", one.measured, _MEASURED))
        high = 0.8 / len(series)
        for row, (label, does, colour) in enumerate(series):
            places = [place + 0.4 - high * (row + 0.5) for place in range(len(levels), 0, -1)]
            at.barh(places, [does.from_psoas_n[level] for level in levels], height=high, color=colour, label=label)
        at.set_yticks(range(len(levels), 0, -1), levels if number % 3 == 0 else [""] * len(levels))
        at.tick_params(axis="y", length=0)
        share = [f"{100 * does.effort_share:.1f}" for _, does, _ in series]
        at.set_title(f"{one.name}\n{' → '.join(share)} % of the effort", fontsize=9)
        at.spines[["top", "right"]].set_visible(False)
        if number >= 3:
            at.set_xlabel("compression from both psoas (N)", fontsize=8)
    most = max(at.get_xlim()[1] for at in axes.flat)
    for at in axes.flat:
        at.set_xlim(0.0, most)
    if measured:
        axes.flat[2].legend(fontsize=8, frameon=False, loc="lower right")
    save(drawn, path)
