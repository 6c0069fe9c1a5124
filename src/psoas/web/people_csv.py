"""People from the table of another practice program: columns matched by name, every row judged before any is taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from psoas.errors import PsoasError
from psoas.records.fold import fold, fold_name

FIELDS = {
    "given_name": "Given name", "family_name": "Family name", "full_name": "Whole name (“Family, Given”)",
    "birth_date": "Date of birth", "sex": "Sex", "contact": "How to reach them", "note": "Note",
}  # fmt: skip
KNOWN_AS = {
    "given_name": ("given name", "first name", "firstname", "forename", "vorname", "nombre", "given"),
    "family_name": ("family name", "last name", "lastname", "surname", "nachname", "name", "apellido", "apellidos"),
    "full_name": ("full name", "patient", "client", "patient name", "client name"),
    "birth_date": ("birth date", "date of birth", "dob", "born", "birthday", "geburtsdatum", "birthdate"),
    "sex": ("sex", "gender", "geschlecht", "sexo"),
    "contact": ("contact", "phone", "telephone", "mobile", "email", "e mail", "telefon", "telefono"),
    "note": ("note", "notes", "comment", "remarks", "bemerkung"),
}
"""What other programs call a field; our choice, and changed on the screen."""
SEXES = {"f": "female", "female": "female", "w": "female", "weiblich": "female", "woman": "female",
         "mujer": "female", "m": "male", "male": "male", "mannlich": "male", "man": "male", "hombre": "male",
         "other": "other", "x": "other", "d": "other", "divers": "other",
         "": "unknown", "unknown": "unknown"}  # fmt: skip
MOST_ROWS, MOST_COLUMNS, MOST_CELL = 50_000, 60, 4000
"""The largest table, in rows, columns and characters of a cell. Our choice."""
ORDERS = {"dmy": "day first (31.5.1980)", "mdy": "month first (5/31/1980)"}


class TableError(PsoasError):
    """A file that is no table of people."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the fields of a person, or the sentence that says why it cannot be taken."""

    number: int
    fields: dict[str, Any]
    problem: str = ""

    @property
    def key(self) -> tuple[str, date | None]:
        """By which the same person is known within the table."""
        return fold_name(self.fields.get("family_name", ""), self.fields.get("given_name", "")), self.fields.get(
            "birth_date"
        )


def text_of(data: bytes) -> str:
    """The table as text: UTF-8, with or without its mark, UTF-16 with its mark, or the Windows code page of the West.

    Raises:
        TableError: it is no text.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(data, "utf-16")
    if b"\0" in data[:4096]:
        raise TableError("This file is no text; save the table as CSV and choose that file.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(data, "cp1252")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as err:
        raise TableError(f"This file is no text (byte {err.start}); save the table as CSV in UTF-8.") from None


def header_of(text: str) -> list[str]:
    """The names of the columns.

    Raises:
        TableError: there is no header, or too many columns.
    """
    names: list[str] = next(_reader(text), [])
    if not any(name.strip() for name in names):
        raise TableError("The table is empty; its first line must name the columns.")
    if len(names) > MOST_COLUMNS:
        raise TableError(f"The table has {len(names)} columns; expected at most {MOST_COLUMNS}.")
    return [name.strip()[:120] for name in names]


def matched(header: list[str]) -> dict[str, int]:
    """Field -> number of the column whose name is known for it, each column once."""
    found: dict[str, int] = {}
    for number, name in enumerate(header):
        for field, names in KNOWN_AS.items():
            if fold(name.replace("_", " ")) in names and field not in found and number not in found.values():
                found[field] = number
    return found


def rows_of(text: str, columns: Mapping[str, int], order: str) -> Iterator[Row]:
    """Each row with its fields or its problem, one at a time.

    Raises:
        TableError: more rows than are taken.
    """
    reader = _reader(text)
    next(reader, None)
    for count, cells in enumerate(reader, 1):
        if count > MOST_ROWS:
            raise TableError(f"The table has more than {MOST_ROWS} rows; part it and bring in one part at a time.")
        if any(cell.strip() for cell in cells):
            yield _row(reader.line_num, cells, columns, order)


def _reader(text: str) -> Any:
    head = text[:4096].partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(1_000_000)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _row(number: int, cells: list[str], columns: Mapping[str, int], order: str) -> Row:
    told = {field: cells[at].strip() if at < len(cells) else "" for field, at in columns.items()}
    for field, cell in told.items():
        if len(cell) > MOST_CELL or "\0" in cell:
            return Row(number, {}, f"{FIELDS[field]} has {len(cell)} characters; expected at most {MOST_CELL} of text.")
    if "full_name" in told:
        family, comma, given = told.pop("full_name").partition(",")
        if not comma:
            given, _, family = family.strip().rpartition(" ")
        told = {"family_name": family.strip(), "given_name": given.strip(), **{k: v for k, v in told.items() if v}}
    if not told.get("given_name") and not told.get("family_name"):
        return Row(number, {}, "There is no name.")
    try:
        born = _day(told.get("birth_date", ""), order)
    except ValueError as err:
        return Row(number, {}, str(err))
    sex = SEXES.get(fold(told.get("sex", "")))
    if sex is None:
        return Row(number, {}, f"Sex is {told['sex'][:40]!r}; expected female, male, other, or nothing.")
    return Row(number, {**told, "birth_date": born, "sex": sex})


def _day(text: str, order: str) -> date | None:
    if not text:
        return None
    parts = text.replace("/", ".").replace("-", ".").split(" ")[0].split("T")[0].split(".")
    example = ORDERS[order].partition("(")[2][:-1]
    wrong = f"Date of birth is {text[:40]!r}; expected a day such as 1980-05-31 or {example}."
    if len(parts) != 3 or not all(part.isdigit() and len(part) <= 4 for part in parts):
        raise ValueError(wrong)
    if len(parts[0]) == 4:
        year, month, day = map(int, parts)
    else:
        day, month, year = map(int, parts if order == "dmy" else (parts[1], parts[0], parts[2]))
    if year < 100:
        raise ValueError(f"{wrong} The year needs four digits.")
    try:
        born = date(year, month, day)
    except ValueError:
        raise ValueError(wrong) from None
    if not date(1900, 1, 1) <= born <= date.today():
        raise ValueError(f"Date of birth is {born}; expected a day from 1900 to today.")
    return born
