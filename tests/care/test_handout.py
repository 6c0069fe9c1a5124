"""The sheets that people take away: whole, readable, tagged, in plain words, and nothing a person typed is markup."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from psoas.assessment import Assessment, assess
from psoas.care.types import Item, Plan
from psoas.errors import MissingExtraError
from psoas.knowledge import load
from psoas.knowledge.index import URGENCIES
from psoas.knowledge.words import Words
from psoas.report import handout
from psoas.report.handout import Clinician, Options, Patient, Practice
from psoas.report.handout import _typeset as typesetting
from psoas.report.handout._client import client_data, dose, own_stops
from psoas.report.handout._words import client_words, letter_words
from tests.cases import case_of, random_case

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
TODAY = date(2026, 11, 21)
PRACTICE = Practice("House of Movement", "3 Lime Tree Lane, Newtown", "+44 20 7946 0000")
WORDS = Words(load())


@cache
def answer_of(path: Path) -> Assessment:
    return assess(path)


def client(answer: Assessment, plan: Plan | None = None, **more: Any) -> PdfReader:
    pdf = handout.client_pdf(plan or answer.plan, answer.case, WORDS, today=TODAY, **more)
    return PdfReader(io.BytesIO(pdf))


def letter(answer: Assessment, **more: Any) -> PdfReader:
    return PdfReader(io.BytesIO(handout.doctor_letter_pdf(answer, today=TODAY, **more)))


def text_of(reader: PdfReader) -> str:
    """All the text in reading order, without the footers, which stand in the middle of a text that runs on."""
    pages = (squeezed(page.extract_text()) for page in reader.pages)
    return "".join(re.sub(r"madewithpsoas.{0,90}?\d+/\d+$", "", page) for page in pages)


def squeezed(text: str) -> str:
    """Small letters without spaces and line breaks: a line may break anywhere, and a sentence starts with a capital."""
    return re.sub(r"[\s\u00ad\u200b]+", "", text).casefold()


def says(reader: PdfReader, *wanted: str) -> None:
    text = text_of(reader)
    for one in wanted:
        assert squeezed(one) in text, one


def is_accessible(reader: PdfReader) -> None:
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("en")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()
    assert reader.metadata is not None and reader.metadata.title


# ---- the client's two pages


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_clients_handout_is_two_tagged_pages_with_everything_on_them(path: Path) -> None:
    answer = answer_of(path)
    reader = client(answer, person_name="Anna Novak", practice=PRACTICE, options=Options(tape=True))
    assert len(reader.pages) == 2
    is_accessible(reader)
    says(reader, "Plan for Anna Novak", *PRACTICE.lines(), "21 November 2026", *answer.plan.safety_net)
    for item in answer.plan.items:
        if item.kind != "referral":
            how = (item.say,) if item.say else item.steps  # the pathway's words stand in place of the general steps
            says(reader, item.name, *how, *own_stops(item, load()), *item.leave_out_if, dose(item))
        else:
            says(reader, item.name, item.until_seen)
    if any(item.kind == "exercise" for item in answer.plan.items):
        says(reader, *load().exercises.meta.global_stop_if)
    for leave in answer.plan.leave_for_now:
        says(reader, *leave.what.split("; "))
    for clash in answer.plan.clashes:
        says(reader, clash.words)
    says(reader, *answer.plan.warnings)


def test_every_exercise_has_its_pictures_with_words_for_those_who_do_not_see_them() -> None:
    answer = answer_of(ROOT / "examples" / "short_hip_flexor.yaml")
    described = alternatives(client(answer).trailer["/Root"]["/StructTreeRoot"])
    assert "half_kneeling_tuck_stretch" in [item.id for item in answer.plan.items]
    assert sum("Half-kneeling" in one for one in described) == 2
    assert any("The glow marks where it is felt" in one for one in described)


def alternatives(node: Any, depth: int = 0) -> list[str]:
    """Every /Alt of the structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if depth > 40 or not isinstance(node, (dict, list)):
        return []
    if isinstance(node, list):
        return [one for child in node for one in alternatives(child, depth + 1)]
    found = [str(node["/Alt"])] if "/Alt" in node else []
    return found + (alternatives(node["/K"], depth + 1) if "/K" in node else [])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_type_is_large(path: Path) -> None:
    """Nothing but the footer is smaller than 12 pt."""
    small: list[str] = []

    def visit(text: str, _current: Any, matrix: list[float], _font: Any, size: float) -> None:
        if text.strip() and size * abs(matrix[3]) < 11.9:
            small.append(text)

    for page in client(answer_of(path), options=Options(tape=True)).pages:
        page.extract_text(visitor_text=visit)
    told = "".join(small)
    assert "Made with Psoas" in told
    assert len(squeezed(told)) < 2 * 110


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_client_reads_plain_words(path: Path) -> None:
    """No ids, no statistics, no odds, no citations, and nothing said of the model unless it was given."""
    data = client_data(
        answer_of(path).plan, answer_of(path).case, WORDS, load(), person_name=None, practice=None, today=TODAY,
        options=Options(tape=True),
    )  # fmt: skip
    strings = [one for one in spoken(data) if not one.startswith("<svg")]
    for one in strings:
        assert not re.search(
            r"\b[a-z]+_[a-z_]+\b|SMD|CI\b|%|interval|probabilit|odds|N\.m|crossover|moderate certainty", one
        ), one
    assert not any("Computed for your body" in one for one in strings)


