"""`psoas exercises rank` and `show`: what each exercise does to a person's body, and which serve a goal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from psoas.cli.body.errors import plain_errors
from psoas.cli.body.of_case import BodyOfCase, OptionalCase, as_measured, body_of_case
from psoas.cli.output import Json, console, print_json
from psoas.cli.show.layout import bullets, heading

if TYPE_CHECKING:
    from psoas.body.exercises.goals import Ranked, Ranking
    from psoas.body.exercises.registry import ComputedExercise, ExerciseTable, Progress
    from psoas.care import Reason

app = typer.Typer(no_args_is_help=True, help="Exercises computed on a person's body: stretch, effort, load, ranking.")

CAVEAT = (
    "Computed for this body by this model. It says what an exercise does to the body, not that it helps: what was "
    "tried on people is in the published evidence, which comes first."
)
_SHOWN_EFFORTS = 8
_STEPS = {
    "start": "start",
    "end": "end",
    "tucked": "tucked",
    "untucked": "no tuck",
    "knee_straight": "knee straight",
}


@app.command("rank", epilog='Example:  psoas exercises rank --goal "lengthen right psoas" --spare L4/L5')
def rank(
    goal: Annotated[str, typer.Option("--goal", help="lengthen|strengthen MUSCLE [below 1 kN]")],
    case: OptionalCase = None,
    spare: Annotated[list[str] | None, typer.Option("--spare", help="A level to spare, L4/L5; repeatable.")] = None,
    json_: Json = False,
) -> None:
    """The exercises that serve a goal on a person's body, best first.

    What the case forbids is left out, whatever it would do for the goal.
    """
    with plain_errors():
        from psoas.body.exercises.goals import goal_of, to_answer
        from psoas.body.exercises.goals import rank as run

        wanted = goal_of(goal, spare or ())
        on = body_of_case(case)
        held = _held_back(on)
        found = run(_table(on, leave_out=tuple(held)), wanted)
    if json_:
        if held and not found.ranked and on.answer is not None and on.answer.screen.at_least("same_day"):
            print("psoas: every exercise waits until the danger in this case has been excluded.", file=sys.stderr)
        print_json(to_answer(found))
        return
    _show_ranking(console(), found, on, held)


@app.command("show", epilog="Example:  psoas exercises show half_kneeling_tuck_stretch examples/short_hip_flexor.yaml")
def show(
    exercise: Annotated[str, typer.Argument(metavar="EXERCISE", help="Its id, as the plan or `rank` gives it.")],
    case: OptionalCase = None,
    side: Annotated[str, typer.Option("--side", help="The side that works or is stretched.")] = "right",
    json_: Json = False,
) -> None:
    """One exercise on a person's body, position by position, with and without the pelvic tuck."""
    with plain_errors():
        from psoas.body.exercises.goals import position_to_answer
        from psoas.body.exercises.registry import check_exercise, exercise_table

        check_exercise(exercise)
        on = body_of_case(case)
        found = exercise_table(on.body, shorten=on.shorten, only=(exercise,)).of(exercise, side)
    if json_:
        steps = {one.step: position_to_answer(one) for one in found.positions}
        print_json({"id": found.id, "working_side": found.side, "positions": steps})
        return
    _show_exercise(console(), found, on)


def _held_back(on: BodyOfCase) -> Mapping[str, tuple[Reason, ...]]:
    if on.answer is None:
        return {}
    from psoas.care import exercises_held_back
    from psoas.knowledge import load

    answer = on.answer
    return exercises_held_back(answer.case, answer.facts, load(), answer.screen, answer.diagnosis)


