"""Passwords that are guessed first, and key stores that keep no secret."""

from __future__ import annotations

import keyring
import pytest

from psoas.records import Invalid, KeyNeeded, open_store
from psoas.records.access.tokens import check_password
from psoas.records.access.weak_passwords import is_weak
from psoas.records.errors import WrongKey
from psoas.records.keys import check_passphrase


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "Password2026!", "passwordpassword", "123456789012", "qwertyuiop12", "abcdefghijkl",
        "letmein12345", "Welcome2026!!", "abcabcabcabc", "aaaaaaaaaaab", "1q2w3e4r1q2w3e4r1q2w3e4r", "P@ssw0rd1234",
        "Sommer2026!!!", "praxispraxis1", "admin-admin-admin", "987654321098", "test1234test1234",
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match=r"guessed first|same signs"):
        check_password(password)
    if len(set(password)) > 3:
        with pytest.raises(WrongKey, match="guessed first"):
            check_passphrase(password)


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "four words in a row", "a long enough password", "olive-tram-77-lagoon", "Jx7#qLw9vT2m"],
)
def test_what_is_not_is_taken(password: str) -> None:
    assert not is_weak(password)
    check_password(password)


class PlaintextKeyring(keyring.backend.KeyringBackend):
    """As the one of keyrings.alt."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        raise AssertionError("it was asked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("a key was written in plain text")


def test_a_key_store_in_plain_text_is_not_taken_in_silence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory
) -> None:
    monkeypatch.delenv("PSOAS_PASSPHRASE", raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(PlaintextKeyring())
    try:
        with pytest.raises(KeyNeeded, match="PlaintextKeyring, would keep the key in plain text"):
            open_store(f"{tmp_path}/practice.db", make=True)
    finally:
        keyring.set_keyring(before)