def spoken(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [one for child in children for one in spoken(child)]


def test_a_warning_names_the_product_it_is_about() -> None:
    answer = answer_of(ROOT / "examples" / "desk_worker.yaml")
    assert answer.case.supplements == ("turmeric",)
    (warning,) = answer.plan.warnings
    assert warning.startswith(f"{load().interactions.products['turmeric'].name}: stop and see a doctor for dark urine")
    says(client(answer), warning)


def test_what_the_model_computed_is_said_to_be_the_models() -> None:
    answer = answer_of(ROOT / "examples" / "desk_worker.yaml")
    said = "On your right side the deep hip flexor is a little shorter than in most people."
    says(client(answer, options=Options(model=(said,))), "Computed for your body by this model", said)


def test_someone_who_must_be_seen_gets_that_first_and_no_exercise() -> None:
    answer = answer_of(ROOT / "examples" / "looks_like_a_tight_psoas.yaml")
    reader = client(answer, options=Options(tape=True))
    assert len(reader.pages) == 2
    first = squeezed(reader.pages[0].extract_text())
    lead = squeezed(client_words()["urgency"]["same_day"])
    assert lead in first and first.index(lead) < first.index(squeezed("Get help"))
    says(reader, "Hospital the same day for blood tests and CT or MRI", "At the doctor’s")
    text = text_of(reader)
    assert squeezed("About the tape") not in text and squeezed("What to do") not in text


def test_the_tape_part_says_what_tape_cannot_do() -> None:
    answer = answer_of(ROOT / "examples" / "desk_worker.yaml")
    says(client(answer, options=Options(tape=True)), load().claims.claims["sports_tape"].wording_to_use)
    assert squeezed("About the tape") not in text_of(client(answer))


def test_the_gate_before_the_hip_flexors_is_asked_in_plain_words() -> None:
    answer = answer_of(ROOT / "examples" / "short_hip_flexor.yaml")
    gated = next(item for item in answer.plan.items if item.after_questions)
    says(client(answer), client_words()["gate_says"], *(client_words()["gate"][name] for name in gated.after_questions))


def test_a_one_sided_pain_turns_the_pictures() -> None:
    left = case_of({"psoas_case": 1, "pain": {"regions": {"groin_left": 4}, "duration_weeks": 20}})
    from psoas.report.handout._client import working_side

    assert working_side(left) == "left"
    assert (
        working_side(case_of({"psoas_case": 1, "pain": {"regions": {"groin_left": 4, "lumbar_right": 2}}})) == "right"
    )


# ---- the worst that can come


def long_plan(plan: Plan) -> Plan:
    """Every item three times, with many more of everything, and names that go on."""
    names = [
        "A very long name of a very long exercise " * 4,
        "Übungsfolge für die tiefliegende Hüftbeugemuskulatur",
        "x" * 200,
    ]
    items: list[Item] = []
    for index in range(15):
        item = plan.items[index % len(plan.items)]
        more = tuple(f"reason number {index}.{one} to leave it out, told at some length" for one in range(12))
        items.append(replace(item, name=f"{index} {names[index % 3]}", leave_out_if=more))
    clash = plan.clashes or ()
    return replace(
        plan, items=tuple(items), clashes=clash * 8, warnings=tuple(f"Warning number {index}." for index in range(30))
    )


def test_what_does_not_fit_goes_on_and_nothing_is_cut() -> None:
    answer = answer_of(ROOT / "examples" / "walks_then_sits.yaml")
    plan = long_plan(answer.plan)
    reader = client(answer, plan, person_name="Wolfeschlegelsteinhausenbergerdorff " * 6, practice=PRACTICE)
    assert len(reader.pages) > 2
    says(reader, *plan.safety_net, *plan.warnings)
    for item in plan.items:
        says(reader, item.name, *item.leave_out_if, *own_stops(item, load()))


HOSTILE = [
    "#panic()", "*Anna* _Novak_", "$x^2$", "= Heading", "</text>", "#read(\"/etc/passwd\")", "\\u{41}", "@label <tag>",
    "// comment", "`raw`", "[#image(\"x\")]", "{{ data }}", "Anna \"A\" O'Novak", "-- em --- dash",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_person_typed_is_text_and_never_markup(name: str) -> None:
    answer = answer_of(ROOT / "examples" / "leg_pain.yaml")
    says(client(answer, person_name=name, practice=Practice(name, name, name)), f"Plan for {name}")
    says(
        letter(answer, person=Patient(name, contact=name), practice=Practice(name), clinician=Clinician(name, name)),
        name,
    )


@pytest.mark.parametrize(
    "name", ["محمد علي الحسيني", "Ελένη Παπαδοπούλου", "Дмитро Шевченко", "Nguyễn Thị Ánh", "अनिता शर्मा"]
)
def test_names_of_many_scripts_are_printed(name: str) -> None:
    answer = answer_of(ROOT / "examples" / "leg_pain.yaml")
    for reader in (client(answer, person_name=name), letter(answer, person=Patient(name))):
        is_accessible(reader)
        assert "□" not in text_of(reader)


def test_letters_that_no_font_has_become_boxes_and_the_sheet_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_of(ROOT / "examples" / "leg_pain.yaml")
    for reader in (
        client(answer, person_name="Anna \ua66e\u13a0\U00012000"),
        letter(answer, person=Patient("\U00012000")),
    ):
        is_accessible(reader)
        says(reader, "□", "Some letters of a name could not be printed")


def test_control_characters_are_left_out() -> None:
    answer = answer_of(ROOT / "examples" / "leg_pain.yaml")
    says(client(answer, person_name="An\x00na\x1b[31m\u202e No\x7fvak"), "Anna[31m Novak")


@pytest.mark.parametrize("seed", range(8))
def test_any_case_gets_both_sheets(seed: int) -> None:
    answer = assess(case_of(random_case(seed)))
    for reader in (client(answer), letter(answer)):
        is_accessible(reader)
    says(client(answer), *answer.plan.safety_net)
    says(letter(answer), letter_words()["headline"][answer.screen.urgency])


def test_the_same_data_give_the_same_bytes() -> None:
    answer = answer_of(ROOT / "examples" / "leg_pain.yaml")
    once, again = (handout.client_pdf(answer.plan, answer.case, WORDS, today=TODAY) for _ in range(2))
    assert once == again
    assert handout.doctor_letter_pdf(answer, today=TODAY) == handout.doctor_letter_pdf(answer, today=TODAY)


def test_without_typst_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "find_spec", lambda name: None)
    answer = answer_of(ROOT / "examples" / "leg_pain.yaml")
    with pytest.raises(MissingExtraError, match=r"needs typst, which is not installed: pip install 'psoas\[web\]'"):
        client(answer)


def test_without_the_font_packages_it_still_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "font_folders", lambda: ())
    typesetting._fonts.cache_clear()
    try:
        says(client(answer_of(ROOT / "examples" / "leg_pain.yaml")), "Get help")
    finally:
        monkeypatch.undo()
        typesetting._fonts.cache_clear()


