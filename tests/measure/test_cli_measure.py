"""`psoas measure` as a person runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import ROOT, psoas
from tests.measure.film import film, needs_the_network
from tests.measure.scene import SIZE_PX, lying

pytest.importorskip("PIL", reason="pictures need the vision extra")

from PIL import Image

VALUES = ("measure", "--values", "-12 -10 -13", "--side", "right", "--method", "inclinometer", "--pelvis", "controlled")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture; what is on it does not matter once it is tapped."""
    file = tmp_path / "photo.jpg"
    Image.new("RGB", SIZE_PX, "grey").save(file)
    return file


@pytest.fixture
def taps(tmp_path: Path) -> Path:
    """Taps of a thigh 12 degrees below the table."""
    file = tmp_path / "taps.json"
    file.write_text(json.dumps(lying(-12.0).to_data()), encoding="utf-8")
    return file


def test_a_tapped_photo_as_json(photo: Path, taps: Path) -> None:
    ran = psoas("measure", str(photo), "--taps", str(taps), "--json")
    answer = json.loads(ran.out)
    assert ran.code == 0 and ran.err == "" and answer["source"] == "photo.jpg"
    first = answer["angles"][0]
    assert first["id"] == "modified_thomas.thigh_angle" and first["side"] == "right" and first["against"] == "pelvis"
    assert first["value_deg"] == pytest.approx(-12.0, abs=0.1) and 5.0 < first["sd_deg"] < 12.0
    assert [entry["id"] for entry in answer["measurements"]] == [
        "modified_thomas.thigh_angle",
        "modified_thomas.knee_angle",
    ]


