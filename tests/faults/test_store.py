"""A store is where it was said to be, two first starts make one, and a passphrase opens it however it is typed."""

from __future__ import annotations

import multiprocessing
import unicodedata
from pathlib import Path

import pytest

from psoas.records.address import file_of, store_url
from psoas.records.database.engine import open_database
from psoas.records.errors import WrongKey
from psoas.records.opening import open_store

WORDS = "vier grüne Wörter hier"


@pytest.mark.parametrize("name", ["what?", "a%2Fb", "a#b", "a b", "ü", "50%", "a+b", "a&b=c"])
def test_the_store_is_where_it_was_said_to_be(name: str, tmp_path: Path) -> None:
    wanted = tmp_path / name / "practice.db"
    assert file_of(store_url(str(wanted))) == wanted
    open_store(str(wanted), passphrase=WORDS, make=True).records.close()
    assert wanted.stat().st_size > 0
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(("closed", "opened"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFD", "NFD")])
def test_a_passphrase_opens_however_it_is_typed(closed: str, opened: str, tmp_path: Path) -> None:
    store = str(tmp_path / "practice.db")
    open_store(store, passphrase=unicodedata.normalize(closed, WORDS), make=True).records.close()  # type: ignore[arg-type]
    open_store(store, passphrase=unicodedata.normalize(opened, WORDS)).records.close()  # type: ignore[arg-type]
    with pytest.raises(WrongKey):
        open_store(store, passphrase="four green words here")


def _first_start(store: str, start: object, answers: object) -> None:
    start.wait()  # type: ignore[attr-defined]
    try:
        open_store(store, passphrase=WORDS, make=True).records.close()
        answers.put("")  # type: ignore[attr-defined]
    except Exception as err:
        answers.put(str(err))  # type: ignore[attr-defined]


def test_two_first_starts_make_one_store(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Event(), spawn.Queue()
    store = str(tmp_path / "practice.db")
    both = [spawn.Process(target=_first_start, args=(store, start, answers)) for _ in range(3)]
    for one in both:
        one.start()
    start.set()
    assert [answers.get(timeout=120) for _ in both] == ["", "", ""]
    for one in both:
        one.join()
    open_store(store, passphrase=WORDS).records.close()
    assert not list(tmp_path.glob(".*.first"))


def test_the_database_behind_an_address_is_the_file(tmp_path: Path) -> None:
    database = open_database(store_url(str(tmp_path / "a?b.db")), WORDS)
    database.close()
    assert database.path == tmp_path / "a?b.db"
