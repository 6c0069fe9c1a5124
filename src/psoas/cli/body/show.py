"""The body's part of an answer for a person at a terminal: short flexors, and the load on each lumbar level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from psoas.report.flexor_words import CAVEAT, FLEXOR_WORDS, LOADS_TITLE, in_short

if TYPE_CHECKING:
    from psoas.assessment.body_findings import BodyFindings
    from psoas.body.flexibility.tightness_result import Tightness
    from psoas.screening import Screen


def show_body(out: Console, body: BodyFindings | None, screen: Screen) -> None:
    """Which flexor is short and what it does in standing; nothing when no hip angle was measured."""
    if body is None:
        return
    out.print()
    out.print(Text("HIP FLEXORS, AS MEASURED", style="bold underline"))
    if screen.at_least("same_day"):
        out.print(Text("They wait until the danger above has been excluded; psoas tightness CASE shows them."))
        return
    if body.tightness is not None:
        out.print(Text(in_short(body.tightness)))
        for line in _flexor_lines(body.tightness):
            out.print(Padding(Text(line), (0, 0, 0, 3)))
    if body.measured is not None and body.normal is not None:
        out.print(Text(LOADS_TITLE))
        table = Table(box=None, padding=(0, 1), pad_edge=False)
        table.add_column("   level")
        table.add_column("compression N", justify="right")
        table.add_column("forward shear N", justify="right")
        for level, load in body.measured.items():
            before = body.normal[level]
            table.add_row(
                f"   {level}",
                f"{load.compression_n:.0f} ({load.compression_n - before.compression_n:+.0f})",
                f"{load.shear_n:.0f} ({load.shear_n - before.shear_n:+.0f})",
            )
        out.print(table)
    if body.why_not:
        out.print(Text(body.why_not))
    if body.tightness is not None:
        out.print(Text(f"{CAVEAT} More: psoas tightness CASE."))


def _flexor_lines(found: Tightness) -> list[str]:
    lines = []
    for side, flexors in found.sides.items():
        told = [
            f"{FLEXOR_WORDS[name].split(' (')[0]} {one.shortening_percent:+.0f} % "
            f"({one.interval_90[0]:+.0f} to {one.interval_90[1]:+.0f})"
            for name, one in flexors.items()
            if found.determined(name, side)
        ]
        if told:
            lines.append(f"{side.capitalize()}: {'; '.join(told)}.")
    return lines
