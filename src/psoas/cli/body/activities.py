"""`psoas body activities`: what the psoas does in the activities of a day, normal against as measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from psoas.cli.body.errors import plain_errors
from psoas.cli.body.of_case import BodyOfCase, OptionalCase, as_measured, body_of_case
from psoas.cli.output import Json, console, print_json
from psoas.cli.show.layout import bullets, heading

if TYPE_CHECKING:
    from psoas.body.exercises.activities import Activity

CAVEAT = (
    "This model's own figures. An activity is a few moments in balance, its swings and jolts left out; running is "
    "mid-stance alone, so what the psoas does to swing the leg is not in it."
)


def register(app: typer.Typer) -> None:
    """Add the command to the `psoas body` app."""
    app.command("activities", epilog="Example:  psoas body activities examples/short_hip_flexor.yaml --out day.svg")(
        activities
    )


def activities(
    case: OptionalCase = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write a plot to this PNG or SVG file.")] = None,
    json_: Json = False,
) -> None:
    """The psoas in walking, running, stairs, bending, getting out of bed and sitting: its effort and what it presses.

    Normal is this person with flexors of average length, measured is with the shortening that the case's angles tell.
    """
    with plain_errors():
        from psoas.body.exercises.activities import activities as run

        if out is not None:
            from psoas.body.view.plots import check_ending

            check_ending(out)
        on = body_of_case(case)
        found = run(on.body, shorten=on.shorten)
        if out is not None:
            from psoas.body.view.activity_plot import plot_activities

            plot_activities(out, found, measured=bool(on.shorten))
    if json_:
        print_json({"shorten_percent": _rounded(on), "activities": [one.to_dict() for one in found]})
        return
    _show(console(), found, on)


def _rounded(on: BodyOfCase) -> dict[str, float]:
    return {name: round(value, 1) + 0.0 for name, value in on.shorten.items()}


def _show(out: Console, found: Sequence[Activity], on: BodyOfCase) -> None:
    heading(out, "The psoas through the day")
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("activity", ratio=1)
    for column in ("effort %", "left N", "right N", "on L4/L5 N", "L4/L5 N"):
        table.add_column(column, justify="right")
    for one in found:
        table.add_row(one.name, *_cells(one))
    out.print(table)
    told = "Two figures: flexors of average length, then as measured. " if on.shorten else ""
    out.print(
        Text(
            f"{told}Effort: the psoas' share of the whole body's, mean. Left, right: its largest pull, the relaxed "
            "part included. On L4/L5: what both put on that level at most; the last column is all that presses it.",
            style="dim",
        )
    )
    heading(out, "What the psoas puts on each level, N")
    levels = Table(box=None, padding=(0, 1), pad_edge=False)
    levels.add_column("activity", ratio=1)
    for level in found[0].normal.from_psoas_n:
        levels.add_column(level, justify="right")
    for one in found:
        pairs = zip(one.normal.from_psoas_n.values(), one.measured.from_psoas_n.values(), strict=True)
        levels.add_row(one.name, *(_pair(normal, measured, one) for normal, measured in pairs))
    out.print(levels)
    heading(out, "About this")
    bullets(out, (Text(line) for line in (*on.notes, as_measured(on.shorten), *_angles(found), CAVEAT) if line))


def _cells(one: Activity) -> Iterator[str]:
    def both(read: Any, form: str = ".0f") -> str:
        return _pair(read(one.normal), read(one.measured), one, form)

    yield both(lambda does: 100.0 * does.effort_share, ".1f")
    yield both(lambda does: does.force_n["left"])
    yield both(lambda does: does.force_n["right"])
    yield both(lambda does: does.from_psoas_n["L4/L5"])
    yield both(lambda does: does.compression_n["L4/L5"])


def _pair(normal: float, measured: float, one: Activity, form: str = ".0f") -> str:
    if one.measured is one.normal:
        return format(normal, form)
    return f"{normal:{form}} {measured:{form}}"


def _angles(found: Sequence[Activity]) -> Iterator[str]:
    yield "Joint angles: " + "; ".join(f"{one.name} {one.angles}" for one in found) + "."
    if loose := [one.name for one in found if not (one.normal.feasible and one.measured.feasible)]:
        yield f"Not held by muscles and supports alone: {', '.join(loose)}."
