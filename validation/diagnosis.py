"""Scores the answers to cases whose truth is known: ranking, calibration, safety.

    python -m validation.diagnosis --cases FOLDER --truth FILE [--setting studio] [--notes FILE]

FOLDER holds `case_*.yaml` (or .yml, .json); FILE maps each case to `accepted_sources`, `serious`, `least_urgency`,
`deep_psoas_pressure` (forbidden or allowed) and `source_group`. The truth is opened after every answer is in hand, and
used for counting only.

How each figure is counted
  top-1, top-3  ordinary cases with an accepted source: one of them is first, or among the first three
  log score     natural logarithm of the highest probability given to an accepted source, clipped to 0.001..0.999
  safe          serious cases: the urgency is at least the least urgent that is safe
  over-triaged  ordinary cases that could wait (watch or routine referral), sent the same day or faster
  forbidden     cases in which deep pressure on the psoas must be forbidden: it is
  calibration   every source in every ordinary case with an accepted source: of those given a probability in a band, how
                many were accepted; a report names one source, so a second one that was there counts as a miss
Shares stand with their 95 % Wilson interval.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from validation.notes import facts_from_notes, with_notes

from psoas.assessment import Assessment, assess
from psoas.knowledge.index import URGENCIES

STEP = {name: step for step, name in enumerate(URGENCIES)}
TECHNIQUE = "deep_psoas_pressure"
FLOOR = 0.001
BANDS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
Z95 = 1.959963984540054
# Other people's figures on other cases, quoted for orientation; from the project brief, not measured here.
REFERENCES = {"general practitioners, general vignettes": 0.82, "best app, general vignettes": 0.705}


@dataclass(frozen=True)
class Truth:
    """What was found in one case."""

    accepted: frozenset[str]
    serious: bool
    least_urgency: str
    must_forbid: bool
    group: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Truth:
        return cls(
            frozenset(row["accepted_sources"]), bool(row["serious"]), row["least_urgency"],
            row["deep_psoas_pressure"] == "forbidden", row.get("source_group", "all"),
        )  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """How one answer did; None where a figure does not apply to the case."""

    group: str
    top_1: bool | None
    top_3: bool | None
    log_score: float | None
    safe: bool | None
    over: bool | None
    forbidden: bool | None


SHARES = ("top_1", "top_3", "safe", "over", "forbidden")


def wilson(good: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927, J Am Stat Assoc 22:209)."""
    centre, spread = good + Z95**2 / 2, Z95 * math.sqrt(good * (n - good) / n + Z95**2 / 4)
    return max(0.0, (centre - spread) / (n + Z95**2)), min(1.0, (centre + spread) / (n + Z95**2))


def mark_of(answer: Assessment, truth: Truth) -> Mark:
    """Score one answer."""
    ranked = answer.diagnosis.differential
    counted = truth.accepted and not truth.serious
    order = [one.source for one in ranked]
    best = max((one.probability for one in ranked if one.source in truth.accepted), default=FLOOR)
    can_wait = not truth.serious and truth.least_urgency in ("self_care", "watch", "routine_referral")
    return Mark(
        group=truth.group,
        top_1=bool(truth.accepted & set(order[:1])) if counted else None,
        top_3=bool(truth.accepted & set(order[:3])) if counted else None,
        log_score=math.log(min(max(best, FLOOR), 1 - FLOOR)) if counted else None,
        safe=answer.screen.at_least(truth.least_urgency) if truth.serious else None,
        over=answer.screen.at_least("same_day") if can_wait else None,
        forbidden=any(ban.technique == TECHNIQUE for ban in answer.screen.forbidden) if truth.must_forbid else None,
    )


def calibration(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, float, int, int, float]]:
    """Per band of probability: its ends, how many fell into it, how many were right, and the mean probability."""
    rows = []
    for low, high in pairwise(BANDS):
        inside = [(p, hit) for p, hit in pairs if low <= p < high or p == high == 1.0]
        if inside:
            mean = sum(p for p, _ in inside) / len(inside)
            rows.append((low, high, len(inside), sum(hit for _, hit in inside), mean))
    return rows


