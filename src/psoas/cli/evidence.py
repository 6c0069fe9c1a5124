"""`psoas evidence`: prove that the evidence hangs together, look up a fact, see where it is weak."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.text import Text

from psoas.cli.output import console, print_json
from psoas.cli.show.evidence import AREA_TITLES, count_lines, show_doubts, show_fact
from psoas.knowledge import Knowledge, load, nearest_ids
from psoas.knowledge.catalogue import Fact, as_data, citations, facts
from psoas.knowledge.checks.counts import count
from psoas.knowledge.checks.doubts import Doubt, doubts
from psoas.knowledge.integrity import for_the_eye

app = typer.Typer(help="What Psoas knows: check it, look up a fact, see where it is weak.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command()
def check(as_json: AsJson = False) -> None:
    """Read every pack anew, run every check and count what is there. Exit code 1 when something is wrong."""
    k = load()
    problems = k.check()
    if as_json:
        report: dict[str, Any] = {"sha256": k.sha256, "problems": [str(problem) for problem in problems]}
        if not problems:
            report |= {"counts": asdict(count(k)), "for_the_eye": list(for_the_eye(k))}
        print_json(report)
    else:
        out = console()
        if not problems:
            for line in count_lines(count(k)):
                out.print(Text(line))
            eye = list(for_the_eye(k))
            out.print(Text(f"\nworth a look, not wrong: {len(eye)}"))
            for line in eye:
                out.print(Text(f"  {line}"))
        out.print(Text(f"\nproblems: {len(problems)}", style="bold"))
        for problem in problems:
            out.print(Text(f"  {problem}"))
        out.print(Text(f"evidence sha256 {k.sha256}", style="dim"))
    if problems:
        raise typer.Exit(1)


@app.command()
def show(
    fact_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a fact of any kind, e.g. night_pain.")],
    as_json: AsJson = False,
) -> None:
    """Print one fact with its figures, the full citations behind them, and how each was read."""
    k = load()
    table = facts(k)
    found = table.get(fact_id)
    if not found:
        near = nearest_ids(fact_id, table)
        hint = f"Nearest are: {', '.join(near)}." if near else "The evidence has no entry with a similar name."
        typer.echo(f"No fact has the id {fact_id!r}. {hint}", err=True)
        raise typer.Exit(2)
    if as_json:
        print_json({"id": fact_id, "facts": [_fact_data(k, fact) for fact in found]})
        return
    out = console()
    for index, fact in enumerate(found):
        if index:
            out.rule(style="dim")
        show_fact(out, k, fact)


@app.command(name="doubts")
def show_all_doubts(
    limit: Annotated[int, typer.Option(min=0, help="Rows in each part; 0 shows all.")] = 10,
    as_json: AsJson = False,
) -> None:
    """List what was recalled, quoted, reasoned, worked out or contradicted, and how much each figure can move."""
    found = doubts(load())
    by_area = {area: tuple(doubt for doubt in found if doubt.area == area) for area in AREA_TITLES}
    if as_json:
        kept = [doubt for part in by_area.values() for doubt in (part[:limit] if limit else part)]
        print_json({"total": len(found), "doubts": [_doubt_data(doubt) for doubt in kept]})
        return
    out = console()
    for area, part in by_area.items():
        show_doubts(out, area, part, limit)


def _fact_data(k: Knowledge, fact: Fact) -> dict[str, Any]:
    sources = [
        {**as_data(citation.source), "read_in": list(citation.read_in), "quoted": citation.quoted}
        for citation in citations(k, fact)
    ]
    place = {"kind": fact.kind, "pack": fact.pack, "path": fact.path}
    return {**place, "record": as_data(fact.record), "sources": sources}


def _doubt_data(doubt: Doubt) -> dict[str, Any]:
    return {key: value for key, value in asdict(doubt).items() if value is not None}
