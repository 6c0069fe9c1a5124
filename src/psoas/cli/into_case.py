"""Adds measurements to a case file, leaving every other word of it as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from psoas.assessment import read_case
from psoas.case import parse_case_text, read_case_text
from psoas.cli.files import save, save_text

Entries = Sequence[Mapping[str, Any]]


def add_measurements(path: Path, entries: Entries) -> None:
    """Write entries behind the measurements of a case file; a file that is not there is made.

    The lines are added to the text, so that remarks and order stay; where the text is of another shape (JSON, or a list
    in brackets), the file is written anew with the same content. Nothing is written unless the whole can be taken.

    Raises:
        CaseError: the file cannot be taken as it stands, or not with these entries.
    """
    text = read_case_text(path) if path.exists() else "psoas_case: 1\n"
    data = parse_case_text(text)
    wanted = {**data, "measurements": [*(data.get("measurements") or []), *(dict(entry) for entry in entries)]}
    read_case(wanted)
    added = _with_lines(text, entries, has_some="measurements" in data)
    if added is not None and parse_case_text(added) == wanted:
        save_text(path, added)
    elif text.lstrip().startswith("{"):
        save_text(path, json.dumps(wanted, indent=2, ensure_ascii=False) + "\n")
    else:
        save(path, wanted)


def line_of(entry: Mapping[str, Any]) -> str:
    """An entry as one line of a case file."""
    return "  - {" + ", ".join(f"{key}: {_quoted(value)}" for key, value in entry.items()) + "}"


def _with_lines(text: str, entries: Entries, *, has_some: bool) -> str | None:
    """The text with the entries behind the list of measurements; None where that list is not found."""
    lines = text.rstrip("\n").split("\n")
    new = [line_of(entry) for entry in entries]
    heads = [index for index, line in enumerate(lines) if re.match(r"measurements:\s*(#.*)?$", line)]
    if not heads:
        return None if has_some or text.lstrip().startswith("{") else "\n".join([*lines, "measurements:", *new, ""])
    end = heads[0] + 1
    while end < len(lines) and re.match(r"( |-)", lines[end]):
        end += 1
    if end > heads[0] + 1:
        indent = re.match(r" *", lines[heads[0] + 1])
        new = [(indent[0] if indent else "") + line.lstrip() for line in new]
    return "\n".join([*lines[:end], *new, *lines[end:], ""])


def _quoted(value: object) -> str:
    """A value as YAML takes it inside braces."""
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if re.search(r"[^\w.\-]", text) else text
