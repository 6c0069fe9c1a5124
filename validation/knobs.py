"""Chooses the few knobs of the network by leave-one-out with the log score, and says how sure that is.

    python -m validation.knobs --cases FOLDER --truth FILE

Every combination of the grid is scored on every case. The best is the one with the highest mean log score; chosen is
the mildest within one standard error of it (the lowest temperature, then the most damping), since a few dozen
published reports select for clear pictures. Leave-one-out: the choice is made again without each case, which it is
then scored on.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
from validation.page import write_section
from validation.truths import known_cases, score

from psoas.diagnosis.likelihood.knobs import Knobs, knobs_of
from psoas.knowledge import load

GRID = {
    "temperature": (0.8, 1.0, 1.2, 1.4),
    "within_group": (0.0, 0.3, 0.6, 1.0),
    "drawing": (0.0, 0.3, 0.6, 1.0),
    "published": (0.01, 0.1, 0.5, 1.0),
}
"""Bounded before it was run: published reports select for clear pictures, so no temperature beyond 1.4, and no
publication may be without weight."""
BEYOND = {"temperature": (1.7, 2.0), "published": (0.0,)}
"""Shown beside, each by itself, to say what the bounds cost; never chosen."""
HEADING = """## The knobs of the diagnosis

Written by `python -m validation.knobs --write`: first place, first three and mean log score over a grid that was
bounded before it was run: the defaults; the best; the mildest within one standard error of it, which is shipped; and
what leave-one-out gives, the choice made again without each case. Beyond the bounds the cases would take more
temperature and no publication; we take neither, since published reports select for clear pictures."""
DEFAULTS = {"temperature": 1.0, "within_group": 0.3, "drawing": 0.3, "published": 0.5}
"""What would stand there had no case been looked at."""


def mildness(knobs: Knobs) -> tuple[float, ...]:
    """Sorts knobs: what says least first, and of equal ones what believes the publications most."""
    return (knobs.temperature, -knobs.within_group, -knobs.drawing, -knobs.published)


def chosen(ln: np.ndarray, grid: Sequence[Knobs]) -> int:
    """The mildest combination within one standard error of the best; `ln` is `(combinations, cases)`."""
    mean = ln.mean(axis=1)
    best = int(mean.argmax())
    error = (ln[best] - ln).std(axis=1, ddof=1) / np.sqrt(ln.shape[1])
    near = [n for n in range(len(grid)) if mean[best] - mean[n] <= error[n] or n == best]
    return min(near, key=lambda n: mildness(grid[n]))


def main(arguments: Sequence[str] | None = None) -> int:
    ask = argparse.ArgumentParser(description="Choose the knobs of the diagnosis network.")
    ask.add_argument("--cases", type=Path, required=True)
    ask.add_argument("--truth", type=Path, required=True)
    ask.add_argument("--write", action="store_true", help="keep the result in docs/validation.md")
    given = ask.parse_args(arguments)
    knowledge = load()
    cases = known_cases(given.cases, given.truth, knowledge)
    start = knobs_of(knowledge)
    grid = [replace(start, **dict(zip(GRID, values, strict=True))) for values in product(*GRID.values())]
    marks = [[score(case, knowledge, knobs) for case in cases] for knobs in grid]
    ln = np.array([[one.ln for one in row] for row in marks])
    first = np.array([[one.first for one in row] for row in marks])
    three = np.array([[one.three for one in row] for row in marks])

    def line(label: str, n: int) -> str:
        knobs = grid[n]
        shown = ", ".join(f"{name} {getattr(knobs, name):g}" for name in GRID)
        return f"{label:<18}{first[n].mean():.3f}  {three[n].mean():.3f}  {ln[n].mean():.3f}  {shown}"

    best, mild = int(ln.mean(axis=1).argmax()), chosen(ln, grid)
    default = next(n for n, knobs in enumerate(grid) if all(getattr(knobs, k) == v for k, v in DEFAULTS.items()))
    lines: list[str] = []
    out = lines.append
    out(f"{len(cases)} cases, {len(grid)} combinations; first place, first three, mean log score")
    out(line("defaults", default))
    out(line("best", best))
    out(line("chosen", mild))
    left_out = []
    for n in range(len(cases)):
        keep = np.arange(len(cases)) != n
        left_out.append(chosen(ln[:, keep], grid))
    rows = [(first[c, n], three[c, n], ln[c, n]) for n, c in enumerate(left_out)]
    means = np.mean(rows, axis=0)
    out(f"{'leave-one-out':<18}{means[0]:.3f}  {means[1]:.3f}  {means[2]:.3f}")
    for name in GRID:
        counts = Counter(getattr(grid[c], name) for c in left_out)
        out(f"  {name}: " + ", ".join(f"{value:g} in {times}" for value, times in sorted(counts.items())))
    for name, values in BEYOND.items():
        for value in values:
            scores = [score(case, knowledge, replace(grid[mild], **{name: value})) for case in cases]
            means = np.mean([(one.first, one.three, one.ln) for one in scores], axis=0)
            out(f"{'beyond the bounds':<18}{means[0]:.3f}  {means[1]:.3f}  {means[2]:.3f}  {name} {value:g}")
    gap = ln[mild] - ln[default]
    out(f"chosen less defaults: {gap.mean():+.3f}, standard error {gap.std(ddof=1) / np.sqrt(len(gap)):.3f}")
    print("\n".join(lines))
    if given.write:
        write_section("knobs", "\n".join([HEADING, "", "```text", *lines, "```"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
