"""What the network makes of the published figures, in full: given back exactly, or limited as the method says."""

from __future__ import annotations

import math

import pytest

from psoas.diagnosis.likelihood.accuracy import figures_of
from psoas.diagnosis.likelihood.table import table_of
from psoas.diagnosis.network import posterior
from psoas.knowledge import Accuracy
from psoas.knowledge.frequencies import ranked_sources
from tests.diagnosis.making import FIGURES, KNOWLEDGE, PLAIN, network, raw

CHOICES = KNOWLEDGE.diagnosis_choices.figures
LIMITS = {(limit.finding, limit.condition): limit for limit in CHOICES.limits}
FINDINGS = KNOWLEDGE.findings.findings
SOURCES = ranked_sources(KNOWLEDGE)
FULL = table_of(KNOWLEDGE, PLAIN)


def ratio(finding: str, answer: str, condition: str) -> float:
    """The ratio of an answer with that source alone against none, every publication believed in full."""
    return math.exp(FULL[finding, answer].ln_ratios(answer)[SOURCES.index(condition)])


def usable(finding: str) -> list[Accuracy]:
    """The rows that a finding is used by: preferred, tested, of the condition itself."""
    rows = [row for row in FINDINGS[finding].accuracy if row.prefer and not row.untested and row.target is None]
    return [row for row in rows if not FINDINGS[finding].untested]


def printed_rates(row: Accuracy) -> tuple[float, float] | None:
    """Sensitivity and false-positive rate, as printed or as the only pair with the printed ratios."""
    if row.sensitivity is not None and row.specificity is not None:
        return row.sensitivity, 1 - row.specificity
    if row.lr_pos is not None and row.lr_neg is not None and (row.lr_pos - 1) * (1 - row.lr_neg) > 0:
        rate = (1 - row.lr_neg) / (row.lr_pos - row.lr_neg)
        return row.lr_pos * rate, rate
    return None


def limited(finding: str, row: Accuracy, p: float, rate: float) -> tuple[float, float]:
    """Half a person off 0 and 1, then the cap on LR+ through the false-positive rate, then the floor of LR-."""
    people = row.n or CHOICES.people_without_n[row.quality]
    half = 0.5 / (people / 2 + 1)
    p, rate = min(max(p, half), 1 - half), min(max(rate, half), 1 - half)
    if row.lr_pos_cap:
        rate = max(rate, p / row.lr_pos_cap)
    limit = LIMITS.get((finding, row.condition))
    floor = (limit.lr_neg_floor if limit else None) or CHOICES.lr_neg_floor
    return min(p, 1 - floor * (1 - rate)), rate


def with_rates() -> list[tuple[str, Accuracy, tuple[float, float]]]:
    found = []
    for finding in FIGURES:
        for row in usable(finding):
            rates = printed_rates(row)
            limit = LIMITS.get((finding, row.condition))
            if rates and (limit is None or limit.scored is not False):
                found.append((finding, row, rates))
    return found


RATED = with_rates()


def test_most_rows_need_no_limit_at_all() -> None:
    free = [1 for finding, row, rates in RATED if limited(finding, row, *rates) == pytest.approx(rates, abs=1e-9)]
    assert len(free) / len(RATED) > 0.85


@pytest.mark.parametrize(("finding", "row", "rates"), RATED, ids=[f"{f}-{r.condition}" for f, r, _ in RATED])
def test_every_row_keeps_its_ratios_whoever_shares_the_finding(
    finding: str, row: Accuracy, rates: tuple[float, float]
) -> None:
    """LR+ = sensitivity / (1 - specificity) and LR- = (1 - sensitivity) / specificity of its own row."""
    p, rate = limited(finding, row, *rates)
    for answer, expected in (("yes", p / rate), ("no", (1 - p) / (1 - rate))):
        if answer == "no" and (row.ignore_if_absent or row.level):
            continue  # the publication says nothing of a no; judgement does
        if row.condition in SOURCES:
            assert ratio(finding, answer, row.condition) == pytest.approx(expected, rel=1e-9)


RATIOS = [
    (finding, row) for finding in FIGURES for row in usable(finding)
    if not printed_rates(row) and (row.lr_pos or row.lr_neg)
]  # fmt: skip


@pytest.mark.parametrize(("finding", "row"), RATIOS, ids=[f"{f}-{r.condition}" for f, r in RATIOS])
def test_a_row_with_one_ratio_acts_in_that_direction_only(finding: str, row: Accuracy) -> None:
    for answer, published in (("yes", row.lr_pos), ("no", row.lr_neg)):
        figure = next(figure for figure in FIGURES[finding] if figure.condition == row.condition)
        expected = 1.0 if published is None else max(published, CHOICES.lr_neg_floor)
        if answer == "yes" and row.lr_pos_cap:
            expected = min(expected, row.lr_pos_cap)
        if answer == "no" and published is None and row.lr_neg_range:
            continue  # ranges have a test of their own
        if answer == "yes" and published is None and row.lr_pos_range:
            continue
        assert math.exp(figure.ln_ratio(answer)) == pytest.approx(expected)


