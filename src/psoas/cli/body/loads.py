"""Command line of the loads: ``psoas body loads``, ``compensate``, ``compare``; :func:`register` adds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from psoas.cli.body.errors import AgeYears, AsJson, HeightM, MassKg, Sex, body_of, plain_errors, print_json, print_table

if TYPE_CHECKING:
    from psoas.body.statics.compensation import Compensation
    from psoas.body.statics.results import Loads

_SHOWN_MUSCLES = 12
_DEFAULT_COMPARISON = "lying_supine,sitting_slouched,sitting_upright,standing,standing_flexed,lifting_stoop"

HoldKg = Annotated[float | None, typer.Option("--hold-kg", help="Mass held in the hands, kg.")]
HoldDistance = Annotated[
    float | None,
    typer.Option("--hold-distance-m", help="Horizontal distance of that mass in front of the L5/S1 disc, m."),
]
Shorten = Annotated[
    list[str] | None, typer.Option("--shorten", help="MUSCLE=PERCENT by which slack length is shorter; repeatable.")
]
Stiffen = Annotated[
    list[str] | None, typer.Option("--stiffen", help="MUSCLE=PERCENT by which passive force is greater; repeatable.")
]
Tone = Annotated[float | None, typer.Option("--tone", help="Least activation of the trunk's muscles (co-contraction).")]
Abdominal = Annotated[float, typer.Option("--abdominal-pressure-kpa", help="Pressure in the abdomen, kPa.")]
Power = Annotated[int, typer.Option("--power", help="Effort is the sum of activation to this power: 2 or 3.")]
Plot = Annotated[Path | None, typer.Option("--plot", help="Write a plot to this PNG or SVG file.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the `psoas body` app."""
    app.command("loads")(loads)
    app.command("compensate")(compensate)
    app.command("compare")(compare)


def loads(
    posture: Annotated[str, typer.Option("--posture", help="Posture by name; walking takes a phase as walking@50.")],
    trunk_deg: Annotated[
        float | None, typer.Option("--trunk-deg", help="Forward inclination of the trunk, deg.")
    ] = None,
    hold_kg: HoldKg = None,
    hold_distance_m: HoldDistance = None,
    height_m: HeightM = None,
    mass_kg: MassKg = None,
    sex: Sex = "unspecified",
    age_years: AgeYears = None,
    shorten: Shorten = None,
    stiffen: Stiffen = None,
    tone: Tone = None,
    abdominal_pressure_kpa: Abdominal = 0.0,
    power: Power = 2,
    as_json: AsJson = False,
    plot: Plot = None,
) -> None:
    """Muscle forces and the load at every lumbar level in a posture."""
    with plain_errors():
        from psoas.body.kinematics.postures import posture as by_name
        from psoas.body.statics.loads import solve
        from psoas.body.statics.options import Options

        answer = solve(
            body_of(height_m, mass_kg, sex, age_years),
            by_name(posture, trunk_deg=trunk_deg),
            hold_kg=hold_kg,
            hold_distance_m=hold_distance_m,
            shorten=percents(shorten),
            stiffen=percents(stiffen),
            options=Options(power=power, tone=tone, abdominal_pressure_kpa=abdominal_pressure_kpa),
        )
        if plot is not None:
            _plot_levels(plot, {posture: answer})
    if as_json:
        print_json(answer.to_dict())
        return
    _print_loads(posture, answer)


def compensate(
    shorten: Shorten = None,
    stiffen: Stiffen = None,
    samples: Annotated[
        int, typer.Option("--samples", help="Bodies drawn for the sensitivity band; 0 leaves it out.")
    ] = 8,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the draw.")] = 1,
    height_m: HeightM = None,
    mass_kg: MassKg = None,
    sex: Sex = "unspecified",
    age_years: AgeYears = None,
    as_json: AsJson = False,
    plot: Plot = None,
) -> None:
    """What a tight hip flexor changes: in the posture held, and in the posture of least effort."""
    with plain_errors():
        from psoas.body.statics.compensation import compensate as run

        answer = run(
            body_of(height_m, mass_kg, sex, age_years),
            shorten=percents(shorten),
            stiffen=percents(stiffen),
            samples=samples,
            seed=seed,
        )
        if plot is not None:
            _plot_levels(
                plot,
                {
                    "untouched": answer.held_before.loads,
                    "tight, held": answer.held.loads,
                    "tight, chosen": answer.chosen.loads,
                },
            )
    if as_json:
        print_json(answer.to_dict())
        return
    _print_compensation(answer)


