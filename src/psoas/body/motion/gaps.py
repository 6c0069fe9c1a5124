"""Missing samples and uneven clocks: bridged where that is safe, refused where it is not, always said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.interpolate import CubicSpline

from psoas.body._data import load_data
from psoas.body.kinematics.sections import Array
from psoas.body.motion.errors import MotionError
from psoas.body.motion.tables import Table

_ROUNDING_S = 0.6e-3
"""Files that print milliseconds have steps of 16 and 17 ms at 60 frames a second; that is an even clock."""


def bridged(table: Table, columns: list[str]) -> tuple[Table, list[str]]:
    """The table with short gaps of some columns filled by a cubic through the samples around, and what was done.

    Raises:
        MotionError: a gap longer than allowed, or one at the start or the end, where nothing lies beyond.
    """
    longest = float(load_data("motion.yaml")["limits"]["longest_gap_s"])
    values, notes = table.values.copy(), []
    for column in columns:
        at = table.columns.index(column)
        missing = ~np.isfinite(values[:, at])
        if not missing.any():
            continue
        if missing.all():
            raise MotionError(f"{table.name}, column {column}: no row holds a number.")
        for first, after in runs(missing):
            edge = first == 0 or after == len(missing)
            length = table.time_s[min(after, len(missing) - 1)] - table.time_s[max(first - 1, 0)]
            if edge or length > longest:
                why = "at the end of the trial" if edge else f"{length:.2g} s long; up to {longest:g} s are bridged"
                raise MotionError(
                    f"{table.name}, column {column}: nothing from {table.row(first)} to {table.row(after - 1)}, {why}. "
                    "Fill it or cut the trial."
                )
        have = ~missing
        values[missing, at] = CubicSpline(table.time_s[have], values[have, at])(table.time_s[missing])
        notes.append(f"{column}: {int(missing.sum())} missing samples bridged by a cubic.")
    return replace(table, values=values), notes


def evened(table: Table) -> tuple[Table, list[str]]:
    """The table on an even grid of time: as it is where its steps are even, else between its samples."""
    even = np.linspace(table.time_s[0], table.time_s[-1], len(table.time_s))
    if np.abs(even - table.time_s).max() <= _ROUNDING_S:
        return replace(table, time_s=even), []
    step = np.diff(table.time_s)
    middle = float(np.median(step))
    uneven = float(np.abs(step / middle - 1.0).max()) * 100.0
    grid = np.linspace(table.time_s[0], table.time_s[-1], round((table.time_s[-1] - table.time_s[0]) / middle) + 1)
    allowed = float(load_data("motion.yaml")["limits"]["uneven_rate_percent"])
    if uneven <= allowed:
        return table, []
    longest = float(load_data("motion.yaml")["limits"]["longest_gap_s"])
    if step.max() > max(longest, 2 * middle):
        at = int(np.argmax(step))
        raise MotionError(
            f"{table.name}: rows are missing between {table.row(at)} and {table.row(at + 1)}; "
            f"up to {longest:g} s are bridged. Fill the gap or cut the trial."
        )
    note = f"Time steps differ by up to {uneven:.0f} percent; put on an even grid of {1 / middle:.4g} frames a second."
    return replace(table, time_s=grid, values=between(table.time_s, table.values, grid)), [note]


def between(time_s: Array, values: Array, grid: Array) -> Array:
    """(m, columns) values of straight lines between the samples (n, columns); NaN outside the samples' time."""
    columns = [np.interp(grid, time_s, column, left=np.nan, right=np.nan) for column in values.T]
    return np.stack(columns, axis=1) if columns else np.zeros((len(grid), 0))


def runs(flags: Array) -> list[tuple[int, int]]:
    """First index and the index after the last of every run of True."""
    edges = np.diff(np.concatenate([[0], np.asarray(flags, dtype=np.int8), [0]]))
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))
