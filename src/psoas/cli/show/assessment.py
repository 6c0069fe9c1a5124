"""An answer for a person at a terminal: danger first, then the sources, then what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from psoas.cli.show.layout import bullets, heading
from psoas.cli.show.plan import show_plan
from psoas.knowledge.words import Words
from psoas.report.differences import difference_sentences
from psoas.report.phrases import (
    BITS,
    alarm_reasons,
    answers_needed,
    ban_for_all,
    ban_reasons,
    by_condition,
    conflict_words,
    headlines,
    kept_in_sight,
    medicine_words,
    notes_on,
    urgency_words,
)
from psoas.report.top_words import ASKED, top_report
from psoas.screening import Alarm, Screen

if TYPE_CHECKING:
    from psoas.assessment import Assessment
    from psoas.diagnosis import Diagnosis, RankedSource

STYLE = {
    "emergency_now": "bold white on red",
    "same_day": "bold white on red",
    "urgent_referral": "bold black on yellow",
    "routine_referral": "bold yellow",
    "watch": "bold cyan",
    "self_care": "bold green",
}
SHOWN_SOURCES = 6
SHOWN_REASONS = 3
SHOWN_QUESTIONS = 5


def show_answer(console: Console, answer: Assessment, words: Words) -> None:
    """The whole answer: three lines first, then everything behind them."""
    show_top(console, answer, words)
    show_screen(console, answer.screen, words)
    show_sources(console, answer.diagnosis, answer.screen, words)
    if (body := answer.body) is not None:
        from psoas.cli.body.show import show_body

        show_body(console, body, answer.screen)
    show_plan(console, answer.plan, answer.computed)
    console.print()
    console.print(
        Text(
            f"Psoas {answer.psoas_version}, evidence {answer.knowledge_sha256[:12]}. It supports a decision; a person "
            "makes it. Not a medical device. Citations: psoas evidence show ID.",
            style="dim",
        )
    )


def show_top(console: Console, answer: Assessment, words: Words) -> None:
    """The answer in ten seconds: may hands work, where it probably comes from, what to do first."""
    top = top_report(answer, words)
    where = f"{top['where']} {top['flexors']}".strip()
    for asked, said in zip(ASKED, (top["safe"], where, top["first"]), strict=True):
        mark = "" if asked.endswith("?") else "."
        console.print(Text.assemble((f"{asked}{mark} ", "bold"), said))
    for sentence in difference_sentences(answer.case, answer.facts, words):
        console.print(Text.assemble(("Told and measured differ. ", "bold"), sentence))
    console.print()


def show_screen(console: Console, screen: Screen, words: Words) -> None:
    """The danger screen: how urgent, why, and what hands must not do."""
    style = STYLE[screen.urgency]
    body = Group(Text(headlines()[screen.urgency], style=style), Text(urgency_words(screen, words)))
    console.print(Panel(body, border_style=style.split(" on ")[-1].removeprefix("bold ")))
    bullets(console, (_alarm_text(alarms, words) for alarms in by_condition(screen.alarms)), "!")
    if seen := kept_in_sight(screen, words):
        bullets(console, [Text("Keep an eye on: " + "; ".join(seen) + ".")], "·")
    if screen.forbidden:
        heading(console, "Not to be done")
        if first := ban_for_all(screen):
            bullets(console, [Text(first)], "x")
        techniques = dict.fromkeys(ban.technique for ban in screen.forbidden)
        lines = (_ban_text(technique, screen, words) for technique in techniques)
        bullets(console, [line for line in lines if line], "x")
    for one in screen.not_cleared:
        asked = "; ".join(words.short(name) for name in one.ask[:3])
        more = f"; and {len(one.ask) - 3} more" if len(one.ask) > 3 else ""
        text = Text.assemble(
            (words.technique(one.technique), "bold"),
            f": off until {answers_needed(one)} ({asked}{more}). psoas screen lists them all.",
        )
        bullets(console, [text], "x")
    show_understood(console, screen, words)


def show_understood(console: Console, screen: Screen, words: Words) -> None:
    """What the medicines were understood as, and answers that contradict something else."""
    if screen.medicines:
        heading(console, "Medicines as understood")
        marked = [(medicine_words(one), "" if one.understood else "bold yellow") for one in screen.medicines]
        bullets(console, (Text(text, style=style) for text, style in marked))
    if screen.conflicts:
        heading(console, "Answers that contradict each other")
        bullets(console, (Text(conflict_words(one, words)) for one in screen.conflicts), "!")


def show_open_questions(console: Console, screen: Screen, words: Words) -> None:
    """Every question that waits for an answer."""
    for title, names in (
        (
            "Still to be asked before hands-on work",
            list(dict.fromkeys(n for one in screen.not_cleared for n in one.ask)),
        ),
        ("Not asked yet", screen.not_asked),
    ):
        if names:
            heading(console, title)
            bullets(console, (Text.assemble(words.of(name), (f" ({name})", "dim")) for name in names))


def _alarm_text(alarms: list[Alarm], words: Words) -> Text:
    """One cause with everything that speaks for it, at its most urgent."""
    head = alarms[0]
    reasons, cited = alarm_reasons(alarms, words)
    name = words.condition(head.condition)
    text = Text.assemble((headlines()[head.urgency].capitalize(), "bold"), f": possible {name}. Because: ")
    text.append("; ".join(reasons) + ".")
    text.append(f" [{', '.join(cited)}]", style="dim")
    return text


def _ban_text(technique: str, screen: Screen, words: Words) -> Text | None:
    """A technique with what in this case forbids it; None when only the urgency does, which is said once for all."""
    because, limits = ban_reasons(technique, screen, words)
    if not because:
        return None
    text = Text.assemble((words.technique(technique), "bold"))
    if limits:
        text.append(f" ({'; '.join(limits)})")
    return text.append(f": {'; '.join(because)}.")


# ---- sources


def show_sources(console: Console, diagnosis: Diagnosis, screen: Screen, words: Words) -> None:
    """The differential with its reasons, what would change it, and what to ask next."""
    heading(console, "Where the pain may come from")
    if screen.at_least("same_day"):
        console.print("Only after the danger above has been excluded:")
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("", justify="right", width=2)
    table.add_column("source", ratio=1)
    table.add_column("probability", justify="right")
    table.add_column("90 % range", justify="right")
    table.add_column("share of the\ncomplaint", justify="right")
    for source in diagnosis.differential[:SHOWN_SOURCES]:
        low, high = source.interval_90
        table.add_row(
            str(source.rank), words.source(source.source), f"{source.probability:.0%}",
            f"{low:.0%} to {high:.0%}", f"{source.responsibility:.0%}",
        )  # fmt: skip
    table.add_row("", Text("no single source found", style="italic"), f"{diagnosis.no_single_source:.0%}", "", "")
    console.print(table)
    shown = [source for source in diagnosis.differential[:3] if source.for_ or source.against]
    for source in shown:
        console.print(Padding(_reasons(source, words), (0, 0, 0, 3)))
    if shown:
        console.print(Padding(Text(BITS, style="dim"), (0, 0, 0, 3)))
    for line in notes_on(diagnosis, words):
        console.print(Padding(Text(line), (0, 0, 0, 3)))
    _next(console, diagnosis, words)


def _reasons(source: RankedSource, words: Words) -> Text:
    text = Text.assemble((words.source(source.source), "bold"), ". ")
    for label, weights in (("For", source.for_), ("Against", source.against)):
        if weights:
            said = "; ".join(
                f"{words.answered(weight)} {weight.log2_odds:+.1f}" for weight in weights[:SHOWN_REASONS]
            )  # fmt: skip
            text.append(f"{label}: {said}. ", style="")
    text.rstrip()
    return text


def _next(console: Console, diagnosis: Diagnosis, words: Words) -> None:
    if not diagnosis.next:
        return
    heading(console, "What to ask or test next")
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("question or test", ratio=1)
    table.add_column("bits", justify="right")
    table.add_column("minutes", justify="right")
    table.add_column("bits a minute", justify="right")
    for one in diagnosis.next[:SHOWN_QUESTIONS]:
        bits = one.expected_information_bits
        table.add_row(words.of(one.finding), f"{bits:.2f}", f"{one.minutes:g}", f"{one.bits_per_minute:.2f}")
    console.print(table)
