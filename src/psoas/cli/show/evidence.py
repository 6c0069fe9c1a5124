"""How facts, counts and doubts look in a terminal of 80 columns, with colour and without."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from psoas.knowledge.catalogue import Citation, Fact, as_data, citations
from psoas.report.text.citing import READ_IN, citation_text

if TYPE_CHECKING:
    from psoas.knowledge import Accuracy, Finding, Knowledge
    from psoas.knowledge.checks.counts import Counts
    from psoas.knowledge.checks.doubts import Doubt

WHY = {
    "recalled": "recalled, not verified",
    "secondary": "quoted elsewhere",
    "reasoned": "reasoned, no source",
    "computed": "worked out from other figures",
    "contradicted": "contradicted",
}
AREA_TITLES = {
    "accuracy": ("How well findings identify a source", "how far each can move the log2 odds of the source"),
    "judged": (
        "How often each finding is there, by judgement",
        "what it says on average for the source it tells most",
    ),
    "share": ("How often each source is found", "how far apart the ends of its range are, in log2 odds"),
    "screen": ("The danger screen", "the urgency each leads to, whatever its figures are"),
    "care": ("What care rests on", "moves the plan, no probability and no urgency"),
    "other": ("The rest, recalled", "moves no probability and no urgency"),
}
_RULE_WORDS = {
    "all_of": "all of", "any_of": "any of", "none_of": "none of", "unless_yes": "unless yes to", "unless": "unless",
    "when": "when", "not_possible": "not possible:",
}  # fmt: skip


# ---------------------------------------------------------------- one fact
def show_fact(console: Console, k: Knowledge, fact: Fact) -> None:
    """One fact with its figures and everything it stands on."""
    cited = citations(k, fact)
    numbers = {citation.source.id: index for index, citation in enumerate(cited, 1)}
    console.print(Text.assemble((fact.id, "bold"), f"  {fact.kind}"))
    console.print(Text(f"{fact.pack}.yaml  {fact.path}", style="dim"))
    data = as_data(fact.record)
    rows = data.pop("accuracy", None)
    data.pop("id", None)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(max_width=20, style="bold")
    grid.add_column(ratio=1)
    own = _reading(data, numbers)
    for key, value in data.items():
        grid.add_row(key.replace("_", " "), Text(_text(value, numbers)))
    if own:
        grid.add_row("source", Text(own))
    console.print(Padding(grid, (1, 0, 0, 0)))
    if rows:
        console.print(Padding(_accuracy_table(fact.record, numbers), (1, 0, 0, 0)))
    if type(fact.record).__name__ == "SourceOfPain" and (table := _bearing_on(k, fact.id)):
        console.print(Padding(table, (1, 0, 0, 0)))
    console.print()
    console.print(_sources(cited, fact))


def _reading(data: dict[str, Any], numbers: Mapping[str, int]) -> str:
    """Takes `source` and `read_in` out of a record, and says them in short: '[1] abstract'."""
    source, read_in = data.pop("source", None), data.pop("read_in", None)
    names = source if isinstance(source, list) else [source] if source else []
    said = ", ".join(f"[{numbers[name]}]" if name in numbers else str(name) for name in names)
    return " ".join(part for part in (said, ", ".join(read_in or ())) if part)


def _text(value: Any, numbers: Mapping[str, int]) -> str:
    """A value of a record in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, dict):
        return _mapping_text(dict(value), numbers)
    if isinstance(value, list):
        if len(value) == 2 and all(isinstance(item, int | float) for item in value):
            return f"{value[0]:g} to {value[1]:g}"
        parts = [_text(item, numbers) for item in value]
        long = any(isinstance(item, dict) or len(part) > 40 for item, part in zip(value, parts, strict=True))
        return "\n".join(f"- {part}" for part in parts) if long else ", ".join(parts)
    return "none" if value is None else str(value)