def compare(
    postures: Annotated[str, typer.Option("--postures", help="Postures, comma between.")] = _DEFAULT_COMPARISON,
    height_m: HeightM = None,
    mass_kg: MassKg = None,
    sex: Sex = "unspecified",
    age_years: AgeYears = None,
    shorten: Shorten = None,
    stiffen: Stiffen = None,
    as_json: AsJson = False,
    plot: Plot = None,
) -> None:
    """The loads of several postures side by side, in newtons and in percent of standing."""
    with plain_errors():
        from psoas.body.statics.loads import solve

        body = body_of(height_m, mass_kg, sex, age_years)
        short, stiff = percents(shorten), percents(stiffen)
        names = [name.strip() for name in postures.split(",") if name.strip()]
        standing = solve(body, "standing", shorten=short, stiffen=stiff)
        answers = {name: solve(body, name, shorten=short, stiffen=stiff) for name in names}
        if plot is not None:
            _plot_levels(plot, answers)
    rows = [_comparison_row(name, answer, standing) for name, answer in answers.items()]
    if as_json:
        print_json({"postures": rows})
        return
    print_table(
        "Loads by posture",
        ("posture", "L4/5 N", "of standing", "L4/5 MPa", "L5/S1 N", "shear N", "effort"),
        [
            (
                row["posture"] + ("" if row["feasible"] else " (infeasible)"),
                f"{row['levels']['L4/L5']['compression_n']:.0f}",
                f"{row['percent_of_standing']:.0f} %",
                f"{row['levels']['L4/L5']['disc_pressure_mpa']:.2f}",
                f"{row['levels']['L5/S1']['compression_n']:.0f}",
                f"{row['levels']['L5/S1']['shear_n']:.0f}",
                f"{row['effort']:.2f}",
            )
            for row in rows
        ],
    )


def percents(given: Sequence[str] | None) -> dict[str, float]:
    """``["psoas_major_right=5"]`` -> ``{"psoas_major_right": 5.0}``.

    Raises:
        PostureError: a piece that is not MUSCLE=PERCENT.
    """
    from psoas.body.kinematics.posture import PostureError

    found = {}
    for piece in given or ():
        name, equals, value = piece.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            equals = ""
        if not equals or not name:
            raise PostureError(f"{piece!r} is not MUSCLE=PERCENT; expected a form such as psoas_major_right=5.")
    return found


def _comparison_row(name: str, answer: Loads, standing: Loads) -> dict[str, Any]:
    reference = standing.levels["L4/L5"].compression_n
    return {
        "posture": name,
        "levels": answer.to_dict()["levels"],
        "percent_of_standing": 100.0 * answer.levels["L4/L5"].compression_n / reference,
        "effort": answer.effort,
        "feasible": answer.feasible,
    }


def _print_loads(name: str, answer: Loads) -> None:
    print_table(
        f"Loads in {name}",
        ("level", "compression N", "shear N", "disc pressure MPa", "band MPa"),
        [
            (
                level,
                f"{load.compression_n:.0f}",
                f"{load.shear_n:.0f}",
                f"{load.disc_pressure_mpa:.2f}",
                "{:.2f}-{:.2f}".format(*load.disc_pressure_band_mpa),
            )
            for level, load in answer.levels.items()
        ],
    )
    strongest = sorted(answer.muscles.items(), key=lambda item: -item[1].force_n)[:_SHOWN_MUSCLES]
    print_table(
        "Muscles that pull most",
        ("muscle", "force N", "activation", "passive N"),
        [(muscle, f"{m.force_n:.0f}", f"{m.activation:.2f}", f"{m.passive_n:.0f}") for muscle, m in strongest],
    )
    hips = ", ".join(f"{side} {force:.0f} N" for side, force in answer.hips_n.items())
    typer.echo(f"Hip contact force: {hips}. Left unbalanced: {answer.residual_nm:.1e} N.m.")
    for reason in answer.reasons:
        typer.echo(f"Infeasible: {reason}")


def _print_compensation(answer: Compensation) -> None:
    from psoas.body.statics.compensation import LABEL

    columns: Mapping[str, Any] = {
        "untouched, held": answer.held_before,
        "tight, held": answer.held,
        "untouched, chosen": answer.chosen_before,
        "tight, chosen": answer.chosen,
    }
    rows: list[tuple[str, ...]] = []

    def add(label: str, read: Callable[[Any], float], form: str) -> None:
        rows.append((label, *(format(read(one), form) for one in columns.values())))

    add("pelvic tilt deg", lambda one: one.pelvic_tilt_deg, ".1f")
    add("lumbar flexion deg", lambda one: one.lumbar_flexion_deg, ".1f")
    for side in ("left", "right"):
        add(f"hip flexion {side} deg", lambda one, side=side: one.hip_flexion_deg[side], ".1f")  # type: ignore[misc]
        add(f"knee flexion {side} deg", lambda one, side=side: one.knee_flexion_deg[side], ".1f")  # type: ignore[misc]
    add("effort", lambda one: one.effort, ".3f")
    for level in answer.held.loads.levels:
        add(f"{level} compression N", lambda one, level=level: one.loads.levels[level].compression_n, ".0f")  # type: ignore[misc]
    print_table("Compensation", ("", *columns), rows)
    if answer.band:
        print_table(
            f"Change by tightness over {answer.samples - answer.failed} bodies drawn",
            ("", "10 %", "50 %", "90 %"),
            [(name, *(f"{value:.2f}" for value in band)) for name, band in answer.band.items()],
        )
    typer.echo(LABEL)


def _plot_levels(path: Path, answers: Mapping[str, Loads]) -> None:
    """Compression and shear by level, one line per posture, to a PNG or SVG file."""
    from psoas.body.view.plots import plot_levels

    plot_levels(path, answers)
