"""A backup taken from a store comes back whole, on either database, and nothing that was there is lost."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from psoas.records import Conflict, Damaged, KeyNeeded, Locked, Records, Unreachable, WrongKey, open_records
from psoas.records.database import engine

from .conftest import KEY, PASSWORD, Practice, fill


def content(records: Records, practice: Practice) -> list[object]:
    with records.work(practice.owner) as work:
        return [
            work.people.search(),
            work.visits.of(practice.person),
            work.results.of(practice.visit),
            work.plans.of_person(practice.person),
            work.check_ins.of(practice.person),
            work.files.get(practice.file),
            work.accounts.list(),
            work.audit.entries(limit=100),
        ]


def test_a_backup_comes_back_whole(practice: Practice, tmp_path: Path) -> None:
    session = practice.records.sign_in("olga@birch", PASSWORD, address="here")
    assert session is not None
    before, heads = content(practice.records, practice), practice.records.heads()
    backup = tmp_path / "copy" / "backup.db"
    backup.parent.mkdir()
    practice.records.backup(backup)
    with practice.records.work(practice.owner) as work:
        work.people.erase(practice.person)
    assert Records.restore(backup, f"sqlite:///{tmp_path}/new.db", KEY) is None
    with open_records(f"sqlite:///{tmp_path}/new.db", key=KEY) as records:
        assert records.verify() == []
        assert content(records, practice) == before
        assert records.heads() == heads
        assert records.session(session.token) is None, "nobody is signed in to a restored store"
        assert records.sign_in("olga@birch", PASSWORD, address="here") is not None
    with open_records(f"sqlite:///{backup}", key=KEY) as records:
        assert records.verify() == []


def test_a_practice_moves_from_a_file_to_a_server(tmp_path: Path, postgres_url: str) -> None:
    with open_records(f"sqlite:///{tmp_path}/practice.db", key=KEY) as records:
        practice = fill(records, "Birch")
        before = content(records, practice)
        records.backup(tmp_path / "backup.db")
    assert Records.restore(tmp_path / "backup.db", postgres_url, KEY) is None
    with open_records(postgres_url, key=KEY) as records:
        assert records.verify() == []
        assert content(records, practice) == before
        with records.work(practice.owner) as work:
            work.people.add(family_name="Vale")
        assert records.verify() == []
    with pytest.raises(Conflict, match="holds a practice already; name an empty database"):
        Records.restore(tmp_path / "backup.db", postgres_url, KEY)
    with pytest.raises(WrongKey):
        open_records(postgres_url, key="another passphrase")
    with pytest.raises(KeyNeeded):
        open_records(postgres_url)


def test_a_backup_is_encrypted_and_private(practice: Practice, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    practice.records.backup(folder / "backup.db")
    assert sorted(one.name for one in folder.iterdir()) == ["backup.db", "backup.db.key.json"]
    for one in folder.iterdir():
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
        assert not [word for word in (b"SQLite format", b"Berg", b"secret picture") if word in one.read_bytes()]
    with pytest.raises(WrongKey):
        open_records(f"sqlite:///{folder}/backup.db", key="another passphrase")


def test_a_backup_overwrites_nothing(practice: Practice, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("dear diary", encoding="utf-8")
    with pytest.raises(Conflict, match="already there and is not overwritten"):
        practice.records.backup(there)
    assert there.read_text(encoding="utf-8") == "dear diary"
    with pytest.raises(Unreachable, match="is not there; make it"):
        practice.records.backup(tmp_path / "nowhere" / "backup.db")


def test_a_store_without_a_key_has_no_backup(memory: Records, tmp_path: Path) -> None:
    with pytest.raises(KeyNeeded, match="could not be encrypted"):
        memory.backup(tmp_path / "backup.db")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_is_one_moment_while_others_write(practice: Practice, tmp_path: Path) -> None:
    stop, failed = threading.Event(), []

    def write() -> None:
        try:
            while not stop.is_set():
                with practice.records.work(practice.owner) as work:
                    work.people.add(family_name="Side")
        except Exception as err:
            failed.append(err)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            practice.records.backup(tmp_path / f"{number}.db")
    finally:
        stop.set()
        writer.join()
    assert failed == []
    for number in range(3):
        with open_records(f"sqlite:///{tmp_path}/{number}.db", key=KEY) as records:
            assert records.verify() == []


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a small practice."""
    with open_records(f"sqlite:///{tmp_path}/old.db", key=KEY) as records:
        fill(records, "Birch")
        records.backup(tmp_path / "backup.db")
    return tmp_path / "backup.db"


def test_restoring_asks_first_and_keeps_the_store_that_was_there(backup: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with open_records(f"sqlite:///{old}", key=KEY) as records:
        elm = fill(records, "Elm")
    with pytest.raises(Conflict, match="--replace puts the backup in its place and keeps the old one"):
        Records.restore(backup, f"sqlite:///{old}", KEY)
    kept = Records.restore(backup, f"sqlite:///{old}", KEY, overwrite=True)
    assert kept is not None and kept.name.startswith("old-before-")
    with open_records(f"sqlite:///{old}", key=KEY) as records:
        assert list(records.practices().values()) == ["Birch"]
    with open_records(f"sqlite:///{kept}", key=KEY) as records:
        assert list(records.practices().values()) == ["Birch", "Elm"]
        assert records.verify() == []
        with records.work(elm.owner) as work:
            assert work.people.count() == 1


def test_a_store_that_an_app_has_open_is_not_taken_away_from_it(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    old = f"sqlite:///{tmp_path}/old.db"
    with open_records(old, key=KEY) as records:
        records.is_new()
        with pytest.raises(Locked, match="close it"):
            Records.restore(backup, old, KEY, overwrite=True)
        assert list(records.practices().values()) == ["Birch"]


@pytest.mark.parametrize("harm", ["truncate", "overwrite", "wrong key", "gone"])
def test_a_broken_backup_changes_nothing(backup: Path, tmp_path: Path, harm: str) -> None:
    old = tmp_path / "old.db"
    if harm == "truncate":
        os.truncate(backup, backup.stat().st_size // 2)
    elif harm == "overwrite":
        with backup.open("r+b") as file:
            file.seek(backup.stat().st_size * 3 // 4)
            file.write(b"spilt coffee")
    elif harm == "gone":
        backup.unlink()
    expected = {"wrong key": WrongKey, "gone": Unreachable}.get(harm, Damaged)
    with pytest.raises(expected):
        Records.restore(
            backup, f"sqlite:///{old}", KEY if harm != "wrong key" else "another passphrase", overwrite=True
        )
    assert not list(tmp_path.glob("*before*")) and not list(tmp_path.glob(".*"))
    with open_records(f"sqlite:///{old}", key=KEY) as records:
        assert records.verify() == []


def test_a_backup_takes_the_place_of_a_store_that_cannot_be_read(backup: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    os.truncate(old, 5000)
    kept = Records.restore(backup, f"sqlite:///{old}", KEY, overwrite=True)
    assert kept is not None and kept.stat().st_size == 5000
    with open_records(f"sqlite:///{old}", key=KEY) as records:
        assert records.verify() == []
