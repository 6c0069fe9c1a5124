"""`psoas tightness`: from measured angles to the hip flexor that is short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from psoas.cli.output import CaseArgument, Json, console, print_json
from psoas.cli.show.layout import bullets, heading
from psoas.errors import CaseError, MissingExtraError
from psoas.report.flexor_words import CAVEAT, FLEXOR_WORDS, in_short, muscle_and_side, next_words

if TYPE_CHECKING:
    from psoas.body.flexibility.tightness_result import FlexorEstimate, Tightness

EPILOG = "Example:  psoas tightness examples/short_hip_flexor.yaml"


def register(root: typer.Typer) -> None:
    """Add the command to the root."""
    root.command("tightness", epilog=EPILOG)(tightness)


def tightness(case: CaseArgument, json_: Json = False) -> None:
    """Which hip flexor is short, left or right, by how much and how sure, from the angles of a case.

    Reads modified_thomas.*, hip.extension, ely.knee_flexion and ober.angle. Percent of slack length against the average
    adult; a difference is right less left.
    """
    from psoas.assessment import read_case

    read = read_case(case)
    found = estimated(read)
    if json_:
        print_json(found.to_answer())
        return
    show_tightness(console(), found)


def estimated(read: object) -> Tightness:
    """The estimate, with what stops it as one of our errors."""
    try:
        from psoas.body.flexibility.readings import TightnessError
        from psoas.body.flexibility.tightness import estimate
    except ImportError as err:
        raise MissingExtraError(
            f"The body model needs the package {err.name!r}; install it with: pip install 'psoas[body]'"
        ) from None
    try:
        return estimate(read)  # type: ignore[arg-type]
    except TightnessError as err:
        raise CaseError("measurements", str(err)) from None


def show_tightness(out: Console, found: Tightness) -> None:
    """The whole estimate for a person to read."""
    heading(out, "Which hip flexor is short")
    out.print(Text(in_short(found)))
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("flexor", ratio=1)
    for side in ("left", "right"):
        table.add_column(f"{side}: shorter by", justify="right")
    table.add_column("right less left", justify="right")
    table.add_column("real?", justify="right")
    for flexor, words in FLEXOR_WORDS.items():
        difference = found.difference[flexor]
        told = all(found.determined(flexor, side) for side in ("left", "right"))
        table.add_row(
            words,
            *(_cell(found.sides[side][flexor], found.determined(flexor, side)) for side in ("left", "right")),
            f"{difference.percent:+.0f} %" if told else "not told",
            f"{difference.probability_real:.0%}" if told else "",
        )
    out.print(table)
    out.print(
        Text(
            "Percent of slack length against the average adult, with the 90 % range; negative is longer. "
            "'Real?': how far the readings can tell the sides apart, 0 % not at all, 100 % surely.",
            style="dim",
        )
    )
    if hidden := list(found.undetermined):
        heading(out, "What these readings cannot tell")
        bullets(out, [Text(", ".join(muscle_and_side(name) for name in hidden) + ".")])
    if found.notes:
        heading(out, "About the readings")
        bullets(out, (Text(note) for note in found.notes))
    if found.measure_next:
        heading(out, "What to measure next")
        bullets(out, (Text(next_words(one)) for one in found.measure_next))
    out.print()
    out.print(Text(CAVEAT, style="bold"))


def _cell(one: FlexorEstimate, told: bool) -> str:
    if not told:
        return "not told"
    low, high = one.interval_90
    return f"{one.shortening_percent:+.0f} % ({low:+.0f} to {high:+.0f})"
