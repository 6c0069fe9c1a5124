"""How text is laid out at a terminal: headings and lists."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text


def heading(console: Console, text: str) -> None:
    """A heading, with an empty line before it."""
    console.print()
    console.print(Text(text.upper(), style="bold underline"))


def bullets(console: Console, lines: Iterable[RenderableType], mark: str = "-") -> None:
    """Lines with a mark each; a long line stays beside its mark."""
    for line in lines:
        table = Table.grid(padding=(0, 1))
        table.add_column(width=len(mark) + 1)
        table.add_column()
        table.add_row(f" {mark}", line)
        console.print(table)


# ---- danger