def test_of_a_range_the_end_nearer_to_one_counts() -> None:
    """Written as data: 'use the end nearer to LR 1'."""
    seen = 0
    for finding in FIGURES:
        for row in usable(finding):
            figure = next((one for one in FIGURES[finding] if one.condition == row.condition), None)
            if printed_rates(row) or figure is None:
                continue
            for answer, value, span in (("yes", row.lr_pos, row.lr_pos_range), ("no", row.lr_neg, row.lr_neg_range)):
                if value is None and span is not None:
                    nearer = min(span, key=lambda end: abs(math.log(end)))
                    assert math.exp(figure.ln_ratio(answer)) == pytest.approx(nearer)
                    seen += 1
    assert seen
    persistent = FIGURES["persistent_pain_between_episodes"][0]
    assert persistent.row.lr_pos_range is not None
    assert math.exp(persistent.ln_ratio("yes")) == pytest.approx(min(persistent.row.lr_pos_range))


def test_the_cap_of_a_row_holds() -> None:
    capped = [figure for figures in FIGURES.values() for figure in figures if figure.row.lr_pos_cap]
    assert len(capped) > 20
    for figure in capped:
        assert figure.row.lr_pos_cap is not None
        assert math.exp(figure.ln_ratio("yes")) <= figure.row.lr_pos_cap * (1 + 1e-12)


def test_no_figure_comes_from_an_untested_row_or_finding() -> None:
    for finding, figures in figures_of(KNOWLEDGE).items():
        assert not FINDINGS[finding].untested
        assert all(not figure.row.untested and figure.row.prefer and figure.row.target is None for figure in figures)


def test_a_published_ratio_comes_out_of_the_network_exactly() -> None:
    """FAIR test: published 5.18, the position is part of its own reference standard, cap 2; believed in full."""
    odds = [odds_of_alone(raw({"fair_test": answer}), "deep_gluteal_syndrome") for answer in ("yes", "unknown")]
    # It implies a painful stretch of the piriformis, which is the same observation and stays silent.
    assert odds[0] / odds[1] == pytest.approx(2.0)


def odds_of_alone(data: dict, source: str) -> float:
    """Posterior odds of the source alone against no source, with nothing damped and publications in full."""
    net = network(data, knobs=PLAIN)
    weight = posterior(net)
    return float(weight[net.states.sets.index((net.index[source],))] / weight[0])


def test_a_ratio_below_one_argues_against() -> None:
    """Midline pain makes the facet joints less likely (0.22), its absence more likely (2.88)."""
    before = odds_of_alone(raw(), "facet_joint_pain")
    for answer, expected in (("yes", 0.22), ("no", 2.88)):
        after = odds_of_alone(raw({"midline_lumbar_pain": answer}), "facet_joint_pain")
        assert after / before == pytest.approx(expected, rel=0.02)


def test_what_the_notes_of_rows_forbid_is_kept() -> None:
    """'Do not score it'; 'put LR- no lower than 0.2'; people with leg pain only."""
    for finding, source in (
        ("modified_thomas_extension_deficit", "shortened_hip_flexors"),
        ("buttock_pain", "lumbar_spinal_stenosis"),
        ("groin_pain", "iliopsoas_tendinopathy"),
    ):
        assert source not in [figure.condition for figure in FIGURES.get(finding, ())]
    assert math.exp(FIGURES["extension_rotation_test"][0].ln_ratio("no")) == pytest.approx(0.2)


def test_psoas_myofascial_pain_has_no_published_test() -> None:
    """No published test tells whether the psoas is the source of a back pain; what is said of it is judged."""
    assert not [1 for figures in FIGURES.values() for figure in figures if figure.condition == "psoas_myofascial_pain"]


@pytest.mark.parametrize("reflex", ["achilles_reflex_reduced", "patellar_reflex_reduced"])
def test_a_reflex_gone_on_both_sides_speaks_for_no_single_root(reflex: str) -> None:
    root = SOURCES.index("disc_herniation_radiculopathy")
    one, both = ({reflex: {"left": "yes", "right": right}} for right in ("no", "yes"))
    assert network(raw(one)).items[reflex].ln_ratio(root) > 0
    assert network(raw(both)).items[reflex].ln_ratio(root) == 0


@pytest.mark.parametrize(("age", "counts"), [(45, True), (60, True), (61, False), (75, False)])
def test_ankle_jerks_gone_on_both_sides_count_for_a_narrow_canal_up_to_sixty(age: int, counts: bool) -> None:
    data = raw({"achilles_reflex_reduced": {"left": "yes", "right": "yes"}}, person={"age_years": age})
    item = network(data).items["achilles_reflex_reduced"]
    assert (item.ln_ratio(SOURCES.index("lumbar_spinal_stenosis")) > 0) is counts
