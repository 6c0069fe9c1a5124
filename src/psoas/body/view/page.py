"""Puts a picture of the body on a page: bones, strands, colour bar, title, and labels that keep apart.

Everything here is a choice of looks. matplotlib is loaded only here.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from psoas.body.anatomy.blueprint import Vector
from psoas.body.subject.scaling import Person
from psoas.body.view.drawn import Drawn, Picture
from psoas.body.view.raster import Frame

_WIDE_IN = 9.0
_PAPER, _INK, _SOFT = "#fbfaf7", "#2b2a28", "#8a857c"
# Lightness falls steadily from pale to dark, so that the order is seen without telling hues apart.
_FORCE = ("#f6c98f", "#ee8a55", "#cf4446", "#932667", "#4a1259")
_STRETCH = ("#7f3b08", "#e08214", "#c4bfb5", "#8073ac", "#2d004b")  # brown short, violet long: told apart by all
_FONT: Any = {"svg.hashsalt": "psoas", "svg.fonttype": "none", "font.family": ["DejaVu Sans", "Verdana", "sans-serif"]}
_HEAD_IN, _FOOT_IN, _MARGIN_IN, _ROW_IN = 0.95, 0.85, 2.05, 0.85
_TALLEST_IN = 10.5
_WHOLE = 8.5  # inches a metre of the body takes when the whole of it stands on the page
_APART_IN = ((1.6, 1.1), (0.37, 0.25))  # along a row or a column: muscles, levels
# How labels are set, and where on them their line starts.
_LOOKS: dict[str, tuple[str, str, tuple[float, float]]] = {
    "left": ("right", "center", (1.0, 0.5)),
    "right": ("left", "center", (0.0, 0.5)),
    "above": ("center", "bottom", (0.5, 0.0)),
    "below": ("center", "top", (0.5, 1.0)),
}


def page(shown: Picture, person: Person, posture: str, note: str, reasons: Sequence[str]) -> Any:
    """The figure: 9 inches wide, as tall as the body asks for. `note` stands beside the posture in the title."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError("A picture needs matplotlib; install it with: pip install 'psoas[body]'") from None
    frame, plan = shown.frame, _plan(shown)
    beside = _MARGIN_IN if any(one.place in ("left", "right") for one in plan) else 0.35
    above, below = (_ROW_IN if any(one.place == place for one in plan) else 0.1 for place in ("above", "below"))
    inches = min((_WIDE_IN - 2 * beside) / frame.width_m, (_TALLEST_IN - above - below) / frame.height_m)
    high = frame.height_m * inches + above + below
    tall = high + _HEAD_IN + _FOOT_IN
    figure = Figure(figsize=(_WIDE_IN, tall), facecolor=_PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, _FOOT_IN / tall, 1.0, high / tall))
    axes.set_axis_off()
    middle = frame.left_m + frame.width_m / 2
    half = _WIDE_IN / inches / 2
    axes.set_xlim(middle - half, middle + half)
    axes.set_ylim(frame.bottom_m - below / inches, frame.bottom_m + frame.height_m + above / inches)
    extent = (frame.left_m, frame.left_m + frame.width_m, frame.bottom_m, frame.bottom_m + frame.height_m)
    axes.imshow(shown.image, extent=extent, interpolation="none", aspect="auto", zorder=1)
    colours = _colours(shown)
    for strand in sorted(shown.strands, key=lambda one: float(one.near_m.mean())):
        _strand(axes, strand, colours.to_rgba(strand.value), (max(inches, _WHOLE) / _WHOLE) ** 0.35)
    beside_levels = plan[0].place if plan[0].place in ("left", "right") else ""
    for labels in plan:
        _put(axes, labels, frame, inches, half, beside_levels)
    _words(figure, shown, person, (posture, note), reasons, tall)
    _bar(figure, shown, colours, tall)
    return figure


def _colours(shown: Picture) -> Any:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize, PowerNorm

    values = [strand.value for strand in shown.strands]
    if shown.colour == "stretch":
        reach = max(0.1, *(abs(value - 1.0) for value in values))
        return ScalarMappable(
            Normalize(1.0 - reach, 1.0 + reach), LinearSegmentedColormap.from_list("stretch", _STRETCH)
        )
    # A muscle of many strands pulls little with each: the root keeps them apart from one another.
    return ScalarMappable(PowerNorm(0.5, 0.0, max(10.0, *values)), LinearSegmentedColormap.from_list("force", _FORCE))


