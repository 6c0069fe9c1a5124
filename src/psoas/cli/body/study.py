"""Command line of population studies: ``psoas study``; :func:`register` adds it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command of this file to an app."""
    app.command("study")(study)


def study(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder of the study; an unfinished one is resumed.")
    ],
    people: Annotated[int, typer.Option("--people", help="How many virtual people.")] = 100,
    seed: Annotated[int, typer.Option("--seed", help="Of the population.")] = 1,
    posture: Annotated[list[str] | None, typer.Option("--posture", help="Posture by name; repeatable.")] = None,
    tighten: Annotated[
        list[str] | None, typer.Option("--tighten", help="Muscle to shorten, with its side; repeatable.")
    ] = None,
    percent: Annotated[
        list[float] | None, typer.Option("--percent", help="Percent of shortening, one run each; repeatable.")
    ] = None,
    power: Annotated[int, typer.Option("--power", help="Effort is the sum of activation to this power: 2 or 3.")] = 2,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes; all cores when left out.")] = None,
    ray: Annotated[
        str | None, typer.Option("--ray", metavar="ADDRESS", help="Work on this Ray cluster; 'local' starts one here.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Plain JSON for programs.")] = False,
) -> None:
    """Loads over a virtual population: people x tightness x postures, as a Parquet table.

    Stopped at any moment, the same command resumes it.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    try:
        from psoas.body.study.population import Plan
        from psoas.body.study.run import run_study

        plan = Plan.of(people, seed=seed, postures=posture, tighten=tighten, percent=percent, power=power)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("parts", total=None)
            results = run_study(
                plan,
                folder,
                workers=workers,
                ray_address=ray,
                on_part=lambda done, total: bar.update(task, completed=done, total=total),
            )
    except ImportError as missing:
        console.print(f"{missing.name} is not installed; run: pip install 'psoas[body]'", style="red", markup=False)
        raise typer.Exit(2) from None
    except ValueError as refused:
        console.print(str(refused), style="red", markup=False)
        raise typer.Exit(2) from None
    rows = plan.people * plan.rows_per_person
    if as_json:
        print(json.dumps({"results": str(results), "rows": rows, "people": plan.people}))
    else:
        print(f"{rows} rows of {plan.people} people in {results}")
