"""A write-ahead log that was damaged, cut or removed is found out, and what is in the file cannot be lost with it."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from psoas.records import Damaged, open_records
from psoas.records.database.confirmed import SLOT_BYTES, SUFFIX
from psoas.records.errors import RecordsError

from .conftest import KEY, fill

PEOPLE = 12
WRITER = """
import os, sys
from psoas.records import open_records
from psoas.records.parts import accounts
from psoas.records.access.tokens import Cost
accounts.COST = Cost(passes=1, memory_kib=64)
records = open_records("sqlite:///" + sys.argv[1], key=sys.argv[2])
owner = records.set_up(practice="P", name="O", login="olga", password="correct horse battery").scope
reading = records._database.engine.connect() if sys.argv[3] == "read" else None
if reading is not None:
    reading.exec_driver_sql("SELECT count(*) FROM person").all()
for number in range(int(sys.argv[4])):
    with records.work(owner) as work:
        work.people.add(family_name=f"Person {number}")
os.kill(os.getpid(), 9)
"""


def written(folder: Path, *, somebody_reads: bool) -> Path:
    """A store whose writer was killed. While somebody reads, what is written stays in the log."""
    store = folder / "practice.db"
    arguments = [str(store), KEY, "read" if somebody_reads else "alone", str(PEOPLE)]
    subprocess.run([sys.executable, "-c", WRITER, *arguments], check=False)
    return store


@pytest.fixture(scope="module")
def in_the_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = written(tmp_path_factory.mktemp("log"), somebody_reads=True)
    assert Path(f"{store}-wal").stat().st_size > 100_000
    return store


def copy_of(store: Path, folder: Path) -> Path:
    for file in store.parent.glob(f"{store.name}*"):
        shutil.copy(file, folder / file.name)
    return folder / store.name


def people_of(store: Path) -> int:
    with open_records(f"sqlite:///{store}", key=KEY) as records:
        assert records.verify() == []
        with records.work(records.operator()) as work:
            return work.people.count()


def test_after_a_kill_everything_confirmed_is_there(in_the_log: Path, tmp_path: Path) -> None:
    store = copy_of(in_the_log, tmp_path)
    assert people_of(store) == PEOPLE
    assert [file.name for file in tmp_path.glob("*aside*")] == []


def test_what_nobody_holds_up_is_in_the_file_and_not_in_the_log(tmp_path: Path) -> None:
    store = written(tmp_path, somebody_reads=False)
    Path(f"{store}-wal").unlink()
    assert people_of(store) == PEOPLE


@pytest.mark.parametrize("harm", ["removed", "emptied", "cut", "first bit", "middle bit", "last bit"])
def test_a_log_that_lost_something_is_not_opened_in_silence(in_the_log: Path, tmp_path: Path, harm: str) -> None:
    """It said 'Whole', with 1 to 20 of 60 people gone."""
    store = copy_of(in_the_log, tmp_path)
    log = Path(f"{store}-wal")
    data = bytearray(log.read_bytes())
    if harm == "removed":
        log.unlink()
    elif harm in ("emptied", "cut"):
        log.write_bytes(data[: 0 if harm == "emptied" else len(data) // 2])
    else:
        data[{"first bit": 40, "middle bit": len(data) // 2, "last bit": len(data) - 2000}[harm]] ^= 1
        log.write_bytes(data)
    found = log.read_bytes() if log.exists() else b""
    with pytest.raises(Damaged, match=r"lacks .* confirmed change.*accept-loss"):
        open_records(f"sqlite:///{store}", key=KEY)
    kept = list(tmp_path.glob("*aside*"))
    assert [one.read_bytes() for one in kept] == ([found] if found else []), "the log is kept for whoever can read it"


def test_a_loss_can_be_accepted_and_stands_in_the_audit_trail(in_the_log: Path, tmp_path: Path) -> None:
    store = copy_of(in_the_log, tmp_path)
    log = Path(f"{store}-wal")
    data = bytearray(log.read_bytes())
    data[-2000] ^= 1
    log.write_bytes(data)
    with open_records(f"sqlite:///{store}", key=KEY, accept_loss=True) as records:
        with records.work(records.operator()) as work:
            assert work.people.count() == PEOPLE - 1
            assert work.audit.entries(limit=1)[0].action == "store.loss_accepted"
        assert records.verify() == []
    assert people_of(store) == PEOPLE - 1


def test_an_older_copy_of_the_file_is_found_out(tmp_path: Path) -> None:
    store = tmp_path / "practice.db"
    with open_records(f"sqlite:///{store}", key=KEY) as records:
        owner = fill(records, "Birch").owner
    older = store.read_bytes()
    with open_records(f"sqlite:///{store}", key=KEY) as records, records.work(owner) as work:
        work.people.add(family_name="Later")
    store.write_bytes(older)
    with pytest.raises(Damaged, match="lacks 1 confirmed change"):
        open_records(f"sqlite:///{store}", key=KEY)


@pytest.mark.parametrize("harm", ["removed", "bit", "other"])
def test_the_note_itself_is_not_needed_to_open_the_store(in_the_log: Path, tmp_path: Path, harm: str) -> None:
    store = copy_of(in_the_log, tmp_path)
    note = Path(f"{store}{SUFFIX}")
    data = bytearray(note.read_bytes())
    if harm == "removed":
        note.unlink()
    else:
        data[60] ^= 1
        note.write_bytes(data if harm == "bit" else b"something else\n" * 50)
    assert people_of(store) == PEOPLE
    assert note.stat().st_size == SLOT_BYTES and people_of(store) == PEOPLE


def test_no_flipped_bit_of_log_or_store_goes_unseen(in_the_log: Path, tmp_path: Path) -> None:
    chance = random.Random(4)
    for number in range(24):
        folder = tmp_path / str(number)
        folder.mkdir()
        store = copy_of(in_the_log, folder)
        harmed = Path(f"{store}-wal") if number % 2 else store
        data = bytearray(harmed.read_bytes())
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        harmed.write_bytes(data)
        try:
            with open_records(f"sqlite:///{store}", key=KEY) as records:
                told = records.verify()
                with records.work(records.operator()) as work:
                    assert told or work.people.count() == PEOPLE
        except RecordsError:
            continue