def _strand(axes: Any, strand: Drawn, colour: Any, thick: float) -> None:
    """One fascicle: a cased line where it is seen, a faint one where a bone hides it. Thicker is stronger."""
    width = thick * float(np.clip(0.85 * strand.strength_n**0.3, 1.8, 5.0))
    order = 3.0 + 0.5 * float(np.tanh(strand.near_m.mean()))
    cuts = np.flatnonzero(np.diff(strand.seen)) + 1
    for number, run in enumerate(np.split(np.arange(len(strand.seen)), cuts)):
        seen = bool(strand.seen[run[0]])
        joined = np.append(run, run[-1] + 1) if run[-1] + 1 < len(strand.seen) else run
        points = _thinned(strand.points[joined])
        label = strand.fascicle if number == 0 else f"{strand.fascicle}.{number}"
        looks = {"solid_capstyle": "round", "solid_joinstyle": "round"}
        if seen:
            axes.plot(*points.T, color=_PAPER, linewidth=width + 1.3, zorder=order, **looks)
        axes.plot(
            *points.T, color=colour, linewidth=width, alpha=1.0 if seen else 0.28, zorder=order + 1e-4 if seen else 2.0,
            gid=label, **looks,
        )  # fmt: skip


def _thinned(points: Vector) -> Vector:
    """The same line (n, 2) without the points on straight stretches."""
    if len(points) < 3:
        return points
    ahead, behind = points[2:] - points[1:-1], points[1:-1] - points[:-2]
    bend = np.abs(ahead[:, 0] * behind[:, 1] - ahead[:, 1] * behind[:, 0])
    return np.asarray(points[np.concatenate([[True], bend > 1e-8, [True]])])


@dataclass(frozen=True)
class _Labels:
    """Labels that stand together: `place` is left, right, above or below; `anchors` what each points at (2,)."""

    place: str
    anchors: dict[str, Vector]
    bold: bool


def _plan(shown: Picture) -> tuple[_Labels, _Labels]:
    """Levels and muscles, each beside or above what they name, as that runs up the page or along it."""
    levels = {
        f"{name}  {shown.compression_n[name]:.0f} N" if shown.compression_n else name: place
        for name, place in shown.levels.items()
    }
    muscles = _muscle_anchors(shown)
    disc, muscle = np.array(list(levels.values())), np.array(list(muscles.values()))
    behind, under = disc.mean(axis=0) < muscle.mean(axis=0)
    upright = bool(np.ptp(disc[:, 1]) >= 0.8 * np.ptp(disc[:, 0]))
    beside = bool(np.ptp(muscle[:, 1]) >= 0.5 * np.ptp(muscle[:, 0]))
    place_of_levels = ("left" if behind else "right") if upright else ("below" if under else "above")
    opposite = {"left": "right", "right": "left", "above": "below", "below": "above"}
    if beside == upright:
        place_of_muscles = opposite[place_of_levels]
    else:
        place_of_muscles = ("right" if behind else "left") if beside else "above"
    return _Labels(place_of_levels, levels, True), _Labels(place_of_muscles, muscles, False)


def _put(axes: Any, labels: _Labels, frame: Frame, inches: float, half: float, column: str) -> None:
    """Write the labels along their margin, in the order of what they point at, and lines to it.

    A row keeps clear of the side where a `column` stands.
    """
    low = np.array([frame.left_m, frame.bottom_m])
    high = low + np.array([frame.width_m, frame.height_m])
    gap = 0.12 / inches
    across = int(labels.place in ("left", "right"))  # the axis they are strung along: 0 across the page, 1 up it
    first = labels.place in ("left", "below")
    edge = float(low[1 - across] - gap) if first else float(high[1 - across] + gap)
    names = sorted(labels.anchors, key=lambda name: float(labels.anchors[name][across]))
    wanted = [float(labels.anchors[name][across]) for name in names]
    apart = _APART_IN[across][labels.bold] / inches
    middle = float(low[0] + high[0]) / 2
    ends = low[0] if column == "left" else middle - half, high[0] if column == "right" else middle + half
    reach = (low[1], high[1]) if across else (ends[0] + 0.55 * apart, ends[1] - 0.55 * apart)
    looks = _LOOKS[labels.place]
    for name, at in zip(names, spread(wanted, apart, (float(reach[0]), float(reach[1]))), strict=True):
        _label(axes, name, labels.anchors[name], (edge, at) if across else (at, edge), looks, labels.bold)