def _table(on: BodyOfCase, *, leave_out: Sequence[str]) -> ExerciseTable:
    from psoas.body.exercises.registry import exercise_ids, exercise_table

    names = tuple(name for name in exercise_ids() if name not in leave_out)
    with _progress() as progress:
        return exercise_table(on.body, shorten=on.shorten, only=names, progress=progress)


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """A bar on a terminal's standard error, gone when done; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("exercises on this body")
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _show_ranking(out: Console, found: Ranking, on: BodyOfCase, held: Mapping[str, tuple[Reason, ...]]) -> None:
    goal = found.goal
    spare = f", spare {' and '.join(goal.spare)}" if goal.spare else ""
    limit = f" below {goal.below_n:g} N" if goal.below_n is not None else ""
    heading(out, f"To {goal.verb} {goal.words.replace('_', ' ')}{limit}{spare}")
    if found.ranked:
        out.print(_ranking_table(found))
        out.print(Text(_columns_explained(found), style="dim"))
    else:
        out.print(Text("No exercise is left that serves this goal."))
    if found.over:
        heading(out, f"Serve the goal, but press a level with more than {goal.below_n:g} N")
        bullets(out, (Text(f"{one.id}: {most:.0f} N") for one, most in found.over))
    if held:
        heading(out, "Held back by this case")
        bullets(out, (Text(f"{name}: {reasons[0].words}") for name, reasons in held.items()))
    _about(out, on)


def _ranking_table(found: Ranking) -> Table:
    goal = found.goal
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("", justify="right")
    table.add_column("exercise", ratio=1)
    table.add_column("side")
    table.add_column("stretch %" if goal.verb == "lengthen" else "effort %", justify="right")
    if goal.verb == "lengthen":
        table.add_column("over standing", justify="right")
    levels = goal.spare or ("most",)
    for level in levels:
        table.add_column(f"{level} N", justify="right")
    table.add_column("held?")
    for number, one in enumerate(found.ranked, 1):
        if not one.made_for_it and (number == 1 or found.ranked[number - 2].made_for_it):
            table.add_row("", Text("made for something else:", style="dim"))
        loads = (_load_cell(one, level) for level in levels)
        table.add_row(
            str(number), one.exercise.id, one.exercise.side, *_gain_cells(one, goal.muscles, goal.verb), *loads,
            _held_cell(one.exercise),
        )  # fmt: skip
    return table


def _gain_cells(one: Ranked, muscles: Sequence[str], verb: Literal["lengthen", "strengthen"]) -> Iterator[str]:
    if verb == "strengthen":
        yield f"{100 * one.gain:.0f}"
        return
    own = [one.exercise.stretch_percent[name] for name in muscles]
    yield f"{max(own):.0f}"
    yield f"{one.gain:+.1f}"


def _load_cell(one: Ranked, level: str) -> str:
    levels = one.exercise.levels
    force = max(levels.values(), key=lambda each: each.compression_n) if level == "most" else levels[level]
    return f"{force.compression_n:.0f}"


def _held_cell(exercise: ComputedExercise) -> str:
    if not exercise.feasible:
        return "no"
    return "yes" if exercise.reach >= 1.0 else f"to {exercise.reach:.0%}"


def _columns_explained(found: Ranking) -> str:
    what = (
        "Stretch: percent of the length at which the relaxed fibre begins to resist, and how much of it is beyond "
        "relaxed standing."
        if found.goal.verb == "lengthen"
        else "Effort: percent of what the muscle could do."
    )
    where = "at the spared level" if found.goal.spare else "at the level pressed most"
    return f"{what} N: compression {where}. Held?: whether this body can hold it, or how far towards it."


def _show_exercise(out: Console, found: ComputedExercise, on: BodyOfCase) -> None:
    from psoas.knowledge import load

    heading(out, f"{found.name} ({found.side} side)")
    entry = load().exercises.exercises[found.id]
    published = [f"{said.finding} [{', '.join(said.source)}]" for said in entry.evidence]
    bullets(out, (Text(line) for line in published or ("No study of this exercise is in the evidence.",)))
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("computed for this body", ratio=1)
    for position in found.positions:
        table.add_column(_STEPS[position.step], justify="right")
    for label, cells in _rows(found):
        table.add_row(label, *cells)
    out.print(table)
    for position in found.positions:
        for reason in position.reasons:
            out.print(Text(f"{_STEPS[position.step]}: {reason}"))
    if len(found.positions) > len(found.own):
        out.print(Text("Tucked, no tuck, knee straight: the end done that way.", style="dim"))
    if found.reach < 1.0:
        out.print(Text(f"This body comes {found.reach:.0%} of the way from the start to the end of the exercise."))
    _about(out, on)


def _rows(found: ComputedExercise) -> Iterator[tuple[str, list[str]]]:
    positions = found.positions
    yield "STRETCH BEYOND REST, %", []
    for name in positions[0].passive_n:
        yield f" {name.replace('_', ' ')}", [f"{one.stretch_percent[name]:.0f}" for one in positions]
    yield "RELAXED FLEXORS, N.m", []
    for side in ("left", "right"):
        yield f" at the {side} hip", [f"{one.flexor_moment_nm[side]:.1f}" for one in positions]
    yield "EFFORT, % OF STRENGTH", []
    for name in sorted(found.effort, key=lambda name: -found.effort[name])[:_SHOWN_EFFORTS]:
        yield f" {name.replace('_', ' ')}", [f"{100 * one.effort[name]:.0f}" for one in positions]
    yield "COMPRESSION, N", []
    for level in positions[0].levels:
        yield f" {level}", [f"{one.levels[level].compression_n:.0f}" for one in positions]
    yield "CAN BE HELD", ["yes" if one.feasible else "no" for one in positions]


def _about(out: Console, on: BodyOfCase) -> None:
    heading(out, "About this")
    lines = [*on.notes, as_measured(on.shorten), CAVEAT]
    bullets(out, (Text(line) for line in lines if line))
