"""How right a trial on one person is: calibration, coverage, wrong words, power, and what breaks it.

    python -m validation.trial [--people 2000] [--picture docs/trial_power.svg]

Simulated people only: no published n-of-1 series with daily values of a back pain was found to re-analyse.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from psoas.trial import characteristics, draw, options, posterior, typical_swings
from psoas.trial.choices import noticeable_points, priors
from psoas.trial.design import _simulated, looked_at
from psoas.trial.model import posterior_of_many
from psoas.trial.simulate import Person, days_of, drawn_from

MONDAY = date(2026, 11, 30)
SHARES = (0.5, 0.8, 0.95)


def calibration(people: int) -> str:
    """Trials drawn from the priors: ranks and coverage."""
    schedule = draw(block_days=7, pairs=3, seed=11)
    drawn = drawn_from(priors(), schedule, people, np.random.default_rng(17))
    on = np.array(schedule.on_treatment(), dtype=float)
    rank = posterior_of_many(drawn.pain, np.arange(schedule.days), on, 0, priors()).effect_below(drawn.effect)
    counts = np.histogram(rank, 20, (0, 1))[0]
    chi2 = float(np.sum((counts - people / 20) ** 2 / (people / 20)))
    covered = ", ".join(f"{share:.0%}: {np.mean(np.abs(rank - 0.5) < share / 2):.1%}" for share in SHARES)
    return f"ranks of {people} trials from the priors: chi2 {chi2:.1f} on 19 (30.1 is exceeded once in 20); {covered}"


def realistic(rng: np.random.Generator) -> Person:
    """One of many: swings, correlation, trend, weekend, carry-over, gaps and drop-out as people have them."""
    return Person(
        level=float(rng.uniform(3, 7)),
        effect=float(rng.normal(-0.8, 1.0)),
        trend_per_4_weeks=float(rng.normal(-0.3, 0.8)),
        weekend=float(rng.normal(0, 0.3)),
        day_sd=float(np.clip(rng.lognormal(np.log(1.2), 0.35), 0.5, 2.8)),
        correlation=float(rng.uniform(0.0, 0.8)),
        half_life_days=float(rng.choice([0.0, 1.0, 2.0, 4.0])),
        answers=float(rng.uniform(0.7, 1.0)),
        leaves_after=int(rng.integers(25, 49)) if rng.random() < 0.15 else None,
    )


CHANGES: Mapping[str, dict[str, float]] = {
    "as modelled, with gaps, drop-out and whole numbers": {},
    "does it on 70 % of its days, sneaks it on 20 % of the others": {"does_it": 0.7, "sneaks": 0.2},
    "a placebo share of 0.7 points on top": {"placebo": -0.7},
    "an effect that takes 10 days to come and go": {"half_life_days": 10.0},
    "a pain near zero (level 1)": {"level": 1.0},
}


def coverage(people: int, change: dict[str, float]) -> tuple[list[float], float]:
    """Shares of people whose true effect lies in their interval, and the mean error, points."""
    rng = np.random.default_rng(29)
    held, errors = np.zeros(len(SHARES)), []
    for number in range(people):
        person = replace(realistic(rng), **change)
        schedule = draw(block_days=7, pairs=3, seed=number)
        found = posterior(days_of(person, schedule, rng), schedule.on_treatment(), starts=MONDAY).effect
        rank = found.below(person.effect)
        held += [abs(rank - 0.5) < share / 2 for share in SHARES]
        errors.append(found.average - person.effect)
    return [float(value) / people for value in held], float(np.mean(errors))


def wrong_words(people: int) -> str:
    """How often it is called a help, with looks on the way, when it does nothing."""
    rng, said = np.random.default_rng(31), []
    for number in range(max(1, people // 50)):
        schedule = draw(block_days=7, pairs=4, seed=number)
        rows = [
            days_of(replace(realistic(rng), effect=0.0, answers=1.0, leaves_after=None), schedule, rng)
            for _ in range(50)
        ]
        said.append(looked_at(np.array(rows, dtype=float), schedule)[0])
    words = np.concatenate(said)
    return (
        f"it does nothing ({len(words)} people, looked at after 4, 6 and 8 blocks): "
        f"'helps' {np.mean(words == 'helps'):.1%}, 'does not' {np.mean(words == 'does_not'):.0%}, "
        f"cannot tell {np.mean(words == 'cannot_tell_yet'):.0%}"
    )


WEEKS = ((7, 1), (7, 2), (7, 3), (7, 4))
EFFECTS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5)
"""In units of what people notice."""


def power(block_days: int, pairs: int, effect: float, people: int = 400) -> float:
    """Share of typical people for whom the word is `helps`, at an effect in units of what people notice."""
    swings, said = typical_swings(), []
    for order in range(4):
        schedule = draw(block_days=block_days, pairs=pairs, seed=91 + order)
        points = -effect * noticeable_points(swings.level)
        rng = np.random.default_rng([37, order, pairs, int(10 * effect)])
        said.append(looked_at(_simulated(swings, schedule, points, 1.0, people // 4, rng), schedule)[0])
    return float(np.mean(np.concatenate(said) == "helps"))


def power_picture() -> str:
    """Power by weeks and effect as an SVG: one line for each length of the trial."""
    tones = ("#9db8c4", "#6d94a8", "#3d6f8c", "#12405c")
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 330" role="img" font-family="sans-serif">',
        "<title>How often a trial says that it helps, by the size of the effect and the weeks</title>",
        '<rect width="640" height="330" fill="#fff"/>',
    ]
    for tick in range(0, 101, 25):
        y = 280 - 2.4 * tick
        parts.append(f'<path d="M60 {y}H560" stroke="#ddd"/><text x="52" y="{y + 4}" text-anchor="end">{tick} %</text>')
    for effect in EFFECTS:
        parts.append(f'<text x="{60 + 200 * effect:.0f}" y="300" text-anchor="middle">{effect:g}</text>')
    for (block, pairs), tone in zip(WEEKS, tones, strict=True):
        points = [(60 + 200 * effect, 280 - 240 * power(block, pairs, effect)) for effect in EFFECTS]
        parts.append(
            f'<polyline fill="none" stroke="{tone}" stroke-width="3" points="'
            + " ".join(f"{x:.0f},{y:.1f}" for x, y in points)
            + '"/>'
        )
        parts.append(
            f'<text x="566" y="{points[-1][1] + 5:.1f}" fill="{tone}">{(7 + 2 * pairs * block) // 7} weeks</text>'
        )
    parts.append(
        '<text x="310" y="322" text-anchor="middle">effect, in units of what people notice (1.35 points)</text></svg>'
    )
    return "\n".join(parts) + "\n"


def seconds_for(days: int) -> float:
    """Median seconds of one analysis of so many days, of five runs on this machine."""
    schedule = draw(block_days=7, pairs=6, run_in_days=7, seed=3)
    on = (schedule.on_treatment() * 2)[:days]
    pain = [float(value) for value in np.random.default_rng(5).integers(2, 8, days)]
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        posterior(pain, on, starts=MONDAY)
        took.append(time.perf_counter() - begun)
    return float(np.median(took))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2000, help="simulated people for each line")
    parser.add_argument("--picture", type=Path, help="draw the power by weeks and effect into this SVG")
    given = parser.parse_args()
    people = given.people
    if given.picture:
        given.picture.write_text(power_picture(), encoding="utf-8")
    print(calibration(people))
    shares = ", ".join(f"{share:.0%}" for share in SHARES)
    print(f"\nCoverage of the {shares} intervals, {people} people each, and mean error:")
    for name, change in CHANGES.items():
        held, error = coverage(people, change)
        print(f"  {name}: {', '.join(f'{value:.1%}' for value in held)}; {error:+.2f} points")
    print(f"\n{wrong_words(people)}")
    print(f"\none analysis of 90 days: {seconds_for(90) * 1000:.0f} ms")
    print("\nPower for a typical person (block, pairs, weeks: helps twice the noticeable, just that, does nothing):")
    for way in options(typical_swings()):
        print(
            f"  {way.block_days:2d} days, {way.pairs} pairs, {way.weeks:4.1f} weeks: {way.settles_if_helps:.0%}, "
            f"{way.settles_if_just:.0%}, {way.settles_if_not:.0%}; wrongly helps {way.wrong_if_not:.1%}"
        )
    print("\nTreat and re-test: median likelihood ratio, share of 2 or more, of a half or less")
    for cycles in (1, 2):
        for source in (True, False):
            found = characteristics(source=source, cycles=cycles, visits=people)
            shares = f"{found.median_ratio:.2f}, {found.speaks_for:.0%}, {found.speaks_against:.0%}"
            print(f"  {cycles} cycles, {'takes part' if source else 'does not'}: {shares}")


if __name__ == "__main__":
    main()
