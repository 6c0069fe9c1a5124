"""Draws the pictures of docs/handout.md: the sheet of all exercises, the pain drawing, and the example handouts as PNG.

.venv/bin/python scripts/handout_pictures.py          # all of them; the PNG need pdftoppm (poppler-utils)
.venv/bin/python scripts/handout_pictures.py --check  # 1 when a committed SVG is not what the program draws
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
from html import escape
from pathlib import Path

import psoas
from psoas import figures
from psoas.knowledge import load
from psoas.knowledge.words import Words
from psoas.report import handout

HERE = Path(__file__).resolve().parent.parent
DOCS, EXAMPLES = HERE / "docs", HERE / "examples"
COLUMNS, CELL, LABEL, GAP = 5, (240, 190), 20, 10


def exercise_sheet() -> str:
    """Every exercise in its end position, with body shapes, skin tones and working sides taken in turn."""
    names = load().exercises.exercises
    cells = []
    for index, name in enumerate(figures.available()):
        svg = figures.exercise_svg(
            name, shape=("slim", "broad")[index % 2], skin=index * 2 % 5, mirrored=index % 3 == 2
        )
        cells.append(_cell(index, svg, _short(names[name].name)))
    return _sheet(cells, "The exercises, each in its end position")


def hands_on_sheet() -> str:
    """Every hands-on test that has a picture."""
    cells = []
    for index, name in enumerate(figures.available_tests()):
        svg = figures.test_svg(name, skin=(index + 1) * 2 % 5, shape=("broad", "slim")[index % 2])
        cells.append(_cell(index, svg, svg.partition("</title>")[0].rpartition(">")[2]))
    return _sheet(cells, "The hands-on tests that have a picture")


def _short(name: str) -> str:
    """A name without its brackets and additions."""
    return name.split(" (")[0].split(",")[0].split(" with ")[0]


def _cell(index: int, svg: str, label: str) -> str:
    row, column = divmod(index, COLUMNS)
    x, y = GAP + column * (CELL[0] + GAP), GAP + row * (CELL[1] + LABEL + GAP)
    inner = svg.replace("<svg ", f'<svg x="{x}" y="{y}" width="{CELL[0]}" height="{CELL[1]}" ', 1)
    inner = inner.replace('rx="16" fill="#f7f3ec"/>', 'fill="none"/>', 1)
    return (
        f'<rect x="{x}" y="{y}" width="{CELL[0]}" height="{CELL[1] + LABEL}" rx="8" fill="#f7f3ec"/>{inner}'
        f'<text x="{x + CELL[0] / 2:g}" y="{y + CELL[1] + 12}" text-anchor="middle">{escape(label)}</text>'
    )


def _sheet(cells: list[str], title: str) -> str:
    rows = -(-len(cells) // COLUMNS)
    width, height = GAP + COLUMNS * (CELL[0] + GAP), GAP + rows * (CELL[1] + LABEL + GAP)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"><title>{title}</title>'
        f'<g font-family="sans-serif" font-size="12" fill="#22242b">{"".join(cells)}</g></svg>\n'
    )


def pain_sheet() -> str:
    """The pain drawing of a made-up person, front and back."""
    marks = {"lumbar_right": 6.0, "buttock_right": 4.0, "groin_right": 3.0, "thigh_anterior_right": None}
    views = []
    for index, view in enumerate(("front", "back")):
        svg = figures.pain_map_svg(marks, view)  # type: ignore[arg-type]
        views.append(svg.replace("<svg ", f'<svg x="{index * 320}" y="0" width="320" height="640" ', 1))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640" role="img"><title>A pain drawing</title>'
        f"{''.join(views)}</svg>\n"
    )


PICTURES = {"exercises.svg": exercise_sheet, "hands_on_tests.svg": hands_on_sheet, "pain_drawing.svg": pain_sheet}


def example_pages() -> None:
    """The example handout and letter as PNG."""
    practice = handout.Practice("House of Movement (fictional)", "3 Lime Tree Lane, Newtown", "020 7946 0000")
    words, today = Words(load()), date(2026, 11, 21)
    answer = psoas.assess(EXAMPLES / "desk_worker.yaml")
    client = handout.client_pdf(
        answer.plan, answer.case, words, person_name="Anna Fictional", practice=practice, today=today
    )
    letter = handout.doctor_letter_pdf(
        psoas.assess(EXAMPLES / "looks_like_a_tight_psoas.yaml"),
        person=handout.Patient("Peter Fictional", date(1965, 4, 3)), practice=practice,
        clinician=handout.Clinician("Jo Lind", "physiotherapist"), today=today,
    )  # fmt: skip
    for name, pdf in (("handout", client), ("letter", letter)):
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(pdf)
            file.flush()
            target = str(DOCS / f"{name}_page")
            subprocess.run(["pdftoppm", "-r", "72", "-png", file.name, target], check=True, stderr=subprocess.DEVNULL)


def main() -> int:
    """Draw everything, or compare."""
    if "--check" in sys.argv:
        stale = [name for name, draw in PICTURES.items() if (DOCS / name).read_text(encoding="utf-8") != draw()]
        print("\n".join(stale))
        return int(bool(stale))
    for name, draw in PICTURES.items():
        (DOCS / name).write_text(draw(), encoding="utf-8")
    example_pages()
    return 0


if __name__ == "__main__":
    sys.exit(main())
