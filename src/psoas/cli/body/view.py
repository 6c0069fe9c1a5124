"""`psoas body view`: a picture of the body; :func:`register` adds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from psoas.cli.body.errors import AgeYears, HeightM, MassKg, Sex, body_of, plain_errors
from psoas.cli.body.loads import HoldDistance, HoldKg, Shorten, Stiffen, percents


def register(app: typer.Typer) -> None:
    """Add the command of this file to the `psoas body` app."""
    app.command("view", epilog="Example:  psoas body view --posture standing --front --out body.svg")(view)


def view(
    posture: Annotated[
        str, typer.Option("--posture", help="Posture by name; walking takes a phase as walking@50.")
    ] = "standing",
    trunk_deg: Annotated[
        float | None, typer.Option("--trunk-deg", help="Forward inclination of the trunk, deg.")
    ] = None,
    side: Annotated[bool, typer.Option("--side", help="From the right; this is the default.")] = False,
    front: Annotated[bool, typer.Option("--front", help="From the front.")] = False,
    oblique: Annotated[bool, typer.Option("--oblique", help="From the front, the right and somewhat above.")] = False,
    close: Annotated[bool, typer.Option("--close", help="Lumbar spine, pelvis and hips alone, larger.")] = False,
    muscles: Annotated[
        str | None, typer.Option("--muscles", help="Muscles, comma between; the hip flexors when left out.")
    ] = None,
    loads: Annotated[bool, typer.Option("--loads/--no-loads", help="Solve the loads, or show relaxed muscles.")] = True,
    colour: Annotated[str, typer.Option("--colour", help="Colour strands by force or by stretch.")] = "force",
    hold_kg: HoldKg = None,
    hold_distance_m: HoldDistance = None,
    height_m: HeightM = None,
    mass_kg: MassKg = None,
    sex: Sex = "unspecified",
    age_years: AgeYears = None,
    shorten: Shorten = None,
    stiffen: Stiffen = None,
    out: Annotated[Path, typer.Option("--out", help="The PNG or SVG file to write.")] = Path("body.svg"),
) -> None:
    """A picture: bones, hip flexors along their paths coloured by force, and what each lumbar level carries."""
    with plain_errors():
        from psoas.body.kinematics.posture import PostureError
        from psoas.body.kinematics.postures import posture as by_name
        from psoas.body.statics.loads import solve
        from psoas.body.view.page import save
        from psoas.body.view.picture import FLEXORS, draw
        from psoas.body.view.plots import check_ending

        if side + front + oblique > 1:
            raise PostureError("--side, --front and --oblique exclude each other; give one.")
        seen_from = "front" if front else "oblique" if oblique else "side"
        check_ending(out)
        if not out.parent.is_dir():  # said before the loads are solved
            raise PostureError(f"{out} cannot be written: there is no folder {out.parent}; choose another --out.")
        body, named = body_of(height_m, mass_kg, sex, age_years), by_name(posture, trunk_deg=trunk_deg)
        short = percents(shorten)
        answer = None
        if loads:
            answer = solve(
                body,
                named,
                hold_kg=hold_kg,
                hold_distance_m=hold_distance_m,
                shorten=short,
                stiffen=percents(stiffen),
            )
        chosen = FLEXORS if muscles is None else [name.strip() for name in muscles.split(",") if name.strip()]
        figure = draw(
            body.pose(named).shortened(short),
            answer,
            side=seen_from,
            muscles=chosen,
            colour=colour,
            close=close,
            posture=named,
            note=_note(trunk_deg, hold_kg, short),
        )
        try:
            save(figure, out)
        except OSError as error:
            raise PostureError(f"{out} cannot be written: {error.strerror or error}; choose another --out.") from None
    typer.echo(f"Wrote {out}.")


def _note(trunk_deg: float | None, hold_kg: float | None, shorten: Mapping[str, float]) -> str:
    """What was asked beyond the posture's name, for the title."""
    said = [] if trunk_deg is None else [f"trunk {trunk_deg:g}° forward"]
    said += [] if hold_kg is None else [f"{hold_kg:g} kg in the hands"]
    return ", ".join(said + [f"{muscle.replace('_', ' ')} {by:g} % shorter" for muscle, by in shorten.items()])
