"""Every kind of fault put into the evidence on purpose: each is found, and the message names the place."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from psoas.knowledge import Knowledge, Problem
from psoas.knowledge._load import DATA
from psoas.knowledge.integrity import check

Change = Callable[[str, str, str], list[Problem]]

CASES: list[tuple[str, str, str, str, str, str]] = [
    # what is wrong, pack, passage, what it becomes, where the message points, what it says is expected
    ("a misspelt key", "findings", "  dependence_group: pain_location", "  dependance_group: pain_location",
     "findings/midline_lumbar_pain/dependance_group", "near it are dependence_group"),
    ("a key missing", "red_flags", "    ask_who: self\n", "",
     "conditions/serious_cause_unspecified/flags/cannot_stand_or_walk/ask_who", "lacks"),
    ("a key twice", "claims", "topic: claims", "topic: claims\ntopic: claims", "", "stands twice"),
    ("an unreadable file", "claims", "topic: claims", "topic: [claims", "", "readable YAML"),
    ("a tag in the file", "claims", "topic: claims", "topic: !!python/name:os.system claims", "", "readable YAML"),
    ("a word for a number", "findings", "    specificity: 0.61", "    specificity: high",
     "findings/psis_one_finger/accuracy/0/specificity", "a valid number"),
    ("a number in quotes", "findings", "    specificity: 0.61", "    specificity: '0.61'",
     "findings/psis_one_finger/accuracy/0/specificity", "a valid number"),
    ("a truth value for a word", "sources_of_pain", "use_as_prior: 'yes'", "use_as_prior: yes",
     "conditions/nonspecific_lumbar_strain/prevalence/use_as_prior", "'yes', 'caution' or 'no'"),
    ("an unknown strength", "red_flags", "    strength: no_value\n    combinations: [cancer_plus_pain_pattern",
     "    strength: none_at_all\n    combinations: [cancer_plus_pain_pattern", "night_pain/strength", "'no_value'"),
    ("an unknown action", "red_flags", "    action_if_alone: watch\n    strength: no_value",
     "    action_if_alone: wait\n    strength: no_value", "action_if_alone", "'emergency_now'"),
    ("an unknown way of reading", "red_flags", "    source: premkumar_2018\n    read_in: secondary",
     "    source: premkumar_2018\n    read_in: hearsay", "read_in/0", "'recalled'"),
    ("an id twice", "exercises", "- id: modified_lunge_stretch", "- id: half_kneeling_tuck_stretch",
     "exercises/half_kneeling_tuck_stretch", "an id that stands once"),
    ("no id", "exercises", "- id: modified_lunge_stretch", "- name_: modified_lunge_stretch",
     "exercises/1", "a record with an id"),
    ("a missing citation", "findings", "    source: murakami_2008\n", "    source: murakami_2009\n",
     "findings/psis_one_finger/accuracy/0/source", "a source listed in this pack"),
    ("no citation at all", "findings", "    source: murakami_2008\n", "    source: null\n",
     "findings/psis_one_finger/accuracy/0/source", "since read_in is not reasoned"),
    ("no way of reading", "findings", "    source: murakami_2008\n    read_in: abstract",
     "    source: murakami_2008\n    read_in: null", "findings/psis_one_finger/accuracy/0/read_in", "how the figure"),
    ("a claim without its source", "claims", "sources: [{id: cholewicki_2002,", "sources: [{id: cholewicki_2003,",
     "claims/deepest_most_vital/sources/cholewicki_2003", "a source listed in this pack"),
    ("a sensitivity above one", "findings", "    sensitivity: 0.9\n    sens_ci: null\n    specificity: 0.61",
     "    sensitivity: 9.0\n    sens_ci: null\n    specificity: 0.61",
     "findings/psis_one_finger/accuracy/0/sensitivity is 9.0", "0 to 1"),
    ("a ratio that disagrees", "findings", "    lr_pos: 2.31", "    lr_pos: 3.21",
     "findings/psis_one_finger/accuracy/0/lr_pos is 3.21", "about 2.31, as sensitivity 0.9 and specificity 0.61"),
    ("a negative ratio that disagrees", "findings", "    lr_neg: 0.16\n    lr_derived",
     "    lr_neg: 0.61\n    lr_derived",
     "findings/psis_one_finger/accuracy/0/lr_neg is 0.61", "about 0.164"),
    ("an interval beside its figure", "hip_flexor_tests", "sensitivity_ci: [0.1386, 0.5487]",
     "sensitivity_ci: [0.3386, 0.5487]", "validity/mtt_no_pelvis_control/sensitivity_ci", "that holds 0.3182"),
    ("an interval back to front", "hip_flexor_tests", "sensitivity_ci: [0.1386, 0.5487]",
     "sensitivity_ci: [0.5487, 0.1386]", "validity/mtt_no_pelvis_control/sensitivity_ci", "the lower end first"),
    ("a share out of order", "sources_of_pain", "    low: 0.1\n", "    low: 0.95\n",
     "conditions/nonspecific_lumbar_strain/prevalence", "rising order"),
    ("an untested finding with a ratio", "findings", "    specificity: 0.61",
     "    specificity: 0.61\n    untested: true",
     "findings/psis_one_finger/accuracy/sacroiliac_joint_pain", "marked untested"),
    ("a figure without a citation", "outcomes", "mic: {value: 2, source: ostelo_2008, read_in: abstract}",
     "mic: {value: 2}", "measures/nrs_pain/mic/value is 2", "a source and read_in for this figure"),
    ("an unknown contraindication", "interventions", "- {id: cauda_equina_suspected,", "- {id: cauda_equina_suspectd,",
     "flag_map/cauda_equina_suspected", "an id of flags"),
    ("an unknown source of pain", "findings", "  - condition: sacroiliac_joint_pain", "  - condition: sacroilliac_pain",
     "accuracy is 'sacroilliac_pain'", "the id of a source of pain"),
    ("an unknown combination", "red_flags", "    combinations: [cancer_plus_pain_pattern, runner_groin_pain_with_load]",
     "    combinations: [cancer_plus_pain, runner_groin_pain_with_load]",
     "flags/night_pain/combinations is 'cancer_plus_pain'", "whose rule names this flag"),
    ("an unknown answer in a rule", "red_flags", "    all_of: [unexplained_weight_loss, back_pain_marked,",
     "    all_of: [unexplained_weight_gain, back_pain_marked,",
     "combinations/weight_loss_and_back_pain_over_60 is 'unexplained_weight_gain'", "the id of an answer"),
    ("an unknown field in a rule", "red_flags", "{when: person.age_years >= 60 and pain.duration_weeks > 6}",
     "{when: person.age >= 60 and pain.duration_weeks > 6}", "combinations/myeloma_bloods",
     "a field of expression_language"),
    ("an unknown function", "red_flags", "{when: person.age_years >= 60 and pain.duration_weeks > 6}",
     "{when: older_than(60)}", "combinations/myeloma_bloods", "a function of expression_language"),
    ("code in an expression", "red_flags", "{when: person.age_years >= 60 and pain.duration_weeks > 6}",
     "{when: '[x for x in (1,)]'}", "combinations/myeloma_bloods", "an expression without"),
    ("an unreadable expression", "red_flags", "{when: person.age_years >= 60 and pain.duration_weeks > 6}",
     "{when: person.age_years >= and}", "combinations/myeloma_bloods", "that can be read"),
    ("a count out of reach", "red_flags", "{when: person.age_years >= 60 and pain.duration_weeks > 6}",
     "{n_of: {n: 3, of: [fever, night_pain]}}", "combinations/myeloma_bloods/all_of/n_of/n is 3", "1 to 2"),
    ("a rule that is true of nothing", "red_flags", "all_of: [back_pain_marked, {when: person.age_years >= 60 and pain",
     "unless_yes: [fever]\n    all_of: [{unless: person.age_years >= 60 and pain", "combinations/myeloma_bloods",
     "a rule that is not true of an empty case"),
    ("a misspelt rule key", "red_flags", "    all_of: [unexplained_weight_loss, back_pain_marked,",
     "    all_off: [unexplained_weight_loss, back_pain_marked,",
     "conditions/spinal_malignancy/combinations/weight_loss_and_back_pain_over_60/all_off", "no key of this name"),
    ("two questions in one", "red_flags", "    ask: Does the pain wake you?",
     "    ask: Does the pain wake you? And hurt you?",
     "flags/night_pain/ask", "one question"),
    ("a flag that is also an illness", "red_flags", "  - id: first_back_pain_ever", "  - id: osteoporosis",
     "osteoporosis", "only one of the two"),
    ("an id of a wrong shape", "red_flags", "  - id: first_back_pain_ever", "  - id: First-Back-Pain",
     "First-Back-Pain", "snake_case"),
    ("an unknown region", "sources_of_pain", "{to: [lumbar_centre]", "{to: [lumbar_middle]",
     "region_map/lumbar_midline/to is 'lumbar_middle'", "a region of the pain drawing"),
    ("an unknown technique", "red_flags", "- {id: taping,", "- {id: tapeing,",
     "manual_contraindications is 'taping'", "one of deep_massage"),
    ("an unknown end of an interaction", "interactions", "- {a: turmeric, b: warfarin,", "- {a: tumeric, b: warfarin,",
     "interactions/0 is 'tumeric'", "products or partners"),
    ("a dose of nothing", "exercises", "  sets: 1\n", "  sets: 0\n",
     "exercises/half_kneeling_tuck_stretch/sets is 0", "1 or more"),
]  # fmt: skip


def test_the_evidence_as_shipped_hangs_together(knowledge: Knowledge) -> None:
    assert [str(problem) for problem in check(knowledge)] == []


@pytest.mark.parametrize(("what", "pack", "old", "new", "where", "expected"), CASES, ids=[case[0] for case in CASES])
def test_each_fault_is_found_where_it_is(
    problems_after: Change, what: str, pack: str, old: str, new: str, where: str, expected: str
) -> None:
    problems = problems_after(pack, old, new)
    said = [str(problem) for problem in problems]
    assert any(where in line and expected in line for line in said), f"{what}: {said[:5]}"


def test_a_source_id_that_names_two_papers_is_found(problems_after: Change) -> None:
    problems = problems_after("claims", "10.1016/0268-0033(92)90024-X", "10.1000/another")
    assert any("one paper for one id" in str(problem) and "bogduk_1992" in str(problem) for problem in problems)


def test_a_share_of_our_own_out_of_order_is_found(problems_after: Change) -> None:
    text = (DATA / "diagnosis_choices.yaml").read_text(encoding="utf-8")
    (name, line) = re.search(r"- id: (\w+)\n  (studio: .*)\n", text).groups()  # type: ignore[union-attr]
    said = [str(p) for p in problems_after("diagnosis_choices", line, "studio: {value: 0.7, low: 0.1, high: 0.6}")]
    assert said == [
        f"diagnosis_choices.yaml priors/{name}/studio is [0.1, 0.7, 0.6]; expected 0 < low <= value <= high < 1."
    ]


def test_messages_are_sentences(problems_after: Change) -> None:
    said = str(problems_after("findings", "    lr_pos: 2.31", "    lr_pos: 3.21")[0])
    assert said == (
        "findings.yaml findings/psis_one_finger/accuracy/0/lr_pos is 3.21; "
        "expected about 2.31, as sensitivity 0.9 and specificity 0.61 give."
    )
