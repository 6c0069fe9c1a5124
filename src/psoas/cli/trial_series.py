"""`psoas trial series`: many single-person trials at once, from a CSV of days."""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from psoas.cli.output import Json, print_json
from psoas.errors import CaseError

COLUMNS = ("trial", "days", "word", "effect", "low_90", "high_90", "any_help", "noticeable_help", "shrunk", "problem")


def series(
    days: Annotated[Path, typer.Argument(metavar="DAYS", help="CSV: person, day, on_treatment, pain.")],
    json_: Json = False,
) -> None:
    """Analyse a series of single-person trials: a CSV line for each, or JSON with the effects together."""
    from psoas.trial import TrialError
    from psoas.trial.series import analysed, read_days

    try:
        text = days.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise CaseError(str(days), f"cannot be read: {err}") from None
    try:
        found = analysed(read_days(text))
    except TrialError as err:
        raise CaseError(str(days), str(err)) from None
    if json_:
        print_json(asdict(found))
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in found.members:
        said = one.verdict
        cells = [""] * 6
        if said is not None:
            low, high = said.interval_90
            numbers = (said.effect_points, low, high, said.any_help, said.noticeable_help)
            cells = [said.word, *(f"{value:.3f}" for value in numbers)]
        writer.writerow([one.trial, one.days, *cells, "" if one.shrunk is None else f"{one.shrunk:.3f}", one.problem])
