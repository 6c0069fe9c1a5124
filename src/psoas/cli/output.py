"""What commands share: their common arguments, and how they print."""

from __future__ import annotations

import codecs
import json
import os
import sys
import unicodedata
from typing import Annotated, Any

import typer

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="A case file, YAML or JSON; - is standard input.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program instead of text.")]


def print_json(data: Any) -> None:
    """JSON on standard output, the same bytes for the same data."""
    in_utf8 = _codec_of(sys.stdout) == "utf-8"
    print(json.dumps(data, indent=2, ensure_ascii=not in_utf8))


_IN_ASCII = {"≥": ">=", "≤": "<=", "−": "-", "–": "-", "—": "-", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'",
             "°": " deg", "·": "-", "×": "x", "±": "+-", "→": "->", "•": "-", "²": "^2", "µ": "u", "ö": "oe", "ä": "ae",
             "ü": "ue", "ß": "ss"}  # fmt: skip
"""What stands for a sign that the terminal does not have; any other becomes a question mark."""


def _codec_of(stream: Any) -> str:
    try:
        return codecs.lookup(getattr(stream, "encoding", None) or "ascii").name
    except LookupError:
        return "ascii"


def _instead(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(_IN_ASCII.get(sign) or _plain(sign) for sign in signs), error.end


def _plain(sign: str) -> str:
    if "\u2500" <= sign <= "\u257f":  # the frame round the danger screen
        return "-" if sign in "─━" else "|" if sign in "│┃" else "+"
    bare = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return bare or "?"


def write_in_any_terminal() -> None:
    """A sign that the terminal does not have is written as one that it has: the danger screen never ends half said."""
    codecs.register_error("psoas", _instead)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="psoas")


LEAST_COLUMNS = 20
"""Narrower than any terminal that can be read. Our choice."""


def console() -> Any:
    """A terminal of its own width, at most 100 columns; 80 where the output is no terminal."""
    from rich.console import Console

    class Terminal(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # a reader such as `head` that has seen enough is no error

    found = Terminal(highlight=False, soft_wrap=False)
    columns = os.environ.get("COLUMNS", "")
    if (not found.is_terminal and not columns.isdigit()) or found.width < LEAST_COLUMNS:
        found.width = 80  # a width of nothing would print nothing
    found.width = min(found.width, 100)
    return found
