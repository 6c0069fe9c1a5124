"""`psoas records` from a terminal, as a person and as a program use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from psoas.cli import records as cli
from psoas.records import Conflict, Invalid, open_records

from .conftest import KEY, PASSWORD, Practice, fill


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    """A practice in a file that the terminal finds, with its key."""
    monkeypatch.setenv("PSOAS_STORE", str(tmp_path / "practice.db"))
    monkeypatch.setenv("PSOAS_PASSPHRASE", KEY)
    monkeypatch.delenv("COLUMNS", raising=False)
    with open_records(f"sqlite:///{tmp_path}/practice.db", key=KEY) as records:
        yield fill(records, "Birch")


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli.app, list(words), input=typed, catch_exceptions=False)


def psoas(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The whole program, with its exit code and its one sentence."""
    command = [sys.executable, "-m", "psoas", "records", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | environment)


def test_verify_says_whole_or_what_is_not(filled: Practice, tmp_path: Path) -> None:
    assert run("verify").output.startswith("Whole: ")
    said = json.loads(run("verify", "--json").output)
    assert (said["whole"], said["problems"], next(iter(said["heads"].values()))[:3]) == (True, [], "17:")
    noted = tmp_path / "heads.json"
    noted.write_text(json.dumps(said), encoding="utf-8")
    assert run("verify", "--against", str(noted)).exit_code == 0
    said["heads"] = dict.fromkeys(said["heads"], "99:" + "0" * 64)
    noted.write_text(json.dumps(said), encoding="utf-8")
    found = run("verify", "--against", str(noted))
    assert found.exit_code == 1
    assert "is not in the audit trail" in found.output


def test_the_program_answers_with_sentences_and_exit_codes(filled: Practice, tmp_path: Path) -> None:
    whole = psoas("verify")
    assert (whole.returncode, whole.stderr) == (0, "")
    wrong = psoas("verify", PSOAS_PASSPHRASE="another passphrase")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("psoas: The key does not open ")
    nowhere = psoas("people", PSOAS_STORE=str(tmp_path / "nowhere.db"))
    assert nowhere.returncode == 2
    assert "There is no store at" in nowhere.stderr
    heads = psoas("verify", "--against", str(tmp_path / "none.json"))
    assert (heads.returncode, "expected what `psoas records verify --json` prints" in heads.stderr) == (2, True)


def test_people_are_listed_with_their_ids(filled: Practice) -> None:
    assert filled.person in run("people").output
    found = json.loads(run("people", "berg", "--json").output)
    assert [(one["id"], one["family_name"], one["birth_date"]) for one in found] == [
        (filled.person, "Berg", "1980-05-31")
    ]
    assert run("people", "zz").output == "Nobody found.\n"


def test_backup_and_restore_round_trip(filled: Practice, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.db")
    assert "Backed up" in run("backup", copy).output
    new = str(tmp_path / "new.db")
    assert run("restore", copy, "--store", new).output == f"Restored to {new}.\n"
    assert run("verify", "--store", new).exit_code == 0
    filled.records.close()
    again = run("restore", copy, "--store", new, "--replace")
    assert "The store that was there is now" in again.output
    assert len(list(tmp_path.glob("new-before-*.db"))) == 1
    assert psoas("restore", copy, "--store", new).returncode == 2


def test_export_writes_a_private_file_once(filled: Practice, tmp_path: Path) -> None:
    to = tmp_path / "anna.zip"
    assert "not encrypted" in run("export", filled.person, "--to", str(to)).output
    assert to.stat().st_mode & 0o777 == 0o600
    assert "record.json" in zipfile.ZipFile(to).namelist()
    assert psoas("export", filled.person, "--to", str(to)).returncode == 2


def test_erase_asks_first(filled: Practice) -> None:
    asked = run("erase", filled.person, typed="n\n")
    assert "Erase everything about Anna Berg?" in asked.output and asked.exit_code == 1
    assert filled.person in run("people").output
    run("erase", filled.person, typed="y\n")
    assert run("people").output == "Nobody found.\n"
    assert run("verify").exit_code == 0


def test_a_forgotten_password_is_set_by_whoever_holds_the_key(filled: Practice) -> None:
    assert run("password", "pia@birch", typed="a new battery\na new battery\n").exit_code == 0
    assert filled.records.sign_in("pia@birch", PASSWORD, address="here") is None
    assert filled.records.sign_in("pia@birch", "a new battery", address="here") is not None
    assert "expected one of: olga@birch" in psoas("password", "nobody").stderr


def test_the_passphrase_can_be_asked_for(filled: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSOAS_PASSPHRASE", "another passphrase")
    assert run("verify", "--passphrase", typed=f"{KEY}\n").exit_code == 0


def test_one_of_several_practices_is_named(filled: Practice) -> None:
    fill(filled.records, "Elm")
    both = psoas("people")
    assert (both.returncode, both.stderr) == (2, "psoas: practice is not named; expected one of: Birch, Elm.\n")
    found = json.loads(run("people", "--practice", "Elm", "--json").output)
    assert [one["family_name"] for one in found] == ["Berg"]
    assert found[0]["id"] != filled.person


def test_what_was_done_at_the_terminal_is_in_the_trail(filled: Practice, tmp_path: Path) -> None:
    run("export", filled.person, "--to", str(tmp_path / "anna.zip"))
    with filled.records.work(filled.owner) as work:
        entry = work.audit.entries(limit=1)[0]
    assert (entry.action, entry.by, entry.role) == ("person.export", None, "owner")


def test_a_further_practice_has_its_own_owner_and_nothing_of_the_first(filled: Practice) -> None:
    words = ("add-practice", "Elm Street", "--owner", "Otto Elm", "--login", "Otto")
    with pytest.raises(Invalid, match="expected 12 to 256"):
        run(*words, typed="short\nshort\n")
    made = run(*words, typed="a new battery\na new battery\n")
    assert "Made Elm Street. Otto Elm signs in as otto" in made.output
    session = filled.records.sign_in("otto", "a new battery", address="here")
    assert session is not None
    with filled.records.work(session.scope) as work:
        assert work.people.search() == ()
    with pytest.raises(Conflict, match="Elm Street"):
        run(*words[:-1], "otto2", typed="a new battery\na new battery\n")
    assert run("people", "--practice", "Elm Street").output.strip() == "Nobody found."
    assert "Berg" in run("people", "--practice", "Birch").output
    assert filled.records.verify() == []


def test_fhir_is_written_for_the_owner_alone_and_overwrites_nothing(filled: Practice, tmp_path: Path) -> None:
    to = tmp_path / "anna.json"
    words = ("fhir", filled.person, "--to", str(to), "--named")
    assert run(*words).exit_code == 0
    patient = json.loads(to.read_text(encoding="utf-8"))["entry"][0]["resource"]
    assert patient["name"][0]["family"] == "Berg"
    assert to.stat().st_mode & 0o077 == 0
    with pytest.raises(Conflict, match="is not overwritten"):
        run(*words)
