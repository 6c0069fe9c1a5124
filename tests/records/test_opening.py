"""Where a store is found, and its key."""

from __future__ import annotations

from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from psoas.records import KeyNeeded, Unreachable, WrongKey, open_store, opening
from psoas.records.keys import CODE_PREFIX

from .conftest import KEY


class Drawer(KeyringBackend):
    """A key store in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def _nothing_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PSOAS_PASSPHRASE", raising=False)
    monkeypatch.delenv("PSOAS_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def drawer() -> Drawer:
    """This machine has a key store."""
    made = Drawer()
    keyring.set_keyring(made)
    return made


def test_a_new_store_gets_a_random_key_that_the_system_keeps(drawer: Drawer, tmp_path: Path) -> None:
    made = open_store(make=True)
    assert made.recovery_code is not None and made.recovery_code.startswith(CODE_PREFIX)
    assert made.records.path == tmp_path / "data" / "psoas" / "practice.db"
    made.records.close()
    again = open_store()
    assert again.recovery_code is None and again.records.is_new()
    again.records.close()
    moved = tmp_path / "moved.db"
    assert made.records.path is not None
    made.records.path.rename(moved)
    open_store(str(moved)).records.close()
    drawer.kept.clear()
    with pytest.raises(KeyNeeded, match="key store has none for it; give its passphrase or recovery code"):
        open_store(str(moved))
    open_store(str(moved), passphrase=made.recovery_code).records.close()


def test_without_a_key_store_a_passphrase_is_needed_and_nothing_is_left_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyNeeded, match="no key store that could keep a random key; choose a passphrase"):
        open_store(make=True)
    assert list((tmp_path / "data" / "psoas").iterdir()) == []
    made = open_store(make=True, passphrase=KEY)
    assert made.recovery_code is None
    made.records.close()


def test_a_service_takes_both_from_its_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PSOAS_STORE", str(tmp_path / "service.db"))
    monkeypatch.setenv("PSOAS_PASSPHRASE", KEY)
    open_store(make=True).records.close()
    assert (tmp_path / "service.db").exists()
    monkeypatch.setenv("PSOAS_PASSPHRASE", "another passphrase")
    with pytest.raises(WrongKey):
        open_store()
    open_store(passphrase=KEY).records.close()


def test_a_store_is_made_only_when_it_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"There is no store at .*--store names another"):
        open_store(passphrase=KEY)
    with pytest.raises(WrongKey, match="expected at least 12"):
        open_store(passphrase="short", make=True)
    assert not (tmp_path / "data" / "psoas" / "practice.db").exists()


@pytest.mark.parametrize(
    ("named", "url"),
    [
        ("/srv/practice.db", "sqlite:////srv/practice.db"),
        ("postgresql+psycopg://db/psoas", "postgresql+psycopg://db/psoas"),
        ("sqlite://", "sqlite://"),
    ],
)
def test_a_store_is_named_by_a_file_or_an_address(named: str, url: str) -> None:
    assert opening.store_url(named) == url


def test_a_store_in_memory_needs_nothing() -> None:
    open_store("sqlite://").records.close()
