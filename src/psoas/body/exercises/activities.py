"""What the psoas does in the activities of a day, on one person's body, with flexors normal and as measured.

An activity is a few moments, each solved in balance (``data/activities.yaml``). Its effort is the mean over them, its
loads are the largest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from psoas.body._data import load_data
from psoas.body.exercises.registry import Progress, solve_shared
from psoas.body.kinematics.posture import SIDES, Posture
from psoas.body.kinematics.postures import posture
from psoas.body.statics.loads import relative_volume
from psoas.body.statics.results import Loads
from psoas.body.subject.model import Body

MUSCLE = "psoas_major"


@dataclass(frozen=True)
class PsoasDoes:
    """What the psoas does in one activity.

    Attributes:
        effort_share: of the whole body's effort (squared activations by volume) both psoas muscles' part, 0 to 1; mean
            over the moments.
        force_n: largest pull by side, N; `passive_n` the relaxed part of it.
        compression_n: largest compression at each level, N.
        from_psoas_n: by level, the largest compression that both psoas muscles put on it, N.
        feasible: every moment is held by muscles and supports alone.
    """

    effort_share: float
    force_n: Mapping[str, float]
    passive_n: Mapping[str, float]
    compression_n: Mapping[str, float]
    from_psoas_n: Mapping[str, float]
    feasible: bool


@dataclass(frozen=True)
class Activity:
    """One activity, normal and as measured; the two are the same where no shortening is given."""

    id: str
    name: str
    angles: str
    normal: PsoasDoes
    measured: PsoasDoes

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers."""
        return {"id": self.id, "angles": self.angles, "normal": _plain(self.normal), "measured": _plain(self.measured)}


def activities(
    body: Body, *, shorten: Mapping[str, float] | None = None, progress: Progress | None = None
) -> tuple[Activity, ...]:
    """Every activity on `body`.

    Args:
        body: the person's body.
        shorten: percent by which flexors are shorter, by muscle and side.
        progress: called with the activities done and their number.

    Returns:
        Each activity on flexors of average length and as measured: forces of the psoas by side in newtons, what it
        presses on each level in newtons, its share of the effort from 0 to 1.

    Raises:
        ValueError: an unknown muscle.
    """
    rows = load_data("activities.yaml")["activities"]
    short = dict(shorten or {})
    found = []
    for number, row in enumerate(rows):
        if progress is not None:
            progress(number, len(rows))
        moments = moments_of(row)
        normal = _does(body, moments, {})
        measured = _does(body, moments, short) if short else normal
        found.append(Activity(row["id"], row["name"], row["angles"], normal, measured))
    if progress is not None:
        progress(len(rows), len(rows))
    return tuple(found)


def moments_of(row: Mapping[str, Any]) -> tuple[Posture, ...]:
    """The postures that stand for an activity."""
    if "phases_percent" in row:
        return tuple(
            posture(name, phase_percent=at) for name in row["postures"] for at in _steps(row["phases_percent"])
        )
    if "trunk_deg" in row:
        return tuple(posture(name, trunk_deg=at) for name in row["postures"] for at in _steps(row["trunk_deg"]))
    return tuple(posture(name) for name in row["postures"])


def _steps(spread: Mapping[str, float]) -> list[float]:
    return [float(at) for at in np.arange(spread["from"], spread["to"] + 1e-9, spread["step"])]


def _does(body: Body, moments: tuple[Posture, ...], shorten: Mapping[str, float]) -> PsoasDoes:
    solved = [solve_shared(body, one, shorten)[0] for one in moments]
    names = tuple(f"{MUSCLE}_{side}" for side in SIDES)
    levels = tuple(solved[0].levels)
    return PsoasDoes(
        effort_share=float(np.mean([_effort_share(body, one, names) for one in solved])),
        force_n={side: max(one.muscles[f"{MUSCLE}_{side}"].force_n for one in solved) for side in SIDES},
        passive_n={side: max(one.muscles[f"{MUSCLE}_{side}"].passive_n for one in solved) for side in SIDES},
        compression_n={level: max(one.levels[level].compression_n for one in solved) for level in levels},
        from_psoas_n={
            level: max(sum(one.levels[level].share_n[name] for name in names) for one in solved) for level in levels
        },
        feasible=all(one.feasible for one in solved),
    )


def _effort_share(body: Body, loads: Loads, names: tuple[str, ...]) -> float:
    """Part of the effort that some muscles make, 0 to 1; 0 where there is no effort at all."""
    each = loads.fascicle_arrays.activation**2 * relative_volume(body)
    total = float(each.sum())
    return float(sum(each[body.members(name)].sum() for name in names)) / total if total > 0.0 else 0.0


def _plain(one: PsoasDoes) -> dict[str, Any]:
    def rounded(values: Mapping[str, float]) -> dict[str, float]:
        return {name: round(value, 1) + 0.0 for name, value in values.items()}

    return {
        "effort_share": round(one.effort_share, 4),
        "psoas_force_n": rounded(one.force_n),
        "psoas_passive_n": rounded(one.passive_n),
        "levels": {
            level: {"compression_n": round(value, 1), "from_psoas_n": round(one.from_psoas_n[level], 1) + 0.0}
            for level, value in one.compression_n.items()
        },
        "feasible": one.feasible,
    }
