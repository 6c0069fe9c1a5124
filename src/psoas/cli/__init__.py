"""Every job from a terminal. `--json` where a program reads along.

Exit codes: 0 answered, 1 a check found something, 2 bad input, 3 an internal error.
"""

from __future__ import annotations

import gc
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from psoas import __version__
from psoas.cli.output import CaseArgument, Json, console, print_json, write_in_any_terminal
from psoas.errors import PsoasError

BAD_INPUT, INTERNAL = 2, 3
RECORDS_NEED = ("sqlalchemy", "alembic", "argon2", "keyring", "sqlcipher3")
BODY_NEEDS = ("mujoco", "myo_sim", "scipy", "numba", "pyarrow", "ray", "matplotlib")

app = typer.Typer(
    name="psoas",
    help="Finds where a low-back pain is probably coming from, and treats the cause. Danger comes first.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Example:  psoas assess examples/desk_worker.yaml",
)


class Who(StrEnum):
    """Who asks or tests next."""

    SELF = "self"
    BODYWORKER = "bodyworker"
    PHYSIOTHERAPIST = "physiotherapist"


class Setting(StrEnum):
    """Which population the starting probabilities come from."""

    STUDIO = "studio"
    PRIMARY_CARE = "primary_care"
    PAIN_CLINIC = "pain_clinic"
    REFERRED = "referred"


class Kind(StrEnum):
    """Which schema."""

    CASE = "case"
    ANSWER = "answer"


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False) -> None:
    if version:
        print(f"psoas {__version__}")
        raise typer.Exit


@app.command(epilog="Example:  psoas assess examples/desk_worker.yaml --who bodyworker")
def assess(
    case: CaseArgument,
    json_: Json = False,
    who: Annotated[Who, typer.Option(help="Who asks or tests next.")] = Who.PHYSIOTHERAPIST,
    setting: Annotated[
        Setting, typer.Option(help="Which population the starting probabilities come from.")
    ] = Setting.STUDIO,
) -> None:
    """Screen a case for danger, rank the sources of the pain, and plan what to do."""
    from psoas.assessment import assess as run
    from psoas.body.flexibility.flexor_ids import reads_a_flexor

    answer = run(case, setting=setting.value, who=who.value)
    if reads_a_flexor(answer.case):
        from psoas.body._compile import tell_when_compiling

        tell_when_compiling()
    if json_:
        print_json(answer.to_json())
        return
    from psoas.cli.show.assessment import show_answer
    from psoas.knowledge import load
    from psoas.knowledge.words import Words

    show_answer(console(), answer, Words(load()))


@app.command(epilog="Example:  psoas screen examples/looks_like_a_tight_psoas.yaml")
def screen(case: CaseArgument, json_: Json = False) -> None:
    """Only the danger screen: how urgent, why, and what hands must not do."""
    from psoas.assessment import read_case
    from psoas.assessment.as_json import screen_to_json
    from psoas.knowledge import load
    from psoas.screening import screen as run

    knowledge = load()
    screened = run(read_case(case, knowledge), knowledge)
    if json_:
        print_json({"case": Path(case).stem, "screen": screen_to_json(screened)})
        return
    from psoas.cli.show.assessment import show_open_questions, show_screen
    from psoas.knowledge.words import Words

    out, words = console(), Words(knowledge)
    show_screen(out, screened, words)
    show_open_questions(out, screened, words)


@app.command(epilog="Example:  psoas check my_case.yaml")
def check(case: CaseArgument, json_: Json = False) -> None:
    """Read a case file and say what is wrong with it, or that nothing is."""
    from psoas.cli.check import report

    report(case, json_, console())


@app.command(epilog="Example:  psoas ask --to anna.yaml --who self")
def ask(
    to: Annotated[Path, typer.Option("--to", help="The case file to write; an existing one is continued.")],
    who: Annotated[Who, typer.Option(help="Who answers: questions that person can answer are asked.")] = Who.SELF,
    setting: Annotated[
        Setting, typer.Option(help="Which population the starting probabilities come from.")
    ] = Setting.STUDIO,
    most: Annotated[int, typer.Option(min=1, max=200, help="The most questions to ask after the danger signs.")] = 12,
) -> None:
    """Ask at the terminal, danger first and then whatever tells most, and write the case file.

    Every answer is saved at once; stop with Ctrl-C or q and go on later with the same file.
    """
    from psoas.cli.ask import interview

    interview(to, who.value, setting.value, most, console())


