"""A store that cannot be used: each way has its own exception and a sentence that tells what to do."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from psoas.records import Damaged, Full, Invalid, KeyNeeded, Locked, ReadOnly, Records, Scope, Unreachable, WrongKey
from psoas.records import open_records as open_any
from psoas.records.database import engine
from psoas.records.database.engine import SIDECAR
from psoas.records.keys import new_code

from .conftest import KEY, PASSPHRASE, PASSWORD, fill

PAGE = 4096
NOBODY = 65534
"""A user without any right of its own."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A filled, closed store of a few dozen pages."""
    path = tmp_path / "practice.db"
    with open_records(path) as records:
        practice = fill(records, "Birch")
        with records.work(practice.owner) as work:
            for number in range(200):
                work.people.add(family_name=f"Person {number}", note="x" * 500)
    return path


def open_records(path: Path, key: str | None = KEY) -> Records:
    return open_any(f"sqlite:///{path}", key=key)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "psoas-test", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_nothing_can_be_read_from_the_file(path: Path) -> None:
    stored = b"".join(one.read_bytes() for one in path.parent.iterdir())
    assert not [word for word in (b"SQLite format", b"Berg", b"person", b"Person 17", KEY.encode()) if word in stored]


def test_only_the_owner_of_the_files_may_read_them(path: Path) -> None:
    with open_records(path):
        for one in path.parent.iterdir():
            assert stat.S_IMODE(one.stat().st_mode) == 0o600, one.name


@pytest.mark.parametrize("sidecar", [True, False])
def test_a_wrong_key(tmp_path: Path, sidecar: bool) -> None:
    path = tmp_path / "practice.db"
    open_records(path, PASSPHRASE).close()
    if not sidecar:
        Path(f"{path}{SIDECAR}").unlink()
    for wrong in ("four words in a column", PASSPHRASE.upper(), KEY):
        with pytest.raises(WrongKey, match=r"does not open .*practice\.db.*passphrase or its recovery code"):
            open_records(path, wrong)
    with open_records(path, PASSPHRASE) as records:
        assert records.verify() == []
    assert Path(f"{path}{SIDECAR}").exists()


@pytest.mark.parametrize("key", [None, ""])
def test_no_key(path: Path, key: str | None) -> None:
    with pytest.raises(KeyNeeded, match="encrypted and needs its key"):
        open_records(path, key)


def test_a_passphrase_that_is_too_short_for_a_new_store(tmp_path: Path) -> None:
    with pytest.raises(WrongKey, match="has 6 characters; expected at least 12"):
        open_records(tmp_path / "new.db", "secret")
    assert list(tmp_path.iterdir()) == []


def test_a_recovery_code_opens_however_it_is_typed(tmp_path: Path) -> None:
    code = new_code()
    open_records(tmp_path / "new.db", code).close()
    open_records(tmp_path / "new.db", f"  {code.upper().replace('-', ' ').replace('PSOAS ', 'PSOAS-')} ").close()
    with pytest.raises(WrongKey):
        open_records(tmp_path / "new.db", new_code())


@pytest.mark.parametrize("place", [6, 12, 30, 60])
def test_a_slip_in_the_recovery_code_is_found(place: int) -> None:
    code = new_code()
    while code[place] == "-":
        place += 1
    slipped = code[:place] + ("A" if code[place] != "A" else "B") + code[place + 1 :]
    with pytest.raises(WrongKey, match="incomplete or mistyped"):
        engine.store_key(slipped, b"\0" * 16)


