"""`psoas trial` and `psoas retest`: settle on one person whether a treatment helps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.table import Table

from psoas.cli.files import save
from psoas.cli.output import Json, console, print_json
from psoas.cli.trial_series import series
from psoas.errors import CaseError

if TYPE_CHECKING:
    from psoas.trial import Option, Swings, Trial

T = TypeVar("T")

app = typer.Typer(help="A trial on one person: design it, start it, tell each day, analyse it.", no_args_is_help=True)

TrialFile = Annotated[Path, typer.Argument(metavar="TRIAL", help="The trial's file, YAML.")]
On = Annotated[str | None, typer.Option("--on", help="The day, as 2026-11-30; today when left out.")]


def register(root: typer.Typer) -> None:
    """Add both commands to the root."""
    app.command(epilog="Example:  psoas trial series days.csv")(series)
    root.add_typer(app, name="trial")
    root.command("retest", epilog="Example:  psoas retest before=6 before=6 treatment=3 comparison=5")(retest_command)


@app.command(epilog="Example:  psoas trial design --pain 5 --pain 6 --pain 4 --pain 5 --pain 6")
def design(
    pain: Annotated[list[int] | None, typer.Option(help="Pain of a run-in day, 0 to 10; once a day, in order.")] = None,
    half_life_days: Annotated[
        float, typer.Option(min=0, max=14, help="In how many days half of the effect should come and go.")
    ] = 1.0,
    json_: Json = False,
) -> None:
    """How likely a trial is to settle the question, by length of block and weeks, before it starts."""
    from psoas.trial import options, swings_of, typical_swings

    swings = _refused(lambda: swings_of(list(pain), starts=date.today())) if pain else typical_swings()
    out = console()
    with out.status("simulating people whose days swing like this") as status:
        ways = options(
            swings,
            half_life_days=half_life_days,
            progress=lambda done, of: status.update(f"simulating trials: {done} of {of} designs"),
        )
    if json_:
        print_json({"swings": _fields(swings), "options": [_fields(way) for way in ways]})
        return
    _show_design(swings, ways, assumed=not pain)


@app.command(epilog="Example:  psoas trial start hips.yaml --treatment 'hip-flexor stretch' --comparison walking")
def start(
    trial: TrialFile,
    treatment: Annotated[str, typer.Option(help="What is tried.")],
    comparison: Annotated[str, typer.Option(help="What it is held against.")] = "nothing",
    block_days: Annotated[int, typer.Option(min=2, max=28, help="Days in a block.")] = 7,
    pairs: Annotated[int, typer.Option(min=1, max=12, help="Pairs of blocks.")] = 3,
    run_in_days: Annotated[int, typer.Option(min=0, max=28, help="Days before the first block.")] = 7,
    on: On = None,
) -> None:
    """Draw the order by lot and write the trial's file. The order is told a day at a time."""
    from psoas.trial import Trial

    if trial.exists():
        raise CaseError(str(trial), "is there already; a trial is never overwritten. Choose another name.")
    made = Trial.of(
        {
            "treatment": treatment, "comparison": comparison, "block_days": block_days, "pairs": pairs,
            "run_in_days": run_in_days, "starts": _day(on),
        }
    )  # fmt: skip
    save(trial, made.model_dump(mode="json"))
    out = console()
    out.print(f"{trial}: {made.schedule.days} days, {made.starts} to {made.last}. The order was drawn by lot.")
    out.print(made.today(made.starts))


@app.command(epilog="Example:  psoas trial run hips.yaml --pain 4 --did-it")
def run(
    trial: TrialFile,
    pain: Annotated[int | None, typer.Option(min=0, max=10, help="Worst pain of the day, 0 to 10.")] = None,
    activity: Annotated[
        int | None, typer.Option(min=0, max=10, help="Your activity, 0 cannot to 10 as before.")
    ] = None,
    did_it: Annotated[bool | None, typer.Option("--did-it/--did-not", help="Whether it was done today.")] = None,
    danger: Annotated[str, typer.Option(help="A danger sign, in words: stops the trial at once.")] = "",
    on: On = None,
) -> None:
    """Tell a day, and read what to do. Every answer is saved at once."""
    from psoas.trial import Day

    held, day = _read(trial), _day(on)
    if danger:
        held = held.stop(f"danger sign on {day}: {danger}")
        save(trial, held.model_dump(mode="json"))
        console().print(
            "[bold]The trial is stopped.[/] Tell your practitioner now, and answer the danger questions: "
            "psoas screen CASE. If it is getting worse fast, call emergency services."
        )
        return
    if not (pain is None and activity is None and did_it is None):
        held = held.told(day, Day(pain_0_10=pain, activity_0_10=activity, did_it=did_it))
        save(trial, held.model_dump(mode="json"))
    console().print(held.today(day))