@app.command(epilog="Example:  psoas schema answer > answer.schema.json")
def schema(kind: Annotated[Kind, typer.Argument(help="case or answer")]) -> None:
    """Print the JSON schema of the case file or of the answer."""
    from psoas.assessment.schema import answer_schema, case_schema

    print_json(case_schema() if kind is Kind.CASE else answer_schema())


def main() -> None:
    """Run the command line. Bad input gets sentences and exit code 2, never a traceback."""
    gc.disable()  # a command is over before there is garbage worth collecting
    # The matrices are small: more threads cost more than they give, and one thread gives the same bits every time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Looking through every installed package for plug-ins of the validator takes 20 ms, and none is ours.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    write_in_any_terminal()
    _mount()
    try:
        done = app(prog_name="psoas", standalone_mode=False)
        if isinstance(done, int):  # what `typer.Exit` carried
            sys.exit(done)
    except PsoasError as err:
        print(f"psoas: {err}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    except typer.Abort:
        print("\npsoas: stopped.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        _drop_output()
        sys.exit(0)
    except ModuleNotFoundError as err:
        package = (err.name or "").split(".")[0]
        if package not in (*BODY_NEEDS, *RECORDS_NEED):
            raise
        extra = "body" if package in BODY_NEEDS else "web"
        print(f"psoas: this needs {err.name}, which is not installed: pip install 'psoas[{extra}]'.", file=sys.stderr)
        sys.exit(BAD_INPUT)
    except OSError as err:
        print(f"psoas: the answer could not be written: {err.strerror or err}.", file=sys.stderr)
        _drop_output()
        sys.exit(INTERNAL)
    except Exception as err:
        if hasattr(err, "exit_code") and hasattr(err, "show"):  # usage errors of the command-line library
            err.show()
            sys.exit(BAD_INPUT)
        if os.environ.get("PSOAS_DEBUG"):
            raise
        kind = type(err).__name__
        print(
            f"psoas: an internal error ({kind}: {err}). Nothing was changed. PSOAS_DEBUG=1 shows where.",
            file=sys.stderr,
        )
        sys.exit(INTERNAL)


def _drop_output() -> None:
    """What could not be written is not tried again when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _evidence(root: typer.Typer) -> None:
    from psoas.cli.evidence import app as part

    root.add_typer(part, name="evidence")


def _body(root: typer.Typer) -> None:
    from psoas.cli.body.activities import register as register_activities
    from psoas.cli.body.commands import app as part
    from psoas.cli.body.loads import register
    from psoas.cli.body.motion import register as register_motion
    from psoas.cli.body.view import register as register_view

    _tell_when_compiling()
    register(part)
    register_motion(part)
    register_view(part)
    register_activities(part)
    root.add_typer(part, name="body")


def _study(root: typer.Typer) -> None:
    from psoas.cli.body.study import register

    _tell_when_compiling()
    register(root)


def _tightness(root: typer.Typer) -> None:
    from psoas.cli.body.tightness import register

    _tell_when_compiling()
    register(root)


def _exercises(root: typer.Typer) -> None:
    from psoas.cli.body.exercises import app as part

    _tell_when_compiling()
    root.add_typer(part, name="exercises")


def _measure(root: typer.Typer) -> None:
    from psoas.cli.measure import register

    register(root)


def _sheets(root: typer.Typer) -> None:
    from psoas.cli.handout import register

    register(root)


def _records(root: typer.Typer) -> None:
    from psoas.cli.records import app as part

    root.add_typer(part, name="records")


def _trial(root: typer.Typer) -> None:
    from psoas.cli.trial import register

    register(root)


def _tell(root: typer.Typer) -> None:
    from psoas.cli.tell import register

    register(root)


def _serve(root: typer.Typer) -> None:
    from psoas.cli.serve import register

    register(root)


def _tell_when_compiling() -> None:
    from psoas.body._compile import tell_when_compiling

    tell_when_compiling()


# Commands with parts of their own, by name, and what brings them in.
PARTS = {
    "evidence": _evidence, "body": _body, "study": _study, "tightness": _tightness, "exercises": _exercises,
    "measure": _measure, "handout": _sheets, "letter": _sheets, "records": _records, "serve": _serve,
    "trial": _trial, "retest": _trial, "tell": _tell,
}  # fmt: skip


def _mount() -> None:
    """Mount the part that is asked for, or all for the help; what is not asked for costs nothing at start."""
    asked = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    for mount in dict.fromkeys(part for name, part in PARTS.items() if asked in (None, name)):
        mount(app)
