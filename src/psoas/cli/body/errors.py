"""What the body's commands share: the person's options, tables, JSON, and refusals in a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from psoas.body.subject.model import Body

HeightM = Annotated[float | None, typer.Option(help="Body height in metres; the mean of sex and age when left out.")]
MassKg = Annotated[float | None, typer.Option(help="Body mass in kilograms; the mean of sex and age when left out.")]
Sex = Annotated[str, typer.Option(help="male, female or unspecified.")]
AgeYears = Annotated[float | None, typer.Option(help="Age in years.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the body refuses, or cannot find installed, into one sentence on standard error and exit code 2."""
    try:
        yield
    except ImportError as error:
        sentence = f"The body model needs the package {error.name!r}; install it with: pip install 'psoas[body]'"
        typer.echo(sentence, err=True)
        raise typer.Exit(2) from None
    except (ValueError, ArithmeticError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def body_of(height_m: float | None, mass_kg: float | None, sex: str, age_years: float | None) -> Body:
    """The body of the person given on the command line."""
    from psoas.body.subject.model import Body

    return Body.of(height_m=height_m, mass_kg=mass_kg, sex=sex, age_years=age_years)


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table whose first column reads from the left and whose figures stand to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def print_json(content: Any) -> None:
    """JSON on standard output; a figure that is none is an error, never NaN."""
    typer.echo(json.dumps(content, indent=2, allow_nan=False))
