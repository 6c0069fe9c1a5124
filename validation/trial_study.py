"""Sample sizes for the study of docs/study_protocol.md, by simulation.

    python -m validation.trial_study [--studies 400]

Accuracy: people with a share of real sources are treated and tested again; the question is how many it takes until the
likelihood ratio of 'speaks for' is known well enough. Series: single-person trials, each as `psoas.trial` would look at
it; the question is how well the share of people who are helped is known.
"""

from __future__ import annotations

import argparse
import math

import numpy as np

from psoas.trial import draw, typical_swings
from psoas.trial.choices import normal, noticeable_points, table
from psoas.trial.design import _simulated, looked_at
from psoas.trial.retest import _visit

SEED = 20261201
VISITS = 3000
DROP_OUT = 0.15


def visits(*, source: bool) -> np.ndarray:
    """Likelihood ratios of simulated visits of two cycles."""
    part = normal(table()["retest"]["specific_if_source" if source else "specific_if_not"])
    rng = np.random.default_rng([SEED, source])
    return np.array([_visit(rng, part, 2, 0.8) for _ in range(VISITS)])


def accuracy(people: int, share: float, studies: int, pools: dict[bool, np.ndarray]) -> tuple[float, float]:
    """Share of studies whose 95 % interval of the likelihood ratio of 'speaks for' lies above 1, and its mean width.

    The interval is that of the logarithm of a ratio of two shares, with half a person added to each cell.
    """
    rng, shown, widths = np.random.default_rng([SEED, people]), 0, []
    for _ in range(studies):
        sources = int(rng.binomial(people, share))
        cells = [
            (int(np.sum(rng.choice(pools[is_source], count) >= 2.0)) + 0.5, count + 1.0)
            for is_source, count in ((True, sources), (False, people - sources))
        ]
        (a, n), (b, m) = cells
        middle, sd = math.log((a / n) / (b / m)), math.sqrt(1 / a - 1 / n + 1 / b - 1 / m)
        shown += middle - 1.96 * sd > 0
        widths.append(math.exp(middle + 1.96 * sd) / math.exp(middle - 1.96 * sd))
    return shown / studies, float(np.median(widths))


def series(people: int, studies: int) -> tuple[float, float, float]:
    """How far the share of 'helps' of a series lies from the true one (mean, standard deviation), undecided share.

    A third is helped by twice what people notice, a third by just that, a third not at all.
    """
    swings, rng = typical_swings(), np.random.default_rng([SEED, people, 2])
    notice = noticeable_points(swings.level)
    words = {}
    for effect in (0.0, -notice, -2 * notice):
        found = []
        for order in range(8):
            schedule = draw(block_days=7, pairs=3, seed=SEED + order)
            pain = _simulated(swings, schedule, effect, 1.0, 100, np.random.default_rng([SEED, order]))
            found.append(looked_at(pain, schedule)[0])
        words[effect] = np.concatenate(found)
    shares, undecided = [], []
    for _ in range(studies):
        stays = rng.random(people) >= DROP_OUT
        said = np.array([rng.choice(words[effect]) for effect in rng.choice(list(words), people)])[stays]
        decided = said != "cannot_tell_yet"
        shares.append(float(np.mean(said == "helps")))
        undecided.append(1.0 - float(np.mean(decided)))
    return float(np.mean(shares)), float(np.std(shares)), float(np.mean(undecided))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=400, help="simulated studies for each line")
    studies = parser.parse_args().studies
    pools = {True: visits(source=True), False: visits(source=False)}
    print("Accuracy of treat and re-test ('speaks for': a ratio of 2 or more), by people and share of real sources:")
    for share in (0.15, 0.3):
        for people in (60, 100, 150, 200, 300):
            shown, width = accuracy(people, share, studies, pools)
            print(f"  {people:3d} people, {share:.0%} sources: above 1 in {shown:.0%}; upper end {width:.1f} x lower")
    print(
        "\nA series of trials over seven weeks, drop-out 15 %; truly helped by what people notice: 67 %, twice it: 33 %"
    )
    for people in (20, 40, 60, 100):
        mean, sd, undecided = series(people, studies)
        print(f"  {people:3d} people: 'helps' {mean:.0%} (sd {sd:.0%}), undecided {undecided:.0%}")


if __name__ == "__main__":
    main()