def show(values: Iterable[bool | None]) -> str:
    """A share with its interval."""
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    low, high = wilson(sum(known), len(known))
    return f"{sum(known)}/{len(known)} = {sum(known) / len(known):.3f} ({low:.3f} to {high:.3f})"


def short(values: Iterable[bool | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{sum(known)}/{len(known)}" if known else "-"


def mean_log(marks: Iterable[Mark]) -> str:
    values = [mark.log_score for mark in marks if mark.log_score is not None]
    return f"{sum(values) / len(values):.3f}" if values else "-"


def report(marks: Sequence[Mark], pairs: Sequence[tuple[float, bool]]) -> str:
    """The whole table as text."""
    lines = [f"cases {len(marks)}; shares with their 95 % Wilson interval", ""]
    names = {"top_1": "top-1", "top_3": "top-3", "safe": "safe", "over": "over-triaged", "forbidden": "forbidden"}
    lines += [f"{names[key]:<14}{show(getattr(mark, key) for mark in marks)}" for key in SHARES]
    lines += [f"{'log score':<14}{mean_log(marks)} (0 is perfect, -6.908 the floor)", ""]
    lines += ["for orientation, top-3 of others on other cases (project brief; not measured here):"]
    lines += [f"  {name}: {share:.3f}" for name, share in REFERENCES.items()]
    lines += ["", f"{'group':<28}{'n':>4}{'top-1':>8}{'top-3':>8}{'log':>8}{'safe':>8}{'over':>8}{'forb':>8}"]
    for group in sorted({mark.group for mark in marks}):
        part = [mark for mark in marks if mark.group == group]
        cells = [short(getattr(mark, key) for mark in part) for key in SHARES]
        cells.insert(2, mean_log(part))
        lines.append(f"{group:<28}{len(part):>4}" + "".join(f"{cell:>8}" for cell in cells))
    lines += [
        "",
        "calibration, every source of every ordinary case",
        f"{'band':<14}{'n':>6}{'mean p':>9}  share accepted",
    ]
    for low, high, n, hits, mean in calibration(pairs):
        ends = "({:.3f} to {:.3f})".format(*wilson(hits, n))
        lines.append(f"{f'{low:.2f}-{high:.2f}':<14}{n:>6}{mean:>9.3f}  {hits / n:.3f} {ends}")
    return "\n".join(lines)


def _answers(files: Iterable[Path], setting: str, notes: Path | None) -> dict[str, Assessment]:
    """An answer for each case; with `notes`, for the case with what its notes say beside it."""
    if notes is None:
        return {path.stem: assess(path, setting=setting) for path in files}
    more = facts_from_notes(notes)
    cases = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in files}
    return {name: assess(with_notes(case, more.get(name, {})), setting=setting) for name, case in cases.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    ask = argparse.ArgumentParser(description="Score Psoas on cases whose truth is known.")
    ask.add_argument("--cases", type=Path, required=True, help="folder of case_*.yaml")
    ask.add_argument("--truth", type=Path, required=True, help="what was found, by case")
    ask.add_argument("--setting", default="studio", help="studio (default), primary_care or pain_clinic")
    ask.add_argument("--notes", type=Path, help="facts that the notes of the cases hold, laid over them (notes.py)")
    given = ask.parse_args(arguments)
    files = sorted(path for path in given.cases.glob("case_*") if path.suffix in (".yaml", ".yml", ".json"))
    if not files or not given.truth.is_file():
        print(f"no case_*.yaml in {given.cases}." if not files else f"{given.truth} is not a file.", file=sys.stderr)
        return 2
    answers = _answers(files, given.setting, given.notes)
    truths = {name: Truth.of(row) for name, row in yaml.safe_load(given.truth.read_text(encoding="utf-8")).items()}
    if lone := sorted(set(answers) ^ set(truths)):
        print(f"cases and truth differ: {', '.join(lone)}.", file=sys.stderr)
        return 2
    pairs = [
        (one.probability, one.source in truths[name].accepted)
        for name, answer in answers.items()
        if truths[name].accepted and not truths[name].serious
        for one in answer.diagnosis.differential
    ]
    print(report([mark_of(answer, truths[name]) for name, answer in answers.items()], pairs))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
