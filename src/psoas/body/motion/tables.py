"""Tables of numbers by time: OpenSim's `.mot` and `.sto`, and CSV with a header.

Only what is in the file is believed: rows are counted, never taken from the header, so that a header that declares
two thousand million rows costs nothing and a file that ends early is noticed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.sections import Array
from psoas.body.motion.errors import MotionError

_HEADER_LINES = 200
_TIMES = ("time", "time_s", "t", "t_s")


@dataclass(frozen=True)
class Table:
    """Columns of a file over time.

    Attributes:
        name: the file's name, for sentences.
        header: keys and values above the columns, keys in lower case.
        columns: names of the columns but time.
        time_s: (n,) seconds, rising.
        values: (n, columns); NaN where the file holds nothing.
        first_row: number of the file's line that holds the first row.
    """

    name: str
    header: dict[str, str]
    columns: tuple[str, ...]
    time_s: Array
    values: Array
    first_row: int

    def row(self, index: int) -> str:
        """Where a row stands, for sentences: `row 12 (0.183 s)`."""
        return f"row {self.first_row + index} ({self.time_s[index]:.4g} s)"

    def column(self, name: str) -> Array:
        """(n,) one column by its name."""
        return np.asarray(self.values[:, self.columns.index(name)])


def read_table(path: Path) -> Table:
    """Read `.mot`, `.sto` or `.csv`.

    Raises:
        MotionError: no such file, too large, not text, cut short, a cell that is no number, or time that does not rise.
    """
    lines = read_lines(path)
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        return _of_csv(path.name, lines)
    return _of_storage(path.name, lines)


def read_lines(path: Path) -> list[str]:
    """The lines of a text file that is not too large."""
    if not path.is_file():
        raise MotionError(f"{path}: there is no such file.")
    largest = float(load_data("motion.yaml")["limits"]["largest_file_mb"])
    size = path.stat().st_size / 1e6
    if size > largest:
        raise MotionError(
            f"{path.name} holds {size:.0f} MB; up to {largest:g} MB are read. Cut the trial or thin it out."
        )
    raw = path.read_bytes()
    if b"\x00" in raw[:4096]:
        raise MotionError(f"{path.name} is not a text file; expected .mot, .sto, .trc or .csv as text.")
    lines = raw.decode("utf-8-sig", errors="replace").splitlines()
    if not any(line.strip() for line in lines):
        raise MotionError(f"{path.name} is empty.")
    return lines


def _of_storage(name: str, lines: list[str]) -> Table:
    header: dict[str, str] = {}
    end = next((n for n, line in enumerate(lines[:_HEADER_LINES]) if line.strip().lower() == "endheader"), None)
    if end is None:
        raise MotionError(f"{name} has no line 'endheader'; expected an OpenSim .mot or .sto file.")
    for line in lines[:end]:
        key, equals, value = line.partition("=")
        if equals:
            header[key.strip().lower()] = value.strip()
        elif line.split() and line.split()[0].lower() in ("datarows", "datacolumns"):
            header[line.split()[0].lower()] = line.split()[-1]
    rows = (line.split() for line in lines[end + 1 :])
    table = _assembled(name, header, rows, end + 2)
    declared = header.get("nrows", header.get("datarows", ""))
    if declared.isdigit() and int(declared) > len(table.time_s):
        raise MotionError(
            f"{name} declares {int(declared)} rows and holds {len(table.time_s)}; the file is cut short. "
            "Export it again, or correct nRows if the rest is not wanted."
        )
    return table


def _of_csv(name: str, lines: list[str]) -> Table:
    comments = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")), 0)
    body = lines[comments:]
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(body[0], delimiters=",;\t")
    except csv.Error:
        dialect = "excel"
    return _assembled(name, {}, csv.reader(body, dialect), comments + 1)


def _assembled(name: str, header: dict[str, str], rows: Iterable[list[str]], first_line: int) -> Table:
    """The table of a line of column names and the rows below it; `first_line` is the number of its line."""
    counted = ((first_line + at, [cell.strip() for cell in row]) for at, row in enumerate(rows))
    filled = ((at, row) for at, row in counted if any(row))
    at, names = next(filled, (first_line, []))
    clock = next((i for i, column in enumerate(names) if column.lower() in _TIMES), None)
    if clock is None:
        raise MotionError(f"{name} has no column 'time' in line {at}; found {', '.join(names[:6]) or 'nothing'}.")
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        raise MotionError(f"{name} has the column {twice[0]!r} more than once.")
    first, values = _numbers(name, names, filled)
    least = int(load_data("motion.yaml")["limits"]["least_rows"])
    if len(values) < least:
        raise MotionError(f"{name} holds {len(values)} rows; expected {least} or more.")
    time = values[:, clock]
    keep = [i for i in range(len(names)) if i != clock]
    table = Table(name, header, tuple(names[i] for i in keep), time, values[:, keep], first)
    _check_time(table)
    return table


def _numbers(name: str, names: list[str], rows: Iterator[tuple[int, list[str]]]) -> tuple[int, Array]:
    """The line of the first row, and (n, columns) numbers; an empty cell is NaN."""
    first, values = 0, []
    for at, row in rows:
        first = first or at
        if len(row) != len(names):
            raise MotionError(f"{name}, row {at}: {len(row)} values where the header names {len(names)} columns.")
        try:
            values.append([float(cell) if cell else np.nan for cell in row])
        except ValueError:
            wrong = next((n, cell) for n, cell in zip(names, row, strict=True) if not _is_number(cell))
            raise MotionError(f"{name}, row {at}, column {wrong[0]}: {wrong[1]!r} is not a number.") from None
    return first, np.array(values, dtype=float).reshape(len(values), len(names))


def _is_number(cell: str) -> bool:
    try:
        float(cell or "0")
    except ValueError:
        return False
    return True


def _check_time(table: Table) -> None:
    bad = np.flatnonzero(~np.isfinite(table.time_s))
    if len(bad):
        raise MotionError(f"{table.name}, row {table.first_row + bad[0]}: the time is not a number.")
    step = np.diff(table.time_s)
    stuck = np.flatnonzero(step <= 0)
    if len(stuck):
        at = int(stuck[0]) + 1
        raise MotionError(
            f"{table.name}, {table.row(at)}: time does not rise after {table.time_s[at - 1]:.4g} s; "
            "each row must come later than the one before."
        )
