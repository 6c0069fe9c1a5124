"""What each kind of evidence adds to the ranking, and whether its probabilities mean what they say.

    python -m validation.ablation --cases FOLDER --truth FILE [--write]

Prints these tables, and with --write keeps them as the section `diagnosis` of docs/validation.md: the ranking of cases
with a known truth with one kind of evidence after the other; the judgement that moves them most; the reliability of
its probabilities on them; and the same on cases drawn from the network itself, with the gaps of real ones, every figure
drawn anew within its uncertainty.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from validation.diagnosis import wilson
from validation.page import write_section
from validation.truths import Known, known_cases, score, summed

from psoas.assessment import read_case
from psoas.diagnosis.likelihood.knobs import Knobs, knobs_of
from psoas.diagnosis.likelihood.table import Chance, table_of
from psoas.diagnosis.network import network_of, solve
from psoas.diagnosis.priors import ln_odds
from psoas.diagnosis.rank import differential
from psoas.diagnosis.states import states_of
from psoas.diagnosis.what_if import stands_alone
from psoas.knowledge import Knowledge, load
from psoas.knowledge.frequencies import ranked_sources
from psoas.screening import facts_of

BANDS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
ANSWERED = (2, 20)
"""Fewest and most answers of a case that is drawn: as in the published reports."""
SEED = 20261130


def steps(knobs: Knobs) -> list[tuple[str, Knobs]]:
    """One kind of evidence after the other."""
    bare = replace(
        knobs, published=1.0, temperature=1.0, judged=False, facts=False, marks=False, vocabulary=False
    )  # fmt: skip
    return [
        ("published accuracy only", bare),
        ("+ the drawing", replace(bare, marks=True)),
        ("+ facts of the case", replace(bare, marks=True, facts=True)),
        ("+ judged frequencies, publications in full", replace(bare, marks=True, facts=True, judged=True)),
        ("+ publications as strong as chosen", replace(knobs, temperature=1.0, vocabulary=False)),
        ("+ temperature", replace(knobs, vocabulary=False)),
        ("+ new vocabulary: as shipped", knobs),
    ]


def ablation(cases: Sequence[Known], knowledge: Knowledge, knobs: Knobs) -> list[str]:
    """The table of what each step adds."""
    lines = ["| evidence | first place | first three | mean log score |", "|---|---|---|---|"]
    for label, one in steps(knobs):
        first, three, ln = summed(score(case, knowledge, one) for case in cases)
        lines.append(f"| {label} | {first:.0%} | {three:.0%} | {ln:.2f} |")
    return lines


def judged_movers(cases: Sequence[Known], knowledge: Knowledge, knobs: Knobs, most: int = 12) -> list[str]:
    """The judged cells that move these cases most: bits for or against the first three sources, summed up."""
    bits: Counter[tuple[str, str]] = Counter()
    for case in cases:
        ranked, _ = differential(solve(network_of(case.facts, knowledge, "studio", draws=0, knobs=knobs)))
        for one in ranked[:3]:
            for weight in (*one.for_, *one.against):
                bits[weight.finding, one.source] += abs(weight.log2_odds) * weight.judged
    lines = ["| finding, fact or mark | source | bits |", "|---|---|---|"]
    return lines + [f"| {name} | {source} | {value:.1f} |" for (name, source), value in bits.most_common(most)]


def reliability(pairs: Iterable[tuple[float, bool]]) -> list[str]:
    """Per band of probability how many fell into it, what they said on average, and how often it was so."""
    held = list(pairs)
    lines = ["| band | n | said | was so | 95 % interval |", "|---|---|---|---|---|"]
    for low, high in pairwise(BANDS):
        inside = [(p, hit) for p, hit in held if low <= p < high or p == high == 1.0]
        if inside:
            hits, n = sum(hit for _, hit in inside), len(inside)
            low_end, high_end = wilson(hits, n)
            said = sum(p for p, _ in inside) / n
            lines.append(
                f"| {low:.2f}-{high:.2f} | {n} | {said:.3f} | {hits / n:.3f} | {low_end:.3f} to {high_end:.3f} |"
            )
    return lines


# ---- cases drawn from the network itself


def drawn_cases(number: int, knowledge: Knowledge, knobs: Knobs) -> Iterable[tuple[dict[str, Any], frozenset[str]]]:
    """Made-up cases with the sources that made them: a state by the shares, answers and marks by their chances.

    Every chance is drawn anew for each case within its uncertainty, since that is how sure the network says it is.
    """
    rng, draw = random.Random(SEED), np.random.default_rng(SEED)
    sources = ranked_sources(knowledge)
    states = states_of(sources)
    table = table_of(knowledge, knobs)
    weight = np.exp(ln_odds(sources, "studio", knowledge, knobs, 0)[0] @ states.member)
    weight /= weight.sum()
    findings = sorted(
        name for name in stands_alone(knowledge) if (name, "yes") in table and name in knowledge.findings.findings
    )
    marks = sorted(name for name, answer in table if answer == "yes" and name.startswith("mark_"))
    regions = [name for name in marks if name.removeprefix("mark_") in knowledge.terminology.pain_drawing_regions]
    for _ in range(number):
        state = states.sets[int(draw.choice(len(weight), p=weight))]
        asked = rng.sample(findings, rng.randint(*ANSWERED))
        said = {name: "yes" if rng.random() < _yes(table[name, "yes"], state, draw) else "no" for name in asked}
        drawing = {
            _mark_of(name, knowledge): None for name in regions if rng.random() < _yes(table[name, "yes"], state, draw)
        }
        yield (
            {"psoas_case": 1, "findings": said, "pain": {"regions": drawing}},
            frozenset(sources[member] for member in state),
        )


def _yes(chance: Chance, state: tuple[int, ...], draw: np.random.Generator) -> float:
    """P(yes | state), its figures drawn within their uncertainty."""

    def moved(p: float, sd: float) -> float:
        return float(1 / (1 + np.exp(-(np.log(p / (1 - p)) + sd * draw.standard_normal()))))

    leak = moved(chance.leak, chance.sd_leak)
    silent, through = 1 - leak, 1.0
    for member in state:
        p = moved(float(chance.present[member]), float(chance.sd[member]))
        if p > leak:
            silent *= (1 - p) / (1 - leak)
        else:
            through *= p / leak
    return (1 - silent) * through


def _mark_of(name: str, knowledge: Knowledge) -> str:
    region = name.removeprefix("mark_")
    sides = knowledge.terminology.pain_drawing_regions[region].sides
    return f"{region}_{'unspecified' if 'unspecified' in sides else sides[0]}"


def on_drawn(number: int, knowledge: Knowledge, knobs: Knobs) -> list[tuple[float, bool]]:
    """Probabilities on drawn cases, each with whether the source was there."""
    pairs: list[tuple[float, bool]] = []
    for raw, truth in drawn_cases(number, knowledge, knobs):
        facts = facts_of(read_case(raw, knowledge), knowledge)
        ranked, _ = differential(solve(network_of(facts, knowledge, "studio", draws=0, knobs=knobs)))
        pairs += [(one.probability, one.source in truth) for one in ranked]
    return pairs


def main(arguments: Sequence[str] | None = None) -> int:
    ask = argparse.ArgumentParser(description="Take the ranking apart and check its probabilities.")
    ask.add_argument("--cases", type=Path, required=True)
    ask.add_argument("--truth", type=Path, required=True)
    ask.add_argument("--drawn", type=int, default=1000, help="cases drawn from the network (default 1000)")
    ask.add_argument("--write", action="store_true", help="keep the tables in docs/validation.md")
    given = ask.parse_args(arguments)
    knowledge = load()
    knobs = knobs_of(knowledge)
    cases = known_cases(given.cases, given.truth, knowledge)
    pairs = [pair for case in cases for pair in score(case, knowledge, knobs).pairs]
    mild = replace(knobs, temperature=1.0)
    said = "\n".join([
        "## Diagnosis", "",
        "Written by `python -m validation.ablation --write`, "
        f"over {len(cases)} ordinary published cases with an "
        "accepted source, in the setting `studio`. One has a truth outside the differential (a visceral source), "
        "so it counts as wrong everywhere and costs 0.2 of the mean log score.", "",
        "### What each kind of evidence adds", "", *ablation(cases, knowledge, knobs), "",
        "### Judgement that moves these cases most", "",
        "Bits for or against the first three sources, summed over the cases: what to have confirmed first.", "",
        *judged_movers(cases, knowledge, knobs), "",
        "### Probabilities on these cases", "",
        "Every source of every case; a report names one source, so a second one that was there counts as a miss.", "",
        *reliability(pairs), "",
        f"### Probabilities on {given.drawn} cases drawn from the network itself", "",
        "States by the starting shares, 2 to 20 answers and an unfinished drawing, every chance drawn anew within its "
        "uncertainty. Without a temperature:", "",
        *reliability(on_drawn(given.drawn, knowledge, mild)), "",
        f"As shipped, with a temperature of {knobs.temperature:g} (drawn cases are as independent as the network "
        "believes, which published ones are not, and judged shares lie nearer the middle than real ones):", "",
        *reliability(on_drawn(given.drawn, knowledge, knobs)),
    ])  # fmt: skip
    print(said)
    if given.write:
        write_section("diagnosis", said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
