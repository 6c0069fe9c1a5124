"""Ids and the one way in which content becomes text."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from psoas.records.errors import Invalid

_MOMENT: ContextVar[datetime | None] = ContextVar("moment", default=None)


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Everything kept inside happens at this moment: for the demo, whose people have a past, and for tests."""
    set_before = _MOMENT.set(moment)
    try:
        yield
    finally:
        _MOMENT.reset(set_before)


def new_id() -> str:
    """A UUID of version 7 as 32 hex digits: 48 bits of milliseconds, then 74 random bits; sorts by time."""
    milliseconds = int(now().timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return f"{value:032x}"


def now() -> datetime:
    """This moment, UTC."""
    return _MOMENT.get() or datetime.now(UTC)


def canonical(content: Any, field: str = "content") -> str:
    """JSON with sorted keys and no spaces: the same text for the same content, on every machine.

    Raises:
        Invalid: the content holds what JSON has no form for, such as NaN or a date.
    """
    try:
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as err:
        raise Invalid(field, f"{field} cannot be kept: {err}; expected plain JSON values.") from err
