"""`psoas body motion`: loads of a movement that was measured; :func:`register` adds it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from psoas.cli.body.errors import AgeYears, AsJson, HeightM, MassKg, Sex, body_of, plain_errors, print_json, print_table
from psoas.cli.body.loads import Shorten, Stiffen, percents
from psoas.cli.files import save_text

if TYPE_CHECKING:
    from psoas.body.motion.results import MotionLoads

_SHOWN = 5
_MARKERS = (".trc", ".c3d")
_EXAMPLE = "Example:  psoas body motion walk_ik.mot --plates walk_grf.mot --height-m 1.80 --mass-kg 73 --out loads.csv"


class Angles(StrEnum):
    """Unit of the angles in a file."""

    DEGREES = "degrees"
    RADIANS = "radians"


def register(app: typer.Typer) -> None:
    """Add the command of this file to the `psoas body` app."""
    app.command("motion", epilog=_EXAMPLE)(motion)


def motion(
    files: Annotated[
        list[Path], typer.Argument(help="Joint angles: .mot, .sto or .csv; several are trials of one kind.")
    ],
    plates: Annotated[
        list[Path] | None, typer.Option("--plates", help="Ground forces, .mot or .sto: one for each file, in order.")
    ] = None,
    static: Annotated[
        Path | None, typer.Option("--static", help="With markers: the person standing still, .trc or .c3d.")
    ] = None,
    names: Annotated[
        Path | None, typer.Option("--names", help="Own column names: a YAML file of 'column: coordinate' lines.")
    ] = None,
    angles: Annotated[Angles | None, typer.Option("--angles", help="Unit, where the file does not say.")] = None,
    cut_off_hz: Annotated[
        float | None, typer.Option("--cut-off-hz", help="Of the low-pass on the angles; 6 when left out, 0 for none.")
    ] = None,
    height_m: HeightM = None,
    mass_kg: MassKg = None,
    sex: Sex = "unspecified",
    age_years: AgeYears = None,
    shorten: Shorten = None,
    stiffen: Stiffen = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write every frame: .csv, .sto, .parquet or .nc (one file only).")
    ] = None,
    plot: Annotated[Path | None, typer.Option("--plot", help="Write the curves: .png, .svg or a page, .html.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compression, shear, hips and psoas over a movement of your own: joint angles in, loads out."""
    with plain_errors():
        from psoas.body.motion.errors import MotionError
        from psoas.body.motion.export import save_loads
        from psoas.body.motion.load import load_motion
        from psoas.body.motion.loads import solve_motion
        from psoas.body.motion.markers.load import load_markers

        if plates and len(plates) != len(files):
            raise MotionError(f"{len(plates)} files of plates came with {len(files)} of angles; give one for each.")
        if out is not None and len(files) > 1:
            raise MotionError(f"--out takes one trial; {len(files)} came. Run them one by one, or leave --out away.")
        body = body_of(height_m, mass_kg, sex, age_years)
        answers = []
        for at, file in enumerate(files):
            under = plates[at] if plates else None
            whose = body
            if file.suffix.lower() in _MARKERS:
                if static is None:
                    raise MotionError(f"{file.name} holds markers; give the person standing still as --static.")
                whose, found = load_markers(file, body, static=static, plates=under)
            else:
                found = load_motion(file, plates=under, names=names, angles=None if angles is None else angles.value)
            short, stiff = percents(shorten), percents(stiffen)
            answers.append(solve_motion(whose, found, cut_off_hz=cut_off_hz, shorten=short, stiffen=stiff))
        if out is not None:
            save_loads(answers[0], out)
        if plot is not None:
            _plot(plot, answers)
    if as_json:
        print_json({"trials": [answer.summary() for answer in answers]})
        return
    if body.person.assumed:
        typer.echo(f"Not given, so the mean of the sex and age: {', '.join(body.person.assumed)}.")
    for answer in answers:
        _print(answer)


def _plot(path: Path, answers: Sequence[MotionLoads]) -> None:
    from psoas.body.view.motion_plot import page, plot_motion

    if path.suffix.lower() == ".html":
        save_text(path, page(answers))
    else:
        plot_motion(path, answers)


def _print(answer: MotionLoads) -> None:
    told = answer.summary()
    print_table(
        f"Loads of {answer.name}",
        ("level", "largest compression N", "at s", "mean N", "largest shear N"),
        [
            (
                level,
                _number(row["compression_max_n"]),
                _number(row["at_s"], ".2f"),
                _number(row["compression_mean_n"]),
                _number(row["shear_max_n"]),
            )
            for level, row in told["levels"].items()
        ],
    )
    for side, row in told["sides"].items():
        typer.echo(
            f"{side}: hip contact up to {_number(row['hip_contact_max_n'])} N; psoas major up to "
            f"{_number(row['psoas_max_n'])} N at {_number(row['psoas_at_s'], '.2f')} s."
        )
    typer.echo(
        f"{told['solved']} of {told['frames']} frames solved, {told['feasible']} by muscles alone. Ground forces "
        f"{told['ground']}; left at the pelvis {_number(told['residual_force_rms_n'])} N and "
        f"{_number(told['residual_moment_rms_nm'])} N.m (root mean square)."
    )
    for note in told["notes"]:
        typer.echo(f"- {note}")
    for failed in told["failed"][:_SHOWN]:
        typer.echo(f"{failed['time_s']:.3f} s: {failed['reason']}")
    if len(told["failed"]) > _SHOWN:
        typer.echo(f"... and {len(told['failed']) - _SHOWN} frames more.")


def _number(value: float | None, form: str = ".0f") -> str:
    return "" if value is None else format(value, form)