@pytest.mark.parametrize("keep", [0, 10, PAGE // 2, PAGE, 3 * PAGE, -PAGE, -1])
def test_a_file_that_was_cut_short(path: Path, keep: int) -> None:
    os.truncate(path, keep if keep >= 0 else path.stat().st_size + keep)
    with pytest.raises(Damaged, match="restore a backup with `psoas records restore`"):
        open_records(path)


def test_a_file_that_is_gone_is_not_taken_for_a_new_store(path: Path) -> None:
    path.unlink()
    with pytest.raises(Damaged, match="is gone"):
        open_records(path)


def test_the_first_page_is_damaged_and_the_key_is_right(path: Path) -> None:
    _overwrite(path, 1000)
    with pytest.raises(Damaged, match="the key is right"):
        open_records(path)


def test_the_salt_is_damaged(path: Path) -> None:
    _overwrite(path, 3)
    with pytest.raises(Damaged, match="at its beginning"):
        open_records(path)


def test_another_store_copied_over_this_one_opens_with_its_own_key(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    open_records(other, PASSPHRASE).close()
    path.write_bytes(other.read_bytes())
    with pytest.raises(Damaged, match="or is another store than it was"):
        open_records(path, KEY)
    for _ in range(2):
        with open_records(path, PASSPHRASE) as records:
            assert records.is_new()


@pytest.mark.parametrize("place", [0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
def test_damage_to_any_one_page_is_found_at_opening_or_by_verify(path: Path, place: float) -> None:
    _overwrite(path, int(path.stat().st_size / PAGE * place) * PAGE + 100)
    try:
        with open_records(path) as records:
            problems = records.verify()
    except Damaged as err:
        problems = [str(err)]
    assert "restore a backup with `psoas records restore`" in problems[0]


def _overwrite(path: Path, place: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"spilt coffee")


def test_something_else_in_place_of_the_store(tmp_path: Path) -> None:
    plain = tmp_path / "plain.db"
    with sqlite3.connect(plain) as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()
    with pytest.raises(Damaged, match="without encryption"):
        open_records(plain)
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Anna, " * 1000, encoding="utf-8")
    with pytest.raises(WrongKey, match="or it is no Psoas store"):
        open_records(letter)
    assert letter.read_text(encoding="utf-8").startswith("Dear Anna")
    with pytest.raises(Unreachable, match="is a folder"):
        open_records(tmp_path)
    with pytest.raises(Unreachable, match="is not there; make it"):
        open_records(tmp_path / "nowhere" / "practice.db")


@pytest.mark.parametrize("url", ["practice.db", "mysql://host/name", "oracle://x"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(Invalid, match=r"expected sqlite:///file\.db or postgresql"):
        open_any(url, key=KEY)


def test_a_server_that_does_not_answer() -> None:
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1/nothing does not answer.*check that the server runs"):
        open_any("postgresql+psycopg://nobody@127.0.0.1:9/nothing", key=KEY)


def test_a_store_that_another_program_writes_for_too_long(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    with open_records(path) as other, open_records(path) as records, other._writing():
        with pytest.raises(Locked, match="locked by another program; close it, or wait"):
            records.add_practice(practice="Elm", name="Otto", login="otto", password=PASSWORD)
        assert not records.is_new(), "reading goes on"
    with open_records(path) as records:
        assert records.verify() == []


def test_a_store_that_another_program_keeps_for_itself(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    with open_records(path) as other, other._database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA locking_mode = EXCLUSIVE")
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        with pytest.raises(Locked):
            open_records(path)


def test_a_full_disk_changes_nothing(path: Path) -> None:
    with open_records(path) as records:
        owner = records.sign_in("olga@Birch", PASSWORD, address="here")
        assert owner is not None
        with records._database.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
        until_full(records, owner.scope, match=r"nothing was changed\. Free some space")


def until_full(records: Records, scope: Scope, match: str | None = None) -> None:
    """Every person confirmed before the disk was full is there, and the records are whole."""
    added = 0
    with pytest.raises(Full, match=match):
        while added < 1000:
            with records.work(scope) as work:
                work.people.add(family_name="More", note="y" * 4000)
            added += 1
    with records.work(scope) as work:
        assert work.people.count("more") == added
    assert records.verify() == []


def test_a_disk_that_is_really_full(small_disk: Path) -> None:
    path = small_disk / "practice.db"
    with open_records(path) as records:
        practice = fill(records, "Birch")
        until_full(records, practice.owner)
    with open_records(path) as records:
        assert records.verify() == []


def test_a_disk_that_cannot_be_written(small_disk: Path) -> None:
    path = small_disk / "practice.db"
    open_records(path).close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(ReadOnly, match="cannot be"):
        open_records(path)
    with pytest.raises(ReadOnly, match="cannot be"):
        open_records(small_disk / "other.db")


@contextmanager
def as_anybody() -> Iterator[None]:
    """Without root's right to write anywhere; as before for everybody else."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_a_folder_without_the_right_to_write(path: Path) -> None:
    open_records(path).close()  # everything is loaded, which nobody might not be allowed to read
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        try:
            with as_anybody(), pytest.raises(ReadOnly, match="give yourself the right"):
                open_records(folder / "practice.db")
            assert not list(folder.iterdir())
        finally:
            folder.chmod(0o700)