def test_a_tapped_photo_for_a_person_to_read(photo: Path, taps: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.png"
    ran = psoas("measure", str(photo), "--taps", str(taps), "--out", str(drawn))
    assert ran.code == 0 and "against the pelvis" in ran.out.replace("\n", " ").replace("the         ", "the ")
    with Image.open(drawn) as image:
        assert image.size == SIZE_PX and len(image.convert("RGB").getcolors(1 << 24) or ()) > 10


def test_measuring_taps_needs_no_network() -> None:
    """With LiteRT and the weights out of reach, a tapped photo is still measured."""
    code = (
        "import sys; sys.modules['ai_edge_litert'] = None\n"
        "from psoas.measure import angle_from_taps\nfrom tests.measure.scene import lying, SIZE_PX\n"
        "print(round(angle_from_taps(lying(-12.0), size_px=SIZE_PX).value_deg))"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=ROOT)
    assert ran.stdout.strip() == "-12", ran.stderr


@pytest.mark.parametrize("missing", ["PIL", "ai_edge_litert"])
def test_a_missing_part_is_named_with_its_cure(missing: str, photo: Path) -> None:
    words = ["psoas", "measure", str(photo)]
    code = f"import sys; sys.modules[{missing!r}] = None; from psoas.cli import main; sys.argv = {words}; main()"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 2 and "pip install 'psoas[vision]'" in ran.stderr and "Traceback" not in ran.stderr


def test_numbers_typed_in() -> None:
    answer = json.loads(psoas(*VALUES, "--json").out)
    assert answer["angles"][0]["trials"] == 3 and answer["angles"][0]["value_deg"] == pytest.approx(-11.67)
    assert [entry["value_deg"] for entry in answer["measurements"]] == [-12.0, -10.0, -13.0]


def test_the_example_taps() -> None:
    angles = json.loads(psoas("measure", "--taps", "examples/thomas_taps.json", "--json").out)["angles"]
    assert [one["against"] for one in angles] == ["table", "pelvis", "thigh"]
    assert angles[0]["value_deg"] == pytest.approx(-6.0, abs=0.2) and angles[1]["value_deg"] == pytest.approx(
        1.0, abs=0.2
    )


def test_the_example_log() -> None:
    answer = json.loads(
        psoas("measure", "examples/phone_log.csv", "--side", "right", "--pelvis", "controlled", "--json").out
    )
    assert answer["angles"][0]["value_deg"] == pytest.approx(-8.0, abs=0.3)


def test_angles_flow_into_a_case_and_its_other_words_stay(photo: Path, taps: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    before = (ROOT / "examples" / "short_hip_flexor.yaml").read_text(encoding="utf-8")
    case.write_text(before, encoding="utf-8")
    assert psoas(*VALUES, "--to", str(case)).code == 0
    assert psoas("measure", str(photo), "--taps", str(taps), "--to", str(case)).code == 0
    after = case.read_text(encoding="utf-8")
    assert after.startswith(before.rstrip("\n")) and after.count("sd ") == 2
    assert psoas("check", str(case)).code == 0
    new = tmp_path / "new.yaml"
    assert psoas(*VALUES, "--to", str(new)).code == 0
    assert psoas("check", str(new)).code == 0 and new.read_text(encoding="utf-8").startswith("psoas_case: 1\n")


@pytest.mark.parametrize(
    "text",
    [
        '{"psoas_case": 1, "notes": "é", "measurements": [{"id": "lumbar.flexion", "value_deg": 40}]}',
        "psoas_case: 1\nmeasurements: [{id: lumbar.flexion, value_deg: 40}]\n",
        "psoas_case: 1\nmeasurements:\n- id: lumbar.flexion\n  value_deg: 40\n# a remark\ngoals: [walk]\n",
        "psoas_case: 1\nmeasurements:\n  - {id: lumbar.flexion, value_deg: 4}\n\n# more\ngoals: [walk]\n",
        "psoas_case: 1\nmeasurements:\ngoals: [walk]\n",
    ],
)
def test_a_case_of_any_shape_takes_more_measurements(text: str, tmp_path: Path) -> None:
    from psoas.case import parse_case_text

    case = tmp_path / "case.yaml"
    case.write_text(text, encoding="utf-8")
    old = parse_case_text(text)
    assert psoas(*VALUES, "--to", str(case)).code == 0
    new = parse_case_text(case.read_text(encoding="utf-8"))
    assert new["measurements"][:-3] == (old["measurements"] or [])
    assert {**new, "measurements": 0} == {**old, "measurements": 0}
    assert "# a remark" not in text or "# a remark" in case.read_text(encoding="utf-8")


def test_a_case_that_cannot_be_taken_stays_as_it_was(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("psoas_case: 1\nperson: {age_years: 400}\n", encoding="utf-8")
    ran = psoas(*VALUES, "--to", str(case))
    assert ran.code == 2 and "person.age_years" in ran.err
    assert case.read_text(encoding="utf-8") == "psoas_case: 1\nperson: {age_years: 400}\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("measure",), "Nothing to measure: give a photo, a video or a log"),
        (("measure", "none.jpg"), "none.jpg: there is no such file."),
        (("measure", "--taps", "examples/thomas_taps.json", "--out", "x.png"), "give the photo as well"),
        (("measure", "none.jpg", "--values", "3"), "--values stands alone"),
        (("measure", "--values", "ten", "--side", "left"), "--values is 'ten'; expected numbers"),
        (("measure", "--values", "-40", "--side", "left"), "is -40 degrees; expected -35 to 45. Is the sign swapped?"),
        (
            ("measure", "--values", "40", "--angle", "hip.extension", "--side", "left"),
            "is 40 degrees; expected -30 to 35",
        ),
        (("measure", "--values", "3", "--side", "left", "--pelvis", "held"), "--pelvis is 'held'; expected controlled"),
        (("measure", "examples/phone_log.csv"), "the side of modified_thomas.thigh_angle is None; expected left or"),
        (("measure", "README.md"), "README.md is not a readable picture"),
        (("measure", "none.jpg", "--person", "here"), "--person is 'here'; expected two numbers"),
        (("measure", "none.jpg", "--to", "case.yaml"), "--to needs --taps: proposed points are no measurement"),
    ],
)
def test_bad_input_gets_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    ran = psoas(*words)
    assert ran.code == 2 and ran.out == "" and "Traceback" not in ran.err
    assert sentence in ran.err


def test_taps_outside_and_out_of_a_wrong_name(photo: Path, taps: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("side: left\ntaps: {trochanter: [1, 1], knee: [9000, 1]}\n", encoding="utf-8")
    assert "taps.knee is [9000, 1], outside the picture" in psoas("measure", str(photo), "--taps", str(outside)).err
    ran = psoas("measure", str(photo), "--taps", str(taps), "--out", str(tmp_path / "drawn.gif"))
    assert ran.code == 2 and "expected a name that ends in .png or .jpg" in ran.err


def test_a_film_is_proposed_edited_and_measured(tmp_path: Path) -> None:
    needs_the_network()
    words = ("measure", str(film()), "--at", "4.6667", "--person", "620,720")
    written, drawn = tmp_path / "taps.yaml", tmp_path / "drawn.jpg"
    ran = psoas(*words, "--taps-out", str(written), "--out", str(drawn))
    assert ran.code == 0 and ran.err == "" and "proposed, not measured" in ran.out.replace("\n", " ")
    assert drawn.exists() and "asis" in written.read_text(encoding="utf-8")
    proposed = json.loads(psoas(*words, "--json").out)
    assert "angles" not in proposed and proposed["proposed"]["side"] == "left"
    measured = json.loads(psoas("measure", str(film()), "--at", "4.6667", "--taps", str(written), "--json").out)
    assert measured["angles"][0]["sd_deg"] > 10.0, "a person of 430 pixels is measured badly, and it says so"
