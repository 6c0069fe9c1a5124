"""`psoas measure`: joint angles from a tapped photo, a phone's inclinometer log, or numbers typed in."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from psoas.cli import Json, console, print_json
from psoas.cli.show import bullets, heading
from psoas.errors import MeasureError

if TYPE_CHECKING:
    from psoas.measure import Angle
    from psoas.measure.angle import Pelvis

EPILOG = (
    "Examples:  psoas measure thomas.jpg --side right --out tapped.png   |   "
    "psoas measure thomas.jpg --taps taps.yaml --json   |   psoas measure log.csv --side right   |   "
    'psoas measure --values "-12 -10 -13" --side right --method inclinometer --pelvis controlled'
)
_THIGH = "modified_thomas.thigh_angle"
_LOGS = (".csv", ".tsv", ".txt")


def register(root: typer.Typer) -> None:
    """Add the command to the root."""
    root.command("measure", epilog=EPILOG)(measure)


def measure(
    source: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A photo, a video, or an inclinometer log (CSV).")
    ] = None,
    taps: Annotated[Path | None, typer.Option(help="Points tapped on the photo, a YAML or JSON file.")] = None,
    values: Annotated[str | None, typer.Option(help="Trials in degrees, apart by spaces or commas.")] = None,
    angle: Annotated[str, typer.Option("--angle", help="Which angle: a measurement id of the case format.")] = _THIGH,
    side: Annotated[str | None, typer.Option(help="left or right.")] = None,
    pelvis: Annotated[str | None, typer.Option(help="controlled or free, where it is known.")] = None,
    method: Annotated[str, typer.Option(help="What the numbers were read with, such as goniometer.")] = "",
    axis: Annotated[str | None, typer.Option(help="Log: roll, pitch or inclination; the one that turned most.")] = None,
    unit: Annotated[str | None, typer.Option(help="Log: deg or rad, where it does not say.")] = None,
    zero: Annotated[float | None, typer.Option(help="Log: what it shows in the zero position, in degrees.")] = None,
    flip: Annotated[bool, typer.Option("--flip", help="Log: turn the sign.")] = False,
    to: Annotated[Path | None, typer.Option("--to", help="A case file that the angles are added to.")] = None,
    json_: Json = False,
) -> None:
    """Measure a joint angle, with its standard deviation.

    A photo taken from the side needs four taps: greater trochanter, knee, front and back iliac spine. Without --taps
    the pose network proposes where they may be; nothing is measured until a person has put them right.
    """
    if values is not None:
        from psoas.measure import average_trials

        if source is not None or taps is not None:
            raise MeasureError("--values stands alone; give either numbers, or a photo, a video or a log.")
        found = average_trials(_numbers(values), name=angle, side=side, method=method, pelvis=_pelvis(pelvis))
        _give((found,), None, json_, to)
    elif source is None:
        raise MeasureError("Nothing to measure: give a photo, a video or a log, or numbers with --values (see --help).")
    elif source.suffix.lower() in _LOGS:
        from psoas.measure import from_inclinometer

        held = _pelvis(pelvis)
        found = from_inclinometer(
            source, name=angle, side=side, pelvis=held, zero_deg=zero, axis=axis, unit=unit, flip=flip
        )
        _give((found,), source.name, json_, to)
    elif taps is not None:
        from psoas.measure import angles_from_taps, load_picture, read_taps

        picture = load_picture(source)
        read = read_taps(taps, size_px=picture.size_px)
        _give(angles_from_taps(read, size_px=picture.size_px), picture.name, json_, to)


def _pelvis(word: str | None) -> Pelvis | None:
    if word == "controlled":
        return "controlled"
    if word == "free":
        return "free"
    if word in (None, "unknown"):
        return None
    raise MeasureError(f"--pelvis is {word!r}; expected controlled or free.")


def _numbers(text: str) -> list[float]:
    words = [word for word in re.split(r"[\s,;]+", text.strip()) if word]
    try:
        return [float(word.replace("−", "-")) for word in words]
    except ValueError:
        raise MeasureError(
            f'--values is {text!r}; expected numbers apart by spaces, such as "-12 -10.5 -13".'
        ) from None


def _give(angles: Sequence[Angle], name: str | None, json_: bool, to: Path | None) -> None:
    """Print the angles; the first is the one for the case, and so is every other id."""
    chosen = list({one.id: one for one in reversed(angles)}.values())[::-1]
    entries = [entry for one in chosen for entry in one.to_measurements()]
    if json_:
        answer: dict[str, Any] = {"source": name, "angles": [one.to_answer() for one in angles]}
        print_json(answer | {"measurements": entries})
    else:
        show(console(), angles, entries)


def show(out: Console, angles: Sequence[Angle], entries: Sequence[dict[str, Any]]) -> None:
    """The angles for a person to read."""
    heading(out, "Measured")
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    for title in ("angle", "side", "degrees", "sd", "90 % range"):
        table.add_column(title, justify="left" if title in ("angle", "side") else "right")
    for one in angles:
        low, high = one.interval_90_deg
        against = f" (against the {one.against})" if one.against else ""
        table.add_row(
            one.id + against, one.side or "", f"{one.value_deg:.1f}", f"{one.sd_deg:.1f}", f"{low:.0f} to {high:.0f}"
        )
    out.print(table)
    if notes := [Text(note) for one in angles for note in one.notes]:
        heading(out, "About this reading")
        bullets(out, notes)
    heading(out, "For the case file")
    for entry in entries:
        out.print(
            Text(f"  - {{{', '.join(f'{key}: {_quoted(value)}' for key, value in entry.items())}}}"), soft_wrap=True
        )


def _quoted(value: object) -> str:
    """A value as YAML takes it inside braces."""
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if re.search(r"[^\w.\-]", text) else text
