"""One way to hold times and one to show them: UTC instants are kept, the practice's zone is shown.

The zone is PSOAS_TIME_ZONE (`psoas serve --time-zone`), a name such as Europe/Vienna; without it, that of this machine.
Births, ages, weeks and 'today' are days of that zone.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

from psoas.records.errors import Invalid
from psoas.records.ids import now

ZONE_VARIABLE = "PSOAS_TIME_ZONE"


def zone() -> tzinfo | None:
    """The practice's zone; None is that of this machine.

    Raises:
        Invalid: there is no zone of this name.
    """
    name = os.environ.get(ZONE_VARIABLE, "").strip()
    return _zone_of(name) if name else None


@lru_cache(maxsize=8)
def _zone_of(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as err:  # not found is a KeyError
        raise Invalid(
            ZONE_VARIABLE, f"The time zone is {name!r}; expected a name such as Europe/Vienna or America/New_York."
        ) from err


def local(moment: datetime) -> datetime:
    """An instant on the clock of the practice; one without a zone is UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone())


def day_of(moment: datetime) -> date:
    """The day of an instant, as the practice's calendar has it."""
    return local(moment).date()


def today() -> date:
    """Today, as the practice's calendar has it."""
    return day_of(now())
