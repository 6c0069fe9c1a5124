"""The days of a trial as a picture: every day as it was told, blocks shaded, the level of each kind of block."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from html import escape

from psoas.trial.record import Trial

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 36, 12, 26, 40
STYLE = (
    "<style>text{font:12px sans-serif;fill:#333}.on{fill:#cfe3d6}.line{stroke:#bbb}.dot{fill:#26495c}"
    ".mean{stroke:#b4552d;stroke-width:2}</style>"
)


def picture(trial: Trial, pain: Sequence[float | None], *, standalone: bool = True) -> str:
    """An SVG of the days so far; `pain` as `Trial.pain_until` gives it. Blocks that have not come are not drawn.

    Args:
        standalone: with colours of its own; on a page the page's style sheet gives them.

    Coordinates are rounded to a tenth of a pixel: the same picture on every machine.
    """
    on = trial.schedule.on_treatment()[: len(pain)]
    days = max(trial.schedule.days, 1)
    step = (WIDTH - LEFT - RIGHT) / days

    def x(day: float) -> str:
        return f"{LEFT + day * step:.1f}"

    def y(value: float) -> str:
        return f"{TOP + (1 - value / 10) * (HEIGHT - TOP - BOTTOM):.1f}"

    told = [value for value in pain if value is not None]
    title = f"Pain of {len(told)} days, 0 to 10; shaded: {trial.treatment}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>",
        STYLE if standalone else "",
    ]
    for first, length in _runs(on):
        parts.append(
            f'<rect class="on" x="{x(first)}" y="{TOP}" width="{length * step:.1f}" height="{HEIGHT - TOP - BOTTOM}"/>'
        )
    for tick in (0, 5, 10):
        parts.append(f'<line class="line" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick)}" y2="{y(tick)}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{float(y(tick)) + 4:.1f}" text-anchor="end">{tick}</text>')
    for day, value in enumerate(pain):
        if value is not None:
            when = trial.starts + timedelta(days=day)
            label = f"{when}: {value:g}"
            parts.append(
                f'<circle class="dot" cx="{x(day + 0.5)}" cy="{y(value)}" r="3.2"><title>{label}</title></circle>'
            )
    for first, last, mean in _means(on, pain, trial.run_in_days, trial.block_days):
        parts.append(f'<line class="mean" x1="{x(first)}" x2="{x(last)}" y1="{y(mean)}" y2="{y(mean)}"/>')
    weeks = range(0, days // 7 + 1, 1 if days <= 70 else 2)
    parts += [f'<text x="{x(7 * week)}" y="{HEIGHT - 22}" text-anchor="middle">{week}</text>' for week in weeks]
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 5}" text-anchor="middle">weeks</text>')
    parts.append(f'<text x="{LEFT}" y="16">{escape(title)}</text></svg>')
    return "\n".join(parts)


def _runs(on: Sequence[int]) -> list[tuple[int, int]]:
    """First day and length of each run of the treatment's days."""
    runs: list[tuple[int, int]] = []
    for day, value in enumerate(on):
        if not value:
            continue
        if runs and runs[-1][0] + runs[-1][1] == day:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((day, 1))
    return runs


def _means(on: Sequence[int], pain: Sequence[float | None], run_in: int, block: int) -> list[tuple[int, int, float]]:
    """First day, end and mean of the run-in and each block that has values."""
    starts = [0, *range(run_in, len(on), block)] if run_in else list(range(0, len(on), block))
    found = []
    for first, end in zip(starts, [*starts[1:], len(on)], strict=True):
        known = [value for value in pain[first:end] if value is not None]
        if known:
            found.append((first, end, sum(known) / len(known)))
    return found