def _mapping_text(value: dict[str, Any], numbers: Mapping[str, int]) -> str:
    if set(value) & {*_RULE_WORDS, "n_of", "weighted", "always", "urgency_at_least"}:
        return rule_text(value)
    reading = _reading(value, numbers)
    if not any(_is_nested(part) for part in value.values()):
        said = "; ".join(f"{key.replace('_', ' ')} {_text(part, numbers)}" for key, part in value.items())
        return f"{said}  {reading}" if reading else said
    lines = []
    for key, part in value.items():
        text = _text(part, numbers)
        lines.append(f"{key.replace('_', ' ')} " + ("\n" + textwrap.indent(text, "  ") if _is_nested(part) else text))
    return "\n".join([*lines, *([reading] if reading else [])])


def _is_nested(value: Any) -> bool:
    """Whether a value holds mappings, and so wants lines of its own."""
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))


def rule_text(rule: Any) -> str:
    """A rule of the screen in one line of words."""
    if not isinstance(rule, Mapping):
        return str(rule)
    return "; ".join(_rule_part(key, value) for key, value in rule.items())


def _rule_part(key: str, value: Any) -> str:
    if key == "n_of":
        return f"at least {value['n']} of ({_members(value['of'])})"
    if key == "weighted":
        items = ", ".join(f"{name} {points:+d}" for name, points in value["items"].items())
        return f"points of ({items}) at least {value['at_least']}"
    if key == "always":
        return "always"
    if key == "urgency_at_least":
        return f"urgency at least {value}"
    word = _RULE_WORDS.get(key, key)
    return f"{word} ({_members(value)})" if isinstance(value, list) else f"{word} {value}"


def _members(rules: list[Any]) -> str:
    return ", ".join(f"[{rule_text(rule)}]" if isinstance(rule, Mapping) else str(rule) for rule in rules)


