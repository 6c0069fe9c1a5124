"""Ages, as the first page needs them: without the evidence."""

from __future__ import annotations

from datetime import date


def age_years(born: date, today: date) -> int:
    """Whole years lived."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
