"""What a trial on this person alone settled, for the plan: a settled no takes the item off."""

from __future__ import annotations

from datetime import date

from psoas.care.types import Reason
from psoas.case import Case


def settled_no(case: Case) -> dict[str, Reason]:
    """By id, why a thing is not offered again; the last trial of a thing counts, and a re-test within a visit does not.

    A visit says whether a muscle takes part; whether a treatment helps is what weeks say.
    """
    last = {}
    for row in sorted((row for row in case.settled if row.by == "trial"), key=lambda row: row.ended or date.min):
        last[row.what] = row
    return {
        name: Reason(
            "tried", "settled",
            f"A trial on this person alone{f', ended {row.ended},' if row.ended else ''} showed that it does not help.",
        )
        for name, row in last.items()
        if row.verdict == "does_not"
    }  # fmt: skip