def _accuracy_table(finding: Finding | Any, numbers: Mapping[str, int]) -> RenderableType:
    """The accuracy of a finding: one line of figures and one of words for each row."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), title="Accuracy", title_justify="left")
    table.add_column("for", ratio=1, overflow="fold")
    for name in ("sens.", "spec.", "LR+", "LR-", "n"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("read", no_wrap=True)
    for row in finding.accuracy:
        number = ", ".join(f"[{numbers[name]}]" for name in row.source if name in numbers)
        said = f"{number} {', '.join(row.read_in)}".strip()
        figures = [_figure(value) for value in (row.sensitivity, row.specificity, row.lr_pos, row.lr_neg, row.n)]
        words = Text("; ".join(_row_words(row)), style="dim")
        table.add_row(Group(Text(row.condition), words) if words else Text(row.condition), *figures, Text(said))
    return table


def _bearing_on(k: Knowledge, source: str) -> Table:
    """The findings with a likelihood ratio for a source, the strongest first."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), title="Findings for it", title_justify="left")
    table.add_column("finding", ratio=1, overflow="fold")
    for name in ("LR+", "LR-"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("read", no_wrap=True)
    rows = [
        (finding.id, row)
        for finding in k.findings.findings.values()
        for row in finding.accuracy
        if row.condition == source and row.prefer and (row.lr_pos is not None or row.lr_neg is not None)
    ]
    for name, row in sorted(rows, key=lambda pair: -(pair[1].lr_pos or 0)):
        table.add_row(name, _figure(row.lr_pos), _figure(row.lr_neg), ", ".join(row.read_in))
    return table


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _row_words(row: Accuracy) -> Iterator[str]:
    if row.untested:
        yield "untested: moves nothing"
    if not row.prefer:
        yield "second figure"
    for name, interval in (
        ("sens.", row.sens_ci),
        ("spec.", row.spec_ci),
        ("LR+", row.lr_pos_ci),
        ("LR-", row.lr_neg_ci),
    ):
        if interval:
            yield f"{name} {interval[0]:g} to {interval[1]:g}"
    if row.lr_pos_cap is not None:
        yield f"LR+ counts as {row.lr_pos_cap:g} at most"
    for part in (row.level, row.threshold, row.figures_from):
        if part:
            yield part
    if row.lr_derived_here:
        yield "ratios worked out here"
    yield f"quality {row.quality.replace('_', ' ')}"


def _sources(cited: tuple[Citation, ...], fact: Fact) -> RenderableType:
    if not cited:
        read_in = getattr(fact.record, "read_in", ())
        none = (
            "our own choice, as the heading of the file says" if fact.pack == "diagnosis_choices" else "none of its own"
        )
        words = "; ".join(READ_IN[word] for word in read_in) or none
        return Text(f"Sources: {words}.")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right")
    grid.add_column(ratio=1)
    for index, citation in enumerate(cited, 1):
        unsaid = "where it was quoted" if citation.quoted else "how it was read is not said here"
        how = "; ".join(READ_IN[word] for word in citation.read_in) or unsaid
        grid.add_row(f"[{index}]", Group(Text(citation_text(citation.source)), Text(how, style="italic")))
    return Group(Text("Sources", style="bold"), grid)


# ---------------------------------------------------------------- counts and doubts
def count_lines(counts: Counts) -> Iterator[str]:
    """The numbers of `psoas evidence check`, a subject a line."""
    c = counts
    yield (
        f"findings {c.findings} ({c.findings_untested} untested), accuracy rows {c.accuracy_rows} "
        f"({c.accuracy_rows_recalled} recalled), derived {c.derived_findings}, measurements {c.measurements}"
    )
    yield (
        f"causes in the screen {c.causes}; flags {c.flags}: asked {c.flags_asked}, groups {c.flags_groups}, derived "
        f"{c.flags_derived}; findings used {c.findings_in_screen}; combinations {c.combinations}; thresholds "
        f"{c.thresholds}"
    )
    yield "strength of flags: " + _listed(c.strength)
    yield "action alone: " + _listed(c.action_if_alone)
    yield (
        f"contraindications {c.contraindications}, regions {c.regions} ({c.regions_with_sides} with sides), illnesses "
        f"{c.known_illnesses}, sources of pain {c.sources_of_pain}, references {c.references}"
    )
    yield "figures by how they were read: " + _listed(c.read_in)
    yield f"recalled figures: {sum(c.recalled_by_pack.values())} ({_listed(c.recalled_by_pack)})"


def _listed(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in numbers.items())


def show_doubts(console: Console, area: str, doubts: tuple[Doubt, ...], limit: int) -> None:
    """The doubts of one area as a table, the greatest movers first."""
    title, moves = AREA_TITLES[area]
    console.print(Text.assemble((f"{title}: {len(doubts)}", "bold"), f"  ({moves})"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    if area not in ("care", "other"):
        table.add_column("moves", width=16, overflow="fold")
    table.add_column("what", width=30, overflow="fold")
    table.add_column("figure, doubt, source", ratio=1)
    for doubt in doubts[:limit] if limit else doubts:
        what = Text.assemble((doubt.id, "bold"), f"\nfor {doubt.about}" if doubt.about else "")
        why = "; ".join(WHY[word] for word in doubt.why)
        lines = [doubt.says, f"against {doubt.against}" if doubt.against else "", f"{why}: {', '.join(doubt.source)}"]
        cells = [what, Text("\n".join(filter(None, lines)))]
        table.add_row(*([_moves(doubt)] if area not in ("care", "other") else []), *cells)
    console.print(table)
    if limit and len(doubts) > limit:
        console.print(Text(f"... and {len(doubts) - limit} more (--limit 0 shows all)\n", style="dim"))


def _moves(doubt: Doubt) -> str:
    if doubt.urgency:
        more = doubt.urgency_with_others
        return doubt.urgency + (f"\nwith others {more}" if more and more != doubt.urgency else "")
    if doubt.bits is not None:
        return f"{doubt.bits:.1f} bits"
    return "not known"