# ---- the letter


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_letter_is_one_tagged_page(path: Path) -> None:
    answer = answer_of(path)
    reader = letter(
        answer,
        person=Patient("Anna Novak", date(1982, 4, 3)),
        practice=PRACTICE,
        clinician=Clinician("J. Lind", "physiotherapist"),
    )
    assert len(reader.pages) == 1
    is_accessible(reader)
    says(
        reader,
        "Anna Novak, born 3 April 1982",
        "J. Lind, physiotherapist",
        "Medicines and illnesses",
        "What we ask for",
    )
    says(reader, letter_words()["headline"][answer.screen.urgency], letter_words()["asked"][answer.screen.urgency])
    says(reader, *(name.replace("_", " ") for name in answer.case.medicines))


def test_a_danger_letter_says_why_with_sources_what_was_found_and_what_was_not_asked() -> None:
    answer = answer_of(ROOT / "examples" / "looks_like_a_tight_psoas.yaml")
    reader = letter(answer)
    says(
        reader, "To the doctor who sees this person today", "SAME DAY", "Psoas (iliopsoas) abscess", "Wong et al. 2013"
    )
    says(reader, "Hip held flexed (left)", "temperature 38.3 °C", "Type 2 diabetes", "other safety questions")
    assert squeezed("saddle numbness") not in text_of(reader), "it does not bear on an abscess of the psoas"
    says(reader, "Hospital the same day for blood tests and CT or MRI", letter_words()["stopped"])
    assert squeezed("Ranked by the program") not in text_of(reader)


