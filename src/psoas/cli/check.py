"""`psoas check`: read a case file and say what is wrong with it, or that nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from psoas.assessment import read_case
from psoas.cli.output import print_json
from psoas.errors import CaseError
from psoas.knowledge import load
from psoas.knowledge.checks.remarks import conflicts_of, words_about
from psoas.knowledge.index import index_of
from psoas.screening import facts_of

if TYPE_CHECKING:
    from rich.console import Console


def report(source: str, as_json: bool, console: Console) -> None:
    """Problems with exit code 2; notes on what is not wrong but worth knowing."""
    knowledge = load()
    try:
        case = read_case(source, knowledge)
    except CaseError as err:
        if not as_json:
            raise
        print_json({"ok": False, "problems": [{"field": place, "sentence": text} for place, text in err.problems]})
        raise typer.Exit(2) from None
    notes = [*conflicts_of(case, facts_of(case, knowledge)), *words_about(case, index_of(knowledge).reader)]
    if as_json:
        print_json({"ok": True, "problems": [], "notes": [{"field": n.field, "sentence": n.says} for n in notes]})
        return
    console.print(f"{'standard input' if source == '-' else source}: this case can be taken.", markup=False)
    for note in notes:
        console.print(f" - {note.field}: {note.says}", markup=False)
