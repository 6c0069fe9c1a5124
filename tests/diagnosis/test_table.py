"""P(yes) of every finding with every source: whole, with its origin, and pulled by publications as the knob says."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from psoas.diagnosis.evidence import chance_of_yes, over_states
from psoas.diagnosis.likelihood.table import table_of
from psoas.diagnosis.states import states_of
from psoas.knowledge.frequencies import OTHER, frequencies_of, ranked_sources
from tests.diagnosis.making import KNOBS, KNOWLEDGE, TABLE, network, raw

SOURCES = ranked_sources(KNOWLEDGE)
ROWS = frequencies_of(KNOWLEDGE).rows
JUDGED_ONLY = table_of(KNOWLEDGE, replace(KNOBS, published=0.0))


def test_every_finding_speaks_of_every_source() -> None:
    """Every finding that a person or a practitioner can answer has a chance for every source; scans keep their own.

    What is told for the danger screen alone (nerve pain in both legs, since when not stated) ranks nothing.
    """
    for name, finding in KNOWLEDGE.findings.findings.items():
        if finding.mode != "imaging_report" and not (finding.told_only and finding.also_in_screen):
            for answer in ("yes", "no"):
                chance = TABLE[name, answer]
                assert chance.present.shape == (len(SOURCES),)
                assert (chance.present > 0).all()
                assert (chance.present < 1).all()
                assert len(chance.births) == len(SOURCES)


def test_every_cell_says_where_it_comes_from() -> None:
    for (name, _), chance in TABLE.items():
        for birth in chance.births:
            assert birth.source, name
            assert birth.read_in, name
            assert 0.0 <= birth.judged <= 1.0
            assert (birth.judged == 1.0) is (birth.source == ("reasoned",) or birth.judged == 1.0)


def test_without_publications_a_cell_is_the_judged_share() -> None:
    cells = ROWS["sij_thigh_thrust"]
    chance = JUDGED_ONLY["sij_thigh_thrust", "yes"]
    assert chance.leak == pytest.approx(cells[OTHER].p)
    for source, p in zip(SOURCES, chance.present, strict=True):
        assert p == pytest.approx(cells[source].p)


@pytest.mark.parametrize("published", [0.02, 0.1, 0.5, 0.9])
def test_a_publication_pulls_by_how_sure_it_is_between_judgement_and_in_full(published: float) -> None:
    place = SOURCES.index("sacroiliac_joint_pain")
    tables = [table_of(KNOWLEDGE, replace(KNOBS, published=one)) for one in (0.0, published, 1.0)]
    judged, pulled, full = (table["sij_thigh_thrust", "yes"].ln_ratios("yes")[place] for table in tables)
    assert min(judged, full) < pulled < max(judged, full)
    birth = tables[1]["sij_thigh_thrust", "yes"].births[place]
    assert 0.0 < birth.judged < 1.0
    assert birth.judged == pytest.approx(1 - (pulled - judged) / (full - judged))


def test_a_judged_cell_is_wide() -> None:
    """At least half a unit of the logit: what nobody has measured is never known to a few percent."""
    for chance in JUDGED_ONLY.values():
        if chance.births[0].judged == 1.0 and chance.sd[0]:
            assert chance.sd[0] >= KNOWLEDGE.diagnosis_choices.dependence.judged_sd_logit


def test_a_count_that_nobody_judged_lies_among_its_parts() -> None:
    parts = KNOWLEDGE.findings.findings["sij_cluster_3_plus"].cluster_of
    place = SOURCES.index("axial_spondyloarthritis")
    shares = [ROWS[part]["axial_spondyloarthritis"].p for part in parts]
    assert min(shares) < JUDGED_ONLY["sij_cluster_3_plus", "yes"].present[place] < max(shares)


def test_inhibitors_hold_back_what_another_source_produces() -> None:
    """P(yes | disc and facet) = (1 - off(disc)) * facet / leak, worked by hand."""
    states = states_of(SOURCES)
    chance = TABLE["midline_lumbar_pain", "yes"]
    disc, facet = (SOURCES.index(name) for name in ("discogenic_pain", "facet_joint_pain"))
    leak, up, down = chance.leak, float(chance.present[disc]), float(chance.present[facet])
    assert down < leak < up
    both = float(chance_of_yes(chance, states)[states.sets.index((disc, facet))])
    assert both == pytest.approx((1 - (1 - leak) * (1 - up) / (1 - leak)) * down / leak)
    assert down < both < up
    alone = over_states(chance, "yes", states)[states.sets.index((disc,))]
    assert alone == pytest.approx(math.log(up / leak))


def test_two_products_give_what_going_through_the_members_gives() -> None:
    states = states_of(SOURCES)
    for key in [("straight_leg_raise", "no"), ("mark_groin", "yes"), ("night_pain", "yes")]:
        chance, over = TABLE[key], over_states(TABLE[key], key[1], states)
        for state in (0, 5, 100, 700, len(states.sets) - 1):
            silent, through = 1 - chance.leak, 1.0
            for member in states.sets[state]:
                p = float(chance.present[member])
                if p > chance.leak:
                    silent *= (1 - p) / (1 - chance.leak)
                else:
                    through *= p / chance.leak
            yes = (1 - silent) * through
            got = yes if key[1] == "yes" else 1 - yes
            none = chance.leak if key[1] == "yes" else 1 - chance.leak
            assert over[state] == pytest.approx(math.log(got / none), abs=1e-12)


def test_a_cell_put_right_stands_in_place_of_the_judged_one() -> None:
    from psoas.knowledge.frequencies import _cells
    from psoas.knowledge.packs.frequencies import FrequencyCell, FrequencyRow

    cell = FrequencyCell(share=12.0, sd_logit=0.2, source=("own_practice",), read_in=("fulltext",))
    row = FrequencyRow(share=(50.0, 30.0), sd_logit=(0.35, 0.35), corrected={"other": cell})
    cells = _cells(row, ("facet_joint_pain", "other"), ("reasoned",))
    assert cells["other"].p == pytest.approx(0.12)
    assert cells["other"].read_in == ("fulltext",)
    assert cells["facet_joint_pain"].read_in == ("reasoned",)


def test_facts_of_the_case_act_once() -> None:
    """Age moves the odds as a fact and its old findings say nothing beside it."""
    net = network(raw(person={"age_years": 75, "sex": "female"}))
    assert [fact.id for fact in net.told] == [
        "age_60_plus",
        "sex_female",
        "condition_pregnant_or_within_6_weeks_of_birth",
    ]
    assert not {"age_over_65", "age_over_70", "age_under_60", "age_under_20"} & set(net.items)
    base = network(raw())
    moved = net.odds[0] - base.odds[0]
    expected = sum(KNOBS.temperature * fact.chance.ln_ratios(fact.answer) for fact in net.told)
    assert np.allclose(moved, expected)


def test_a_known_illness_with_a_row_is_a_fact() -> None:
    told = network(raw(conditions=["psoriasis", "crohns_disease"])).told
    assert {fact.id for fact in told} == {"condition_psoriasis", "condition_inflammatory_bowel_disease"}
