"""What commands share: their common arguments, and how they print."""

from __future__ import annotations

import json
import os
from typing import Annotated, Any

import typer

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="A case file, YAML or JSON; - is standard input.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program instead of text.")]


def print_json(data: Any) -> None:
    """JSON on standard output, the same bytes for the same data."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def console() -> Any:
    """A terminal of its own width, at most 100 columns; 80 where the output is no terminal."""
    from rich.console import Console

    class Terminal(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # a reader such as `head` that has seen enough is no error

    found = Terminal(highlight=False, soft_wrap=False)
    columns = os.environ.get("COLUMNS", "")
    if not found.is_terminal and not columns.isdigit():
        found.width = 80
    found.width = min(found.width, 100)
    return found