@app.command(epilog="Example:  psoas trial analyse hips.yaml --picture hips.svg")
def analyse(
    trial: TrialFile,
    json_: Json = False,
    picture: Annotated[Path | None, typer.Option(help="Draw the days into this SVG.")] = None,
    early: Annotated[
        bool, typer.Option("--early", help="Look before a look is due; such a look settles nothing.")
    ] = False,
    on: On = None,
) -> None:
    """What the days say: it helps, it does not, or it cannot be told yet; with every day drawn."""
    from psoas.trial import verdict_of
    from psoas.trial.picture import picture as drawn

    held, day = _read(trial), _day(on)
    if not early and not held.look_is_due(day):
        raise CaseError(
            "the trial",
            "is not due for a look: looking early and stopping when it suits would fool you. "
            "--early shows it all the same.",
        )
    seen = day if early or held.stopped else held.last_look(day) or day  # what comes after a look waits for the next
    found = _refused(lambda: held.posterior(seen))
    verdict = verdict_of(found)
    if picture:
        picture.write_text(drawn(held, held.pain_until(seen)), encoding="utf-8")
    if json_:
        print_json({"verdict": _fields(verdict), "day_sd": found.day_sd, "correlation": found.correlation})
        return
    out = console()
    out.print(verdict.sentence)
    out.print(
        f"Chance that it helps at all {verdict.any_help:.0%}, by what people notice "
        f"({verdict.noticeable_points:.1f} points) {verdict.noticeable_help:.0%}."
    )
    if held.stopped:
        out.print(f"The trial was stopped: {held.stopped}")


def retest_command(
    readings: Annotated[
        list[str], typer.Argument(metavar="READING...", help="before=6, treatment=3, comparison=5: in order.")
    ],
    chance: Annotated[
        float | None, typer.Option(min=0, max=1, help="Chance before that the muscle takes part.")
    ] = None,
    json_: Json = False,
) -> None:
    """Treat and test again within a visit: two readings before, then treatment and comparison in an order by lot."""
    from psoas.trial import Reading, retest

    rows = []
    for number, word in enumerate(readings, 1):
        after, _, value = word.partition("=")
        try:
            rows.append(Reading(after, float(value.replace(",", "."))))  # type: ignore[arg-type]
        except ValueError:
            raise CaseError(f"reading {number}", f"is {word!r}; expected like before=6.") from None
    found = _refused(lambda: retest(rows))
    after_visit = found.moved(chance) if chance is not None else None
    if json_:
        print_json({**_fields(found), "chance_after": after_visit})
        return
    low, high = found.interval_90
    out = console()
    out.print(found.sentence)
    out.print(f"Specific change {found.specific:+.1f} points, 90 % between {low:+.1f} and {high:+.1f}.")
    out.print(f"Likelihood ratio {found.likelihood_ratio:.2g} (one visit counts for at most 4 and at least a quarter).")
    if after_visit is not None:
        out.print(f"Chance that it takes part: {chance:.0%} before, {after_visit:.0%} now.")


def _show_design(swings: Swings, ways: list[Option], *, assumed: bool) -> None:
    out = console()
    whose = "assumed, no run-in was given" if assumed else "from the run-in"
    out.print(f"Days {whose}: usual pain {swings.level:.1f}, swinging by {swings.day_sd:.1f} points.")
    table = Table(box=None, padding=(0, 2))
    for column in ("block", "pairs", "weeks", "says 'helps'", "says 'does not'", "wrongly 'helps'"):
        table.add_column(column, justify="right")
    for way in ways:
        table.add_row(
            f"{way.block_days} days", str(way.pairs), f"{way.weeks:.0f}", f"{way.settles_if_helps:.0%}",
            f"{way.settles_if_not:.0%}", f"{way.wrong_if_not:.1%}",
        )  # fmt: skip
    out.print(table)
    out.print("'Helps': when it helps by twice what people notice. 'Does not': when it does nothing.")


def _fields(found: object) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(found)  # type: ignore[call-overload, no-any-return]


def _refused(work: Callable[[], T]) -> T:
    from psoas.trial import TrialError

    try:
        return work()
    except TrialError as err:
        raise CaseError("the trial", str(err)) from None


def _day(text: str | None) -> date:
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CaseError("--on", f"is {text!r}; expected a day like 2026-11-30.") from None


def _read(path: Path) -> Trial:
    from psoas.case import parse_case_text, read_case_text
    from psoas.trial import Trial

    return Trial.of(parse_case_text(read_case_text(path)))
