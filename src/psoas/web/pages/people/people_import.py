"""People brought in from the table of another program: a dry run first, then all of the right rows or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from psoas.records import Invalid, Person, Work
from psoas.records.fold import fold_name
from psoas.web.access import Practitioner, records_of
from psoas.web.people_csv import FIELDS, ORDERS, Row, TableError, header_of, matched, rows_of, text_of
from psoas.web.render import page, see_other

router = APIRouter()

MOST_BYTES = 12_000_000
MOST_SHOWN = 200
"""Problems and doubles that are listed; more are counted. Our choice."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was sent: the table as text, which column is which, how dates are written, and whether to take it in."""

    text: str
    columns: dict[str, int] | None
    order: str
    take: bool
    problem: str = ""


async def _told(request: Request) -> Told:
    async with request.form(max_files=1, max_part_size=MOST_BYTES) as form:
        given = form.get("file")
        data = await given.read(MOST_BYTES + 1) if isinstance(given, UploadFile) else b""
        try:
            text, problem = (text_of(data) if data else str(form.get("table", ""))), ""
        except TableError as err:
            text, problem = "", str(err)
        chosen = {name: str(form.get(f"column.{name}", "")) for name in FIELDS if f"column.{name}" in form}
        order = str(form.get("order", "dmy"))
        take = form.get("do") == "take"
    columns = {name: int(at) for name, at in chosen.items() if at.isdigit() and len(at) < 4} if chosen else None
    return Told(text, columns, order if order in ORDERS else "dmy", take, problem)


@dataclass(frozen=True, slots=True)
class Judged:
    """A table, judged row by row.

    Attributes:
        right: rows that can be taken. wrong: those that cannot. double: those whose person is there already, or stands
            twice in the table; they are left out.
    """

    right: list[Row]
    wrong: list[Row]
    double: list[Row]


@router.get("/import-people")
def show(request: Request, visitor: Practitioner) -> Response:
    """A field for the file."""
    return page(request, "people/import.html", visitor, judged=None, problem="")


@router.post("/import-people", max_body_size=MOST_BYTES + 64 * 1024)
def take(request: Request, visitor: Practitioner, told: Annotated[Told, Depends(_told)]) -> Response:
    """The dry run; or, when asked to, every right row at once."""
    try:
        if told.problem:
            raise TableError(told.problem)
        header = header_of(told.text)
        columns = told.columns if told.columns is not None else matched(header)
        with records_of(request).work(visitor.scope) as work:
            judged = _judged(told, columns, _known(work))
            if told.take and judged.right:
                _add(work, judged.right)
    except TableError as err:
        return page(request, "people/import.html", visitor, status=422, judged=None, problem=str(err))
    if told.take and judged.right:
        return see_other("/people?said=imported")
    return page(
        request, "people/import.html", visitor, judged=judged, problem="", header=header, columns=columns,
        fields=FIELDS, order=told.order, orders=ORDERS, table=told.text, most=MOST_SHOWN,
    )  # fmt: skip


def _known(work: Work) -> set[tuple[str, Any]]:
    """Everybody who is there, by folded name and day of birth."""
    found: set[tuple[str, Any]] = set()
    at = 0
    while some := work.people.search(limit=1000, offset=at):
        found |= {_key(one) for one in some}
        at += len(some)
    return found


def _key(person: Person) -> tuple[str, Any]:
    return fold_name(person.family_name, person.given_name), person.birth_date


def _judged(told: Told, columns: dict[str, int], known: set[tuple[str, Any]]) -> Judged:
    judged = Judged([], [], [])
    for row in rows_of(told.text, columns, told.order):
        if row.problem:
            judged.wrong.append(row)
        elif row.key in known:
            judged.double.append(row)
        else:
            known.add(row.key)
            judged.right.append(row)
    return judged


def _add(work: Work, rows: list[Row]) -> None:
    """All in one piece of work: where one cannot be kept, none is."""
    try:
        work.people.add_all([row.fields for row in rows])
    except Invalid as err:
        raise TableError(f"{err} Nobody was brought in.") from err