def test_a_letter_that_is_no_emergency_gives_the_ranking_with_intervals() -> None:
    says(
        letter(answer_of(ROOT / "examples" / "desk_worker.yaml")),
        "Ranked by the program",
        "90 % interval",
        "no single source",
    )


def test_a_letter_with_very_much_in_it_goes_on() -> None:
    many = [f"medicine number {index} with a {'very ' * 20}long name" for index in range(120)]
    raw = random_case(3) | {
        "medicines": many,
        "conditions": [],
        "notes": "x",
    }
    answer = assess(case_of(raw))
    reader = letter(answer)
    assert len(reader.pages) > 1
    says(reader, *many, "What we ask for")


# ---- the words are complete


def test_every_urgency_has_words() -> None:
    for table in (client_words()["urgency"], letter_words()["to"], letter_words()["headline"], letter_words()["asked"]):
        assert set(table) == set(URGENCIES)


def test_every_question_of_the_gate_and_every_checkpoint_has_plain_words() -> None:
    assert set(client_words()["gate"]) == set(load().red_flags.psoas_mimics.gate_questions)
    assert set(client_words()["review"]) == {point.week for point in load().prognosis.checkpoints}


def test_everything_that_is_no_exercise_says_how() -> None:
    from typing import get_args

    from psoas.care._catalogue import OFFERS
    from psoas.care.types import Kind

    assert set(client_words()["how"]) <= set(OFFERS)
    assert {*client_words()["how_by_kind"], "referral"} == set(get_args(Kind))
