"""What a digest covers: a whole row, so that nothing in it can be changed unseen: not an alarm, a right or a date.

Columns without a value are left out, so that a column added later changes no digest of a row written before; such a
column must therefore be nullable.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Table

from psoas.records.ids import canonical

NOT_COVERED = {"person": {"salt"}, "account": {"seal"}}
"""The salt is the key of the digest itself; the seal of an account is its digest, kept in the row."""


def row_content(table: Table, values: Mapping[str, Any] | Row[Any]) -> str:
    """The text that the digest of a row is made of."""
    found = values._mapping if isinstance(values, Row) else values
    left_out = NOT_COVERED.get(table.name, set())
    told = {
        column.name: _plain(found[column.name])
        for column in table.columns
        if column.name not in left_out and found.get(column.name) is not None
    }
    return canonical([table.name, told])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return hashlib.sha256(value).hexdigest()
    return value
