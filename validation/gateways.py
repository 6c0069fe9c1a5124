"""What the gateways save: lines and taps to a danger-free answer, before and after, and that no urgency falls.

    python -m validation.gateways [--cases FOLDER] [--people 10000] [--simulated 300]

Lines are what a person reads to tick; taps are ticks, 'none of these' and 'Continue' of the first danger sheets. People
of the worked cases answer what their case says; drawn people have each line of a first sheet with the probability that
`--yes` gives (our choice: 2 in 100, in a third of them facts of one illness script besides). A truthful person says yes
to a gateway exactly when a line that it denies is true. For `--simulated` drawn people and all cases the interview
is walked in both ways and the urgency compared; the rest are counted.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from psoas.interview import Interview, Step, apply
from psoas.interview.gateways import SCREEN, gateways
from psoas.knowledge import load
from psoas.screening import STEP

PLACES = ("lumbar_left", "lumbar_centre", "buttock_right", "groin_left", "thigh_anterior_left", "sacroiliac_right")


@dataclass
class Walk:
    """One way through the first sheets."""

    screens: int
    lines: int
    taps: int
    urgency: str


def walked(start: Mapping[str, Any], truth: frozenset[str], *, short: bool) -> Walk:
    """The first sheets answered truthfully, past every stop, so that both ways come to their end."""
    data, screens, lines, taps = dict(start), 0, 0, 0
    while True:
        now = Interview(data, short=short)
        left = now.first_sheets
        if not left:
            return Walk(screens, lines, taps, now.screen.urgency)
        step = left[0]
        ticked = true_of(step, truth)
        screens, lines, taps = screens + 1, lines + len(step.parts), taps + max(1, len(ticked)) + 1
        data = apply(data, step, {"tick": ticked} if ticked else {"none": ["1"]})


def true_of(step: Step, truth: frozenset[str]) -> list[str]:
    """What a truthful person ticks on a step."""
    if step.id != SCREEN:
        return [part.id for part in step.parts if part.id in truth]
    yes = {one.id for one in gateways() if truth.intersection(one.lines)}
    return [part.id for part in step.parts if part.id in yes]


def counted(sheets: Sequence[Step], screen: Step, truth: frozenset[str]) -> tuple[Walk, Walk]:
    """The same counts without walking: every sheet, and the gateways with the sheets that they open."""
    ticks = [len(true_of(one, truth)) for one in sheets]
    full = Walk(len(sheets), sum(len(one.parts) for one in sheets), sum(max(1, n) + 1 for n in ticks), "")
    opened = [one for one, n in zip(sheets, ticks, strict=True) if n]
    through = max(1, len(true_of(screen, truth))) + 1
    return full, Walk(
        1 + len(opened), len(screen.parts) + sum(len(one.parts) for one in opened),
        through + sum(n + 1 for n in ticks if n), "",
    )  # fmt: skip


def drawn(seed: int, lines: Sequence[str], yes: float) -> tuple[dict[str, Any], frozenset[str]]:
    """A person, the pain, and what is true of them."""
    rng = random.Random(seed)
    start = {
        "psoas_case": 1,
        "person": {"age_years": rng.randint(18, 85), "sex": rng.choice(("male", "female"))},
        "pain": {
            "regions": {place: rng.randint(2, 8) for place in rng.sample(PLACES, rng.choice((1, 1, 2)))},
            "duration_weeks": rng.choice((1, 3, 8, 30, 100)),
            "course": rng.choice(("stable", "improving", "worsening")),
        },
    }  # fmt: skip
    truth = {name for name in lines if rng.random() < yes}
    if rng.random() < 1 / 3:
        script = rng.choice(tuple(load().danger_scripts.scripts.values()))
        truth.update(script.all, *(rng.sample(group.of, group.how_many) for group in script.at_least))
    return start, frozenset(truth)


def of_case(path: Path) -> tuple[dict[str, Any], frozenset[str]]:
    """A worked case as the person comes (who, where, how long), and what its findings say."""
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = case.get("findings") or {}
    truth = {name for name, said in found.items() if said in (True, "yes") or (isinstance(said, dict) and said)}
    start = {
        key: case[key] for key in ("psoas_case", "person", "pain", "tried", "conditions", "medicines") if key in case
    }
    return start, frozenset(truth)


def show(title: str, before: Sequence[Walk], after: Sequence[Walk]) -> None:
    """Medians, and the most that one of twenty needs."""
    print(f"{title}: {len(before)}")
    for name in ("screens", "lines", "taps"):
        old, new = ([getattr(one, name) for one in walks] for walks in (before, after))
        most = [sorted(values)[int(0.95 * (len(values) - 1))] for values in (old, new)]
        middle = [statistics.median(values) for values in (old, new)]
        print(f"  {name:<8} median {middle[0]:g} -> {middle[1]:g}, 19 of 20 within {most[0]} -> {most[1]}")


def main(argv: Sequence[str] | None = None) -> int:
    """Print both; exit 1 when an urgency falls."""
    ask = argparse.ArgumentParser(prog="python -m validation.gateways")
    ask.add_argument("--cases", type=Path, help="folder of case_*.yaml")
    ask.add_argument("--people", type=int, default=10_000)
    ask.add_argument("--simulated", type=int, default=300)
    ask.add_argument("--yes", type=float, default=0.02)
    args = ask.parse_args(argv)
    fell = 0
    if args.cases:
        several = [of_case(path) for path in sorted(args.cases.glob("case_*.yaml"))]
        walks = [[walked(start, truth, short=short) for start, truth in several] for short in (False, True)]
        show("worked cases", *walks)
        fell += sum(STEP[new.urgency] < STEP[old.urgency] for old, new in zip(*walks, strict=True))
    blank = Interview({"psoas_case": 1}, short=True)
    screen, sheets = blank.first_sheets[0], tuple(one for one in Interview({"psoas_case": 1}).first_sheets)
    lines = [part.id for one in sheets for part in one.parts]
    people = [drawn(seed, lines, args.yes) for seed in range(args.people)]
    pairs = [counted(sheets, screen, truth) for _, truth in people]
    show("drawn people, counted", [one for one, _ in pairs], [one for _, one in pairs])
    some = [[walked(start, truth, short=short) for start, truth in people[: args.simulated]] for short in (False, True)]
    show("drawn people, walked", *some)
    fell += sum(STEP[new.urgency] < STEP[old.urgency] for old, new in zip(*some, strict=True))
    print(f"urgency that fell: {fell}")
    return 1 if fell else 0


if __name__ == "__main__":
    sys.exit(main())
