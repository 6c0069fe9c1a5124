"""`psoas body ...`: the body model from a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from psoas.cli.body.errors import AgeYears, AsJson, HeightM, MassKg, Sex, body_of, plain_errors, print_json, print_table

if TYPE_CHECKING:
    from psoas.body.subject.model import Body

app = typer.Typer(no_args_is_help=True, help="The musculoskeletal model: muscle lengths, moment arms, validation.")

Pose = Annotated[
    list[str] | None,
    typer.Option("--pose", metavar="COORDINATE=DEGREES", help="An angle of the posture; may be given several times."),
]


def _posed(
    height_m: float | None, mass_kg: float | None, sex: str, age_years: float | None, pose: list[str] | None
) -> Body:
    """The body of the person, in the posture given on the command line."""
    return body_of(height_m, mass_kg, sex, age_years).pose(dict(map(_angle, pose or [])))


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
        body = _posed(height_m, mass_kg, sex, age_years, pose)
        curve = body.curve(coordinate, muscle, _numbers(degrees))
    if as_json:
        print_json(curve)
        return
    rows = [
        [f"{at:g}", f"{arm * 100:.2f}", f"{length * 100:.2f}"]
        for at, arm, length in zip(curve["degrees"], curve["moment_arm_m"], curve["length_m"], strict=True)
    ]
    print_table(f"{muscle} about {coordinate}", ["degrees", "moment arm cm", "length cm"], rows)


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
        body = _posed(height_m, mass_kg, sex, age_years, pose)
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
        print_json({"assumed": list(body.person.assumed), "muscles": rows})
        return
    if body.person.assumed:
        typer.echo(f"Not given, so the mean of the sex and age: {', '.join(body.person.assumed)}.")
    print_table(
        "Muscles",
        ["muscle", "length cm", "fibre / optimal", "passive N"],
        [
            [m, f"{r['length_m'] * 100:.1f}", f"{r['fibre_length_of_optimal']:.2f}", f"{r['passive_tension_n']:.0f}"]
            for m, r in rows.items()
        ],
    )


@app.command("validate")
def validate(as_json: AsJson = False) -> None:
    """The body beside published figures: every target with the model's value, in or out of its range."""
    with plain_errors():
        _posed(None, None, "unspecified", None, None)
        from psoas.body.study.validation import checks

        found = checks()
    if as_json:
        print_json([check.as_dict() for check in found])
        return
    rows = [
        [
            check.target.what,
            check.target.posture,
            f"{check.value:.2f}" if isinstance(check.value, float) else check.value or "silent",
            "" if check.target.low is None else f"{check.target.low:g} to {check.target.high:g}",
            check.target.unit,
            "yes" if check.in_range else "NO",
        ]
        for check in found
    ]
    print_table("Anatomy and tasks", ["target", "posture", "model", "published", "unit", "in range"], rows)
