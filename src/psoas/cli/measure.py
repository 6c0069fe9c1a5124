"""`psoas measure`: joint angles from a tapped photo, a phone's inclinometer log, or numbers typed in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from psoas.cli.into_case import add_measurements, line_of
from psoas.cli.output import Json, console, print_json
from psoas.cli.show.layout import bullets, heading
from psoas.errors import MeasureError

if TYPE_CHECKING:
    from psoas.measure import Angle, Picture, Taps
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
    at: Annotated[float | None, typer.Option(help="Video: seconds from its start; the middle.")] = None,
    person: Annotated[str | None, typer.Option(help="Photo: X,Y of a point on the person meant, of several.")] = None,
    out: Annotated[Path | None, typer.Option(help="Photo: where to draw the points, a .png or .jpg file.")] = None,
    taps_out: Annotated[Path | None, typer.Option(help="Photo: where to write the proposed points, to edit.")] = None,
    axis: Annotated[str | None, typer.Option(help="Log: roll, pitch or inclination; the one that turned most.")] = None,
    unit: Annotated[str | None, typer.Option(help="Log: deg or rad, where it does not say.")] = None,
    zero: Annotated[float | None, typer.Option(help="Log: what it shows in the zero position, in degrees.")] = None,
    flip: Annotated[bool, typer.Option("--flip", help="Log: turn the sign.")] = False,
    to: Annotated[Path | None, typer.Option("--to", help="A case file that the angles are added to.")] = None,
    json_: Json = False,
) -> None:
    """Measure a joint angle, with its standard deviation.

    A photo taken from the side needs four taps: greater trochanter, knee, front and back iliac spine. Without --taps
    the pose network proposes where they may be; nothing is measured until a person has put them right. Taps alone are
    measured too, by an app that shows the photo itself.
    """
    if values is not None:
        from psoas.measure import average_trials

        if source is not None or taps is not None:
            raise MeasureError("--values stands alone; give either numbers, or a photo, a video or a log.")
        numbers = _numbers(values)
        _give((average_trials(numbers, name=angle, side=side, method=method, pelvis=_pelvis(pelvis)),), None, json_, to)
    elif source is None and taps is not None:
        from psoas.measure import angles_from_taps, read_taps

        if out is not None:
            raise MeasureError("--out draws the points on a photo; give the photo as well.")
        _give(angles_from_taps(read_taps(taps)), None, json_, to)
    elif source is None:
        raise MeasureError("Nothing to measure: give a photo, a video or a log, or numbers with --values (see --help).")
    elif source.suffix.lower() in _LOGS:
        from psoas.measure import from_inclinometer

        found = from_inclinometer(
            source, name=angle, side=side, pelvis=_pelvis(pelvis), zero_deg=zero, axis=axis, unit=unit, flip=flip
        )
        _give((found,), source.name, json_, to)
    elif taps is not None:
        _measured(source, taps, at, out, json_, to)
    else:
        _proposed(source, side, at, _place(person), out, taps_out, json_, to)


def _measured(source: Path, taps: Path, at: float | None, out: Path | None, json_: bool, to: Path | None) -> None:
    """A picture with taps."""
    from psoas.measure import angles_from_taps, read_taps

    picture = _picture(source, at)
    read = read_taps(taps, size_px=picture.size_px)
    angles = angles_from_taps(read, size_px=picture.size_px)
    if out is not None:
        from psoas.measure.drawing import draw_taps, save_drawing

        save_drawing(draw_taps(picture, read, angles), out)
    _give(angles, picture.name, json_, to)


def _proposed(
    source: Path, side: str | None, at: float | None, person: tuple[float, float] | None, out: Path | None,
    taps_out: Path | None, json_: bool, to: Path | None,
) -> None:  # fmt: skip
    """A picture without taps: where they may belong."""
    from psoas.measure import propose_taps

    if to is not None:
        raise MeasureError("--to needs --taps: proposed points are no measurement, and nothing is written into a case.")
    picture = _picture(source, at)
    proposal = propose_taps(picture, side=side, person=person)
    if out is not None:
        from psoas.measure.drawing import draw_taps, save_drawing

        save_drawing(draw_taps(picture, proposal.taps), out)
    if taps_out is not None:
        taps_out.write_text(_taps_yaml(proposal.taps), encoding="utf-8")
    if json_:
        print_json(proposal.to_answer())
        return
    screen = console()
    heading(screen, "Proposed points")
    screen.print(Text(_taps_yaml(proposal.taps)), soft_wrap=True)
    heading(screen, "Before you measure")
    bullets(screen, (Text(note) for note in proposal.notes))


def _picture(source: Path, at: float | None) -> Picture:
    from psoas.measure import load_picture
    from psoas.measure.video import is_video, load_frame

    if is_video(source):
        return load_frame(source, at)
    if at is not None:
        raise MeasureError(f"--at is for videos, and {source.name} is none by its name; leave it out.")
    return load_picture(source)


def _taps_yaml(taps: Taps) -> str:
    import yaml

    text: str = yaml.safe_dump(taps.to_data(), sort_keys=False, default_flow_style=None, width=100)
    return text


def _place(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        x, y = (float(word) for word in text.split(","))
    except ValueError:
        raise MeasureError(f"--person is {text!r}; expected two numbers, as in 812,540.") from None
    return x, y


def _pelvis(word: str | None) -> Pelvis | None:
    if word == "controlled":
        return "controlled"
    if word == "free":
        return "free"
    if word in (None, "unknown"):
        return None
    raise MeasureError(f"--pelvis is {word!r}; expected controlled or free.")


_DECIMAL_COMMA = re.compile(r"^[-+]?\d+,\d+$")


def _numbers(text: str) -> list[float]:
    """Trials, apart by spaces, semicolons or commas; a comma inside a number is its decimal sign.

    Raises:
        MeasureError: a word that is no number, or a comma that may be either.
    """
    plain = text.strip().replace("−", "-").replace("\u2013", "-")
    words = [word.strip(",") for word in re.split(r"[\s;]+", plain) if word.strip(",")]
    if len(words) == 1 and _DECIMAL_COMMA.match(words[0]):
        raise MeasureError(
            f"--values is {text!r}, which may be one number or two; write {words[0].replace(',', '.')} for one, and "
            f'"{words[0].replace(",", " ")}" for two.'
        )
    parts = [part for word in words for part in _apart(word)]
    try:
        return [float(part) for part in parts]
    except ValueError:
        raise MeasureError(
            f'--values is {text!r}; expected numbers apart by spaces, such as "-12 -10.5 -13".'
        ) from None


def _apart(word: str) -> list[str]:
    """One word as its numbers: `-12,5` is one, `-12,-10` and `-12.5,-10` and `12,10,13` are several."""
    return [word.replace(",", ".")] if _DECIMAL_COMMA.match(word) else word.split(",")


def _give(angles: Sequence[Angle], name: str | None, json_: bool, to: Path | None) -> None:
    """Print the angles; the first is the one for the case, and so is every other id."""
    chosen = list({one.id: one for one in reversed(angles)}.values())[::-1]
    entries = [entry for one in chosen for entry in one.to_measurements()]
    if to is not None:
        add_measurements(to, entries)
    if json_:
        answer: dict[str, Any] = {"source": name, "angles": [one.to_answer() for one in angles]}
        print_json(answer | {"measurements": entries})
    else:
        show(console(), angles, entries, to)


def show(out: Console, angles: Sequence[Angle], entries: Sequence[dict[str, Any]], to: Path | None) -> None:
    """The angles for a person to read."""
    heading(out, "Measured")
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    for title in ("angle", "side", "degrees", "sd", "90 % range"):
        table.add_column(title, justify="left" if title in ("angle", "side") else "right")
    for one in angles:
        low, high = one.interval_90_deg
        against = f" (against the {one.against})" if one.against else ""
        table.add_row(
            one.id + against,
            one.side or "",
            f"{one.value_deg:.1f}",
            f"{one.sd_deg:.1f}",
            f"{round(low)} to {round(high)}",
        )
    out.print(table)
    if notes := [Text(note) for one in angles for note in one.notes]:
        heading(out, "About this reading")
        bullets(out, notes)
    heading(out, "Added to the case file" if to else "For the case file")
    for entry in entries:
        out.print(Text(line_of(entry)), soft_wrap=True)
