"""`psoas handout` and `psoas letter`: the sheet for the client and the letter for a clinician, as PDF."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from psoas.cli.output import CaseArgument, console
from psoas.errors import CaseError


class Shape(StrEnum):
    """Body shape of the figure."""

    SLIM = "slim"
    BROAD = "broad"


class Side(StrEnum):
    """The side that works in the pictures."""

    LEFT = "left"
    RIGHT = "right"


Name = Annotated[str | None, typer.Option("--name", help="The person's name, as printed on the sheet.")]
PracticeName = Annotated[str | None, typer.Option("--practice", help="Name of the practice.")]
Address = Annotated[str, typer.Option("--address", help="Address of the practice.")]
Phone = Annotated[str, typer.Option("--phone", help="Telephone of the practice.")]
Today = Annotated[
    datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="Date on the sheet; today when left out.")
]


def register(root: typer.Typer) -> None:
    """Add both commands to the root."""
    root.command("handout", epilog="Example:  psoas handout examples/desk_worker.yaml --out plan.pdf")(handout)
    root.command("letter", epilog="Example:  psoas letter examples/looks_like_a_tight_psoas.yaml --out letter.pdf")(
        letter
    )


def handout(
    case: CaseArgument,
    out: Annotated[Path, typer.Option("--out", help="The PDF file to write.")] = Path("plan.pdf"),
    name: Name = None,
    practice: PracticeName = None,
    address: Address = "",
    phone: Phone = "",
    side: Annotated[Side | None, typer.Option("--side", help="The side that works in the pictures.")] = None,
    shape: Annotated[Shape, typer.Option("--shape", help="Body shape of the figure.")] = Shape.SLIM,
    skin: Annotated[int, typer.Option("--skin", min=0, max=4, help="Skin tone, 0 the lightest.")] = 1,
    tape: Annotated[bool, typer.Option("--tape", help="Add the part about tape.")] = False,
    today: Today = None,
) -> None:
    """Two pages to take home: the plan with pictures and doses, stop rules, when to get help, a diary."""
    from psoas.assessment import assess
    from psoas.knowledge import load
    from psoas.knowledge.words import Words
    from psoas.report.handout import Options, client_pdf

    _check(out)
    answer = assess(case)
    options = Options(shape=shape.value, skin=skin, side=side.value if side else None, tape=tape)
    pdf = client_pdf(
        answer.plan, answer.case, Words(load()), person_name=name, practice=_practice(practice, address, phone),
        today=_day(today), options=options,
    )  # fmt: skip
    _write(out, pdf)


def letter(
    case: CaseArgument,
    out: Annotated[Path, typer.Option("--out", help="The PDF file to write.")] = Path("letter.pdf"),
    name: Name = None,
    born: Annotated[datetime | None, typer.Option("--born", formats=["%Y-%m-%d"], help="Date of birth.")] = None,
    practice: PracticeName = None,
    address: Address = "",
    phone: Phone = "",
    clinician: Annotated[str | None, typer.Option("--clinician", help="Who signs.")] = None,
    role: Annotated[str, typer.Option("--role", help="The signer's profession.")] = "",
    today: Today = None,
) -> None:
    """One page for a clinician: how urgent, why, what was found, what was not asked, what is asked for."""
    from psoas.assessment import assess
    from psoas.report.handout import Clinician, Patient, doctor_letter_pdf

    _check(out)
    pdf = doctor_letter_pdf(
        assess(case),
        person=Patient(name, born.date() if born else None) if name else None,
        practice=_practice(practice, address, phone),
        clinician=Clinician(clinician, role) if clinician else None,
        today=_day(today),
    )
    _write(out, pdf)


def _practice(name: str | None, address: str, phone: str) -> Any:
    from psoas.report.handout import Practice

    return Practice(name, address, phone) if name else None


def _day(said: datetime | None) -> date:
    return said.date() if said else date.today()


def _check(out: Path) -> None:
    """Said before anything is computed."""
    if out.suffix.lower() != ".pdf":
        raise CaseError("--out", f"is {out}; expected a name that ends in .pdf.")
    if not out.parent.is_dir():
        raise CaseError("--out", f"is {out}; there is no folder {out.parent}.")


def _write(out: Path, pdf: bytes) -> None:
    out.write_bytes(pdf)
    console().print(f"{out} written.", markup=False)
