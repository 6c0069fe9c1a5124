"""How sure a figure is: bodies drawn from the uncertain parameters, and the span of the figure over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from psoas.body._data import load_data
from psoas.body.kinematics.posture import PostureError
from psoas.body.statics.tissue import NOMINAL, Variation

Band = Mapping[str, tuple[float, float, float]]


def band_over(figures: Callable[[Variation], Mapping[str, float]], samples: int, seed: int) -> tuple[Band, int]:
    """10th, 50th and 90th percentile of every figure over bodies drawn from the uncertain parameters.

    Args:
        figures: the figures of one body, by name; a body that finds no balance raises.
        samples: bodies to draw; 0 gives an empty band.
        seed: of the draw.

    Returns:
        The band, and how many bodies found no balance and were left out.
    """
    generator = np.random.default_rng(seed)
    rows: list[Mapping[str, float]] = []
    failed = 0
    for _ in range(samples):
        try:
            rows.append(figures(draw(generator)))
        except (PostureError, ArithmeticError):
            failed += 1
    if not rows:
        return {}, failed
    spans = np.percentile([list(row.values()) for row in rows], [10, 50, 90], axis=0).T.tolist()
    return {name: (low, middle, high) for name, (low, middle, high) in zip(rows[0], spans, strict=True)}, failed


def draw(generator: np.random.Generator) -> Variation:
    """A body drawn from the uncertain parameters, each log-uniform over its range."""
    spread = load_data("recruitment.yaml")["uncertain"]
    drawn = {
        name: float(np.exp(generator.uniform(*np.log(spread[name]["range"]))))
        for name in ("psoas_strength", "passive_muscle", "disc_stiffness", "extensor_strength")
    }
    return replace(NOMINAL, **drawn)
