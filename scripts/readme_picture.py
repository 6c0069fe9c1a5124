"""Draws docs/answer.svg, the picture of the README: what `psoas assess examples/desk_worker.yaml` prints.

.venv/bin/python scripts/readme_picture.py
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

import psoas
from psoas.cli.show.assessment import show_screen, show_sources
from psoas.knowledge.words import Words

HERE = Path(__file__).resolve().parent.parent

# Rich's own frame without the fonts it would load from the web: nothing here leaves the machine.
FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>An answer of Psoas in a terminal</title>
<style>
.{unique_id}-matrix {{
  font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: {char_height}px; line-height: {line_height}px;
}}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def picture() -> str:
    """The danger screen and the ranked sources of the desk worker, as SVG."""
    answer = psoas.assess(HERE / "examples" / "desk_worker.yaml")
    words = Words(psoas.load())
    console = Console(
        record=True, width=80, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )
    show_screen(console, answer.screen, words)
    show_sources(console, answer.diagnosis, answer.screen, words)
    svg = console.export_svg(
        title="./psoas assess examples/desk_worker.yaml", theme=MONOKAI, code_format=FORMAT, unique_id="psoas"
    )
    return re.sub(r"[ \t]+\n", "\n", svg)


if __name__ == "__main__":
    target = HERE / "docs" / "answer.svg"
    target.write_text(picture(), encoding="utf-8")
    print(f"wrote {target.relative_to(HERE)}")
