"""Whatever somebody puts into a case file, reading it ends in plain data or in one `CaseError` with sentences."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from psoas.case import MAX_BYTES, Case, parse_case_text, read_case_text
from psoas.errors import CaseError
from tests.cases import words

HEAD = "psoas_case: 1\n"


def refused(text: str) -> str:
    with pytest.raises(CaseError) as caught:
        Case.of(parse_case_text(text), words())
    return str(caught.value)


# ---- files


def test_a_plain_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(HEAD + "notes: grüezi\n", encoding="utf-8")
    assert parse_case_text(read_case_text(file)) == {"psoas_case": 1, "notes": "grüezi"}


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(HEAD, encoding="utf-8-sig")
    assert parse_case_text(read_case_text(file)) == {"psoas_case": 1}


def _refused_file(path: Path | str) -> str:
    with pytest.raises(CaseError) as caught:
        read_case_text(path)
    return str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    assert "there is no such file" in _refused_file(tmp_path / "gone.yaml")


def test_a_folder(tmp_path: Path) -> None:
    assert "this is a folder" in _refused_file(tmp_path)


def test_a_path_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "cannot be read" in _refused_file(tmp_path / "file" / "case.yaml")


@pytest.mark.parametrize("name", ["a\0b.yaml", "x" * 5000])
def test_a_name_that_no_file_can_have(name: str) -> None:
    assert "cannot be read" in _refused_file(name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "no plain file" in _refused_file(tmp_path / "pipe")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_device_without_end(tmp_path: Path) -> None:
    assert "no plain file" in _refused_file("/dev/zero")


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 2 * MAX_BYTES])
def test_megabytes(tmp_path: Path, size: int) -> None:
    file = tmp_path / "case.yaml"
    file.write_bytes(b"#" * size)
    assert "larger than 1000 kB" in _refused_file(file)


@pytest.mark.parametrize("raw", ["é".encode("latin-1"), "psoas_case: 1".encode("utf-16"), b"\xff\xfe", b"\xc0\xaf"])
def test_text_that_is_not_utf_8(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "case.yaml"
    file.write_bytes(raw)
    assert "not UTF-8" in _refused_file(file)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "bytes.yaml"
    file.write_bytes(raw)
    try:
        Case.of(parse_case_text(read_case_text(file)), words())
    except CaseError as err:
        assert err.problems


# ---- what YAML can do and a case may not


def _laughs(depth: int = 30) -> str:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, depth)]
    return HEAD + "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (_laughs(), "anchors and aliases"),
        (HEAD + "notes: &here x\n", "anchors and aliases"),
        (HEAD + "pain: &p {}\nperson: *p\n", "anchors and aliases"),
        ("&x {psoas_case: 1, person: *x}", "anchors and aliases"),
        (HEAD + "person: {<<: {age_years: 4}}\n", "merge"),
        (HEAD + "notes: !!python/object/apply:os.system ['true']\n", "tag"),
        (HEAD + "notes: !!binary aGk=\n", "tag"),
        (HEAD + "notes: !mine x\n", "tag !mine"),
        (HEAD + "notes: !!str 5\n", "tag"),
        (HEAD + "person: {age_years: !!int '4'}\n", "tag"),
        (HEAD + "pain: {}\npain: {}\n", "'pain' stands twice"),
        (HEAD + "findings: {night_pain: yes, night_pain: no}\n", "'night_pain' stands twice"),
        ('{"psoas_case": 1, "psoas_case": 1}', "'psoas_case' stands twice"),
        (HEAD + "---\n" + HEAD, "second document"),
        (HEAD + "...\n---\nx: 1\n", "second document"),
        (HEAD + "findings: {1: yes}\n", "the key 1 is not a word"),
        (HEAD + "findings: {null: yes}\n", "the key None is not a word"),
        (HEAD + "? [a, b]\n: c\n", "is not a word"),
        (HEAD + "? {a: b}\n: c\n", "is not a word"),
        (HEAD + "notes: " + "[" * 40 + "]" * 40, "nested more than 12 levels"),
        ("[" * 20_000, "nested more than 12 levels"),
        ('{"a":' * 20_000, "nested more than 12 levels"),
        ('{"a":' * 20_000 + "1" + "}" * 20_000, "nested more than 12 levels"),
        (HEAD + "  - a\n b: c", "not YAML or JSON"),
        (HEAD + "person:\n\tage_years: 4\n", "not YAML or JSON"),
        (HEAD + "notes: 'open\n", "not YAML or JSON"),
        (HEAD + "notes: a\0b\n", "control characters"),
        (HEAD + 'notes: "\\ud800"\n', "not YAML or JSON"),
        ("%FOO bar\n---\n" + HEAD, "not YAML or JSON"),
        ("", "it is empty"),
        ("# a comment\n", "it is empty"),
        ("---\n", "it is empty"),
        ("- psoas_case: 1\n", "it is a list"),
        ("[1, 2]", "it is a list"),
        ("psoas_case", "it is a str"),
        ("42", "it is a int"),
    ],
)
def test_refused_with_a_sentence(text: str, says: str) -> None:
    assert says in refused(text)


def test_a_thing_that_names_its_line() -> None:
    assert refused(HEAD + "person: {}\nperson: {}\n").startswith("line 3:")


NO_DECIMALS = ["1:30", "010", "0o10", "0x20", "0b11", "1_000", "1,5", "4 5", "٤", "4½", "2020-01-01"]


@pytest.mark.parametrize("written", NO_DECIMALS)
def test_a_number_is_decimal_or_no_number(written: str) -> None:
    """YAML 1.1 would read `1:30` as 90 and `010` as 8, and say nothing."""
    assert f"is '{written}'; expected a number" in refused(f"{HEAD}person: {{age_years: '{written}'}}\n")
    if "," not in written:
        assert f"is '{written}'; expected a number" in refused(f"{HEAD}person:\n  age_years: {written}\n")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("48", 48), ("+48", 48), ("48.5", 48.5), ("4.85e1", 48.5), ("485e-1", 48.5), ("48.", 48), (".5", 0.5), ("0", 0)],
)
def test_decimals(written: str, meant: float) -> None:
    case = Case.of(parse_case_text(f"{HEAD}person: {{age_years: {written}}}\n"), words())
    assert case.person.age_years == meant


@pytest.mark.parametrize("written", [".inf", "-.inf", ".nan", "1e999", "9" * 400, "9" * 5000, "-" + "9" * 5000])
def test_a_number_without_end_is_refused_under_its_field(written: str) -> None:
    assert "person.age_years: is" in refused(f"{HEAD}person: {{age_years: {written}}}\n")


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_the_same_in_json(written: str) -> None:
    assert "person.age_years: is" in refused(f'{{"psoas_case": 1, "person": {{"age_years": {written}}}}}')


@pytest.mark.parametrize("word", ["yes", "Yes", "true", "on", "'yes'"])
def test_yes_in_every_spelling_of_yaml(word: str) -> None:
    case = Case.of(parse_case_text(f"{HEAD}findings: {{night_pain: {word}}}\n"), words())
    assert case.findings == {"night_pain": "yes"}


# ---- JSON


@pytest.mark.parametrize(
    "text",
    [
        '{"psoas_case": 1, "notes": "\\ud83d\\ude00"}',  # YAML takes the two escapes of one letter for two letters
        '{\n\t"psoas_case": 1,\n\t"notes": "\U0001f600"\n}',
        '{psoas_case: 1, notes: "\U0001f600"}',  # no JSON: a mapping of YAML in one line
        "\n\n  " + json.dumps({"psoas_case": 1, "notes": "\U0001f600"}),
    ],
)
def test_json_and_what_looks_like_it(text: str) -> None:
    assert Case.of(parse_case_text(text), words()).notes == "\U0001f600"


def test_json_depth_and_size_of_numbers() -> None:
    small = {"psoas_case": 1, "person": {"age_years": 0.00001}}
    assert parse_case_text(json.dumps(small)) == small


# ---- anything at all


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300) | st.text(alphabet="psoas_case:1{}[]&*!|>-'\"\n\t ,?%@`#~.0", max_size=80))
def test_any_text(text: str) -> None:
    for whole in (text, HEAD + text, HEAD + "notes: " + text):
        try:
            Case.of(parse_case_text(whole), words())
        except CaseError as err:
            assert str(err).isprintable() or "\n" in str(err)


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just("yes")
_ANYTHING = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(Case.model_fields)), _ANYTHING, max_size=5))
def test_any_data_in_yaml_and_in_json(data: dict[str, object]) -> None:
    for text in (yaml.safe_dump(data, allow_unicode=True), json.dumps(data)):
        try:
            assert isinstance(Case.of(parse_case_text(text), words()), Case)
        except CaseError as err:
            assert all(place and sentence for place, sentence in err.problems)
