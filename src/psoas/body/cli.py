"""`psoas body ...`: the body model from a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from psoas.body.model import Body

app = typer.Typer(no_args_is_help=True, help="The musculoskeletal model: muscle lengths, moment arms, validation.")

HeightM = Annotated[float | None, typer.Option(help="Body height in metres; the mean of sex and age when left out.")]
MassKg = Annotated[float | None, typer.Option(help="Body mass in kilograms; the mean of sex and age when left out.")]
Sex = Annotated[str, typer.Option(help="male, female or unspecified.")]
AgeYears = Annotated[float | None, typer.Option(help="Age in years.")]
Pose = Annotated[
    list[str] | None,
    typer.Option("--pose", metavar="COORDINATE=DEGREES", help="An angle of the posture; may be given several times."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns a ValueError into its sentence on standard error and exit status 2."""
    try:
        yield
    except ValueError as error:
        _refuse(str(error))


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def body_of(
    height_m: float | None, mass_kg: float | None, sex: str, age_years: float | None, pose: list[str] | None
) -> Body:
    """The body of the person and posture given on the command line."""
    try:
        from psoas.body.model import Body
    except ImportError as error:
        _refuse(f"The body model needs the package {error.name!r}; install it with: pip install 'psoas[body]'")
    body = Body.of(height_m=height_m, mass_kg=mass_kg, sex=sex, age_years=age_years)
    return body.pose(dict(map(_angle, pose or [])))


def _angle(text: str) -> tuple[str, float]:
    name, separator, value = text.partition("=")
    try:
        if not separator:
            raise ValueError
        return name, float(value)
    except ValueError:
        raise ValueError(f"--pose is {text!r}; expected COORDINATE=DEGREES, such as hip_flexion_right=30.") from None


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise ValueError(f"--degrees is {text!r}; expected numbers with commas, such as --degrees=-20,0,45.") from None


def _print_table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title)
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _print_json(content: Any) -> None:
    typer.echo(json.dumps(content, indent=2, allow_nan=False))


@app.command("moment-arms")
def moment_arms(
    coordinate: Annotated[str, typer.Option(help="Such as hip_flexion_right or lumbar_flexion_l4l5.")],
    muscle: Annotated[str, typer.Option(help="Such as psoas_major_right.")],
    degrees: Annotated[str, typer.Option(help="Angles of the coordinate, with commas: --degrees=-20,0,45,90")],
    height_m: HeightM = None,
    mass_kg: MassKg = None,
    sex: Sex = "unspecified",
    age_years: AgeYears = None,
    pose: Pose = None,
    as_json: AsJson = False,
) -> None:
    """Moment arm and length of a muscle over a joint's angle. Of several fascicles, the strength-weighted mean."""
    with plain_errors():
        body = body_of(height_m, mass_kg, sex, age_years, pose)
        curve = body.curve(coordinate, muscle, _numbers(degrees))
    if as_json:
        _print_json(curve)
        return
    rows = [
        [f"{at:g}", f"{arm * 100:.2f}", f"{length * 100:.2f}"]
        for at, arm, length in zip(curve["degrees"], curve["moment_arm_m"], curve["length_m"], strict=True)
    ]
    _print_table(f"{muscle} about {coordinate}", ["degrees", "moment arm cm", "length cm"], rows)


@app.command("lengths")
def lengths(
    height_m: HeightM = None,
    mass_kg: MassKg = None,
    sex: Sex = "unspecified",
    age_years: AgeYears = None,
    pose: Pose = None,
    as_json: AsJson = False,
) -> None:
    """Length, fibre length and passive tension of every muscle in a posture (standing, unless --pose says else)."""
    with plain_errors():
        body = body_of(height_m, mass_kg, sex, age_years, pose)
        tension, normal = body.passive_tension_n(), body.muscles.normalised_lengths(body.lengths())
        rows = {
            muscle: {
                "length_m": body.length(muscle),
                "fibre_length_of_optimal": body.mean_over(muscle, normal),
                "passive_tension_n": float(tension[body.members(muscle)].sum()),
            }
            for muscle in body.muscles.public_names
        }
    if as_json:
        _print_json({"assumed": list(body.person.assumed), "muscles": rows})
        return
    if body.person.assumed:
        typer.echo(f"Not given, so the mean of the sex and age: {', '.join(body.person.assumed)}.")
    _print_table(
        "Muscles",
        ["muscle", "length cm", "fibre / optimal", "passive N"],
        [
            [m, f"{r['length_m'] * 100:.1f}", f"{r['fibre_length_of_optimal']:.2f}", f"{r['passive_tension_n']:.0f}"]
            for m, r in rows.items()
        ],
    )


@app.command("validate")
def validate(as_json: AsJson = False) -> None:
    """The body beside published anatomy: every target with the model's value, in or out of its range."""
    with plain_errors():
        body_of(None, None, "unspecified", None, None)
        from psoas.body.validation import anatomical_checks

        checks = anatomical_checks()
    if as_json:
        _print_json([check.as_dict() for check in checks])
        return
    rows = [
        [
            check.what,
            check.posture,
            check.value if isinstance(check.value, str) else f"{check.value:.2f}",
            "" if check.low is None else f"{check.low:g} to {check.high:g}",
            check.unit,
            "yes" if check.in_range else "NO",
        ]
        for check in checks
    ]
    _print_table("Anatomy", ["target", "posture", "model", "published", "unit", "in range"], rows)
