"""What the network makes of the published figures: given back exactly, or limited as the method says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from psoas.diagnosis.accuracy import figures_of
from psoas.diagnosis.network import item_of, posterior
from psoas.knowledge import Accuracy
from psoas.knowledge.index import index_of
from psoas.knowledge.rules.follows import followers_of
from tests.diagnosis.making import FIGURES, KNOWLEDGE, network, raw, weights

CHOICES = KNOWLEDGE.diagnosis_choices.figures
LIMITS = {(limit.finding, limit.condition): limit for limit in CHOICES.limits}
FINDINGS = KNOWLEDGE.findings.findings
ALL_COUNT = {condition: dict.fromkeys(FINDINGS, 1.0) for condition in KNOWLEDGE.sources_of_pain.conditions}


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
            if rates and LIMITS.get((finding, row.condition), CHOICES.limits[-1]).scored is not False:
                found.append((finding, row, rates))
    return found


RATED = with_rates()
ALONE = [one for one in RATED if len(FIGURES[one[0]]) == 1]


def test_most_findings_have_one_usable_row() -> None:
    assert len(ALONE) > 90


@pytest.mark.parametrize(("finding", "row", "rates"), ALONE, ids=[one[0] for one in ALONE])
def test_one_row_gives_back_its_sensitivity_and_specificity(
    finding: str, row: Accuracy, rates: tuple[float, float]
) -> None:
    """Exactly: P(yes | that source alone) is the sensitivity and P(yes | no source) is 1 - specificity."""
    p, rate = limited(finding, row, *rates)
    for answer in ("yes", "no"):
        if answer == "no" and (row.ignore_if_absent or row.level):
            continue
        item = item_of(finding, answer, ALL_COUNT, KNOWLEDGE, 0)
        if p <= 0.995:  # above, the rates give way a little and the ratio stays (next test)
            assert item.leak[0] == pytest.approx(rate, abs=1e-12)
            assert item.present[0][0] == pytest.approx(p, abs=1e-12)


def test_most_rows_need_no_limit_at_all() -> None:
    free = [1 for finding, row, rates in RATED if limited(finding, row, *rates) == pytest.approx(rates, abs=1e-9)]
    assert len(free) / len(RATED) > 0.85


@pytest.mark.parametrize(("finding", "row", "rates"), RATED, ids=[f"{f}-{r.condition}" for f, r, _ in RATED])
def test_every_row_keeps_its_ratios_whoever_shares_the_finding(
    finding: str, row: Accuracy, rates: tuple[float, float]
) -> None:
    """LR+ = sensitivity / (1 - specificity) and LR- = (1 - sensitivity) / specificity of its own row."""
    p, rate = limited(finding, row, *rates)
    for answer, ratio in (("yes", p / rate), ("no", (1 - p) / (1 - rate))):
        item = item_of(finding, answer, ALL_COUNT, KNOWLEDGE, 0)
        place = [figure.condition for figure in item.figures].index(row.condition)
        silent = answer == "no" and (row.ignore_if_absent or row.level)
        assert math.exp(item.ln_ratio(place)) == pytest.approx(1.0 if silent else ratio, rel=1e-9)


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


def test_the_cap_holds_inside_the_network_too() -> None:
    """FAIR test: published 5.18, the position is part of its own reference standard, cap 2."""
    odds = [np.divide(*_pair(raw({"fair_test": answer}), "deep_gluteal_syndrome")) for answer in ("yes", "unknown")]
    assert odds[0] / odds[1] == pytest.approx(2.0)


def _pair(data: dict, source: str) -> tuple[float, float]:
    """Posterior of the source alone and of no source."""
    net = network(data)
    weight = posterior(net)[0]
    return float(weight[net.states.sets.index((net.index[source],))]), float(weight[0])


def test_a_ratio_below_one_argues_against() -> None:
    """Midline pain makes the facet joints less likely (0.22), its absence more likely (2.88)."""
    before = np.divide(*_pair(raw(), "facet_joint_pain"))
    for answer, ratio in (("yes", 0.22), ("no", 2.88)):
        after = np.divide(*_pair(raw({"midline_lumbar_pain": answer}), "facet_joint_pain"))
        assert after / before == pytest.approx(ratio, rel=0.02)


def test_inhibitors_hold_back_what_another_source_produces() -> None:
    """P(yes | disc and facet) = (1 - off(disc)) * facet / leak, worked by hand."""
    item = item_of("midline_lumbar_pain", "yes", ALL_COUNT, KNOWLEDGE, 0)
    place = {figure.condition: n for n, figure in enumerate(item.figures)}
    leak = float(item.leak[0])
    disc, facet = (float(item.present[place[name]][0]) for name in ("discogenic_pain", "facet_joint_pain"))
    assert facet < leak < disc
    from psoas.diagnosis.evidence import likelihood

    both = likelihood(item, [place["discogenic_pain"], place["facet_joint_pain"]])[0]
    assert both == pytest.approx((1 - (1 - leak) * (1 - disc) / (1 - leak)) * facet / leak)
    assert facet < both < disc


def test_what_has_no_figure_moves_nothing() -> None:
    """Untested findings, answered yes or no, leave every probability the same to the last bit."""
    followers = followers_of(index_of(KNOWLEDGE))
    quiet = [name for name in FINDINGS if not followers[name] & set(FIGURES)]
    assert len(quiet) > 40
    assert any(FINDINGS[name].untested for name in quiet)
    before = posterior(network(raw(), draws=20))
    for answer in ("yes", "no"):
        after = posterior(network(raw(dict.fromkeys(quiet, answer)), draws=20))
        assert np.array_equal(before, after)


def test_no_figure_comes_from_an_untested_row_or_finding() -> None:
    for finding, figures in figures_of(KNOWLEDGE).items():
        assert not FINDINGS[finding].untested
        assert all(not figure.row.untested and figure.row.prefer and figure.row.target is None for figure in figures)


def test_a_direction_without_a_figure_weighs_little() -> None:
    for figures in FIGURES.values():
        for figure in figures:
            if figure.direction_only and not figure.row.lr_pos_cap:
                assert 0.66 < math.exp(figure.ln_ratio("yes")) <= 1.5
                assert 0.66 < math.exp(figure.ln_ratio("no")) <= 1.5


def test_what_the_notes_of_rows_forbid_is_kept() -> None:
    """'Do not score it'; 'put LR- no lower than 0.2'; people with leg pain only."""
    assert "modified_thomas_extension_deficit" not in FIGURES
    assert math.exp(FIGURES["extension_rotation_test"][0].ln_ratio("no")) == pytest.approx(0.2)
    back = raw(regions={"lumbar_left": 5}, pain={"map_complete": "yes"})
    assert set(weights(back)["lumbar_spinal_stenosis"]) == {"pain_below_buttocks"}
    leg = raw(regions={"lumbar_left": 5, "calf_left": 4}, pain={"map_complete": "yes"})
    assert "buttock_pain" in weights(leg)["lumbar_spinal_stenosis"]


def test_psoas_myofascial_pain_has_no_test() -> None:
    """No published test tells whether the psoas is the source of a back pain."""
    assert not [1 for figures in FIGURES.values() for figure in figures if figure.condition == "psoas_myofascial_pain"]


# ---- both sides


@pytest.mark.parametrize("reflex", ["achilles_reflex_reduced", "patellar_reflex_reduced"])
def test_a_reflex_gone_on_both_sides_speaks_for_no_single_root(reflex: str) -> None:
    one, both = ({reflex: {"left": "yes", "right": right}} for right in ("no", "yes"))
    assert reflex in weights(raw(one))["disc_herniation_radiculopathy"]
    assert reflex not in weights(raw(both)).get("disc_herniation_radiculopathy", {})


@pytest.mark.parametrize(("age", "counts"), [(45, True), (60, True), (61, False), (75, False)])
def test_ankle_jerks_gone_on_both_sides_count_for_a_narrow_canal_up_to_sixty(age: int, counts: bool) -> None:
    data = raw({"achilles_reflex_reduced": {"left": "yes", "right": "yes"}}, person={"age_years": age})
    assert ("achilles_reflex_reduced" in weights(data).get("lumbar_spinal_stenosis", {})) is counts
