"""What the packs look like from the code that uses them."""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import psoas.knowledge as face
from psoas.cli.show.evidence import count_lines
from psoas.knowledge import Entry, Knowledge, load, nearest_ids
from psoas.knowledge._load import DATA, PACKS
from psoas.knowledge.checks.counts import count
from psoas.knowledge.checks.walk import get, parts_of
from tests.reference import reference


def test_every_file_is_a_pack_and_every_pack_a_file() -> None:
    tables = {"vocabulary_frequencies"}  # a table of judged shares, read by whatever ranks
    assert {path.stem for path in DATA.glob("*.yaml")} - tables == set(PACKS) - tables


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_says_what_its_file_says(knowledge: Knowledge, name: str) -> None:
    """Every key and value of the file is found again under the same name, and nothing is added."""
    tree = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    _same(tree, knowledge.packs()[name], name)


def _same(raw: Any, typed: Any, path: str) -> None:
    if isinstance(typed, Entry):
        named = dict(parts_of(typed))
        rule = dict(get(typed, "rule")) if type(typed).__name__ == "Combination" else {}
        for key, value in raw.items():
            if key in rule:
                assert rule.pop(key) == value, f"{path}/{key}"
            else:
                assert key in named, f"{path}/{key} is lost"
                _same(value, named[key], f"{path}/{key}")
        assert not rule, f"{path} has rule keys that the file lacks"
        left = {key: value for key, value in named.items() if key not in raw and key != "rule"}
        assert all(value in (None, (), False) or value == {} for value in left.values()), f"{path}: {left}"
    elif isinstance(raw, list) and isinstance(typed, dict):
        assert [item["id"] for item in raw] == list(typed), path
        for item in raw:
            _same(item, typed[item["id"]], f"{path}/{item['id']}")
    elif isinstance(typed, tuple):
        items = raw if isinstance(raw, list) else [] if raw is None else [raw]
        assert len(items) == len(typed), path
        for index, (one, other) in enumerate(zip(items, typed, strict=True)):
            _same(one, other, f"{path}/{index}")
    elif isinstance(raw, dict):
        assert [str(key) for key in raw] == list(typed), path
        for key, value in raw.items():
            _same(value, typed[str(key)], f"{path}/{key}")
    elif isinstance(raw, list):
        assert raw == typed, path
    else:
        assert raw == typed and isinstance(raw, bool) == isinstance(typed, bool), f"{path}: {raw!r} became {typed!r}"


def test_counts_are_those_of_the_reference(knowledge: Knowledge) -> None:
    """The reference check prints the same numbers, apart from how it spreads the recalled ones over the packs."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        reference().counts()
    wanted = [line for line in said.getvalue().splitlines() if not line.startswith("  ")]
    ours = [re.sub(r"^(recalled figures: \d+) \(.*", r"\1", line) for line in count_lines(count(knowledge))]
    assert ours == wanted


def test_a_record_cannot_be_changed(knowledge: Knowledge) -> None:
    finding = knowledge.findings.findings["faber"]
    with pytest.raises(FrozenInstanceError):
        finding.name = "another"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del finding.name
    assert not hasattr(finding, "__dict__"), "slots: a misspelt attribute cannot be set either"


def test_records_are_standard_dataclasses(knowledge: Knowledge) -> None:
    source = next(iter(knowledge.findings.sources.values()))
    assert [part.name for part in fields(source)] == list(source._names)  # type: ignore[arg-type]
    other = replace(source, citation="another")  # type: ignore[type-var]
    assert other != source and other.id == source.id and replace(other, citation=source.citation) == source  # type: ignore[type-var]
    assert repr(other).startswith(f"Source(id={source.id!r}, citation='another'")
    assert len({source, replace(source)}) == 1  # type: ignore[type-var]
    with pytest.raises(TypeError, match="lacks the field 'citation'"):
        type(source)(id="x", design="y")
    with pytest.raises(TypeError, match="has no field 'titel'"):
        replace(source, titel="x")  # type: ignore[type-var, call-arg]


def test_citations_are_always_tuples(knowledge: Knowledge) -> None:
    for _, flag in ((c, f) for c in knowledge.red_flags.conditions.values() for f in c.flags.values()):
        assert isinstance(flag.source, tuple) and isinstance(flag.read_in, tuple)
    for condition in knowledge.red_flags.conditions.values():
        assert isinstance(condition.guideline, tuple)


def test_known_facts_are_where_they_belong(knowledge: Knowledge) -> None:
    red, findings = knowledge.red_flags, knowledge.findings
    assert red.conditions["psoas_abscess"].action == "same_day"
    combination = red.vital_signs.combinations["news2_5_or_more"]
    assert combination.rule == {"any_of": [{"when": "news2() >= 5"}]}
    row = findings.findings["psis_one_finger"].accuracy[0]
    assert (row.condition, row.sensitivity, row.specificity, row.lr_pos) == ("sacroiliac_joint_pain", 0.9, 0.61, 2.31)
    assert knowledge.sources_of_pain.conditions["nonspecific_lumbar_strain"].prevalence.use_as_prior == "yes"
    assert knowledge.interventions.interventions["education_stay_active"].for_
    assert knowledge.interactions.products["turmeric"].class_ == "herb"
    assert red.ask_first[0].if_.startswith("(person.sex")
    assert knowledge.psoas_anatomy.fascicles.list_["ps_l1_vb"].pcsa_mm2 == 211
    assert knowledge.spine_loads.entries["wilke_stand_relaxed"].value == 0.5
    assert knowledge.exercises.exercises["half_kneeling_tuck_stretch"].pose.end.work.hip_flexion_deg == -15


def test_the_hash_covers_names_and_bytes(tmp_path: Path) -> None:
    for path in DATA.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert Knowledge(tmp_path).sha256 == load().sha256 and len(load().sha256) == 64
    claims = tmp_path / "claims.yaml"
    claims.write_bytes(claims.read_bytes() + b"\n")
    assert Knowledge(tmp_path).sha256 != load().sha256


def test_the_face_offers_what_it_names() -> None:
    for name in face.__all__:
        assert getattr(face, name) is not None
    with pytest.raises(AttributeError, match=r"attribute.*Flagg"):
        face.Flagg  # noqa: B018


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("nigth_pain", "night_pain"),
        ("Night pain", "night_pain"),
        ("fever-or-rigors", "fever_or_rigors"),
        ("FABER", "faber"),
    ],
)
def test_a_misspelt_id_finds_its_neighbour(knowledge: Knowledge, word: str, first: str) -> None:
    known = [*knowledge.findings.findings, "night_pain", "fever_or_rigors"]
    assert nearest_ids(word, known)[0] == first


def test_nothing_near_is_nothing(knowledge: Knowledge) -> None:
    known = knowledge.findings.findings
    assert nearest_ids("qqqqzzzz", known) == nearest_ids("", known) == nearest_ids(" - ", known) == ()
    assert len(nearest_ids("pain", known, n=2)) == 2
