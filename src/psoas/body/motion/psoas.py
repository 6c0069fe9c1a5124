"""The psoas in a movement: its length, its pull, what it does to hips and levels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from psoas.body.anatomy.muscles import Muscles
from psoas.body.anatomy.registration import LEVELS
from psoas.body.kinematics.coordinates import INDEX
from psoas.body.kinematics.posture import SIDES
from psoas.body.kinematics.sections import Array
from psoas.body.statics.placing import Placed
from psoas.body.subject.model import Body


def of_psoas(body: Body, muscles: Muscles, placed: Placed, force_n: Array) -> dict[str, Array]:
    """The fields of `MotionLoads` that begin with `psoas_`.

    Args:
        body: whose fascicles.
        muscles: the same with what is shortened.
        placed: the frames.
        force_n: (F, M) tension.
    """
    sides = [body.members(f"psoas_major_{side}") for side in SIDES]
    both = np.concatenate(sides)
    up = placed.level_frames[:, :, 2]
    pull = placed.pull[:, : len(LEVELS)][..., both]
    flexion = [INDEX[f"lumbar_flexion_{level}"] for level in LEVELS]
    hips = [INDEX[f"hip_flexion_{side}"] for side in SIDES]
    return {
        "psoas_length_m": _by_side([_mean(placed.lengths_m[:, m], muscles, m) for m in sides]),
        "psoas_fibre_of_optimal": _by_side([_mean(_fibre(muscles, placed, m), muscles, m) for m in sides]),
        "psoas_n": _by_side([force_n[:, m].sum(axis=1) for m in sides]),
        "psoas_hip_nm": _by_side(
            [
                np.einsum("fm,fm->f", placed.arms_m[:, hip][:, m], force_n[:, m])
                for hip, m in zip(hips, sides, strict=True)
            ]
        ),
        "psoas_lumbar_nm": np.einsum("fsm,fm->fs", placed.arms_m[:, flexion][:, :, both], force_n[:, both]),
        "psoas_press_n": -np.einsum("fsm,fm->fs", np.einsum("fsk,fskm->fsm", up, pull), force_n[:, both]),
    }


def _by_side(columns: list[Array]) -> Array:
    return np.stack(columns, axis=1)


def _mean(values: Array, muscles: Muscles, members: NDArray[np.intp]) -> Array:
    """(F,) mean of (F, k) over fascicles, weighted by their strength."""
    return np.asarray(np.average(values, axis=1, weights=muscles.strength_n[members]))


def _fibre(muscles: Muscles, placed: Placed, members: NDArray[np.intp]) -> Array:
    """(F, k) fibre lengths over the optimal: as `Muscles.normalised_lengths`, of a few fascicles only."""
    optimal = muscles.optimal_fibre_m[members]
    along = np.maximum(placed.lengths_m[:, members] - muscles.slack_m[members], 0.0)
    return np.asarray(np.hypot(along, optimal * np.sin(muscles.pennation_rad[members])) / optimal)