def _muscle_anchors(shown: Picture) -> dict[str, Vector]:
    """Label and place of every muscle: of both sides one, with both figures where they differ."""
    anchors: dict[str, Vector] = {}
    for stem in dict.fromkeys(strand.muscle.rsplit("_", 1)[0] for strand in shown.strands):
        sides = {
            side: shown.force_n[f"{stem}_{side}"] for side in ("right", "left") if f"{stem}_{side}" in shown.force_n
        }
        near = next(iter(sides))
        own = [strand for strand in shown.strands if strand.muscle == f"{stem}_{near}"]
        middle = own[len(own) // 2]
        visible = middle.points[middle.seen] if middle.seen.any() else middle.points
        figures = {round(force) for force in sides.values()}
        told = (
            f"{next(iter(figures))} N" if len(figures) == 1 else ", ".join(f"{n} {f:.0f} N" for n, f in sides.items())
        )
        anchors[f"{stem.replace('_', ' ')}\n{told}"] = visible[len(visible) // 2]
    return anchors


def _label(
    axes: Any, text: str, anchor: Vector, place: tuple[float, float], looks: tuple[str, str, Any], bold: bool
) -> None:
    across, upright, start = looks
    axes.annotate(
        text, xy=(float(anchor[0]), float(anchor[1])), xytext=place, ha=across, va=upright, color=_INK, fontsize=9.5,
        fontweight="bold" if bold else "normal", linespacing=1.25, zorder=8, annotation_clip=False,
        arrowprops={"arrowstyle": "-", "color": _SOFT, "linewidth": 0.7, "shrinkA": 3, "shrinkB": 0, "relpos": start},
    )  # fmt: skip
    axes.plot(*anchor, marker="o", markersize=3.6, color=_INK, markeredgecolor=_PAPER, markeredgewidth=0.8, zorder=7)


def spread(wanted: Sequence[float], apart: float, reach: tuple[float, float]) -> list[float]:
    """Places in the order of `wanted` (ascending), at least `apart` from each other, as near as can be, in `reach`.

    Where there is no room for that they stand evenly over `reach`.
    """
    count = len(wanted)
    if count > 1 and (count - 1) * apart > reach[1] - reach[0]:
        return list(np.linspace(*reach, count))
    groups: list[tuple[float, int]] = []  # mean of the places of a group's first, and how many it holds
    for index, place in enumerate(wanted):
        groups.append((place - index * apart, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (a, m), (b, n) = groups[-2], groups[-1]
            groups[-2:] = [((a * m + b * n) / (m + n), m + n)]
    flat = [start for start, number in groups for _ in range(number)]
    highest = reach[1] - (count - 1) * apart
    return [float(np.clip(start, reach[0], highest)) + index * apart for index, start in enumerate(flat)]


def _words(
    figure: Any, shown: Picture, person: Person, posture: tuple[str, str], reasons: Sequence[str], tall: float
) -> None:
    name, note = posture
    title = name.removeprefix("exercise:").replace("_", " ").replace(":", ", ")
    sex = "" if person.sex == "unspecified" else f"{person.sex}, "
    about = f"{sex}{person.age_years:.0f} years, {person.height_m:.2f} m, {person.mass_kg:.0f} kg"
    figure.text(0.03, 1 - 0.36 / tall, title[:1].upper() + title[1:], fontsize=17, color=_INK, va="center")
    figure.text(0.97, 1 - 0.36 / tall, about, fontsize=10.5, color=_INK, va="center", ha="right")
    what = "compression at each lumbar level, pull of each muscle" if shown.compression_n else "pull of relaxed muscles"
    line = f"This model, {note}: {what}" if note else f"This model: {what}"
    colour = _SOFT
    if reasons:
        line, colour = f"This model cannot hold it: {reasons[0].replace('_', ' ')}", "#932667"
    line = textwrap.fill(line, 118)
    figure.text(0.03, 1 - 0.58 / tall, line, fontsize=10, color=colour, va="top", linespacing=1.3)


def _bar(figure: Any, shown: Picture, colours: Any, tall: float) -> None:
    axes = figure.add_axes((0.3, 0.5 / tall, 0.4, 0.11 / tall))
    bar = figure.colorbar(colours, cax=axes, orientation="horizontal")
    bar.outline.set_visible(False)
    if shown.colour == "force":
        bar.set_ticks(_round_figures(float(colours.norm.vmax)))
        bar.minorticks_off()
    axes.tick_params(labelsize=8.5, color=_SOFT, labelcolor=_INK, length=2)
    text = "fibre length / optimal" if shown.colour == "stretch" else "force of each strand (N)"
    figure.text(0.285, 0.55 / tall, text, fontsize=9, color=_INK, ha="right", va="center")
    figure.text(0.715, 0.55 / tall, "thicker: stronger; faint: behind bone", fontsize=8.5, color=_SOFT, va="center")


def _round_figures(most: float) -> list[float]:
    """Zero and the 1, 2, 5, 10, 20, ... up to `most` that have room on a scale that follows the root."""
    steps = [digit * 10.0**power for power in range(-1, 6) for digit in (1, 2, 5)]
    return [0.0, *(step for step in steps if 0.04 * most <= step <= most)]


def save(figure: Any, path: Any) -> None:
    """Write the figure as PNG or SVG, by the file's ending.

    Raises:
        PostureError: another ending.
        OSError: a place that cannot be written.
    """
    import matplotlib

    from psoas.body.view.plots import check_ending

    check_ending(path)
    with matplotlib.rc_context(_FONT):  # the same picture gives the same file
        figure.savefig(path, dpi=200, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
