"""Runs the pages of docs/notebooks, writes what they print into them, and makes a Jupyter notebook of each.

    .venv/bin/python scripts/notebooks.py

A page is Markdown that holds ```python blocks, each followed by a ```text block with what it prints where it prints
anything. The page is the source: the `.ipynb` beside it follows from it word for word, output included.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
PAGES = sorted((HERE / "docs" / "notebooks").glob("*.md"))
BLOCK = re.compile(r"```python\n(?P<code>(?:(?!```).)*?)```\n(?:\n```text\n(?P<printed>.*?)```\n)?", re.S)
ROLE = re.compile(r"\{\w+\}(`[^`]+`)")


def blocks(text: str) -> list[tuple[str, str | None]]:
    """Code and expected output of every block; None where the page shows no output."""
    return [(found["code"], found["printed"]) for found in BLOCK.finditer(text)]


def printed_by(text: str, name: str) -> list[str]:
    """What each block prints when all are run in one namespace, one after the other."""
    namespace: dict[str, Any] = {"__name__": name}
    outputs = []
    for code, _ in blocks(text):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, name, "exec"), namespace)  # noqa: S102 - our own pages
        outputs.append(out.getvalue())
    return outputs


def filled(text: str, name: str) -> str:
    """The page with what its blocks print now."""
    outputs = iter(printed_by(text, name))

    def fill(found: re.Match[str]) -> str:
        printed = next(outputs)
        return f"```python\n{found['code']}```\n" + (f"\n```text\n{printed}```\n" if printed else "")

    return BLOCK.sub(fill, text)


def notebook(text: str) -> str:
    """The page as a notebook, format 4.5."""
    cells: list[dict[str, Any]] = []
    at = 0
    for found in BLOCK.finditer(text):
        _add_words(cells, text[at : found.start()])
        outputs = [{"name": "stdout", "output_type": "stream", "text": _lines(found["printed"])}]
        cells.append(
            {"cell_type": "code", "execution_count": None, "id": f"cell-{len(cells)}", "metadata": {},
             "outputs": outputs if found["printed"] else [], "source": _lines(found["code"].rstrip("\n"))}
        )  # fmt: skip
        at = found.end()
    _add_words(cells, text[at:])
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _add_words(cells: list[dict[str, Any]], words: str) -> None:
    """A cell of text, without the roles that only the site knows."""
    if words := ROLE.sub(r"\1", words).strip():
        cells.append({"cell_type": "markdown", "id": f"cell-{len(cells)}", "metadata": {}, "source": _lines(words)})


def _lines(text: str | None) -> list[str]:
    return (text or "").splitlines(keepends=True)


def main() -> None:
    """Fill every page and write its notebook."""
    for page in PAGES:
        text = filled(page.read_text(encoding="utf-8"), page.name)
        page.write_text(text, encoding="utf-8")
        page.with_suffix(".ipynb").write_text(notebook(text), encoding="utf-8")
        print(f"wrote {page.relative_to(HERE)} and its notebook")


if __name__ == "__main__":
    main()
